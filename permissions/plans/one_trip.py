"""A read of a program in one trip to the database: its token is entered, and the statement asked, at once.

Which statement it is depends on whose token it is. What the server reported of a token the last time is remembered, and
the statement for such a viewer sent right behind the entering, in the same transaction. The server reports anew each
time: if it is not word for word what it was then, the statement for what it is now is asked, and nothing is used of the
other's answer, which row security gave as the token is now anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult

from backend.core.postgresql.trips import trip
from backend.core.standby import is_configured
from permissions.core import access_log, scope
from permissions.core.viewer import Viewer, current
from permissions.plans.recent import Recent
from permissions.plans.statement import Statement

REMEMBERED = 2000
Rows = list[tuple[bytes | None, ...]]
Chosen = tuple[Statement, list[Any]]
Noted = tuple[bytes, Mapping[str, set[int]]]
"""An answer, and the numbers of the rows that it shows, by their kind in the read log."""


@dataclass(frozen=True)
class _Known:
    words: Rows
    viewer: Viewer


tokens: Recent[str, _Known] = Recent(REMEMBERED)
"""The last tokens by their digest: what the server reported of each. None is believed to be what stands here."""


def is_possible() -> bool:
    """Whether this thread is in no transaction, which a trip is of its own, and no standby is to be asked first."""
    return not connection.in_atomic_block and not is_configured()


def read(
    digest: str, ask: Callable[[Viewer], Chosen], note: Callable[[Statement, bytes], Noted], purpose: str
) -> tuple[bytes, Viewer] | None:
    """What the bearer of this token is answered, once the read log is committed, and who they are.

    `ask` chooses the statement for a viewer, `note` finds in its text what the read log says. None: it must be read in
    the usual way, since the token is new here, became another one or is none. What `ask` raises passes.
    """
    if (known := tokens.get(digest)) is None:
        _learn(digest)
        return None
    statement, parameters = _chosen(ask, known.viewer)
    with trip() as way:
        way.send(*scope.entering_bearer(digest), keep=False)
        way.send(statement.text, parameters)
        if not statement.notes_readings:
            way.end()
        entered, found = way.answers()
        if _words(entered) != known.words:
            tokens.drop(digest)
            return None
        text, shown = note(statement, found.get_value(0, 0) or b"null")
        for kind, numbers in sorted(shown.items()):
            way.send(access_log.NOTE, access_log.line(numbers, purpose, kind))
    return text, known.viewer


def _chosen(ask: Callable[[Viewer], Chosen], viewer: Viewer) -> Chosen:
    token = current.set(viewer)
    try:
        return ask(viewer)
    finally:
        current.reset(token)


def _learn(digest: str) -> None:
    """Remember what the server says of a token, if it is one."""
    with trip() as way:
        way.send(*scope.entering_bearer(digest), keep=False)
        way.end()
        (entered,) = way.answers()
        loading = Transformer.from_context(connection.connection)
        loading.set_pgresult(entered)
        viewer = scope.bearer(loading.load_rows(0, entered.ntuples, tuple))
        if viewer is not None:
            tokens.put(digest, _Known(_words(entered), viewer))


def _words(entered: PGresult) -> Rows:
    """The rows of an entering, of which the first is the account and the others come in any order."""
    columns = range(entered.nfields)
    rows = [tuple(entered.get_value(row, column) for column in columns) for row in range(entered.ntuples)]
    return [*rows[:1], *sorted(rows[1:], key=repr)]
