"""Every compiled answer of a test, held to what the interpreter answers at the same moment; a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    print_ast,
)
from graphql.type.definition import GraphQLResolveInfo

from permissions.core import scope
from schema.compiler import refetch
from schema.core.documents import Answer
from schema.http import compiled
from tests.schema.compiler.equality import Comparison


@pytest.fixture
def both_paths(monkeypatch: pytest.MonkeyPatch) -> Iterator[Comparison]:
    """Read whatever the test reads on both paths: answers of queries, and rows that mutations answer with."""
    comparison, answer, read_again = Comparison(), compiled.answer, compiled.read_again

    def compared(operation: dict[str, Any], timing: compiled.Timing) -> Answer | None:
        found = answer(operation, timing)
        if found is not None:
            name = operation.get("operationName")
            comparison.compare(found, operation["query"], operation.get("variables") or {}, name)
        return found

    def compared_again(info: GraphQLResolveInfo, type_name: str, id: str) -> Answer | None:
        found = read_again(info, type_name, id)
        if found is not None:
            question = refetch.question(info, type_name, id, scope.current_viewer())
            if set(question.variables) == {refetch.ID}:  # others are no longer as the client sent them
                text = b'{"' + refetch.KEY.encode() + b'":' + found.text + b"}"
                comparison.compare(Answer(text, found.shown), _query(question.document), question.variables)
        return found

    monkeypatch.setattr(compiled, "answer", compared)
    monkeypatch.setattr(compiled, "read_again", compared_again)
    yield comparison
    comparison.require(at_least=0)


def _query(document: DocumentNode) -> str:
    """Write a document whose one variable is the row's id as a client would."""
    operation, *fragments = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    row = VariableDefinitionNode(
        variable=VariableNode(name=NameNode(value=refetch.ID)),
        type=NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="ID"))),
    )
    declared = OperationDefinitionNode(
        operation=operation.operation, selection_set=operation.selection_set, variable_definitions=(row,)
    )
    return "\n".join(print_ast(node) for node in (declared, *fragments))
