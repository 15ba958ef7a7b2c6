"""What may happen to a submission: it is received, confirmed by its sender, accepted or rejected by the office."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Annotated, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberType, number_type
from phonenumbers import parse as parse_phone

from backend.complaints import actions as complaints
from backend.complaints.actions.registering import (
    checked_category,
    checked_subject,
    tracking_code,
)
from backend.complaints.choices import Channel, DeliveryMethod, Kind
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.configuration.office import configured
from backend.contacts import actions as contacts
from backend.contacts import privacy
from backend.contacts.models import Citizen, PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import below, choice, finished, refuse, required, short
from backend.core.words.addresses import line_of, network_of
from backend.core.words.text import clean, line
from backend.journal.action_table import Field, Trait
from backend.journal.actions import record
from backend.journal.state_machine import change
from backend.organization.models import Category, Neighbourhood, User
from backend.outbox import actions as outbox
from backend.outbox.models import Message
from backend.outbox.sms import sms_port
from backend.places.bounds import checked_point
from backend.stickers.models import Sticker
from backend.submissions import moves
from backend.submissions.choices import Status
from backend.submissions.keeping import hand_over
from backend.submissions.models import PERSONAL, ShareUse, Submission, SubmissionFile, SubmissionQuerySet
from backend.submissions.moves import Verb, submission_action

HOUR = dt.timedelta(hours=1)
MOST_OF_SENDER, MOST_OF_NETWORK, MOST_OF_ALL = 20, 60, 12_000
"""So many are taken in an hour of one access line, of one network, and of everybody together: a quarter of a gigabyte
at most. Mobile carriers put many people behind one address: a line has more than one person sends."""
MOST_CODES_OF_CONTACT, MOST_CODES = 3, 1200
"""So many codes are sent in an hour to one telephone or e-mail address, and to everybody. What comes above is taken
without a code: anybody may name another person's address, and must not shut the door for them by it."""
LONGEST = 10_000
MOST_ANONYMOUS_OF_SENDER, MOST_ANONYMOUS_OF_NETWORK = 6, 30
"""So many without a name become cases at once in an hour; what comes above waits for the office's look."""
ANONYMOUS = frozenset({Kind.COMPLAINT, Kind.REQUEST, Kind.SUGGESTION, Kind.THANKS})
"""What may be brought without a name: a service that is wanted. A petition names its sender (3071 m.4), and so does a
request for information (4982 m.6)."""


@transaction.atomic
def receive(
    *,
    address: str,
    kind: str,
    subject: str,
    body: str,
    first_name: str = "",
    last_name: str = "",
    phone: str = "",
    email: str = "",
    postal_address: str = "",
    category: Category | None = None,
    neighbourhood: Neighbourhood | None = None,
    place: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    sticker: Sticker | None = None,
    privacy_notice: PrivacyNotice | None = None,
    group: str = "",
    is_anonymous: bool = False,
    identity_hidden: bool = False,
    files: QuerySet[SubmissionFile] | None = None,
) -> Submission:
    """Keep a submission of an unknown sender from an Internet `address`, and send a code to the address that they name.

    `is_anonymous`: without a name, where that may be; it becomes a case at once within the shares of such ones.

    No number is spent and no record of a person is made before the code comes back or the office accepts. The same sent
    again within an hour is the same submission, and gets what came anew with it: the wish to stay unknown, and files.
    `files` were brought before and belong to it. `group`: below which name of the input the sender's facts are, if
    below any. REQUIRED, INVALID; OVER_LIMIT for more than the shares of the line, the network and of everybody.
    """
    if is_anonymous:
        facts = dict.fromkeys(("first_name", "last_name", "phone", "email", "address"), "")
    else:
        with below(group) if group else nullcontext():
            facts = _checked_sender(first_name, last_name, phone, email, postal_address)
    checked_category(category)
    checked_point(latitude, longitude)
    code = tracking_code()
    row = Submission(
        kind=_checked_kind(kind, is_anonymous),
        subject=checked_subject(subject),
        body=short(body, "text", LONGEST),
        category=category,
        neighbourhood=neighbourhood,
        place=short(place, "place", 300),
        latitude=latitude,
        longitude=longitude,
        sticker=sticker,
        is_anonymous=is_anonymous,
        identity_hidden=identity_hidden and not is_anonymous,
        privacy_notice=privacy.checked(privacy_notice, Purpose.CASE, Purpose.SUGGESTION),
        code_digest=_code_digest(code),
        sender=keyed_digest("sender", line_of(address)),
        network=keyed_digest("network", network_of(address)),
        **facts,
    )
    facts_of_all = (
        row.kind,
        row.subject,
        row.body,
        row.place,
        row.category_id,
        row.neighbourhood_id,
        *facts.values(),
    )
    row.content = keyed_digest("content", *map(str, facts_of_all))
    _one_after_the_other(row)
    lately = Submission.objects.since(timezone.now() - HOUR)
    if there := _there_already(row, lately, files):
        there.is_repeated = True
        return there
    _require_shares(row, lately)
    row.is_code_sent = not is_anonymous and _has_share_of_codes(row) and _send_code(row, code)
    row.codes_sent = int(row.is_code_sent)
    row.save(force_insert=True)
    if files is not None:
        files.update(submission=row)
    if is_anonymous and _has_share_without_name(row, lately):
        _register(row, Status.CONFIRMED, by=None)
    return row


@transaction.atomic
def send_code_again(key: str, *, email: str = "", phone: str = "") -> None:
    """Send another code for a submission that waits, to another address where one is named; the former code ends.

    WRONG_STATE for one that does not wait any more; REQUIRED, INVALID; UNSUPPORTED for a telephone that no message
    reaches; OVER_LIMIT for more than three codes of one submission or to one address within the hour.
    """
    row = Submission.objects.waiting().select_for_update().filter(key=key, is_anonymous=False).first()
    if row is None:
        message = _("This application does not wait for a code any more.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if email or phone:
        facts = contacts.checked_facts({"first_name": row.first_name, "email": email, "phone": phone})
        row.email, row.phone = facts["email"], facts["phone"] or (row.phone if facts["email"] else "")
    if way_to(row.email, str(row.phone)) is None:
        message = _("No code can be sent to this telephone. Write your e-mail address, or call %(phone)s.")
        raise DomainError(ErrorCode.UNSUPPORTED, message % {"phone": configured.MUNICIPALITY_PHONE}, "phone")
    if row.codes_sent >= MOST_CODES_OF_CONTACT or not _has_share_of_codes(row):
        message = _("Too many codes were asked for within the hour. Try again later, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE})
    code = tracking_code()
    row.code_digest = _code_digest(code)
    row.is_code_sent, row.codes_sent = _send_code(row, code), row.codes_sent + 1
    row.save(update_fields=["email", "phone", "code_digest", "is_code_sent", "codes_sent"])


@transaction.atomic
def confirm(code: str) -> Complaint:
    """Make the submission a case, since its sender has the code: it counts from the day on which it was received.

    A code that comes twice is answered the same. NOT_FOUND; WRONG_STATE for one that the office rejected.
    """
    rows = Submission.objects.select_for_update(of=("self",)).select_related("complaint")
    row = rows.filter(code_digest=_code_digest(code)).first()
    if row is None:
        message = _("No submission has this code. Check it letter by letter, or call %(phone)s.")
        raise DomainError(ErrorCode.NOT_FOUND, message % {"phone": configured.MUNICIPALITY_PHONE}, "code")
    if row.complaint is not None:
        return row.complaint
    if row.status == Status.REJECTED:
        message = _("This submission was not accepted. Call %(phone)s if you do not agree.")
        raise DomainError(ErrorCode.WRONG_STATE, message % {"phone": configured.MUNICIPALITY_PHONE}, "code")
    return _register(row, Status.CONFIRMED, by=None)


@submission_action(
    Verb.ACCEPT,
    event="submission_accepted",
    source=Status.WAITING,
    target=Status.ACCEPTED,
    traits=Trait.PRIMARY,
)
def accept(submission: Submission, *, by: User | None) -> Submission:
    """Accept a submission without its code: it becomes a case.

    The case counts from the day on which the submission was received (3071 m.7).
    """
    moves.require(Verb.ACCEPT, submission.status)
    _register(submission, Status.ACCEPTED, by=by)
    record(verb="submission_accepted", about=submission, by=by)
    return submission


@submission_action(
    Verb.REJECT,
    event="submission_rejected",
    source=Status.WAITING,
    target=Status.REJECTED,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    hint=_(
        "Only what is no petition is rejected: an advertisement, a test, a joke. The sender reads the reason."
    ),
)
def reject(
    submission: Submission,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="Why; the sender reads it.", max_length=300)],
    whole_network: Annotated[
        bool,
        Field(
            _("Also everything else that waits from the same network"),
            api="Also all others of the hour before and after from the same network; their senders get no message.",
            help=_(
                "For a flood of advertisements: what came in the hour before and after. Its senders are not written to."
            ),
        ),
    ] = False,
) -> Submission:
    """Reject what is no petition.

    It is kept for thirty days with its reason, and then erased.
    """
    moves.require(Verb.REJECT, submission.status)
    why = finished(required(reason, "reason", _("Write why it is rejected."), 300), "reason")
    _tell_rejected(submission, why)
    decision: dict[str, Any] = {"decided_at": timezone.now(), "decided_by": by, "reason": why}
    change(submission, Status.REJECTED, **decision)
    count = 1
    if whole_network:
        around = submission.received_at - HOUR, submission.received_at + HOUR
        others = Submission.objects.waiting().filter(network=submission.network, received_at__range=around)
        count += others.update(status=Status.REJECTED, version=F("version") + 1, **decision)
    record(verb="submission_rejected", about=submission, by=by, note=str(count))
    return submission


def _register(row: Submission, to: Status, *, by: User | None) -> Complaint:
    """Register the case with the day of receipt, and leave what is personal to it."""
    case = complaints.register(
        kind=row.kind,
        channel=Channel.WEB,
        subject=row.subject,
        body=row.body,
        category=row.category if row.category and row.category.is_active else None,
        neighbourhood=row.neighbourhood,
        place=row.place,
        latitude=row.latitude,
        longitude=row.longitude,
        sticker=row.sticker,
        regime=Regime.SERVICE_REQUEST if row.is_anonymous else None,
        applicant=None if row.is_anonymous else _recorded(row, by),
        privacy_notice=row.privacy_notice,
        identity_hidden=row.identity_hidden,
        registered_at=row.received_at,
        receipt_by=_receipt_by(row),
        by=by,
    )
    hand_over(row.files.all(), case, by=None)
    emptied: dict[str, Any] = dict.fromkeys(PERSONAL, "") | {"latitude": None, "longitude": None}
    change(row, to, complaint=case, decided_at=timezone.now(), decided_by=by, **emptied)
    return case


def _receipt_by(row: Submission) -> DeliveryMethod | None:
    """By SMS to whom we write by SMS alone: the number and the tracking code were promised to them."""
    way = None if row.is_anonymous else way_to(row.email, str(row.phone))
    return DeliveryMethod.SMS if way is not None and way[0] == Message.Channel.SMS else None


def _recorded(row: Submission, by: User | None) -> Citizen:
    return contacts.record(
        by=by,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=row.phone,
        email=row.email,
        address=row.address,
    )


def _checked_kind(kind: str, is_anonymous: bool) -> Kind:
    known = choice(Kind, kind, "kind")
    if is_anonymous and known not in ANONYMOUS:
        refuse(ErrorCode.REQUIRED, _("This cannot be brought without a name."), "contact")
    return Kind(known)


def _checked_sender(
    first_name: str, last_name: str, phone: str, email: str, postal_address: str
) -> dict[str, str]:
    """The sender's facts as they are kept; there is a way to reach them."""
    facts = contacts.checked_facts(
        {"first_name": first_name, "last_name": last_name, "phone": phone, "email": email}
    )
    if not (facts["phone"] or facts["email"]):
        message = _("Write a telephone number or an e-mail address: you are owed an answer.")
        refuse(ErrorCode.REQUIRED, message, "phone")
    return facts | {"address": short(line(postal_address), "postal_address", contacts.LENGTHS["address"])}


# -- shares ---------------------------------------------------------------------------------------------------
def keyed_digest(what: str, *facts: str) -> str:
    """What tells that facts are the same, and not which."""
    return salted_hmac(f"submissions.{what}", "\x1f".join(facts), algorithm="sha256").hexdigest()[:32]


def _code_digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _one_after_the_other(row: Submission) -> None:
    """Two clicks at once wait for each other, and a flood only for its own network."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", [row.network])


def _require_shares(row: Submission, lately: SubmissionQuerySet) -> None:
    """OVER_LIMIT above a share: the narrowest is asked first, so that a flood ends at its own."""
    shares = (
        (lately.filter(sender=row.sender), MOST_OF_SENDER),
        (lately.filter(network=row.network), MOST_OF_NETWORK),
        (lately, MOST_OF_ALL),
    )
    if not are_left(shares):
        message = _("Too much was written within the hour. Try again later, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE})


def are_left(shares: Iterable[tuple[QuerySet[Any], int]]) -> bool:
    """Return whether of each share (rows that use it up, how many at most) something is left, asked in this order."""
    return all(rows[:most].count() < most for rows, most in shares)


def _there_already(
    row: Submission, lately: SubmissionQuerySet, files: QuerySet[SubmissionFile] | None
) -> Submission | None:
    """The same that was sent before, with what came anew; None where there is none, or a case has it without that."""
    same = lately.filter(content=row.content)
    is_with_files = files is not None and files.exists()
    if there := same.waiting().select_for_update().first():
        if is_with_files or row.identity_hidden > there.identity_hidden:
            there.identity_hidden |= row.identity_hidden
            there.version += 1  # so that the office does not decide on what it was before
            there.save(update_fields=["identity_hidden", "version"])
        if files is not None:
            files.update(submission=there)
        return there
    if is_with_files:
        return None
    decided = same.filter(identity_hidden__gte=row.identity_hidden).exclude(status=Status.REJECTED)
    return decided.select_related("complaint").first()


def _has_share_of_codes(row: Submission) -> bool:
    """Whether one more code may be sent to this address, and at all. Those to one address wait for each other."""
    contact = _contact(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 10))", [contact])
    sent = ShareUse.objects.filter(used_at__gt=timezone.now() - HOUR).exclude(contact="")
    return are_left([(sent.filter(contact=contact), MOST_CODES_OF_CONTACT), (sent, MOST_CODES)])


def _contact(row: Submission) -> str:
    """Where the code goes, in one spelling."""
    return keyed_digest("contact", row.email.lower() or str(row.phone))


def _has_share_without_name(row: Submission, lately: SubmissionQuerySet) -> bool:
    """Whether one more without a name may become a case at once."""
    others = lately.filter(is_anonymous=True).exclude(pk=row.pk)
    shares = (
        (others.filter(sender=row.sender), MOST_ANONYMOUS_OF_SENDER),
        (others.filter(network=row.network), MOST_ANONYMOUS_OF_NETWORK),
    )
    return are_left(shares)


# -- messages to the sender -----------------------------------------------------------------------------------
def way_to(email: str, phone: str) -> tuple[str, str] | None:
    """How a person is reached: (channel, address); None where there is no way."""
    if email:
        return Message.Channel.EMAIL, email
    mobile = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phone and sms_port().is_configured and number_type(parse_phone(phone)) in mobile:
        return Message.Channel.SMS, phone
    return None


def _send_code(row: Submission, code: str) -> bool:
    page = "/basvuru/onay/" if settings.WEBSITE else "/onay/"
    facts: dict[str, object] = {"code": code, "url": f"{settings.PUBLIC_URL.rstrip('/')}{page}#{code}"}
    is_sent = _send(row, "confirm", facts, outbox.language_of_asker())
    if is_sent:
        ShareUse.objects.create(contact=_contact(row), sender=row.sender, network=row.network)
    return is_sent


def _tell_rejected(row: Submission, reason: str) -> bool:
    return _send(row, "rejected", {"reason": reason})


def _send(row: Submission, text: str, facts: dict[str, object], language: str = "tr") -> bool:
    """Put a message to the sender into the outbox; False where there is no way to reach them."""
    if (way := way_to(row.email, str(row.phone))) is None:
        return False
    context = {"received_at": timezone.localtime(row.received_at), "language": language, **facts}
    channel, address = way
    subject, body = outbox.render_for(channel, f"submissions/mail/{text}.txt", context)
    outbox.post(
        channel=channel,
        address=address,
        subject=subject,
        body=clean(body),
        purpose=f"submission_{text}",
        language=language,
    )
    return True
