"""Local dates.  Registry date, "today" and the year of a number are those of the office, not of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

ISTANBUL = ZoneInfo("Europe/Istanbul")


def today() -> date:
    """The date it is now in Türkiye."""
    return datetime.now(UTC).astimezone(ISTANBUL).date()


def local_date(moment: datetime) -> date:
    """The date in Türkiye at `moment`: 2026-12-31T21:05Z is 2027-01-01.  ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no local date")
    return moment.astimezone(ISTANBUL).date()


def midnight(day: date) -> datetime:
    """The moment at which a local day begins."""
    return datetime.combine(day, time(), ISTANBUL)


def clock_text(at: datetime | time) -> str:
    """A time of day as people read it: 09.30 in Turkish (TDK, Yazım Kılavuzu), 09:30 in English."""
    if isinstance(at, datetime) and at.tzinfo is not None:
        at = at.astimezone(ISTANBUL)
    return f"{at:%H.%M}" if (get_language() or "tr").startswith("tr") else f"{at:%H:%M}"


def moment_text(moment: datetime) -> str:
    """A day and a time as people read them in a sentence or on a paper: 28.11.2026 09.30."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(ISTANBUL)
    return f"{moment:%d.%m.%Y} {clock_text(moment)}"
