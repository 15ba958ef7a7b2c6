"""What a text typed into a list may name besides words: own numbers, kinds, pieces of short columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.core.symbolic import symbolic
from backend.core.words.text import MAX_QUERY_TOKENS, clean, tr_fold, tr_tokens

Labels = tuple[tuple[str, tuple[str, ...]], ...]
"""Value of a closed list, and its labels in search form."""

NUMBER = re.compile(r"(?:([^\W\d_]{2})\s*-?\s*)?(\d{4})\s*/\s*(\d{1,9})")
BEGINNING = 3
"""Letters from which on a word may be the beginning of a label; a shorter one must be the whole word."""


@symbolic(str)
def reference_numbers(prefixes: tuple[str, ...], text: str) -> list[str]:
    """Return the numbers that a text may name (`gl-2026/2`, `2026/2`), of lists that number by these prefixes."""
    named = NUMBER.fullmatch(clean(text))
    if named is None:
        return []
    typed, rest = tr_fold(named[1] or ""), f"{int(named[2])}/{int(named[3])}"
    return [f"{prefix}-{rest}" for prefix in prefixes if typed in ("", tr_fold(prefix))]


@symbolic(str)
def values_meant(labels: Labels, text: str) -> list[tuple[list[str], str]]:
    """Return which values of a closed list a text names, each group with the rest of the text, `""` for none.

    "taziye Ömer" names the value labelled "Taziye mesajı"; "Ömer" is left and must be found elsewhere.
    """
    tokens = _tokens(text)
    groups: dict[tuple[str, ...], list[str]] = {}
    for value, words in labels:
        rest = tuple(token for token in tokens if not _begins(token, words))
        if len(rest) < len(tokens):
            groups.setdefault(rest, []).append(value)
    return [(values, " ".join(rest)) for rest, values in groups.items()]


def _tokens(text: str) -> list[str]:
    return list(dict.fromkeys(tr_tokens(clean(text)).split()))[:MAX_QUERY_TOKENS]


def _begins(token: str, words: Sequence[str]) -> bool:
    return any(
        token == word or (len(token) >= BEGINNING and word.startswith(token))
        for label in words
        for word in label.split()
    )


def pieces(text: str) -> list[str]:
    """Return the words that a row must contain, in search form and with their signs (`27/b`, `a.ş.`)."""
    return list(dict.fromkeys(tr_fold(clean(text)).split()))[:MAX_QUERY_TOKENS]
