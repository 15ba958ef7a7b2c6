"""The queue of a viewer: what waits for them over all services, in one order, read in a constant number of statements.

One statement finds the first rows of all sources and their numbers; one for each kind that is shown reads its rows with
what the viewer may do to them. Both walls stand over every part, as over any list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Model, TextChoices, Value
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.core.localtime import local_date, today
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.programme.models import DepartmentNote
from backend.reminders.models import Reminder
from backend.submissions.models import Submission
from permissions.core import scope
from permissions.queue.sources import SOURCES, Source, is_pressing

COUNTED = 1000
"""Up to which a source is counted."""
MOST = 100
"""How many rows an answer holds at most; the rest is on the lists."""


class Filter(TextChoices):
    """A part of the queue that is no source."""

    URGENT = "URGENT", _("Urgent")
    LATE = "LATE", _("Over its day")
    TODAY = "TODAY", _("Due today")


@dataclass(frozen=True)
class Count:
    """How much waits: all of it, and what of it presses. `is_more`: it was counted no further."""

    all: int = 0
    urgent: int = 0
    late: int = 0
    today: int = 0

    @property
    def is_more(self) -> bool:
        return self.all > COUNTED

    def __add__(self, other: Count) -> Count:
        return Count(
            self.all + other.all,
            self.urgent + other.urgent,
            self.late + other.late,
            self.today + other.today,
        )

    def of(self, part: Filter) -> int:
        return {Filter.URGENT: self.urgent, Filter.LATE: self.late, Filter.TODAY: self.today}[part]


@dataclass(frozen=True)
class Item:
    """One row of the queue, with the reason of its place and the one verb that usually comes next."""

    source: Source
    row: Model
    is_pressing: bool
    due_on: dt.date
    since: dt.datetime
    verb: TextChoices | None

    @property
    def key(self) -> UUID:
        return self.row.key  # type: ignore[attr-defined]

    @property
    def reference(self) -> str:
        return str(getattr(self.row, "reference", ""))

    @property
    def title(self) -> str:
        return _title(self.row)

    @property
    def danger(self) -> str:
        """The danger that proposes urgency, while nobody has decided."""
        return str(getattr(self.row, "danger", ""))

    @property
    def days_left(self) -> int:
        return (self.due_on - today()).days

    @property
    def days_waited(self) -> int:
        return max((today() - local_date(self.since)).days, 0)


@dataclass
class Queue:
    """The first rows, and how many there are of each source that has any."""

    items: list[Item] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        return sum(self.counts.values(), Count())


def next_up(
    first: int, *, purpose: str, source: str = "", part: Filter | None = None, offset: int = 0
) -> Queue:
    """The queue of the viewer: what is urgent, then by its day, then by its age; numbers are those of the whole.

    `source` and `part` narrow the rows. Applicants whose words are shown are written to the read log with `purpose`.
    """
    asked = [(place, one) for place, one in enumerate(SOURCES)]
    parts = [(place, sql, values) for place, one in asked for sql, values in _statement(place, one)]
    if not parts:
        return Queue()
    queue = Queue(counts=_counts(parts))
    shown = [part for part in parts if not source or SOURCES[part[0]].name == source]
    if shown and queue.counts:
        queue.items = _items(_heads(shown, part, min(first, MOST), offset))
        _note(queue.items, purpose)
    return queue


def _statement(place: int, source: Source) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """The first rows of a source in its order; nothing where the viewer has none of its kind."""
    rows = source.rows(scope.current_viewer())
    if rows is None:
        return
    facts = rows.order_by().values_list(
        Value(place), F("pk"), is_pressing(source), source.due, F(source.since)
    )
    ordered = facts.order_by(*_order(source))[: COUNTED + 1]
    try:
        sql, values = ordered.query.sql_with_params()
    except EmptyResultSet:
        return
    yield sql, tuple(values)


def _order(source: Source) -> list[Any]:
    """Along an index where there is one."""
    if source.model is Complaint and source.due == F("target_on"):
        return ["rises_on", "pk"]
    return [is_pressing(source).desc(), source.due.asc(), "pk"]


_COLUMNS = "heads (source, pk, is_pressing, due_on, since)"
Part = tuple[int, str, tuple[Any, ...]]


def _union(parts: list[Part]) -> tuple[str, list[Any]]:
    return " UNION ALL ".join(f"({sql})" for _place, sql, _values in parts), [
        value for _place, _sql, values in parts for value in values
    ]


def _counts(parts: list[Part]) -> dict[str, Count]:
    union, values = _union(parts)
    statement = f"""
        SELECT source, count(*), count(*) FILTER (WHERE is_pressing), count(*) FILTER (WHERE due_on < %s),
               count(*) FILTER (WHERE due_on = %s)
          FROM ({union}) AS {_COLUMNS} GROUP BY source ORDER BY source
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [today(), today(), *values])
        return {SOURCES[place].name: Count(*numbers) for place, *numbers in cursor.fetchall()}


_NARROW = {Filter.URGENT: "is_pressing", Filter.LATE: "due_on < %s", Filter.TODAY: "due_on = %s"}


def _heads(parts: list[Part], part: Filter | None, count: int, offset: int) -> list[tuple[Any, ...]]:
    union, values = _union(parts)
    where, more = ("true", []) if part is None else (_NARROW[part], [today()] * _NARROW[part].count("%s"))
    statement = f"""
        SELECT * FROM ({union}) AS {_COLUMNS} WHERE {where}
         ORDER BY is_pressing DESC, due_on, since, source, pk LIMIT %s OFFSET %s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *more, count, max(offset, 0)])
        return cursor.fetchall()


# -- the rows themselves, each kind in one statement ---------------------------------------------------------
_RELATED: dict[type[Model], tuple[str, ...]] = {
    Complaint: ("neighbourhood", "responsible_department"),
    AppointmentRequest: ("principal", "entry"),
    Instruction: ("department", "principal"),
    Invitation: ("principal",),
    DepartmentNote: ("principal",),
    Reminder: ("complaint",),
}
_LEFT_OUT: dict[type[Model], tuple[str, ...]] = {
    Complaint: ("body", "words"),
    Letter: ("body", "words"),
    AppointmentRequest: ("body", "words"),
}


def _items(heads: list[tuple[Any, ...]]) -> list[Item]:
    wanted: dict[type[Model], set[int]] = {}
    for place, pk, *_facts in heads:
        wanted.setdefault(SOURCES[place].model, set()).add(pk)
    rows = {model: _rows(model, keys) for model, keys in wanted.items()}
    items = []
    for place, pk, pressing, due_on, since in heads:
        source = SOURCES[place]
        if (row := rows[source.model].get(pk)) is None:
            continue  # it left the viewer's sight between the two statements
        items.append(Item(source, row, pressing, due_on, since, _next_verb(source, row)))
    return items


def _rows(model: type[Model], keys: set[int]) -> dict[int, Any]:
    rows: Any = scope.visible(model).filter(pk__in=keys)
    if related := _RELATED.get(model):
        rows = rows.select_related(*related)
    if left_out := _LEFT_OUT.get(model):
        rows = rows.defer(*left_out)
    return {row.pk: row for row in scope.with_relations(rows)}


def _next_verb(source: Source, row: Model) -> TextChoices | None:
    """The first of the source's verbs that permission and state allow; a proposal of urgency is decided before."""
    able = scope.allowed_actions(row)
    proposed = (Verb.MARK_URGENT,) if source.pressing is not None and bool(getattr(row, "danger", "")) else ()
    return next((verb for verb in (*proposed, *source.verbs) if verb in able), None)


def _title(row: Any) -> str:
    match row:
        case Promise():
            return str(row.text)
        case DepartmentNote():
            return str(row.question)
        case Reminder():
            return " · ".join(filter(None, [row.note, row.complaint.subject]))
        case Invitation():
            return f"{row.title} · {row.host}"
        case Letter() | Submission():
            return str(row.subject or row.get_kind_display())
    return str(row.subject)


def _note(items: list[Item], purpose: str) -> None:
    """Write applicants whose words are shown to the read log."""
    asked = {item.row.request_id for item in items if isinstance(item.row, Promise) and item.row.request_id}
    people = {
        item.row.applicant_id
        for item in items
        if isinstance(item.row, AppointmentRequest) and item.row.applicant_id and not item.row.organisation
    }
    if asked:
        rows = scope.visible(AppointmentRequest).filter(pk__in=asked, organisation="")
        people |= set(rows.exclude(applicant=None).values_list("applicant", flat=True))
    scope.log_access([pk for pk in people if pk is not None], purpose)
