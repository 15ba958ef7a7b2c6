"""Import of the events of an .ics file into a programme: preview, then for good.

An event is identified by its UID (in a series with the day of the occurrence). An unchanged file changes nothing; a
higher SEQUENCE moves, corrects or cancels. Collisions, private and free times are left out and reported.
"""

from __future__ import annotations

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from backend.calendars.reading import Outside, read
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, clock_text, moment_text, today
from backend.core.session import without_timeout
from backend.core.validation import choice
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.actions.planning import LONGEST
from backend.programme.actions.step import the_table_refuses_overlaps
from backend.programme.choices import IN_OFFICE_HOURS, LIVE, Kind, Status
from backend.programme.models import Entry, EntryLine, Principal
from backend.programme.slots import Span, Time
from backend.programme.story import EventType

AHEAD = dt.timedelta(days=366)
BATCH = 500


class Verdict(models.TextChoices):
    """What becomes of an event of the file."""

    NEW = "NEW", _("will be entered")
    CHANGED = "CHANGED", _("will be changed")
    CANCELLED = "CANCELLED", _("will be cancelled")
    KNOWN = "KNOWN", _("is there already")
    TAKEN = "TAKEN", _("the time is taken")
    LEFT_OUT = "LEFT_OUT", _("is left out")


@dataclass
class Row:
    event: Outside
    verdict: Verdict
    note: str = ""
    entry: Entry | None = None


@dataclass
class Report:
    rows: list[Row]
    unreadable: int = 0
    written: bool = False

    def counts(self) -> list[tuple[Verdict, int]]:
        result = Counter(row.verdict for row in self.rows)
        return [(verdict, result[verdict]) for verdict in Verdict if result[verdict]]

    @property
    def to_do(self) -> int:
        return sum(row.verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.CANCELLED) for row in self.rows)


@transaction.atomic
def bring_in(principal: Principal, data: bytes, *, by: User, kind: str, dry_run: bool = False) -> Report:
    """Enter what begins from today on within a year; `dry_run` only says what would happen.

    Raises UNSUPPORTED, TOO_LARGE, OVER_LIMIT for the file, INVALID for a programme that is no longer kept.
    """
    chosen = choice(Kind, kind, "kind")
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This programme is no longer kept."), "principal")
    start = dt.datetime.combine(today(), dt.time(), ISTANBUL)
    window = Span(start, start + AHEAD)
    without_timeout()
    events, unreadable = read(data, window)
    places.lock(principal.pk)
    report = Report(_judged(principal, events, chosen, window), unreadable)
    if not dry_run:
        _write(principal, report, chosen, by)
        report.written = True
    return report


class _Taken:
    """Busy times in order, of which none overlaps another."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = sorted(spans)

    def collision(self, span: Span) -> Span | None:
        at = bisect.bisect_left(self.spans, span)
        return next((one for one in self.spans[max(0, at - 1) : at + 1] if one.overlaps(span)), None)

    def add(self, span: Span) -> None:
        bisect.insort(self.spans, span)


def _judged(principal: Principal, events: list[Outside], kind: Kind, window: Span) -> list[Row]:
    mine = Entry.objects.filter(principal=principal, outside_uid__in=[event.uid for event in events])
    known = {entry.outside_uid: entry for entry in mine}
    rows = [_of_known(event, known[event.uid]) if event.uid in known else _of_new(event) for event in events]
    gives_room = [
        row.entry.pk for row in rows if row.entry and row.verdict in (Verdict.CHANGED, Verdict.CANCELLED)
    ]
    taken = _Taken(places.busy(principal.pk, window.start - LONGEST, window.end + LONGEST, gives_room))
    calendar = working_calendar()
    titles = _titles(principal, window)
    for row in sorted(
        rows, key=lambda row: row.verdict != Verdict.CHANGED
    ):  # what moves is there before what is new
        if row.verdict not in (Verdict.NEW, Verdict.CHANGED):
            continue
        time = _time(row.event, row.entry)
        if (other := taken.collision(time.blocks)) is not None:
            row.verdict, row.note = (
                Verdict.TAKEN,
                " · ".join(filter(None, (_clocks(other), titles(time.blocks)))),
            )
            if row.entry is None or taken.collision(places.time_of(row.entry).blocks):
                continue
            time = places.time_of(row.entry)  # it stays where it is
        elif kind in IN_OFFICE_HOURS:
            row.note = " ".join(value for _caution, value in places.of_the_day(principal, time, calendar))
        taken.add(time.blocks)
    return rows


def _titles(principal: Principal, window: Span) -> Callable[[Span], str]:
    """What of the programme an event collides with, as far as the asker may see; "" for what they may not."""
    rows = Entry.objects.taking(window.start - LONGEST, window.end + LONGEST).filter(principal=principal)
    seen = list(rows.order_by("blocks_from").values_list("blocks_from", "blocks_until", "title"))
    starts = [row[0] for row in seen]

    def title(span: Span) -> str:
        at = max(0, bisect.bisect_right(starts, span.start) - 1)
        return next((row[2] for row in seen[at : at + 2] if Span(row[0], row[1]).overlaps(span)), "")

    return title


def _time(event: Outside, entry: Entry | None) -> Time:
    if entry is None:
        return Time(event.starts_at, event.ends_at)
    buffers = (entry.preparation_minutes, entry.travel_minutes, entry.follow_up_minutes)
    return Time(event.starts_at, event.ends_at, *buffers)


def _of_known(event: Outside, entry: Entry) -> Row:
    if event.sequence <= entry.outside_sequence:
        return Row(event, Verdict.KNOWN, entry=entry)
    if entry.status not in LIVE:
        return Row(event, Verdict.LEFT_OUT, str(_("It was ended here.")), entry)
    if event.is_cancelled:
        return Row(event, Verdict.CANCELLED, entry=entry)
    if reason := _unfit(event):
        return Row(event, Verdict.LEFT_OUT, reason, entry)
    return Row(event, Verdict.CHANGED, entry=entry)


def _of_new(event: Outside) -> Row:
    reason = str(_("It is cancelled.")) if event.is_cancelled else _unfit(event)
    return Row(event, Verdict.LEFT_OUT, reason) if reason else Row(event, Verdict.NEW)


def _unfit(event: Outside) -> str:
    if event.is_private:
        return str(_("It is marked as private. Enter it yourself, as confidential if need be."))
    if event.is_free:
        return str(_("It takes up no time (shown as free)."))
    if event.ends_at <= event.starts_at:
        return str(_("It has no length."))
    if event.ends_at - event.starts_at > LONGEST:
        return str(_("An entry may last thirty-one days at most."))
    return "" if event.title else str(_("It has no title."))


def _clocks(span: Span) -> str:
    start, end = span
    return f"{moment_text(start)}–{clock_text(end)}"


def _write(principal: Principal, report: Report, kind: Kind, by: User) -> None:
    # Cancelled entries first: they make room for moved and new ones.
    for row in report.rows:
        if row.verdict == Verdict.CANCELLED and row.entry is not None:
            programme.cancel(row.entry, by=by, reason=str(_("Cancelled in the imported calendar")))
            _mark(row)
    for row in report.rows:
        if row.verdict == Verdict.CHANGED and row.entry is not None:
            _change(row, by)
    new = [row.event for row in report.rows if row.verdict == Verdict.NEW]
    for at in range(0, len(new), BATCH):
        _enter(principal, new[at : at + BATCH], kind, by)


def _change(row: Row, by: User) -> None:
    entry, event = row.entry, row.event
    assert entry is not None  # noqa: S101 - its verdict
    facts = {"title": event.title, "place": event.place, "description": event.description}
    entry = programme.correct(entry, by=by, accept_unusual=True, **facts)
    if (entry.starts_at, entry.ends_at) != (event.starts_at, event.ends_at):
        times: dict[str, Any] = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        try:
            with transaction.atomic():
                programme.move_to(entry, by=by, accept_unusual=True, **times)
        except places.CollisionError:  # two events of the file changed places: the next import moves it
            row.verdict = Verdict.TAKEN
            return
    _mark(row)


def _mark(row: Row) -> None:
    if row.entry is not None:
        Entry.objects.filter(pk=row.entry.pk).update(outside_sequence=row.event.sequence)


def _enter(principal: Principal, events: list[Outside], kind: Kind, by: User) -> None:
    """Many at once: found free under the programme's lock, and the table refuses what is not."""
    rows = [
        Entry(
            principal=principal,
            kind=kind,
            status=Status.CONFIRMED,
            title=event.title,
            place=event.place,
            description=event.description,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            outside_uid=event.uid,
            outside_sequence=event.sequence,
            planned_by=by,
        )
        for event in events
    ]
    with the_table_refuses_overlaps():
        Entry.objects.bulk_create(rows)
    EntryLine.objects.bulk_create(_line(row, by) for row in rows)


def _line(row: Entry, by: User) -> EntryLine:
    details: dict[str, Any] = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
    return EntryLine(
        entry=row,
        verb=EventType.PLANNED,
        actor=by,
        note=str(_("From an imported calendar")),
        to_status=row.status,
        details=details,
    )
