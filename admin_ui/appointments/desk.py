"""The halk günü of today, for the desk of who holds it."""

from __future__ import annotations

from typing import Any

from admin_ui.appointments import public_day_rows, public_days
from backend.appointments.choices import SessionStatus
from backend.core.localtime import today


def public_day_today() -> Any:
    """The halk günü of today that the viewer holds, if there is one: its hall is one press away."""
    if not public_days.may_see():
        return None
    return (
        public_day_rows.sessions()
        .filter(day=today(), status=SessionStatus.PLANNED)
        .order_by("starts_at")
        .first()
    )
