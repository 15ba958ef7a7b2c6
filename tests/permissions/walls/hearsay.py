"""What the database said while one world answered, and whether the other world's says the same.

Why this is proof enough: the process, the request with its cookies, the person's session in mind and the stopped clock
are the same in both worlds, so the product can answer otherwise only after the database told it something else. Where
each statement, asked once more of the other world, is answered byte for byte as it was, the product would be told the
same, ask the same next and answer the same; it need not be run to show that. Whatever this module does not follow (an
error, a pipeline, a second connection, a cursor of the server) has no such proof: there the request is made.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from backend.core import tickets
from backend.core.postgresql.trips import Trip

STANDING = b"SELECT transaction, seal FROM app.standing()"
"""Its first word names the transaction, which a ticket of purpose ASSUME repeats: another one in the other world."""
ASSUME = "assume"
WRITTEN = b"SELECT pg_current_xact_id_if_assigned() IS NOT NULL"
ENDS = {"_commit_gen": b"COMMIT", "_rollback_gen": b"ROLLBACK"}
FOLLOWED = ("_execute_gen", "_set_autocommit_gen")
"""What psycopg does with a connection beside: the second says no word to the server."""


@dataclass(frozen=True, slots=True)
class Step:
    """A statement as it went to the server, and a digest of what came back."""

    statement: bytes
    begins: bytes
    """The statement that opened a transaction before this one; empty in an open one, and where each is one itself."""
    heard: bytes
    parameters: tuple[bytes | None, ...] | None = None
    """None: sent by the simple protocol."""
    types: tuple[int, ...] = ()
    formats: tuple[int, ...] = ()
    format: int = 0
    signed: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Which parameters are tickets, and of what: they are valid for seconds, and are signed anew."""
    is_alone: bool = False
    """Whether it is a transaction of its own."""

    @property
    def ends(self) -> bool:
        return self.is_alone or self.statement in ENDS.values()


Steps = tuple[Step, ...]


def _heard(result: PGresult, masked: int = 0) -> bytes:
    """A digest of an answer, without its first columns."""
    columns = range(masked, result.nfields)
    values = [result.get_value(row, column) for row in range(result.ntuples) for column in columns]
    return hashlib.blake2b(
        marshal.dumps((result.status, result.command_status, values)), digest_size=16
    ).digest()


# -- listening ---------------------------------------------------------------------------------------------
class Listener:
    """Takes down what is said on the connection of this thread, between `begin` and `end`."""

    def __init__(self) -> None:
        self._raw: Any = None
        self._steps: list[Step] = []
        self._is_whole = False
        self._signed: dict[bytes, tuple[str, str]] = {}

    def begin(self) -> None:
        connection.ensure_connection()
        self._raw, self._steps, self._is_whole = connection.connection, [], True
        self._signed.clear()

    def end(self) -> Steps | None:
        """What was said; None, if some of it was not understood."""
        steps, self._steps = tuple(self._steps), []
        is_whole, self._is_whole = self._is_whole, False
        return steps if is_whole else None

    def lose(self) -> None:
        self._is_whole = False

    def sign(self, ticket: str, purpose: str, payload: str) -> None:
        self._signed[ticket.encode()] = (purpose, payload)

    def ended(self, raw: Any, statement: bytes) -> None:
        """A transaction was committed or taken back, if there was one."""
        if self._is_ours(raw) and raw.pgconn.transaction_status != TransactionStatus.IDLE:
            self._steps.append(Step(statement, b"", b""))

    def _is_ours(self, raw: Any) -> bool:
        if raw is not self._raw:
            self.lose()
        return self._is_whole

    def executed(self, cursor: Any, before: TransactionStatus, *, is_binary: bool | None) -> None:
        """A statement was answered."""
        raw, query, results = cursor.connection, cursor._query, cursor._results
        if not self._is_ours(raw) or len(results) != 1 or is_binary or raw._pipeline is not None:
            self.lose()
            return
        is_idle = before == TransactionStatus.IDLE
        begins = raw._get_tx_start_command() if is_idle and not raw.autocommit else b""
        statement = bytes(query.query)
        heard = _heard(results[0], masked=statement == STANDING)
        alone = is_idle and not begins
        if isinstance(cursor, psycopg.ClientCursor) or not query.params:
            self._steps.append(Step(statement, begins, heard, is_alone=alone))
            return
        parameters = tuple(None if one is None else bytes(one) for one in query.params)
        signed = {n: self._signed[one] for n, one in enumerate(parameters) if one in self._signed}
        sent = (parameters, tuple(query.types), tuple(query.formats or ()), int(cursor.format))
        self._steps.append(Step(statement, begins, heard, *sent, signed, alone))


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen to every statement that is executed in this block."""
    listener = Listener()
    execute, convert, wait = psycopg.Cursor.execute, psycopg.Cursor._convert_query, psycopg.Connection.wait
    sign, travel = tickets.sign, Trip.__init__

    def executing(cursor: Any, query: Any, params: Any = None, **how: Any) -> Any:
        before = cursor.connection.pgconn.transaction_status
        answered = execute(cursor, query, params, **how)
        listener.executed(cursor, before, is_binary=how.get("binary"))
        return answered

    def converting(cursor: Any, query: Any, params: Any = None) -> Any:
        cursor._query = convert(cursor, query, params)  # psycopg forgets what it sends under a name
        return cursor._query

    def waiting(raw: Any, gen: Any, *args: Any, **how: Any) -> Any:
        if (statement := ENDS.get(gen.__name__)) is not None:
            listener.ended(raw, statement)
        elif gen.__name__ not in FOLLOWED:
            listener.lose()
        try:
            return wait(raw, gen, *args, **how)
        except BaseException:
            listener.lose()
            raise

    def signing(purpose: str, payload: str) -> str:
        ticket = sign(purpose, payload)
        listener.sign(ticket, purpose, payload)
        return ticket

    def travelling(trip: Any, raw: Any) -> None:
        listener.lose()
        travel(trip, raw)

    with (
        patch.object(psycopg.Cursor, "execute", executing),
        patch.object(psycopg.Cursor, "_convert_query", converting),
        patch.object(psycopg.Connection, "wait", waiting),
        patch.object(tickets, "sign", signing),
        patch.object(Trip, "__init__", travelling),
    ):
        yield listener


# -- asking again ------------------------------------------------------------------------------------------
def is_said_again(steps: Steps) -> bool:
    """Whether the database that this thread works on now says all of this too, and has done all of it then.

    If not, nothing was written: only the last transaction may write.
    """
    connection.ensure_connection()
    pg: PGconn = connection.connection.pgconn
    if pg.transaction_status != TransactionStatus.IDLE:
        return False
    try:
        return _Asking(pg).all(steps)
    finally:
        if pg.transaction_status != TransactionStatus.IDLE:
            pg.exec_(b"ROLLBACK")


class _Asking:
    def __init__(self, pg: PGconn) -> None:
        self._pg = pg
        self._transaction = ""

    def all(self, steps: Sequence[Step]) -> bool:
        last = max((n for n, step in enumerate(steps) if step.ends), default=-1)
        return all(self._is_same(step, is_last=n == last) for n, step in enumerate(steps))

    def _is_same(self, step: Step, *, is_last: bool) -> bool:
        if step.statement in ENDS.values():
            return self._ends(step.statement, is_last=is_last)
        if begins := b"BEGIN" if step.is_alone else step.begins:
            self._pg.exec_(begins)
        result = self._asked(step)
        is_standing = step.statement == STANDING
        if _heard(result, masked=is_standing) != step.heard:
            return False
        if is_standing:
            self._transaction = (result.get_value(0, 0) or b"").decode()
        return not step.is_alone or self._ends(b"COMMIT", is_last=is_last)

    def _asked(self, step: Step) -> PGresult:
        if step.parameters is None:
            return self._pg.exec_(step.statement)
        parameters = list(step.parameters)
        for place, (purpose, payload) in step.signed.items():
            if purpose == ASSUME:
                payload = f"{self._transaction} {payload.partition(' ')[2]}"
            parameters[place] = tickets.sign(purpose, payload).encode()
        return self._pg.exec_params(step.statement, parameters, step.types, step.formats, step.format)

    def _ends(self, statement: bytes, *, is_last: bool) -> bool:
        """End a transaction. One that wrote, and is not the last, would stand if a later one parts: it is given up."""
        if statement == b"COMMIT" and not is_last and self._pg.exec_(WRITTEN).get_value(0, 0) != b"f":
            return False
        return self._pg.exec_(statement).command_status == statement
