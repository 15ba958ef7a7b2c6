"""Export of lists: the same rules and rows as for viewing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.documents import table_writer
from backend.documents.table_writer import TableFormat
from backend.exports import actions, making
from backend.exports.lists import OpenList, lists
from backend.exports.models import Export
from permissions.core import scope
from permissions.core.filters import Action

RIGHTS = (
    "works_in",
    "heads",
    "oversees",
    "contacts_in",
    "memberships_in",
    "keeps",
    "principal_of",
    "reads_programmes",
    "press_of",
)
"""What a viewer (`permissions.core.viewer.Viewer`) may be of a department or a programme."""
AT_ONCE = 1_000
"""So many rows are written while one waits, in about a second; more are the worker's."""
PART = 5_000
"""So many keys are looked up in one statement."""


def start(*, list_name: str, format: str, asked: Mapping[str, str]) -> Export:
    """An export of the list as the viewer sees it with this tab, filters and search: made at once where it is small,
    else on its way. FORBIDDEN for a program's token; TOO_LARGE, CONFLICT and INVALID say what to do instead."""
    if format not in TableFormat.values:
        message = _("There is no such format. Choose one of these: %(known)s.")
        known = ", ".join(TableFormat.values)
        raise DomainError(ErrorCode.INVALID, message % {"known": known}, "format")
    with scope.elevated_for(Export, Action.REGISTER) as viewer:
        user: Any = viewer.user
    opened = lists().open(list_name, asked, user)
    keys = opened.keys(_looked_at(format, opened))
    if format == TableFormat.PDF and len(keys) > table_writer.PDF_ROWS:
        raise table_writer.too_long_for_pdf()
    about: dict[str, Any] = {
        "by": user,
        "list_name": list_name,
        "title": opened.title,
        "format": format,
        "rights": _rights(),
    }
    if len(keys) > AT_ONCE:
        with scope.elevated_for(Export, Action.REGISTER):
            return actions.queue(**about, asked=opened.asked)

    @contextmanager
    def same() -> Iterator[OpenList]:
        yield opened

    with tempfile.TemporaryFile() as file:
        count, written = making.write(
            file, format=format, opened=opened, keys=keys, who=str(user), reopened=same
        )
        with scope.elevated_for(Export, Action.REGISTER):
            return actions.keep(**about, file=file, rows=count, row_keys=written, page=opened.page)


def require_theirs(row: Export) -> None:
    """FORBIDDEN unless its owner, who asks, has all the rights with which it was asked for, and still sees every row
    that is in the file, and whose it is where the file says so; more of them do no harm."""
    if not set(row.rights) <= set(_rights()):
        message = _("A permission with which this file was made is no longer yours. Export the list again.")
        raise DomainError(ErrorCode.FORBIDDEN, message)
    if not _sees_all_rows(row):
        message = _(
            "Some of what this file holds may no longer be seen by you. Export the list again: the new file holds what"
            " you may see now."
        )
        raise DomainError(ErrorCode.FORBIDDEN, message)


def _sees_all_rows(row: Export) -> bool:
    user: Any = scope.require_viewer().user
    if len(row.row_keys) < row.rows_written:
        return False
    try:
        opened = lists().open(row.list_name, row.page, user)
        parts = (row.row_keys[start : start + PART] for start in range(0, len(row.row_keys), PART))
        return all(
            len(opened.seen(part)) == len(part) and not opened.withholds(part, row.asked_at) for part in parts
        )
    except DomainError:  # the list, or the page that the table is in, is not theirs any more
        return False


def _rights() -> list[str]:
    """Where the viewer is something today, as `works_in:3`."""
    viewer = scope.current_viewer()
    return sorted(f"{name}:{number}" for name in RIGHTS for number in getattr(viewer, name))


def _looked_at(format: str, opened: OpenList) -> int:
    """Enough to know whether it is made at once, and whether a PDF bears it."""
    most = (table_writer.PDF_ROWS if format == TableFormat.PDF else AT_ONCE) + 1
    return most if opened.most is None else min(most, opened.most)
