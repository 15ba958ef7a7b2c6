"""The worker's side of an export: made as the person who asked for it, who sees how far it is and may stop it."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.long_work import LONG_WORK, MOST_RUNS, STUCK, EverySecond, StopError
from backend.core.session import is_passing, out_of_time, system
from backend.exports import actions, making
from backend.exports.lists import OpenList, lists
from backend.exports.models import Export
from backend.organization.models import User

KEPT = dt.timedelta(days=7)


@app.task(name="exports.make_export", queue="exports", lock=LONG_WORK)
def make_export(key: str) -> None:
    """Make one export, in the language of its person's pages. Taken again after its worker died, it begins anew in
    the same row."""
    row = _taken(key)
    if row is None:
        return
    with translation.override(row.user.language or settings.LANGUAGE_CODE):
        try:
            _make(row)
        except StopError:
            return
        except DomainError as error:
            _fail(row, error.message)
        except DatabaseError as error:
            if (late := out_of_time(error)) is None:
                if not is_passing(error):
                    _fail(row, _fault_of_ours())
                raise
            _fail(row, late.message)
        except Exception as error:
            if not is_passing(error):  # then the job comes again
                _fail(row, _fault_of_ours())
            raise


def _fault_of_ours() -> str:
    return _("The export failed by a fault of ours. Start it again from the list, or tell Bilgi İşlem.")


def _taken(key: str) -> Export | None:
    """Claim the row if it is still wanted, with a new run number: a worker presumed dead finds itself replaced.
    After `MOST_RUNS` it has failed, since its content may kill workers."""
    with system():
        row = Export.objects.select_for_update(of=("self",)).filter(key=key).first()
        if row is None or not row.is_open:
            return None
        if row.run >= MOST_RUNS:
            with translation.override(row.user.language or settings.LANGUAGE_CODE):
                actions.end(row, Export.Status.FAILED, _fault_of_ours())
            return None
        row.take(rows_written=0)
        return row


def _make(row: Export) -> None:
    with _opened(row) as opened:
        keys = making.keys_of(row.format, opened)
        who = str(row.user)
        texts = Frozen(opened)
    _report_progress(row, len(keys), 0)
    with tempfile.TemporaryFile() as file:
        count, written = making.write(
            file,
            format=row.format,
            opened=texts,
            keys=keys,
            who=who,
            reopened=lambda: _opened(row),
            progress=EverySecond(partial(_report_progress, row, len(keys))),
        )
        with _opened(row):
            pass  # who may no longer see the list at its end gets nothing of it
        with system():
            actions.finish(row.wanted(), file, count, written, texts.page)


class Frozen:
    """Title, headings and words of a list, read while its session lasted."""

    def __init__(self, opened: OpenList) -> None:
        self.title, self.headings, self.lines = opened.title, list(opened.headings), list(opened.lines)
        self.asked, self.most, self.page = opened.asked, opened.most, opened.page

    def keys(self, limit: int) -> list[Any]:
        raise NotImplementedError

    def cells(self, keys: Any) -> list[list[Any]]:
        raise NotImplementedError

    def seen(self, keys: Any) -> list[Any]:
        raise NotImplementedError

    def withholds(self, keys: Any, since: Any) -> bool:
        raise NotImplementedError


@contextmanager
def _opened(row: Export) -> Iterator[OpenList]:
    """The list as its person sees it at this moment. FORBIDDEN for an account that was closed meanwhile."""
    user = User.objects.filter(pk=row.user_id, is_active=True).first()
    if user is None:
        raise DomainError(ErrorCode.FORBIDDEN, _("The account was closed; nothing was exported."))
    with lists().session(user):
        yield lists().open(row.list_name, row.asked, user)


def _report_progress(row: Export, total: int, count: int) -> None:
    row.write_progress(rows_written=count, rows_total=total)


def _fail(row: Export, fault: Any) -> None:
    with suppress(StopError), system():
        actions.end(row.wanted(), Export.Status.FAILED, fault)


@app.periodic(cron="55 0 * * *")
@app.task(name="exports.clear_exports", queue="upkeep", queueing_lock="exports.clear_exports")
def clear_exports(timestamp: int = 0) -> int:
    """A week after its end an export goes, row and file: it holds personal data; the journal still says that it was
    made. One that no worker finished within a day has failed. Returns how many went."""
    now = timezone.now()
    with system(), translation.override(settings.LANGUAGE_CODE):
        stuck = Export.objects.filter(
            status__in=(Export.Status.WAITING, Export.Status.RUNNING), asked_at__lt=now - STUCK
        )
        for row in stuck.select_for_update(of=("self",), skip_locked=True):
            actions.end(
                row,
                Export.Status.FAILED,
                _("No worker finished it within a day. Start it again from the list."),
            )
        old = list(Export.objects.filter(ended_at__lt=now - KEPT).select_for_update(of=("self",)))
        for row in old:
            row.discard()
    return len(old)
