"""Compiled reads: an operation that fits into one statement is answered with PostgreSQL's own text.

Everything irregular (a malformed document, a variable of the wrong type, a limit, an anonymous request) is left to
the interpreted path and its errors. See schema/compiler/README.md.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import Error, transaction
from graphql import GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast, validate
from graphql.execution import get_variable_values
from graphql.type.definition import GraphQLResolveInfo
from prometheus_client import Counter

from backend.core.operation import logs, tracing
from backend.core.session import is_passing, out_of_time, prepared
from permissions.core import scope
from permissions.core.viewer import Viewer
from permissions.plans import one_trip
from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Statement
from schema.app import schema
from schema.compiler import refetch
from schema.compiler.plans import Plans, Question
from schema.core.documents import Answer, DisclosedRows, Entry, documents
from schema.core.graphql_adapter import graph

NOTED = re.compile(rb'"#([a-z.]+)":(\d+|null|\[[\d,]*\]),')
NUMBER = re.compile(rb"\d+")
OPERATIONS = Counter(
    "graphql_operations",
    "GraphQL operations by the path that answered them, and why not the compiled one.",
    ["path", "reason"],
)
log = logging.getLogger("schema")
plans = Plans(schema)


@dataclass
class Timing:
    """Milliseconds by part, for the Server-Timing header."""

    parts: dict[str, float] = field(default_factory=dict)
    path: str = "interpreted"
    _since: float = field(default_factory=perf_counter)

    def part(self, name: str) -> None:
        now = perf_counter()
        self.parts[name] = (now - self._since) * 1000
        self._since = now

    def header(self) -> str:
        parts = [f"{name};dur={milliseconds:.2f}" for name, milliseconds in self.parts.items()]
        return ", ".join([f'path;desc="{self.path}"', *parts])


class StatementFailedError(Exception):
    """The database refused a statement. Its transaction is over; the interpreted path may try in another."""


def answer(operation: dict[str, Any], timing: Timing) -> Answer | None:
    """The answer for the viewer of this session, or None where it must be interpreted; which of both is counted.

    Raises the database's error where time ran out, or it is away.
    """
    try:
        if not settings.GRAPHQL_COMPILED_READS:
            raise NotCompilableError("off")
        outcome = read(operation, timing)
    except Exception as error:
        reason = _reason(error)
        timing.path = f"interpreted: {error if isinstance(error, NotCompilableError) else reason}"
        OPERATIONS.labels(path="interpreted", reason=reason).inc()
        if isinstance(error, Error):
            raise StatementFailedError from error
        return None
    timing.path = "compiled"
    OPERATIONS.labels(path="compiled", reason="").inc()
    return outcome


def read(operation: dict[str, Any], timing: Timing) -> Answer:
    """The answer, or NotCompilableError with the reason."""
    statement, parameters = _planned(operation, scope.current_viewer(), timing)
    text = fetched(statement, parameters)
    timing.part("database")
    return Answer(*noted(statement, text))


def _planned(operation: dict[str, Any], viewer: Viewer, timing: Timing) -> tuple[Statement, list[Any]]:
    question = asked(operation, viewer)
    timing.part("document")
    with tracing.span("graphql compile"):
        chosen = plans.plan(question)
    timing.part("plan")
    return chosen


def answer_in_one_trip(digest: str, operation: dict[str, Any], timing: Timing) -> bytes | None:
    """The answer for the bearer of a token, its reading noted, without a session; None where one is needed.

    Raises the database's error where time ran out, or it is away.
    """
    if not settings.GRAPHQL_COMPILED_READS or not one_trip.is_possible():
        return None

    try:
        found = one_trip.read(digest, lambda viewer: _planned(operation, viewer, timing), noted, "GraphQL")
    except Exception as error:
        _reason(error)
        return None
    if found is None:
        return None
    text, viewer = found
    timing.part("database")
    logs.bind(user_id=viewer.user_id)
    timing.path = "compiled"
    OPERATIONS.labels(path="compiled", reason="").inc()
    return text


def read_again(info: GraphQLResolveInfo, type_name: str, id: str) -> Answer | None:
    """The row that a mutation answers with, or None where it must be interpreted."""
    try:
        statement, parameters = plans.plan(refetch.question(info, type_name, id, scope.current_viewer()))
        with transaction.atomic():  # a statement that fails takes nothing of the mutation with it
            outcome = Answer(*noted(statement, fetched(statement, parameters)))
    except Exception as error:  # what the mutation did stands
        OPERATIONS.labels(path="payload interpreted", reason=_reason(error)).inc()
        return None
    OPERATIONS.labels(path="payload compiled", reason="").inc()
    return Answer(refetch.row_of(outcome.text), outcome.shown)


def _reason(error: Exception) -> str:
    """Reason for falling back to the interpreted path, for the metrics; unexpected errors are logged. A timeout and
    a database that is away are final: the interpreted path would fare no better."""
    if isinstance(error, NotCompilableError):
        return error.code
    if isinstance(error, Error):
        if out_of_time(error) or is_passing(error):
            raise error
        log.error("compiled_statement_failed", extra={"error": type(error).__name__})
        return "database"
    log.exception("compiler_fault")
    return "fault"


def noted(statement: Statement, text: bytes) -> tuple[bytes, DisclosedRows]:
    """The text for the client, and whose data it shows."""
    shown: DisclosedRows = defaultdict(set)
    if statement.notes_readings:
        for kind, numbers in NOTED.findall(text):
            for number in NUMBER.findall(numbers):
                shown[kind.decode()].add(int(number))
        text = NOTED.sub(b"", text)
    return text, shown


def asked(operation: dict[str, Any], viewer: Viewer) -> Question:
    """The operation, parsed, measured and validated as the interpreted path does it."""
    if viewer.user is None or not viewer.may("READ"):
        raise NotCompilableError("nobody")
    value = operation.get("variables") or {}
    entry, node = _document(operation["query"], operation.get("operationName"), value)
    coerced = get_variable_values(graph(schema), node.variable_definitions or (), value)
    if isinstance(coerced, list):
        raise NotCompilableError("refused", "variables")
    return Question(operation["query"], entry.document, node, coerced.coerced, viewer)


def _document(
    text: str, name: str | None, variables: dict[str, Any]
) -> tuple[Entry, OperationDefinitionNode]:
    try:
        entry = documents.get(text)
        node = get_operation_ast(entry.document, name)
        if node is None or node.operation is not OperationType.QUERY:
            raise NotCompilableError("no_query")
        entry.require_within(graph(schema), variables)
        if not entry.is_valid:
            if validate(graph(schema), entry.document):
                raise NotCompilableError("refused", "validation")
            entry.is_valid = True
    except (GraphQLError, RecursionError) as error:
        raise NotCompilableError("refused", type(error).__name__) from error
    return entry, node


def fetched(statement: Statement, parameters: list[Any]) -> bytes:
    """Run it on the session's connection, and take the text as it comes."""
    with prepared(statement.text, parameters) as cursor:
        result = cursor.pgresult
        return (result and result.get_value(0, 0)) or b"null"


def explained(statement: Statement, parameters: list[Any]) -> list[str]:
    """The lines of PostgreSQL's plan for these parameters, with the times it took."""
    with prepared(f"EXPLAIN (ANALYZE, BUFFERS) {statement.text}", parameters) as cursor:
        return [line for (line,) in cursor.fetchall()]
