"""What is answered before anybody is known, too: an applicant's own appointment, by its link."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone

from backend.appointments import actions, links
from backend.appointments.actions.answering import answers, is_chosen
from backend.appointments.actions.notices import calendar_of, default_means, where
from backend.appointments.choices import DeliveryMethod, Status
from backend.appointments.models import AppointmentRequest
from backend.contacts import privacy
from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.session import system
from backend.programme.choices import Status as EntryStatus
from backend.programme.places import CollisionError
from backend.programme.slots import Span


@dataclass(frozen=True)
class Invitation:
    """The least that tells an applicant what they are asked: with whom, when and where, and what they may answer.

    `times`: free times to choose one of. `is_chosen`: their own choice, which the office has yet to confirm.
    `comes`: they have confirmed an appointment that stands.
    """

    reference: str
    principal: str
    starts_at: dt.datetime
    place: str
    held_until: dt.datetime | None
    answers: tuple[str, ...]
    times: tuple[Span, ...] = ()
    is_chosen: bool = False
    ends_at: dt.datetime | None = None
    stands: bool = False
    comes: bool = False

    @property
    def minutes(self) -> int | None:
        """How long it is meant to take."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60) if self.ends_at else None


@dataclass(frozen=True)
class Answered:
    """What became of an answer, and how the appointment stands after it."""

    word: str
    invitation: Invitation


def invitation(token: str) -> Invitation | None:
    """What the link speaks of, or None for a link that is not ours or is out of date. Changes nothing."""
    with system():
        request = _meant(token)
        return None if request is None else _shown(request)


def answer(
    token: str, word: str, wish: str = "", at: str = "", notice: PrivacyNotice | None = None
) -> Answered | None:
    """Apply an answer that the link allows; None if it is not possible (any more).

    `wish`: what would suit an applicant who asks for another time; `at`: the free time they choose. A repeated answer
    is not possible and changes nothing. Returns the same word, except for a choice: "chosen" (to be confirmed by the
    office), "moved" (granted), "taken" (no longer free; nothing changed). `notice`: the version of the privacy notice
    on the page, stored if none was shown at intake.
    """
    with system():
        request = _meant(token, lock=True)
        if request is None:
            return None
        shown = _shown(request)
        if word not in shown.answers:
            return None
        privacy.keep_shown(request, notice, Purpose.APPOINTMENT)
        if word == "choose":
            return _choose(request, shown, at)
        if word == "accept":
            actions.accept(request, by=None, means=default_means(request) or DeliveryMethod.UNTOLD)
        elif word == "refuse":
            actions.refuse(request, by=None, wish=wish[:200])
        elif word == "come":
            actions.confirm_coming(request, by=None)
            return Answered(word, _shown(request))
        else:
            actions.withdraw(request, by=None)
        return Answered(word, replace(shown, answers=(), times=(), stands=word == "accept", comes=False))


def _choose(request: AppointmentRequest, shown: Invitation, at: str) -> Answered | None:
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    try:
        actions.choose(request, starts_at=moment)
    except CollisionError as error:
        return Answered("taken", replace(shown, times=tuple(error.free)))
    ends_at = shown.ends_at and moment + (shown.ends_at - shown.starts_at)
    is_given = request.status == Status.APPROVED
    now = replace(
        shown, starts_at=moment, ends_at=ends_at, answers=(), times=(), stands=is_given, comes=False
    )
    return Answered("moved" if is_given else "chosen", now)


def _meant(token: str, *, lock: bool = False) -> AppointmentRequest | None:
    """The request of a link, until its appointment is over or another one has taken its place."""
    keys = links.read(token)
    if keys is None:
        return None
    rows = AppointmentRequest.objects.filter(
        key=keys[0], entry__key=keys[1], entry__ends_at__gt=timezone.now()
    ).select_related("entry", "principal", "applicant", "requested_by")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def _shown(request: AppointmentRequest) -> Invitation:
    entry = request.entry
    assert entry is not None  # noqa: S101 - found by its key
    found = answers(request)
    times = tuple(actions.times_to_choose(request)) if found else ()
    return Invitation(
        reference=request.reference,
        principal=request.principal.name,
        starts_at=entry.starts_at,
        place=where(entry),
        held_until=entry.hold_expires_at,
        answers=(*found, "choose") if times else found,
        times=times,
        is_chosen=is_chosen(request),
        ends_at=entry.ends_at,
        stands=request.status == Status.APPROVED and entry.status == EntryStatus.CONFIRMED,
        comes=request.coming_confirmed_at is not None,
    )


def calendar_file(token: str) -> bytes | None:
    """The appointment of a link as a file for the applicant's own calendar; None unless it stands and is to come."""
    with system():
        request = _meant(token)
        return calendar_of(request) if request is not None and request.status == Status.APPROVED else None
