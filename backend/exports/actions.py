"""Actions on an export: store one made at once, queue a large one, stop it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import IO, Any

from django.core.files.base import File
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError, ErrorCode
from backend.documents import table_writer
from backend.exports.models import Export
from backend.journal.actions import record
from backend.organization.models import User


@transaction.atomic
def keep(
    *,
    by: User,
    list_name: str,
    title: str,
    format: str,
    rights: Sequence[str] = (),
    file: IO[bytes],
    rows: int,
    row_keys: Sequence[Hashable] = (),
    page: Mapping[str, str] | None = None,
) -> Export:
    """An export that is made already: the file for some days, and a line in the journal."""
    row = Export(user=by, list_name=list_name, title=title, format=format, rights=list(rights))
    return finish(row, file, rows, row_keys, page)


@transaction.atomic
def queue(
    *, by: User, list_name: str, title: str, format: str, rights: Sequence[str] = (), asked: dict[str, str]
) -> Export:
    """Let the worker make it. The same asked for again while it is on its way is the same export; CONFLICT while
    another one of this person is: one at a time."""
    with connection.cursor() as cursor:  # two presses at once: the second waits and finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [f"export {by.pk}"])
    open_one = Export.objects.filter(
        user=by, status__in=(Export.Status.WAITING, Export.Status.RUNNING)
    ).first()
    if open_one is not None:
        if (open_one.list_name, open_one.format, open_one.asked) == (list_name, format, asked):
            return open_one
        message = _("Your export “%(title)s” is still on its way. Wait for it, or stop it first.")
        raise DomainError(ErrorCode.CONFLICT, message % {"title": open_one.title})
    row = Export.objects.create(
        user=by, list_name=list_name, title=title, format=format, rights=list(rights), asked=asked
    )
    app.configure_task("exports.make_export").defer(key=str(row.key))
    return row


@transaction.atomic
def stop(row: Export, *, by: User | None) -> Export:
    """End one that waits or is being made: no file comes of it. WRONG_STATE after its end."""
    if not row.is_open:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("This export has ended already; there is nothing to stop.")
        )
    return end(row, Export.Status.STOPPED)


def finish(
    row: Export,
    file: IO[bytes],
    rows: int,
    row_keys: Sequence[Hashable],
    page: Mapping[str, str] | None = None,
) -> Export:
    """The file is there, with the keys of what it holds. The journal says who took which list along and how many rows,
    never what was asked for."""
    row.row_keys = [key if isinstance(key, int) else str(key) for key in row_keys]
    row.page = dict(page or {})
    row.size = file.seek(0, 2)
    file.seek(0)
    row.file = File(file, name="export")
    row.name = table_writer.file_name(row.title, row.format)
    row.rows_total = row.rows_written = rows
    end(row, Export.Status.DONE)
    taken_along(row, by=row.user, title=row.title, format=row.format, rows=rows)
    return row


def taken_along(about: Model, *, by: User | None, title: str, format: str, rows: int) -> None:
    """The line of the journal: who took what along, as which kind of file, and how many rows."""
    label = f"{title}, {table_writer.TableFormat(format).label}"
    note = _("%(n)s rows") % {"n": table_writer.number(rows)}
    record(verb="list_exported", about=about, by=by, label=label, note=note)


def end(row: Export, status: Export.Status, fault: Any = "") -> Export:
    """The end of it, whatever it was; what was asked for is forgotten."""
    row.status, row.fault, row.ended_at, row.asked = status, str(fault), timezone.now(), {}
    row.save()
    return row
