"""Opening the file and preparing it: facts, participants, agenda, travel, the entry in the programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice, required, short
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.words.text import clean
from backend.documents.intake import accept as accept_file
from backend.engagements import moves
from backend.engagements.actions.step import move, write_line
from backend.engagements.choices import Kind
from backend.engagements.models import AgendaItem, Attendee, Engagement, EngagementAttachment
from backend.engagements.moves import Verb
from backend.engagements.story import Happened
from backend.organization.models import User
from backend.partners.models import Role
from backend.programme import actions as programme
from backend.programme.choices import LIVE
from backend.programme.choices import Kind as EntryKind
from backend.programme.models import Principal

SEQUENCE = "engagement"
LENGTHS = {
    "place": 200,
    "vehicle": 120,
    "lodging": 200,
    "gift_given": 200,
    "gift_received": 200,
    "host_contact": 200,
}
EQUIPMENT = frozenset({"travel", "vehicle", "lodging", "gift_given", "gift_received", "host_contact"})
FACTS = frozenset({"title", "purpose", "organisation", "department", "starts_at", "ends_at", "place"})
AS_ENTRY = {
    Kind.MEETING: EntryKind.MEETING,
    Kind.VISIT_OUT: EntryKind.VISIT,
    Kind.VISIT_IN: EntryKind.MEETING,
}
MOST_POINTS = 40


@transaction.atomic
def open_file(
    principal: Principal,
    *,
    by: User | None,
    kind: str,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    agenda: Iterable[str] = (),
    **facts: Any,
) -> Engagement:
    """Open the file of a meeting or a visit. REQUIRED, INVALID."""
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This principal is no longer in office."), "principal")
    given = {name: value for name, value in facts.items() if value is not None}
    given |= {"title": title, "starts_at": starts_at, "ends_at": ends_at}
    found = _checked(given, FACTS | EQUIPMENT)
    _times(found["starts_at"], found["ends_at"])
    points = _points(agenda)
    row = Engagement(
        principal=principal, kind=choice(Kind, kind, "kind"), opened_by=by, year=today().year, **found
    )
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"GZ-{row.year}/{row.number}"
    row.save(force_insert=True)
    _write_agenda(row, points)
    write_line(row, Happened.OPENED, by=by, from_status="")
    return row


@transaction.atomic
def correct(engagement: Engagement, *, by: User | None, note: str = "", **facts: Any) -> Engagement:
    """Set facts right; the story has the old ones. Once it is in the programme its time is changed there."""
    moves.require(Verb.CORRECT, engagement.status)
    found = _checked(facts, FACTS)
    changed = {name: value for name, value in found.items() if getattr(engagement, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    if {"starts_at", "ends_at"} & set(changed):
        if engagement.entry_id is not None:
            message = _("It is in the programme: its time is changed there.")
            raise DomainError(ErrorCode.WRONG_STATE, message, "starts_at")
        _times(changed.get("starts_at", engagement.starts_at), changed.get("ends_at", engagement.ends_at))
    before = {name: _as_text(getattr(engagement, name)) for name in sorted(changed)}
    move(engagement, Verb.CORRECT, by=by, note=clean(note), details={"before": before}, **changed)
    return engagement


@transaction.atomic
def equip(engagement: Engagement, *, by: User | None, **facts: Any) -> Engagement:
    """How one gets there, by what, where one sleeps, what is given and was received, whom to call there."""
    moves.require(Verb.EQUIP, engagement.status)
    found = _checked(facts, EQUIPMENT)
    changed = {name: value for name, value in found.items() if getattr(engagement, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    move(engagement, Verb.EQUIP, by=by, **changed)
    return engagement


@transaction.atomic
def invite(
    engagement: Engagement,
    *,
    by: User | None,
    user: User | None = None,
    role: Role | None = None,
    name: str = "",
    note: str = "",
) -> Attendee:
    """A member of staff, a person in their role, or somebody by name takes part. DUPLICATE where they do."""
    moves.require(Verb.INVITE, engagement.status)
    who = short(name, "name", 160)
    if len([one for one in (user, role, who) if one]) != 1:
        message = _("Name one: a member of staff, a person in their role, or a name.")
        raise DomainError(ErrorCode.REQUIRED, message, "name")
    if user is not None and not user.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed."), "user")
    rows = Attendee.objects.filter(engagement=engagement)
    if (user and rows.filter(user=user).exists()) or (role and rows.filter(role=role).exists()):
        field = "user" if user else "role"
        raise DomainError(ErrorCode.DUPLICATE, _("They take part already."), field)
    found = Attendee.objects.create(
        engagement=engagement, user=user, role=role, name=who, note=short(note, "note", 200)
    )
    move(engagement, Verb.INVITE, by=by, details={"who": str(user)} if user else {})
    engagement.refresh_from_db(fields=["staff"])
    return found


@transaction.atomic
def uninvite(engagement: Engagement, *, by: User | None, attendee: Attendee) -> Engagement:
    """They do not take part after all; a member of staff sees the file no longer by that."""
    moves.require(Verb.UNINVITE, engagement.status)
    if attendee.engagement_id != engagement.pk:
        raise DomainError(
            ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), "attendee"
        )
    move(engagement, Verb.UNINVITE, by=by)
    attendee.delete()
    return engagement


@transaction.atomic
def set_agenda(engagement: Engagement, *, by: User | None, agenda: Iterable[str]) -> Engagement:
    """The points of the agenda in their order, all of them anew."""
    moves.require(Verb.SET_AGENDA, engagement.status)
    points = _points(agenda)
    AgendaItem.objects.filter(engagement=engagement).delete()
    _write_agenda(engagement, points)
    move(engagement, Verb.SET_AGENDA, by=by)
    return engagement


@transaction.atomic
def schedule(
    engagement: Engagement,
    *,
    by: User | None,
    travel_minutes: int | None = None,
    accept_unusual: bool = False,
) -> Engagement:
    """It enters the programme of who represents us, at its time. Raises CollisionError, UnusualError; WRONG_STATE where
    it stands there already."""
    moves.require(Verb.SCHEDULE, engagement.status)
    if engagement.entry is not None and engagement.entry.status in LIVE:
        raise DomainError(ErrorCode.WRONG_STATE, _("It stands in the programme already."))
    entry = programme.plan(
        engagement.principal,
        by=by,
        kind=AS_ENTRY[Kind(engagement.kind)],
        title=engagement.title,
        place=engagement.place,
        description=engagement.purpose,
        starts_at=engagement.starts_at,
        ends_at=engagement.ends_at,
        travel_minutes=travel_minutes,
        follow_up_minutes=travel_minutes,
        accept_unusual=accept_unusual,
    )
    move(engagement, Verb.SCHEDULE, by=by, entry=entry)
    return engagement


@transaction.atomic
def cancel(engagement: Engagement, *, by: User | None, reason: str) -> Engagement:
    """It does not take place; its time in the programme is free again."""
    moves.require(Verb.CANCEL, engagement.status)
    why = required(reason, "reason", _("Write why it does not take place."))
    if (entry := engagement.entry) is not None:
        entry.refresh_from_db()
        if entry.status in LIVE:
            programme.cancel(entry, by=by, reason=why)
    move(engagement, Verb.CANCEL, by=by, note=why, entry=None)
    return engagement


@transaction.atomic
def attach(
    engagement: Engagement, *, by: User | None, file: IO[bytes], name: str = ""
) -> EngagementAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, engagement.status)
    found = EngagementAttachment.keep(accept_file(file, name), by=by, engagement=engagement)
    move(engagement, Verb.ATTACH, by=by, details={"size": found.size})
    return found


def _checked(facts: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    if unknown := set(facts) - known:
        raise TypeError(f"not facts of an engagement: {', '.join(sorted(unknown))}")
    found = dict(facts)
    if "title" in found:
        found["title"] = required(found["title"], "title", _("Write the title."), 200)
    for name, length in LENGTHS.items():
        if name in found:
            found[name] = short(found[name], name, length)
    for name in ("purpose", "travel"):
        if name in found:
            found[name] = clean(found[name] or "")
    department = found.get("department")
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    return found


def _times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(ErrorCode.INVALID, _("The end lies before the beginning."), "ends_at")


def _points(agenda: Iterable[str]) -> list[str]:
    found = [text for point in agenda if (text := short(point, "agenda", 300))]
    if len(found) > MOST_POINTS:
        message = _("At most %(count)s points are possible.") % {"count": MOST_POINTS}
        raise DomainError(ErrorCode.INVALID, message, "agenda")
    return found


def _write_agenda(engagement: Engagement, points: list[str]) -> None:
    AgendaItem.objects.bulk_create(
        AgendaItem(engagement=engagement, position=number, title=text)
        for number, text in enumerate(points, 1)
    )


def _as_text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.datetime) else str(value)
