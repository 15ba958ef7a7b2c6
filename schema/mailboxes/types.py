"""Mailboxes, lines and the messages that came in, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import F, Func, IntegerField, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from backend.mailboxes import choices, models, moves
from permissions.mailboxes.rules import INBOUND_MESSAGES_TABLE
from schema.appointments.types import AppointmentRequest
from schema.complaints.types import Complaint
from schema.contacts.message_types import MessageMethod
from schema.core.fields import choice, column, expression, owned, viewer_can
from schema.core.nodes import Node, Scoped, file_url, key_of_row, node_type
from schema.core.scalars import described_enum
from schema.letters.types import Letter
from schema.organization.types import Department, StaffMember
from schema.partners.types import Organisation, OrganisationRole

InboundMessageChannel = described_enum(
    choices.Channel, "InboundMessageChannel", "By which way a message came in."
)
MailboxPurpose = described_enum(choices.Purpose, "MailboxPurpose", "What the mails of a mailbox become.")
MailboxFault = described_enum(choices.Fault, "MailboxFault", "Why a mailbox could not be read.")
MailboxSecurity = described_enum(
    choices.Security, "MailboxSecurity", "How the line to a server is encrypted."
)
MailboxSignIn = described_enum(choices.SignIn, "MailboxSignIn", "How one signs in at a server.")
InboundMessageKind = described_enum(choices.Kind, "InboundMessageKind", "What a mail is by its headers.")
InboundMessageStatus = described_enum(choices.Status, "InboundMessageStatus", "Where a mail stands.")
InboundMessageNote = described_enum(choices.Note, "InboundMessageNote", "What could not be read of a mail.")
InboundMessageVerb = described_enum(
    moves.Verb, "InboundMessageVerb", "What may be done to a mail at the desk."
)


@node_type(models.Mailbox, "Mailbox")
class Mailbox(Node, Scoped):
    """A mailbox of a unit, which is read every minute (posta kutusu). Its password is never shown."""

    name: str = column("What it is called.")
    address: str = column("Its address.")
    host: str = column("The IMAP server.")
    port: int = column("Its port.")
    security: MailboxSecurity = column("How the line is encrypted.")
    sign_in: MailboxSignIn = column("How one signs in.")
    login: str = column("The user name.")
    client_id: str = column("With OAuth 2: what the provider calls this program.")
    authorize_url: str = column("With OAuth 2: where consent is asked.")
    token_url: str = column("With OAuth 2: where tokens are.")
    scope: str = column("With OAuth 2: what the token is for.")
    access_ends_at: dt.datetime | None = column(
        "Until when the present token is good; it is renewed before.", "access_until"
    )
    folder: str = column("The folder that is read.")
    department: Department = column("The unit it belongs to.")
    purpose: MailboxPurpose = column("What its mails are proposed to become.")
    is_active: bool = column("Whether it is read.")
    checked_at: dt.datetime | None = column("When it was last read.")
    why_not_read: MailboxFault | None = choice("Why it cannot be read now.", "fault")
    how_many_not_taken: int = expression(
        "How many mails its server does not hand over, or could not be stored; they are asked for again.",
        Func(F("not_taken"), function="cardinality", output_field=IntegerField()),
        name="notTaken",
    )
    failed_at: dt.datetime | None = column("Since when it cannot be read.", "failing_since")
    version: int = column("Rises with every change of its settings.")


@node_type(models.MessageLine, "MessageLine")
class MessageLine(Node, Scoped):
    """A number of a unit to which citizens write by SMS or WhatsApp. Its secrets are never shown."""

    name: str = column("What it is called.")
    channel: InboundMessageChannel = column("By which way one writes to it: never MAIL.")
    number: str = column("The number (E.164), or a short code of the operators.")
    account: str = column("How the provider names it: the phone number ID of WhatsApp.")
    department: Department = column("The unit it belongs to.")
    purpose: MailboxPurpose = column("What its messages are proposed to become.")
    template: str = column(
        "The approved template of WhatsApp for what is written a day after the person wrote."
    )
    sends: bool = column("Of SMS: whether ours leave by its gateway, whose calls alone report of them.")
    is_active: bool = column("Whether what comes by it is taken.")
    heard_at: dt.datetime | None = column("When its gateway last called us.")
    version: int = column("Rises with every change of its settings.")


@node_type(models.InboundFile, "InboundFile")
class InboundFile(Node, Scoped):
    """An attachment of a mail that came in (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    content_id: str = column("How the HTML of the mail names it (`cid:`).")
    is_inline: bool = column("Whether it is a picture within the text.")
    uploaded_at: dt.datetime = column("When it was fetched.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the mail.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


def _verdict(method: str) -> KeyTextTransform:
    return KeyTextTransform(method, "authentication")


@node_type(models.InboundMessage, "InboundMessage")
class InboundMessage(Node, Scoped):
    """A message that came in (gelen ileti), by e-mail, SMS or WhatsApp, and what became of it."""

    channel: InboundMessageChannel = column("By which way it came.")
    mailbox: Mailbox | None = column("The mailbox into which it came, of a mail.")
    line: MessageLine | None = column("The number to which it was sent, of what is no mail.")
    department: Department = column("The unit on whose desk it lies.")
    status: InboundMessageStatus = column("Where it stands.")
    kind: InboundMessageKind = column("What it is by its headers.")
    received_at: dt.datetime = column("When our server received it: what is made of it counts from then on.")
    sent_at: dt.datetime | None = column("When it was sent, as the sender says.")
    from_address: str = column("The sender's e-mail address, in small letters, or telephone (E.164).")
    from_name: str = column("The sender's name, as they write it.")
    to_addresses: list[str] = column("To whom it was sent.")
    subject: str = column("What it is about; of what is no mail, how its text begins.")
    text: str = column("Its text, with the history that it quotes.")
    quoted_from: int | None = column("At which letter of the text the quoted history begins.")
    html: str = column("Its HTML with harmless tags alone; no picture of it is fetched from anywhere.")
    message_id: str = column(
        "Its Message-ID, without brackets; of what is no mail, the provider's name of it."
    )
    in_reply_to: str = column("The Message-ID that it answers.")
    references: list[str] = column("The Message-IDs of its thread, the oldest first.")
    size: int = column("Of the original, in bytes.")
    sha256: str = column("Of the original, in hexadecimal.", name="sha256")
    spf: str | None = expression("What our server found of SPF (RFC 7208), such as pass.", _verdict("spf"))
    dkim: str | None = expression("What our server found of DKIM (RFC 6376).", _verdict("dkim"))
    dmarc: str | None = expression("What our server found of DMARC (RFC 7489).", _verdict("dmarc"))
    notes: list[InboundMessageNote] = column("What could not be read of it; the original has all of it.")
    danger: str = column(
        "What its words give away that may hurt people; empty for nothing. A case of it is proposed as urgent."
    )
    files: list[InboundFile] = owned("Its attachments.", ["uploaded_at", "id"])

    @strawberry_django.field(
        description="Where to fetch the original, for viewers who may see the mail. No virus scanner looked at it.",
        only=["key"],
        metadata={
            "sql": Concat(
                Value("/files/mails/"),
                Cast("key", TextField()),
                Value("/original/"),
                output_field=TextField(),
            )
        },
    )
    def original_url(self) -> str:
        return f"/files/mails/{key_of_row(self)}/original/"

    set_aside_reason: str = column("Why nothing comes of it.")
    complaint: Complaint | None = column("The case that it is part of, if the viewer sees that.")
    appointment_request: AppointmentRequest | None = column("The appointment request that it is part of.")
    letter: Letter | None = column("The letter that it is part of.")
    organisation: Organisation | None = column("The partner in whose conversation it stands.")
    decided_at: dt.datetime | None = column("When it was decided what becomes of it.")
    decided_by: StaffMember | None = column("Who decided; null where it joined its matter by itself.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    can = viewer_can(INBOUND_MESSAGES_TABLE, InboundMessageVerb)


@node_type(models.WrittenFile, "WrittenFile")
class WrittenFile(Node, Scoped):
    """A file that went with a written message (ek)."""

    name: str = column("The name it came with.")
    content_type: str = column("Its type, read from its content.")
    size: int = column("In bytes.")
    uploaded_at: dt.datetime = column("When it was added.")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see the message.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.WrittenMessage, "WrittenMessage")
class WrittenMessage(Node, Scoped):
    """What was written about a letter or to a partner, or an internal note on a matter."""

    is_note: bool = column("Whether it is an internal note, which only the house reads.")
    at: dt.datetime = column("When it was written.")
    subject: str = column("The subject, of an e-mail.")
    body: str = column("The text, without greeting and signature.")
    way: MessageMethod | None = choice("How it was sent.", "means")
    address: str = column("To which address or number it went; empty of a note.")
    author: StaffMember | None = column("Who wrote it.")
    role: OrganisationRole | None = column("To whom at the organisation, if the viewer sees that.")
    leaves_at: dt.datetime | None = column(
        "When it leaves, or left: until then it can be taken back.", "held_until"
    )
    files: list[WrittenFile] = owned("The files that went with it.", ["uploaded_at", "id"])
