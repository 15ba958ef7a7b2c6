"""The plans: which statement answers an operation, kept for all who ask it in the same way. Safe between threads."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode
from strawberry.schema import Schema

from backend.configuration import memory
from backend.core.localtime import today
from backend.core.symbolic import Recording, Step, recording, replaced, shape_of
from permissions.core import scope
from permissions.core.viewer import Viewer
from schema.compiler.operation import Operation
from schema.compiler.reasons import NotCompilableError
from schema.compiler.roots import compile_operation
from schema.compiler.statement import Statement
from schema.compiler.viewers import placeholder_for, viewer_shape
from schema.core.limits import LONGEST_REMEMBERED

KEPT = 1000
log = logging.getLogger("schema")
Made = Statement | NotCompilableError
Entry = Step | Made


@dataclass(frozen=True)
class Question:
    """Requested operation. `variables` are coerced; `text` identifies the document."""

    text: str
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]
    viewer: Viewer


class Plans:
    """A bounded memory of statements, and of what cannot be compiled.

    The key holds all that a statement depends on: the text, the operation, the shape of the variables and of the
    viewer, the day, the settings of the office, and the outcome of each look into a value. What it does not hold is a
    parameter.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._lock = Lock()

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)

    def plan(self, question: Question) -> tuple[Statement, list[Any]]:
        """The statement and its parameters for this asker. NotCompilableError if it runs interpreted."""
        if len(question.text) > LONGEST_REMEMBERED:
            raise NotCompilableError("too_large", "a text that is not remembered")
        sight = viewer_shape(question.viewer)
        values: list[Any] = list(sight.values)
        shape = shape_of(question.variables, values)
        name = question.operation.name.value if question.operation.name else None
        base = (question.text, name, shape, sight.shape, today(), memory.revision())
        value = list(values)
        outcomes: tuple[Hashable, ...] = ()
        entry = self._get((base, outcomes))
        while isinstance(entry, Step):
            outcomes += (entry.take(values),)
            entry = self._get((base, outcomes))
        if entry is None:
            entry, values = self._make(base, question, value)
        if isinstance(entry, NotCompilableError):
            raise NotCompilableError(
                entry.code, entry.detail
            )  # not the kept one, which would gather tracebacks
        return entry, entry.parameters(values)

    def _make(self, base: Hashable, question: Question, items: list[Any]) -> tuple[Made, list[Any]]:
        made: Made
        with scope.placeholder_viewer(placeholder_for(question.viewer)), recording(items) as record:
            try:
                made = compile_operation(self._operation(question, record))
            except NotCompilableError as error:
                made = error.with_traceback(None)
            except Exception as error:  # the answer is right either way; the interpreted path gives it
                log.exception("compiler_fault")
                made = NotCompilableError("fault", type(error).__name__)
        outcomes: tuple[Hashable, ...] = ()
        for step, outcome in record.steps:
            self._put((base, outcomes), step)
            outcomes += (outcome,)
        self._put((base, outcomes), made)
        return made, record.values

    def _operation(self, question: Question, record: Recording) -> Operation:
        first = len(viewer_shape(question.viewer).values)
        variables = replaced(question.variables, first)
        return Operation(self.schema, question.document, question.operation, variables, record)

    def _get(self, key: Hashable) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def _put(self, key: Hashable, entry: Entry) -> None:
        with self._lock:
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)
