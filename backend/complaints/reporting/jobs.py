"""What reports do by themselves: sums of months are brought up to date and compared with the cases; on Monday morning
the report of the week before goes to the private office.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from typing import Any

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from backend.complaints.law import periods
from backend.complaints.law.periods import Preset
from backend.complaints.reporting import keeping, publishing, reports, words
from backend.complaints.reporting.reports import Division, Report
from backend.core.operation.worker import defer_once
from backend.core.session import system, without_timeout
from backend.notifications.staff import heads, private_office
from backend.organization.models import Department
from backend.outbox import actions as outbox
from backend.outbox.models import Message

MOST_DEPARTMENTS = 10
_REPORTS = uuid.UUID("6f1e9a7c-52f0-4d7b-9d0e-3a0c4b8f9e21")
"""What the keys of the messages are made from: one a week and address, however often the job runs."""


_log = logging.getLogger(__name__)


@app.periodic(cron="7,22,37,52 * * * *")
@app.task(name="complaints.keep_figures", queue="upkeep", queueing_lock="complaints.keep_figures")
def keep_figures_every_quarter(timestamp: int) -> None:
    keep_figures()


def keep_figures_soon() -> None:
    """Have it summed up as soon as this transaction is written and a worker is free: much changes at once."""
    defer_once(keep_figures_every_quarter.configure(), timestamp=0)


def keep_figures() -> int:
    """Sum up what changed; says how many cases that were."""
    with system():
        without_timeout()
        return keeping.bring_up_to_date()


@app.periodic(cron="25 0 * * *")
@app.task(name="complaints.check_figures", queue="upkeep", queueing_lock="complaints.check_figures")
def check_figures_at_night(timestamp: int) -> None:
    check_figures()


def check_figures() -> tuple[int, int]:
    """Compare what is kept with the cases; what differs is logged, as numbers only, and mended."""
    with system():
        without_timeout()
        cases, sums = keeping.differing()
    if cases or sums:
        _log.error("Figures of reports differed: %s cases, %s sums; they are counted anew.", cases, sums)
        keep_figures()
    return cases, sums


@app.periodic(cron="10 5 * * 1")
@app.task(name="complaints.weekly_report", queue="clock", queueing_lock="complaints.weekly_report")
def weekly_report_on_monday(timestamp: int) -> None:
    weekly_report()


@app.periodic(cron="55 0 * * *")
@app.task(name="complaints.publish_numbers", queue="upkeep", queueing_lock="complaints.publish_numbers")
def publish_numbers_daily(timestamp: int) -> None:
    with system():
        publishing.publish()


def weekly_report(on: dt.date | None = None) -> int:
    """Mail the figures of the week before the day `on` (today, local) to the private office: to its own address, else
    to its head. Numbers of cases and names of departments, nothing of a person. Once a week; says how many were sent.
    """
    period = periods.preset(Preset.LAST_WEEK, on)
    with system():
        result = _addresses(private_office())
        waiting = [address for address in result if not outbox.is_posted(_key(period, address))]
        if not waiting:
            return 0
        without_timeout()
        cases, kept = keeping.of_the_house(period)
        figures = reports.report(cases, period, kept)
        with translation.override("tr"):
            subject, body = outbox.render("complaints/mail/weekly_report.txt", _said(figures))
        for address in waiting:
            outbox.post(
                channel=Message.Channel.EMAIL,
                address=address,
                subject=subject,
                body=body,
                purpose="staff_weekly_report",
                key=_key(period, address),
            )
    return len(waiting)


def _addresses(office: Department | None) -> list[str]:
    """The office's mailbox; without one, that of its head."""
    if office is None or office.email:
        return [office.email] if office else []
    return [head.email for head in heads(office) if not isinstance(head, str) and head.email]


def _key(period: periods.Period, address: str) -> uuid.UUID:
    return uuid.uuid5(_REPORTS, f"{period.first:%Y-%m-%d} {address}")


def _said(figures: Report) -> dict[str, Any]:
    parts = sorted(figures.parts[Division.DEPARTMENT], key=lambda part: -part.late)
    first, last = figures.period.first, figures.period.last
    address = f"/admin/reports/?from={first:%Y-%m-%d}&to={last:%Y-%m-%d}"
    return {
        "period": f"{first:%d.%m.%Y} – {last:%d.%m.%Y}",
        "total": figures.total,
        "share": words.percent(figures.total.solved_share),
        "formula": figures.formula,
        "times": words.times_words(figures.total),
        "late": [
            {"name": words.part_name(Division.DEPARTMENT, part), "late": part.late, "open": part.open}
            for part in parts[:MOST_DEPARTMENTS]
            if part.late
        ],
        "url": settings.PUBLIC_URL.rstrip("/") + address,
    }
