"""The day until which something is to be done, as it stands in a sentence: “cuma gününe kadar”, “3 Aralık'a kadar”,
“en geç yarın”, “iki hafta içinde”.

Nothing is guessed: where a text names no such day, several, or one that may be a place (“pazara kadar”), there is none.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from backend.core.localtime import today
from backend.core.words.dates import MONTHS, NEAR, WEEKDAYS, day_meant
from backend.core.words.text import tr_fold

LONGEST = 5
"""Words of a day: “15 aralik 2026 sali gunu”."""
FAR = 300
NUMBERS = {
    word: number
    for number, word in enumerate(
        ("bir", "iki", "uc", "dort", "bes", "alti", "yedi", "sekiz", "dokuz", "on", "on bes"), 1
    )
} | {"on bes": 15}
NAMES = frozenset([*NEAR, *WEEKDAYS[0], *(turkish for turkish, _english in MONTHS)])
FILLING = ("gunu", "gun", "bu", "tarihi", "aksami", "sabahi")
AHEAD = ("gelecek", "onumuzdeki", "hafta")
DATIVES = ("a", "e", "ya", "ye", "na", "ne")
ENDS = {"ay sonu": "month", "yil sonu": "year", "aksam": "day", "mesai bitimi": "day", "bugun aksam": "day"}
_WORD = re.compile(r"[^\s,;!?()“”\"]+")
_WITHIN = re.compile(r"^(?:(\d{1,2})|(.+)) (gun|hafta)$")


def until_named(text: str) -> dt.date | None:
    """Return the one day until which the text wants something done, from today on."""
    words = [word.rstrip(".:") for word in _WORD.findall(tr_fold(text[:4000]))]
    days = {day for place in range(len(words)) if (day := _ending_at(words, place)) and day >= today()}
    day = days.pop() if len(days) == 1 else None
    is_far = day is not None and (day - today()).days > FAR and str(day.year) not in " ".join(words)
    return None if is_far else day  # without its year: one that has just passed


def _ending_at(words: list[str], place: int) -> dt.date | None:
    """The day before “kadar” or “içinde”, or after “en geç”."""
    if words[place] in ("kadar", "icinde"):
        reading = _until if words[place] == "kadar" else _within
        before = words[max(0, place - LONGEST) : place]
        if "son" in before or "gecen" in before:
            return None
        return next((day for first in range(len(before)) if (day := reading(before[first:]))), None)
    if words[place] == "gec" and place and words[place - 1] == "en":
        following = words[place + 1 : place + 1 + LONGEST]
        if "kadar" in following or "icinde" in following:  # counted there
            return None
        return next((day for end in range(len(following), 0, -1) if (day := _named(following[:end]))), None)
    return None


def _until(words: list[str]) -> dt.date | None:
    """Words whose last is in the dative: “cuma gunune”, “3 araliga”, “haftaya”. “Bugune kadar” is the past."""
    *before, last = words
    if words == ["haftaya"]:
        return day_meant("haftaya")
    stems = [last[: -len(end)] for end in DATIVES if last.endswith(end)]
    stems += [f"{stem[:-1]}k" for stem in stems if stem.endswith("g")]
    days = (_named([*before, stem.rstrip("'’")]) for stem in stems if stem and stem != "bugun")
    return next((day for day in days if day), None)


def _named(words: list[str]) -> dt.date | None:
    """A day by its name or date. A name is written out, and Sunday, which is a market too, has its “gunu”."""
    if (phrase := " ".join(words)) in ENDS:
        return _end_of(ENDS[phrase])
    if words == ["pazar"] or not any(word in NAMES or word[:1].isdecimal() for word in words):
        return None
    named = [word for word in words if word not in FILLING]
    if any(word not in NAMES and word not in AHEAD and not word[0].isdecimal() for word in named):
        return None
    is_next_week = "hafta" in named or "haftaya" in named
    return day_meant(" ".join(word for word in named if is_next_week or word not in AHEAD))


def _within(words: list[str]) -> dt.date | None:
    """“3 gun”, “iki hafta”; “son iki hafta” is the past."""
    match = _WITHIN.match(" ".join(words))
    number = (int(match[1]) if match[1] else NUMBERS.get(match[2])) if match else None
    if match is None or not number:
        return None
    return today() + dt.timedelta(days=number * (7 if match[3] == "hafta" else 1))


def _end_of(what: str) -> dt.date:
    now = today()
    if what == "year":
        return now.replace(month=12, day=31)
    return now.replace(day=calendar.monthrange(now.year, now.month)[1]) if what == "month" else now
