"""Anonymising as work of the worker: asked for once, seen how far it is, done again after the worker died."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import LONG_WORK
from backend.core.session import system
from backend.organization.models import User
from backend.retention.anonymising import Anonymised, anonymise, family_of, reason_for, require_possible
from backend.retention.choices import ForgettingStatus
from backend.retention.models import Forgetting, SubjectRequest

log = logging.getLogger(__name__)
S = ForgettingStatus
MOST_RUNS = 3
TELL_SECONDS = 1.0


def _nobody(by: User, citizen: Citizen) -> bool:
    return False


may_still: Callable[[User, Citizen], bool] = _nobody
"""Whether who asked may anonymise this person now. `permissions`, which lies above, puts its answer here."""


class ReplacedError(Exception):
    """Another run has taken this one's place."""


@transaction.atomic
def ask(
    citizen: Citizen, *, by: User | None, reason: str, request: SubjectRequest | None = None
) -> Forgetting:
    """Let the worker anonymise a person, because of an application if one is named. Said twice it is the same row.
    REQUIRED: why. WRONG_STATE, naming it, where something stands against it now; it is asked again when it is done."""
    why = reason_for(reason)
    Citizen.objects.select_for_update(of=("self",), no_key=True).get(pk=citizen.pk)
    if (row := Forgetting.objects.open().filter(citizen=citizen).first()) is not None:
        return row
    require_possible(citizen)
    keys = [one.pk for one in family_of(citizen)]
    row = Forgetting.objects.create(citizen=citizen, family=keys, asked_by=by, reason=why, request=request)
    carry_out.defer(key=str(row.key))
    return row


@app.task(name="retention.forget", queue="upkeep", lock=LONG_WORK)
def carry_out(key: str) -> None:
    """Anonymise, all in one transaction: a worker that dies has done nothing, and the next one does it. A run that was
    given up for dead and lives after all finds itself replaced, and takes back what it did."""
    with translation.override(settings.LANGUAGE_CODE):
        row = _taken(key)
        if row is None:
            return
        try:
            _forget(row)
        except ReplacedError:
            return
        except DomainError as error:
            _end(row, S.FAILED, fault=str(error)[:600])
        except Exception:
            _end(row, S.FAILED, fault=_fault_of_ours())
            raise


def _fault_of_ours() -> str:
    return _("It failed by a fault of ours; nothing was changed. Ask for it again, or tell Bilgi İşlem.")


def _taken(key: str) -> Forgetting | None:
    """The row, if it is still to be done, with a new number of its run; after `MOST_RUNS` it has failed."""
    with system():
        row = Forgetting.objects.open().select_for_update(of=("self",)).filter(key=key).first()
        if row is None:
            return None
        if row.run >= MOST_RUNS:
            Forgetting.objects.filter(pk=row.pk).update(
                status=S.FAILED, ended_at=timezone.now(), fault=_fault_of_ours()
            )
            return None
        row.run, row.status, row.searched = row.run + 1, S.RUNNING, 0
        row.started_at = row.started_at or timezone.now()
        row.save(update_fields=["run", "status", "searched", "started_at"])
        return row


def _forget(row: Forgetting) -> None:
    with system():
        citizen = row.citizen
        if citizen is None:  # it was done already
            raise ReplacedError
        _require_as_asked(row, citizen)
        done = anonymise(citizen, by=row.asked_by, reason=row.reason, progress=Teller(row))
        if not _mine(row).update(**_what_was_done(done)):
            raise ReplacedError


def _require_as_asked(row: Forgetting, citizen: Citizen) -> None:
    """WRONG_STATE where it would be another person's records than those that were confirmed, FORBIDDEN where whoever
    confirmed it may no more: it cannot be taken back."""
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
        "status": S.DONE,
        "ended_at": timezone.now(),
        "citizen": None,
        "family": [],
        "reason": done.reason,
        "struck": done.struck,
        "left": sum(done.left.values()),
        "files": done.files,
    }


def _mine(row: Forgetting) -> Any:
    return Forgetting.objects.filter(pk=row.pk, run=row.run, status=S.RUNNING)


def _end(row: Forgetting, status: str, fault: str) -> None:
    with system():
        _mine(row).update(status=status, fault=fault, ended_at=timezone.now())
        # A destruction run was faster.
        gone = Forgetting.objects.filter(pk=row.pk, citizen__anonymised_at__isnull=False)
        gone.update(citizen=None, family=[])


class Teller:
    """Tells the row at most every second how far it is, from beside the transaction that does the work: by a thread,
    which has a connection of its own."""

    def __init__(self, row: Forgetting) -> None:
        self.row, self.next = row, 0.0

    def __call__(self, searched: int, tables: int) -> None:
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + TELL_SECONDS
        thread = Thread(target=self._tell, args=(searched, tables))
        thread.start()
        thread.join()

    def _tell(self, searched: int, tables: int) -> None:
        try:
            with system():  # skipped where the work has the row in hand: nobody waits for whom he waits for
                rows = _mine(self.row).select_for_update(of=("self",), skip_locked=True)
                _mine(self.row).filter(pk__in=list(rows.values_list("pk", flat=True))).update(
                    searched=searched, tables=tables
                )
        except Exception:  # it goes on all the same: only the bar stands still
            log.exception("the progress of an anonymising was not told")
        finally:
            connection.close()
