"""Sayı (m.11), dates (m.12) and numbers in the text (m.16)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

NUMBER = re.compile(r"[EZO]-[0-9]{8}-[0-9]{3}(\.[0-9]{2}){0,3}-[0-9]+")
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
_SDP = re.compile(r"[0-9]{3}(\.[0-9]{2}){0,3}")


def compose(medium: str, organisation: str, code: str, record: int) -> str:
    """“E-24312041-702.03-1”: where the original lives, DETSİS, SDP code, record number. ValueError."""
    number = f"{medium}-{organisation}-{code}-{record}"
    if problem := faulty(number):
        raise ValueError(problem)
    return number


def faulty(number: str) -> str:
    """What is wrong with a sayı, in a sentence; empty if nothing is."""
    if NUMBER.fullmatch(number):
        return ""
    parts = number.split("-")
    if len(parts) != 4 or parts[0] not in {"E", "Z", "O"}:
        return _("The number begins with E, Z or O and has four parts, such as E-24312041-702.03-1.")
    if not re.fullmatch(r"[0-9]{8}", parts[1]):
        return _("The DETSİS number has eight digits.")
    if not _SDP.fullmatch(parts[2]):
        return _("The code of the file plan has three digits, then pairs of two: 702.03.")
    return _("The record number has digits only.")


def is_file_code(code: str) -> bool:
    return _SDP.fullmatch(code) is not None


def short_date(on: dt.date) -> str:
    """21.08.2026"""
    return f"{on:%d.%m.%Y}"


def long_date(on: dt.date) -> str:
    """21 Ağustos 2026"""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def grouped(number: int) -> str:
    """1.234.567"""
    return f"{number:,}".replace(",", ".")


# Only what is plainly a quantity is looked at: a number before a measure or what is counted, or a percentage. All
# others may be years, laws, hours, plates, addresses, telephones, identity numbers.
_MEASURES = (
    r"(?:lira|TL|₺|kuruş|avro|euro|dolar|kişi|vatandaş|öğrenci|hane|aile|abone|konut|bina|araç|adet|aded|fidan|ağaç"
    r"|koli|paket|ton|kilo|kg|gram|litre|metre|kilometre|santimetre|km|cm|m[²³23](?!\w)|hektar|dönüm|dekar)"
)
_NUMBER_TEXT = r"(?:[0-9]{4,}(?:\.[0-9]{1,2})?|[0-9]+\.[0-9]{1,2})"
_QUANTITY = re.compile(
    rf"(?<![\w.,/:\-+@’'%])({_NUMBER_TEXT}(?:\s*(?:,|ve|veya|ile|ila|-|–)\s*{_NUMBER_TEXT})*)(?=\s?{_MEASURES})"
    r"|(?<![\w.,/:\-+@’'%])([0-9]+\.[0-9]{1,2})(?=\s(?:bin|milyon|milyar|yıl|derece|puan))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PLATE = re.compile(r"\b[0-9]{2}\s?[A-ZÇĞİÖŞÜ]{1,3}\s?$")
_PERCENTAGE = re.compile(r"(?:%\s?|\byüzde\s)([0-9]+\.[0-9]{1,2})(?![0-9.,])", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\w:./-])((?:[01]?[0-9]|2[0-3]):[0-5][0-9])(?![\w:])")


def ungrouped(text: str) -> Iterator[tuple[str, str]]:
    """The quantities of a text that are written wrongly, each with how it is written: 12500 lira → 12.500, 3.5 metre
    → 3,5."""
    for several in (*_QUANTITY.finditer(text), *_PERCENTAGE.finditer(text)):
        if _PLATE.search(text[: several.start()]):
            continue
        for number in re.findall(_NUMBER_TEXT, several[0]):
            whole, _point, fraction = number.partition(".")
            if fraction or not _YEAR.fullmatch(number):
                right = grouped(int(whole)) if len(whole) > 3 else whole
                yield number, f"{right},{fraction}" if fraction else right


def with_colon(text: str) -> Iterator[tuple[str, str]]:
    """The times of a text that are written with a colon, each with its point: 14:30 → 14.30."""
    for result in _CLOCK.finditer(text):
        yield result[1], result[1].zfill(5).replace(":", ".")


_DATE = rf"(?:[0-9]{{1,2}}\.[0-9]{{1,2}}\.[0-9]{{4}}|[0-9]{{1,2}}\s(?:{'|'.join(_MONTHS)})\s[0-9]{{4}})"
_DEADLINE = re.compile(
    rf"\ben geç\s{_DATE}|{_DATE}(?:[’'][a-zçğıöşü]+)?(?:\s\w+){{0,4}}?\skadar\b", re.IGNORECASE
)


def deadline(text: str) -> str:
    """The words of a text that set a last day, such as “30.11.2026 tarihine kadar”; empty where none do."""
    found = _DEADLINE.search(text)
    return found[0] if found else ""


def says_date(text: str, on: dt.date) -> bool:
    """Whether a text names this day, in either form."""
    return any(form in text for form in (short_date(on), long_date(on), f"{on.day}.{on.month}.{on.year}"))
