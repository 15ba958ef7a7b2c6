"""How many cases the viewer sees, exact and without counting them: the sums that reports keep, and what changed since.

Kept sums are behind both walls as the cases are (ADR 0077): of the whole house for who sees every case, otherwise of
one's own departments. What is seen elsewhere is counted, and so is what is narrowed by anything but being open or not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import BooleanField, F, Func, Q, QuerySet

from backend.complaints.models import Complaint, ComplaintQuerySet, ReportCell, ReportChange, ReportFact
from backend.portals.models import Scope as ApiScope
from permissions.complaints import access
from permissions.core import scope
from permissions.core.filters import EVERYTHING
from permissions.core.viewer import current
from permissions.plans import querysets as plans
from permissions.plans.querysets import Writing

MOST_CHANGES = 500
"""With more lines than that since it was summed up, counting costs less than reading what changed."""
TOTAL = "total"
"""The division of kept sums that is all of a month."""
_SUMS: tuple[tuple[ComplaintQuerySet, str, Q], ...] = (
    (Complaint.objects.all(), "received", EVERYTHING),
    (Complaint.objects.open(), "received - closed", Q(closed_on__isnull=True)),
    (Complaint.objects.closed(), "closed", Q(closed_on__isnull=False)),
)
"""Cases, what they come to among the sums of a month, and which facts were summed as such."""


class _Changed(Func):
    """Whether a key is one of `changed`, which are looked up first: IN leaves that to a guess."""

    template = "%(expressions)s = ANY (ARRAY(SELECT complaint_id FROM changed))"
    output_field = BooleanField()


def total(rows: ComplaintQuerySet) -> Callable[[Writing], str] | None:
    """What writes the number of the visible ones of these cases, as a statement in brackets; None: they are counted."""
    viewer = current.get()
    if not viewer.departments or not viewer.may(ApiScope.READ) or rows.query.is_sliced:
        return None
    for alike, column, summed in _SUMS:
        if rows.query.where == alike.query.where:
            return lambda writing: _write(writing, rows, column, summed)
    return None


def _write(writing: Writing, rows: ComplaintQuerySet, column: str, summed: Q) -> str:
    """One statement, so of one moment: a case and the line of its change are seen together or not at all."""
    viewer = current.get()
    mine = EVERYTHING if viewer.sees_all else Q(responsible_department__in=list(viewer.departments))
    changes = scope.visible(ReportChange.objects.all()).values("complaint_id")[: MOST_CHANGES + 1]
    cells = scope.visible(ReportCell.objects.filter(is_whole=viewer.sees_all, division=TOTAL))
    facts = scope.visible(ReportFact.objects.filter(summed, _Changed(F("complaint_id"))))
    cases = scope.visible(rows.filter(mine, _Changed(F("pk"))))
    return (
        f"(WITH changed AS MATERIALIZED ({_rows(writing, changes)})"  # noqa: S608 - Django's own text
        f" SELECT CASE WHEN (SELECT count(*) FROM changed) > {MOST_CHANGES}"
        f" THEN {_count(writing, access.countable(rows))}"
        f" ELSE (SELECT coalesce(sum({column}), 0)"
        f" FROM ({_rows(writing, cells.values('received', 'closed'))}) AS cells)"
        f" - {_count(writing, facts)} + {_count(writing, cases)}"
        f" + {_count(writing, access.countable_elsewhere(rows))} END)"
    )


def _rows(writing: Writing, rows: QuerySet[Any, Any]) -> str:
    return writing.write(*rows.query.sql_with_params())


def _count(writing: Writing, rows: QuerySet[Any, Any] | None) -> str:
    text = "" if rows is None else plans.write_count(writing, rows)
    return f"({text})" if text else "0"
