"""Publishing the open numbers: counted anew every night, without a number of which few people are.

A number from one to four is left out, and with it the next smallest of its month where it alone would be missing, since
the total minus the others would say it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from backend.complaints.choices import Outcome
from backend.complaints.models import Complaint
from backend.complaints.reporting.figures import NOT_COUNTED
from backend.complaints.reporting.published import OpenFigure
from backend.core.localtime import ISTANBUL, midnight, today

FEW = 5
"""A number below it, and above nought, is not published."""
SHARE_FROM = 20
"""A share is published of so many at least."""
YEARS = 5
Of = OpenFigure.Of


@dataclass
class Counts:
    received: int = 0
    ended: int = 0
    solved: int = 0
    countable: int = 0


def publish(on: dt.date | None = None) -> int:
    """Count the whole months of the last years before a day, and replace what was published; how many rows."""
    last = (on or today()).replace(day=1)
    first = last.replace(year=last.year - YEARS)
    rows = [row for of in Of for row in _figures(of, first, last)]
    with transaction.atomic():
        OpenFigure.objects.all().delete()
        OpenFigure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _figures(of: str, first: dt.date, last: dt.date) -> list[OpenFigure]:
    by = {Of.CATEGORY: "category", Of.NEIGHBOURHOOD: "neighbourhood"}.get(Of(of))
    months: dict[dt.date, dict[int | None, Counts]] = defaultdict(lambda: defaultdict(Counts))
    for moment, names in (
        ("registered_at", {"received": Count("pk")}),
        (
            "closed_at",
            {
                "ended": Count("pk"),
                "solved": Count("pk", filter=Q(outcome=Outcome.SOLVED)),
                "countable": Count("pk", filter=~Q(outcome__in=NOT_COUNTED)),
            },
        ),
    ):
        between = {f"{moment}__gte": midnight(first), f"{moment}__lt": midnight(last)}
        rows = Complaint.objects.filter(**between).annotate(month=TruncMonth(moment, tzinfo=ISTANBUL))
        keys = {"part": F(by)} if by else {}
        counted: Iterable[Any] = rows.order_by().values("month", **keys).annotate(**names)
        for row in counted:
            counts = months[row["month"].date()][row.get("part")]
            for name in names:
                setattr(counts, name, row[name])
    now = timezone.now()
    return [
        OpenFigure(
            month=month,
            of=of,
            received=received[key],
            ended=ended[key],
            solved_percent=_percent(counts) if ended[key] else None,
            published_at=now,
            **({f"{by}_id": key} if by else {}),
        )
        for month, parts in months.items()
        for received, ended in [(_shown(parts, "received"), _shown(parts, "ended"))]
        for key, counts in parts.items()
    ]


def _shown(parts: dict[int | None, Counts], name: str) -> dict[int | None, int | None]:
    """The numbers that may be published of the parts of a month."""
    numbers = {key: getattr(counts, name) for key, counts in parts.items()}
    hidden = {key for key, number in numbers.items() if 0 < number < FEW}
    if len(hidden) == 1 and len(numbers) > 1:
        others = [key for key, number in numbers.items() if number and key not in hidden]
        hidden |= {min(others, key=lambda key: numbers[key])} if others else set()
    return {key: None if key in hidden else number for key, number in numbers.items()}


def _percent(counts: Counts) -> int | None:
    return round(100 * counts.solved / counts.countable) if counts.countable >= SHARE_FROM else None
