"""Publishing the open numbers: counted anew every night, without a number of which few people are.

A number from one to four is left out. Since the total minus what is shown says what the left out ones are together, the
smallest of the others are left out with them: who knows that finds that any two of these may have each other's
number. A month in which each has one is left out whole, since the parts would show it by being there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
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
BY = {Of.CATEGORY: "category", Of.NEIGHBOURHOOD: "neighbourhood"}


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
    counted = {of: _counted(of, first, last) for of in Of}
    now = timezone.now()
    rows = []
    for month in sorted({month for months in counted.values() for month in months}):
        divisions = {of: counted[of].get(month, {}) for of in Of}
        received, ended = (_shown(divisions, name) for name in ("received", "ended"))
        for of, parts in divisions.items():
            by = BY.get(of)
            for key, counts in parts.items():
                rows.append(
                    OpenFigure(
                        month=month,
                        of=of,
                        received=received[of, key],
                        ended=ended[of, key],
                        solved_percent=_percent(counts) if ended[of, key] else None,
                        published_at=now,
                        **({f"{by}_id": key} if by else {}),
                    )
                )
    with transaction.atomic():
        OpenFigure.objects.all().delete()
        OpenFigure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _counted(of: Of, first: dt.date, last: dt.date) -> dict[dt.date, dict[int | None, Counts]]:
    """The true numbers of each month and part."""
    by = BY.get(of)
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
    return months


def _shown(
    divisions: Mapping[Of, Mapping[int | None, Counts]], name: str
) -> dict[tuple[Of, int | None], int | None]:
    """The numbers that may be published of the divisions of a month."""
    numbers = {
        of: {key: getattr(counts, name) for key, counts in parts.items()} for of, parts in divisions.items()
    }
    is_told = any(tells_by_being_there(parts.values()) for parts in numbers.values())
    return {
        (of, key): None if is_told else number
        for of, parts in numbers.items()
        for key, number in shown(parts).items()
    }


def tells_by_being_there(numbers: Iterable[int]) -> bool:
    """Tell whether each part that has any has one."""
    some = [number for number in numbers if number]
    return bool(some) and max(some) == 1


def shown[Key](numbers: Mapping[Key, int]) -> dict[Key, int | None]:
    """Return the numbers that may be published of parts whose total is known; None: left out.

    What is left out depends on the numbers alone, not on whose they are, and two of them differ: so each may be two.
    """
    if all(number == 0 or number >= FEW for number in numbers.values()):
        return dict(numbers)
    most = min((number for number in numbers.values() if number >= FEW), default=FEW)
    return {key: None if 0 < number <= most else number for key, number in numbers.items()}


def _percent(counts: Counts) -> int | None:
    return round(100 * counts.solved / counts.countable) if counts.countable >= SHARE_FROM else None
