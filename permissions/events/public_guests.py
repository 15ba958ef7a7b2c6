"""What is answered before anybody is known, too: a guest's own invitation, by its link."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.contacts import privacy
from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import collecting
from backend.core.words.text import official_name
from backend.events import actions, links
from backend.events.choices import Answer, GuestStatus, Via
from backend.events.models import Event, EventPart, Guest
from permissions.portals.public_lists import notice_with

CHOICES = (Answer.COMING, Answer.REPRESENTED, Answer.NOT_COMING)
OF_PERSONS = ("companion_names", "representative", "plate", "diet", "note")
SAID = ("companions", *OF_PERSONS)


@dataclass(frozen=True)
class PublicGuest:
    """What a guest sees of their invitation, and what they answered so far. Nothing of other guests."""

    name: str
    with_spouse: bool
    title: str
    text: str
    place: str
    starts_at: dt.datetime
    dress_code: str
    principal: str
    answer_by: dt.date | None
    answer_to: str
    answer_phone: str
    companions_allowed: int
    is_cancelled: bool
    may_answer: bool
    answer: str
    privacy_notice: str
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """Whether the answer was taken, and why not (`field`, `message`)."""

    shown: PublicGuest
    is_taken: bool = False
    field: str = ""
    message: str = ""


def invitation(token: str) -> PublicGuest | None:
    """What the link speaks of, or None for a link that is not ours or is out of date. Changes nothing."""
    with system():
        guest = _meant(token)
        return None if guest is None else _shown(guest)


def answer(
    token: str, word: str, fields: dict[str, str], notice: PrivacyNotice | None = None
) -> Answered | None:
    """Apply an answer by the link; None for an unknown link.

    A refusal is reported and changes nothing. `notice`: the version of the privacy notice on the page; the first one
    is stored with the guest.
    """
    with system():
        guest = _meant(token, lock=True)
        if guest is None:
            return None
        shown = _shown(guest)
        if not shown.may_answer or word not in CHOICES:
            return Answered(shown)
        values: dict[str, Any] = {name: fields.get(name, "") for name in SAID}
        count = fields.get("companions", "").strip() or "0"
        values["companions"] = int(count) if count.isdecimal() and len(count) < 4 else 0
        try:
            with transaction.atomic(), collecting():
                privacy.keep_shown(guest, notice, Purpose.EVENT)
                actions.answer(guest, by=None, answer=Answer(word), via=Via.LINK, **values)
        except DomainError as error:
            return Answered(shown, field=error.field or "", message=str(error))
        return Answered(_shown(guest), is_taken=True)


def answer_by_portal(token: str, word: str, values: dict[str, str], notice: str) -> Answered | None:
    """Answer through a portal, with the code of the privacy notice it showed (`notice`).

    REQUIRED for personal details without a stored version (KVKK m.10); INVALID for a version of another purpose.
    """
    with system():
        result = notice_with(notice, Purpose.EVENT) if notice else None
        guest = _meant(token)
        if (
            guest
            and not result
            and not guest.privacy_notice_id
            and any(values.get(name) for name in OF_PERSONS)
        ):
            message = _("Name the version of the privacy notice that was shown to the guest (KVKK m.10).")
            raise DomainError(ErrorCode.REQUIRED, message, "privacy_notice")
        return answer(token, word, values, result)


def _meant(token: str, *, lock: bool = False) -> Guest | None:
    """The guest of a link, while they are on the list."""
    value = links.read(token)
    if value is None:
        return None
    row = Guest.objects.filter(key=value[0], link=value[1], status=GuestStatus.LISTED).first()
    if row is None:
        return None
    if lock:
        row.acquire_lock()
    rows = Guest.objects.filter(pk=row.pk, link=value[1], status=GuestStatus.LISTED)
    rows = rows.select_related("event__principal", "person", "privacy_notice")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def _shown(guest: Guest) -> PublicGuest:
    event: Event = guest.event
    part = EventPart.objects.filter(event=event, is_main=True).first()
    person = guest.person
    return PublicGuest(
        name=guest.printed_name or official_name(person.first_name, person.last_name),
        with_spouse=guest.with_spouse,
        title=event.title,
        text=event.invitation_text,
        place=(part.place if part else "") or event.place,
        starts_at=part.starts_at if part else event.starts_at,
        dress_code=event.dress_code,
        principal=event.principal.name,
        answer_by=event.answer_by,
        answer_to=event.answer_to,
        answer_phone=event.answer_phone.as_national if event.answer_phone else "",
        companions_allowed=guest.companions_allowed,
        is_cancelled=event.status == "CANCELLED",
        may_answer=actions.may_answer(event),
        answer=guest.answer,
        privacy_notice=guest.privacy_notice.code if guest.privacy_notice else "",
        details={name: str(getattr(guest, name) or "") for name in SAID},
    )
