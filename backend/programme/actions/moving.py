"""Moving and correcting entries, one by one or as a series."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import changed_meanwhile
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from backend.programme import moves, places, recurrence
from backend.programme.actions.parameters import AcceptUnusual, HowMuch, Note
from backend.programme.actions.planning import checked_time
from backend.programme.actions.press import keep_press_in_step, take_from_press
from backend.programme.actions.series import part, reached
from backend.programme.actions.step import (
    ITS_OWN,
    the_table_refuses_overlaps,
    through_its_request,
    write_line,
)
from backend.programme.choices import IN_OFFICE_HOURS, LIVE, Kind, Reach, Status
from backend.programme.models import Entry
from backend.programme.moves import Verb, entry_action
from backend.programme.slots import Time
from backend.programme.story import EventType

TIMES = ("starts_at", "ends_at", "preparation_minutes", "travel_minutes", "follow_up_minutes")


@entry_action(Verb.MOVE, event=EventType.MOVED, source=LIVE, applies=ITS_OWN, traits=Trait.PRIMARY)
def move_to(
    entry: Entry,
    *,
    by: User | None,
    starts_at: Annotated[dt.datetime | None, Field(_("Begins"), api="When it begins.")] = None,
    ends_at: Annotated[dt.datetime | None, Field(_("Ends"), api="When it ends.")] = None,
    preparation_minutes: Annotated[int | None, Field(_("Preparation in minutes"), api="Preparation.")] = None,
    travel_minutes: Annotated[int | None, Field(_("Travel in minutes"), api="The way there.")] = None,
    follow_up_minutes: Annotated[
        int | None, Field(_("Follow-up in minutes"), api="The time after it.")
    ] = None,
    reach: HowMuch = Reach.THIS,
    note: Note = "",
    accept_unusual: AcceptUnusual = False,
    of_request: bool = False,
) -> Entry:
    """Give it another time.

    Or other buffers; what is left out stays, and without a new end the length stays.

    Of a series the others move by as much as this one; on a holiday the series' rule decides. All or nothing.
    Raises CollisionError, UnusualError, WRONG_STATE, INVALID.
    """
    moves.require(Verb.MOVE, entry.status)
    through_its_request(entry, of_request)
    places.lock(entry.principal_id)
    start = starts_at or entry.starts_at
    end = ends_at or start + (entry.ends_at - entry.starts_at)
    items = (preparation_minutes, travel_minutes, follow_up_minutes)
    kept = (entry.preparation_minutes, entry.travel_minutes, entry.follow_up_minutes)
    buffers = [old if new is None else new for new, old in zip(items, kept, strict=True)]
    wanted = checked_time(entry.principal, entry.kind, start, end, *buffers)
    rows = reached(entry, Verb.MOVE, reach)
    stay, leave = _placed(entry, rows, wanted)
    everything = [row.pk for row in rows]
    for row, time in stay:
        if not accept_unusual:
            places.require_usual(row.principal, row.kind, time, everything)
        places.require_free(row.principal, time, everything)
    part(rows, entry, reach)
    _leave_out(leave, by)  # first, for another of the series may move onto its place
    _write(stay, by, clean(note))
    entry.refresh_from_db()
    return entry


def _placed(entry: Entry, rows: list[Entry], wanted: Time) -> tuple[list[tuple[Entry, Time]], list[Entry]]:
    """(what is moved and whereto, what the series' rule for holidays leaves out)"""
    shift, calendar = wanted.starts_at - entry.starts_at, working_calendar()
    stay: list[tuple[Entry, Time]] = [(entry, wanted)]
    leave: list[Entry] = []
    for row in rows:
        if row.pk == entry.pk:
            continue
        at = (row.starts_at + shift).astimezone(ISTANBUL)
        ends = (at + wanted.length).time()
        day = recurrence.settled(at.date(), (row.series_pattern or {})["on_holiday"], calendar, ends)
        if day is None:
            leave.append(row)
        else:
            stay.append((row, wanted.moved(dt.datetime.combine(day, at.time(), ISTANBUL))))
    among = sorted(stay, key=lambda pair: pair[1].blocks)
    for (_row, one), (_next, other) in pairwise(among):
        if one.blocks.overlaps(other.blocks):
            message = _("Two entries of the series would overlap. Choose another time.")
            raise DomainError(ErrorCode.INVALID, message, "starts_at")
    return sorted(stay, key=lambda pair: pair[1].starts_at), leave


def _write(stay: list[tuple[Entry, Time]], by: User | None, note: str) -> None:
    """All in one statement: the database judges overlaps when it ends, so a series may move onto itself."""
    lines = []
    for row, time in stay:
        before = _times(row)
        for field in TIMES:
            setattr(row, field, getattr(time, field))
        lines.append((row, {"from": before, "to": _times(row)}))
    same = Entry.objects.filter(pk__in=[row.pk for row, _time in stay])
    versions = dict(same.values_list("pk", "version"))
    if any(versions.get(row.pk) != row.version for row, _time in stay):
        raise changed_meanwhile()
    for row, _time in stay:
        row.version += 1
    with the_table_refuses_overlaps():
        Entry.objects.bulk_update(
            [row for row, _time in stay], [*TIMES, "series", "is_exception", "version"], batch_size=None
        )
    for row, details in lines:
        keep_press_in_step(row)
        write_line(row, EventType.MOVED, by=by, note=note, details=details)


def _times(row: Entry) -> dict[str, Any]:
    mapping = {field: getattr(row, field) for field in TIMES}
    return {
        key: value.isoformat() if isinstance(value, dt.datetime) else value for key, value in mapping.items()
    }


def _leave_out(rows: list[Entry], by: User | None) -> None:
    for row in rows:
        before = row.status
        take_from_press(row)
        Entry.objects.filter(pk=row.pk).update(
            status=Status.CANCELLED, hold_expires_at=None, series=row.series, version=F("version") + 1
        )
        row.status = Status.CANCELLED
        note = str(_("The series leaves out holidays."))
        write_line(row, EventType.CANCELLED, by=by, note=note, from_status=before)


@entry_action(Verb.CORRECT, event=EventType.CORRECTED, source=(*LIVE, Status.DONE), traits=Trait.PRIMARY)
def correct(
    entry: Entry,
    *,
    by: User | None,
    kind: Annotated[str | None, Field(_("Kind"), api="What it is."), Kind] = None,
    title: Annotated[str | None, Field(_("Heading"), api="What it is, in a line.", max_length=200)] = None,
    place: Annotated[str | None, Field(_("Place"), api="Where.", max_length=200)] = None,
    description: Annotated[
        str | None, Field(_("Preparation and notes"), api="What else is to be known.", rows=6)
    ] = None,
    reach: HowMuch = Reach.THIS,
    accept_unusual: AcceptUnusual = False,
) -> Entry:
    """Set facts right.

    None leaves one as it is. The old values stand in the story.
    """
    values: dict[str, Any] = {}
    if kind is not None:
        values["kind"] = choice(Kind, kind, "kind")
    if title is not None:
        values["title"] = required(title, "title", _("Write what it is."), 200)
    if place is not None:
        values["place"] = short(place, "place")
    if description is not None:
        values["description"] = clean(description)
    rows = reached(entry, Verb.CORRECT, reach)
    changed = [row for row in rows if any(getattr(row, field) != value for field, value in values.items())]
    if not changed:
        return entry
    if values.get("kind") in IN_OFFICE_HOURS and not accept_unusual:
        for row in changed:
            places.require_usual(row.principal, values["kind"], places.time_of(row), [row.pk])
    part(rows, entry, reach)
    for row in changed:
        _correct_one(row, values, by)
    entry.refresh_from_db()
    return entry


def _correct_one(row: Entry, fields: dict[str, Any], by: User | None) -> None:
    values = {
        field: [getattr(row, field), value] for field, value in fields.items() if getattr(row, field) != value
    }
    kept = {"series": row.series, "is_exception": row.is_exception}
    same = Entry.objects.filter(pk=row.pk, version=row.version)
    if not same.update(**fields, **kept, version=F("version") + 1):
        raise changed_meanwhile()
    write_line(row, EventType.CORRECTED, by=by, details={"values": values})
