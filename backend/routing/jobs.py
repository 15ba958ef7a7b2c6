"""The worker's side of a dry run: how far it is stands in the row, and a stop is noticed after each piece."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import partial

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.operation.long_work import LONG_WORK, MOST_RUNS, STUCK, EverySecond, StopError
from backend.core.session import is_passing, system
from backend.routing import trials
from backend.routing.models import RuleTrial

KEPT = dt.timedelta(days=180)


@app.task(name="routing.try_rules", queue="imports", lock=LONG_WORK)
def try_rules(key: str) -> None:
    """Make one dry run. Taken again after its worker died, it begins anew in the same row."""
    row = _taken(key)
    if row is None:
        return
    try:
        tally = trials.tried(row, EverySecond(partial(_report_progress, row)))
        with system():
            _finish(row, tally)
    except StopError:
        return
    except Exception as error:
        if not is_passing(error):  # then the job comes again
            _fail(row)
        raise


def _taken(key: str) -> RuleTrial | None:
    """The row, if it is still wanted, with a new run number; after `MOST_RUNS` it has failed."""
    with system():
        row = RuleTrial.objects.select_for_update(of=("self",)).filter(key=key).first()
        if row is None or not row.is_open:
            return None
        if row.run >= MOST_RUNS:
            _end(row, RuleTrial.Status.FAILED, _fault_of_ours())
            return None
        row.take(cases_read=0, cases_total=None)
        return row


def _report_progress(row: RuleTrial, read: int, total: int) -> None:
    row.write_progress(cases_read=read, cases_total=total)


def _finish(row: RuleTrial, tally: trials.Tally) -> None:
    match = row.wanted()
    match.result, match.sample = tally.result(), tally.sample
    match.cases_read = match.cases_total = tally.cases
    _end(match, RuleTrial.Status.DONE)


def _fault_of_ours() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _(
            "The dry run failed by a fault of ours; nothing was changed. Start it again, or tell Bilgi İşlem."
        )


def _fail(row: RuleTrial) -> None:
    with suppress(StopError), system():
        _end(row.wanted(), RuleTrial.Status.FAILED, _fault_of_ours())


def _end(row: RuleTrial, status: RuleTrial.Status, fault: str = "") -> None:
    row.status, row.fault, row.ended_at = status, fault, timezone.now()
    row.save()


@app.periodic(cron="35 0 * * *")
@app.task(name="routing.clear_trials", queue="upkeep", queueing_lock="routing.clear_trials")
def clear_trials(timestamp: int = 0) -> int:
    """03:35 local: half a year after its end a dry run goes; one that no worker finished within a day has failed.
    Returns how many went."""
    now = timezone.now()
    with system():
        stuck = RuleTrial.objects.filter(
            status__in=(RuleTrial.Status.WAITING, RuleTrial.Status.RUNNING), asked_at__lt=now - STUCK
        )
        for row in stuck.select_for_update(of=("self",), skip_locked=True):
            _end(row, RuleTrial.Status.FAILED, _fault_of_ours())
        return RuleTrial.objects.filter(ended_at__lt=now - KEPT).delete()[0]
