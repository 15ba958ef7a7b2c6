"""Where words are looked for in lists that only grow."""

from __future__ import annotations

from typing import Any

NEWEST = 10_000
"""Rows in which a journal is searched: it grows without end, and has no column of words."""


def newest(rows: Any, order: str) -> Any:
    return rows.filter(pk__in=rows.order_by(order).values("pk")[:NEWEST])
