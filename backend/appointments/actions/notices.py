"""Telling the applicant: one text, one notice, and for e-mail and SMS one message in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments import links
from backend.appointments.choices import DeliveryMethod, NoticeKind
from backend.appointments.models import AppointmentRequest, RequestAttachment, RequestNotice
from backend.calendars import writing as calendars
from backend.complaints.actions.notices import HIDDEN_CODE
from backend.configuration.office import configured
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import finished
from backend.core.words.text import clean, tr_fold
from backend.documents.models import stored
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import threads
from backend.outbox.models import Message
from backend.outbox.sms import sms_port
from backend.programme.models import Entry

CARRIED = {
    DeliveryMethod.EMAIL: Message.Channel.EMAIL,
    DeliveryMethod.SMS: Message.Channel.SMS,
    DeliveryMethod.WHATSAPP: Message.Channel.WHATSAPP,
}
SHORT = frozenset({DeliveryMethod.SMS, DeliveryMethod.WHATSAPP})
"""Means whose messages have no letter around them."""
ANSWERED_BY_LINK = (
    NoticeKind.PROPOSED,
    NoticeKind.APPROVED,
    NoticeKind.MOVED,
    NoticeKind.HANDOVER,
    NoticeKind.REMINDER,
    NoticeKind.CHOSEN,
)


STANDS = (NoticeKind.APPROVED, NoticeKind.MOVED, NoticeKind.HANDOVER, NoticeKind.REMINDER)
IN_CALENDAR = {
    **dict.fromkeys(STANDS, "CONFIRMED"),
    NoticeKind.CHOSEN: "TENTATIVE",
    NoticeKind.CANCELLED: "CANCELLED",
}
"""What the applicant's calendar makes of an appointment: it takes it over, moves it, or strikes it out."""


@dataclass(frozen=True)
class Letter:
    """Message to the applicant. `core` contains no names and is stored in the notice; `body` is sent."""

    subject: str
    core: str
    body: str


def calendar_of(request: AppointmentRequest, kind: str = NoticeKind.APPROVED, *, to: str = "") -> bytes:
    """An appointment as a calendar file: when, where and with whom, without what it is about.

    `to`: the address to which it is sent along with a notice of this kind. It is always the same event, and each change
    has a higher number; a cancellation is written before the request itself changes, so its number is the next one.
    Where replies are read, the calendar's answer goes there (`answering.take_reply`).
    """
    status = IN_CALENDAR[NoticeKind(kind)]
    is_cancelled = status == "CANCELLED"
    entry = request.entry
    if entry is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("This request has no appointment."))
    replies_to = threads.reply_address(threads.tag_of(request.key, to)) if to else ""
    line = calendars.Line(
        uid=calendars.uid(request.key),
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        summary=f"Randevu: {request.principal.name}",
        status=status,
        sequence=request.version + is_cancelled,
        changed_at=timezone.now(),
        place=where(entry),
        description=f"{request.reference} · {configured.MUNICIPALITY_NAME} · {configured.MUNICIPALITY_PHONE}",
        organizer=(replies_to or configured.MUNICIPALITY_EMAIL) if to else "",
        attendee=to,
        is_asked=bool(replies_to) and not is_cancelled and request.coming_confirmed_at is None,
    )
    method = "CANCEL" if is_cancelled else "REQUEST" if to else "PUBLISH"
    return calendars.written(f"Randevu {request.reference}", [line], method)


def where(entry: Entry) -> str:
    """The place; with the address of the house where it is one of its rooms, by the setting that names them."""
    rooms = tuple(filter(None, (tr_fold(name.strip()) for name in configured.HOUSE_ROOMS.split(","))))
    is_here = not entry.place or tr_fold(entry.place).startswith(rooms)
    return ", ".join(filter(None, (entry.place, configured.MUNICIPALITY_ADDRESS if is_here else "")))


def compose(
    request: AppointmentRequest,
    kind: str,
    body: str = "",
    *,
    means: str = DeliveryMethod.EMAIL,
    named: bool = True,
    **extra: Any,
) -> Letter:
    """Render the message; `named=False` omits the name in the salutation. `extra`: values that the request does
    not have yet."""
    entry, visit = request.entry, getattr(request, "visit", None)
    at = extra.pop("at", None) or (entry.starts_at if entry else visit.at if visit else None)
    is_short = means in SHORT
    context: dict[str, Any] = {
        "request": request,
        "reference": request.reference,
        "ground": request.ground,
        "principal": request.principal.name,
        "name": _name(request) if named else "",
        "body": clean(body),
        "at": at.astimezone(ISTANBUL) if at else None,
        "place": (entry.place if is_short else where(entry))
        if entry
        else visit.session.place
        if visit
        else "",
        "is_short": is_short,  # the link has the rest
        "minutes": int((entry.ends_at - entry.starts_at).total_seconds() // 60) if entry else None,
        "link": links.address_for(request) if kind in ANSWERED_BY_LINK and entry else "",
        **extra,
    }
    subject, core = outbox.render(f"appointments/mail/{NoticeKind(kind).value.lower()}.txt", context)
    envelope = "sms" if is_short else "letter"
    _subject, whole = outbox.render(f"appointments/mail/{envelope}.txt", context | {"core": core.strip()})
    return Letter(subject, core.strip(), whole.strip() if is_short else whole)


def _name(request: AppointmentRequest) -> str:
    if request.requested_by is not None:
        return str(request.requested_by)
    return request.visible_applicant.full_name if request.visible_applicant else ""


def message_preview(
    request: AppointmentRequest,
    kind: str,
    body: str = "",
    *,
    means: str = DeliveryMethod.EMAIL,
    named: bool = True,
    **extra: Any,
) -> tuple[str, str]:
    """(subject, text) as sending will put it into the outbox; `named=False` for who may not know the applicant."""
    letter = compose(request, kind, body, means=means, named=named, **extra)
    return letter.subject, letter.body


def reachable(request: AppointmentRequest, means: str) -> str:
    """The address for e-mail or SMS, may be "": the applicant's, or of whom in the house asked."""
    person: Citizen | User | None = request.requested_by or request.visible_applicant
    for _step in range(5):
        if person is None:
            return ""
        phone = person.phone.as_e164 if person.phone else ""
        address = person.email if means == DeliveryMethod.EMAIL else phone
        if address or isinstance(person, User):
            return str(address)
        person = person.merged_into
    return ""


def default_means(request: AppointmentRequest) -> str:
    """E-mail where there is an address, otherwise nothing: then a person must say how."""
    return DeliveryMethod.EMAIL if reachable(request, DeliveryMethod.EMAIL) else ""


def way_back(request: AppointmentRequest) -> str:
    """As the applicant wrote last, where that reaches them now; "" else."""
    heard = threads.heard_by(request)
    address = reachable(request, heard) if heard else ""
    return heard if address and outbox.agrees(heard, address) else ""


def means_of_message(request: AppointmentRequest) -> str:
    """As the applicant wrote last, or else the default."""
    return way_back(request) or default_means(request)


def first_means(
    request: AppointmentRequest, ways: Sequence[DeliveryMethod] = (DeliveryMethod.EMAIL, DeliveryMethod.SMS)
) -> DeliveryMethod | None:
    """The first of these means that reaches the applicant by itself; SMS only where a gateway is configured."""
    for way in ways:
        if (way == DeliveryMethod.EMAIL or sms_port().is_configured) and reachable(request, way):
            return way
    return None


def notify(
    request: AppointmentRequest,
    kind: NoticeKind,
    *,
    by: User | None,
    means: str,
    body: str = "",
    key: UUID | None = None,
    held: dt.datetime | None = None,
    files: Sequence[RequestAttachment] = (),
    **extra: Any,
) -> RequestNotice | None:
    """Tell the applicant, with a line of what and how; UNTOLD writes nothing. Raises REQUIRED, UNSUPPORTED also for
    files that do not go by e-mail.

    `key`: what makes the message the same if it is posted again (`outbox.post`). `held`: until when it waits and can be
    taken back.
    """
    finished(body)
    way = means or default_means(request)
    if way not in DeliveryMethod.values:
        raise DomainError(ErrorCode.REQUIRED, _("Choose how the applicant is notified."), "means")
    outbox.require_carried(files, way)
    if way == DeliveryMethod.UNTOLD:
        return None
    message = None
    letter = compose(request, kind, body, means=way, **extra)
    if way in CARRIED:
        outbox.require_channel(CARRIED[DeliveryMethod(way)])
        address = reachable(request, way)
        if not address:
            raise DomainError(
                ErrorCode.REQUIRED, _("There is no address for this means. Choose another."), "means"
            )
        outbox.require_consent(CARRIED[DeliveryMethod(way)], address)
        # A place on a halk günü has no entry of its own.
        by_mail = way == DeliveryMethod.EMAIL and kind in IN_CALENDAR and request.entry is not None
        message = outbox.post(
            channel=CARRIED[DeliveryMethod(way)],
            address=address,
            subject=letter.subject,
            body=letter.body,
            purpose=f"appointment_{kind.value.lower()}",
            key=key,
            calendar=calendar_of(request, kind, to=address).decode() if by_mail else "",
            files=[stored(file) for file in files],
            not_before=held,
            matter=request.key,
        )
    kept = letter.core
    if (
        complaint := extra.get("complaint")
    ) is not None:  # departments read notices; the code is the citizen's
        kept = kept.replace(complaint.tracking_code, HIDDEN_CODE)
    notice = RequestNotice.objects.create(
        request=request,
        kind=kind,
        body=kept,
        means=way,
        notified_by=by,
        message=message,
        held_until=held if message else None,
    )
    RequestAttachment.objects.filter(pk__in=[file.pk for file in files]).update(notice=notice)
    return notice
