"""Anonymising as work of the worker: asked for once, seen how far it is, done again after the worker died."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import LONG_WORK, MOST_RUNS, EverySecond, StopError
from backend.core.session import is_passing, system
from backend.organization.models import User
from backend.retention.anonymising import Anonymised, anonymise, family_of, reason_for, require_possible
from backend.retention.choices import ErasureJobStatus
from backend.retention.models import ErasureJob, SubjectRequest

log = logging.getLogger(__name__)


def _nobody(by: User, citizen: Citizen) -> bool:
    return False


may_still: Callable[[User, Citizen], bool] = _nobody
"""Whether who asked may anonymise this person now. `permissions`, which lies above, puts its answer here."""


@transaction.atomic
def ask(
    citizen: Citizen, *, by: User | None, reason: str, request: SubjectRequest | None = None
) -> ErasureJob:
    """Queue the anonymisation of a person, optionally because of an application; idempotent. REQUIRED: a reason.
    WRONG_STATE, with the obstacle; checked again when it runs."""
    why = reason_for(reason)
    Citizen.objects.select_for_update(of=("self",), no_key=True).get(pk=citizen.pk)
    if (row := ErasureJob.objects.open().filter(citizen=citizen).first()) is not None:
        return row
    require_possible(citizen)
    keys = [one.pk for one in family_of(citizen)]
    row = ErasureJob.objects.create(citizen=citizen, family=keys, asked_by=by, reason=why, request=request)
    carry_out.defer(key=str(row.key))
    return row


@app.task(name="retention.forget", queue="upkeep", lock=LONG_WORK)
def carry_out(key: str) -> None:
    """Anonymise in one transaction: a worker that dies has done nothing, and the next one takes over. A run
    presumed dead finds itself replaced and rolls back."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _taken(key)
        if row is None:
            return
        try:
            _forget(row)
        except StopError:
            return
        except DomainError as error:
            _end(row, ErasureJobStatus.FAILED, fault=str(error)[:600])
        except Exception as error:
            if not is_passing(error):  # then the job comes again
                _end(row, ErasureJobStatus.FAILED, fault=_fault_of_ours())
            raise


def _fault_of_ours() -> str:
    return _("It failed by a fault of ours; nothing was changed. Ask for it again, or tell Bilgi İşlem.")


def _taken(key: str) -> ErasureJob | None:
    """The row, if it is still to be done, with a new number of its run; after `MOST_RUNS` it has failed."""
    with system():
        row = ErasureJob.objects.open().select_for_update(of=("self",)).filter(key=key).first()
        if row is None:
            return None
        if row.run >= MOST_RUNS:
            ErasureJob.objects.filter(pk=row.pk).update(
                status=ErasureJobStatus.FAILED, ended_at=timezone.now(), fault=_fault_of_ours()
            )
            return None
        row.run, row.status, row.searched = row.run + 1, ErasureJobStatus.RUNNING, 0
        row.started_at = row.started_at or timezone.now()
        row.save(update_fields=["run", "status", "searched", "started_at"])
        return row


def _forget(row: ErasureJob) -> None:
    with system():
        citizen = row.citizen
        if citizen is None:  # it was done already
            raise StopError
        _require_as_asked(row, citizen)
        done = anonymise(
            citizen, by=row.asked_by, reason=row.reason, progress=EverySecond(partial(_report_progress, row))
        )
        if not _mine(row).update(**_what_was_done(done)):
            raise StopError


def _require_as_asked(row: ErasureJob, citizen: Citizen) -> None:
    """WRONG_STATE if the records differ from those confirmed, FORBIDDEN if the confirming user lost the right:
    erasure is irreversible."""
    if {one.pk for one in family_of(citizen, lock=True)} != set(row.family):
        message = _(
            "The record was merged or parted after this was asked for. Look at it again, and ask anew."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)
    if row.asked_by and not may_still(row.asked_by, citizen):
        message = _(
            "Whoever asked for this may not do so any more. Have it asked for by who heads the office."
        )
        raise DomainError(ErrorCode.FORBIDDEN, message)


def _what_was_done(done: Anonymised) -> dict[str, Any]:
    """The columns of the row afterwards; the reason loses the person's name with everything else."""
    return {
        "status": ErasureJobStatus.DONE,
        "ended_at": timezone.now(),
        "citizen": None,
        "family": [],
        "reason": done.reason,
        "struck": done.struck,
        "left": sum(done.left.values()),
        "files": done.files,
    }


def _mine(row: ErasureJob) -> Any:
    return ErasureJob.objects.filter(pk=row.pk, run=row.run, status=ErasureJobStatus.RUNNING)


def _end(row: ErasureJob, status: str, fault: str) -> None:
    with system():
        _mine(row).update(status=status, fault=fault, ended_at=timezone.now())
        # A destruction run was faster.
        gone = ErasureJob.objects.filter(pk=row.pk, citizen__anonymised_at__isnull=False)
        gone.update(citizen=None, family=[])


def _report_progress(row: ErasureJob, searched: int, tables: int) -> None:
    """Write it outside of the working transaction: in a thread with its own connection."""
    thread = Thread(target=_write_progress, args=(row, searched, tables))
    thread.start()
    thread.join()


def _write_progress(row: ErasureJob, searched: int, tables: int) -> None:
    try:
        with system():  # skipped while the work holds the row, against a deadlock
            rows = _mine(row).select_for_update(of=("self",), skip_locked=True)
            _mine(row).filter(pk__in=list(rows.values_list("pk", flat=True))).update(
                searched=searched, tables=tables
            )
    except Exception:  # it goes on all the same: only the bar stands still
        log.exception("the progress of an anonymising was not reported")
    finally:
        connection.close()
