"""Registering what was signed: its number, its paper, and the number that the EBYS gives it (m.11)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from functools import partial
from typing import Annotated

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.session import on_rollback
from backend.core.validation import required
from backend.documents import removal
from backend.journal.action_table import Field, Trait
from backend.letters import drafts, moves
from backend.letters.actions.signing import content_digest
from backend.letters.actions.step import move, write_line
from backend.letters.choices import (
    ISSUED,
    Form,
    Medium,
    Register,
    Status,
)
from backend.letters.drafts import FORMAL, with_addressee
from backend.letters.law import numbers
from backend.letters.models import Letter
from backend.letters.moves import Verb, letter_action
from backend.letters.papers import rendering, seal
from backend.letters.story import EventType
from backend.organization.models import User

SEQUENCES = {Register.OUTGOING: "GD", Register.INTERNAL: "İÇ", Register.INCOMING: "GL"}
"""The register -> what its numbers begin with: GD-2026/12."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@letter_action(
    Verb.REGISTER,
    event=EventType.REGISTERED,
    source=Status.SIGNED,
    target=Status.REGISTERED,
    traits=Trait.PRIMARY,
)
def register(letter: Letter, *, by: User | None) -> Letter:
    """Register it and freeze its paper.

    It gets its number in the register and the date of today. What is signed by hand (Z, O) gets its sayı from the
    sequence of its unit, REQUIRED without the unit's DETSİS number (m.11); an electronic one gets it from the EBYS
    (`record_number`). Its paper is a PDF, with the seal and a code to verify it by where the municipality seals.
    WRONG_STATE if what is stored is not what was signed.
    """
    moves.require(Verb.REGISTER, letter.status)
    sheet = drafts.sheet_of(letter)
    if content_digest(sheet) != letter.content_sha256:
        raise DomainError(ErrorCode.WRONG_STATE, _("This is not what was signed. Tell Bilgi İşlem."))
    day = today()
    letter.registered_on, letter.registered_by = day, by
    if seal.is_wanted():
        letter.verification = "".join(secrets.choice(_ALPHABET) for _i in range(16))
    take_number(letter, day)
    is_personal = drafts.as_draft(sheet).form == Form.PERSONAL
    if not is_personal and letter.medium != Medium.ELECTRONIC:
        letter.document_number, letter.document_on = _take_document_number(letter, day), day
    _freeze_paper(sheet)
    reached = [a.department_id for a in sheet.addressees if a.department_id]
    heads = [a.department.head_on() for a in sheet.addressees if a.department is not None]
    frozen = (
        "registered_on",
        "registered_by",
        "verification",
        "year",
        "number",
        "reference",
        "document_number",
        "document_on",
        *PAPER,
    )
    move(
        letter,
        Verb.REGISTER,
        by=by,
        details={"number": letter.document_number or letter.reference},
        departments=sorted({*letter.departments, *reached}),
        readers=sorted({*letter.readers, *(head.pk for head in heads if head)}),
        **{name: getattr(letter, name) for name in frozen},
    )
    if letter.answers_id is not None:
        _answered(letter.answers_id, letter, by)
    return letter


PAPER = ("paper", "paper_sha256", "sealed_by", "seal_is_trusted")


def _freeze_paper(sheet: drafts.Sheet) -> None:
    """Set the facts of `PAPER` on the letter: its PDF as it now is, sealed where the municipality seals."""
    letter, before = sheet.letter, str(sheet.letter.paper.name or "")
    content = rendering.pdf(sheet)
    if seal.is_wanted():
        made = seal.sealed(content)
        content, letter.sealed_by, letter.seal_is_trusted = made.content, made.by[:200], made.is_trusted
    letter.paper_sha256 = hashlib.sha256(content).hexdigest()
    letter.paper.save("letter.pdf", ContentFile(content), save=False)
    on_rollback(partial(removal.take_back, letter.paper.storage, str(letter.paper.name)))
    if before:
        transaction.on_commit(partial(removal.remove, letter.paper.storage, before))


def _take_document_number(letter: Letter, day: dt.date) -> str:
    """The sayı of a letter signed by hand: the next of its unit in the local year, under the unit's DETSİS number."""
    detsis, code = letter.department.detsis, letter.file_code
    if not detsis:
        message = _("The DETSİS number of %(name)s is not on record. Ask Bilgi İşlem to enter it.")
        raise DomainError(ErrorCode.REQUIRED, message % {"name": letter.department.name})
    if code is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose the code of the file plan."))
    record_of_unit = NumberSequence.take(f"document {detsis}", day.year)
    return numbers.compose(letter.medium, detsis, code.code, record_of_unit)


def take_number(letter: Letter, day: dt.date) -> None:
    """The next of its register in the local year; in the transaction of what it numbers, so that there are no gaps."""
    letter.year = day.year
    letter.number = NumberSequence.take(f"letter {letter.register}", day.year)
    letter.reference = f"{SEQUENCES[Register(letter.register)]}-{day.year}/{letter.number}"


def _answered(pk: int, reply: Letter, by: User | None) -> None:
    """The letter that this one answers is answered: one that came in is done with it, one of the house stays where it
    is. What was filed or answered before stays so."""
    answered = Letter.objects.select_for_update(of=("self",)).get(pk=pk)
    before = answered.status
    if answered.register == Register.INCOMING:
        if before != Status.RECEIVED:
            return
        Letter.objects.filter(pk=pk).update(status=Status.ANSWERED, version=answered.version + 1)
        answered.status = Status.ANSWERED
    details = {"number": reply.reference}
    write_line(answered, EventType.ANSWERED, by=by, details=details, from_status=before)


@letter_action(
    Verb.RECORD_NUMBER,
    event=EventType.NUMBER_RECORDED,
    source=ISSUED,
    applies=Q(medium=Medium.ELECTRONIC) & FORMAL & ~with_addressee(sent_at__isnull=False),
)
def record_number(
    letter: Letter,
    *,
    by: User | None,
    number: Annotated[
        str, Field(_("Number in the document system (EBYS)"), api="The number (sayı).", max_length=60)
    ],
    on: Annotated[dt.date, Field(_("Its date there"), api="Its date there.")],
) -> Letter:
    """Record the number (sayı) that the document system (EBYS) gave it.

    With its date there, where the signed original lives; its paper is made anew and bears both (m.11, m.12). INVALID,
    DUPLICATE where another letter has this number, WRONG_STATE once it was sent with one.
    """
    if letter.addressees.filter(sent_at__isnull=False).exists():
        raise DomainError(ErrorCode.WRONG_STATE, _("It was sent with its number already."))
    if letter.medium != Medium.ELECTRONIC:
        raise DomainError(ErrorCode.WRONG_STATE, _("What is signed by hand has its number from here."))
    text = required(number, "number", _("Write the official number."), 60)
    if problem := numbers.faulty(text):
        raise DomainError(ErrorCode.INVALID, problem, "number")
    if on > today():
        raise DomainError(ErrorCode.INVALID, _("The date lies in the future."), "on")
    letter.document_number, letter.document_on = text, on
    _freeze_paper(drafts.sheet_of(letter))
    frozen = ("document_number", "document_on", *PAPER)
    facts = {name: getattr(letter, name) for name in frozen}
    try:
        with transaction.atomic():
            move(letter, Verb.RECORD_NUMBER, by=by, details={"number": text}, **facts)
    except IntegrityError:  # which one is not told: it may be another department's, or confidential
        message = _("Another letter has this number. No two letters have the same.")
        raise DomainError(ErrorCode.DUPLICATE, message, "number") from None
    return letter
