"""Saying what a case is: triage, correction of facts, tags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.registering import (
    check_cimer,
    checked_category,
    checked_moment,
    checked_point,
    checked_subject,
    clean_tags,
    named_source,
    refuse_second_from_source,
)
from backend.complaints.actions.step import hold, journal_line, move
from backend.complaints.choices import Channel, Kind, Priority
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.complaints.story import Happened
from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice
from backend.core.localtime import local_date
from backend.core.words.text import clean
from backend.organization.models import Category, User

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


@transaction.atomic
def triage(
    complaint: Complaint,
    *,
    by: User | None,
    kind: str | None = None,
    category: Category | None = None,
    regime: str | None = None,
    matter: str | None = None,
    priority: str | None = None,
    note: str = "",
) -> Complaint:
    """Decide what it is. What is None stays as it is; dates follow where an input changed."""
    given = {"kind": kind, "category": category, "regime": regime, "matter": matter, "priority": priority}
    fields = _checked(complaint, {name: value for name, value in given.items() if value is not None})
    changes, details = _with_dates(complaint, fields)
    move(complaint, Verb.TRIAGE, by=by, note=clean(note), details=details, **changes)
    return complaint


@transaction.atomic
def correct(complaint: Complaint, *, by: User | None, note: str = "", **fields: Any) -> Complaint:
    """Set facts right; the given fields (of CORRECTABLE) get the given values, None included.

    The line names the fields and tells old and new dates. Nothing different: nothing is written.
    TypeError for a field that is not one of the facts.
    """
    if unknown := set(fields) - CORRECTABLE:
        raise TypeError(f"not facts of a complaint: {', '.join(sorted(unknown))}")
    changes, details = _with_dates(complaint, _checked(complaint, fields))
    if changes:
        move(complaint, Verb.CORRECT, by=by, note=clean(note), details=details, **changes)
    return complaint


@transaction.atomic
def tag(
    complaint: Complaint, *, by: User | None, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Complaint:
    """Put tags on and take tags off. Two people may do so at once; nothing different: nothing is written."""
    hold(complaint, Verb.TAG)
    before = list(Complaint.objects.values_list("tags", flat=True).get(pk=complaint.pk))
    gone = set(clean_tags(remove))
    after = [word for word in clean_tags([*before, *add]) if word not in gone]
    complaint.tags = after
    if after == before:
        return complaint
    Complaint.objects.filter(pk=complaint.pk).update(tags=after)
    details = {"added": sorted(set(after) - set(before)), "removed": sorted(set(before) - set(after))}
    journal_line(complaint, Happened.TAGGED, by=by, details=details)
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
    return {name: value for name, value in fields.items() if value != getattr(complaint, name)}


def _settle_source(complaint: Complaint, fields: dict[str, Any]) -> None:
    """The number stays the only one of its source, and a case of CİMER keeps CİMER's number and date."""
    if not {"channel", "regime", "source_number", "cimer_due_on"} & set(fields):
        return
    channel, regime = fields.get("channel", complaint.channel), fields.get("regime", complaint.regime)
    number = fields.get("source_number", complaint.source_number)
    due_on = fields.get("cimer_due_on", complaint.cimer_due_on)
    check_cimer(channel=channel, regime=regime, number=number, due_on=due_on)
    fields["source"] = named_source(complaint.source, channel, regime)
    if (fields["source"], number) != (complaint.source, complaint.source_number):
        refuse_second_from_source(fields["source"], number)


def _settle_matter(complaint: Complaint, fields: dict[str, Any]) -> None:
    """A change of regime brings a matter that the new regime knows."""
    if not {"regime", "matter"} & set(fields):
        return
    regime = Regime(fields.get("regime", complaint.regime))
    fields["matter"] = clock.matter_of(regime, fields.get("matter"))
    if "regime" not in fields or regime == complaint.regime:
        return
    if complaint.fee_notices.filter(paid_on__isnull=True, lapsed_on__isnull=True).exists():
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
    if told := {name: [str(getattr(complaint, name)), str(fields[name])] for name in TOLD if name in fields}:
        details["values"] = told
    old = {name: getattr(complaint, name) for name in fields}
    try:
        for name, value in fields.items():
            setattr(complaint, name, value)
        dates, dated = clock.changes(complaint)
    finally:
        for name, value in old.items():
            setattr(complaint, name, value)
    return fields | dates, details | dated
