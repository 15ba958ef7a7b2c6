"""What a client gives to write a letter; nested ids are loaded through the scope."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import strawberry

from backend.contacts.models import Citizen
from backend.letters import models
from backend.letters.actions.writing import Enclosed, Initialling, Recipient, Referred
from backend.organization.models import Department, FilePlanCode, OutsideBody, User
from backend.protocol.models import Office
from permissions.letters import access
from schema.core.action_mutations import VERSION
from schema.core.nodes import load, must_load
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional, required
from schema.letters.types import (
    AddresseeKind,
    AddresseePurpose,
    LetterAnswerKind,
    LetterCapacity,
    LetterConfidentiality,
    LetterKind,
    LetterMedium,
    LetterOffice,
    LetterStepRole,
    LetterUrgency,
)


@strawberry.input(
    description="To whom: one of a department, a body, a citizen, an office, or a name with its kind."
)
class LetterAddresseeInput:
    kind: AddresseeKind | None = optional("What they are, where only a name is passed; default a person.")
    department: strawberry.ID | None = optional("A department.")
    body: strawberry.ID | None = optional("An outside body on record.")
    citizen: strawberry.ID | None = optional("A citizen whom the viewer may know.")
    office: strawberry.ID | None = optional("An office of the protocol: its holder of today.")
    name: str | None = optional("The full name of a body, or the first name of a person.")
    surname: str | None = optional("The surname of a person.")
    title: str | None = optional("The office that a person holds, below the name: Sancaktepe Kaymakamı.")
    unit: str | None = optional("The unit of an outside body.")
    address: str | None = optional("Where it is sent.")
    email: str | None = optional("The e-mail address.")
    purpose: AddresseePurpose | None = optional("Gereği or bilgi; default gereği.")


@strawberry.input(description="What is referred to: a letter here, or the facts of another paper.")
class LetterReferenceInput:
    letter: strawberry.ID | None = optional("A letter that the viewer sees.")
    on: dt.date | None = optional("Its date.", name="writtenOn")
    number: str | None = optional("Its full number.")
    author: str | None = optional("Who wrote it; nothing for the addressee or for us.")
    is_ours: bool | None = optional("Whether it is ours.")
    is_person: bool | None = optional("Whether a person wrote it.")
    what: str | None = optional("What it is, where it is no letter: dilekçe.")


@strawberry.input(description="What goes along.")
class LetterAnnexInput:
    title: str = required("What it is.")
    measure: str | None = optional("How many pages or pieces.")
    confidentiality: LetterConfidentiality | None = optional("How confidential it is.")


@strawberry.input(description="Whose initials are needed, in this order.")
class LetterInitialsInput:
    person: strawberry.ID = required("Who.")
    role: LetterStepRole | None = optional("As what; default paraf.")


@strawberry.input(description="What stands on a letter; what is left out stays as it is.")
class LetterFactsInput:
    kind: LetterKind | None = optional("What it is.")
    subject: str | None = optional("What it is about (konu).")
    salutation: str | None = optional("The greeting of a letter of the makam.")
    body: str | None = optional("The text.")
    closing: str | None = optional("The closing.")
    file_code: strawberry.ID | None = optional("The code of the file plan.")
    confidentiality: LetterConfidentiality | None = optional("How confidential it is.")
    urgency: LetterUrgency | None = optional("How urgent it is.")
    due_on: dt.date | None = optional("The day that a GÜNLÜDÜR letter names.")
    medium: LetterMedium | None = optional("Where the original lives.")
    signatory: strawberry.ID | None = optional("Who signs.")
    signatory_name: str | None = optional("The name under it; default theirs.")
    signatory_title: str | None = optional("The title under it; default theirs.")
    office: LetterOffice | None = optional("The office whose rank it bears.")
    capacity: LetterCapacity | None = optional("As what they sign.")
    approver: strawberry.ID | None = optional("Who gives the olur.")
    approver_title: str | None = optional("The title under the olur; default theirs.")
    approver_capacity: LetterCapacity | None = optional("As what they give the olur.")
    addressees: list[LetterAddresseeInput] | None = optional("To whom; replaces all.")
    references: list[LetterReferenceInput] | None = optional("What it refers to; replaces all.")
    annexes: list[LetterAnnexInput] | None = optional("What goes along; replaces all.")
    initials: list[LetterInitialsInput] | None = optional("Whose initials it needs; replaces all.")


@strawberry.input(description="A letter that is begun.")
class LetterDraftInput(LetterFactsInput):
    department: strawberry.ID | None = optional("In whose name; default the viewer's own.")


@strawberry.input(description="What a letter is made of, and linked with: exactly one.")
class LetterMakeInput:
    complaint: strawberry.ID | None = optional("A case whose applicant the viewer may know: its answer.")
    entry: strawberry.ID | None = optional("An entry of a programme.")
    request: strawberry.ID | None = optional("A request for an appointment, with a time or without.")
    invitation: strawberry.ID | None = optional("An invitation: a letter to who invites.")
    instruction: strawberry.ID | None = optional("An instruction that the letter carries out.")
    event: strawberry.ID | None = optional("An event: an invitation, a permit, a request for it.")


@strawberry.input(description="Begin the answer to an incoming letter; the payload has the new letter.")
class LetterReplyInput:
    id: strawberry.ID = required("The letter.")
    version: int | None = optional(VERSION)


@strawberry.input(description="Begin a reminder (tekit); the payload has the new letter.")
class LetterRemindInput:
    id: strawberry.ID = required("The letter.")
    version: int | None = optional(VERSION)


@strawberry.input(description="Write on; what is left out stays.")
class LetterWriteInput(LetterFactsInput):
    id: strawberry.ID = required("The letter.")
    version: int | None = optional(VERSION)


@strawberry.input(description="What goes along, with its mark as it is typed.")
class LetterCheckAnnexInput:
    title: str = required("What it is.")
    measure: str | None = optional("How many pages or pieces.")
    confidentiality: str | None = optional("Its mark of confidentiality, as it is typed.")


@strawberry.input(description="A letter as it is being typed, to be checked; nothing is stored.")
class LetterCheckInput:
    kind: LetterKind | None = optional("What it is; default an official letter.")
    subject: str | None = optional("What it is about (konu).")
    salutation: str | None = optional("The greeting of a letter of the makam.")
    body: str | None = optional("The text.")
    closing: str | None = optional("The closing.")
    confidentiality: str | None = optional("The mark of confidentiality, as it is typed.")
    urgency: str | None = optional("The mark of urgency, as it is typed.")
    due_on: dt.date | None = optional("The day that a GÜNLÜDÜR letter names.")
    medium: LetterMedium | None = optional("Where the original lives.")
    number: str | None = optional("The number (sayı); a draft has none.")
    signatory_name: str | None = optional("The name under it.")
    signatory_title: str | None = optional("The title under it.")
    office: LetterOffice | None = optional("The office whose rank it bears; default the mayor's.")
    capacity: LetterCapacity | None = optional("As what they sign.")
    addressees: list[LetterAddresseeInput] | None = optional("To whom.")
    references: list[LetterReferenceInput] | None = optional("What it refers to.")
    annexes: list[LetterCheckAnnexInput] | None = optional("What goes along.")


@strawberry.input(description="A letter that came in.")
class LetterReceiveInput:
    subject: str = required("What it is about.")
    body_of_sender: strawberry.ID | None = optional("The body that wrote it.")
    sender: str | None = optional("Who wrote it, where it is no body on record.")
    sender_number: str | None = optional("The sender's number.")
    sent_on: dt.date | None = optional("The sender's date.")
    received_on: dt.date | None = optional("When it came in; default today.")
    asks_for: LetterAnswerKind | None = optional("What it asks for, and so how long an answer may take.")
    answer_by: dt.date | None = optional("The day that it names.", name="answerUntil")
    text: str | None = optional("Its text, or a summary.")
    to: list[strawberry.ID] | None = optional("The departments it is referred to at once.")
    confidentiality: LetterConfidentiality | None = optional("How confidential it is.")
    department: strawberry.ID | None = optional("Whose book it goes into; default the viewer's own.")


@strawberry.input(description="Who initials and signs in place of an absent person.")
class LetterSubstituteInput:
    person: strawberry.ID = required("Who is away.")
    substitute: strawberry.ID = required("Who stands in.")
    valid_from: dt.date = required("The first day.")
    valid_until: dt.date = required("The last day.")


def facts(input: Any, *without: str, keep_null: bool = False) -> dict[str, Any]:
    """Convert an input into keyword arguments of `draft` and `write`."""
    lists = ("addressees", "references", "annexes", "initials")
    result = values(input, "id", "version", "department", *lists, *without)
    for name, model in (("file_code", FilePlanCode), ("signatory", User), ("approver", User)):
        if result.get(name) is not None:
            result[name] = must_load(model, result[name], name)
    if not keep_null:
        result = {name: value for name, value in result.items() if value is not None}
    makers: dict[str, Any] = {
        "addressees": _recipient,
        "references": _referred,
        "annexes": _enclosed,
        "initials": _initialling,
    }
    for name in lists:
        rows = getattr(input, name, strawberry.UNSET)
        if rows is not strawberry.UNSET and rows is not None:
            result["steps" if name == "initials" else name] = [makers[name](row) for row in rows]
    return result


def _texts(input: Any, *names: str) -> dict[str, str]:
    mapping = {name: getattr(input, name, strawberry.UNSET) for name in names}
    return {name: cleaned(value) for name, value in mapping.items() if value not in (None, strawberry.UNSET)}


def _recipient(addressee: LetterAddresseeInput) -> Recipient:
    if addressee.office:
        held = access.holder(must_load(Office, addressee.office, "addressees"))
        rest: dict[str, Any] = _texts(addressee, "title", "address", "email")
        return replace(held, **rest, **({"purpose": addressee.purpose.value} if addressee.purpose else {}))
    return Recipient(
        kind=addressee.kind.value if addressee.kind else "",
        department=load(Department, addressee.department, "addressees"),
        body=load(OutsideBody, addressee.body, "addressees"),
        citizen=load(Citizen, addressee.citizen, "addressees"),
        **_texts(addressee, "name", "surname", "title", "unit", "address", "email"),
        **({"purpose": addressee.purpose.value} if addressee.purpose else {}),
    )


def _referred(reference: LetterReferenceInput) -> Referred:
    return Referred(
        to=load(models.Letter, reference.letter, "references"),
        on=reference.on or None,
        is_ours=bool(reference.is_ours),
        is_person=bool(reference.is_person),
        **_texts(reference, "number", "author", "what"),
    )


def _enclosed(value: Any) -> Enclosed:
    degree = value.confidentiality or ""
    mark = degree.value if hasattr(degree, "value") else cleaned(degree)
    return Enclosed(cleaned(value.title), confidentiality=mark or "NONE", **_texts(value, "measure"))


def _initialling(initials: LetterInitialsInput) -> Initialling:
    person = must_load(User, initials.person, "initials")
    return Initialling(person, initials.role.value) if initials.role else Initialling(person)
