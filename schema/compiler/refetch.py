"""A row that a mutation answers with, asked as a query of its own: `node(id)` with what was selected of it."""

from __future__ import annotations

from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.type.definition import GraphQLResolveInfo

from permissions.core.viewer import Viewer
from schema.compiler.plans import Question

ID = "__id"  # no document may name a variable so
KEY = "n"


def question(info: GraphQLResolveInfo, type_name: str, id: str, viewer: Viewer) -> Question:
    """What is selected below this field, of the row with this id. Values of the mutation's input are left out."""
    row = FieldNode(
        alias=NameNode(value=KEY),
        name=NameNode(value="node"),
        arguments=(ArgumentNode(name=NameNode(value="id"), value=_variable(ID)),),
        selection_set=SelectionSetNode(
            selections=tuple(
                InlineFragmentNode(type_condition=_type(type_name), selection_set=node.selection_set)
                for node in info.field_nodes
                if node.selection_set
            )
        ),
    )
    operation = OperationDefinitionNode(
        operation=OperationType.QUERY,
        name=info.operation.name,  # a document may hold several: each is a question of its own
        selection_set=SelectionSetNode(selections=(row,)),
    )
    fragments: tuple[FragmentDefinitionNode, ...] = tuple(info.fragments.values())
    used = _Used()
    for node in (row, *fragments):
        visit(node, used)
    coerced: Any = info.variable_values
    variables = {name: coerced[name] for name in sorted(used.names & coerced.keys())}
    text = f"{info.context.query}\0{'/'.join(map(str, info.path.as_list()))}"
    return Question(
        text, DocumentNode(definitions=(operation, *fragments)), operation, variables | {ID: id}, viewer
    )


def row_of(text: bytes) -> bytes:
    """The row in the answer to such a question; `null` where it is not seen."""
    return text.removeprefix(f'{{"{KEY}":'.encode()).removesuffix(b"}")


def _variable(name: str) -> VariableNode:
    return VariableNode(name=NameNode(value=name))


def _type(name: str) -> NamedTypeNode:
    return NamedTypeNode(name=NameNode(value=name))


class _Used(Visitor):
    """Notes the names of the variables in what it visits."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_where: Any) -> None:
        self.names.add(node.name.value)
