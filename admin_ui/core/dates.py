"""Dates as the reader's language writes them. Patterns stand in the code as Turkish text has them; in English they
become its own day-first form: 29.11.2026 → 29/11/2026, 29 Kasım 2026 Pazar → Sunday, 29 November 2026. A time is H:i in
every pattern, and has its point in Turkish: 09.30.
"""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.core.localtime import today
from backend.core.words.dates import day_meant

IN_ENGLISH = (
    ("d.m.Y l", "l, d/m/Y"),
    ("j F Y, l", "l, j F Y"),
    ("j F Y l", "l, j F Y"),
    ("j F, l", "l, j F"),
    ("j F l", "l, j F"),
    ("d.m.Y", "d/m/Y"),
    ("d.m.", "d/m"),
)


def date_text(value: dt.date, pattern: str) -> str:
    """A day or a moment by a pattern of Django's `date`, in local time."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = localtime(value)
    if get_language() == "tr":
        pattern = pattern.replace("H:i", "H.i")
    else:
        for turkish, english in IN_ENGLISH:
            if turkish in pattern:
                pattern = pattern.replace(turkish, english)
                break
    return date_format(value, pattern)


def day_asked(request: HttpRequest, name: str = "on", *, past: bool = False) -> dt.date:
    """The day that the page's address asks for, today without one; a message says what is no day."""
    text = request.GET.get(name, "").strip()
    day = day_meant(text, past=past)
    if text and day is None:
        messages.warning(request, _("“%(text)s” is no day; today is shown.") % {"text": text[:40]})
    return day or today()


def day_text(value: dt.date) -> str:
    return date_text(value, "d.m.Y")


def moment_text(value: dt.datetime) -> str:
    return date_text(value, "d.m.Y H:i")


def weekday_text(value: dt.datetime) -> str:
    """As it stands in a field, and on a button that fills it: “26.11.2026 Perşembe 10.30”."""
    return date_text(value, "d.m.Y l H:i")


def moment_or_dash(value: dt.datetime | None) -> str:
    return moment_text(value) if value else "–"
