"""The way of a letter: put forward, initialled, signed, sent back, registered."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from functools import partial
from typing import Annotated, Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.models import NumberSequence
from backend.core.session import on_rollback
from backend.core.validation import required, short
from backend.core.words.text import official_name
from backend.journal.action_table import Field, Trait
from backend.journal.actions import record
from backend.letters import drafts, moves
from backend.letters.actions.step import move, write_line
from backend.letters.choices import (
    ISSUED,
    ON_THE_WAY,
    WRITABLE,
    Capacity,
    Form,
    Kind,
    Medium,
    Register,
    Status,
)
from backend.letters.drafts import FORMAL
from backend.letters.law import checker, numbers
from backend.letters.law.parts import Fault
from backend.letters.models import Letter, Step, Substitution
from backend.letters.moves import Verb, letter_action
from backend.letters.papers import rendering, seal
from backend.letters.story import EventType
from backend.organization.models import User

SEQUENCES = {Register.OUTGOING: "GD", Register.INTERNAL: "İÇ", Register.INCOMING: "GL"}
"""The register -> what its numbers begin with: GD-2026/12."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class FaultyError(DomainError):
    """The letter has errors; `faults` names them all, the message the first."""

    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        message = f"{first.message} {first.remedy}"
        if len(faults) > 1:
            more = _("And %(count)s more: look at the checker.") % {"count": len(faults) - 1}
            message = f"{message} {more}"
        super().__init__(ErrorCode.INVALID, message, first.field)
        self.faults = faults


@letter_action(
    Verb.SUBMIT,
    event=EventType.SUBMITTED,
    source=WRITABLE,
    target=Status.INITIALS,  # the signature where nobody initials
    traits=Trait.PRIMARY,
)
def submit(letter: Letter, *, by: User | None) -> Letter:
    """Put it forward for signature.

    It goes to the first whose initials it needs, or to the signatory. INVALID while the checker finds an error;
    REQUIRED without a signatory who has an account, without a file plan code for an official letter, or without who
    approves for an olur.
    """
    moves.require(Verb.SUBMIT, letter.status)
    draft = drafts.as_draft(drafts.sheet_of(letter))
    if faults := checker.errors(draft):
        raise FaultyError(faults)
    if letter.signatory_id is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose who signs."), "signatory")
    if draft.form == Form.OFFICIAL and letter.file_code_id is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose the code of the file plan."), "file_code")
    if letter.kind == Kind.APPROVAL:
        if letter.approver_id is None:
            raise DomainError(ErrorCode.REQUIRED, _("Choose who gives the olur."), "approver")
        if letter.approver_id == letter.signatory_id:
            message = _("Who proposes does not give the olur. Choose two people.")
            raise DomainError(ErrorCode.INVALID, message, "approver")
    Step.objects.filter(letter=letter).update(done_at=None, done_by=None)
    people = list(Step.objects.filter(letter=letter).values_list("person", flat=True))
    readers = sorted({*letter.readers, *people, letter.signatory_id, *filter(None, [letter.approver_id])})
    turn = people[0] if people else letter.signatory_id
    after = Status.INITIALS if people else Status.SIGNATURE
    move(letter, Verb.SUBMIT, by=by, to=after, turn_of_id=turn, readers=readers)
    return letter


@letter_action(
    Verb.INITIAL,
    event=EventType.INITIALLED,
    source=Status.INITIALS,  # the last one leads to the signature
    traits=Trait.PRIMARY,
)
def initial(
    letter: Letter,
    *,
    by: User,
    note: Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)] = "",
) -> Letter:
    """Initial it.

    As whose turn it is, or as their substitute of today; the next one's turn follows.
    """
    moves.require(Verb.INITIAL, letter.status)
    _turn(letter, by)
    steps = list(Step.objects.filter(letter=letter, done_at__isnull=True).select_for_update(of=("self",)))
    if not steps or steps[0].person_id != letter.turn_of_id:
        raise DomainError(ErrorCode.WRONG_STATE, _("Reload the page: it may have changed."))
    Step.objects.filter(pk=steps[0].pk).update(done_at=timezone.now(), done_by=by)
    following = steps[1].person_id if len(steps) > 1 else letter.signatory_id
    after = Status.INITIALS if len(steps) > 1 else Status.SIGNATURE
    move(
        letter,
        Verb.INITIAL,
        by=by,
        to=after,
        note=short(note, "note", 500),
        turn_of_id=following,
        readers=_and(letter, by),
    )
    return letter


@letter_action(
    Verb.SIGN,
    event=EventType.SIGNED,
    source=Status.SIGNATURE,
    target=Status.SIGNED,  # of an olur, who gives it follows (m.20)
    traits=Trait.PRIMARY,
)
def sign(letter: Letter, *, by: User) -> Letter:
    """Sign it.

    From now on nothing that stands on it changes, and a digest of it is kept. A substitute of today signs with “V.”,
    the office staying whose it is (m.17). An olur goes to who gives it (m.20).
    """
    moves.require(Verb.SIGN, letter.status)
    _turn(letter, by)
    sheet = drafts.sheet_of(letter)
    if faults := checker.errors(drafts.as_draft(sheet)):
        raise FaultyError(faults)
    changes: dict[str, Any] = _acting(letter, by) if by.pk != letter.signatory_id else {}
    for name, value in changes.items():
        setattr(letter, name, value)
    digest = content_digest(sheet)
    is_olur = letter.kind == Kind.APPROVAL
    move(
        letter,
        Verb.SIGN,
        by=by,
        to=Status.APPROVAL if is_olur else None,
        signed_at=timezone.now(),
        signed_by=by,
        content_sha256=digest,
        turn_of_id=letter.approver_id if is_olur else None,
        readers=_and(letter, by),
        **changes,
    )
    return letter


def _acting(letter: Letter, by: User) -> dict[str, Any]:
    title = letter.signatory_title.removesuffix(" V.")
    return {
        "signatory_name": official_name(by.first_name, by.last_name),
        "signatory_title": f"{title} V.",
        "capacity": Capacity.ACTING,
    }


@letter_action(
    Verb.APPROVE,
    event=EventType.APPROVED,
    source=Status.APPROVAL,
    target=Status.SIGNED,
    traits=Trait.PRIMARY,
)
def approve(
    letter: Letter,
    *,
    by: User,
    note: Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)] = "",
) -> Letter:
    """Give the olur.

    As the one whose it is to give, or as their substitute of today, who gives it with “V.” (m.17, m.20). It is then
    registered, and its paper bears OLUR, the day and the name.
    """
    moves.require(Verb.APPROVE, letter.status)
    _turn(letter, by)
    name = official_name(by.first_name, by.last_name)
    title, capacity = letter.approver_title, letter.approver_capacity
    if by.pk != letter.approver_id:
        title, capacity = f"{title.removesuffix(' V.')} V.", Capacity.ACTING.value
    move(
        letter,
        Verb.APPROVE,
        by=by,
        note=short(note, "note", 500),
        approver_name=name,
        approver_title=title,
        approver_capacity=capacity,
        approved_at=timezone.now(),
        approved_by=by,
        turn_of=None,
        readers=_and(letter, by),
    )
    return letter


@letter_action(
    Verb.REFUSE,
    event=EventType.REFUSED,
    source=Status.APPROVAL,
    target=Status.REFUSED,
    traits=Trait.DESTRUCTIVE,
)
def refuse(
    letter: Letter,
    *,
    by: User,
    reason: Annotated[str, Field(_("Reason"), api="Why the olur is not given.", rows=3)],
) -> Letter:
    """Refuse the olur.

    With the reason, which its unit reads; it gets no number and stays with its story.
    """
    moves.require(Verb.REFUSE, letter.status)
    _turn(letter, by)
    why = required(reason, "reason", _("Write why the olur is not given."))
    move(letter, Verb.REFUSE, by=by, note=why, turn_of=None, readers=_and(letter, by))
    return letter


@letter_action(
    Verb.CARRY_OUT,
    event=EventType.CARRIED_OUT,
    source=ISSUED,
    applies=Q(approved_at__isnull=False, carried_out_on=None),
)
def carry_out(
    letter: Letter,
    *,
    by: User | None,
    carried_out_on: Annotated[dt.date, Field(_("Carried out on"), api="On which local day.")],
    what: Annotated[
        str,
        Field(
            _("What was done"),
            api="What was done, such as the car and the hour it left.",
            help=_("For example: 34 ABC 123 left at 09.30 and came back at 14.00."),
            rows=2,
        ),
    ],
) -> Letter:
    """Record that what an olur allows was carried out.

    On which day and what was done. INVALID for a day before the olur or in the future.
    """
    moves.require(Verb.CARRY_OUT, letter.status)
    if letter.approved_at is None or letter.carried_out_on is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("There is no olur that waits to be carried out."))
    if not local_date(letter.approved_at) <= carried_out_on <= today():
        message = _("The day lies between that of the olur and today.")
        raise DomainError(ErrorCode.INVALID, message, "carried_out_on")
    done = required(what, "what", _("Write what was done."), 500)
    move(letter, Verb.CARRY_OUT, by=by, note=done, carried_out_on=carried_out_on)
    return letter


def _and(letter: Letter, by: User) -> list[int]:
    """The readers, and those who initialled or signed as a substitute."""
    return sorted({*letter.readers, by.pk})


def _turn(letter: Letter, by: User) -> None:
    """FORBIDDEN unless it is this person's turn, or that of a person they substitute today."""
    if letter.turn_of_id == by.pk:
        return
    stands_in = Substitution.objects.on().filter(person=letter.turn_of_id, substitute=by)
    if letter.turn_of_id is None or not stands_in.exists():
        raise DomainError(ErrorCode.FORBIDDEN, _("It is not your turn."))


def content_digest(sheet: drafts.Sheet) -> str:
    text = json.dumps(drafts.content(sheet), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@letter_action(
    Verb.SEND_BACK,
    event=EventType.SENT_BACK,
    source=ON_THE_WAY,
    target=Status.DRAFT,
    traits=Trait.DESTRUCTIVE,
)
def send_back(
    letter: Letter,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="What is to be changed.", rows=3)],
) -> Letter:
    """Send it back to the writer.

    With what is to be changed; who initialled it initials it again.
    """
    why = required(reason, "reason", _("Write what is to be changed."))
    move(letter, Verb.SEND_BACK, by=by, note=why, turn_of=None)
    Step.objects.filter(letter=letter).update(done_at=None, done_by=None)
    return letter


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
    letter = sheet.letter
    content = rendering.pdf(sheet)
    if seal.is_wanted():
        made = seal.sealed(content)
        content, letter.sealed_by, letter.seal_is_trusted = made.content, made.by[:200], made.is_trusted
    letter.paper_sha256 = hashlib.sha256(content).hexdigest()
    letter.paper.save("letter.pdf", ContentFile(content), save=False)
    on_rollback(partial(letter.paper.storage.delete, str(letter.paper.name)))


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
    applies=Q(medium=Medium.ELECTRONIC) & FORMAL,
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
    DUPLICATE where another letter has this number.
    """
    if letter.medium != Medium.ELECTRONIC:
        raise DomainError(ErrorCode.WRONG_STATE, _("What is signed by hand has its number from here."))
    text = required(number, "number", _("Write the official number."), 60)
    if problem := numbers.faulty(text):
        raise DomainError(ErrorCode.INVALID, problem, "number")
    if on > today():
        raise DomainError(ErrorCode.INVALID, _("The date lies in the future."), "on")
    if other := Letter.objects.filter(document_number=text).exclude(pk=letter.pk).first():
        message = _("%(reference)s has this number. No two letters have the same.")
        raise DomainError(ErrorCode.DUPLICATE, message % {"reference": other.reference}, "number")
    letter.document_number, letter.document_on = text, on
    _freeze_paper(drafts.sheet_of(letter))
    frozen = ("document_number", "document_on", *PAPER)
    facts = {name: getattr(letter, name) for name in frozen}
    try:
        with transaction.atomic():
            move(letter, Verb.RECORD_NUMBER, by=by, details={"number": text}, **facts)
    except IntegrityError:  # somebody gave it to another letter at this moment
        message = _("Another letter has this number. No two letters have the same.")
        raise DomainError(ErrorCode.DUPLICATE, message, "number") from None
    return letter


@transaction.atomic
def substitute(
    person: User, *, substitute: User, valid_from: dt.date, valid_until: dt.date, by: User | None
) -> Substitution:
    """Appoint a substitute who initials and signs on these days."""
    if valid_until < valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day is before the first."), "valid_until")
    if person == substitute:
        raise DomainError(ErrorCode.INVALID, _("Nobody stands in for themselves."), "substitute")
    row = Substitution.objects.create(
        person=person, substitute=substitute, valid_from=valid_from, valid_until=valid_until, made_by=by
    )
    days = f"{numbers.short_date(valid_from)}–{numbers.short_date(valid_until)}"
    record(verb="letter_substituted", about=row, by=by, label=str(row), note=days)
    return row
