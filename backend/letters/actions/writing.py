"""Beginning a letter and writing on: facts, addressees, references, annexes and whose initials it needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, email_address, required, short
from backend.core.words.text import official_name
from backend.invitations.models import Invitation
from backend.journal.action_table import Field, Trait
from backend.letters import drafts, moves
from backend.letters.actions.step import move, write_line
from backend.letters.choices import (
    ON_THE_WAY,
    WRITABLE,
    AddresseeKind,
    Capacity,
    Confidentiality,
    Kind,
    Medium,
    Office,
    Purpose,
    Status,
    StepRole,
    Urgency,
)
from backend.letters.models import Addressee, Annex, Letter, LetterReference, Step
from backend.letters.moves import Verb, letter_action
from backend.letters.story import EventType
from backend.organization.models import Department, FilePlanCode, OutsideBody, User
from backend.programme.models import Entry

MOST = 200
"""Of addressees, references or annexes: a longer list is a mistake."""

LONGEST = 50_000
"""Letters of a text, which is also what its search column can hold."""

TEXTS = {"subject": 200, "salutation": 200, "closing": 200, "signatory_name": 160, "signatory_title": 120}
TEXTS |= {"approver_title": 120}
CHOICES: dict[str, Any] = {
    "kind": Kind,
    "confidentiality": Confidentiality,
    "urgency": Urgency,
    "medium": Medium,
    "office": Office,
    "capacity": Capacity,
    "approver_capacity": Capacity,
}


class Facts(TypedDict, total=False):
    """What stands on a letter, besides its lists."""

    kind: str
    subject: str
    salutation: str
    body: str
    closing: str
    file_code: FilePlanCode | None
    confidentiality: str
    urgency: str
    due_on: dt.date | None
    medium: str
    signatory: User | None
    signatory_name: str
    signatory_title: str
    office: str
    capacity: str
    approver: User | None
    approver_title: str
    approver_capacity: str


@dataclass(frozen=True)
class Recipient:
    """Recipient, as input: one of a department, a body, a citizen or a name; `kind` is derived where possible."""

    kind: str = ""
    department: Department | None = None
    body: OutsideBody | None = None
    citizen: Citizen | None = None
    name: str = ""
    surname: str = ""
    title: str = ""
    unit: str = ""
    address: str = ""
    email: str = ""
    purpose: str = Purpose.ACTION


@dataclass(frozen=True)
class Referred:
    """Reference, as input: a letter of ours, or facts of another paper."""

    to: Letter | None = None
    on: dt.date | None = None
    number: str = ""
    author: str = ""
    is_ours: bool = False
    is_person: bool = False
    what: str = ""


@dataclass(frozen=True)
class Enclosed:
    """Annex, as input."""

    title: str
    measure: str = ""
    confidentiality: str = Confidentiality.NONE


@dataclass(frozen=True)
class Initialling:
    """Person whose initials are needed."""

    person: User
    role: str = StepRole.INITIALS


@transaction.atomic
def draft(
    department: Department,
    *,
    by: User | None,
    addressees: Sequence[Recipient] = (),
    references: Sequence[Referred] = (),
    annexes: Sequence[Enclosed] = (),
    steps: Sequence[Initialling] = (),
    answers: Letter | None = None,
    complaint: Complaint | None = None,
    entry: Entry | None = None,
    request: AppointmentRequest | None = None,
    invitation: Invitation | None = None,
    instruction: Any = None,
    event: Any = None,
    **facts: Unpack[Facts],
) -> Letter:
    """Begin a draft of a department, optionally from a source row. Every field is optional; what is passed is
    validated. INVALID, REQUIRED."""
    if not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department was closed."), "department")
    of: dict[str, Any] = {"answers": answers, "complaint": complaint, "entry": entry}
    of |= {"request": request, "invitation": invitation, "instruction": instruction, "event": event}
    letter = Letter(department=department, drafted_by=by, **of, **checked(facts))
    letter.departments = [department.pk]
    sheet = of_words(letter, addressees, references, annexes)
    _settle(letter, sheet, by)
    letter.save(force_insert=True)
    _keep(sheet, steps)
    write_line(letter, EventType.DRAFTED, by=by, from_status="")
    return letter


@letter_action(Verb.WRITE, event=EventType.WRITTEN, source=WRITABLE)
def write(
    letter: Letter,
    *,
    by: User | None,
    addressees: Sequence[Recipient] | None = None,
    references: Sequence[Referred] | None = None,
    annexes: Sequence[Enclosed] | None = None,
    steps: Sequence[Initialling] | None = None,
    **facts: Unpack[Facts],
) -> Letter:
    """Edit a draft: facts that are named are set, lists that are passed replace what stood.

    WRONG_STATE once it is put forward: a signed letter is never edited.
    """
    moves.require(Verb.WRITE, letter.status)
    values = checked(facts)
    changed = {name: value for name, value in values.items() if getattr(letter, name) != value}
    for name, value in changed.items():
        setattr(letter, name, value)
    stored = drafts.sheet_of(letter)
    sheet = of_words(letter, addressees or (), references or (), annexes or ())
    sheet.addressees = stored.addressees if addressees is None else sheet.addressees
    lists = {"addressees": addressees, "references": references, "annexes": annexes, "steps": steps}
    _settle(letter, sheet, by)
    for name, rows in lists.items():
        if rows is not None:
            getattr(letter, name).all().delete()
    new = drafts.Sheet(
        letter,
        [] if addressees is None else sheet.addressees,
        [] if references is None else sheet.references,
        [] if annexes is None else sheet.annexes,
    )
    _keep(new, steps or ())
    result = sorted([*changed, *(name for name, rows in lists.items() if rows is not None)])
    settled = {name: getattr(letter, name) for name in ("register", "to_names", "readers")}
    move(letter, Verb.WRITE, by=by, details={"fields": result}, **changed, **settled)
    return letter


@letter_action(
    Verb.CANCEL,
    event=EventType.CANCELLED,
    source=(*WRITABLE, *ON_THE_WAY),
    target=Status.CANCELLED,
    traits=Trait.DESTRUCTIVE,
)
def cancel(
    letter: Letter, *, by: User | None, reason: Annotated[str, Field(_("Reason"), api="Why.", rows=3)]
) -> Letter:
    """Give it up.

    Before it was signed; it stays with its story.
    """
    why = required(reason, "reason", _("Write why the letter is abandoned."))
    move(letter, Verb.CANCEL, by=by, note=why, turn_of=None)
    return letter


def checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none; INVALID."""
    if unknown := set(facts) - set(Facts.__annotations__):
        raise TypeError(f"not facts of a letter: {', '.join(sorted(unknown))}")
    outcome = dict(facts)
    for name, longest in TEXTS.items():
        if name in outcome:
            outcome[name] = short(outcome[name], name, longest)
    for name, values in CHOICES.items():
        if name in outcome:
            outcome[name] = choice(values, outcome[name] or next(iter(values)), name)
    if "body" in outcome:
        outcome["body"] = short(outcome["body"] or "", "body", LONGEST)
    code: FilePlanCode | None = outcome.get("file_code")
    if code is not None and not FilePlanCode.objects.valid(today()).filter(pk=code.pk).exists():
        raise DomainError(
            ErrorCode.INVALID, _("This code of the file plan is not in use today."), "file_code"
        )
    signs: User | None = outcome.get("signatory")
    if signs is not None:
        outcome["signatory_name"] = outcome.get("signatory_name") or official_name(
            signs.first_name, signs.last_name
        )
        outcome["signatory_title"] = outcome.get("signatory_title") or signs.title
    approves: User | None = outcome.get("approver")
    if approves is not None:
        outcome["approver_title"] = outcome.get("approver_title") or approves.title
    return outcome


def of_words(
    letter: Letter,
    addressees: Iterable[Recipient],
    references: Iterable[Referred],
    annexes: Iterable[Enclosed],
) -> drafts.Sheet:
    """Build unsaved rows from the input. INVALID for invalid values."""
    sheet = drafts.Sheet(
        letter,
        [_addressee(letter, i, one) for i, one in enumerate(addressees)],
        [_reference(letter, reference) for reference in references],
        [_annex(letter, i, one) for i, one in enumerate(annexes)],
    )
    if max(len(sheet.addressees), len(sheet.references), len(sheet.annexes)) > MOST:
        message = _("At most %(count)s are possible here.") % {"count": MOST}
        raise DomainError(ErrorCode.INVALID, message, "addressees")
    return sheet


def _addressee(letter: Letter, position: int, recipient: Recipient) -> Addressee:
    row = Addressee(
        letter=letter,
        position=position,
        purpose=choice(Purpose, recipient.purpose, "addressees"),
        department=recipient.department,
        body=recipient.body,
        citizen=recipient.citizen,
        name=short(recipient.name, "addressees", 200),
        surname=short(recipient.surname, "addressees", 80),
        title=short(recipient.title, "addressees", 160),
        unit=short(recipient.unit, "addressees", 160),
        address=short(recipient.address, "addressees", 300),
        email=email_address(recipient.email, "addressees"),
    )
    if recipient.department is not None:
        row.kind, row.name = AddresseeKind.DEPARTMENT, recipient.department.name
    elif recipient.body is not None:
        row.kind = AddresseeKind.BODY if recipient.body.is_public else AddresseeKind.COMPANY
        row.name, row.email = recipient.body.name, row.email or recipient.body.email
        row.address = row.address or recipient.body.address
    elif recipient.citizen is not None:
        row.kind, row.name, row.surname = (
            AddresseeKind.PERSON,
            f"{recipient.citizen.title} {recipient.citizen.first_name}".strip(),
            recipient.citizen.last_name,
        )
        row.email = row.email or recipient.citizen.email
        row.address = row.address or recipient.citizen.address
    else:
        row.kind = choice(AddresseeKind, recipient.kind or AddresseeKind.PERSON, "addressees")
        if row.kind == AddresseeKind.MAYORALTY:
            row.name = row.name or "Başkanlık Makamı"
        if not row.name:
            raise DomainError(ErrorCode.REQUIRED, _("Write the name of the addressee."), "addressees")
    return row


def _reference(letter: Letter, referred: Referred) -> LetterReference:
    to = referred.to
    if to is None:
        return LetterReference(
            letter=letter,
            on=referred.on,
            number=short(referred.number, "references", 60),
            author=short(referred.author, "references", 200),
            is_ours=referred.is_ours,
            is_person=referred.is_person,
            what=short(referred.what, "references", 60),
        )
    theirs = bool(to.sender) or to.department_id != letter.department_id
    return LetterReference(
        letter=letter,
        to=to,
        on=referred.on or to.shown_date,
        number=referred.number or to.shown_number,
        author=referred.author,
        is_ours=not theirs,
        is_person=referred.is_person,
        what=referred.what,
    )


def _annex(letter: Letter, position: int, enclosed: Enclosed) -> Annex:
    return Annex(
        letter=letter,
        position=position,
        title=short(enclosed.title, "annexes", 200),
        measure=short(enclosed.measure, "annexes", 60),
        confidentiality=choice(Confidentiality, enclosed.confidentiality or Confidentiality.NONE, "annexes"),
    )


def _settle(letter: Letter, sheet: drafts.Sheet, by: User | None) -> None:
    """What follows from the rest: the register, the names, and who at least reads a confidential letter."""
    letter.register = drafts.register_of(sheet.addressees)
    letter.to_names = drafts.names(sheet.addressees)
    named = {
        *letter.readers,
        by.pk if by else None,
        letter.drafted_by_id,
        letter.signatory_id,
        letter.approver_id,
    }
    letter.readers = sorted(pk for pk in named if pk is not None)


def _keep(sheet: drafts.Sheet, steps: Sequence[Initialling]) -> None:
    Addressee.objects.bulk_create(sheet.addressees)
    LetterReference.objects.bulk_create(sheet.references)
    Annex.objects.bulk_create(sheet.annexes)
    people = list(dict.fromkeys(step.person for step in steps))
    roles = {step.person: step.role for step in steps}
    Step.objects.bulk_create(
        Step(letter=sheet.letter, position=i, person=person, role=choice(StepRole, roles[person], "steps"))
        for i, person in enumerate(people)
    )
