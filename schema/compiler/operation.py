"""One operation of a validated document, with its variables replaced by stand-ins: what the compiler walks over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression
from graphql import DocumentNode, GraphQLField, GraphQLObjectType, OperationDefinitionNode
from strawberry.schema import Schema
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from backend.core.symbolic import EVERY_KIND, Recording, number_of
from permissions.plans.reasons import NotCompilableError
from schema.core import graphql_adapter
from schema.core.graphql_adapter import Nodes
from schema.core.row_sources import Compiling

MOST_RELATIONS = 80


@dataclass
class Operation:
    """What is asked, and how its parts are looked up in the schema."""

    strawberry: Schema
    document: DocumentNode
    node: OperationDefinitionNode
    variables: Mapping[str, Any]
    recording: Recording
    context: Compiling = field(default_factory=Compiling)
    notes_readings: bool = False
    relations: int = 0
    given_arguments: set[int] = field(default_factory=set)  # numbers of the arguments of fields

    def __post_init__(self) -> None:
        fragments = graphql_adapter.fragments(self.document)
        self._selection = graphql_adapter.Selection(
            self.strawberry, self.node, fragments, self.context, self.variables
        )
        self.schema, self.root = self._selection.schema, self._selection.root

    def count_relations(self, more: int = 1) -> None:
        """Planning grows with them; so many are read more cheaply one after another."""
        self.relations += more
        if self.relations > MOST_RELATIONS:
            raise NotCompilableError("too_large")

    def roots(self) -> dict[str, Nodes]:
        """The root fields by their keys in the answer, in its order."""
        return self._selection.roots()

    def below(self, on: GraphQLObjectType, nodes: Nodes) -> dict[str, Nodes]:
        """The fields selected on a type below these nodes: fragments unfolded, what is skipped left out."""
        return self._selection.below(on, nodes)

    @staticmethod
    def definition(on: GraphQLObjectType, name: str) -> tuple[GraphQLField, StrawberryField]:
        """The field of a type as GraphQL knows it, and as it is written."""
        if name.startswith("__"):
            raise NotCompilableError("introspection")
        graphql_field = on.fields[name]
        return graphql_field, graphql_adapter.written(graphql_field)

    def info(self, on: GraphQLObjectType, graphql_field: GraphQLField, nodes: Nodes) -> Info:
        """The resolver's info, with a context that forbids reading."""
        return self._selection.info(on, graphql_field, nodes)

    def arguments(
        self, graphql_field: GraphQLField, nodes: Nodes, info: Info
    ) -> tuple[list[Any], dict[str, Any]]:
        """(args, kwargs) of a field's resolver. What is written in the document is replaced like a variable."""
        values = self._selection.values(graphql_field, nodes)
        values = {key: self._kept_out(value) for key, value in values.items()}
        self.given_arguments.update(number for number in map(number_of, leaves(values)) if number is not None)
        return self._selection.arguments(graphql_field, values, info)

    def _kept_out(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: self._kept_out(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._kept_out(item) for item in value]
        if type(value) in EVERY_KIND and value != "":  # a stand-in is of a type of its own
            return self.recording.literal(value)
        return value


def leaves(value: Any) -> Iterator[Any]:
    """Everything in a value that is no map and no list."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


Columns = list[tuple[str, Expression | Any]]
