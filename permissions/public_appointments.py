"""What is answered before anybody is known, too: an applicant's own appointment, by its link."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from backend.appointments import actions, links
from backend.appointments.actions.telling import default_means
from backend.appointments.choices import Means, Status
from backend.appointments.models import AppointmentRequest
from backend.core.session import system
from backend.programme.choices import Status as EntryStatus

ANSWERS = ("accept", "refuse", "cancel")


@dataclass(frozen=True)
class Invitation:
    """The least that tells an applicant what they are asked: with whom, when and where, and what they may answer."""

    reference: str
    principal: str
    starts_at: dt.datetime
    place: str
    held_until: dt.datetime | None
    answers: tuple[str, ...]


def invitation(token: str) -> Invitation | None:
    """What the link speaks of, or None for a link that is not ours or is out of date. Changes nothing."""
    with system():
        request = _meant(token)
        return None if request is None else _shown(request)


def answer(token: str, word: str, wish: str = "") -> str | None:
    """Say an answer that the link allows; returns the word, or None if it is not possible (any more).

    `wish`: what would suit somebody who asks for another time. Said twice it is not possible the second time, and
    changes nothing.
    """
    with system():
        request = _meant(token, lock=True)
        if request is None or word not in _shown(request).answers:
            return None
        if word == "accept":
            actions.accept(request, by=None, means=default_means(request) or Means.UNTOLD)
        elif word == "refuse":
            actions.refuse(request, by=None, wish=wish[:200])
        else:
            actions.withdraw(request, by=None)
        return word


def _meant(token: str, *, lock: bool = False) -> AppointmentRequest | None:
    keys = links.read(token)
    if keys is None:
        return None
    rows = AppointmentRequest.objects.filter(key=keys[0], entry__key=keys[1]) if all(keys) else None
    if rows is None:
        return None
    rows = rows.select_related("entry", "principal")
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def _shown(request: AppointmentRequest) -> Invitation:
    entry = request.entry
    assert entry is not None  # noqa: S101 - found by its key
    now, answers = timezone.now(), ()
    if request.status == Status.PROPOSED and entry.status == EntryStatus.HELD:
        is_held = entry.hold_expires_at is not None and entry.hold_expires_at > now
        answers = ("accept", "refuse") if is_held else ()  # type: ignore[assignment]
    elif (
        request.status == Status.APPROVED and entry.status == EntryStatus.CONFIRMED and entry.starts_at > now
    ):
        answers = ("refuse", "cancel")  # type: ignore[assignment]
    return Invitation(
        reference=request.reference,
        principal=request.principal.name,
        starts_at=entry.starts_at,
        place=entry.place,
        held_until=entry.hold_expires_at,
        answers=answers,
    )
