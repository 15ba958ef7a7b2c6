"""Names of streets and numbers of doors in a form in which two spellings of one are equal."""

from __future__ import annotations

import re

from backend.core.words.spellings import GENERIC
from backend.core.words.text import clean, tr_fold, tr_tokens, tr_upper
from backend.places.choices import StreetKind

KIND_WORDS = {
    "sokak": StreetKind.STREET,
    "cadde": StreetKind.AVENUE,
    "bulvar": StreetKind.BOULEVARD,
    "meydan": StreetKind.SQUARE,
    "meydani": StreetKind.SQUARE,
}
KIND_NAMES = {
    StreetKind.STREET: "Sokak",
    StreetKind.AVENUE: "Caddesi",
    StreetKind.BOULEVARD: "Bulvarı",
    StreetKind.SQUARE: "Meydanı",
}
_NUMBER = re.compile(r"(\d{1,5})\s*[/\-.]?\s*([a-zçğıöşü]?)(?![0-9a-zçğıöşü])", re.IGNORECASE)


def _words(name: str) -> list[str]:
    return [GENERIC.get(word, word) for word in tr_tokens(clean(name)).split()]


def name_key(name: str) -> str:
    """Return the name of a street without its kind: "Gül Sokağı" and "GÜL SK." are both "gul"."""
    words = _words(name)
    if len(words) > 1 and words[-1] in KIND_WORDS:
        words = words[:-1]
    return " ".join(words)


def kind_of(name: str) -> StreetKind:
    """Return what kind of street a name says that it is: OTHER where it says nothing."""
    words = _words(name)
    return KIND_WORDS.get(words[-1], StreetKind.OTHER) if words else StreetKind.OTHER


def number_key(number: str) -> str:
    """Return the number of a door without its writing: "12/A", "12 a" and "No: 12-A" are all "12a"."""
    match = _NUMBER.search(clean(number))
    return f"{match[1].lstrip('0') or '0'}{tr_fold(match[2])}" if match else tr_fold(clean(number))


def door_number(number: str) -> str:
    """Return the number as the register shows it: "12/A" for every spelling of it."""
    match = _NUMBER.fullmatch(clean(number))
    if not match:
        return clean(number)
    return match[1].lstrip("0") + (f"/{tr_upper(match[2])}" if match[2] else "")
