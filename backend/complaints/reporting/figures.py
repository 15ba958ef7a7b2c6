"""The figures that desks and reports show, always of the rows that the asker may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from backend.complaints.choices import Outcome, Status
from backend.complaints.law.conditions import THROUGH_CIMER
from backend.complaints.models import STOPPED, ComplaintQuerySet
from backend.configuration.office import configured
from backend.core.localtime import ISTANBUL, today

UNROUTED = (Status.NEW, Status.TRIAGED, Status.RETURNED)
NOT_COUNTED = (Outcome.WITHDRAWN, Outcome.FORWARDED, Outcome.DUPLICATE)


@dataclass(frozen=True)
class Figures:
    """Counts of open cases now, and of the cases closed since a day (local)."""

    open: int
    new: int
    unrouted: int
    late: int
    due_today: int
    returned_often: int
    waiting_approval: int
    to_enter_in_cimer: int
    closed: int
    solved: int
    countable: int

    @property
    def solved_share(self) -> float | None:
        """Solved of countable, 0 to 1; withdrawn, forwarded and duplicate are in neither. None of nothing."""
        return self.solved / self.countable if self.countable else None


def figures(rows: ComplaintQuerySet, *, since: dt.date | None = None, on: dt.date | None = None) -> Figures:
    """Count in two statements: as of the day `on` (today), closed since the day `since` (1 January)."""
    day = on or today()
    first = since or dt.date(day.year, 1, 1)
    waits = ~Q(status=Status.REPLIED) & ~STOPPED
    now = rows.open().aggregate(
        open=Count("pk"),
        new=Count("pk", filter=Q(status=Status.NEW)),
        unrouted=Count("pk", filter=Q(status__in=UNROUTED)),
        late=Count("pk", filter=waits & Q(target_on__lt=day)),
        due_today=Count("pk", filter=waits & Q(target_on=day)),
        returned_often=Count("pk", filter=Q(return_count__gte=configured.RETURNS_BEFORE_OFFICE)),
        waiting_approval=Count("pk", filter=Q(status=Status.ANSWERED)),
        to_enter_in_cimer=Count("pk", filter=Q(status=Status.APPROVED) & THROUGH_CIMER.q),
    )
    since_then = rows.filter(closed_at__gte=dt.datetime.combine(first, dt.time(), ISTANBUL)).aggregate(
        closed=Count("pk"),
        solved=Count("pk", filter=Q(outcome=Outcome.SOLVED)),
        countable=Count("pk", filter=~Q(outcome__in=NOT_COUNTED)),
    )
    return Figures(**now, **since_then)
