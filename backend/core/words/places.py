"""The street of an address in one spelling. `backend/core/sql/places.sql` says the same to indexes."""

from __future__ import annotations

from backend.core.words.spellings import GENERIC
from backend.core.words.text import clean, tr_tokens

_STREETS = frozenset({"sokak", "cadde", "bulvar"})


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
