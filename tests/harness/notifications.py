"""What the house tells its people leaves by a job: tests that look into the outbox run it first."""

from __future__ import annotations

import datetime as dt

from backend.core.localtime import ISTANBUL, today
from permissions.notifications import sending


def deliver_notifications() -> int:
    """Send what waits, as at ten in the morning of today; how many messages."""
    return sending.deliver(dt.datetime.combine(today(), dt.time(10), ISTANBUL) + dt.timedelta(days=1))
