"""A training that a person asks for: it waits, runs and ends in one row, which then is the version that was learned."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import MOST_RUNS, STUCK, EverySecond, StopError
from backend.core.session import system
from backend.journal.actions import record
from backend.organization.models import User
from backend.triage import training
from backend.triage.choices import OPEN, Standing
from backend.triage.models import RouterVersion


@transaction.atomic
def start(*, by: User, cases: int = training.MOST_CASES) -> RouterVersion:
    """Let the worker learn now, from so many of the newest answered cases.

    Asked again while one is on its way, it is that one; one whose worker has died has failed, and another one begins.
    """
    least, most = training.LEAST_CASES, training.MOST_CASES
    if not least <= cases <= most:
        message = _("Choose between %(least)s and %(most)s applications.") % {"least": least, "most": most}
        raise DomainError(ErrorCode.INVALID, message, "cases")
    training.alone()
    open_one = RouterVersion.objects.filter(status__in=OPEN).first()
    if open_one is not None:
        is_stuck = open_one.is_silent or timezone.now() - open_one.trained_at > STUCK
        if not is_stuck:
            return open_one
        _fail(open_one)
    row = RouterVersion.objects.create(
        number=training.next_number(), status=Standing.WAITING, asked_by=by,
        cases=cases, categories=0, units=0, threshold=0, measured_on=0,
    )  # fmt: skip
    record(verb="router_training_asked", about=row, by=by)
    app.configure_task("triage.train").defer(key=str(row.key))
    return row


def train(key: str) -> RouterVersion | None:
    """Learn for the row with this key, in this process. Taken again after its process died, it begins anew."""
    with system():
        row = _taken(key)
    if row is None:
        return None
    try:
        learned = training.learn(EverySecond(partial(_report_progress, row)), most=row.cases, into=row)
    except StopError:
        return None
    except Exception:
        failed(key)
        raise
    if learned is None:
        failed(key, _too_few())
        return None
    return learned.row


def failed(key: str, fault: str = "") -> None:
    """Say of a training that is on its way that it has failed."""
    with system(), transaction.atomic():
        row = _open(key)
        if row is not None:
            _fail(row, fault)


def _open(key: str) -> RouterVersion | None:
    """The training with this key, locked, if it is on its way."""
    return RouterVersion.objects.select_for_update(of=("self",)).filter(key=key, status__in=OPEN).first()


def _taken(key: str) -> RouterVersion | None:
    """The row, if it is still wanted, with a new run number; after `MOST_RUNS` it has failed."""
    with transaction.atomic():
        row = _open(key)
        if row is None:
            return None
        if row.run >= MOST_RUNS:
            _fail(row)
            return None
        row.take(step="", step_done=0, step_total=0)
        return row


def _report_progress(row: RouterVersion, step: str, done: int, of: int) -> None:
    row.write_progress(step=step, step_done=done, step_total=of)


def _fail(row: RouterVersion, fault: str = "") -> None:
    with translation.override(settings.LANGUAGE_CODE):
        ours = _(
            "The training failed by a fault of ours; nothing was changed. Start it again, or tell Bilgi İşlem."
        )
    row.status, row.fault = Standing.FAILED, fault or ours
    row.save(update_fields=["status", "fault"])


def _too_few() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("Nothing was learned: at least %(least)s answered applications are needed.") % {
            "least": training.LEAST_CASES
        }
