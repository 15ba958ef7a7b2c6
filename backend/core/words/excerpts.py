"""Excerpts of search results: the words around the first match."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.core.words.text import tr_fold

AROUND = 70
"""Letters before and after what was found."""
_WORD = re.compile(r"[^\W_]+")


def found_in(text: str, tokens: Sequence[str]) -> int:
    """How many of the folded beginnings `tokens` some word of the text has."""
    words = _WORD.findall(tr_fold(text))
    return sum(any(word.startswith(token) for word in words) for token in tokens)


def excerpt(text: str, tokens: Sequence[str]) -> str:
    """The text around the first word with such a beginning, in one line; its beginning where there is none."""
    text = " ".join(text.split())
    # Folding keeps the length but for rare foreign capitals; then the window is a letter or two aside.
    starts = (word.start() for word in _WORD.finditer(tr_fold(text)) if word[0].startswith(tuple(tokens)))
    place = next(starts, 0)
    first = 0 if place <= AROUND else text.find(" ", place - AROUND, place) + 1 or place - AROUND
    last = len(text) if len(text) <= place + AROUND * 2 else text.rfind(" ", place, place + AROUND * 2)
    last = last if last > place else place + AROUND * 2
    return f"{'…' if first else ''}{text[first:last].strip()}{'…' if last < len(text) else ''}"
