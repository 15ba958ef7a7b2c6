"""What else a mail becomes: a request for an appointment, or an incoming letter."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.appointments import actions as appointments
from backend.appointments.actions.receiving import keep as keep_of_request
from backend.appointments.choices import Channel as RequestChannel
from backend.appointments.choices import Kind as RequestKind
from backend.core.localtime import local_date
from backend.journal.action_table import Field, Trait
from backend.letters import actions as letters
from backend.letters.actions.incoming import keep as keep_of_letter
from backend.letters.choices import AnswerKind
from backend.mailboxes import moves
from backend.mailboxes.actions.desk import become, recorded, subject_of
from backend.mailboxes.actions.parameters import (
    LONGEST_BODY,
    Applicant,
    Body,
    FirstName,
    LastName,
    Subject,
)
from backend.mailboxes.choices import Channel, Status
from backend.mailboxes.models import InboundMessage
from backend.mailboxes.moves import Verb, inbound_message_action
from backend.organization.models import OutsideBody, User
from backend.programme.models import Principal

REQUEST_CHANNELS: dict[str, RequestChannel] = {
    Channel.MAIL: RequestChannel.EMAIL,
    Channel.SMS: RequestChannel.SMS,
    Channel.WHATSAPP: RequestChannel.WHATSAPP,
}


@inbound_message_action(
    Verb.MAKE_REQUEST,
    event="mail_made_request",
    source=Status.WAITING,
    target=Status.MADE,
    traits=Trait.PRIMARY,
)
def make_request(
    mail: InboundMessage,
    *,
    by: User | None,
    principal: Annotated[Principal, Field(_("With whom?"), api="Whose programme it is for.")],
    kind: Annotated[str, Field(_("Kind"), api="What for."), RequestKind],
    subject: Subject = "",
    body: Body = "",
    applicant: Applicant = None,
    first_name: FirstName = "",
    last_name: LastName = "",
    organisation: Annotated[
        str,
        Field(_("Institution"), api="For which organisation, as the sender names it.", max_length=160),
    ] = "",
    party_size: Annotated[int, Field(_("How many people?"), api="How many people come.", min_value=1)] = 1,
    wish: Annotated[str, Field(_("Wish for a time"), api="What they wish of the time.", max_length=200)] = "",
) -> InboundMessage:
    """Register a mail as a request for an appointment, with its files.

    It counts from the moment at which our server received the mail. The sender gets the receipt of every request.
    """
    moves.require(Verb.MAKE_REQUEST, mail.status)
    request = appointments.receive(
        principal,
        by=by,
        channel=REQUEST_CHANNELS[mail.channel],
        kind=kind,
        subject=subject or subject_of(mail),
        body=body or mail.written[:LONGEST_BODY],
        applicant=applicant or recorded(mail, first_name, last_name, by),
        organisation=organisation,
        party_size=party_size,
        wish=wish,
        registered_at=mail.received_at,
    )
    return become(mail, request, keep_of_request, verb="mail_made_request", by=by)


@inbound_message_action(
    Verb.MAKE_LETTER,
    event="mail_made_letter",
    source=Status.WAITING,
    target=Status.MADE,
    traits=Trait.PRIMARY,
)
def make_letter(
    mail: InboundMessage,
    *,
    by: User | None,
    subject: Subject = "",
    text: Annotated[
        str,
        Field(
            _("Text"),
            api="Its text; left out, what was written in the mail.",
            rows=10,
            max_length=LONGEST_BODY,
        ),
    ] = "",
    sender: Annotated[
        str, Field(_("Sender"), api="Who wrote it; left out, the sender of the mail.", max_length=200)
    ] = "",
    body_of_sender: Annotated[
        OutsideBody | None, Field(_("Sending body"), api="The public body that wrote it, if one did.")
    ] = None,
    sender_number: Annotated[
        str, Field(_("Its number (sayı)"), api="The number that the sender gave it.", max_length=60)
    ] = "",
    sent_on: Annotated[
        dt.date | None, Field(_("Its date"), api="The sender's date; left out, that of the mail.")
    ] = None,
    asks_for: Annotated[
        str,
        Field(_("What does it ask for?"), api="What it asks for, and so how long an answer may take."),
        AnswerKind,
    ] = "",
    answer_by: Annotated[
        dt.date | None,
        Field(
            _("Answer by"),
            api="The day by which it is to be answered, where it is no letter of a public body or names one.",
            why=_("A petition is answered within thirty days of the day on which it was received."),
            law="3071 m. 7",
            name="answerUntil",
        ),
    ] = None,
) -> InboundMessage:
    """Register a mail as an incoming letter of its unit, with its files.

    The days of an answer count from the day on which our server received the mail. The original stays with the mail.
    """
    moves.require(Verb.MAKE_LETTER, mail.status)
    received_on = local_date(mail.received_at)
    dated = min(local_date(mail.sent_at), received_on) if mail.sent_at else received_on
    named = sender or (body_of_sender.name if body_of_sender else mail.from_name or mail.from_address)
    letter = letters.receive(
        mail.department,
        by=by,
        subject=subject or subject_of(mail),
        text=text or mail.written[:LONGEST_BODY],
        sender=named[:200],
        body_of_sender=body_of_sender,
        sender_number=sender_number,
        sent_on=sent_on or dated,
        received_on=received_on,
        asks_for=asks_for or (AnswerKind.DATED if answer_by else AnswerKind.NONE),
        answer_by=answer_by,
    )
    return become(mail, letter, keep_of_letter, verb="mail_made_letter", by=by)
