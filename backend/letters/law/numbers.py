"""Sayı (m.11), dates (m.12) and numbers in the text (m.16)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

NUMBER = re.compile(r"^[EZO]-\d{8}-\d{3}(\.\d{2}){0,3}-\d+$")
_MONTHS = [
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
]
_SDP = re.compile(r"^\d{3}(\.\d{2}){0,3}$")


def compose(medium: str, organisation: str, code: str, record: int) -> str:
    """“E-24312041-702.03-1”: where the original lives, DETSİS, SDP code, record number. ValueError."""
    number = f"{medium}-{organisation}-{code}-{record}"
    if problem := faulty(number):
        raise ValueError(problem)
    return number


def faulty(number: str) -> str:
    """What is wrong with a sayı, in a sentence; empty if nothing is."""
    if NUMBER.match(number):
        return ""
    parts = number.split("-")
    if len(parts) != 4 or parts[0] not in {"E", "Z", "O"}:
        return _("The number begins with E, Z or O and has four parts, such as E-24312041-702.03-1.")
    if not re.fullmatch(r"\d{8}", parts[1]):
        return _("The DETSİS number has eight digits.")
    if not _SDP.match(parts[2]):
        return _("The code of the file plan has three digits, then pairs of two: 702.03.")
    return _("The record number has digits only.")


def is_file_code(code: str) -> bool:
    return _SDP.match(code) is not None


def short_date(on: dt.date) -> str:
    """21.08.2026"""
    return f"{on:%d.%m.%Y}"


def long_date(on: dt.date) -> str:
    """21 Ağustos 2026"""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def grouped(number: int) -> str:
    """1.234.567"""
    return f"{number:,}".replace(",", ".")


_TOKEN = re.compile(r"(?<![\w.,/:\-+@])(\d{4,}|\d+\.\d{1,2})(?![\w/:@\-]|[.,]\d)")
_LAW = re.compile(
    r"\s*(sayılı|nolu|no['’]?lu|numaralı|yılı|yıllı|tarihli|ada|parsel|sokak|cadde)", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:no|no:|numara|tel|tel:|kimlik|parsel|ada|pafta|plaka|kod|kodu|karar|sayı|sayı:)\s*[:.]?\s*$",
    re.IGNORECASE,
)


def ungrouped(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of a text that are written wrongly, each with how it is written: 12500 → 12.500, 3.5 → 3,5.

    Years, numbers of laws, telephones and whatever is named as a number are left alone.
    """
    for result in _TOKEN.finditer(text):
        token, before, after = result[1], text[: result.start()], text[result.end() :]
        if _LAW.match(after) or _NAMED.search(before):
            continue
        if "." in token:
            if len(token.split(".")[1]) < 3 and not after.startswith(" sayılı"):
                yield token, token.replace(".", ",")
        elif not token.startswith("0") and not (len(token) == 4 and 1900 <= int(token) <= 2100):
            yield token, grouped(int(token))


def says_date(text: str, on: dt.date) -> bool:
    """Whether a text names this day, in either form."""
    return any(form in text for form in (short_date(on), long_date(on), f"{on.day}.{on.month}.{on.year}"))
