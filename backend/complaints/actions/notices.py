"""Telling the citizen: one text, one notice with its proof, one message in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.step import journal_line
from backend.complaints.choices import DeliveryMethod, NoticeKind, NoticeStatus
from backend.complaints.law.clock import is_statutory
from backend.complaints.law.refusals import remedy_in
from backend.complaints.letters import Letter
from backend.complaints.models import PENDING_REPLY, Attachment, Complaint, Notice
from backend.complaints.story import EventType
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, today
from backend.core.validation import choice, finished, required, web_address
from backend.core.words.text import clean
from backend.documents.models import stored
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import threads
from backend.outbox.models import Message

CARRIED = {
    DeliveryMethod.EMAIL: Message.Channel.EMAIL,
    DeliveryMethod.SMS: Message.Channel.SMS,
    DeliveryMethod.WHATSAPP: Message.Channel.WHATSAPP,
}
SHORT = frozenset({DeliveryMethod.SMS, DeliveryMethod.WHATSAPP})
"""Delivery methods whose messages have no letter around them."""
"""Delivery methods sent through the outbox; for all others the user records time and proof."""

PROVEN = frozenset(
    {
        NoticeKind.PROGRESS,
        NoticeKind.EXTENSION,
        NoticeKind.FEE,
        NoticeKind.FORWARDING,
        NoticeKind.CLOSING,
    }
)
"""Notices with legal consequences: sent outside the outbox they need a proof, under every regime."""

ANSWERS = frozenset({NoticeKind.RESULT, NoticeKind.CLOSING})
"""Notices that answer the application: of one that came through CİMER they are entered there."""

HIDDEN_CODE = "••••-••••-••••"


def compose(
    complaint: Complaint,
    kind: str,
    body: str = "",
    *,
    means: str = DeliveryMethod.EMAIL,
    named: bool = True,
    coded: bool = True,
    extra: dict[str, Any] | None = None,
    is_refusal: bool = False,
) -> Letter:
    """Render the message; `named=False`, or a hidden identity, omits the name in the salutation, and
    `coded=False` masks the tracking code with dots. What refuses (`is_refusal`, or an end of the house) names its
    remedy."""
    remedy = remedy_in(complaint, kind, is_refusal=is_refusal)
    context: dict[str, Any] = {
        "complaint": complaint,
        "reference": complaint.reference,
        "tracking_code": complaint.tracking_code if coded else HIDDEN_CODE,
        "tracking_url": tracking_link(complaint.tracking_code if coded else ""),
        "name": _name(complaint) if named else "",
        "body": clean(body),
        "remedy": remedy.text if remedy else "",
        **(extra or {}),
    }
    subject, core = outbox.render(f"complaints/mail/{NoticeKind(kind).value.lower()}.txt", context)
    envelope = "sms" if means in SHORT else "letter"
    _subject, whole = outbox.render(f"complaints/mail/{envelope}.txt", context | {"core": core.strip()})
    return Letter(subject, core.strip(), whole.strip() if means in SHORT else whole)


def tracking_link(code: str) -> str:
    """The citizen's page of a case. The code stands behind “#”: a browser sends it to no server, and no log has it."""
    path = "/basvuru/takip/" if settings.WEBSITE else "/takip/"
    page = f"{settings.PUBLIC_URL.rstrip('/')}{path}"
    return f"{page}#{code}" if code else page


def text_to_enter(complaint: Complaint, reply: Notice) -> str:
    """The reply as it is entered in CİMER: the text that the notice will keep, without salutation and codes."""
    return compose(
        complaint,
        NoticeKind.RESULT,
        reply.body,
        means=DeliveryMethod.CIMER,
        named=False,
        coded=False,
        is_refusal=reply.is_refusal,
    ).core


def _name(complaint: Complaint) -> str:
    """The applicant's name, "" where it is hidden from departments or from the asker."""
    applicant = None if complaint.identity_hidden else complaint.visible_applicant
    return applicant.full_name if applicant else ""


def citizen_message_preview(
    complaint: Complaint,
    kind: str,
    body: str,
    *,
    means: str = DeliveryMethod.EMAIL,
    named: bool = True,
    coded: bool = True,
    is_refusal: bool = False,
) -> tuple[str, str]:
    """(subject, text), exactly as it will be sent.

    Pass `named=False` for a viewer who may not know the citizen, `coded=False` for a department.
    """
    letter = compose(complaint, kind, body, means=means, named=named, coded=coded, is_refusal=is_refusal)
    return letter.subject, letter.body


def record_letter(
    complaint: Complaint,
    kind: str,
    body: str,
    *,
    means: str,
    extra: dict[str, Any] | None = None,
    is_refusal: bool = False,
) -> None:
    """Add to a dry run what is sent to the citizen now or later. Does nothing in a real one."""
    if (run := complaint.dry_run) is not None:
        letter = compose(
            complaint,
            kind,
            body,
            means=means,
            extra=extra,
            named=run.named,
            coded=run.coded,
            is_refusal=is_refusal,
        )
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
        address = {DeliveryMethod.EMAIL: citizen.email, DeliveryMethod.POST: citizen.address}.get(
            DeliveryMethod(means), phone
        )
        if address:
            return address
        citizen = citizen.merged_into
    return ""


def lira_text(amount: Decimal) -> str:
    """`1.250,50`, as official Turkish writes it."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def default_means(complaint: Complaint) -> str:
    """In CİMER what came through it; else e-mail where there is an address, otherwise nothing: then a person must
    say how."""
    if complaint.came_through_cimer:
        return DeliveryMethod.CIMER
    return DeliveryMethod.EMAIL if _address(complaint, DeliveryMethod.EMAIL) else ""


def way_back(complaint: Complaint) -> str:
    """As the citizen wrote last, where that reaches the applicant now; "" else."""
    heard = threads.heard_by(complaint)
    address = _address(complaint, heard) if heard else ""
    return heard if address and (_hides_addresses(complaint) or outbox.agrees(heard, address)) else ""


def means_of_message(complaint: Complaint) -> str:
    """As the citizen wrote last, or else the default of a reply."""
    return way_back(complaint) or default_means(complaint)


def check_answered_in_cimer(complaint: Complaint, means: str) -> None:
    """INVALID for another means of answering what came through CİMER."""
    if means and means != DeliveryMethod.CIMER and complaint.came_through_cimer:
        message = _(
            "What came through CİMER is answered in CİMER. Choose “In CİMER”, or leave the means empty."
        )
        raise DomainError(ErrorCode.INVALID, message, "means")


def notify(
    complaint: Complaint,
    kind: NoticeKind,
    *,
    by: User | None,
    means: str,
    body: str = "",
    body_field: str = "body",
    proof: str = "",
    notified_on: dt.date | None = None,
    notice: Notice | None = None,
    extra: dict[str, Any] | None = None,
    only_for_them: dict[str, Any] | None = None,
    proven: bool = False,
    is_refusal: bool = False,
    files: Sequence[Attachment] = (),
    held: dt.datetime | None = None,
    send_at: dt.datetime | None = None,
) -> Notice:
    """Notify the citizen and store the proof: a SENT notice, and an outbox message for e-mail and SMS.

    `notified_on` is the local day of another means; not in the future, default now. `only_for_them` appears in the
    message but not in the notice, which departments read. `is_refusal`: the text names its remedy. `files` go with a
    mail, and stand on the tracking page whatever the means. `body_field`: the field in which the body was written,
    which a refusal names. `held`: until when the message waits (`held_until`),
    `send_at` the moment that was chosen for it. Raises REQUIRED (no means, no address, or no proof where a law asks for
    the notice, or it is PROVEN), INVALID, UNSUPPORTED.
    """
    way = choice(DeliveryMethod, means, "means") if means else None
    if way is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose how the applicant is notified."), "means")
    finished(body, body_field)
    if kind in ANSWERS:
        check_answered_in_cimer(complaint, way)
    proof = _link_of_answer(complaint, proof) if way is DeliveryMethod.SOCIAL else clean(proof)
    moment = moment_told(way, notified_on, since=complaint.registered_on)
    needs_proof = proven or kind in PROVEN or is_statutory(complaint)
    address = _checked_address(complaint, way, proof, needs_proof)
    kept = compose(complaint, kind, body, means=way, extra=extra, is_refusal=is_refusal)
    leaving = (extra or {}) | (only_for_them or {}) | {"files": [file.name for file in files]}
    record_letter(complaint, kind, body, means=way, extra=leaving, is_refusal=is_refusal)
    message = None
    if way in CARRIED:
        letter = compose(complaint, kind, body, means=way, extra=leaving, is_refusal=is_refusal)
        message = outbox.post(
            channel=CARRIED[way],
            address=address,
            subject=letter.subject,
            body=letter.body,
            purpose=f"complaint_{kind.value.lower()}",
            files=[stored(file) for file in files] if way == DeliveryMethod.EMAIL else (),
            not_before=held,
            matter=complaint.key,
        )
    notice = notice or Notice(complaint=complaint, kind=kind, drafted_by=by)
    notice.status, notice.body, notice.means, notice.proof = NoticeStatus.SENT, kept.core, way, proof[:200]
    notice.notified_at, notice.notified_by, notice.message = send_at or moment, by, message
    notice.is_refusal, notice.held_until = is_refusal, held
    notice.save()
    return notice


def closure_channel(complaint: Complaint, *, means: str | None, not_notified_reason: str) -> str:
    """Choose the delivery method for a closure notice; "" if the citizen cannot be reached and the reason is
    recorded. The reason is accepted only where no e-mail can go out and, under a law, no postal address is known.
    Raises REQUIRED or INVALID."""
    not_notified_reason = clean(not_notified_reason)
    if not means and not_notified_reason and _hides_addresses(complaint):
        return ""
    way = means or default_means(complaint)
    if way and not_notified_reason:
        message = _("The applicant is being notified; leave the reason for no notice empty.")
        raise DomainError(ErrorCode.INVALID, message, "not_notified_reason")
    if not way and not not_notified_reason:
        message = _("State how the applicant was notified, or why no notice was possible.")
        raise DomainError(ErrorCode.REQUIRED, message, "means")
    if not way and is_statutory(complaint) and _address(complaint, DeliveryMethod.POST):
        message = _("The address is known and the law requires a notice: write to the applicant.")
        raise DomainError(ErrorCode.INVALID, message, "not_notified_reason")
    return way


def notify_closure(
    complaint: Complaint,
    kind: NoticeKind,
    *,
    by: User | None,
    means: str,
    not_notified_reason: str,
    **options: Any,
) -> None:
    """After the move to an end: tell it by the means that `way_to_tell_the_end` gave, or keep why not."""
    if means:
        notify(complaint, kind, by=by, means=means, proven=True, **options)
    else:
        journal_line(complaint, EventType.NOT_TOLD, by=by, note=clean(not_notified_reason))


def moment_told(
    means: DeliveryMethod, notified_on: dt.date | None, *, since: dt.date | None = None
) -> dt.datetime:
    """Now, or noon of an earlier local day. INVALID for a day to come or before `since`, and for a message that leaves
    only now."""
    now = timezone.now()
    if notified_on is None or notified_on == today():
        return now
    if notified_on > today():
        raise DomainError(
            ErrorCode.INVALID, _("The day of the notice cannot lie in the future."), "notified_on"
        )
    if means in CARRIED:
        raise DomainError(
            ErrorCode.INVALID, _("A message that leaves now cannot bear an earlier day."), "notified_on"
        )
    if since is not None and notified_on < since:
        message = _("The application came on %(day)s: write a day from then until today.")
        raise DomainError(ErrorCode.INVALID, message % {"day": f"{since:%d.%m.%Y}"}, "notified_on")
    return dt.datetime.combine(notified_on, dt.time(12), ISTANBUL)


def _link_of_answer(complaint: Complaint, proof: str) -> str:
    """The link of what was written below a post. INVALID where the case has none, and where a law wants a notice that
    reaches the person; REQUIRED."""
    if is_statutory(complaint):
        message = _("The law requires a written notice to the person. Choose another means.")
        raise DomainError(ErrorCode.INVALID, message, "means")
    if not complaint.posts.exists():
        message = _("The application has no post on social media. Record it first, or choose another means.")
        raise DomainError(ErrorCode.INVALID, message, "means")
    return web_address(required(proof, "proof", _("Write the link of the answer.")), "proof", 200)


def _checked_address(complaint: Complaint, means: DeliveryMethod, proof: str, needs_proof: bool) -> str:
    if means not in CARRIED:
        if needs_proof and not proof:
            message = _("Write down the proof: who was notified, when, or the number of the delivery.")
            raise DomainError(ErrorCode.REQUIRED, message, "proof")
        return ""
    outbox.require_channel(CARRIED[means])
    address = _address(complaint, means)
    if not address:
        missing = {
            DeliveryMethod.EMAIL: _("The applicant has no e-mail address. Choose another means."),
        }
        phoneless = _("The applicant has no phone number. Choose another means.")
        raise DomainError(ErrorCode.REQUIRED, missing.get(means, phoneless), "means")
    if not _hides_addresses(complaint):
        outbox.require_consent(CARRIED[means], address)
    return address


def pending_reply(complaint: Complaint) -> Notice | None:
    """The one RESULT notice that is drafted, submitted or approved but not sent."""
    return complaint.notices.filter(PENDING_REPLY).first()


def answer_text(complaint: Complaint) -> str:
    """The answer without salutation, as a letter on paper says it: the reply in the making, else what was sent last of
    the reply or the end; with its remedy. "" where there is neither."""
    if (reply := pending_reply(complaint)) is not None:
        return compose(complaint, NoticeKind.RESULT, reply.body, is_refusal=reply.is_refusal).core
    notices = complaint.notices.filter(
        kind__in=[NoticeKind.RESULT, NoticeKind.CLOSING], status=NoticeStatus.SENT
    ).order_by("-notified_at", "-pk")
    last = notices.first()
    return last.body if last else ""


def discard_pending_reply(complaint: Complaint) -> None:
    """A reply in the making is kept but will not be sent."""
    complaint.notices.filter(PENDING_REPLY).update(status=NoticeStatus.SET_ASIDE)
