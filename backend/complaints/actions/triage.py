"""Saying what a case is: triage, correction of facts, tags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, TypedDict, Unpack

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.parameters import Note
from backend.complaints.actions.registering import (
    check_cimer,
    checked_category,
    checked_moment,
    checked_subject,
    clean_tags,
    named_number,
    named_source,
    refuse_second_from_source,
)
from backend.complaints.actions.staff import notify_department
from backend.complaints.actions.step import hold, journal_line, move
from backend.complaints.choices import OPEN, UNDECIDED, Channel, Kind, Priority, Status
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.locating.pointing import repointed
from backend.complaints.models import UNPAID, Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.complaints.teamwork.checklist import follow_category
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.validation import choice
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.organization.models import Category, Neighbourhood, User
from backend.places.bounds import checked_point

CORRECTABLE = frozenset(
    {
        "kind",
        "channel",
        "regime",
        "matter",
        "priority",
        "category",
        "subject",
        "body",
        "neighbourhood",
        "place",
        "latitude",
        "longitude",
        "applicant",
        "on_behalf_of",
        "identity_hidden",
        "signature_given",
        "source_number",
        "cimer_due_on",
        "registered_at",
    }
)
TOLD = ("kind", "channel", "regime", "matter", "priority", "identity_hidden", "signature_given")
"""Their old and new value stand in the story; the others may be personal: only the name."""

NEVER_EMPTY = frozenset({"identity_hidden", "signature_given", "registered_at"})
CLOSED_LISTS: dict[str, type[models.TextChoices]] = {
    "kind": Kind,
    "channel": Channel,
    "regime": Regime,
    "priority": Priority,
}
TEXTS = {"body": None, "place": 300, "source_number": 60}
"""Texts that may be empty, with the length at which they are cut."""


class CorrectFields(TypedDict, total=False):
    kind: Annotated[Kind | None, Field(_("Kind"), api="What the citizen brings.")]
    channel: Annotated[Channel | None, Field(_("Channel"), api="How it came.")]
    regime: Annotated[Regime | None, Field(_("Legal regime"), api="The law it runs under.")]
    matter: Annotated[
        Matter | None, Field(_("Matter"), api="What is asked for, where the law has two limits.")
    ]
    priority: Annotated[Priority | None, Field(_("Priority"), api="How urgent it is.")]
    category: Annotated[Category | None, Field(_("Category"), api="What it is about.", empty=_("none"))]
    subject: Annotated[str | None, Field(_("Subject"), api="What it is about, in a line.", max_length=200)]
    body: Annotated[str | None, Field(_("Text"), api="The words of the complaint.", rows=8)]
    neighbourhood: Annotated[
        Neighbourhood | None, Field(_("Neighbourhood"), api="The neighbourhood.", empty=_("none"))
    ]
    place: Annotated[str | None, Field(_("Place"), api="The street part of the address.", max_length=300)]
    latitude: Annotated[float | None, Field(api="Latitude in degrees (WGS 84).")]
    longitude: Annotated[float | None, Field(api="Longitude in degrees (WGS 84).")]
    applicant: Annotated[Citizen | None, Field(_("Applicant"), api="Who brings it.")]
    on_behalf_of: Annotated[Citizen | None, Field(_("On behalf of"), api="For whom it is brought.")]
    identity_hidden: Annotated[
        bool | None, Field(_("Identity hidden"), api="Keep the citizen's identity from the departments.")
    ]
    signature_given: Annotated[bool | None, Field(_("Signed"), api="The petition is signed.")]
    source_number: Annotated[
        str | None,
        Field(_("Number in the source"), api="Its number in the system it came from.", max_length=60),
    ]
    cimer_due_on: Annotated[dt.date | None, Field(_("CİMER's date"), api="The date that CİMER shows.")]
    registered_at: Annotated[dt.datetime | None, Field(_("Received at"), api="When it was received.")]


@complaint_action(Verb.TRIAGE, event=EventType.TRIAGED, source=UNDECIDED, target=Status.TRIAGED)
def triage(
    complaint: Complaint,
    *,
    by: User | None,
    kind: Annotated[Kind | None, Field(_("Kind"), api="What the citizen brings.")] = None,
    category: Annotated[
        Category | None, Field(_("Category"), api="What it is about.", empty=_("leave as it is"))
    ] = None,
    regime: Annotated[Regime | None, Field(_("Legal regime"), api="The law it runs under.")] = None,
    matter: Annotated[Matter | None, Field(api="What is asked for, where the law has two limits.")] = None,
    priority: Annotated[Priority | None, Field(_("Priority"), api="How urgent it is.")] = None,
    note: Note = "",
) -> Complaint:
    """Decide what the case is.

    What is None stays as it is; dates follow where an input changed.
    """
    values = {"kind": kind, "category": category, "regime": regime, "matter": matter, "priority": priority}
    fields = _checked(complaint, {name: value for name, value in values.items() if value is not None})
    changes, details = _with_dates(complaint, fields)
    move(complaint, Verb.TRIAGE, by=by, note=clean(note), details=details, **changes)
    follow_category(complaint)
    return complaint


@complaint_action(Verb.CORRECT, event=EventType.CORRECTED, source=OPEN)
def correct(
    complaint: Complaint,
    *,
    by: User | None,
    note: Annotated[
        str, Field(_("Why it is corrected"), api="A remark for the story; no citizen reads it.", rows=2)
    ] = "",
    **fields: Unpack[CorrectFields],
) -> Complaint:
    """Set facts right; dates follow.

    None is a value too. The story line names the fields, and old and new dates. Writes nothing if nothing differs.
    TypeError for an unknown field.
    """
    if unknown := set(fields) - CORRECTABLE:
        raise TypeError(f"not facts of a complaint: {', '.join(sorted(unknown))}")
    changes, details = _with_dates(complaint, _checked(complaint, dict(fields)))
    changes |= repointed(complaint, changes)
    if changes:
        move(complaint, Verb.CORRECT, by=by, note=clean(note), details=details, **changes)
    if "category" in changes:
        follow_category(complaint)
    return complaint


@complaint_action(
    Verb.MARK_URGENT,
    event=EventType.MARKED_URGENT,
    source=OPEN,
    applies=~Q(priority=Priority.URGENT),
)
def mark_urgent(complaint: Complaint, *, by: User | None) -> Complaint:
    """Treat the case as urgent: it stands before all others, and the department that has it is notified.

    The legal date stays; the target date follows the priority.
    """
    if complaint.priority == Priority.URGENT:
        raise DomainError(ErrorCode.WRONG_STATE, _("It is treated as urgent already."))
    changes, details = _with_dates(complaint, _checked(complaint, {"priority": Priority.URGENT}))
    move(complaint, Verb.MARK_URGENT, by=by, details=details, **changes)
    if complaint.responsible_department is not None:
        notify_department(complaint.responsible_department, "urgent", complaint)
    return complaint


@complaint_action(
    Verb.DISMISS_DANGER,
    event=EventType.DANGER_DISMISSED,
    source=OPEN,
    applies=~Q(danger=""),
)
def dismiss_danger(complaint: Complaint, *, by: User | None, note: Note = "") -> Complaint:
    """Decline the proposal to treat the case as urgent."""
    if not complaint.danger:
        raise DomainError(ErrorCode.WRONG_STATE, _("Nothing proposes that it is urgent."))
    details = {"danger": complaint.danger}
    move(complaint, Verb.DISMISS_DANGER, by=by, note=clean(note), details=details, danger="")
    return complaint


def check_tag(complaint: Complaint) -> None:
    """Raises what `tag` would raise; reads only."""
    moves.require(Verb.TAG, complaint.status)


@complaint_action(
    Verb.TAG, event=EventType.TAGGED, source=tuple(Status), preview=check_tag, traits=Trait.CONCURRENT
)
def tag(
    complaint: Complaint,
    *,
    by: User | None,
    add: Annotated[Iterable[str], Field(api="Tags to put on.")] = (),
    remove: Annotated[Iterable[str], Field(api="Tags to take off.")] = (),
) -> Complaint:
    """Put tags on and take tags off.

    Two people may do so at once; nothing different: nothing is written.
    """
    hold(complaint, Verb.TAG)
    before = list(Complaint.objects.values_list("tags", flat=True).get(pk=complaint.pk))
    gone = set(clean_tags(remove))
    after = [word for word in clean_tags([*before, *add]) if word not in gone]
    complaint.tags = after
    if after == before:
        return complaint
    Complaint.objects.filter(pk=complaint.pk).update(tags=after)
    details = {"added": sorted(set(after) - set(before)), "removed": sorted(set(before) - set(after))}
    journal_line(complaint, EventType.TAGGED, by=by, details=details)
    return complaint


def _checked(complaint: Complaint, fields: dict[str, Any]) -> dict[str, Any]:
    """Cleaned values of the fields that really change."""
    for name in NEVER_EMPTY & set(fields):
        if fields[name] is None:
            raise DomainError(ErrorCode.REQUIRED, _("This cannot be left empty."), name)
    fields |= {
        name: choice(CLOSED_LISTS[name], fields[name], name) for name in set(CLOSED_LISTS) & set(fields)
    }
    fields |= {name: clean(fields[name] or "")[: TEXTS[name]] for name in set(TEXTS) & set(fields)}
    if "subject" in fields:
        fields["subject"] = checked_subject(fields["subject"])
    if fields.get("category") != complaint.category:
        checked_category(fields.get("category"))
    checked_point(fields.get("latitude", complaint.latitude), fields.get("longitude", complaint.longitude))
    _settle_source(complaint, fields)
    _settle_matter(complaint, fields)
    if "registered_at" in fields:
        fields |= _receipt(complaint, fields["registered_at"])
    changed = {name: value for name, value in fields.items() if value != getattr(complaint, name)}
    return changed | ({"danger": ""} if "priority" in changed and complaint.danger else {})


def _settle_source(complaint: Complaint, fields: dict[str, Any]) -> None:
    """The number stays the only one of its source, and a case of CİMER keeps CİMER's number and date."""
    if not {"channel", "regime", "source_number", "cimer_due_on"} & set(fields):
        return
    channel, regime = fields.get("channel", complaint.channel), fields.get("regime", complaint.regime)
    number = fields.get("source_number", complaint.source_number)
    due_on = fields.get("cimer_due_on", complaint.cimer_due_on)
    source = named_source(complaint.source, channel, regime)
    number = named_number(number, source=source, channel=channel, regime=regime)
    check_cimer(channel=channel, regime=regime, number=number, due_on=due_on)
    fields |= {"source": source, "source_number": number}
    now = Complaint(pk=complaint.pk, channel=channel, regime=regime, source=source, source_number=number)
    if _number_of(now) != _number_of(complaint):
        refuse_second_from_source(now)


def _number_of(complaint: Complaint) -> tuple[str, str, bool]:
    return complaint.source, complaint.source_number, complaint.came_through_cimer


def _settle_matter(complaint: Complaint, fields: dict[str, Any]) -> None:
    """A change of regime brings a matter that the new regime knows."""
    if not {"regime", "matter"} & set(fields):
        return
    regime = Regime(fields.get("regime", complaint.regime))
    fields["matter"] = clock.matter_of(regime, fields.get("matter"))
    if "regime" not in fields or regime == complaint.regime:
        return
    if complaint.fee_notices.filter(UNPAID).exists():
        raise DomainError(
            ErrorCode.WRONG_STATE, _("The legal regime cannot change while a fee is unpaid."), "regime"
        )


def _receipt(complaint: Complaint, moment: dt.datetime) -> dict[str, Any]:
    day = local_date(checked_moment(moment))
    if day.year != complaint.year:
        message = _("The number belongs to the year %(year)s; the day of receipt must lie in it.")
        raise DomainError(ErrorCode.INVALID, message % {"year": complaint.year}, "registered_at")
    return {"registered_at": moment, "registered_on": day}


def _with_dates(complaint: Complaint, fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(all values to write, details for the line): the fields and the dates that follow from them."""
    details: dict[str, Any] = {"fields": sorted(fields)} if fields else {}
    if values := {
        name: [str(getattr(complaint, name)), str(fields[name])] for name in TOLD if name in fields
    }:
        details["values"] = values
    old = {name: getattr(complaint, name) for name in fields}
    try:
        for name, value in fields.items():
            setattr(complaint, name, value)
        dates, dated = clock.changes(complaint)
    finally:
        for name, value in old.items():
            setattr(complaint, name, value)
    return fields | dates, details | dated
