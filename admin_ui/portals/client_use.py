"""What a client used, day by day: the figures of its page, drawn and as a table."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_text
from backend.core.localtime import ISTANBUL, today
from backend.documents import charts
from backend.documents.charts import Column, thousands
from backend.portals.models import Client, ClientAttempt, ClientHour, ClientMinute
from permissions.core import scope

DAYS = 30
WHAT = ("requests", "cost", "errors", "refused")


def attempts(client: Client) -> QuerySet[ClientAttempt]:
    """Who asked for a token, the newest first."""
    return scope.visible(ClientAttempt).filter(client=client).order_by("-at", "-pk")


def of(client: Client) -> dict[str, object]:
    """The last 30 days and their total, with those minutes that no job has added up yet."""
    first = today() - dt.timedelta(days=DAYS - 1)
    since = dt.datetime.combine(first, dt.time(), ISTANBUL)
    sums = {name: Sum(name) for name in WHAT}
    values: dict[dt.date, dict[str, int]] = {}
    parts: list[tuple[QuerySet[Any], str]] = [
        (scope.visible(ClientHour).filter(hour__gte=since), "hour"),
        (scope.visible(ClientMinute).filter(minute__gte=since), "minute"),
    ]
    for rows, at in parts:
        days = rows.filter(client=client).annotate(day=TruncDate(at, tzinfo=ISTANBUL))
        for row in days.values("day").annotate(**sums).order_by("day"):
            one = values.setdefault(row["day"], dict.fromkeys(WHAT, 0))
            for name in WHAT:
                one[name] += row[name]
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    each = [(day, values.get(day, dict.fromkeys(WHAT, 0))) for day in days]
    total = {name: sum(one[name] for _day, one in each) for name in WHAT}
    return {
        "chart": _chart(each, total),
        "rows": [(day_text(day), *(thousands(one[name]) for name in WHAT)) for day, one in each[::-1]],
        "total": [thousands(total[name]) for name in WHAT],
        "is_used": any(total.values()),
    }


def _chart(each: list[tuple[dt.date, dict[str, int]]], total: dict[str, int]) -> str:
    words = _(
        "%(requests)s requests, of which %(errors)s failed; %(refused)s more were refused by a limit."
    ) % {name: thousands(number) for name, number in total.items()}
    rows = [Column(f"{day:%d.%m}", one["requests"], one["refused"], one["errors"]) for day, one in each]
    title = _("Use in the last 30 days")
    return mark_safe(charts.columns("chart-use", title, words, rows))  # noqa: S308 - escaped where it is drawn
