"""Days and times as people write them: “perşembe 14.30”, “3 aralık”, “yarın”, “03.12.2026”, and the forms of programs.

Nothing is guessed: a text that could be two days is none. A day comes before its month in both languages.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re

from backend.core.localtime import ISTANBUL, today
from backend.core.words.text import tr_fold

WEEKDAYS = (
    ("pazartesi", "sali", "carsamba", "persembe", "cuma", "cumartesi", "pazar"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
SHORT = {"pzt": 0, "crs": 2, "prs": 3, "cmt": 5}
MONTHS = (
    ("ocak", "january"),
    ("subat", "february"),
    ("mart", "march"),
    ("nisan", "april"),
    ("mayis", "may"),
    ("haziran", "june"),
    ("temmuz", "july"),
    ("agustos", "august"),
    ("eylul", "september"),
    ("ekim", "october"),
    ("kasim", "november"),
    ("aralik", "december"),
)
NEAR = {
    "bugun": 0,
    "yarin": 1,
    "obur gun": 2,
    "ertesi gun": 1,
    "haftaya": 7,
    "dun": -1,
    "evvelsi gun": -2,
    "today": 0,
    "tomorrow": 1,
    "yesterday": -1,
}
NEXT_WEEK = ("haftaya", "gelecek hafta", "onumuzdeki hafta", "next week")
_FILLING = ("", "gunu", "saat", "bu", "tarihi", "on", "at")
_SUFFIX = re.compile(r"['’](?:[a-z]+)")
_CLOCK = re.compile(r"^(?:saat\s*)?(\d{1,2})(?:[:.]?([0-5]\d))?$")
_CLOCK_LAST = re.compile(r"^(.*?)[\s,t]*(?:saat\s*)?(?<!\d)(\d{1,2})(?:[:.](\d{2}))?$")
_CLOCK_FIRST = re.compile(r"^(?:saat\s*(\d{1,2})(?:[:.](\d{2}))?|(\d{1,2}):(\d{2}))[\s,]+(.+)$")
_NUMERIC = re.compile(r"^(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?\.?$")
_AHEAD = re.compile(r"^(\d{1,3}) (gun|hafta) (sonra|once)$")


def day_meant(text: str, *, past: bool = False) -> dt.date | None:
    """Return the day that is meant, or None. `past`: a day without its year is the last such one, not the next."""
    return _day(_cleaned(text), past)


def clock_meant(text: str) -> dt.time | None:
    """Return the time of day that is meant, or None: “14.30”, “14:30”, “1430”, “saat 9”."""
    match = _CLOCK.match(_cleaned(text))
    return _clock(match[1], match[2]) if match else None


def moment_meant(text: str, *, past: bool = False) -> dt.datetime | None:
    """Return the local moment that is meant, or None: a day and a time, in this order or with “saat” before it."""
    cleaned = _cleaned(text)
    day: dt.date | None = None
    clock: dt.time | None = None
    if match := _CLOCK_FIRST.match(cleaned):
        day, clock = _day(match[5], past), _clock(match[1] or match[3], match[2] or match[4])
    if (day is None or clock is None) and (match := _CLOCK_LAST.match(cleaned)):
        day, clock = _day(match[1].strip(" ,."), past), _clock(match[2], match[3])
    return dt.datetime.combine(day, clock, ISTANBUL) if day and clock is not None else None


def _cleaned(text: str) -> str:
    """Without capitals, Turkish letters and the suffix of a case: “3 Aralık'ta” is “3 aralik”."""
    return _SUFFIX.sub("", tr_fold(text[:100])).strip()


def _clock(hour: str, minute: str | None) -> dt.time | None:
    with contextlib.suppress(ValueError):
        return dt.time(int(hour), int(minute or 0))
    return None


def _day(text: str, past: bool) -> dt.date | None:
    words = [word for word in re.split(r"[\s,]+", text) if word not in _FILLING]
    phrase = " ".join(words)
    with contextlib.suppress(ValueError, OverflowError):
        if phrase in NEAR:
            return today() + dt.timedelta(days=NEAR[phrase])
        if match := _AHEAD.match(phrase):
            days = int(match[1]) * (7 if match[2] == "hafta" else 1)
            return today() + dt.timedelta(days=days if match[3] == "sonra" else -days)
        for beginning in NEXT_WEEK:
            if phrase.startswith(f"{beginning} "):
                return _of_next_week(phrase.removeprefix(f"{beginning} "))
        if len(words) > 1:  # the weekday beside a date only helps the reader
            words = [word for word in words if _weekday(word) is None]
        if len(words) == 1:
            return _named(words[0], past) or _dated(words[0], past)
        return _in_words(words, past)
    return None


def _weekday(word: str) -> int | None:
    """The number of a weekday, by its name or a beginning that no other has; “cuma” is no half of Saturday."""
    if word in SHORT:
        return SHORT[word]
    for names in WEEKDAYS:
        if word in names:
            return names.index(word)
        if len(word) > 1 and len(found := [name for name in names if name.startswith(word)]) == 1:
            return names.index(found[0])
    return None


def _named(word: str, past: bool) -> dt.date | None:
    """The next day of this name, or the last one; never today, which has a word of its own."""
    if (number := _weekday(word)) is None:
        return None
    if past:
        return today() - dt.timedelta(days=(today().weekday() - number - 1) % 7 + 1)
    return today() + dt.timedelta(days=(number - today().weekday() - 1) % 7 + 1)


def _of_next_week(word: str) -> dt.date | None:
    number = _weekday(word)
    monday = today() - dt.timedelta(days=today().weekday())
    return None if number is None else monday + dt.timedelta(days=7 + number)


def _dated(word: str, past: bool) -> dt.date | None:
    if match := _NUMERIC.match(word):
        return _of_year(int(match[1]), int(match[2]), match[3], past)
    return dt.date.fromisoformat(word) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word) else None


def _in_words(words: list[str], past: bool) -> dt.date | None:
    """“3 aralık”, “3 aralık 2026”, “december 3”."""
    if len(words) not in (2, 3):
        return None
    first, second = words[0].rstrip("."), words[1].rstrip(".")
    day, name = (first, second) if first.isdecimal() else (second, first)
    month = _month(name)
    year = words[2] if len(words) == 3 else None
    if month is None or not re.fullmatch(r"\d{1,2}", day) or (year and not re.fullmatch(r"\d{4}", year)):
        return None
    return _of_year(int(day), month, year, past)


def _month(word: str) -> int | None:
    if len(word) < 3:
        return None
    found = [number for number, names in enumerate(MONTHS, 1) if any(name.startswith(word) for name in names)]
    return found[0] if len(found) == 1 else None


def _of_year(day: int, month: int, year: str | None, past: bool) -> dt.date | None:
    """This day of the year. Without a year the next or last one; None if neither of two years has it (29 February)."""
    if year:
        return dt.date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    this = today().year
    for one in (this, this - 1) if past else (this, this + 1):
        with contextlib.suppress(ValueError):
            result = dt.date(one, month, day)
            if (result <= today()) if past else (result >= today()):
                return result
    return None
