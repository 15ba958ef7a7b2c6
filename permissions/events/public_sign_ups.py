"""Signing up for an event of the public calendar: what anybody may know of its places, and what a portal does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions as contacts
from backend.contacts.models import PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import below, refuse
from backend.events import links, sign_up
from backend.events.choices import Answer, GuestStatus
from backend.events.models import Guest, PublishedEvent
from backend.events.sign_up import Places
from backend.organization.models import User

MOST = 50


@dataclass(frozen=True)
class SignUp:
    """A sign-up as its owner sees it. `position`: on the waiting list. `token`: the key to it and to its page."""

    title: str
    place: str
    starts_at: dt.datetime
    people: int
    is_placed: bool
    position: int | None
    token: str


def places(key: UUID) -> Places | None:
    """`sign_up.places` of a published event; None where there is none."""
    with system():
        row = PublishedEvent.objects.select_related("event").filter(key=key).first()
        return None if row is None else sign_up.places(row)


def submit(
    *,
    by: User,
    event: PublishedEvent,
    people: int,
    privacy_notice: PrivacyNotice,
    first_name: str,
    last_name: str,
    phone: str,
    email: str,
) -> SignUp:
    """`sign_up.sign_up`, for a person with a name and a telephone or an e-mail address. REQUIRED, INVALID."""
    with below("contact"):
        facts = contacts.checked_facts(
            {"first_name": first_name, "last_name": last_name, "phone": phone, "email": email}
        )
        if not (facts["phone"] or facts["email"]):
            message = _("Write a telephone number or an e-mail address.")
            refuse(ErrorCode.REQUIRED, message, "phone")
    with system():
        guest = sign_up.sign_up(
            event,
            by=by,
            person=lambda: contacts.record(by=by, **facts),
            contact=(facts["email"], facts["phone"]),
            name=f"{first_name} {last_name}",
            people=people,
            privacy_notice=privacy_notice,
        )
        return _shown(guest, event, sign_up.position(guest))


def sign_off(token: str, *, by: User) -> None:
    """`sign_up.sign_off`, by the key of a sign-up. NOT_FOUND."""
    with system():
        named = links.read(token)
        rows = Guest.objects.filter(signed_up_at__isnull=False).exclude(status=GuestStatus.LEFT)
        row = rows.filter(key=named[0], link=named[1]).first() if named else None
        if row is None:
            raise DomainError(ErrorCode.NOT_FOUND, _("There is no such sign-up, or no longer."), "token")
        row.acquire_lock()
        sign_up.sign_off(Guest.objects.select_for_update(of=("self",)).get(pk=row.pk), by=by)


def of_people(people: list[int]) -> list[SignUp]:
    """What these persons signed up for and is still to come, the next first; under the role of the house."""
    rows: QuerySet[Any] = Guest.objects.filter(
        person__in=people, signed_up_at__isnull=False, event__published__ends_at__gt=timezone.now()
    )
    rows = rows.exclude(status=GuestStatus.LEFT).exclude(answer=Answer.NOT_COMING)
    rows = sign_up.with_positions(rows.select_related("event__published"))
    rows = rows.order_by("event__published__starts_at", "pk")[:MOST]
    return [_shown(guest, guest.event.published, guest.waits_at) for guest in rows]


def _shown(guest: Guest, event: PublishedEvent, position: int | None) -> SignUp:
    return SignUp(
        title=event.title,
        place=event.place,
        starts_at=event.starts_at,
        people=1 + (guest.companions if guest.answer == Answer.COMING else guest.companions_allowed),
        is_placed=guest.status == GuestStatus.LISTED,
        position=position,
        token=links.token_for(guest),
    )
