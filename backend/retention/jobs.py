"""The worker's side of a destruction: a line a transaction, looked at again under a lock, so that it can be stopped or
die at any moment and go on where it was."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from backend.core.operation.long_work import LONG_WORK
from backend.core.session import is_passing, system, without_timeout
from backend.journal.state_machine import change
from backend.mailboxes.models import WrittenMessage
from backend.retention import anonymising, due
from backend.retention.actions import write_line
from backend.retention.choices import BY_DAY, ItemStatus, Kind, Skipped, Status
from backend.retention.models import DestructionItem, DestructionRun, RetentionRule
from backend.retention.story import EventType

log = logging.getLogger(__name__)

KINDS = {
    Kind.CASE: "CASE",
    Kind.APPOINTMENT: "REQUEST",
    Kind.GUEST_LIST: "GUEST_LIST",
    Kind.GREETING: "GREETING",
    Kind.INBOUND: "MAIL",
    Kind.CITIZEN: "ALONE",
    Kind.SUBJECT: "SUBJECT_REQUEST",
}
"""What the database calls the places of a kind (`places.PLACES`)."""


@app.task(name="retention.carry_out", queue="upkeep", lock=LONG_WORK)
def carry_out(key: str, run: int) -> None:
    """Process the lines until none is left or the run is stopped. Idempotent, also for concurrent workers."""
    with translation.override(settings.LANGUAGE_CODE):
        while settle_next(key, run):
            pass


def settle_next(key: str, run: int) -> bool:
    """Process the next line of a list; False if there is none, or the run was stopped."""
    with system():
        without_timeout()
        rows = DestructionRun.objects.select_for_update(of=("self",))
        destruction = rows.filter(key=key, run=run, status=Status.RUNNING).first()
        if destruction is None:
            return False
        item = destruction.list.filter(status=ItemStatus.LISTED).order_by("pk").first()
        if item is None:
            change(destruction, Status.DONE, ended_at=timezone.now())
            write_line(destruction, EventType.FINISHED, by=None, from_status=Status.RUNNING)
            return False
        settle(item)
        DestructionRun.objects.filter(pk=destruction.pk).update(settled=F("settled") + 1)
        return True


def settle(item: DestructionItem) -> None:
    """Carry out one line if it still is due by the rule under which it was listed, and no hold stands on it. One that
    the database refuses is left out, and the next one has its turn."""
    rule = RetentionRule.objects.select_for_update().get(pk=item.rule_id)
    due.keep_holds_off()
    rows = 0
    try:
        with transaction.atomic():
            if not (reason := _left_out(item, rule)):
                rows = _destroy(item, rule)
    except DatabaseError as error:  # its words may hold what stands in the row
        if is_passing(error):
            raise
        log.error("line %s of a destruction failed: %s", item.pk, type(error.__cause__ or error).__name__)
        reason = Skipped.FAILED
    item.status = ItemStatus.SKIPPED if reason else ItemStatus.DONE
    item.skipped, item.rows, item.settled_at = reason, rows, timezone.now()
    item.save(update_fields=["status", "skipped", "rows", "settled_at"])


def _left_out(item: DestructionItem, rule: RetentionRule) -> str:
    if not rule.is_active or rule.version != item.rule_version:
        return Skipped.RULE_CHANGED
    model = due.SOURCES[item.kind].model
    if item.kind in BY_DAY:
        assert item.day is not None  # noqa: S101 - a line of a log is a day
        if due.of_day(rule, item.day).exists():
            return ""
        return Skipped.HELD if due.by_rule(rule).filter(event_day=item.day).exists() else Skipped.GONE
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=item.subject).first()
    if row is None:
        return Skipped.GONE
    if due.due(rule).filter(pk=item.subject).exists():
        return ""
    held = model._default_manager.filter(due.held(item.kind), pk=item.subject).exists()
    return Skipped.HELD if held else Skipped.NOT_DUE


def _destroy(item: DestructionItem, rule: RetentionRule) -> int:
    """How many records it was."""
    if item.kind in BY_DAY:
        assert item.day is not None  # noqa: S101 - a line of a log is a day
        result = due.of_day(rule, item.day)
        if item.kind == Kind.MESSAGE:
            # What was written to a partner is part of nothing that ends: it goes with its message.
            written = WrittenMessage.objects.filter(
                organisation__isnull=False, message__in=result.values("pk")
            )
            anonymising.forget("WRITTEN", list(written.values_list("pk", flat=True)))
            return result.order_by().update(address="", subject="", body="", calendar="", last_error="")
        keys = list(result.values_list("pk", flat=True))
        anonymising.forget("READING", keys)
        return len(keys)
    assert item.subject is not None  # noqa: S101 - any other line is a row
    anonymising.forget(KINDS[Kind(item.kind)], [item.subject])
    return 1
