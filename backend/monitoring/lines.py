"""What a line of the status page is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from backend.monitoring.judging import State


@dataclass(frozen=True)
class StatusLine:
    """One part of the installation. `remedy` is empty where nothing is to be done."""

    check: str
    title: str
    state: State
    sentence: str
    remedy: str = ""


def ago(seconds: float) -> str:
    """A span in words, such as 3 minutes; the largest unit is enough."""
    if seconds < 60:
        return _("less than a minute")
    now = timezone.now()
    return timesince(now - dt.timedelta(seconds=seconds), now, depth=1).replace("\xa0", " ")


def status_line(
    check: str, title: str, state: State, sentence: str, remedy: str = "", **values: object
) -> StatusLine:
    """A line; the remedy is shown only if there is a fault."""
    to_do = remedy if state is not State.GOOD else ""
    return StatusLine(check, title, state, sentence % values, to_do % values)
