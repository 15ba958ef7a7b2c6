"""The queue of a viewer: what waits for them over all services, in one order, read in a constant number of statements.

One statement finds the first rows of all sources and their numbers; one for each kind that is shown reads its rows with
what the viewer may do to them. Both walls stand over every part, as over any list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Model, QuerySet, TextChoices, Value

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint, ComplaintQuerySet
from backend.complaints.moves import Verb
from backend.core.localtime import local_date, today
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.mailboxes.models import InboundMessage
from backend.organization.models import User
from backend.programme.models import DepartmentNote
from backend.reminders.models import Reminder
from backend.submissions.models import Submission
from permissions.core import scope
from permissions.plans import querysets as plans
from permissions.plans.querysets import Writing
from permissions.queue.kinds import RANKS, Filter, Whose
from permissions.queue.sources import SOURCES, Source, by_person, urgency
from permissions.queue.sources import whose as whose_of

COUNTED = 1000
"""Up to which a source is counted."""
MOST = 100
"""How many rows an answer holds at most; the rest is on the lists."""


@dataclass(frozen=True)
class Count:
    """How much waits: all of it, what of it presses, and whose it is. `is_more`: it was counted no further."""

    all: int = 0
    urgent: int = 0
    late: int = 0
    today: int = 0
    mine: int = 0
    nobody: int = 0
    unit: int = 0

    @property
    def is_more(self) -> bool:
        return self.all > COUNTED

    def __add__(self, other: Count) -> Count:
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Count(*(mine + theirs for mine, theirs in pairs))

    def of(self, part: Filter | Whose) -> int:
        """The number of one part of it."""
        return int(getattr(self, part.value.lower()))


@dataclass(frozen=True)
class Item:
    """One row of the queue, with the reason of its place and the one verb that usually comes next."""

    source: Source
    row: Model
    is_pressing: bool
    whose: Whose | None
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
        """The danger that proposes urgency, until it is decided."""
        return str(getattr(self.row, "danger", ""))

    @property
    def person(self) -> User | None:
        """Who in the unit is responsible for it, if any is."""
        found: User | None = getattr(self.row, self.source.person, None) if self.source.person else None
        return found

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
    first: int,
    *,
    purpose: str,
    source: str = "",
    part: Filter | None = None,
    whose: Whose | None = None,
    offset: int = 0,
) -> Queue:
    """The queue of the viewer: undecided danger, what is urgent, what is the viewer's own before what has no
    responsible person and what others have, then by its day, then by its age; numbers are those of the whole.

    `source`, `part` and `whose` narrow the rows. Applicants whose words are shown are written to the read log with
    `purpose`.
    """
    shown = [place for place, one in enumerate(SOURCES) if not source or one.name == source]
    counts, heads = _read(shown, part, whose, min(first, MOST), max(offset, 0))
    queue = Queue(_items(heads), counts)
    _note(queue.items, purpose)
    return queue


def _heads() -> Iterable[QuerySet[Any]]:
    """The first rows of each source in its order; nothing where the viewer has none of its kind."""
    for place, source in enumerate(SOURCES):
        yield from _heads_of(place, source)


def _heads_of(place: int, source: Source) -> Iterable[QuerySet[Any]]:
    viewer = scope.current_viewer()
    rows = source.rows(viewer)
    order = _order(source)
    parts = [] if rows is None else by_person(source, rows, viewer)
    if viewer.sees_all and not source.person:
        parts = [one for part in parts for one in _by_status(part)]
    for part in parts:
        facts = part.order_by().values_list(
            Value(place), F("pk"), urgency(source), whose_of(source, viewer), source.due, F(source.since)
        )
        yield facts.order_by(*order)[: COUNTED + 1]


def _by_status(rows: QuerySet[Any]) -> Sequence[QuerySet[Any]]:
    """In parts of one status each, where cases stand in several: for who sees all, an index has them in order."""
    return rows.by_status() if isinstance(rows, ComplaintQuerySet) else [rows]


ALONG = ["rises_on", "pk"]
"""The order of work, in which cases lie in an index: all of them, those of a department, the open ones of a status."""


def _order(source: Source) -> list[Any]:
    """Along an index where there is one: of more cases than are counted, those that come first in the order of work."""
    if source.model is Complaint:
        return ALONG
    return [urgency(source).asc(), source.due.asc(), "pk"]


Head = tuple[int, int, int, int | None, dt.date, dt.datetime]
"""Of a row: place of its source, its key, urgency, whose it is, its day, since when."""
_NARROW = {Filter.URGENT: "urgency < 2", Filter.LATE: "due_on < %s", Filter.TODAY: "due_on = %s"}


def _read(
    shown: list[int], part: Filter | None, whose: Whose | None, count: int, offset: int
) -> tuple[dict[str, Count], list[Head]]:
    """The numbers of all sources and the first rows of some, in one statement: the parts are planned and read once."""
    found = plans.fetch("queue", _write, shown, part, whose, count, offset)
    ((counted, heads),) = found or [(None, None)]
    counts = {SOURCES[place].name: Count(*numbers) for place, *numbers in counted or ()}
    return counts, [
        (*facts, dt.date.fromisoformat(due_on), dt.datetime.fromisoformat(since))
        for *facts, due_on, since in heads or ()
    ]


def _write(
    writing: Writing, shown: list[int], part: Filter | None, whose: Whose | None, count: int, offset: int
) -> str:
    """Write the statement; "" for a viewer for whom nothing can wait."""
    parts = []
    for rows in _heads():
        with suppress(EmptyResultSet):
            parts.append(f"({writing.write(*rows.query.sql_with_params())})")
    if not parts:
        return ""
    late = writing.write("count(*) FILTER (WHERE due_on < %s)", [today()])
    due = writing.write("count(*) FILTER (WHERE due_on = %s)", [today()])
    of_sources = writing.write("source = ANY(%s)", [shown])
    where = "true" if part is None else _NARROW[part]
    narrowed = writing.write(where, [today()] * where.count("%s"))
    owned = "true" if whose is None else writing.write("whose = %s", [RANKS[whose]])
    page = writing.write("LIMIT %s OFFSET %s", [count, offset])
    return f"""
        WITH heads (source, pk, urgency, whose, due_on, since) AS MATERIALIZED ({" UNION ALL ".join(parts)}),
             counted AS (
                 SELECT source, count(*) AS n, count(*) FILTER (WHERE urgency < 2) AS urgent,
                        {late} AS late, {due} AS today,
                        count(*) FILTER (WHERE whose = 0) AS mine, count(*) FILTER (WHERE whose = 1) AS free,
                        count(*) FILTER (WHERE whose = 2) AS unit
                   FROM heads GROUP BY source
             ),
             shown AS (
                 SELECT * FROM heads WHERE {of_sources} AND {narrowed} AND {owned}
                  ORDER BY urgency, coalesce(whose, 0), due_on, since, source, pk {page}
             )
        SELECT (SELECT json_agg(json_build_array(source, n, urgent, late, today, mine, free, unit) ORDER BY source)
                  FROM counted),
               (SELECT json_agg(json_build_array(source, pk, urgency, whose, due_on, since)
                                ORDER BY urgency, coalesce(whose, 0), due_on, since, source, pk)
                  FROM shown)
    """


# -- the rows themselves, each kind in one statement ---------------------------------------------------------
_RELATED: dict[type[Model], tuple[str, ...]] = {
    Complaint: ("neighbourhood", "responsible_department", "assignee"),
    AppointmentRequest: ("principal", "entry"),
    Instruction: ("department", "principal", "person"),
    Invitation: ("principal",),
    DepartmentNote: ("principal",),
    Reminder: ("complaint",),
}
_LEFT_OUT: dict[type[Model], tuple[str, ...]] = {
    Complaint: ("body", "words"),
    Letter: ("body", "words"),
    AppointmentRequest: ("body", "words"),
    InboundMessage: ("text", "html", "words"),
}


_BY_RANK = {rank: whose for whose, rank in RANKS.items()}


def _items(heads: list[Head]) -> list[Item]:
    wanted: dict[type[Model], set[int]] = {}
    for place, pk, *_facts in heads:
        wanted.setdefault(SOURCES[place].model, set()).add(pk)
    rows = {model: _rows(model, keys) for model, keys in wanted.items()}
    items = []
    for place, pk, rank, owner, due_on, since in heads:
        source = SOURCES[place]
        if (row := rows[source.model].get(pk)) is None:
            continue  # it left the viewer's sight between the two statements
        whose = None if owner is None else _BY_RANK[owner]
        items.append(Item(source, row, rank < 2, whose, due_on, since, _next_verb(source, row)))
    return items


def _rows(model: type[Model], keys: set[int]) -> dict[int, Any]:
    found = plans.rows(f"queue: {model._meta.label}", partial(_of_kind, model), plans.padded(keys))
    return {row.pk: row for row in found}


def _of_kind(model: type[Model], keys: list[int]) -> QuerySet[Any]:
    rows: Any = scope.visible(model).filter(pk__in=keys)
    if related := _RELATED.get(model):
        rows = rows.select_related(*related)
    if left_out := _LEFT_OUT.get(model):
        rows = rows.defer(*left_out)
    if model is InboundMessage:
        rows = rows.with_purpose()
    found: QuerySet[Any] = scope.with_relations(rows)
    return found


def _next_verb(source: Source, row: Model) -> TextChoices | None:
    """The first of the source's verbs that permission and state allow; a proposal of urgency is decided before."""
    able = scope.allowed_actions(row)
    proposed = (Verb.MARK_URGENT,) if source.pressing is not None and bool(getattr(row, "danger", "")) else ()
    usual = (source.usual(row),) if source.usual is not None else ()
    return next((verb for verb in (*proposed, *usual, *source.verbs) if verb in able), None)


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
        case InboundMessage():
            return str(row.subject or row.from_name or row.from_address)
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
