"""Telling the citizen: one text, one notice with its proof, one message in the outbox."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.step import journal_line
from backend.complaints.choices import Means, NoticeKind, NoticeStatus
from backend.complaints.law.clock import is_statutory
from backend.complaints.letters import Letter
from backend.complaints.models import Complaint, Notice
from backend.complaints.story import Happened
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice
from backend.core.localtime import ISTANBUL, today
from backend.core.words.text import clean
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import Message

CARRIED = {Means.EMAIL: Message.Channel.EMAIL, Means.SMS: Message.Channel.SMS}
"""The means that leave through the outbox; for the others somebody says when and how it was told."""

PROVEN = frozenset(
    {
        NoticeKind.PROGRESS,
        NoticeKind.EXTENSION,
        NoticeKind.FEE,
        NoticeKind.FORWARDING,
        NoticeKind.CLOSING,
    }
)
"""What has consequences once it is told: told outside the outbox it needs its proof, under a law or not."""

HIDDEN_CODE = "••••-••••-••••"

IN_THE_MAKING = (NoticeStatus.DRAFT, NoticeStatus.SUBMITTED, NoticeStatus.APPROVED)


def compose(
    complaint: Complaint,
    kind: str,
    body: str = "",
    *,
    means: str = Means.EMAIL,
    named: bool = True,
    coded: bool = True,
    extra: dict[str, Any] | None = None,
) -> Letter:
    """The text as it will leave; `named=False`, or a hidden identity, salutes nobody by name, and with
    `coded=False` dots stand for the tracking code."""
    context: dict[str, Any] = {
        "complaint": complaint,
        "reference": complaint.reference,
        "tracking_code": complaint.tracking_code if coded else HIDDEN_CODE,
        "tracking_url": f"{settings.PUBLIC_URL.rstrip('/')}/takip/",
        "municipality": settings.MUNICIPALITY_NAME,
        "phone": settings.MUNICIPALITY_PHONE,
        "name": _name(complaint) if named else "",
        "body": clean(body),
        **(extra or {}),
    }
    subject, core = outbox.render(f"complaints/mail/{NoticeKind(kind).value.lower()}.txt", context)
    envelope = "sms" if means == Means.SMS else "letter"
    _subject, whole = outbox.render(f"complaints/mail/{envelope}.txt", context | {"core": core.strip()})
    return Letter(subject, core.strip(), whole.strip() if means == Means.SMS else whole)


def _name(complaint: Complaint) -> str:
    """The applicant's name, "" where it is hidden from departments or from the asker."""
    applicant = None if complaint.identity_hidden else complaint.visible_applicant
    return applicant.full_name if applicant else ""


def citizen_message_preview(
    complaint: Complaint,
    kind: str,
    body: str,
    *,
    means: str = Means.EMAIL,
    named: bool = True,
    coded: bool = True,
) -> tuple[str, str]:
    """(subject, text): exactly what sending will put into the outbox.

    Pass `named=False` for somebody who may not see who the citizen is, `coded=False` for a department.
    """
    letter = compose(complaint, kind, body, means=means, named=named, coded=coded)
    return letter.subject, letter.body


def record_letter(
    complaint: Complaint, kind: str, body: str, *, means: str, extra: dict[str, Any] | None = None
) -> None:
    """Add to a dry run what is sent to the citizen now or later. Does nothing in a real one."""
    if (run := complaint.dry_run) is not None:
        letter = compose(complaint, kind, body, means=means, extra=extra, named=run.named, coded=run.coded)
        run.letters.append(letter)


def _hides_addresses(complaint: Complaint) -> bool:
    return complaint.dry_run is not None and not complaint.dry_run.named


def _address(complaint: Complaint, means: str) -> str:
    """Return where the applicant is reached; a placeholder in a dry run for a viewer who may not know them."""
    return "…" if _hides_addresses(complaint) else reachable(complaint.applicant, means)


def reachable(citizen: Citizen | None, means: str) -> str:
    """Return the address for e-mail, SMS or post: the record's own, else that of the record it was merged into; ""
    if there is none.
    """
    for _step in range(5):
        if citizen is None:
            return ""
        phone = citizen.phone.as_e164 if citizen.phone else ""
        address = {Means.EMAIL: citizen.email, Means.POST: citizen.address}.get(Means(means), phone)
        if address:
            return address
        citizen = citizen.merged_into
    return ""


def lira_text(amount: Decimal) -> str:
    """`1.250,50`, as official Turkish writes it."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def default_means(complaint: Complaint) -> str:
    """E-mail where there is an address, otherwise nothing: then a person must say how."""
    return Means.EMAIL if _address(complaint, Means.EMAIL) else ""


def tell(
    complaint: Complaint,
    kind: NoticeKind,
    *,
    by: User | None,
    means: str,
    body: str = "",
    proof: str = "",
    told_on: dt.date | None = None,
    notice: Notice | None = None,
    extra: dict[str, Any] | None = None,
    only_for_them: dict[str, Any] | None = None,
    proven: bool = False,
) -> Notice:
    """Tell the citizen and keep the proof: a SENT notice, and an outbox message for e-mail and SMS.

    `told_on` is the local day on which it was told by another means; not in the future, default now.
    `only_for_them` stands in the message that leaves and not in the notice, which departments read.
    Raises REQUIRED (no means, no address, or no proof where a law asks for the notice, or it is PROVEN),
    INVALID, UNSUPPORTED.
    """
    way = choice(Means, means, "means") if means else None
    if way is None:
        raise DomainError(ErrorCode.REQUIRED, _("Say how the applicant is told."), "means")
    proof = clean(proof)
    moment = _moment(way, told_on)
    needs_proof = proven or kind in PROVEN or is_statutory(complaint)
    address = _checked_address(complaint, way, proof, needs_proof)
    kept = compose(complaint, kind, body, means=way, extra=extra)
    leaving = (extra or {}) | (only_for_them or {})
    record_letter(complaint, kind, body, means=way, extra=leaving)
    message = None
    if way in CARRIED:
        letter = compose(complaint, kind, body, means=way, extra=leaving)
        message = outbox.post(
            channel=CARRIED[way],
            address=address,
            subject=letter.subject,
            body=letter.body,
            purpose=f"complaint_{kind.value.lower()}",
        )
    notice = notice or Notice(complaint=complaint, kind=kind, drafted_by=by)
    notice.status, notice.body, notice.means, notice.proof = NoticeStatus.SENT, kept.core, way, proof[:200]
    notice.told_at, notice.told_by, notice.message = moment, by, message
    notice.save()
    return notice


def way_to_tell_the_end(complaint: Complaint, *, means: str | None, untold_reason: str) -> str:
    """By which means an end is told; "" where nobody can be told and the reason says why.

    Nobody is told nothing silently: the reason is accepted only where no e-mail can go out and, under a law,
    no address is known to write to. Raises REQUIRED or INVALID.
    """
    untold_reason = clean(untold_reason)
    if not means and untold_reason and _hides_addresses(complaint):
        return ""
    way = means or default_means(complaint)
    if way and untold_reason:
        message = _("The applicant is being told; leave the reason for not telling empty.")
        raise DomainError(ErrorCode.INVALID, message, "untold_reason")
    if not way and not untold_reason:
        message = _("Say how the applicant was told, or why nobody could be told.")
        raise DomainError(ErrorCode.REQUIRED, message, "means")
    if not way and is_statutory(complaint) and _address(complaint, Means.POST):
        message = _("The address is known and the law wants the applicant told: write to them.")
        raise DomainError(ErrorCode.INVALID, message, "untold_reason")
    return way


def tell_the_end(
    complaint: Complaint, kind: NoticeKind, *, by: User | None, means: str, untold_reason: str, **telling: Any
) -> None:
    """After the move to an end: tell it by the means that `way_to_tell_the_end` gave, or keep why not."""
    if means:
        tell(complaint, kind, by=by, means=means, proven=True, **telling)
    else:
        journal_line(complaint, Happened.NOT_TOLD, by=by, note=clean(untold_reason))


def _moment(means: Means, told_on: dt.date | None) -> dt.datetime:
    now = timezone.now()
    if told_on is None or told_on == today():
        return now
    if told_on > today():
        raise DomainError(
            ErrorCode.INVALID, _("The day on which it was told cannot lie in the future."), "told_on"
        )
    if means in CARRIED:
        raise DomainError(
            ErrorCode.INVALID, _("A message that leaves now cannot bear an earlier day."), "told_on"
        )
    return dt.datetime.combine(told_on, dt.time(12), ISTANBUL)


def _checked_address(complaint: Complaint, means: Means, proof: str, needs_proof: bool) -> str:
    if means not in CARRIED:
        if needs_proof and not proof:
            message = _("Write down the proof: who was told, when, or the number of the delivery.")
            raise DomainError(ErrorCode.REQUIRED, message, "proof")
        return ""
    outbox.require_channel(CARRIED[means])
    address = _address(complaint, means)
    if not address:
        missing = {
            Means.EMAIL: _("The applicant has no e-mail address. Choose another means."),
            Means.SMS: _("The applicant has no phone number. Choose another means."),
        }
        raise DomainError(ErrorCode.REQUIRED, missing[means], "means")
    return address


def reply_in_the_making(complaint: Complaint) -> Notice | None:
    """The one RESULT notice that is drafted, submitted or approved but not sent."""
    return complaint.notices.filter(kind=NoticeKind.RESULT, status__in=IN_THE_MAKING).first()


def set_reply_aside(complaint: Complaint) -> None:
    """A reply in the making is kept but will not be sent."""
    complaint.notices.filter(kind=NoticeKind.RESULT, status__in=IN_THE_MAKING).update(
        status=NoticeStatus.SET_ASIDE
    )
