"""What an applicant may answer to an appointment, and the answer of their calendar program."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction
from django.utils import timezone

from backend.appointments.actions.deciding import withdraw
from backend.appointments.actions.timing import confirm_coming
from backend.appointments.choices import Status
from backend.appointments.models import AppointmentRequest, RequestLine, RequestNotice
from backend.appointments.story import EventType
from backend.calendars.replies import Answer, Reply
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry

_SEQUENCE = re.compile(r"^SEQUENCE:(\d{1,9})\s*$", re.MULTILINE)
WORDS = {Answer.ACCEPTED: "come", Answer.DECLINED: "cancel"}
"""What an answer of a calendar is among the answers of the applicant's page."""


def answers(request: AppointmentRequest) -> tuple[str, ...]:
    """What the applicant may answer now, but for another time."""
    entry = request.entry
    if entry is None:
        return ()
    if is_proposed(request):
        return ("accept", "refuse")
    if is_chosen(request):
        return ("cancel",)
    is_given = request.status == Status.APPROVED and entry.status == EntryStatus.CONFIRMED
    if not is_given or entry.starts_at <= timezone.now():
        return ()
    return ("come", "refuse", "cancel") if request.coming_confirmed_at is None else ("refuse", "cancel")


def is_proposed(request: AppointmentRequest) -> bool:
    """Whether a time is kept for the applicant, who has yet to say whether it suits them."""
    return request.status == Status.PROPOSED and _is_held(request.entry)


def is_chosen(request: AppointmentRequest) -> bool:
    """Whether a time to come is the applicant's own choice, which the office has yet to confirm."""
    return request.status == Status.NEW and _is_held(request.entry)


def _is_held(entry: Entry | None) -> bool:
    if entry is None or entry.status != EntryStatus.HELD or entry.hold_expires_at is None:
        return False
    return entry.ends_at > timezone.now() and entry.hold_expires_at > timezone.now()


@transaction.atomic
def take_reply(request: AppointmentRequest, reply: Reply, *, is_proven: bool) -> bool:
    """Do what the applicant's calendar answered, as their page would; whether that is done, now or by an earlier reply.

    False where a person has to look: it is about a time that has changed since, older than another answer, no plain
    yes or no, or not possible any more. That it is of the applicant, the caller found; `is_proven`: by more than the
    address that the invitation names, which takes nothing back: the invitation may have been forwarded.
    """
    rows = AppointmentRequest.objects.select_related("entry", "principal", "applicant", "requested_by")
    row = rows.select_for_update(of=("self",)).get(pk=request.pk)
    word = WORDS.get(reply.answer)
    if word is None or reply.sequence != _sent(row) or _is_overtaken(row, reply):
        return False
    if word in answers(row):
        if word == "cancel" and not is_proven:
            return False
        confirm_coming(row, by=None) if word == "come" else withdraw(row, by=None, note=reply.comment)
        return True
    return (word == "come" and row.coming_confirmed_at is not None and "refuse" in answers(row)) or (
        word == "cancel" and row.status == Status.WITHDRAWN
    )


def _sent(request: AppointmentRequest) -> int | None:
    """The number of the event that their calendar was sent last; None if it was sent none."""
    notices = RequestNotice.objects.filter(request=request).exclude(message__calendar="")
    calendar = notices.order_by("-notified_at", "-pk").values_list("message__calendar", flat=True).first()
    found = _SEQUENCE.search(calendar or "")
    return int(found[1]) if found else None


def _is_overtaken(request: AppointmentRequest, reply: Reply) -> bool:
    """Whether a later answer came first: mails overtake each other (RFC 5546 2.1.5)."""
    lines = RequestLine.objects.filter(request=request, verb=EventType.APPLICANT_WROTE)
    return lines.filter(details__stamped_at__gt=stamp_of(reply)).exists()


def stamp_of(reply: Reply) -> str:
    """When it was answered, as the line of the story keeps it: such texts are in the order of time."""
    return f"{reply.stamped_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
