"""Several statements in one trip to the server, as one transaction: libpq's pipeline.

What is sent before the trip ends is one transaction without BEGIN and COMMIT, which is committed when it ends. The
server works through it while the application does nothing, so three statements wait once.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from select import POLLIN, POLLOUT, poll
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, Error, InterfaceError, connections
from psycopg import Connection, OperationalError, capabilities
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from backend.core.operation.slow_statements import timed

KEPT = 64  # statements a connection; a plan of PostgreSQL holds up to a megabyte

CLOSES = capabilities.has_send_close_prepared()
"""Whether libpq ends a kept statement by the protocol, which a pooler between understands."""
_GOOD = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_names = count()
_kept: weakref.WeakKeyDictionary[Connection[Any], OrderedDict[tuple[str, tuple[int, ...]], bytes]] = (
    weakref.WeakKeyDictionary()
)
"""Connection -> statement and the types of its parameters -> the name under which its server keeps it."""


class Trip:
    """Made by `trip`. `send` statements, then `answers` or `end`; what fails raises psycopg's error there."""

    def __init__(self, raw: Connection[Any]) -> None:
        self._raw, self._pg = raw, raw.pgconn
        self._pg.enter_pipeline_mode()
        self._waiting: list[bool] = []  # for each that was sent: whether its answer is asked for
        self._kept = _kept.setdefault(raw, OrderedDict())
        self._is_ended = self._is_closed = False

    def send(self, statement: str, parameters: Sequence[object], *, keep: bool = True) -> None:
        """Send a statement with `$1`, `$2` …; `keep`: the server keeps it (see `backend.core.session.prepared`)."""
        dumping = Transformer.from_context(self._raw)
        values = dumping.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        types, formats = dumping.types or (), dumping.formats
        if keep:
            self._pg.send_query_prepared(self._name(statement, types), values, formats)
        else:
            self._pg.send_query_params(statement.encode(), values, types, formats)
        self._waiting.append(True)

    def _name(self, statement: str, types: tuple[int, ...]) -> bytes:
        key = (statement, types)
        if (name := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return name
        if len(self._kept) >= KEPT:
            _oldest, gone = self._kept.popitem(last=False)
            if CLOSES:
                self._pg.send_close_prepared(gone)
            else:
                self._pg.send_query_params(b"DEALLOCATE " + gone, [])
            self._waiting.append(False)
        name = b"trip_%d" % next(_names)
        self._pg.send_prepare(name, statement.encode(), types)
        self._waiting.append(False)
        self._kept[key] = name
        return name

    def answers(self) -> list[PGresult]:
        """The answers of what was sent since the last time."""
        if not self._is_ended:
            self._pg.send_flush_request()
        return self._read()

    def end(self) -> None:
        """Let the server commit behind what was sent; it has, if `answers` or the end of the block raise nothing."""
        self._pg.pipeline_sync()
        self._is_ended = True

    def close(self) -> None:
        if self._is_closed:
            return
        if not self._is_ended:
            self.end()
        self._read()
        synced = self._result()
        if synced is None or synced.status != ExecStatus.PIPELINE_SYNC:
            raise OperationalError("the trip has no end")
        self._pg.exit_pipeline_mode()
        self._is_closed = True

    def _read(self) -> list[PGresult]:
        while self._pg.flush():
            self._wait(POLLIN | POLLOUT)
            self._pg.consume_input()
        found, fault = [], None
        for is_asked in self._waiting:
            result = self._result()
            if result is None:
                raise OperationalError("the server gave no answer")
            while self._result() is not None:
                pass
            if result.status not in _GOOD:
                fault = fault or result
            elif is_asked:
                found.append(result)
        self._waiting.clear()
        if fault is not None:
            raise error_from_result(fault, encoding=self._raw.info.encoding)
        return found

    def _result(self) -> PGresult | None:
        while self._pg.is_busy():
            self._wait(POLLIN)
            self._pg.consume_input()
        return self._pg.get_result()

    def _wait(self, events: int) -> None:
        waiting = poll()
        waiting.register(self._pg.socket, events)
        waiting.poll()


@contextmanager
def trip() -> Iterator[Trip]:
    """A trip on this thread's connection, which must be in no transaction. After a fault the connection is closed."""
    mine = connections[DEFAULT_DB_ALIAS]  # itself: its proxy looks it up for each attribute
    if mine.in_atomic_block:
        raise InterfaceError("a trip is a transaction of its own")
    mine.close_if_health_check_failed()
    mine.ensure_connection()
    try:
        with mine.wrap_database_errors, timed():
            made = Trip(mine.connection)
            yield made
            made.close()
    except Error:
        mine.close()  # what the server keeps, and how far it came, goes with it
        raise
    except BaseException:
        try:
            made.close()  # the block ended otherwise: its fault is raised, and none of the database's
        except psycopg.Error:
            mine.close()
        raise
