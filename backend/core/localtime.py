"""Local dates.  Registry date, "today" and the year of a number are those of the office, not of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

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
