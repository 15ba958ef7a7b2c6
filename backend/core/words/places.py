"""The street and number of an address, in a form in which two spellings of one place are equal."""

from __future__ import annotations

from backend.core.words.text import clean, tr_tokens

GENERIC = {
    "sk": "sokak",
    "sok": "sokak",
    "sokagi": "sokak",
    "sokakta": "sokak",
    "cd": "cadde",
    "cad": "cadde",
    "caddesi": "cadde",
    "blv": "bulvar",
    "bulv": "bulvar",
    "bulvari": "bulvar",
    "mh": "mahalle",
    "mah": "mahalle",
    "mahallesi": "mahalle",
    "numara": "no",
    "numarali": "no",
    "apt": "apartman",
    "apartmani": "apartman",
}
_KINDS = frozenset(GENERIC.values())
_STREETS = frozenset({"sokak", "cadde", "bulvar"})
_SIGN = "no"


def same_place(text: str) -> frozenset[str]:
    """Return the words of a place in one spelling: "Yayla Sk. No: 12" and "12 yayla sokağı" are equal."""
    return frozenset(word for word in _without_neighbourhood(text) if word != _SIGN)


def street(text: str) -> str:
    """Return the name of the street in one spelling, without its numbers: "Yayla Mah. İğdeli Sk. 4" is "igdeli sokak".

    "" for a place that names none.
    """
    words = _without_neighbourhood(text)
    at = next((i for i, word in enumerate(words) if word in _STREETS), 0)
    return " ".join(words[: at + 1]) if at else ""


def _without_neighbourhood(text: str) -> list[str]:
    """The words in order; the name of a neighbourhood is left out, since it has a field of its own."""
    words = [GENERIC.get(word, word) for word in tr_tokens(clean(text)).split()]
    named = {i for i, word in enumerate(words) if word == "mahalle"}
    left_out = named | {i - 1 for i in named}
    return [word for i, word in enumerate(words) if i not in left_out]


def distinctive(text: str) -> str:
    """Return the words by which a place is looked up: the names and numbers; "" without a name and a number."""
    words = sorted(same_place(text) - _KINDS)
    has_number = any(word[0].isdigit() for word in words)
    has_name = any(word[0].isalpha() for word in words)
    return " ".join(words) if has_number and has_name else ""
