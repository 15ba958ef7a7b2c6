"""The library of words, read for a letter: approved phrases and forms of address that are in use today."""

from __future__ import annotations

from collections.abc import Sequence

from backend.contacts.models import Citizen
from backend.letters.law.wording import Greeting, Phrase, greeting, with_comma
from backend.letters.wording import OF_CASES, FormOfAddress
from backend.letters.wording import Phrase as PhraseRow
from backend.protocol.models import Office


def phrases() -> list[Phrase]:
    """In the order in which they are offered."""
    rows = PhraseRow.objects.valid().exclude(part__in=OF_CASES)
    return [Phrase(one.part, one.text, tuple(one.kinds), one.closing) for one in rows]


def greetings() -> list[Greeting]:
    """The forms that are kept for letters, then those of the protocol's offices: of two for one office the first."""
    kept = [Greeting(one.office, one.salutation, tuple(one.kinds)) for one in FormOfAddress.objects.valid()]
    offices = Office.objects.in_use().exclude(address_form="")
    ours = offices.order_by("pk").values_list("title", "address_form")
    return [*kept, *(Greeting(title, form) for title, form in ours)]


def salutation(person: Citizen, kind: str, title: str = "", forms: Sequence[Greeting] | None = None) -> str:
    """Salutation of a letter of this kind: the person's own form, the form of the office with this title, else by
    name. `forms`: those of the library, if loaded."""
    kept = with_comma(person.salutation)
    if not kept and title:
        kept = greeting(greetings() if forms is None else forms, kind, title)
    return kept or f"Sayın {person.titled_name},"
