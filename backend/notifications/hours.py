"""When something may be sent: a person's quiet hours and the hour of their digest, in local time."""

from __future__ import annotations

import datetime as dt

from backend.core.localtime import ISTANBUL


def quiet_until(now: dt.datetime, start: dt.time, end: dt.time) -> dt.datetime | None:
    """When the quiet hours end in which `now` lies; None where it lies in none. Equal hours are none; the end is free.

    22:00 to 07:00 goes over midnight: at 23:00 it is quiet until tomorrow, at 06:59 until today.
    """
    local = now.astimezone(ISTANBUL)
    at = local.time()
    if start == end:
        return None
    is_quiet = start <= at < end if start < end else at >= start or at < end
    return next_at(now, end) if is_quiet else None


def next_at(moment: dt.datetime, hour: dt.time) -> dt.datetime:
    """The first time at or after `moment` at which it is this local hour."""
    local = moment.astimezone(ISTANBUL)
    result = dt.datetime.combine(local.date(), hour, ISTANBUL)
    return result if result >= local else result + dt.timedelta(days=1)
