"""The plans: which statement answers an operation, kept for all who ask it in the same way."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode
from strawberry.schema import Schema

from backend.configuration import memory
from backend.core.localtime import today
from backend.core.symbolic import Recording, recording, replaced, shape_of
from permissions.core import scope
from permissions.core.viewer import Viewer
from permissions.plans.memory import Memory
from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Statement
from permissions.plans.viewers import placeholder_for, viewer_shape
from schema.compiler.operation import Operation
from schema.compiler.roots import compile_operation
from schema.core.limits import LONGEST_REMEMBERED

KEPT = 1000
log = logging.getLogger("schema")
Made = Statement | NotCompilableError


@dataclass(frozen=True)
class Question:
    """Requested operation. `variables` are coerced; `text` identifies the document."""

    text: str
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]
    viewer: Viewer


class Plans:
    """What is kept of a schema's operations: statements, and what cannot be compiled.

    The key holds all that a statement depends on: the text, the operation, the shape of the variables and of the
    viewer, the day, the settings of the office, and the outcome of each look into a value. What it does not hold is a
    parameter.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._made: Memory[Made] = Memory(KEPT)

    def clear(self) -> None:
        self._made = Memory(KEPT)

    def __len__(self) -> int:
        return len(self._made)

    def plan(self, question: Question) -> tuple[Statement, list[Any]]:
        """The statement and its parameters for this asker. NotCompilableError if it runs interpreted."""
        if len(question.text) > LONGEST_REMEMBERED:
            raise NotCompilableError("too_large", "a text that is not remembered")
        sight = viewer_shape(question.viewer)
        values: list[Any] = list(sight.values)
        shape = shape_of(question.variables, values)
        name = question.operation.name.value if question.operation.name else None
        base = (question.text, name, shape, sight.shape, today(), memory.revision())
        own = list(values)
        made = self._made.find(base, values)
        if made is None:
            made, values = self._make(base, question, own)
        if isinstance(made, NotCompilableError):
            # Not the kept one, which would gather tracebacks.
            raise NotCompilableError(made.code, made.detail)
        return made, made.parameters(values)

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
        self._made.keep(base, record, made)
        return made, record.values

    def _operation(self, question: Question, record: Recording) -> Operation:
        first = len(viewer_shape(question.viewer).values)
        variables = replaced(question.variables, first)
        return Operation(self.schema, question.document, question.operation, variables, record)
