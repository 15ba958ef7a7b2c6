"""İlgi (m.15): in order of date, lettered by the Turkish alphabet, each ending with a full stop."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from backend.core.words.text import official_name, tr_lower
from backend.letters.choices import AddresseeKind
from backend.letters.law.addressing import guess_kind
from backend.letters.law.grammar import VOWELS, genitive, genitive_of_person, narrow
from backend.letters.law.numbers import short_date
from backend.letters.law.parts import Reference

LETTERS = "abcçdefgğhıijklmnoöprsştuüvyz"
_MENTIONED = re.compile(r"\bilgi(?:['’]?(?:de|deki)|li)?\s*((?:\([^)]{1,40}\)(?:\s*(?:,|ve|ile|veya)\s*)?)+)")
_MENTION = re.compile(
    r"\bilgi['’](?:de|deki|ye|nin|si)\b"
    r"|\bilgi(?:de|deki)?\s*(?:\(|yazı|dilekçe|başvuru|karar|rapor|tutanak|genelge|\w*yazı|sayılı"
    r"|tarihli|kayıtlı|belirtilen)"
)
_SPOKEN_OF = re.compile(r"\bilgi(?:['’]?(?:de|deki|den|ye|nin|si)|ler(?:de|deki)?)?\b")
_WHOLE = re.compile(r"(?:[A-ZÇĞİÖŞÜ]-)?[0-9]{5,8}-[0-9]{3}(?:\.[0-9]{2}){0,3}[^-\s]*-[^\s-]+(?:-[^\s-]+)?")
_POSSESSED = {
    "dilekçe": "dilekçesi",
    "yazı": "yazısı",
    "başvuru": "başvurusu",
    "rapor": "raporu",
    "karar": "kararı",
}


def is_whole(reference: Reference) -> bool:
    """Whether the number of a letter is the whole one; companies number as they like, and older letters of offices
    without the first letter."""
    number = reference.number.strip()
    of_company = guess_kind(reference.author) == AddresseeKind.COMPANY if reference.author else False
    return of_company or reference.is_person or _WHOLE.fullmatch(number) is not None


def in_order(references: Sequence[Reference]) -> list[Reference]:
    """By date, the oldest first; what has no date stands last."""
    return sorted(references, key=lambda one: one.on or dt.date.max)


def line(reference: Reference) -> str:
    """“Sancaktepe Kaymakamlığının 21.08.2026 tarihli ve E-…-1 sayılı yazısı.”"""
    value = [f"{short_date(reference.on)} tarihli"] if reference.on else []
    if reference.number:
        value.append(f"{reference.number} sayılı")
    what = tr_lower(reference.what or "yazı")
    if reference.author:
        if reference.is_person:
            first, _blank, last = reference.author.rpartition(" ")
            whose = genitive_of_person(official_name(first, last))
        else:
            whose = genitive(reference.author)
        noun = _POSSESSED.get(what, what)
        return f"{whose} {' ve '.join(value)} {noun}.".replace("  ", " ")
    return f"{' ve '.join(value)} {_owned(what, reference.is_ours)}.".strip()


def _owned(what: str, is_ours: bool) -> str:
    """yazımız, yazınız; dilekçemiz, dilekçeniz."""
    vowel = narrow(what)
    link = "" if what[-1] in VOWELS else vowel
    return f"{what}{link}{'m' if is_ours else 'n'}{vowel}z"


def lines(references: Sequence[Reference]) -> list[tuple[str, str]]:
    """(letter, line) in order; a single one bears no letter."""
    ordered = in_order(references)
    if len(ordered) == 1:
        return [("", line(ordered[0]))]
    return [(LETTERS[i] if i < len(LETTERS) else str(i + 1), line(one)) for i, one in enumerate(ordered)]


def mentioned(text: str) -> set[str]:
    """The letters that a text names, as in “ilgi (a) ve (b)”: only brackets after “ilgi” count."""
    result: set[str] = set()
    for inside in _MENTIONED.findall(tr_lower(text)):
        result |= {part for part in re.split(r"[^a-zçğıöşü]+", inside) if len(part) == 1}
    return result


def is_spoken_of(text: str) -> bool:
    """Whether the text may mean an ilgi: as generous as `is_mentioned` is strict."""
    return _SPOKEN_OF.search(tr_lower(text)) is not None


def is_mentioned(text: str) -> bool:
    """Whether the text can only mean an ilgi: “ilgi yazınız”, “İlgi’de kayıtlı”."""
    return _MENTION.search(tr_lower(text)) is not None
