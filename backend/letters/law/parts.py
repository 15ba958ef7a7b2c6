"""Parts of a letter as values, for the rules; made of rows or of input."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.letters.choices import (
    PERSONAL,
    AddresseeKind,
    Capacity,
    Form,
    Kind,
    Medium,
    Office,
    Purpose,
)
from backend.letters.law.wording import Greeting, Phrase

LAST_IN_PROTOCOL = 1000


@dataclass(frozen=True)
class Addressee:
    """To whom: `name` is the full name of a body or unit, or "Ad Soyad" of a person with `surname` apart. `unit` is
    the unit of an outside body. `rank`: its place in protocol, smaller first."""

    kind: str
    name: str
    surname: str = ""
    unit: str = ""
    purpose: str = Purpose.ACTION
    rank: int = LAST_IN_PROTOCOL
    full_name: str = ""
    """The full name in the body's record, where `name` is an entered variant."""
    title: str = ""
    """The office that a person holds, as a letter names it below the name."""
    salutation: str = ""
    """How this very person is greeted, where that is kept with them."""
    is_superior: bool = False
    """A body above the municipality: it is never reminded (m.34)."""


@dataclass(frozen=True)
class Signatory:
    """Who signs: `office` is the office they hold; else `signs_for` is the one whose rank counts."""

    name: str
    title: str
    office: str = Office.MAYOR
    capacity: str = Capacity.OWN
    signs_for: str = ""

    @property
    def rank(self) -> str:
        """The office whose rank the letter bears: "… a." and "… V." sign with the other's (m.16/12, m.17)."""
        return self.office if self.capacity == Capacity.OWN else (self.signs_for or Office.MAYOR)


@dataclass(frozen=True)
class Reference:
    """A letter that is referred to (ilgi). `author`: its writer, empty for the addressee's or our own; `is_ours` says
    which; `what` names a paper that is no letter, such as "dilekçe"."""

    on: dt.date | None
    number: str = ""
    author: str = ""
    is_ours: bool = False
    is_person: bool = False
    what: str = ""


@dataclass(frozen=True)
class Annex:
    """An annex; `measure` is what follows in brackets, such as "3 sayfa". `confidentiality` is a mark or a degree."""

    title: str
    measure: str = ""
    confidentiality: str = ""


@dataclass(frozen=True)
class Draft:
    """Letter in progress. `confidentiality` and `urgency` are entered marks, or degrees."""

    kind: str = Kind.OFFICIAL
    subject: str = ""
    addressees: Sequence[Addressee] = ()
    references: Sequence[Reference] = ()
    salutation: str = ""
    body: str = ""
    closing: str = ""
    annexes: Sequence[Annex] = ()
    signatory: Signatory | None = None
    confidentiality: str = ""
    urgency: str = ""
    due_on: dt.date | None = None
    medium: str = Medium.ELECTRONIC
    number: str = ""
    is_registered: bool = False
    known_bodies: dict[str, str] = field(default_factory=dict)
    """Short name -> full name of the bodies on record: an abbreviation is resolved by it."""

    phrases: Sequence[Phrase] = ()
    greetings: Sequence[Greeting] = ()
    """The library of words: what is approved, and how holders of offices are greeted."""

    @property
    def form(self) -> Form:
        """A letter of the office is one to persons; to a body even a congratulation takes the official form."""
        persons = all(addressee.kind == AddresseeKind.PERSON for addressee in self.addressees)
        return Form.PERSONAL if self.kind in PERSONAL and persons else Form.OFFICIAL


@dataclass(frozen=True)
class Fault:
    """What is wrong: `field` of `Draft`, a sentence, what to do, the article, and whether it must be put right."""

    code: str
    field: str
    message: str
    remedy: str
    article: str
    is_error: bool = True
