"""Days and moments in JSON and back: what a text says is kept until it is sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.core.localtime import ISTANBUL

DAY, MOMENT = "day", "moment"


def packed(value: Any) -> Any:
    """The value as JSON knows it; a day and a moment are objects that say which they are."""
    if isinstance(value, dict):
        return {name: packed(each) for name, each in value.items()}
    if isinstance(value, dt.datetime):
        return {MOMENT: value.isoformat()}
    return {DAY: value.isoformat()} if isinstance(value, dt.date) else value


def unpacked(value: Any) -> Any:
    """What was packed. Moments are local again."""
    if not isinstance(value, dict):
        return value
    match value:
        case {"day": str(text)} if len(value) == 1:
            return dt.date.fromisoformat(text)
        case {"moment": str(text)} if len(value) == 1:
            return dt.datetime.fromisoformat(text).astimezone(ISTANBUL)
    return {name: unpacked(each) for name, each in value.items()}
