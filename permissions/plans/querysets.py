"""Statements that are compiled once for all viewers who see in the same way; their rows are those of the querysets.

Building and compiling a queryset with the rules of visibility costs the application more than reading its rows, and
planning it costs PostgreSQL more than running it. A statement is kept for the shape of the viewer (`viewers.py`) and of
the values; which person, which rows and which words are asked for are parameters. What cannot be kept is compiled for
this request alone, and the rows are the same.
"""

from __future__ import annotations

import copy
import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import get_language

from backend.core.session import prepared
from backend.core.symbolic import PlaceholderError, is_left_in
from permissions.core import scope
from permissions.plans.memory import Memory
from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Statement, Writer

KINDS = (int, str, UUID, dt.datetime, dt.date)
log = logging.getLogger("permissions")


class Writing(Protocol):
    """What a text is written with: it takes a part as Django compiled it, with its parameters."""

    def write(self, text: str, parameters: Sequence[Any]) -> str: ...


@dataclass(frozen=True)
class Compiled:
    """A statement; of a queryset also itself, made of placeholders, and what Django found out about its columns."""

    statement: Statement
    rows: QuerySet[Any] | None = None
    compiler: SQLCompiler | None = None


NO_ROWS = Compiled(Statement("", ()))
Made = Compiled | NotCompilableError
compiled: Memory[Made] = Memory(1000)


def rows(name: str, build: Callable[..., QuerySet[Any]], *values: Any) -> list[Any]:
    """The rows of `build(*values)` for the viewer of this request.

    `name` stands for `build`, which may depend on the viewer, its values, the day, the language and the settings of
    the office, and on nothing else. It is passed placeholders: it may look into a value by a `symbolic` function only,
    and asks `symbolic.now` for the moment.
    """
    made, known = _find(name, lambda *each: _compile(build(*each)), values)
    return list(build(*values)) if made is None else _read(made, known)


def fetch(name: str, write: Callable[..., str], *values: Any) -> list[tuple[Any, ...]]:
    """The rows of the statement that `write(writing, *values)` writes, each as a tuple; "" has none. See `rows`."""
    made, known = _find(name, lambda *each: _written(write, each), values)
    return fetch_once(write, *values) if made is None else _fetched(made.statement, known)


def fetch_once(write: Callable[..., str], *values: Any) -> list[tuple[Any, ...]]:
    """`fetch` for a statement of this request alone."""
    once = _Once()
    text = write(once, *values)
    if not text:
        return []
    with connection.cursor() as cursor:
        cursor.execute(text, once.parameters)
        return list(cursor.fetchall())


def write_count(writing: Writing, rows: QuerySet[Any], *before: str) -> str:
    """A statement that counts these rows, texts of its own before the number; "" where there can be none."""
    try:
        text, parameters = rows.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return ""
    columns = ", ".join([*(writing.write("%s", [one]) for one in before), "count(*)"])
    return f"SELECT {columns} FROM ({writing.write(text, parameters)}) AS counted"  # noqa: S608 - Django's own text


def padded[K](keys: Iterable[K]) -> list[K]:
    """The keys, the last of them again until they are 1, 2, 4, 8 …: lists of few lengths, so few statements."""
    found = list(keys)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else found


@dataclass
class _Once:
    """Collects the parameters in the order in which they are written."""

    parameters: list[Any] = field(default_factory=list)

    def write(self, text: str, parameters: Sequence[Any]) -> str:
        self.parameters += parameters
        return text


def _find(
    name: str, make: Callable[..., Compiled], values: Sequence[Any]
) -> tuple[Compiled | None, list[Any]]:
    """What is kept for this request, and its values by number; None where nothing can be."""
    key = (name, get_language())
    made, known = compiled.get_or_make(
        scope.current_viewer(),
        key,
        list(values),
        lambda placeholders, _record: _made(make, placeholders),
        KINDS,
    )
    return (None if isinstance(made, NotCompilableError) else made), known


def _made(make: Callable[..., Compiled], placeholders: Sequence[Any]) -> Made:
    try:
        return make(*placeholders)
    except NotCompilableError as error:
        return error.with_traceback(None)
    except PlaceholderError as error:
        return NotCompilableError("value", str(error))
    except Exception as error:  # the rows are right either way; compiled once more they say what is wrong
        log.exception("plan_fault")
        return NotCompilableError("fault", type(error).__name__)


def _compile(queryset: Any) -> Compiled:
    if queryset._prefetch_related_lookups:
        raise NotCompilableError("prefetch", "rows that are read along in a statement of their own")
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        text, parameters = compiler.as_sql()
    except EmptyResultSet:
        return NO_ROWS
    writer = Writer()
    return Compiled(_statement(writer, writer.write(text, parameters)), queryset, compiler)


def _written(write: Callable[..., str], values: Sequence[Any]) -> Compiled:
    writer = Writer()
    return Compiled(_statement(writer, write(writer, *values)))


def _statement(writer: Writer, text: str) -> Statement:
    if is_left_in(text):
        raise NotCompilableError("value", "a value of the request stands in the text")
    return Statement(text, tuple(writer.binds))


def _fetched(statement: Statement, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    if not statement.text:
        return []
    with prepared(statement.text, statement.parameters(values)) as cursor:
        return cursor.fetchall()


def _read(made: Compiled, values: Sequence[Any]) -> list[Any]:
    rows: Any = made.rows
    compiler: Any = copy.copy(made.compiler)
    if rows is None:
        return []
    # Neither is changed for another thread: both are copies, and the copies end with this call.
    compiler.connection = connections[rows.db]
    width = compiler.col_count if compiler.has_extra_select else None
    found = [row[:width] for row in _fetched(made.statement, values)]
    compiler.execute_sql = lambda *_args, **_more: [found]
    queryset = rows._chain()
    queryset.query.get_compiler = lambda *_args, **_more: compiler
    return list(queryset)
