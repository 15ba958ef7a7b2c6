"""The sums of months that reports add up: brought up to date, compared with the cases, made anew.

Every change of a case writes a line (`complaints.triggers`), in its own transaction. A report takes the sums, takes out
what changed as it was summed and counts those cases as they are: it is right at any moment, and only slower the more
lines there are. `bring_up_to_date` sums them up (a job, every quarter of an hour).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet
from django.db.models.functions import Coalesce

from backend.complaints.law.periods import Period
from backend.complaints.models import Complaint, ComplaintQuerySet, ReportCell, ReportChange, ReportFact
from backend.complaints.reporting.reading import fact_parameters, facts_of, following, month_of
from backend.complaints.reporting.reports import Kept, alive
from backend.complaints.reporting.statements import CELL_COLUMNS, COLUMNS, DAYS, FACT_COLUMNS, SUMS
from backend.core.localtime import local_date, today

MOST_CHANGES = 20_000
"""With more lines than that, a report reads the cases themselves."""
MOST_COUNTED = 500_000
"""With more lines than that, a statement may not have the time to read the cases: a page waits for the sums."""
_LOCK = 7_302_119
"""Of the transaction that sums up: one at a time."""
_FACTS, _CELLS = ReportFact._meta.db_table, ReportCell._meta.db_table
_COLUMNS, _SUMMED = ", ".join(FACT_COLUMNS), ", ".join(CELL_COLUMNS)
_SUMS = SUMS.format(facts=_FACTS)


@transaction.atomic
def bring_up_to_date() -> int:
    """Sum up what changed; says how many cases that were. Cases that change meanwhile stay for the next time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            f"WITH taken AS (DELETE FROM {ReportChange._meta.db_table} RETURNING complaint_id)"  # noqa: S608 - a constant
            " SELECT array_agg(DISTINCT complaint_id) FROM taken"
        )
        changed = cursor.fetchone()[0]
        if not changed:
            return 0
        months = _months(cursor, changed)
        cursor.execute(f"DELETE FROM {_FACTS} WHERE complaint_id = ANY (%s)", [changed])  # noqa: S608
        statement, values = _statement(Complaint.objects.filter(pk__in=changed))
        cursor.execute(f"INSERT INTO {_FACTS} ({_COLUMNS}) {statement}", values)
        for month in sorted(months | _months(cursor, changed)):
            _sum_up(cursor, month)
    return len(changed)


def sums(
    changes: QuerySet[ReportChange], facts: QuerySet[ReportFact], cells: QuerySet[ReportCell]
) -> Kept | None:
    """What a report adds up of these rows, each as far as the asker may see it; None: too much changed since."""
    if not is_summed(changes):
        return None
    return Kept(cells.values(*CELL_COLUMNS), facts.values(*FACT_COLUMNS), changes.values("complaint_id"))


def is_summed(changes: QuerySet[ReportChange], most: int | None = None) -> bool:
    """Whether no more changed since: by default, than sums serve with."""
    most = MOST_CHANGES if most is None else most
    return not changes.order_by()[most : most + 1].exists()


def of_the_house(period: Period) -> tuple[QuerySet[Any], Kept | None]:
    """(cases, kept) for a report of every case, in a job of the house."""
    rows: ComplaintQuerySet = Complaint.objects.all()
    kept = sums(
        ReportChange.objects.all(), ReportFact.objects.all(), ReportCell.objects.filter(is_whole=True)
    )
    rows = alive(rows, period) if kept is None else changed(rows, ReportChange.objects.all())
    return rows.values("pk", *COLUMNS), kept


def changed(rows: ComplaintQuerySet, changes: QuerySet[ReportChange]) -> ComplaintQuerySet:
    """Those that changed since they were summed up."""
    return rows.filter(pk__in=changes.values("complaint_id"))


def calendar_changed(first: dt.date, last: dt.date | None = None) -> None:
    """Days from `first` to `last` are working days now, or are none any more: count again what ran over them."""
    rows = ReportFact.objects.filter(answered_on__gte=first)
    rows = rows.filter(received_on__lte=last) if last else rows
    _note(rows.values_list("complaint_id", "department_id"))


def forget_sums() -> None:
    """Count every case anew with the next `bring_up_to_date`; reports read the cases until then."""
    _note(Complaint.objects.values_list("pk", "responsible_department_id"))
    _note(ReportFact.objects.values_list("complaint_id", "department_id"))


def differing() -> tuple[int, int]:
    """(cases, sums) that are not what counting anew comes to; they are noted to be summed up again.

    Cases that changed since are left out. Sums are compared month by month with the facts of their cases.
    """
    cases = _differing_cases()
    if cases:
        _note(ReportFact.objects.filter(pk__in=cases).values_list("complaint_id", "department_id"))
        _note(Complaint.objects.filter(pk__in=cases).values_list("pk", "responsible_department_id"))
    return len(cases), sum(_differing_sums(month) for month in _all_months())


def _note(rows: QuerySet[Any, Any]) -> None:
    statement, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        table = ReportChange._meta.db_table
        cursor.execute(f"INSERT INTO {table} (complaint_id, department_id) {statement}", values)


def _statement(cases: QuerySet[Any]) -> tuple[str, dict[str, Any]]:
    """The statement of the facts of these cases, and its parameters."""
    ends = cases.aggregate(
        first=Min(Coalesce("replied_at", "closed_at")), last=Max(Coalesce("replied_at", "closed_at"))
    )
    first, last = (local_date(moment) if moment else today() for moment in (ends["first"], ends["last"]))
    values = fact_parameters(first, max(last, today()))
    return f"WITH {facts_of(cases.values('pk', *COLUMNS), values)} SELECT {_COLUMNS} FROM live", values  # noqa: S608


def _months(cursor: Any, cases: list[int]) -> set[dt.date]:
    """The months in which these cases count, as they are kept."""
    days = ", ".join(DAYS)
    cursor.execute(
        f"SELECT DISTINCT date_trunc('month', day)::date FROM {_FACTS} CROSS JOIN unnest(ARRAY[{days}]) AS day"  # noqa: S608
        " WHERE complaint_id = ANY (%s) AND day IS NOT NULL",
        [cases],
    )
    return {month for (month,) in cursor.fetchall()}


def _all_months() -> list[dt.date]:
    ends = ReportFact.objects.aggregate(
        first=Min("received_on"), last=Max(Coalesce("late_from", "answered_on", "closed_on", "received_on"))
    )
    kept = set(ReportCell.objects.order_by().values_list("month", flat=True).distinct())
    if ends["first"] is None:
        return sorted(kept)
    month, last = month_of(ends["first"]), max(ends["last"], today())
    while month <= last:
        kept.add(month)
        month = following(month)
    return sorted(kept)


def _differing_cases() -> list[int]:
    statement, values = _statement(Complaint.objects.all())
    changes = ReportChange._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH now AS MATERIALIZED ({statement}), kept AS (SELECT {_COLUMNS} FROM {_FACTS}),
            wrong AS ((TABLE now EXCEPT TABLE kept) UNION (TABLE kept EXCEPT TABLE now))
            SELECT DISTINCT complaint_id FROM wrong
             WHERE complaint_id NOT IN (SELECT complaint_id FROM {changes})
            """,  # noqa: S608
            values,
        )
        return [key for (key,) in cursor.fetchall()]


def _differing_sums(month: dt.date) -> int:
    """How many sums of a month are not those of its facts; if any, the month is summed anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH now AS ({_SUMS}), kept AS (SELECT {_SUMMED} FROM {_CELLS} WHERE month = %(month)s),
            wrong AS ((TABLE now EXCEPT TABLE kept) UNION (TABLE kept EXCEPT TABLE now))
            SELECT count(DISTINCT (is_whole, department_id, division, key)) FROM wrong
            """,  # noqa: S608
            {"month": month, "following": following(month)},
        )
        found: int = cursor.fetchone()[0]
        if found:
            _sum_up(cursor, month)
    return found


def _sum_up(cursor: Any, month: dt.date) -> None:
    cursor.execute(f"DELETE FROM {_CELLS} WHERE month = %s", [month])  # noqa: S608
    values = {"month": month, "following": following(month)}
    cursor.execute(f"INSERT INTO {_CELLS} ({_SUMMED}) {_SUMS}", values)
