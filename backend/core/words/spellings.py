"""The generic words of an address, which people write in full, abbreviated and inflected."""

from __future__ import annotations

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
_WHOLE = 3  # letters up to which a spelling is a word and no beginning of one


def _others(word: str) -> tuple[str, ...]:
    own = GENERIC.get(word, word)
    found: list[str] = []
    for other in sorted({own, *(short for short, long in GENERIC.items() if long == own)}):
        if not other.startswith((word, *(term.removesuffix(":*") for term in found if term.endswith(":*")))):
            found.append(other if len(other) <= _WHOLE else f"{other}:*")
    return tuple(found)


_OTHERS = {word: _others(word) for word in {*GENERIC, *GENERIC.values()}}


def spellings(word: str) -> tuple[str, ...]:
    """Return terms of a tsquery for the other spellings of a folded word: "sokak" has "sk", "sok" and "sokagi:*".

    What begins with `word` itself, or with another of them, is left out. Empty for a word that has one spelling.
    """
    return _OTHERS.get(word, ())
