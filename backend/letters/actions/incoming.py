"""Letters that come in: registered, referred to departments, answered or filed; and reminders of our own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice, required, short
from backend.core.localtime import today
from backend.documents.intake import accept as accept_file
from backend.letters import moves
from backend.letters.actions.signing import take_number
from backend.letters.actions.step import move, write_line
from backend.letters.actions.writing import LONGEST, Recipient, Referred, draft
from backend.letters.choices import (
    AddresseeKind,
    AnswerKind,
    Confidentiality,
    Kind,
    Register,
    Status,
)
from backend.letters.models import Addressee, Letter, LetterAttachment
from backend.letters.moves import Verb
from backend.letters.story import Happened
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
    write_line(letter, Happened.RECEIVED, by=by, details=details, from_status="")
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


@transaction.atomic
def refer(letter: Letter, *, by: User | None, to: Department, note: str = "") -> Letter:
    """Refer it to a department (havale), which sees it from now on."""
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


@transaction.atomic
def file(letter: Letter, *, by: User | None, note: str) -> Letter:
    """File it: no answer is needed, or it was given in another way."""
    why = required(note, "note", _("Write why it needs no answer."))
    move(letter, Verb.FILE, by=by, note=why)
    return letter


@transaction.atomic
def reply(letter: Letter, *, by: User | None, department: Department | None = None, **facts: Any) -> Letter:
    """Begin the answer: to its sender, with it as reference; when that is registered, this one is answered. A letter of
    the house is answered by a department that it went to. INVALID for another."""
    moves.require(Verb.REPLY, letter.status)
    own = department or letter.department
    if letter.register == Register.INCOMING:
        body = letter.body_of_sender
        sender = Recipient(body=body) if body else Recipient(name=letter.sender)
    elif own == letter.department or not letter.addressees.filter(department=own).exists():
        raise DomainError(ErrorCode.INVALID, _("This letter did not go to your department."), "department")
    else:
        sender = Recipient(department=letter.department)
    answer = draft(
        own,
        by=by,
        addressees=[sender],
        references=[Referred(to=letter)],
        answers=letter,
        **{"kind": Kind.REPLY, "subject": letter.subject, "confidentiality": letter.confidentiality, **facts},
    )
    move(letter, Verb.REPLY, by=by)
    return answer


@transaction.atomic
def remind(letter: Letter, *, by: User | None, **facts: Any) -> Letter:
    """Begin a reminder (tekit, m.34) that cites the first letter. INVALID to a superior office, which is never
    reminded."""
    moves.require(Verb.REMIND, letter.status)
    rows = list(letter.addressees.select_related("body", "department", "citizen"))
    if above := [str(one) for one in rows if one.body is not None and one.body.is_superior]:
        message = _("A superior office is never reminded: %s.") % ", ".join(above)
        raise DomainError(ErrorCode.INVALID, message)
    said = [
        Recipient(
            kind=one.kind,
            department=one.department,
            body=one.body,
            citizen=one.citizen,
            name=one.name,
            surname=one.surname,
            title=one.title,
            unit=one.unit,
            address=one.address,
            email=one.email,
            purpose=one.purpose,
        )
        for one in rows
    ]
    kept = ("subject", "office", "capacity", "signatory", "signatory_name", "signatory_title", "file_code")
    reminder = draft(
        letter.department,
        by=by,
        addressees=said,
        references=[Referred(to=letter)],
        **{"kind": Kind.REMINDER, **{name: getattr(letter, name) for name in kept}, **facts},
    )
    move(letter, Verb.REMIND, by=by)
    return reminder


@transaction.atomic
def attach(letter: Letter, *, by: User | None, file: IO[bytes], name: str = "") -> LetterAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, letter.status)
    accepted = accept_file(file, name)
    found = LetterAttachment.keep(accepted, by=by, letter=letter)
    move(letter, Verb.ATTACH, by=by, details={"size": found.size})
    return found
