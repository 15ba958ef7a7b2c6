"""Moments and days of the API's answers, which JSON has as text, and the words for a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import get_language

DAY = ("On", "Until")
"""How the API ends the names of days; those of moments end with At."""


def with_moments(value: Any, name: str = "") -> Any:
    """Return an answer, or the part of it that stands below `name`, with its moments and days as such."""
    if isinstance(value, dict):
        return {key: with_moments(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [with_moments(one) for one in value]
    if isinstance(value, str) and (name == "at" or name.endswith("At")):
        return parse_datetime(value)
    if isinstance(value, str) and name.endswith(DAY):
        return parse_date(value)
    return value


def day_words(day: dt.date) -> str:
    """Return a day of the weeks to come, without its year: “7 Aralık Pazartesi”, “Monday 7 December”."""
    return date_format(day, "j F l" if get_language() == "tr" else "l j F")
