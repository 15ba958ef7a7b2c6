"""Convert a letter's rows, stored or unsaved, into the parts that the rules check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q

from backend.letters import library
from backend.letters.choices import PERSONAL, AddresseeKind, Confidentiality, Register
from backend.letters.law import parts
from backend.letters.models import Addressee, Annex, Letter, LetterReference
from backend.organization.models import OutsideBody

FORMAL = ~Q(kind__in=PERSONAL) | Q(
    Exists(Addressee.objects.filter(letter=OuterRef("pk")).exclude(kind=AddresseeKind.PERSON))
)
"""The letters of the official form, which bear a sayı (m.11): all but those that the makam writes to persons."""


def with_addressee(*conditions: Q, **facts: Any) -> Q:
    """The letters with an addressee of whom this is so."""
    return Q(Exists(Addressee.objects.filter(*conditions, letter=OuterRef("pk"), **facts)))


@dataclass
class Sheet:
    """A letter with what stands on it, saved or not: the rows of the composer, before and after."""

    letter: Letter
    addressees: list[Addressee] = field(default_factory=list)
    references: list[LetterReference] = field(default_factory=list)
    annexes: list[Annex] = field(default_factory=list)


def sheet_of(letter: Letter) -> Sheet:
    """The stored letter with its rows, in order."""
    return Sheet(
        letter,
        list(letter.addressees.select_related("body", "department", "citizen")),
        list(letter.references.all()),
        list(letter.annexes.all()),
    )


def known_bodies() -> dict[str, str]:
    """Short name -> full name of the bodies on record."""
    return dict(OutsideBody.objects.values_list("short_name", "name"))


def as_draft(
    sheet: Sheet,
    *,
    confidentiality: str | None = None,
    urgency: str | None = None,
    known: dict[str, str] | None = None,
) -> parts.Draft:
    """What the rules look at. `confidentiality` and `urgency`: marks as they were typed, where they are no degree."""
    letter = sheet.letter
    return parts.Draft(
        kind=letter.kind,
        subject=letter.subject,
        addressees=[replace(addressee(one), salutation=_own_salutation(one)) for one in sheet.addressees],
        references=[reference(one) for one in sheet.references],
        salutation=letter.salutation,
        body=letter.body,
        closing=letter.closing,
        annexes=[annex(annexe) for annexe in sheet.annexes],
        signatory=signatory(letter),
        confidentiality=letter.confidentiality if confidentiality is None else confidentiality,
        urgency=letter.urgency if urgency is None else urgency,
        due_on=letter.due_on,
        medium=letter.medium,
        number=letter.document_number,
        is_registered=letter.register == Register.INCOMING or bool(letter.number),
        known_bodies=known_bodies() if known is None else known,
        phrases=library.phrases(),
        greetings=library.greetings(),
    )


def signatory(letter: Letter) -> parts.Signatory | None:
    if not (letter.signatory_name or letter.signatory_title):
        return None
    return parts.Signatory(
        letter.signatory_name, letter.signatory_title, letter.office, letter.capacity, letter.office
    )


def _own_salutation(row: Addressee) -> str:
    """As it is kept with the person; of whom the viewer does not know it is nothing."""
    return row.citizen.salutation if row.citizen_id and row.citizen else ""


def addressee(row: Addressee) -> parts.Addressee:
    body = row.body if row.body_id else None
    return parts.Addressee(
        kind=row.kind,
        name=row.name,
        surname=row.surname,
        unit=row.unit,
        purpose=row.purpose,
        rank=body.protocol_rank if body else parts.LAST_IN_PROTOCOL,
        full_name=body.name if body else "",
        title=row.title,
        is_superior=bool(body and body.is_superior),
    )


def reference(row: LetterReference) -> parts.Reference:
    return parts.Reference(row.on, row.number, row.author, row.is_ours, row.is_person, row.what)


def annex(row: Annex) -> parts.Annex:
    mark = "" if row.confidentiality == Confidentiality.NONE else row.confidentiality
    return parts.Annex(row.title, row.measure, mark)


def names(addressees: Iterable[Addressee]) -> str:
    """All addressees in a line, as lists show them and search finds them."""
    return ", ".join(map(str, addressees))[:600]


def register_of(addressees: Sequence[Addressee]) -> Register:
    """INTERNAL where it stays in the house."""
    inside = {AddresseeKind.DEPARTMENT, AddresseeKind.MAYORALTY}
    stays = bool(addressees) and all(one.kind in inside for one in addressees)
    return Register.INTERNAL if stays else Register.OUTGOING


def content(sheet: Sheet) -> dict[str, Any]:
    """Everything that is signed, in a fixed order: what the digest of a signature is made of."""
    letter = sheet.letter
    facts: tuple[str, ...] = (
        "kind",
        "subject",
        "salutation",
        "body",
        "closing",
        "confidentiality",
        "urgency",
        "medium",
        "signatory_name",
    )
    facts += ("signatory_title", "office", "capacity")
    return {
        **{name: str(getattr(letter, name)) for name in facts},
        "due_on": letter.due_on.isoformat() if letter.due_on else "",
        "addressees": [
            [a.kind, a.purpose, a.name, a.surname, a.unit, *filter(None, [a.title])] for a in sheet.addressees
        ],
        "references": [
            [r.on.isoformat() if r.on else "", r.number, r.author, r.is_ours, r.what]
            for r in sheet.references
        ],
        "annexes": [[a.title, a.measure, a.confidentiality] for a in sheet.annexes],
    }
