"""The plans: which statement answers an operation, kept for all who ask it in the same way."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode
from strawberry.schema import Schema

from backend.core.symbolic import Recording
from permissions.core.viewer import Viewer
from permissions.plans.memory import Memory
from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Statement
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

    The key holds the text and the operation, besides what that of every `Memory` holds. What it does not hold is a
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
        name = question.operation.name.value if question.operation.name else None
        made, values = self._made.get_or_make(
            question.viewer, (question.text, name), question.variables, partial(self._make, question)
        )
        if isinstance(made, NotCompilableError):
            # Not the kept one, which would gather tracebacks.
            raise NotCompilableError(made.code, made.detail)
        return made, made.parameters(values)

    def _make(self, question: Question, variables: Mapping[str, Any], record: Recording) -> Made:
        try:
            return compile_operation(
                Operation(self.schema, question.document, question.operation, variables, record)
            )
        except NotCompilableError as error:
            return error.with_traceback(None)
        except Exception as error:  # the answer is right either way; the interpreted path gives it
            log.exception("compiler_fault")
            return NotCompilableError("fault", type(error).__name__)
