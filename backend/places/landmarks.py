"""Landmarks in words: "caminin yanı", "Merkez Camii karşısı", "okulun önünde". Pure; which is meant: `nearby`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backend.core.words.text import clean, tr_fold, tr_tokens
from backend.places.choices import LandmarkKind

NAME_WORDS, LONGEST_CODE = 4, 60
_SUFFIXES = (
    r"(?:l[ae]r)?(?:[iu]m[iu]z|[iu]n[iu]z|s?[iu])?"
    r"(?:n?[iu]n|[ny]?[iu]|[ny]?[ae]|n?[dt][ae](?:ki|n)?(?:l[ae]r)?)?"
)
"""Plural, possessive and case as they stand behind a word in search form: cami-nin, okul-un, park-ı-nda."""
STEMS: dict[LandmarkKind, tuple[str, ...]] = {
    LandmarkKind.MOSQUE: ("cami", "mesci[dt]"),
    LandmarkKind.SCHOOL: ("okul", "ilkokul", "ortaokul", "anaokul", "ilkogretim", "lise", "kres"),
    LandmarkKind.PARK: ("park", "koru"),
    LandmarkKind.HEALTH: (
        "hastane",
        "saglik ocag",
        "saglik ocak",
        "aile sagligi merkez",
        "poliklinik",
        "poliklinig",
    ),
    LandmarkKind.PHARMACY: ("eczane",),
    LandmarkKind.MARKET: ("pazar", "pazar yer", "pazaryer"),
    LandmarkKind.CEMETERY: ("mezarlik", "mezarlig", "kabristan"),
    LandmarkKind.SPORTS: ("sta[dt]", "stadyum", "spor salon", "spor kompleks"),
    LandmarkKind.OFFICE: ("muhtarlik", "muhtarlig", "karakol", "belediye", "kaymakamlik", "kaymakamlig"),
    LandmarkKind.STATION: ("metro", "istasyon", "durak", "durag"),
    LandmarkKind.BRIDGE: ("kopru", "alt geci[td]", "altgeci[td]", "ust geci[td]", "ustgeci[td]"),
}
_OWN = r"s?[iu](?:n[iu]n|n[iu]|n[ae]|n[dt][ae](?:ki|n)?)?"
"""The possessive of a name: Merkez Cami-i, Şehitler Park-ı-nda; "caminin" has none."""
_KINDS = {kind: re.compile(rf"(?:{'|'.join(stems)}){_SUFFIXES}") for kind, stems in STEMS.items()}
_NAMED = re.compile(rf"(?:{'|'.join(stem for stems in STEMS.values() for stem in stems)}){_OWN}")
_BESIDE = re.compile(
    r"(?:karsi(?:s?i)?|(?:yan|on|arka|kose|civar|bitisig|dib|cevre|yakin|alt|ust|giris|cikis|ara|ic|bahce)(?:l[ae]r)?s?[iu])"
    r"(?:n[iu]n|n[iu]|n?[dt][ae](?:ki|n)?|n[ae]|y[ae])?"
)
"""What says that something is next to it: yanı, önünde, karşısındaki."""
_AT = re.compile(r".*[dt][ae](?:ki|n)?")
_NO_NAME = frozenset(
    "ve ile bu su o bir bizim sizin eski yeni buyuk kucuk mahalle mahallesi mah mahallesindeki sokak sokagi "  # noqa: SIM905
    "sokakta sk cadde caddesi cad cd no numara".split()
)


@dataclass(frozen=True)
class LandmarkMention:
    """A landmark that a text names by its kind, and perhaps by name."""

    kind: LandmarkKind
    names: tuple[str, ...]
    """What its name may be, the longest first; empty: "the mosque"."""
    is_name: bool
    """The word for its kind is a part of a name: "Merkez Camii", but not "caminin"."""
    is_beside: bool
    """The text speaks of something next to it; else the text only names it."""
    start: int
    end: int
    """Where the words stand, without a name."""
    starts: tuple[int, ...]
    """Where they begin with each of the names."""


_WORD = re.compile(r"[^\W_]+")


def mentions(text: str) -> list[LandmarkMention]:
    """Find what a text says of landmarks, in its order."""
    text = clean(text)
    words = [(tr_fold(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]
    found: list[LandmarkMention] = []
    at = 0
    while at < len(words):
        kind, count = _kind_at([word for word, _start, _end in words[at : at + 3]])
        if kind is None:
            at += 1
            continue
        last = at + count - 1
        if last + 1 < len(words) and _is_ending(text, words[last], words[last + 1]):
            last += 1
        is_beside = last + 1 < len(words) and _BESIDE.fullmatch(words[last + 1][0]) is not None
        names = _names(text, words, at)
        written = " ".join(word for word, _start, _end in words[at : at + count])
        is_name = bool(names) and _NAMED.fullmatch(written) is not None
        if is_beside or (names and _AT.fullmatch(words[last][0])):
            end = words[last + is_beside][2]
            spans = tuple(start for _name, start in names)
            spoken = tuple(name for name, _start in names)
            found.append(LandmarkMention(kind, spoken, is_name, is_beside, words[at][1], end, spans))
        at = last + 1
    return found


def _kind_at(words: Sequence[str]) -> tuple[LandmarkKind | None, int]:
    """The kind that the first words name, and how many of them; the most words first."""
    for count in range(len(words), 0, -1):
        if (kind := _kind_named(words[:count])) is not None:
            return kind, count
    return None, 0


def _kind_named(words: Sequence[str]) -> LandmarkKind | None:
    """The kind that these words together name."""
    written = " ".join(words)
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(written)), None)


def _is_ending(text: str, word: tuple[str, int, int], behind: tuple[str, int, int]) -> bool:
    """Whether the next word is an ending behind an apostrophe: Merkez Camii'nin."""
    return text[word[2] : behind[1]] in ("'", "’") and re.fullmatch(_SUFFIXES, behind[0]) is not None


def _names(text: str, words: list[tuple[str, int, int]], at: int) -> list[tuple[str, int]]:
    """What may be the name before the word for the kind, the longest first, with where it begins."""
    first = at
    while first > 0 and at - first < NAME_WORDS:
        word, _start, end = words[first - 1]
        if word in _NO_NAME or text[end : words[first][1]].strip() or _BESIDE.fullmatch(word):
            break
        first -= 1
    return [(" ".join(word for word, _s, _e in words[one:at]), words[one][1]) for one in range(first, at)]


def landmark_key(name: str) -> str:
    """Return a name without the word for its kind: "Merkez Camii" and "MERKEZ CAMİSİ" are both "merkez"; a name that is
    only such a word stays."""
    words = tr_tokens(clean(name)).split()
    for count in (3, 2, 1):
        if words[:-count] and _kind_named(words[-count:]) is not None:
            return " ".join(words[:-count])
    return " ".join(words)


def made_code(neighbourhood: str, kind: str, name: str) -> str:
    """Return the code of a landmark that comes without one: of its neighbourhood's code, its kind and its name."""
    return f"{neighbourhood}/{kind}/{landmark_key(name)}"[:LONGEST_CODE]


def kind_of(name: str) -> LandmarkKind:
    """Return the kind that the end of a name says: OTHER where it says none."""
    words = tr_tokens(clean(name)).split()
    named = (_kind_named(words[-count:]) for count in (3, 2, 1))
    return next((kind for kind in named if kind is not None), LandmarkKind.OTHER)
