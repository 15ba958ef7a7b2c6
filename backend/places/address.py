"""The address in a text as people say it: "Merve Mah. Aydın sk. no:12", "Aydın Sokakta 12 numara", "caminin yanı".

Pure: what a text mentions is found here (`mentions`), which street of the register it means in `finding`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from backend.core.words.text import clean, tr_fold
from backend.places.choices import StreetKind
from backend.places.words import number_key

LONGEST = 4000
"""Letters of a text that are looked at."""
NAME_WORDS = 4
MOST = 8
"""Mentions of streets in a text that are looked up."""
NEARLY = 0.78
"""So alike is a misspelt name of a neighbourhood to the right one."""

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_KINDS = (
    (
        StreetKind.STREET,
        re.compile(r"(?:sk|sok|so+k+a[kg]\w{0,9}|sokg\w{0,6}|skk|skak\w{0,6}|soak\w{0,6}|zokak\w{0,6})"),
    ),
    (StreetKind.AVENUE, re.compile(r"(?:cd|cad|cadd?e\w{0,10}|caddes\w{0,8}|cade\w{0,8})")),
    (StreetKind.BOULEVARD, re.compile(r"(?:blv|bulv|blvr|bul[uv]?var\w{0,8}|bulvr\w{0,8})")),
    (StreetKind.SQUARE, re.compile(r"meydan\w{0,8}")),
)
_QUARTER = re.compile(r"(?:mh|mah|mhl|mahal+e\w{0,9}|mahle\w{0,6}|mahlle\w{0,6})")
_NUMBER_SIGN = re.compile(r"(?:no|nolu|num|numara\w{0,8}|kapi|kapino|bina)")
_NUMBER = re.compile(r"\d{1,4}[a-z]?")
_OF_NUMBER = re.compile(r"(?:nolu|numara\w{0,10}|no)")
_LETTER = re.compile(r"[a-z]")
_NO_NUMBER = re.compile(
    r"(?:gun|gundur|ay|aydir|hafta\w*|yil\w*|saat\w*|kisi|metre|mt|m|cm|adet|tane|kez|kere|lira|tl)"
)
"""What stands behind a number that counts something else: "Aydın Sokak 3 gündür karanlık"."""
_SPOT = re.compile(
    r"(?:onu\w{0,6}|on(?:un|le)\w{0,5}|yani\w{0,6}|karsi\w{0,8}|arka\w{0,7}|kose\w{0,8}|gir(?:is|i)\w{0,8}|alt(?:i|in)\w{0,5}|"
    r"ust(?:u|un)\w{0,5}|ara(?:si|sin)\w{0,5}|civar\w{0,5}|bas(?:i|in)\w{0,4}|son(?:u|un)\w{0,4}|ic(?:i|in)\w{0,4}|yakin\w{0,6})"
)
_IN = re.compile(r"(?:d[ae]|t[ae]|d[ae]ki|t[ae]ki|d[ae]n|t[ae]n|[ny]?[ie]|n[iu]n|y[ae])")
"""Endings behind an apostrophe, or behind the name of a neighbourhood."""
_STOPS = frozenset(  # words are easier to read than a list
    "ve ile bu su o da de ki icin ama cok bir bizim sizin merhaba selam iyi gunler ben biz evim evimiz adres "  # noqa: SIM905
    "adresim adresimiz yer yeri konum sayin lutfen".split()
)


class Token(NamedTuple):
    """A word of the text in search form, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True)
class StreetMention:
    """A street that a text names: what its name may be, the likeliest first, and the number behind it."""

    names: tuple[str, ...]
    kind: StreetKind
    """OTHER where the text does not say it."""
    number: str
    spans: Mapping[str, tuple[int, int]] = field(hash=False)
    """Name -> from where to where in the text it is written, its kind and number included."""


@dataclass(frozen=True)
class Mentions:
    streets: tuple[StreetMention, ...]
    neighbourhood: str
    """The code of the neighbourhood that the text names; "" for none."""
    is_neighbourhood_sure: bool
    """It is called one, and not only mentioned: many bear the name of a person."""
    neighbourhood_span: tuple[int, int] | None
    spot: str
    """Words that say where it is without an address: "caminin yanı"."""


def mentions(text: str, neighbourhoods: Mapping[str, str]) -> Mentions:
    """Find what a text says of a place. `neighbourhoods`: name in search form -> code."""
    text = clean(text)[:LONGEST]
    tokens = [Token(tr_fold(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    quarter = _neighbourhood(text, tokens, neighbourhoods)
    code, is_sure, taken = quarter or ("", False, None)
    streets = list(_streets(text, tokens, taken if is_sure else None))[:MOST]
    span = (tokens[taken.start].start, tokens[taken.stop - 1].end) if taken else None
    return Mentions(tuple(streets), code, is_sure, span, _spot(text, tokens))


def _neighbourhood(
    text: str, tokens: list[Token], known: Mapping[str, str]
) -> tuple[str, bool, range] | None:
    """Its code, whether it is called a neighbourhood, and which words say so."""
    for at, token in enumerate(tokens):
        if not _QUARTER.fullmatch(token.word):
            continue
        for count in range(min(3, at), 0, -1):
            name = " ".join(each.word for each in tokens[at - count : at])
            if name in known:
                return known[name], True, range(at - count, at + 1)
        if found := _nearly(tokens, at, known):
            return found
    for at in range(len(tokens)):
        for count in (3, 2, 1):
            part = tokens[at : at + count]
            if len(part) == count and (
                code := _named(text, part, tokens[at + count : at + count + 1], known)
            ):
                return code, False, range(at, at + count)
    return None


def _nearly(tokens: list[Token], at: int, known: Mapping[str, str]) -> tuple[str, bool, range] | None:
    """The neighbourhood whose misspelt name stands before the word for it."""
    best: tuple[float, str, int] = (NEARLY, "", 0)
    for count in range(1, min(3, at) + 1):
        written = "".join(each.word for each in tokens[at - count : at])
        for name, code in known.items():
            likeness = SequenceMatcher(None, written, name.replace(" ", "")).ratio()
            if likeness > best[0]:
                best = (likeness, code, count)
    return (best[1], True, range(at - best[2], at + 1)) if best[1] else None


def _named(text: str, part: list[Token], behind: list[Token], known: Mapping[str, str]) -> str:
    """The neighbourhood that is named where something is: a capital, and the ending of a place ("Sarıgazi'de")."""
    if not text[part[0].start].isupper():
        return ""
    words = " ".join(token.word for token in part)
    if words in known:
        apostrophe = text[part[-1].end : part[-1].end + 1] in ("'", "’")
        ends = bool(behind) and apostrophe and re.fullmatch(r"[dt][ae](?:ki|n)?", behind[0].word)
        return known[words] if ends else ""
    bare = re.sub(r"[dt][ae](?:ki|n)?$", "", words)
    return known.get(bare, "") if bare != words else ""


def _streets(text: str, tokens: list[Token], taken: range | None) -> Iterator[StreetMention]:
    found = False
    for at, token in enumerate(tokens):
        kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(token.word)), None)
        if kind is None or at == 0:
            continue
        names = dict(_names_before(text, tokens, at, taken))
        if names:
            found = True
            number, last = _number_behind(text, tokens, at)
            if not number:
                number, _first = _number_before(tokens, at, names)
            spans = {name: (tokens[first].start, tokens[last].end) for name, first in names.items()}
            yield StreetMention(tuple(names), kind, number, spans)
    if not found:
        yield from _without_kind(text, tokens, taken)


def _names_before(text: str, tokens: list[Token], at: int, taken: range | None) -> Iterator[tuple[str, int]]:
    """What may be the name before the word for the kind, the longest first, with the word that it begins with."""
    first = at
    while first > 0 and at - first < NAME_WORDS:
        before = tokens[first - 1]
        between = text[before.end : tokens[first].start]
        is_cut = any(mark in between for mark in ",;:!?\n()") or (
            "." in between and len(before.word) > 3 and not before.word.isdigit()
        )
        if (
            is_cut
            or (taken and first - 1 in taken)
            or before.word in _STOPS
            or _QUARTER.fullmatch(before.word)
        ):
            break
        is_number = _NUMBER_SIGN.fullmatch(before.word) or _OF_NUMBER.fullmatch(before.word)
        if is_number or any(pattern.fullmatch(before.word) for _kind, pattern in _KINDS):
            break
        first -= 1
    for start in range(first, at):
        yield " ".join(token.word for token in tokens[start:at]), start


def _number_behind(text: str, tokens: list[Token], at: int) -> tuple[str, int]:
    """The number of the door behind the word for the kind, and the last word that belongs to it."""
    here = at + 1
    if (
        here < len(tokens)
        and "'" in text[tokens[at].end : tokens[here].start].replace("’", "'")
        and _IN.fullmatch(tokens[here].word)
    ):
        here += 1
    signed = here < len(tokens) and bool(_NUMBER_SIGN.fullmatch(tokens[here].word))
    here += signed
    if here >= len(tokens) or not _NUMBER.fullmatch(tokens[here].word):
        return "", at
    if any(mark in text[tokens[here - 1].end : tokens[here].start] for mark in ";!?\n"):
        return "", at
    behind = tokens[here + 1] if here + 1 < len(tokens) else None
    if behind and not signed and _NO_NUMBER.fullmatch(behind.word):
        return "", at
    number, last = tokens[here].word, here
    if (
        behind
        and _LETTER.fullmatch(behind.word)
        and text[tokens[here].end : behind.start] in ("/", "-", " ", "")
    ):
        return number + behind.word, here + 1
    return number, last


def _number_before(tokens: list[Token], at: int, names: Mapping[str, int]) -> tuple[str, int]:
    """A number that stands before all: "12 numara Aydın Sokak"."""
    first = min(names.values())
    if (
        first >= 2
        and _OF_NUMBER.fullmatch(tokens[first - 1].word)
        and _NUMBER.fullmatch(tokens[first - 2].word)
    ):
        return tokens[first - 2].word, first - 2
    return "", at


def _without_kind(text: str, tokens: list[Token], taken: range | None) -> Iterator[StreetMention]:
    """Names with a number that is called one, where no word says that it is a street: "Aydın 12 numara"."""
    for at, token in enumerate(tokens):
        behind = tokens[at + 1].word if at + 1 < len(tokens) else ""
        before = tokens[at - 1].word if at else ""
        is_signed = bool(_OF_NUMBER.fullmatch(behind)) or bool(_NUMBER_SIGN.fullmatch(before))
        if not is_signed or not _NUMBER.fullmatch(token.word):
            continue
        end = at - 1 if _NUMBER_SIGN.fullmatch(before) else at
        if names := dict(_names_before(text, tokens, end, taken)):
            last = at + 1 if _OF_NUMBER.fullmatch(behind) else at
            spans = {name: (tokens[first].start, tokens[last].end) for name, first in names.items()}
            yield StreetMention(tuple(names), StreetKind.OTHER, token.word, spans)


def _spot(text: str, tokens: list[Token]) -> str:
    """The first thing next to which it is: "caminin yanı"; "" where only a number or a street stands before it."""
    for before, token in itertools.pairwise(tokens):
        if not _SPOT.fullmatch(token.word) or before.word[0].isdigit() or before.word in _STOPS:
            continue
        is_genitive = re.search(r"(?:[ny]?[iu]n|imizin|umuzun)$", before.word) is not None
        is_street = any(pattern.fullmatch(before.word) for _kind, pattern in _KINDS)
        if is_genitive and not is_street and not _OF_NUMBER.fullmatch(before.word):
            return text[before.start : token.end]
    return ""


def same_number(number: str, numbers: Iterable[str]) -> str:
    """Return the one of the numbers of doors that is meant; "" where the street has none like it."""
    wanted = number_key(number)
    keyed = {number_key(each): each for each in numbers}
    bare = re.sub(r"[a-z]$", "", wanted)
    return keyed.get(wanted) or keyed.get(bare) or ""
