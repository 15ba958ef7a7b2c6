"""The open numbers, for everybody."""

from __future__ import annotations

import datetime as dt

from backend.complaints.reporting.published import OpenFigure
from backend.core.session import system
from backend.core.words.text import tr_sort_key


def of_year(year: int) -> list[OpenFigure]:
    """What is published of a year, by month; in all first, then by name."""
    with system():
        rows = OpenFigure.objects.filter(month__year=year).select_related("category", "neighbourhood")
        return sorted(rows.order_by("pk"), key=_place)


def _place(row: OpenFigure) -> tuple[dt.date, int, str]:
    """By month: in all, by category, by neighbourhood, each in the order of the Turkish alphabet."""
    what = row.category or row.neighbourhood
    return row.month, OpenFigure.Of.values.index(row.of), tr_sort_key(what.name if what else "")
