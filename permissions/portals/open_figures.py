"""The open numbers, for everybody."""

from __future__ import annotations

from backend.complaints.reporting.published import OpenFigure
from backend.core.session import system


def of_year(year: int) -> list[OpenFigure]:
    """What is published of a year, by month; in all first, then by name."""
    with system():
        rows = OpenFigure.objects.filter(month__year=year).select_related("category", "neighbourhood")
        order = ("month", "-of", "category__name", "neighbourhood__name", "pk")
        return sorted(rows.order_by(*order), key=lambda row: (row.month, row.of != OpenFigure.Of.TOTAL))
