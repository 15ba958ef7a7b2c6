"""A read of a program in one trip to the database: its token is entered, and the statement asked, at once.

Which statement it is depends on whose token it is. What the server reported of a token the last time is remembered, and
the statement for such a viewer sent right behind the entering, in the same transaction. The server reports anew each
time: if it is not word for word what it was then, the statement for what it is now is asked, and nothing is used of the
other's answer, which row security gave as the token is now anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.adapt import Transformer
from psycopg.pq.abc import PGresult

from backend.core.postgresql.trips import trip
from backend.core.standby import is_on_standby
from permissions.core import access_log, scope
from permissions.core.viewer import Viewer, current
from permissions.plans.recent import Recent
from permissions.plans.statement import Statement

REMEMBERED = 2000
Words = list[bytes]
"""What the server said of a token, row by row."""
Chosen = tuple[Statement, list[Any]]
Noted = tuple[bytes, Mapping[str, set[int]]]
"""An answer, and the numbers of the rows that it shows, by their kind in the read log."""


@dataclass(frozen=True)
class _Known:
    words: Words
    viewer: Viewer


tokens: Recent[str, _Known] = Recent(REMEMBERED)
"""The last tokens by their digest: what the server reported of each. None is believed to be what stands here."""


def is_possible() -> bool:
    """Whether this thread is in no transaction, which a trip is of its own."""
    return not connection.in_atomic_block


def read(
    digest: str, ask: Callable[[Viewer], Chosen], note: Callable[[Statement, bytes], Noted], purpose: str
) -> tuple[bytes, Viewer] | None:
    """What the bearer of this token is answered, once the read log is committed, and who they are.

    On a standby the read log is written by the primary, as `access_log` does it for sessions there. `ask` chooses the
    statement for a viewer, `note` finds in its text what the read log says. None: it must be read in the usual way,
    since the token is new here, became another one or is none. What `ask` raises passes.
    """
    if (known := tokens.get(digest)) is None:
        _learn(digest)
        return None
    statement, parameters = _chosen(ask, known.viewer)
    notes_along = statement.notes_readings and not is_on_standby()
    with trip() as way:
        way.send(*scope.entering_bearer(digest, with_rows=False), keep=False)
        way.send(statement.text, parameters)
        if not notes_along:
            way.end()
        entered, found = way.answers()
        if _words(entered) != known.words:
            tokens.drop(digest)
            return None
        text, shown = note(statement, found.get_value(0, 0) or b"null")
        if notes_along:
            for kind, numbers in sorted(shown.items()):
                way.send(access_log.NOTE, access_log.line(numbers, purpose, kind))
    if shown and not notes_along:
        with _as_viewer(known.viewer):
            for kind, numbers in sorted(shown.items()):
                access_log.log_access(numbers, purpose, kind)
    return text, known.viewer


def _chosen(ask: Callable[[Viewer], Chosen], viewer: Viewer) -> Chosen:
    with _as_viewer(viewer):
        return ask(viewer)


@contextmanager
def _as_viewer(viewer: Viewer) -> Iterator[None]:
    token = current.set(viewer)
    try:
        yield
    finally:
        current.reset(token)


def _learn(digest: str) -> None:
    """Remember what the server says of a token, if it is one."""
    with trip() as way:
        way.send(*scope.entering_bearer(digest, with_rows=True), keep=False)
        way.end()
        (entered,) = way.answers()
        loading = Transformer.from_context(connection.connection)
        loading.set_pgresult(entered)
        rows = loading.load_rows(0, entered.ntuples, tuple)
        viewer = scope.bearer([row[:-1] for row in rows])
        if viewer is not None:
            tokens.put(digest, _Known(_words(entered), viewer))


def _words(entered: PGresult) -> Words:
    """The last column of an entering, whose first row is the account; the others come in any order."""
    last = entered.nfields - 1
    rows = [entered.get_value(row, last) or b"" for row in range(entered.ntuples)]
    return [*rows[:1], *sorted(rows[1:])]
