"""Whose programmes there are, when they work and when their halk günü is. Each change is in the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.journal.actions import record
from backend.organization.models import User
from backend.programme.choices import Office, Weekday
from backend.programme.models import Principal, PublicDayRule, WorkingHours

Hours = tuple[int, dt.time, dt.time]


class Facts(TypedDict, total=False):
    """What is usual for a principal."""

    person: User | None
    position: int
    is_active: bool
    slot_minutes: int
    preparation_minutes: int
    follow_up_minutes: int
    daily_maximum: int | None
    applicants_move: bool
    publishes_busy: bool


class ChangeFields(Facts, total=False):
    name: str


@transaction.atomic
def establish(*, by: User | None, office: str, name: str, **facts: Unpack[Facts]) -> Principal:
    """Create the programme of the mayor, a deputy or a member of the council; its keepers are granted separately."""
    principal = Principal(
        office=choice(Office, office, "office"), name=required(name, "name", _("Write the name."), 120)
    )
    _apply(principal, facts)
    principal.save()
    record(verb="principal_established", about=principal, by=by)
    return principal


@transaction.atomic
def change_principal(principal: Principal, *, by: User | None, **facts: Unpack[ChangeFields]) -> Principal:
    """Change what is usual for a principal. INVALID for impossible lengths."""
    if "name" in facts:
        facts["name"] = required(facts["name"], "name", _("Write the name."), 120)
    _apply(principal, facts)
    principal.save()
    record(verb="principal_changed", about=principal, by=by, note=", ".join(sorted(facts)))
    return principal


def _apply(principal: Principal, facts: Mapping[str, Any]) -> None:
    for field, value in facts.items():
        if field not in ChangeFields.__annotations__:
            raise TypeError(f"{field} is no fact of a principal")
        setattr(principal, field, value)
    if not 5 <= principal.slot_minutes <= 480:
        raise DomainError(
            ErrorCode.INVALID, _("An appointment lasts between 5 and 480 minutes."), "slot_minutes"
        )
    for field in ("preparation_minutes", "follow_up_minutes"):
        if not 0 <= getattr(principal, field) <= 240:
            raise DomainError(ErrorCode.INVALID, _("A usual buffer lasts at most 240 minutes."), field)


@transaction.atomic
def set_working_hours(principal: Principal, *, by: User | None, hours: Iterable[Hours]) -> Principal:
    """The working hours of the whole week: (weekday, from, until). Replaces what was there. INVALID if they overlap."""
    rows = sorted(hours)
    for weekday, starts, ends in rows:
        choice(Weekday, weekday, "hours")
        if ends <= starts:
            raise DomainError(ErrorCode.INVALID, _("The end must lie after the beginning."), "hours")
    for (day, _starts, ends), (next_day, starts, _ends) in pairwise(rows):
        if day == next_day and starts < ends:
            raise DomainError(ErrorCode.INVALID, _("Working hours of a day overlap."), "hours")
    principal.working_hours.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(principal=principal, weekday=weekday, starts=starts, ends=ends)
        for weekday, starts, ends in rows
    )
    record(verb="working_hours_set", about=principal, by=by)
    return principal


@transaction.atomic
def set_public_day(
    principal: Principal,
    *,
    by: User | None,
    weekday: int,
    starts: dt.time,
    ends: dt.time,
    capacity: int,
    slot_minutes: int = 10,
    place: str = "",
    valid_from: dt.date | None = None,
) -> PublicDayRule:
    """From a day on (default today) the halk günü is so; a rule before it ends the day before."""
    start = valid_from or today()
    if ends <= starts:
        raise DomainError(ErrorCode.INVALID, _("The end must lie after the beginning."), "ends")
    if capacity < 1 or slot_minutes < 1:
        raise DomainError(ErrorCode.INVALID, _("At least one person must be received."), "capacity")
    for rule in principal.public_day_rules.filter(valid_until__isnull=True):
        end_public_day(rule, by=by, last_day=start - dt.timedelta(days=1))
    rule = PublicDayRule.objects.create(
        principal=principal,
        weekday=choice(Weekday, weekday, "weekday"),
        starts=starts,
        ends=ends,
        capacity=capacity,
        slot_minutes=slot_minutes,
        place=short(place, "place"),
        valid_from=start,
    )
    record(verb="public_day_set", about=principal, by=by, note=str(rule))
    return rule


@transaction.atomic
def end_public_day(rule: PublicDayRule, *, by: User | None, last_day: dt.date | None = None) -> None:
    """There is no such halk günü after this day (default today). A rule that had not begun is removed."""
    last = last_day or today()
    if last < rule.valid_from:
        rule.delete()
    else:
        PublicDayRule.objects.filter(pk=rule.pk).update(valid_until=last)
    record(verb="public_day_ended", about=rule.principal, by=by)
