"""How a registered letter reaches each addressee, and the proof that it did."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.core.validation import choice, required, short
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import change
from backend.letters import moves
from backend.letters.actions.signing import require_living
from backend.letters.actions.step import move, write_line
from backend.letters.choices import AddresseeKind, DeliveryMethod, Status
from backend.letters.drafts import FORMAL, known_bodies, with_addressee
from backend.letters.drafts import addressee as as_part
from backend.letters.law import addressing
from backend.letters.models import Addressee, Letter
from backend.letters.moves import Verb, letter_action
from backend.letters.papers import rendering
from backend.letters.story import EventType
from backend.notifications import staff
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.outbox.delivery import lately
from backend.outbox.models import Message

INSIDE = (AddresseeKind.DEPARTMENT, AddresseeKind.MAYORALTY)
"""Who reads letters in this system."""
UNDELIVERED_DAYS = 14
"""How long it is looked whether an e-mail arrived."""
DISPATCHED = "letter_dispatch"
"""The purpose of the e-mail of a letter."""


@letter_action(
    Verb.DISPATCH,
    event=EventType.DISPATCHED,
    source=(Status.REGISTERED, Status.SENT),  # to the last addressee: SENT
    applies=with_addressee(sent_at=None) & (~FORMAL | ~Q(document_number="")),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
)
def dispatch(
    letter: Letter,
    *,
    by: User | None,
    addressee: Annotated[
        Addressee | None,
        Field(
            _("Which addressee"),
            api="Which addressee; none: all departments, in this system.",
            empty=_("all departments, in this system"),
        ),
    ] = None,
    means: Annotated[DeliveryMethod, Field(_("How"), api="How.")],
    proof: Annotated[
        str,
        Field(
            _("Proof"),
            api="What proves it: zimmet, number of the post; needed for KEP.",
            help=_("Zimmet page, number of the registered post, number of the KEP message."),
            when=_("needed for KEP"),
            max_length=200,
        ),
    ] = "",
    email: Annotated[str, Field(api="The address for an e-mail; left out, the one on record.")] = "",
    send_at: Annotated[
        dt.datetime | None,
        Field(
            _("Send later"),
            api="The moment at which an e-mail leaves, at most thirty days away; default now. It can be taken back"
            " until then.",
            help=_("Empty: now. By e-mail only; until then it can be taken back."),
        ),
    ] = None,
) -> Letter:
    """Send it to one addressee, or to all departments.

    Its text goes by e-mail through the outbox, by post, by hand (zimmet) or by KEP, which a person does; departments
    read it in this system, all that wait at once where none is named. REQUIRED, WRONG_STATE if it was sent, or while an
    official letter has no number yet (m.11). An e-mail waits for a while, or until `send_at`, and can be taken back
    until then (`recall`).
    """
    moves.require(Verb.DISPATCH, letter.status)
    if Letter.objects.filter(FORMAL, pk=letter.pk, document_number="").exists():
        why = _("It has no number yet. Record the number that the EBYS gave it; then it can be sent.")
        raise DomainError(ErrorCode.WRONG_STATE, why)
    way = choice(DeliveryMethod, means, "means")
    if addressee is None:
        return _to_departments(letter, by, way, short(proof, "proof", 200))
    row = _addressee(letter, addressee)
    if row.sent_at is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("It was sent to them already."), "addressee")
    if row.message is not None and row.message.status == Message.Status.WAITING:
        refusal = _("Its e-mail is being sent again. Send it by another way if that fails too.")
        raise DomainError(ErrorCode.WRONG_STATE, refusal, "addressee")
    require_living(letter, row)
    if way == DeliveryMethod.SYSTEM and row.kind not in INSIDE:
        raise DomainError(ErrorCode.INVALID, _("Only departments read letters in this system."), "means")
    if way == DeliveryMethod.KEP:
        required(proof, "proof", _("Write the KEP message number as proof."))
    by_mail = way == DeliveryMethod.EMAIL
    if send_at is not None and not by_mail:
        refusal = _("Only an e-mail can be sent later. Choose e-mail, or leave the moment empty.")
        raise DomainError(ErrorCode.INVALID, refusal, "send_at")
    held = holding.until(send_at) if by_mail else None
    message = _mail(letter, row, email, held) if by_mail else None
    text = short(proof, "proof", 200)
    sent = Addressee.objects.filter(pk=row.pk)
    at = send_at or timezone.now()
    sent.update(
        means=way, sent_at=at, sent_by=by, proof=text, message=message, held_until=held, failed_at=None
    )
    return _sent(letter, by, way, text)


def _to_departments(letter: Letter, by: User | None, way: DeliveryMethod, text: str) -> Letter:
    """In this system, to all departments that wait for it."""
    waiting = letter.addressees.filter(kind__in=INSIDE, sent_at__isnull=True)
    if way != DeliveryMethod.SYSTEM or not waiting.exists():
        raise DomainError(ErrorCode.REQUIRED, _("Choose to whom it is sent."), "addressee")
    waiting.update(means=way, sent_at=timezone.now(), sent_by=by, proof=text)
    return _sent(letter, by, way, text)


def _sent(letter: Letter, by: User | None, way: DeliveryMethod, text: str) -> Letter:
    waits = Addressee.objects.filter(letter=letter, sent_at__isnull=True).exists()
    after = None if waits else Status.SENT
    move(letter, Verb.DISPATCH, by=by, to=after, note=text, details={"means": way.value})
    return letter


@letter_action(
    Verb.RECALL,
    event=EventType.RECALLED,
    source=(Status.REGISTERED, Status.SENT),
    target=Status.REGISTERED,
    applies=with_addressee(holding.HELD),
    traits=Trait.PRIMARY,
    takes_back=(Verb.DISPATCH,),
)
def recall(letter: Letter, *, by: User | None) -> Letter:
    """Take back the e-mails of this letter that have not left yet.

    It is as if they were never sent, and can be sent anew. The letter keeps its number and stays in the register of
    outgoing letters (RYY m.11). WRONG_STATE once they have left.
    """
    moves.require(Verb.RECALL, letter.status)
    rows = Addressee.objects.filter(holding.HELD, letter=letter).select_for_update(of=("self",))
    waiting = list(rows.select_related("message"))
    holding.recall(row.message for row in waiting)
    before = {"means": "", "sent_at": None, "sent_by": None, "proof": "", "message": None, "held_until": None}
    Addressee.objects.filter(pk__in=[row.pk for row in waiting]).update(**before)
    move(letter, Verb.RECALL, by=by, details={"count": len(waiting)})
    return letter


@letter_action(
    Verb.CONFIRM,
    event=EventType.CONFIRMED,
    source=(Status.REGISTERED, Status.SENT),  # by the last addressee: DELIVERED
    applies=with_addressee(sent_at__isnull=False, delivered_on=None),
    traits=Trait.CONCURRENT,
)
def confirm(
    letter: Letter,
    *,
    by: User | None,
    addressee: Annotated[Addressee, Field(_("Which addressee"), api="Which addressee.")],
    delivered_on: Annotated[dt.date, Field(_("Delivered on"), api="On which day.")],
    proof: Annotated[str, Field(_("Proof"), api="What proves it.", max_length=200)] = "",
) -> Letter:
    """Record that it arrived.

    It reached one addressee, on which day and by what proof.
    """
    moves.require(Verb.CONFIRM, letter.status)
    row = _addressee(letter, addressee)
    if row.sent_at is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("It was not sent to them yet."), "addressee")
    if row.delivered_on is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("The delivery is recorded already."), "addressee")
    if delivered_on > today():
        raise DomainError(ErrorCode.INVALID, _("The date lies in the future."), "delivered_on")
    text = short(proof, "proof", 200) or row.proof
    Addressee.objects.filter(pk=row.pk).update(delivered_on=delivered_on, proof=text)
    waits = Addressee.objects.filter(letter=letter, delivered_on__isnull=True).exists()
    move(letter, Verb.CONFIRM, by=by, to=None if waits else Status.DELIVERED, note=text)
    return letter


def report_undelivered() -> int:
    """Of each e-mail that finally failed or was returned: it is not sent to its addressee, whom the letter waits to be
    sent to anew; the unit is notified once. How many.

    One that the office had sent again from the outbox is sent.
    """
    with system():
        failed = Q(message__status=Message.Status.FAILED, sent_at__isnull=False, delivered_on=None)
        again = Q(message__status=Message.Status.SENT, sent_at=None, failed_at__isnull=False)
        rows = Addressee.objects.filter(lately(UNDELIVERED_DAYS), failed | again)
        keys = list(rows.order_by("pk").values_list("letter", flat=True))
    return sum(_report(key, failed, again) for key in dict.fromkeys(keys))


def reached_otherwise(message: Message) -> bool:
    """Whether an e-mail of a letter is not to be sent again: its addressee got the letter by another way or by a newer
    e-mail since, or the arrival is recorded. Locks the addressee, as sending does."""
    if message.purpose != DISPATCHED:
        return False
    row = Addressee.objects.select_for_update(of=("self",)).filter(message=message).first()
    return row is None or row.delivered_on is not None


def _report(key: int, failed: Q, again: Q) -> int:
    with system():
        letter = Letter.objects.select_for_update(of=("self",)).select_related("department").get(pk=key)
        rows = Addressee.objects.filter(letter=letter).select_related("message")
        for row in rows.filter(again):
            Addressee.objects.filter(pk=row.pk).update(
                sent_at=row.message and row.message.sent_at, failed_at=None
            )
        lost = list(rows.filter(failed))
        for row in lost:
            at = (row.message and row.message.failed_at) or timezone.now()
            Addressee.objects.filter(pk=row.pk).update(sent_at=None, proof="", failed_at=at)
        before, waits = letter.status, Addressee.objects.filter(letter=letter, sent_at=None).exists()
        after = Status.REGISTERED if waits else Status.SENT
        if before != after and before in (Status.REGISTERED, Status.SENT):
            change(letter, after)
        for row in lost:
            details = {"to": str(row)}
            write_line(letter, EventType.NOT_DELIVERED, by=None, from_status=before, details=details)
        if lost:
            staff.hand_over(staff.unit(letter.department), "letters/undelivered", letter, None)
    return len(lost)


def _addressee(letter: Letter, addressee: Addressee) -> Addressee:
    """The addressee as it now is, locked. NOT_FOUND if it is another letter's."""
    row = Addressee.objects.select_for_update(of=("self",)).filter(letter=letter, pk=addressee.pk).first()
    if row is None:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such addressee."), "addressee")
    return row


def _mail(letter: Letter, row: Addressee, email: str, held: dt.datetime | None) -> Message:
    address = email or row.email
    if not address:
        raise DomainError(ErrorCode.REQUIRED, _("There is no e-mail address. Write one."), "email")
    if letter.is_confidential:
        message = _("A confidential letter does not go out by e-mail. Choose another means.")
        raise DomainError(ErrorCode.INVALID, message, "means")
    context: dict[str, object] = {
        "subject": letter.subject,
        "number": letter.document_number,
        "date": rendering.date_on_paper(letter),
        "to": "\n".join(addressing.addressed(as_part(row), known_bodies())),
        "salutation": letter.salutation,
        "body": letter.body,
        "closing": letter.closing,
        "signature": rendering.signature(letter),
        "link": rendering.verification_address(letter) if letter.verification else "",
    }
    subject, body = outbox.render("letters/mail/dispatch.txt", context)
    return outbox.post(
        channel=Message.Channel.EMAIL,
        address=address,
        subject=subject,
        body=body,
        purpose=DISPATCHED,
        not_before=held,
        matter=letter.key,
    )
