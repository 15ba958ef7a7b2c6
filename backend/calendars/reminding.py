"""Reminding keepers and principals of the programme: each as they chose, once each time, without what is confidential.

The programme of a day is one mail, what begins in an hour is one of its own. Nothing confidential stands in them, for
its named readers neither: a mail is read over shoulders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection
from django.utils import timezone

from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import Message
from backend.programme.choices import Status
from backend.programme.models import Entry, EntryQuerySet
from backend.programme.reminders import HOUR, Moment, is_due, of_day

USUAL = (Moment.MORNING,)
"""For who never chose."""
NAMESPACE = UUID("5b7d4b0e-1c8e-4e0b-9f6e-3a1c52d0a7f1")


@dataclass(frozen=True)
class Reminded:
    """Keeper or principal, with the reminder times."""

    user: User
    principals: list[int]
    moments: list[str]


def remind_staff(now: dt.datetime | None = None) -> int:
    """Send the reminders that are due; returns how many mails. Idempotent, also for concurrent workers."""
    now = now or timezone.now()
    with system():
        people = _reminded()
    written = 0
    for person in people:
        with system():
            written += _remind(person, now)
    return written


def _reminded() -> list[Reminded]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, principals, moments FROM app.reminded()")
        rows = cursor.fetchall()
    users = User.objects.in_bulk([row[0] for row in rows])
    return [
        Reminded(users[user], principals, list(USUAL) if moments is None else moments)
        for user, principals, moments in rows
    ]


def _remind(person: Reminded, now: dt.datetime) -> int:
    written = 0
    for moment in person.moments:
        if (day := of_day(moment, now)) is not None:
            key = uuid5(NAMESPACE, f"{person.user.pk} {moment} {day}")
            if not outbox.is_posted(key):
                written += _post(person, "programme_of_day", key, _of_day(person.principals, day, now), day)
        if moment == Moment.HOUR_BEFORE:
            written += sum(_of_entry(person, entry, now) for entry in _soon(person.principals, now))
    return written


def _seen(principals: Iterable[int]) -> EntryQuerySet:
    rows = Entry.objects.filter(
        principal__in=list(principals), status=Status.CONFIRMED, is_confidential=False
    )
    return rows.select_related("principal").order_by("starts_at", "id")


def _of_day(principals: Iterable[int], day: dt.date, now: dt.datetime) -> list[Entry]:
    return list(_seen(principals).on(day).filter(ends_at__gt=now))


def _soon(principals: Iterable[int], now: dt.datetime) -> list[Entry]:
    rows = _seen(principals).filter(starts_at__gt=now, starts_at__lte=now + HOUR)
    return [entry for entry in rows if is_due(Moment.HOUR_BEFORE, entry.starts_at, now)]


def _of_entry(person: Reminded, entry: Entry, now: dt.datetime) -> int:
    key = uuid5(entry.key, f"{person.user.pk} {entry.starts_at.timestamp():.0f}")
    if outbox.is_posted(key):
        return 0
    return _post(person, "programme_soon", key, [entry], entry.starts_at.astimezone(ISTANBUL).date())


def _post(person: Reminded, template: str, key: UUID, entries: list[Entry], day: dt.date) -> int:
    """One mail, if there is anything to tell."""
    if not entries:
        return 0
    subject, body = rendered(template, entries, day)
    outbox.post(
        channel=Message.Channel.EMAIL,
        address=person.user.email,
        subject=subject,
        body=body,
        purpose=f"staff_{template}",
        key=key,
    )
    return 1


def rendered(template: str, entries: list[Entry], day: dt.date) -> tuple[str, str]:
    """(subject, text) of a reminder. The subject is neutral."""
    lines = [
        {
            "from": entry.starts_at.astimezone(ISTANBUL),
            "until": entry.ends_at.astimezone(ISTANBUL),
            "title": entry.title,
            "place": entry.place,
            "principal": entry.principal.name,
        }
        for entry in entries
    ]
    context = {
        "lines": lines,
        "day": day,
        "several": len({entry.principal_id for entry in entries}) > 1,
        "url": f"{settings.PUBLIC_URL.rstrip('/')}/admin/programme/day/",
    }
    return outbox.render(f"calendars/mail/{template}.txt", context)


def preview(principals: Iterable[int], now: dt.datetime | None = None) -> tuple[str, str] | None:
    """The mail of the next day that has anything, within a week, as it would be sent; None: there is nothing."""
    now = now or timezone.now()
    principals = list(principals)
    first = now.astimezone(ISTANBUL).date()
    for number in range(8):
        day = first + dt.timedelta(days=number)
        if entries := _of_day(principals, day, now):
            return rendered("programme_of_day", entries, day)
    return None
