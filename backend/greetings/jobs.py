"""The worker's side of a batch: a hundred recipients a transaction, each with their messages, so that it can be stopped
or die at any moment and go on where it was; then what goes out on paper becomes one print run.
"""

from __future__ import annotations

import hashlib
import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError
from backend.core.operation.long_work import LONG_WORK
from backend.core.session import is_passing, system
from backend.greetings import delivery, paper
from backend.greetings.actions.running import unprinted
from backend.greetings.actions.step import write_line
from backend.greetings.choices import Channel, Outcome, Status
from backend.greetings.models import Batch, Occasion, PrintRun, Recipient
from backend.greetings.numbers import outcomes
from backend.greetings.story import EventType
from backend.journal.state_machine import change
from backend.outbox import actions as outbox
from backend.outbox import holding

CHUNK = 100
LOCK = 0x4752454  # the first key of the advisory locks, the occasion is the second
PURPOSE = "greeting"


@app.task(name="greetings.send_batch", queue="greetings", lock=LONG_WORK)
def send_batch(key: str, run: int) -> None:
    """Process one batch until no recipient is left. Idempotent, also for concurrent workers."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            _take(key, run)
            while _settle(key, run):
                pass
            while _print(key, run):
                pass
            _finish(key, run)
        except DomainError as error:
            _fail(key, run, str(error))
        except Exception as error:
            if not is_passing(error):  # then the job comes again
                message = _(
                    "Sending failed by a fault of ours. What went out stays sent; start it again to go on."
                )
                _fail(key, run, message)
            raise


def _mine(key: str, run: int, *statuses: Status) -> Batch | None:
    """The batch, locked, if this run of it is still wanted; the occasion's other batches wait for us too."""
    rows = Batch.objects.select_for_update(of=("self",)).filter(key=key, run=run, status__in=statuses)
    batch = rows.select_related("occasion").first()
    if batch is not None:
        lock(batch.occasion)
    return batch


def lock(occasion: Occasion) -> None:
    """Serialise work on this occasion until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, occasion.pk])


def _take(key: str, run: int) -> None:
    with system():
        batch = _mine(key, run, Status.WAITING)
        if batch is not None:
            change(batch, Status.RUNNING, started_at=timezone.now(), seen_at=timezone.now())


def _settle(key: str, run: int) -> bool:
    """Settle the next hundred recipients; False when none are left, or the batch was stopped."""
    with system():
        batch = _mine(key, run, Status.RUNNING)
        if batch is None:
            return False
        pending = batch.recipients.filter(outcome=Outcome.PENDING).order_by("pk")
        rows = list(pending.select_related(*delivery.WHO)[:CHUNK])
        if not rows:
            return False
        for verdict in delivery.look(batch, rows):
            _keep(batch, verdict)
        fields = ("outcome", "reason", "channel", "name", "address", "settled_at", "message")
        Recipient.objects.bulk_update(rows, fields)
        Batch.objects.filter(pk=batch.pk).update(seen_at=timezone.now())
        return True


def _keep(batch: Batch, verdict: delivery.Verdict) -> None:
    row = verdict.recipient
    row.outcome, row.reason, row.channel = verdict.outcome, verdict.reason, verdict.channel
    row.name, row.address, row.settled_at = verdict.name[:200], verdict.address[:400], timezone.now()
    if verdict.channel in (Channel.EMAIL, Channel.SMS):
        draft = delivery.message_to(batch, verdict)
        row.message = outbox.post(
            channel=verdict.channel,
            address=verdict.address,
            subject=draft.subject,
            body=draft.body,
            purpose=PURPOSE,
            key=message_key(batch.occasion, row),
            not_before=holding.by_day() if verdict.channel == Channel.SMS else None,
        )


def message_key(occasion: Occasion, row: Recipient) -> uuid.UUID:
    """The key of the one message to this recipient on this occasion: posted again, the outbox refuses it."""
    who = f"citizen:{row.citizen_id} department:{row.department_id} body:{row.body_id}"
    return uuid.uuid5(occasion.key, who)


def _print(key: str, run: int) -> bool:
    """Make the next print run, frozen with its digest; False when nothing is left to print."""
    with system():
        batch = _mine(key, run, Status.RUNNING)
        if batch is None:
            return False
        died = Q(citizen__deceased_on__isnull=False) | Q(citizen__merged_into__deceased_on__isnull=False)
        unprinted(batch).filter(died).update(outcome=Outcome.DECEASED)  # since they were settled
        waiting = unprinted(batch).select_related(*delivery.WHO).order_by("pk")
        members = Q(role__organisation__is_membership=True)  # apart: not everybody may read these
        rows = list(waiting.exclude(members)[: paper.MOST]) or list(waiting.filter(members)[: paper.MOST])
        if not rows:
            return False
        content = paper.letters(batch, rows)
        made = PrintRun.objects.create(
            batch=batch,
            letters=len(rows),
            names_members=any(row.role and row.role.organisation.is_membership for row in rows),
            file=ContentFile(content, name="file"),
            name=paper.file_name(batch),
            content_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(print_run=made)
        Batch.objects.filter(pk=batch.pk).update(seen_at=timezone.now())
        write_line(batch, EventType.PRINTED, by=None, details={"letters": len(rows), "sha256": made.sha256})
        return True


def _finish(key: str, run: int) -> None:
    with system():
        batch = _mine(key, run, Status.RUNNING)
        if batch is not None:
            change(batch, Status.DONE, ended_at=timezone.now())
            details = outcomes(batch)
            write_line(batch, EventType.FINISHED, by=None, from_status=Status.RUNNING, details=details)


def _fail(key: str, run: int, fault: str) -> None:
    with system():
        batch = _mine(key, run, Status.WAITING, Status.RUNNING)
        if batch is not None:
            before = batch.status
            change(batch, Status.FAILED, ended_at=timezone.now(), fault=fault)
            write_line(batch, EventType.FAILED, by=None, from_status=before)
