"""Database sessions: one transaction, one viewer, the writing role, and time limits.

Requests enter through `permissions.core.scope` only. Jobs and commands, which act for the system, use `system`.
"""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, cast

import psycopg
from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import RawCursor
from psycopg.errors import QueryCanceled

from backend.core import tickets
from backend.core.errors import DomainError, ErrorCode, FilesAwayError
from backend.core.operation.slow_statements import timed

PREPARED = 64  # a connection; a plan of PostgreSQL holds up to a megabyte

_undo: ContextVar[list[Callable[[], object]] | None] = ContextVar("undo", default=None)
"""Undo work outside the database when the transaction or savepoint of the innermost session fails."""


def on_rollback(undo: Callable[[], object]) -> None:
    """Call `undo` if what is written now is taken back: a file knows no transaction. Without a session: never."""
    if (waiting := _undo.get()) is not None:
        waiting.append(undo)


@contextmanager
def _undoing() -> Iterator[None]:
    outer = _undo.get()
    mine: list[Callable[[], object]] = []
    token = _undo.set(mine)
    rolled_back = True
    try:
        with transaction.atomic():
            yield
            rolled_back = connection.needs_rollback
    except BaseException as error:
        # A COMMIT without an answer may have been done. `documents.remove_orphans` removes what is of no row.
        rolled_back = rolled_back or not is_passing(error)
        raise
    finally:
        _undo.reset(token)
        if rolled_back:
            for undo in reversed(mine):
                undo()
        elif outer is not None:
            outer.extend(mine)


@contextmanager
def prepared(statement: str, parameters: Sequence[Any], *, keep: bool = True) -> Iterator[RawCursor[Any]]:
    """Run a statement with `$1`, `$2` …, which the server keeps from the second time on: Django's cursors never do.

    `keep=False` for what carries a ticket or is believed: SQL may put another statement under the name of a kept one.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:  # Django leaves it off for poolers
        raw.prepare_threshold, raw.prepared_max = 1, PREPARED
    with connection.wrap_database_errors, RawCursor(raw) as cursor:
        with timed(statement):
            cursor.execute(statement.encode(), parameters, prepare=None if keep else False)
        yield cursor


def fetch_one(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...]:
    """Run a statement whose answer is believed, which the server does not keep, and return its only row."""
    with prepared(statement, parameters, keep=False) as cursor:
        return cast(tuple[Any, ...], cursor.fetchone())


def _enter(door: str, ticket: str) -> None:
    fetch_one(f"SELECT app.{door}($1)", [ticket])


@dataclass(frozen=True)
class Standing:
    """Who acts in a transaction, as the database sealed it (`permissions/sql/identity.sql`)."""

    transaction: str
    seal: str

    def resume(self) -> None:
        """Go back to who acted then, in the same transaction."""
        _enter("assume", tickets.sign("assume", f"{self.transaction} {self.seal}"))

    def act(self) -> None:
        """Let the current actor write, as the rules allowed; the system writes anyway."""
        who, *rest = self.seal.split(" ")
        if who != "house":
            replace(self, seal=" ".join(["action", *rest])).resume()


def _standing() -> Standing:
    return Standing(*fetch_one("SELECT transaction, seal FROM app.standing()", []))


@contextmanager
def preserve_settings() -> Iterator[Standing | None]:
    """A savepoint or transaction after which asker and role are what they were before: None, if it is a transaction.

    LOCAL settings end with the transaction and a rollback takes them back; only a nested success needs this.
    """
    nested = connection.in_atomic_block
    with _undoing():
        before = _standing() if nested else None
        yield before
        if before is not None and not connection.needs_rollback:
            before.resume()


@contextmanager
def dry_run() -> Iterator[None]:
    """Run a block and take back all that it did."""
    with preserve_settings():
        yield
        transaction.set_rollback(True)


@contextmanager
def elevated() -> Iterator[None]:
    """Run an allowed action with the right to write. Needs an open session."""
    with preserve_settings() as before:
        (before or _standing()).act()
        yield


@contextmanager
def system() -> Iterator[None]:
    """Run a job or command of the house: every row, no asker, one transaction."""
    with preserve_settings():
        _enter("enter_system", tickets.sign("system", ""))
        yield


def without_timeout() -> None:
    """Lift the time limit of a request for the rest of its transaction: for the work that takes a minute."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")


def out_of_time(error: Error) -> DomainError | None:
    """The refusal to tell where the database ended a statement that took too long; None for any other fault."""
    if not isinstance(error.__cause__, QueryCanceled):
        return None
    message = _(
        "This took too long and was stopped. Ask for less at a time (a narrower filter, "
        "a shorter period), or try again a little later."
    )
    return DomainError(ErrorCode.TIMEOUT, message)


_PASSING_STATES = ("08", "40", "53", "57P", "58", "25006", "25P03")
"""SQLSTATE: connection, deadlock, resources (connections, memory, disk), shutdown, input/output, read only, idle."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE})


def is_passing(error: BaseException | None) -> bool:
    """Whether a fault is none of the request's or job's: the database or the bucket of files is away or takes nothing,
    or the disk is full.

    Nothing was written, unless it came as the answer to COMMIT, and the same may succeed later. The job queue raises
    errors of its own, from the database's. An InterfaceError is a mistake in how we use a connection (a cursor that was
    closed, a result that is not there), unless it came up while the loss of one was handled.
    """
    if isinstance(error, InterfaceError | psycopg.InterfaceError):
        return is_passing(_before(error))
    return error is not None and (_passes(error) or is_passing(error.__cause__))


def _before(error: BaseException) -> BaseException | None:
    """What was being handled when an InterfaceError came up: Django wraps psycopg's."""
    cause = error.__cause__
    return (cause if isinstance(cause, psycopg.InterfaceError) else error).__context__


def _passes(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return isinstance(error, FilesAwayError) or error.errno in _FULL
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if state is None:  # no answer from a server
        return isinstance(error, OperationalError | psycopg.OperationalError)
    return isinstance(error, Error | psycopg.Error) and state.startswith(_PASSING_STATES)


def unavailable() -> DomainError:
    """The refusal to tell where `is_passing`."""
    message = _("The system cannot be reached at the moment. Try again in a minute.")
    return DomainError(ErrorCode.UNAVAILABLE, message)


_UNSCOPED = "is_unscoped"


def unscoped[V: Callable[..., Any]](view: V) -> V:
    """Mark a view that opens its own session (a token may say who asks), or touches no row of anybody.

    Put it outermost: the middleware sees what the address leads to.
    """
    setattr(view, _UNSCOPED, True)
    return view


def is_unscoped(view: Callable[..., Any]) -> bool:
    return getattr(view, _UNSCOPED, False) is True


_ASKS_FIRST = "asks_first"


def asking_first[V: Callable[..., Any]](ask: Callable[[Any], None], view: V) -> V:
    """Let a view that takes a form ask another server before the session of its request is opened: `ask(request)`.

    However long that server is silent, nothing of the database is held meanwhile. Put it outermost.
    """
    setattr(view, _ASKS_FIRST, ask)
    return view


def ask_first(view: Callable[..., Any], request: Any) -> None:
    """Ask what the view wants to know before its session."""
    getattr(view, _ASKS_FIRST, lambda _request: None)(request)
