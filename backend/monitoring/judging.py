"""Judges what was measured: each check is good, asks for attention, has failed, or is not set up here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.operation.worker import WORKER_SILENT_FOR
from backend.monitoring.measuring import Measured, Outbox

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
JOB_LATE, MESSAGE_LATE, WEBHOOK_LATE, SCHEDULE_LATE = 10 * MINUTE, 15 * MINUTE, 15 * MINUTE, 10 * MINUTE
ROOM_NEEDED, ROOM_WANTED = 512 * 1024 * 1024, 5 * 1024 * 1024 * 1024
CONNECTIONS_MANY, CONNECTIONS_FULL = 0.8, 0.95
CERTIFICATE_SOON, CERTIFICATE_NOW = 30, 7  # days
RESTORE_DAYS = 180
FEED_AHEAD = dt.timedelta(days=7)
"""With weeks of the change feed for less than this, the hourly job that makes them stands still."""


class State(TextChoices):
    """How a part of the installation stands."""

    GOOD = "GOOD", _("In order")
    ATTENTION = "ATTENTION", _("Needs attention")
    FAILED = "FAILED", _("Not working")
    NOT_SET_UP = "NOT_SET_UP", _("Not set up")


@dataclass(frozen=True)
class Judgement:
    """State of one check; `seconds`: the age that decided, if one did."""

    check: str
    state: State
    seconds: float | None = None


def judge(measured: Measured) -> Iterator[Judgement]:
    """Judge everything that `/health/` tells. What has FAILED makes it answer 503."""
    yield Judgement("database", _connections(measured))
    yield Judgement(
        "worker", _up_to(measured.heartbeat, WORKER_SILENT_FOR.total_seconds()), measured.heartbeat
    )
    job = measured.oldest_job()
    yield Judgement("jobs", _within(job, JOB_LATE), job)
    late = bool(measured.late_tasks)
    schedule = State.ATTENTION if late else State.GOOD
    if measured.schedule is not None and measured.schedule > SCHEDULE_LATE:
        schedule = State.FAILED
    yield Judgement("schedule", schedule, measured.schedule)
    for check, channel in (("mail", "EMAIL"), ("sms", "SMS")):
        outbox = measured.outbox.get(channel, Outbox())
        yield Judgement(check, _outbox(outbox), outbox.oldest)
    due = max((each.due for each in measured.webhooks if each.due is not None), default=None)
    yield Judgement("webhooks", _webhooks(measured, due), due)
    yield Judgement("disk", _disk(measured.disk_free))
    backup = _age(measured.backup_at)
    yield Judgement("backup", backup_state(backup), backup)


def backup_state(age: float | None) -> State:
    """Judge the age of the last backup; where none is expected (BACKUP_HOURS=0) none is missed."""
    if not settings.BACKUP_HOURS:
        return State.NOT_SET_UP if age is None else State.GOOD
    return _up_to(age, settings.BACKUP_HOURS * HOUR)


def restore_state(at: dt.datetime | None) -> State:
    """Judge when a restore was last proven."""
    age = _age(at)
    return State.GOOD if age is not None and age <= RESTORE_DAYS * DAY else State.ATTENTION


def feed_state(ahead: dt.timedelta) -> State:
    """Judge for how long there are weeks of the change feed; without them nothing is lost, but nothing is dropped."""
    return State.ATTENTION if ahead < FEED_AHEAD else State.GOOD


def certificate_state(ends_at: dt.datetime | None) -> State:
    """Judge a certificate by its last day."""
    if ends_at is None or (left := (ends_at - timezone.now()).days) < CERTIFICATE_NOW:
        return State.FAILED
    return State.ATTENTION if left < CERTIFICATE_SOON else State.GOOD


def _age(moment: dt.datetime | None) -> float | None:
    return None if moment is None else max((timezone.now() - moment).total_seconds(), 0)


def _up_to(age: float | None, most: float) -> State:
    """Something must have happened not longer ago."""
    return State.GOOD if age is not None and age <= most else State.FAILED


def _within(age: float | None, most: float) -> State:
    """What waits may not wait longer."""
    if age is None or age <= most / 2:
        return State.GOOD
    return State.ATTENTION if age <= most else State.FAILED


def _outbox(outbox: Outbox) -> State:
    """A message that waits for long is one address's fault as long as others are sent."""
    if outbox.oldest is not None and outbox.oldest > MESSAGE_LATE:
        return State.FAILED if outbox.sent is None or outbox.sent > MESSAGE_LATE else State.ATTENTION
    return State.ATTENTION if outbox.failed else State.GOOD


def _webhooks(measured: Measured, due: float | None) -> State:
    """A server of others that does not answer is no fault of ours; a delivery that is never tried is."""
    state = _within(due, WEBHOOK_LATE)
    troubled = any(each.off or each.failing for each in measured.webhooks)
    return State.ATTENTION if troubled and state is State.GOOD else state


def _connections(measured: Measured) -> State:
    share = measured.connections / measured.connections_most
    if share >= CONNECTIONS_FULL:
        return State.FAILED
    return State.ATTENTION if share >= CONNECTIONS_MANY else State.GOOD


def _disk(free: int) -> State:
    if free < ROOM_NEEDED:
        return State.FAILED
    return State.ATTENTION if free < ROOM_WANTED else State.GOOD
