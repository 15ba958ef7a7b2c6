"""Letting a batch go out, stopping it, and deciding of those who were flagged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice
from backend.greetings import delivery, moves
from backend.greetings.actions.step import move, write_line
from backend.greetings.choices import AT_REST, UNDER_WAY, Channel, Decision, Outcome, Status
from backend.greetings.models import Batch, Recipient
from backend.greetings.moves import Verb, batch_action
from backend.greetings.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.outbox import holding
from backend.outbox.actions import marked_as_test, post, require_channel
from backend.outbox.models import Message

CHUNK = 100
FLAGGED = Q(Exists(Recipient.objects.filter(batch=OuterRef("pk"), outcome=Outcome.FLAGGED)))
PENDING = Q(Exists(Recipient.objects.filter(batch=OuterRef("pk"), outcome=Outcome.PENDING)))


@batch_action(
    Verb.START,
    event=EventType.STARTED,
    source=AT_REST,
    target=Status.WAITING,
    applies=PENDING | Q(status=Status.FAILED),
    traits=Trait.PRIMARY,
)
def start(batch: Batch, *, by: User | None) -> Batch:
    """Let it go out: first, or on from where it stopped. No recipient is greeted twice.

    Give it to the worker: first, again after a stop or a fault, or for those of whom was decided later. The worker
    begins after a minute: until then `stop` lets nothing go out at all. Who was greeted on the occasion is not greeted
    again. REQUIRED where the text, the signatory or recipients are missing.
    """
    moves.require(Verb.START, batch.status)
    _require_text(batch)
    if Channel.SMS in batch.channels:
        require_channel(Channel.SMS)
    if not batch.recipients.filter(outcome=Outcome.PENDING).exists() and not unprinted(batch).exists():
        message = _(
            "Nobody is left to whom it could be sent. Add recipients, or decide on those who are flagged."
        )
        raise DomainError(ErrorCode.REQUIRED, message, "recipients")
    run = batch.run + 1
    move(batch, Verb.START, by=by, run=run, started_at=None, seen_at=timezone.now(), ended_at=None, fault="")
    begins = holding.until(many=True)
    app.configure_task("greetings.send_batch", schedule_at=begins).defer(key=str(batch.key), run=run)
    return batch


def unprinted(batch: Batch) -> models.QuerySet[Recipient]:
    """Those whose letter goes out on paper and stands in no print run yet."""
    return batch.recipients.filter(outcome=Outcome.SENT, channel=Channel.PRINT, print_run=None)


def _require_text(batch: Batch) -> None:
    needs = {"sms_text"} if Channel.SMS in batch.channels else set()
    if {Channel.EMAIL, Channel.PRINT} & set(batch.channels):
        needs |= {"body", "signatory_name"}
    if Channel.EMAIL in batch.channels:
        needs |= {"subject"}
    messages = {
        "sms_text": _("Write the text of the SMS."),
        "body": _("Write the text of the letter."),
        "signatory_name": _("Choose who signs."),
        "subject": _("Write the subject of the e-mail."),
    }
    for name in ("subject", "body", "sms_text", "signatory_name"):
        if name in needs and not getattr(batch, name):
            raise DomainError(ErrorCode.REQUIRED, messages[name], name)


@batch_action(
    Verb.SEND_TEST,
    event=EventType.TESTED,
    source=AT_REST,
    applies=PENDING,
    traits=Trait.CONCURRENT,
    hint=_("It comes to your own e-mail address, is marked as a test and counts nothing."),
)
def send_test(batch: Batch, *, by: User) -> Batch:
    """Send oneself what the first recipient would read, marked as a test.

    By e-mail, to the address of who asks; it counts nothing. REQUIRED without an address, without a text, and where
    no message would be sent.
    """
    moves.require(Verb.SEND_TEST, batch.status)
    _require_text(batch)
    if not by.email:
        message = _("Your account has no e-mail address. Bilgi İşlem can record one.")
        raise DomainError(ErrorCode.REQUIRED, message)
    first = batch.recipients.filter(outcome=Outcome.PENDING).select_related(*delivery.WHO).order_by("pk")
    sent = [one for one in delivery.look(batch, list(first[:CHUNK])) if one.outcome == Outcome.SENT]
    if not sent:
        raise DomainError(
            ErrorCode.REQUIRED, _("Nobody on the list would be sent anything now."), "recipients"
        )
    draft = delivery.message_to(batch, sent[0])
    subject, body = marked_as_test(draft.subject or batch.title, draft.body)
    post(channel=Message.Channel.EMAIL, address=by.email, subject=subject, body=body, purpose="greeting_test")
    write_line(batch, EventType.TESTED, by=by)
    return batch


@batch_action(
    Verb.STOP,
    event=EventType.STOPPED,
    source=UNDER_WAY,
    target=Status.STOPPED,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
)
def stop(batch: Batch, *, by: User | None) -> Batch:
    """Let nothing more go out.

    From this moment on; what has gone out stays sent, and it can be started again.
    """
    move(batch, Verb.STOP, by=by)
    return batch


@batch_action(
    Verb.DECIDE,
    event=EventType.DECIDED,
    source=AT_REST,
    applies=FLAGGED,
    traits=Trait.PRIMARY,
    hint=_("Single ones are decided on in the list of recipients below."),
)
def decide(
    batch: Batch,
    *,
    by: User | None,
    decision: Annotated[
        Decision, Field(_("Of all who are flagged"), api="Greet them all the same, or leave them out.")
    ],
    recipients: Annotated[
        Iterable[Recipient] | None, Field(api="Of whom; default of all who are flagged.")
    ] = None,
) -> Batch:
    """Decide of those who were flagged.

    Leave them out, or greet them all the same with the next start.
    """
    moves.require(Verb.DECIDE, batch.status)
    what = choice(Decision, decision, "decision")
    rows = batch.recipients.filter(outcome=Outcome.FLAGGED)
    if recipients is not None:
        rows = rows.filter(pk__in=[row.pk for row in recipients])
    after = Outcome.PENDING if what == Decision.SEND else Outcome.LEFT_OUT
    count = rows.update(decision=what, outcome=after)
    if not count:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("Nobody is left to decide on. Reload the page."), "recipients"
        )
    move(batch, Verb.DECIDE, by=by, details={"decision": what.value, "count": count})
    return batch
