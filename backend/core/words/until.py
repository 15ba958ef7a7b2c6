"""The day until which something is to be done, as it stands in a sentence: “cuma gününe kadar”, “3 Aralık'a kadar”,
“en geç yarın”, “iki hafta içinde”.

Nothing is guessed: where a text names no such day, several, or one that may be a place (“pazara kadar”), there is none;
nor where a word before the day changes it (“gelecek ay sonuna”, “sonraki 3 gün içinde”), or what follows makes it a
condition (“15 gün içinde cevaplanmayan”).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from backend.core.localtime import today
from backend.core.words.dates import MONTHS, NEAR, SHORT, WEEKDAYS, day_meant
from backend.core.words.text import tr_fold

LONGEST = 8
"""Words of a day: “15 aralik 2026 sali gunu mesai saati bitimi”."""
FAR = 300
_UNITS = ("", "bir", "iki", "uc", "dort", "bes", "alti", "yedi", "sekiz", "dokuz")
_TENS = ("", "on", "yirmi", "otuz", "kirk", "elli", "altmis", "yetmis", "seksen", "doksan")
NUMBERS = {
    joint.join(filter(None, (ten, unit))): 10 * tens + units
    for tens, ten in enumerate(_TENS)
    for units, unit in enumerate(_UNITS)
    for joint in (" ", "")
}
NAMES = frozenset([*NEAR, *WEEKDAYS[0], *(turkish for turkish, _english in MONTHS)])
FILLING = ("gunu", "bu", "tarihi", "aksami", "sabahi")
AHEAD = ("gelecek", "onumuzdeki", "hafta")
PAST = frozenset({"son", "gecen", "gectigimiz", "gecmis", "onceki", "evvelki"})
DATIVES = ("a", "e", "ya", "ye", "na", "ne")
ENDS = {
    "ay sonu": "month",
    "yil sonu": "year",
    "aksam": "day",
    "mesai bitimi": "day",
    "mesai saati bitimi": "day",
}
_CHANGING = (
    PAST
    | {"her", "gun", "gunu", "ay", "ayin", "yil", "yilin", "sene", "senenin", "saat", "sabah", "sabahtan"}
    | {"obur", "ertesi", "evvelsi", "sonraki", "sonra", "itibaren", "yuz", "bin", "bucuk", "yarim"}
)
"""Words that make another day of the one that follows, or no one day at all."""
_UNITS_OF_TIME = frozenset({"gun", "hafta", "ay", "yil", "saat"})
_WORD = re.compile(r"[^\s,;!?()“”\"]+")
_WITHIN = re.compile(r"^(?:(\d{1,2})|(.+)) (gun|hafta)$")
_HOUR = re.compile(r"(?: aksam| sabah| ogle| mesai(?: saati)? (?:bitimi|sonu)| saat \d{1,2}(?:[.:]\d\d)?)+$")
"""An hour after a day: “yarin aksam”, “cuma gunu mesai bitimi”."""
_DAY_NAME = re.compile(
    f"(?:{'|'.join(re.sub('k$', '[kg]', name) for name in sorted(NAMES))})"
    "(?:['’]?(?:y?[aeiu]|[dt][ae](?:n|ki)?|n?[iu]n|ki))?"
)
"""A day or a month, with the suffix of a case: “cumadan”, “araligin”; no “salincak”."""
_FRACTION = re.compile(r"\d+/\d+")
_DATED = re.compile(r"\d{1,2}[./]\d")
_MODIFIER = re.compile(r"gelen|olan|\w{2,}[iu][ln][ae]n|\w+l[ae]n[ae]n")
_CONDITION = re.compile(r"\w+m[ae](?:y[ae]n|zs[ae]|dig)\w*")


def until_named(text: str) -> dt.date | None:
    """Return the one day until which the text wants something done, from today on."""
    raw = _WORD.findall(tr_fold(text[:4000]))
    words = [word.rstrip(".:") for word in raw]
    days = {
        day
        for place in range(len(words))
        if not _is_condition(raw[place : place + 3])
        and (day := _ending_at(words, place, _clause(raw, words, place)))
        and day >= today()
    }
    day = days.pop() if len(days) == 1 else None
    is_far = day is not None and (day - today()).days > FAR and str(day.year) not in " ".join(words)
    return None if is_far else day  # without its year: one that has just passed


def _clause(raw: list[str], words: list[str], place: int) -> list[str]:
    """The words before, of the same sentence, after the last day that ended in one of these words."""
    first = place
    while first and place - first < LONGEST and words[first - 1] not in ("kadar", "icinde"):
        if raw[first - 1].endswith(".") and not raw[first - 1][0].isdecimal():
            break
        first -= 1
    return words[first:place]


def _is_condition(raw: list[str]) -> bool:
    """Whether it says of which things it speaks, not until when: “3 gun icinde cevaplanmayan”, “cumaya kadar gelen”."""
    word, *following = raw
    if word.endswith(".") or not following:
        return False
    near = following[:1] if following[0].endswith(".") else following
    return bool(_MODIFIER.fullmatch(following[0])) or any(_CONDITION.fullmatch(one) for one in near)


def _ending_at(words: list[str], place: int, before: list[str]) -> dt.date | None:
    """The day before “kadar” or “içinde”, or after “en geç”."""
    if words[place] in ("kadar", "icinde"):
        reading = _until if words[place] == "kadar" else _within
        if PAST.intersection(before[-5:]):
            return None
        for first in range(len(before)):
            if day := reading(before[first:]):
                return None if _is_changed(before[:first], before[first:]) else day
        return None
    if words[place] == "gec" and before[-1:] == ["en"]:
        following = words[place + 1 : place + 1 + LONGEST]
        if "kadar" in following or "icinde" in following:  # counted there
            return None
        for end in range(len(following), 0, -1):
            if day := _named(following[:end]):
                is_part = not _UNITS_OF_TIME.isdisjoint(following[end : end + 1])
                return None if is_part or _is_hour_of_another(before, following[:end]) else day
    return None


def _is_changed(before: list[str], words: list[str]) -> bool:
    """Whether the words before belong to the day, which these alone do not name."""
    if not before or _is_hour_of_another(before, words):
        return bool(before)
    last = before[-1]
    if last in ("gelecek", "onumuzdeki"):  # “onumuzdeki iki hafta icinde”
        return len(words) < 2 or words[-1] not in ("gun", "hafta")
    is_this_week = last == "bu" and words[0] == "haftaya"
    return (
        is_this_week
        or last in _CHANGING
        or last.startswith("hafta")
        or last in NUMBERS
        or _names_a_day(last)
        or last[:1].isdecimal()
    )


def _is_hour_of_another(before: list[str], words: list[str]) -> bool:
    """“Yarin ekipler aksama kadar”: the evening is not today's."""
    is_hour = words[0].startswith(("aksam", "mesai"))
    return is_hour and any(_names_a_day(word) or _DATED.match(word) for word in before)


def _names_a_day(word: str) -> bool:
    return word in SHORT or bool(_DAY_NAME.fullmatch(word))


def _until(words: list[str]) -> dt.date | None:
    """Words whose last is in the dative: “cuma gunune”, “3 araliga”, “haftaya”. “Bugune kadar” is the past."""
    *before, last = words
    if last == "haftaya" and before in ([], ["gelecek"], ["onumuzdeki"]):
        return day_meant("haftaya")
    stems = [last[: -len(end)] for end in DATIVES if last.endswith(end)]
    stems += [f"{stem[:-1]}k" for stem in stems if stem.endswith("g")]
    phrases = ([*before, stem.rstrip("'’")] for stem in stems if stem and stem != "bugun")
    return next((day for phrase in phrases if (day := _named(phrase) or _within(phrase))), None)


def _named(words: list[str]) -> dt.date | None:
    """A day by its name or date. A name is written out, and Sunday, which is a market too, has its “gunu”."""
    if (phrase := " ".join(words)) in ENDS:
        return _end_of(ENDS[phrase])
    words = _HOUR.sub("", phrase).split()
    if words == ["pazar"] or not any(word in NAMES or word[:1].isdecimal() for word in words):
        return None
    if words[:2] == ["bu", "hafta"]:
        day = _named(words[2:])
        return day if day and day.isocalendar()[:2] == today().isocalendar()[:2] else None
    named = [word for word in words if word not in FILLING]
    if any(_is_no_day(word) for word in named):
        return None
    is_next_week = "hafta" in named or "haftaya" in named
    return day_meant(" ".join(word for word in named if is_next_week or word not in AHEAD))


def _is_no_day(word: str) -> bool:
    if _FRACTION.fullmatch(word):  # “3/4'e kadar”: three quarters
        return True
    return word not in NAMES and word not in AHEAD and not word[:1].isdecimal()


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
