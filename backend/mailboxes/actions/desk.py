"""What may happen to a mail at the incoming desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints import actions as complaints
from backend.complaints.actions.working import keep as keep_attachment
from backend.complaints.choices import Channel as CaseChannel
from backend.complaints.choices import Kind as CaseKind
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import refuse, required
from backend.core.words.text import line
from backend.documents import scanning
from backend.documents.intake import AcceptedFile
from backend.journal.action_table import Field, Trait
from backend.journal.actions import record
from backend.journal.state_machine import change
from backend.letters.models import Letter
from backend.mailboxes import joining, moves
from backend.mailboxes.actions.parameters import (
    LONGEST_BODY,
    Applicant,
    Body,
    FirstName,
    LastName,
    Subject,
)
from backend.mailboxes.choices import Channel, Kind, Status
from backend.mailboxes.models import EDGES, InboundFile, InboundMessage, Matter, name_of
from backend.mailboxes.moves import Verb, inbound_message_action
from backend.organization.models import Category, Department, Neighbourhood, User
from backend.partners.models import Organisation

CASE_CHANNELS: dict[str, CaseChannel] = {
    Channel.MAIL: CaseChannel.EMAIL,
    Channel.SMS: CaseChannel.SMS,
    Channel.WHATSAPP: CaseChannel.WHATSAPP,
}


# -- mails -----------------------------------------------------------------------------------------------------
@inbound_message_action(
    Verb.MAKE_CASE,
    event="mail_registered",
    source=Status.WAITING,
    target=Status.MADE,
    traits=Trait.PRIMARY,
)
def make_case(
    mail: InboundMessage,
    *,
    by: User | None,
    kind: Annotated[str, Field(_("Kind"), api="What is brought."), CaseKind],
    subject: Subject = "",
    body: Body = "",
    applicant: Applicant = None,
    first_name: FirstName = "",
    last_name: LastName = "",
    category: Annotated[Category | None, Field(_("Category"), api="What it is about, of the list.")] = None,
    neighbourhood: Annotated[Neighbourhood | None, Field(api="Where it is.")] = None,
    place: Annotated[str, Field(_("Place"), api="The street part of the address.", max_length=300)] = "",
) -> InboundMessage:
    """Register a mail as an application, with its files.

    It counts from the day on which our server received the mail (3071 m.7). The sender gets the receipt of every
    application.
    """
    moves.require(Verb.MAKE_CASE, mail.status)
    case = complaints.register(
        kind=kind,
        channel=CASE_CHANNELS[mail.channel],
        subject=subject or subject_of(mail),
        body=body or mail.written[:LONGEST_BODY],
        applicant=applicant or recorded(mail, first_name, last_name, by),
        category=category,
        neighbourhood=neighbourhood,
        place=place,
        registered_at=mail.received_at,
        by=by,
        by_rules=True,
    )
    return become(mail, case, keep_attachment, verb="mail_registered", by=by)


@inbound_message_action(
    Verb.JOIN,
    event="mail_joined",
    source=Status.WAITING,
    target=Status.JOINED,
    traits=Trait.PRIMARY,
)
def join(
    mail: InboundMessage,
    *,
    by: User | None,
    complaint: Annotated[Complaint | None, Field(api="The case in whose conversation it belongs.")] = None,
    appointment_request: Annotated[
        AppointmentRequest | None, Field(api="Or the request for an appointment.")
    ] = None,
    letter: Annotated[Letter | None, Field(api="Or the letter that it is about, without being one.")] = None,
    organisation: Annotated[Organisation | None, Field(api="Or the partner who wrote it.")] = None,
) -> InboundMessage:
    """Join a mail to the conversation of exactly one matter: a case, an appointment request, a letter or a partner.

    Whose turn it is there is notified. A case that waited for the citizen goes on; nothing else changes, and the sender
    is not written to.
    """
    moves.require(Verb.JOIN, mail.status)
    named = [one for one in (complaint, appointment_request, letter, organisation) if one is not None]
    if len(named) != 1:
        raise DomainError(ErrorCode.REQUIRED, _("Choose what the mail belongs to."), "complaint")
    (matter,) = named
    joining.join(mail, matter, by=by)
    record(verb="mail_joined", about=mail, by=by, label=name_of(matter))
    return mail


@inbound_message_action(
    Verb.TAKE_OUT,
    event="mail_taken_out",
    source=Status.JOINED,
    target=Status.WAITING,
    traits=Trait.DESTRUCTIVE,
    hint=_(
        "The mail waits again and is no part of the conversation any more. What followed from it stays: look at the"
        " matter itself."
    ),
)
def take_out(mail: InboundMessage, *, by: User | None) -> InboundMessage:
    """Take a mail out of the conversation that it was joined to by mistake: it waits at the desk again."""
    moves.require(Verb.TAKE_OUT, mail.status)
    matter = mail.matter
    nothing = dict.fromkeys(EDGES.values())
    change(mail, Status.WAITING, decided_at=None, decided_by=None, **nothing)
    joining.leave(mail, matter, by=by)
    record(verb="mail_taken_out", about=mail, by=by, label=name_of(matter) if matter else "")
    return mail


@inbound_message_action(
    Verb.ROUTE,
    event="mail_routed",
    source=Status.WAITING,
    hint=_("The mail leaves the desk of your unit: the other unit sees it then, and yours no longer does."),
)
def route(
    mail: InboundMessage,
    *,
    by: User | None,
    to: Annotated[Department, Field(_("Department"), api="The unit whose desk it goes to.")],
) -> InboundMessage:
    """Pass a mail on to the desk of another unit.

    INVALID for the unit that has it.
    """
    moves.require(Verb.ROUTE, mail.status)
    if to.pk == mail.department_id:
        raise DomainError(ErrorCode.INVALID, _("This unit has the mail already."), "to")
    change(mail, mail.status, department=to)
    record(verb="mail_routed", about=mail, by=by, label="", note=to.name)
    return mail


@inbound_message_action(
    Verb.SET_ASIDE,
    event="mail_set_aside",
    source=Status.WAITING,
    target=Status.SET_ASIDE,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    hint=_(
        "Only what is no petition is set aside: an advertisement, a test, a copy for information. The sender is not"
        " written to; the mail stays here and can be put back."
    ),
)
def set_aside(
    mail: InboundMessage,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="Why nothing comes of it.", max_length=300)],
) -> InboundMessage:
    """Set a mail aside of which nothing comes, with the reason."""
    moves.require(Verb.SET_ASIDE, mail.status)
    why = required(reason, "reason", _("Write why nothing comes of it."), 300)
    change(mail, Status.SET_ASIDE, set_aside_reason=why, **decision(by))
    record(verb="mail_set_aside", about=mail, by=by, label="")
    return mail


@inbound_message_action(
    Verb.TAKE_UP,
    event="mail_taken_up",
    source=Status.SET_ASIDE,
    target=Status.WAITING,
    traits=Trait.PRIMARY,
)
def take_up(mail: InboundMessage, *, by: User | None) -> InboundMessage:
    """Put a mail that was set aside back on the desk."""
    moves.require(Verb.TAKE_UP, mail.status)
    change(mail, Status.WAITING, set_aside_reason="", decided_at=None, decided_by=None)
    record(verb="mail_taken_up", about=mail, by=by, label="")
    return mail


@inbound_message_action(
    Verb.VOID_REFUSAL,
    event="refusal_voided",
    source=Status.SET_ASIDE,
    applies=Q(kind=Kind.REFUSAL),
    traits=Trait.PRIMARY,
    hint=_(
        "The sender of a text message is not proven: anyone who pays for it can write under this number. Ask the person"
        " before you take the refusal back; they get messages again from now on."
    ),
)
def void_refusal(
    mail: InboundMessage,
    *,
    by: User | None,
    reason: Annotated[
        str, Field(_("How you know that it was not theirs"), api="How that is known.", max_length=300)
    ],
) -> InboundMessage:
    """Take back a refusal of messages that its sender did not write.

    It holds no more, and the message stays set aside with this reason. A refusal that the person writes afterwards
    holds again.
    """
    moves.require(Verb.VOID_REFUSAL, mail.status)
    if mail.kind != Kind.REFUSAL:
        raise DomainError(ErrorCode.WRONG_STATE, _("This message refuses nothing."))
    why = required(reason, "reason", _("Write how you know that the person did not write it."), 300)
    change(mail, mail.status, kind=Kind.VOID, set_aside_reason=why, **decision(by))
    record(verb="refusal_voided", about=mail, by=by, label="")
    return mail


def become(
    mail: InboundMessage, matter: Matter, keep: Callable[..., object], *, verb: str, by: User | None
) -> InboundMessage:
    """Make a mail the one that `matter` was made of, which keeps a copy of its files."""
    for file in files_of(mail):
        keep(matter, file, by=None)
    change(mail, Status.MADE, **{EDGES[type(matter)]: matter}, **decision(by))
    record(verb=verb, about=mail, by=by, label=name_of(matter))
    return mail


def files_of(mail: InboundMessage) -> list[AcceptedFile]:
    """The attachments as a matter takes a copy of them; what waits for the virus scanner waits there too."""
    found = []
    for row in InboundFile.objects.filter(mail=mail).order_by("uploaded_at", "pk"):
        storage, name = row.file.storage, str(row.file.name)
        if not storage.exists(name):
            continue  # it was found infected
        with row.file.open("rb") as stream:
            content = stream.read()
        awaits = storage.exists(f"{scanning.WAITING}/{name}")
        found.append(AcceptedFile(content, row.name, row.content_type, row.sha256, awaits))
    return found


def subject_of(mail: InboundMessage) -> str:
    first = next((text for text in mail.written.splitlines() if text.strip()), "")
    return line(mail.subject or first)[:200] or str(_("(without a subject)"))


def recorded(mail: InboundMessage, first_name: str, last_name: str, by: User | None) -> Citizen:
    """A record of the sender, by the name that was typed or else the one that the message bears."""
    first, last = line(first_name), line(last_name)
    if not (first or last):
        words = mail.from_name.split()
        first, last = " ".join(words[:-1]) or mail.from_name, words[-1] if len(words) > 1 else ""
    if not first:
        message = _("Write the name of the sender, or choose their record.")
        refuse(ErrorCode.REQUIRED, message, "first_name")
    return contacts.record(
        first_name=first[:80],
        last_name=last[:80],
        email=mail.from_address if mail.is_mail else "",
        phone=mail.from_phone,
        by=by,
    )


def decision(by: User | None) -> dict[str, Any]:
    return {"decided_at": timezone.now(), "decided_by": by}
