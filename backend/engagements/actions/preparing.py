"""Opening the file and preparing it: facts, participants, agenda, travel, the entry in the programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.documents.intake import accept as accept_file
from backend.engagements import moves
from backend.engagements.actions.step import move, write_line
from backend.engagements.choices import NOT_CANCELLED, Kind, Status
from backend.engagements.models import AgendaItem, Attendee, Engagement, EngagementAttachment
from backend.engagements.moves import Verb, engagement_action
from backend.engagements.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import Department, User
from backend.partners.models import Organisation, Role
from backend.programme import actions as programme
from backend.programme.choices import LIVE
from backend.programme.choices import Kind as EntryKind
from backend.programme.models import Entry, Principal

SEQUENCE = "engagement"
LENGTHS = {
    "place": 200,
    "vehicle": 120,
    "lodging": 200,
    "gift_given": 200,
    "gift_received": 200,
    "host_contact": 200,
}
AS_ENTRY = {
    Kind.MEETING: EntryKind.MEETING,
    Kind.VISIT_OUT: EntryKind.VISIT,
    Kind.VISIT_IN: EntryKind.MEETING,
}
MOST_POINTS = 40


class EquipFields(TypedDict, total=False):
    travel: Annotated[str | None, Field(_("Travel"), api="How one gets there.", rows=2)]
    vehicle: Annotated[str | None, Field(_("Vehicle"), api="By what.", max_length=120)]
    lodging: Annotated[str | None, Field(_("Lodging"), api="Where one sleeps.", max_length=200)]
    gift_given: Annotated[
        str | None, Field(_("Gift that we give"), api="The gift that we give.", max_length=200)
    ]
    gift_received: Annotated[
        str | None, Field(_("Gift that we received"), api="The gift that we received.", max_length=200)
    ]
    host_contact: Annotated[
        str | None, Field(_("The host's contact"), api="Whom to call there.", max_length=200)
    ]


class CorrectFields(TypedDict, total=False):
    title: Annotated[str | None, Field(api="Its title.")]
    purpose: Annotated[str | None, Field(api="What it is for.")]
    organisation: Annotated[Organisation | None, Field(api="With whom.")]
    department: Annotated[Department | None, Field(api="The department that prepares it.")]
    starts_at: Annotated[dt.datetime, Field(api="When it begins.")]
    ends_at: Annotated[dt.datetime, Field(api="When it ends.")]
    place: Annotated[str | None, Field(api="Where.")]


EQUIPMENT = frozenset(EquipFields.__annotations__)
FACTS = frozenset(CorrectFields.__annotations__)


@transaction.atomic
def open_file(
    principal: Principal,
    *,
    by: User | None,
    kind: str,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    purpose: str | None = None,
    organisation: Organisation | None = None,
    department: Department | None = None,
    place: str | None = None,
    agenda: Iterable[str] = (),
    **logistics: Unpack[EquipFields],
) -> Engagement:
    """Open the file of a meeting or a visit. REQUIRED, INVALID."""
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This principal is no longer in office."), "principal")
    facts = {"purpose": purpose, "organisation": organisation, "department": department, "place": place}
    values = {name: value for name, value in (facts | logistics).items() if value is not None}
    values |= {"title": title, "starts_at": starts_at, "ends_at": ends_at}
    checked = _checked(values, FACTS | EQUIPMENT)
    _times(starts_at, ends_at)
    points = _points(agenda)
    row = Engagement(
        principal=principal, kind=choice(Kind, kind, "kind"), opened_by=by, year=today().year, **checked
    )
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"GZ-{row.year}/{row.number}"
    row.save(force_insert=True)
    _write_agenda(row, points)
    write_line(row, EventType.OPENED, by=by, from_status="")
    return row


@engagement_action(Verb.CORRECT, event=EventType.CORRECTED, source=NOT_CANCELLED)
def correct(
    engagement: Engagement,
    *,
    by: User | None,
    note: Annotated[str, Field(api="A remark.")] = "",
    **facts: Unpack[CorrectFields],
) -> Engagement:
    """Set facts right.

    The story has the old ones. Once it is in the programme its time is changed there.
    """
    moves.require(Verb.CORRECT, engagement.status)
    result = _checked(facts, FACTS)
    changed = {name: value for name, value in result.items() if getattr(engagement, name) != value}
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


@engagement_action(Verb.SET_LOGISTICS, event=EventType.EQUIPPED, source=NOT_CANCELLED)
def set_logistics(engagement: Engagement, *, by: User | None, **facts: Unpack[EquipFields]) -> Engagement:
    """Travel, vehicle, lodging, gift.

    And the host's contact.
    """
    moves.require(Verb.SET_LOGISTICS, engagement.status)
    result = _checked(facts, EQUIPMENT)
    changed = {name: value for name, value in result.items() if getattr(engagement, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    move(engagement, Verb.SET_LOGISTICS, by=by, **changed)
    return engagement


@engagement_action(Verb.INVITE, event=EventType.INVITED, source=NOT_CANCELLED, traits=Trait.PRIMARY)
def invite(
    engagement: Engagement,
    *,
    by: User | None,
    user: Annotated[
        User | None,
        Field(
            _("Member of staff"),
            api="A member of staff, who then sees the file.",
            empty=_("Choose a person"),
        ),
    ] = None,
    role: Annotated[Role | None, Field(api="A person in their role.")] = None,
    name: Annotated[
        str, Field(_("Or another person by name"), api="Another person by name.", max_length=160)
    ] = "",
    note: Annotated[str, Field(_("Note"), api="What is to be known.", max_length=200)] = "",
) -> Attendee:
    """Add a participant.

    A member of staff, a person in their role, or another person by name. DUPLICATE where they do already.
    """
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
    attendee = Attendee.objects.create(
        engagement=engagement, user=user, role=role, name=who, note=short(note, "note", 200)
    )
    move(engagement, Verb.INVITE, by=by, details={"who": str(user)} if user else {})
    engagement.refresh_from_db(fields=["staff"])
    return attendee


@engagement_action(
    Verb.UNINVITE,
    event=EventType.UNINVITED,
    source=NOT_CANCELLED,
    applies=Q(Exists(Attendee.objects.filter(engagement=OuterRef("pk")))),
)
def uninvite(
    engagement: Engagement, *, by: User | None, attendee: Annotated[Attendee, Field(_("Who?"), api="Who.")]
) -> Engagement:
    """Remove a participant.

    A member of staff sees the file no longer by that.
    """
    moves.require(Verb.UNINVITE, engagement.status)
    if attendee.engagement_id != engagement.pk:
        raise DomainError(
            ErrorCode.NOT_FOUND, _("There is no such record, or you may not see it."), "attendee"
        )
    move(engagement, Verb.UNINVITE, by=by)
    attendee.delete()
    return engagement


@engagement_action(Verb.SET_AGENDA, event=EventType.AGENDA_SET, source=NOT_CANCELLED)
def set_agenda(
    engagement: Engagement,
    *,
    by: User | None,
    agenda: Annotated[Iterable[str], Field(api="The points in their order.")],
) -> Engagement:
    """The agenda, anew."""
    moves.require(Verb.SET_AGENDA, engagement.status)
    points = _points(agenda)
    AgendaItem.objects.filter(engagement=engagement).delete()
    _write_agenda(engagement, points)
    move(engagement, Verb.SET_AGENDA, by=by)
    return engagement


@engagement_action(
    Verb.SCHEDULE,
    event=EventType.SCHEDULED,
    source=Status.PLANNED,
    applies=~Q(Exists(Entry.objects.filter(pk=OuterRef("entry"), status__in=LIVE))),
    traits=Trait.PRIMARY,
)
def schedule(
    engagement: Engagement,
    *,
    by: User | None,
    travel_minutes: Annotated[int | None, Field(api="Minutes for the way, there and back.")] = None,
    accept_unusual: Annotated[bool, Field(api="An unusual time is meant.")] = False,
) -> Engagement:
    """It enters the programme at its time.

    The programme of who represents us. Raises CollisionError, UnusualError; WRONG_STATE where it stands there already.
    """
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


@engagement_action(
    Verb.CANCEL,
    event=EventType.CANCELLED,
    source=Status.PLANNED,
    target=Status.CANCELLED,
    traits=Trait.DESTRUCTIVE,
)
def cancel(
    engagement: Engagement, *, by: User | None, reason: Annotated[str, Field(_("Reason"), api="Why.", rows=2)]
) -> Engagement:
    """It does not take place; its time is free again."""
    moves.require(Verb.CANCEL, engagement.status)
    why = required(reason, "reason", _("Write why it does not take place."))
    if (entry := engagement.entry) is not None:
        entry.refresh_from_db()
        if entry.status in LIVE:
            programme.cancel(entry, by=by, reason=why)
    move(engagement, Verb.CANCEL, by=by, note=why, entry=None)
    return engagement


@engagement_action(Verb.ATTACH, event=EventType.ATTACHED, source=tuple(Status))
def attach(
    engagement: Engagement, *, by: User | None, file: Annotated[IO[bytes], Field(_("File"))], name: str = ""
) -> EngagementAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, engagement.status)
    attachment = EngagementAttachment.keep(accept_file(file, name), by=by, engagement=engagement)
    move(engagement, Verb.ATTACH, by=by, details={"size": attachment.size})
    return attachment


def _checked(facts: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    if unknown := set(facts) - known:
        raise TypeError(f"not facts of an engagement: {', '.join(sorted(unknown))}")
    result = dict(facts)
    if "title" in result:
        result["title"] = required(result["title"], "title", _("Write the title."), 200)
    for name, length in LENGTHS.items():
        if name in result:
            result[name] = short(result[name], name, length)
    for name in ("purpose", "travel"):
        if name in result:
            result[name] = clean(result[name] or "")
    department = result.get("department")
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    return result


def _times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(ErrorCode.INVALID, _("The end lies before the beginning."), "ends_at")


def _points(agenda: Iterable[str]) -> list[str]:
    items = [text for point in agenda if (text := short(point, "agenda", 300))]
    if len(items) > MOST_POINTS:
        message = _("At most %(count)s points are possible.") % {"count": MOST_POINTS}
        raise DomainError(ErrorCode.INVALID, message, "agenda")
    return items


def _write_agenda(engagement: Engagement, points: list[str]) -> None:
    AgendaItem.objects.bulk_create(
        AgendaItem(engagement=engagement, position=number, title=text)
        for number, text in enumerate(points, 1)
    )


def _as_text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.datetime) else str(value)
