"""Letters that come in: registered, referred to departments, answered or filed; and reminders of our own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Annotated, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.documents.intake import AcceptedFile
from backend.documents.intake import accept as accept_file
from backend.journal.action_table import Field, Trait
from backend.letters import moves
from backend.letters.actions.registering import take_number
from backend.letters.actions.step import move, write_line
from backend.letters.actions.writing import LONGEST, Facts, Recipient, Referred, draft
from backend.letters.choices import (
    ISSUED,
    ON_THE_WAY,
    WRITABLE,
    AddresseeKind,
    AnswerKind,
    Confidentiality,
    Kind,
    Register,
    Status,
)
from backend.letters.drafts import with_addressee
from backend.letters.models import Addressee, Letter, LetterAttachment
from backend.letters.moves import Verb, letter_action
from backend.letters.story import EventType
from backend.organization.calendar import working_calendar
from backend.organization.models import Department, OutsideBody, User

ANSWER_DAYS = {AnswerKind.DOCUMENT: 5, AnswerKind.OPINION: 15}
"""What is asked for -> working days (m.33)."""


def answer_due(asks_for: str, received_on: dt.date) -> dt.date | None:
    """The last day for an answer to a public body: 5 working days for a document, 15 for information or an opinion."""
    days = ANSWER_DAYS.get(AnswerKind(asks_for))
    return working_calendar().add_working_days(received_on, days) if days else None


@transaction.atomic
def receive(
    department: Department,
    *,
    by: User | None,
    subject: str,
    sender: str = "",
    body_of_sender: OutsideBody | None = None,
    sender_number: str = "",
    sent_on: dt.date | None = None,
    received_on: dt.date | None = None,
    asks_for: str = AnswerKind.NONE,
    answer_by: dt.date | None = None,
    text: str = "",
    to: Sequence[Department] = (),
    confidentiality: str = Confidentiality.NONE,
    answers: Letter | None = None,
) -> Letter:
    """Register a letter that came in, with the day its answer is due; `to`: the departments it is referred to at once.

    REQUIRED, INVALID. DUPLICATE if the same body's letter with this number was registered.
    """
    name = short(sender, "sender", 200) or (body_of_sender.name if body_of_sender else "")
    if not name:
        raise DomainError(ErrorCode.REQUIRED, _("Say who wrote it."), "sender")
    day = received_on or today()
    if day > today():
        raise DomainError(ErrorCode.INVALID, _("The date lies in the future."), "received_on")
    wanted = choice(AnswerKind, asks_for or AnswerKind.NONE, "asks_for")
    if wanted == AnswerKind.DATED and answer_by is None:
        raise DomainError(ErrorCode.REQUIRED, _("Give the day that the letter names."), "answer_by")
    number = short(sender_number, "sender_number", 60)
    _once(name, number, sent_on)
    letter = Letter(
        register=Register.INCOMING,
        status=Status.RECEIVED,
        department=department,
        departments=sorted({department.pk, *(one.pk for one in to)}),
        readers=[by.pk] if by else [],
        subject=required(subject, "subject", _("Write what it is about."), 200),
        body=short(text, "text", LONGEST),
        confidentiality=choice(Confidentiality, confidentiality, "confidentiality"),
        sender=name,
        body_of_sender=body_of_sender,
        sender_number=number,
        sent_on=sent_on,
        answer_kind=wanted,
        answer_by=answer_by if wanted == AnswerKind.DATED else answer_due(wanted, day),
        registered_on=today(),
        registered_by=by,
        drafted_by=by,
        answers=answers,
        to_names=", ".join(one.name for one in to)[:600],
    )
    take_number(letter, today())
    letter.save(force_insert=True)
    for i, one in enumerate(to):
        _refer(letter, i, one)
    details = {"number": letter.reference}
    write_line(letter, EventType.RECEIVED, by=by, details=details, from_status="")
    return letter


def _once(sender: str, number: str, sent_on: dt.date | None) -> None:
    if (
        number
        and Letter.objects.filter(
            register=Register.INCOMING, sender=sender, sender_number=number, sent_on=sent_on
        ).exists()
    ):
        message = _("This letter was registered already: search for its number.")
        raise DomainError(ErrorCode.DUPLICATE, message, "sender_number")


def _refer(letter: Letter, position: int, to: Department) -> None:
    Addressee.objects.create(
        letter=letter,
        position=position,
        kind=AddresseeKind.DEPARTMENT,
        department=to,
        name=to.name,
        sent_at=timezone.now(),
    )


@letter_action(Verb.REFER, event=EventType.REFERRED, source=Status.RECEIVED)
def refer(
    letter: Letter,
    *,
    by: User | None,
    to: Annotated[Department, Field(_("To which department"), api="The department.")],
    note: Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)] = "",
) -> Letter:
    """Refer it to a department.

    It sees it from now on (havale).
    """
    moves.require(Verb.REFER, letter.status)
    if not to.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department was closed."), "to")
    if letter.addressees.filter(department=to).exists():
        raise DomainError(ErrorCode.INVALID, _("It was referred to them already."), "to")
    _refer(letter, letter.addressees.count(), to)
    head = to.head_on()
    names = ", ".join(filter(None, [letter.to_names, to.name]))[:600]
    move(
        letter,
        Verb.REFER,
        by=by,
        note=short(note, "note", 500),
        details={"to": to.name},
        to_names=names,
        departments=sorted({*letter.departments, to.pk}),
        readers=sorted({*letter.readers, *([head.pk] if head else [])}),
    )
    return letter


@letter_action(
    Verb.FILE, event=EventType.FILED, source=(Status.RECEIVED, Status.ANSWERED), target=Status.FILED
)
def file(
    letter: Letter,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Why it needs no answer"), api="Why it needs none.", rows=2)],
) -> Letter:
    """File it without an answer.

    None is needed, or it was sent in another way.
    """
    why = required(note, "note", _("Write why it needs no answer."))
    move(letter, Verb.FILE, by=by, note=why)
    return letter


@letter_action(Verb.REPLY, event=EventType.REPLIED, source=(Status.RECEIVED, *ISSUED), traits=Trait.PRIMARY)
def reply(
    letter: Letter, *, by: User | None, department: Department | None = None, **facts: Unpack[Facts]
) -> Letter:
    """Begin the answer to a letter.

    To its sender, with it as reference; when that is registered, this one is answered. A letter of the house is
    answered by a department that it went to. INVALID for another.
    """
    moves.require(Verb.REPLY, letter.status)
    own = department or letter.department
    if letter.register == Register.INCOMING:
        body = letter.body_of_sender
        sender = Recipient(body=body) if body else Recipient(name=letter.sender)
    elif own == letter.department or not letter.addressees.filter(department=own).exists():
        raise DomainError(ErrorCode.INVALID, _("This letter did not go to your department."), "department")
    else:
        sender = Recipient(department=letter.department)
    values: Facts = {
        "kind": Kind.REPLY,
        "subject": letter.subject,
        "confidentiality": letter.confidentiality,
        **facts,
    }
    answer = draft(
        own, by=by, addressees=[sender], references=[Referred(to=letter)], answers=letter, **values
    )
    move(letter, Verb.REPLY, by=by)
    return answer


@letter_action(
    Verb.REMIND,
    event=EventType.REMINDED,
    source=(Status.SENT, Status.DELIVERED),
    applies=~with_addressee(body__is_superior=True),
)
def remind(letter: Letter, *, by: User | None) -> Letter:
    """Begin a reminder (tekit, m.34) that cites the first letter.

    INVALID to a superior office, which is never reminded.
    """
    moves.require(Verb.REMIND, letter.status)
    rows = list(letter.addressees.select_related("body", "department", "citizen"))
    if above := [str(row) for row in rows if row.body is not None and row.body.is_superior]:
        message = _("A superior office is never reminded: %s.") % ", ".join(above)
        raise DomainError(ErrorCode.INVALID, message)
    items = [
        Recipient(
            kind=row.kind,
            department=row.department,
            body=row.body,
            citizen=row.citizen,
            name=row.name,
            surname=row.surname,
            title=row.title,
            unit=row.unit,
            address=row.address,
            email=row.email,
            purpose=row.purpose,
        )
        for row in rows
    ]
    reminder = draft(
        letter.department,
        by=by,
        addressees=items,
        references=[Referred(to=letter)],
        kind=Kind.REMINDER,
        subject=letter.subject,
        office=letter.office,
        capacity=letter.capacity,
        signatory=letter.signatory,
        signatory_name=letter.signatory_name,
        signatory_title=letter.signatory_title,
        file_code=letter.file_code,
    )
    move(letter, Verb.REMIND, by=by)
    return reminder


@letter_action(
    Verb.ATTACH,
    event=EventType.ATTACHED,
    source=(*WRITABLE, *ON_THE_WAY, Status.RECEIVED),
    traits=Trait.CONCURRENT,
)
def attach(
    letter: Letter, *, by: User | None, file: Annotated[IO[bytes], Field(_("File"))], name: str = ""
) -> LetterAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, letter.status)
    accepted = accept_file(file, name)
    attachment = LetterAttachment.keep(accepted, by=by, letter=letter)
    move(letter, Verb.ATTACH, by=by, details={"size": attachment.size})
    return attachment


def keep(letter: Letter, accepted: AcceptedFile, *, by: User | None) -> LetterAttachment:
    """Keep a file that was accepted and came with the letter, and write its line."""
    attachment = LetterAttachment.keep(accepted, by=by, letter=letter)
    write_line(letter, EventType.ATTACHED, by=by, details={"size": attachment.size})
    return attachment
