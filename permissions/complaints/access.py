"""What only cases need besides the scope of every row: search, first pages, counts, and registering.

A list of cases is read along the ways that one index each serves (`paths`); the rule stands over what they find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import F, Model, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.actions.registering import already_registered
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.law.periods import Period
from backend.complaints.models import (
    Complaint,
    ComplaintLine,
    ComplaintQuerySet,
    Extension,
    FeeNotice,
    Forwarding,
    ReportCell,
    ReportChange,
    ReportFact,
)
from backend.complaints.reporting import keeping
from backend.complaints.reporting.reports import COLUMNS, Report, alive, report
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, prepared
from backend.core.words.text import prefix_query
from backend.organization.models import HolidayCorrection
from permissions.complaints import rules
from permissions.complaints.paths import ALL_ROWS
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING
from permissions.core.keyset import KeysetPosition
from permissions.core.matching import by_row, cases, look_up, matching, scan_index
from permissions.core.viewer import Viewer, current
from permissions.models import ComplaintGrant
from permissions.plans import querysets as plans


def search(queryset: QuerySet[Complaint], text: str) -> QuerySet[Complaint]:
    """Narrow to the cases that match `text`, as `Complaint.objects.search` does, at the cost of the matches;
    with `first_page`, of a page.

    Not a door by itself: put `visible` or `first_page` over it.
    """
    if (one := cases(queryset).numbered(text)) is not None:
        return one
    query = prefix_query(text)
    if query is None:
        return queryset.none()
    return matching(queryset, query, sees_all=current.get().sees_all)


def first_page(
    queryset: QuerySet[Complaint], order: Iterable[str], count: int, beyond: KeysetPosition | None = None
) -> QuerySet[Complaint]:
    """The first `count` visible complaints in `order` behind a position, merged from the first of each path."""
    viewer, order, rows = current.get(), list(order), cases(queryset)
    words, behind = rows.words, ALL_ROWS.along(rows, beyond)
    ways = [ALL_ROWS] if viewer.sees_all else rules.access_paths(viewer)
    is_along = (
        order[0].lstrip("-") == "rises_on"
    )  # each status lies in this order in an index, and in no other
    is_split = is_along and words is None and viewer.sees_all and not rows.is_search
    parts = behind.by_status() if is_split else []
    if len(parts) < 2 and (not ways or (words is None and (viewer.sees_all or rows.is_search))):
        return scope.visible(behind, viewer).order_by(*order)[:count]
    branches = [_firsts(part, order, count) for part in parts]
    for path in [] if parts else ways:
        along = path.along(rows, beyond)
        theirs = along if words is None else scan_index(along, words)
        branches.append(_firsts(theirs, path.order(order), count))
    if words is not None:
        branches.append(_firsts(look_up(behind, words), order, count))
        rows = by_row(rows)
    result = _merged(branches, order)[:count]
    return scope.visible(rows, viewer).filter(pk__in=Keys(result)).order_by(*order)[:count]


def _firsts(rows: QuerySet[Complaint], order: list[str], count: int) -> QuerySet[Any]:
    """The first keys of these rows with their order columns, under names shared by all paths."""
    places = {f"place{i}": F(name.removeprefix("-")) for i, name in enumerate(order)}
    return rows.order_by(*order).values(first=F("pk"), **places)[:count]


def _merged(branches: list[QuerySet[Any]], order: list[str]) -> QuerySet[Any]:
    """Merge the branches without duplicates, which would be read only to be dropped from the page."""
    filled = [branch for branch in branches if not branch.query.is_empty()]
    if len(filled) < 2:
        return [*filled, *branches][0]
    signs = ("-" if name.startswith("-") else "" for name in order)
    return filled[0].union(*filled[1:]).order_by(*(f"{sign}place{i}" for i, sign in enumerate(signs)))


_AROUND: dict[str, tuple[type[Model], str]] = {
    "extension": (Extension, "complaint_id"),
    "fees": (FeeNotice, "complaint_id"),
    "forwardings": (Forwarding, "complaint_id"),
    "came_of": (AppointmentRequest, "complaint_id"),
    "linked": (Complaint, "linked_to_id"),
    "parts": (Complaint, "split_from_id"),
    "shares": (ComplaintGrant, "content_object_id"),
}


def around(complaint: Complaint) -> frozenset[str]:
    """Which kinds of rows a case has at all, of those that few have, so that its page asks for no others.

    Not a door: what there is, is read through the scope. One statement that the server keeps.
    """
    some = (
        f"EXISTS (SELECT FROM {model._meta.db_table} WHERE {column} = $1)"
        for model, column in _AROUND.values()
    )
    with prepared(f"SELECT {', '.join(some)}", [complaint.pk]) as cursor:
        found = cursor.fetchone() or ()
    return frozenset(name for name, is_there in zip(_AROUND, found, strict=True) if is_there)


class Keys(Subquery):
    """The keys of rows of which a query says the key and, after it, what they are ordered by."""

    template = "(SELECT firsts.first FROM (%(subquery)s) firsts)"


MOST_ELSEWHERE = 1000


def elsewhere() -> list[int]:
    """The open cases that the viewer sees though none of their departments is responsible, for `some_of`: few."""
    if current.get().sees_all:
        return []
    return [key for (key,) in plans.fetch("complaints elsewhere", _write_elsewhere)]


def _write_elsewhere(writing: plans.Writing) -> str:
    viewer = current.get()
    mine = Q(responsible_department__in=list(viewer.departments))
    parts = _elsewhere(Complaint.objects.open(), viewer, mine, ())
    if not parts:
        return ""
    rows = parts[0].union(*parts[1:])[:MOST_ELSEWHERE]
    with suppress(EmptyResultSet):
        return writing.write(*rows.query.sql_with_params())
    return ""


def some_of(rows: ComplaintQuerySet, count: int, elsewhere: list[int]) -> list[ComplaintQuerySet]:
    """At most `count` visible open ones of each of two disjoint parts of these cases, in no order: to count them to a
    bound. Each is found along one index and ends with the bound.
    """
    viewer = current.get()
    rows = rows.order_by()
    if viewer.sees_all:
        return [scope.visible(rows, viewer)[:count]]
    mine = Q(responsible_department__in=list(viewer.departments))
    parts = [scope.visible(rows.filter(mine), viewer)[:count]] if viewer.departments else []
    if elsewhere:
        parts.append(scope.visible(rows.filter(pk__in=elsewhere), viewer).exclude(mine)[:count])
    return parts


def countable(queryset: QuerySet[Complaint], *columns: str) -> QuerySet[Any]:
    """The keys of all visible rows, unordered, with these columns: disjoint parts, which indexes can count."""
    viewer = current.get()
    rows = cases(queryset)
    if viewer.sees_all or rows.is_search or rows.words:
        return scope.visible(queryset, viewer).values("pk", *columns)
    mine = Q(responsible_department__in=list(viewer.departments))
    own = scope.visible(rows.filter(mine), viewer).values("pk", *columns)
    rest = countable_elsewhere(rows, *columns)
    return own if rest is None else own.union(rest, all=True)


def countable_elsewhere(rows: ComplaintQuerySet, *columns: str) -> QuerySet[Any] | None:
    """Those of `countable` for which no department of the viewer is responsible; None: there is no way to any."""
    viewer = current.get()
    mine = Q(responsible_department__in=list(viewer.departments))
    rest = [] if viewer.sees_all else _elsewhere(rows, viewer, mine, columns)
    return rest[0].union(*rest[1:]) if rest else None


def _elsewhere(
    rows: ComplaintQuerySet, viewer: Viewer, mine: Q, columns: Iterable[str]
) -> list[QuerySet[Any]]:
    """What the viewer sees though none of their departments is responsible, in disjoint parts."""
    return [
        scope.visible(path.along(rows), viewer).exclude(mine).values("pk", *columns)
        for path in rules.other_paths(viewer)
    ]


def reported(rows: ComplaintQuerySet, period: Period, of: list[int | None] | None = None) -> Report:
    """The figures of the visible ones of these cases: all of them, or those for which one of the departments `of` (None
    among them: no department) is responsible. Adds up the sums that are kept and reads what changed since; rows that
    are narrowed in another way are for `counted`.
    """
    viewer = current.get()
    own = _summed_of(of)
    changes = scope.visible(ReportChange.objects.filter(own), viewer)
    facts = scope.visible(ReportFact.objects.filter(own), viewer)
    cells = scope.visible(ReportCell.objects.filter(own, is_whole=own == EVERYTHING), viewer)
    kept = keeping.sums(changes, facts, cells)
    if kept is None:
        return counted(rows, period)
    cases = scope.visible(keeping.changed(rows, changes), viewer)
    if viewer.sees_all:
        return report(cases.values("pk", *COLUMNS), period, kept)
    mine = Q(responsible_department__in=list(viewer.departments))
    along = cases.filter(mine).values("pk", *COLUMNS)
    rest = _elsewhere(alive(rows, period), viewer, mine, COLUMNS)
    return report(along.union(*rest, all=True) if rest else along, period, kept)


SUMS_ARE_MADE = _(
    "Many applications were changed at once, and their sums are being made. Try again in some minutes."
)


class Wait(Enum):
    """What figures wait for: many cases are counted one by one, some seconds, after a large import while the sums are
    made, or narrowed by more than a department; or so many that a statement has not the time: the sums are waited for.
    """

    COUNTED, SUMMED = "counted", "summed"


def wait_for(
    rows: ComplaintQuerySet, period: Period, of: list[int | None] | None, *, is_kept: bool
) -> Wait | None:
    """What the figures of these cases wait for; None where they come at once. `is_kept`: they are for `reported`."""
    if is_kept and _are_summed(of):
        return None
    if not _are_many(rows, period):
        return None
    return Wait.SUMMED if is_kept and not _are_summed(of, keeping.MOST_COUNTED) else Wait.COUNTED


def _are_summed(of: list[int | None] | None = None, most: int | None = None) -> bool:
    """Whether `reported` has sums to add up: not too much changed since. `most`: whether no more did."""
    return keeping.is_summed(scope.visible(ReportChange.objects.filter(_summed_of(of))), most)


def _are_many(rows: ComplaintQuerySet, period: Period) -> bool:
    """Whether `counted` would read so many cases that a page comes before its figures."""
    return bool(countable(alive(rows, period))[keeping.MOST_CHANGES : keeping.MOST_CHANGES + 1])


def _summed_of(of: list[int | None] | None) -> Q:
    """Whose sums they are: the whole house's, or those of the viewer's departments among `of`."""
    viewer = current.get()
    if viewer.sees_all:
        return EVERYTHING if of is None else _of_departments(of)
    return _of_departments([one for one in viewer.departments if of is None or one in of])


def _of_departments(of: list[int | None]) -> Q:
    return Q(department__in=[one for one in of if one is not None]) | (
        Q(department=None) if None in of else NOTHING
    )


def counted(rows: ComplaintQuerySet, period: Period) -> Report:
    """The figures of the visible ones of these cases, each of which is read."""
    return report(countable(alive(rows, period), *COLUMNS), period)


MOST_CHANGED = 100
"""So many of the cases that a correction moved are shown."""


def changed_cases(correction: HolidayCorrection) -> list[tuple[Complaint, dict[str, list[str | None]]]]:
    """The visible cases that a correction of a holiday moved, each with its old and new dates; the first hundred."""
    rows = scope.visible(Complaint.objects.filter(pk__in=correction.recomputed)).order_by("target_on", "pk")
    seen = list(rows[:MOST_CHANGED])
    lines = ComplaintLine.objects.filter(
        complaint__in=seen, verb=EventType.RECOMPUTED, details__calendar_version=correction.version
    )
    dates = {line.complaint_id: line.details["dates"] for line in lines}
    return [(one, dates.get(one.pk, {})) for one in seen]


def refuse_known_cimer_number(number: str, *, channel: str, regime: str) -> None:
    """DUPLICATE, naming the case, if the viewer sees one with this CİMER number.

    A hidden one is not disclosed to them: their record carries the same number, and the office sees both.
    """
    if number and THROUGH_CIMER(channel=channel, regime=regime):
        rows = scope.visible(Complaint.objects.with_cimer_number(number)).order_by("pk")
        if (known := rows.values_list("reference", flat=True).first()) is not None:
            raise already_registered(known)


@contextmanager
def authorized_to_register() -> Iterator[Viewer]:
    """Run the block that records a new case, if the viewer is a member of staff."""
    viewer = scope.require_viewer()
    if not rules.may_register(viewer):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    with elevated():
        yield viewer
