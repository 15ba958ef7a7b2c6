"""What is counted of a text: parts of words, words, and what the catalogue's words say.

A feature is a number (CRC-32 of its letters), so that no text of a case can be read out of what is learned. Spelling is
folded: with and without Turkish letters, capitals, digits and drawn-out letters ("çoook") are alike.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from backend.complaints.suggestion import Catalogue, scores
from backend.core.words.text import clean, tr_lower, tr_tokens

LONGEST, MOST_WORDS = 4000, 400
"""Of a longer text the beginning is read: a complaint says there what it is about."""
PARTS = (2, 3, 4, 5)
STEM = 5
"""Letters by which a word is known: Turkish adds its endings behind."""
MOST_KEYWORDS = 4
Features = tuple[dict[int, int], dict[int, int], dict[int, float]]
"""How often each feature occurs, by block: parts of words, words; of the catalogue's, how much it counts."""

_DIGITS = re.compile(r"\d+")
_WRITTEN = re.compile(r"[^\W_]+")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    folded = _DRAWN_OUT.sub(r"\1", _DIGITS.sub("0", tr_tokens(clean(text[:LONGEST]))))
    return folded.split()[:MOST_WORDS]


def spelling(text: str) -> dict[str, str]:
    """How the text writes each of its folded words for the first time, in small letters."""
    written: dict[str, str] = {}
    for token in _WRITTEN.findall(tr_lower(clean(text[:LONGEST]))):
        for word in words_of(token):
            written.setdefault(word, token)
    return written


@lru_cache(maxsize=50_000)
def parts_of(word: str) -> tuple[int, ...]:
    """The parts of a word with its edges."""
    edged = f" {word[:40]} "
    return tuple(_number("p", edged[at : at + size]) for size in PARTS for at in range(len(edged) - size + 1))


def stem_of(word: str) -> int:
    """The feature of a word by its beginning."""
    return _number("w", word[:STEM])


def features_of(text: str, catalogue: Catalogue) -> Features:
    """Everything that is counted of a text."""
    words = words_of(text)
    parts = Counter(part for word in words for part in parts_of(word))
    stems = [word[:STEM] for word in words]
    pairs = (_number("2", f"{left} {right}") for left, right in pairwise(stems))
    known = Counter([*(_number("w", stem) for stem in stems), *pairs])
    return parts, known, _catalogue_says(text, catalogue)


def _catalogue_says(text: str, catalogue: Catalogue) -> dict[int, float]:
    found = scores(text[:LONGEST], catalogue)[:MOST_KEYWORDS]
    return {_number("c", code): 1 / place for place, (code, _score) in enumerate(found, 1)}


def _number(kind: str, letters: str) -> int:
    return crc32(f"{kind}{letters}".encode())
