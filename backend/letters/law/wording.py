"""Approved phrases and forms of address as values: which fit a letter, and how its addressee is greeted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.core.words.text import clean, tr_fold
from backend.letters.choices import ClosingWord
from backend.letters.law.articles import ARZ, ARZ_VE_RICA, RICA, SAYGI

SAYS: dict[str, str] = {
    ARZ: ClosingWord.ARZ,
    RICA: ClosingWord.RICA,
    ARZ_VE_RICA: ClosingWord.ARZ_VE_RICA,
    SAYGI: ClosingWord.SAYGI,
}
"""The closing that the rule proposes -> under what its approved phrases are kept."""

_ENDINGS = 5
"""So many letters may follow the words of an office in a title: Kaymakam, Kaymakamı; Vali, Valisi."""


@dataclass(frozen=True)
class Phrase:
    """An approved sentence. `kinds`: of which letters, empty for all; `closing`: what it says, if it is the last."""

    part: str
    text: str
    kinds: tuple[str, ...] = ()
    closing: str = ""


@dataclass(frozen=True)
class Greeting:
    """Form of address of an office in letters of these kinds, empty for all."""

    office: str
    salutation: str
    kinds: tuple[str, ...] = ()


def fitting(phrases: Sequence[Phrase], kind: str, part: str, closing: str = "") -> tuple[str, ...]:
    """The approved phrases for a place in a letter of this kind; `closing`: as the rule proposes it."""
    says = SAYS.get(closing, "")
    return tuple(
        phrase.text
        for phrase in phrases
        if phrase.part == part and phrase.closing == says and (not phrase.kinds or kind in phrase.kinds)
    )


def greeting(greetings: Sequence[Greeting], kind: str, title: str) -> str:
    """How the holder of an office with this title is greeted, or nothing: by the form whose office says most of it, one
    for this kind before one for all."""
    words = tr_fold(clean(title)).split()
    items = [
        one
        for one in greetings
        if (not one.kinds or kind in one.kinds) and _is(tr_fold(one.office).split(), words)
    ]
    best = max(
        items, key=lambda one: (len(one.office.split()), bool(one.kinds), len(one.office)), default=None
    )
    return best.salutation if best else ""


def with_comma(salutation: str) -> str:
    """A salutation as a letter writes it, with one mark at its end."""
    text = clean(salutation).rstrip(", ")
    return f"{text}," if text and text[-1] not in "!:." else text


def _is(office: list[str], title: list[str]) -> bool:
    """Whether a title ends with the words of an office: “Sancaktepe Kaymakamı” with “Kaymakam”."""
    if not office or len(office) > len(title):
        return False
    return all(
        value.startswith(word) and len(value) - len(word) <= _ENDINGS
        for word, value in zip(office, title[-len(office) :], strict=True)
    )
