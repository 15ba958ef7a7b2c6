"""Counts the statements that took long, by the operation that asked them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from django.conf import settings
from prometheus_client import Counter

from backend.core.operation import logs, tracing

MOST_NAMES = 200
"""Clients name their operations: more names than this are counted together."""
SLOW = Counter(
    "ozelkalem_slow_statements",
    "Statements that took longer than OZELKALEM_SLOW_STATEMENT_SECONDS, by operation.",
    ["operation"],
)
_names: set[str] = set()


@contextmanager
def timed(statement: object = None) -> Iterator[None]:
    """Count what runs inside, should it take long, and trace it; a statement that was ended took long too."""
    begun = perf_counter()
    try:
        if tracing.is_on():
            with tracing.statement(statement):
                yield
        else:
            yield
    finally:
        if perf_counter() - begun >= settings.SLOW_STATEMENT_SECONDS:
            SLOW.labels(operation=_name()).inc()


def timed_execute(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: Any) -> Any:
    """Time a statement of Django's (an execute wrapper)."""
    with timed(sql):
        return execute(sql, parameters, many, context)


def _name() -> str:
    name = str((logs.context.get() or {}).get("operation") or "none")
    if name not in _names:
        if len(_names) >= MOST_NAMES:
            return "other"
        _names.add(name)
    return name
