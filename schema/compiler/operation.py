"""One operation of a validated document, with its variables replaced by stand-ins: what the compiler walks over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path
from graphql.type.definition import GraphQLResolveInfo
from strawberry.schema import Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter, get_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info

from backend.core.symbolic import EVERY_KIND, Recording, number_of
from schema.compiler.reasons import NotCompilableError
from schema.compiler.recipes import Compiling

Nodes = list[FieldNode]
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
    given: set[int] = field(default_factory=set)  # numbers of the values that fields were given

    def __post_init__(self) -> None:
        self.schema: GraphQLSchema = self.strawberry._schema
        self.fragments = {
            node.name.value: node
            for node in self.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.root: GraphQLObjectType = self.schema.query_type  # type: ignore[assignment]
        self._details = {key: FragmentDetails(node) for key, node in self.fragments.items()}
        self._values = VariableValues(sources={}, coerced=dict(self.variables))

    def count_relation(self) -> None:
        """Planning grows with them; so many are read more cheaply one after another."""
        self.relations += 1
        if self.relations > MOST_RELATIONS:
            raise NotCompilableError("too_large")

    def roots(self) -> dict[str, Nodes]:
        """The root fields by their keys in the answer, in its order."""
        found = collect_fields(self.schema, self._details, self._values, self.root, self.node)
        return self._plain(found.grouped_field_set)

    def below(self, on: GraphQLObjectType, nodes: Nodes) -> dict[str, Nodes]:
        """The fields selected on a type below these nodes: fragments unfolded, what is skipped left out."""
        details = [FieldDetails(node, None) for node in nodes]
        found = collect_subfields(self.schema, self._details, self._values, self.node, on, details)
        return self._plain(found.grouped_field_set)

    @staticmethod
    def _plain(grouped: Mapping[str, Sequence[FieldDetails]]) -> dict[str, Nodes]:
        return {key: [detail.node for detail in details] for key, details in grouped.items()}

    @staticmethod
    def definition(on: GraphQLObjectType, name: str) -> tuple[GraphQLField, StrawberryField]:
        """The field of a type as GraphQL knows it, and as it is written."""
        if name.startswith("__"):
            raise NotCompilableError("introspection")
        graphql_field = on.fields[name]
        return graphql_field, graphql_field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]

    def info(
        self, on: GraphQLObjectType, graphql_field: GraphQLField, written: StrawberryField, nodes: Nodes
    ) -> Info:
        """What a resolver is told, with a context that says that nothing is read."""
        raw = GraphQLResolveInfo(
            field_name=nodes[0].name.value,
            field_nodes=nodes,
            return_type=graphql_field.type,
            parent_type=on,
            path=Path(None, nodes[0].name.value, on.name),
            schema=self.schema,
            fragments=self.fragments,
            root_value=None,
            operation=self.node,
            variable_values=self._values,
            context=self.context,
            **dict.fromkeys(GraphQLResolveInfo._fields[11:]),  # type: ignore[arg-type]
        )
        return Info(_raw_info=raw, _field=written)

    def arguments(
        self, graphql_field: GraphQLField, written: StrawberryField, nodes: Nodes, info: Info
    ) -> Any:
        """(args, kwargs) of a field's resolver. What is written in the document is replaced like a variable."""
        given = get_argument_values(graphql_field, nodes[0], self._values)
        given = {key: self._kept_out(value) for key, value in given.items()}
        self.given.update(number for number in map(number_of, leaves(given)) if number is not None)
        return get_arguments(
            field=written,
            source=None,
            info=info,
            kwargs=given,
            config=self.strawberry.config,
            scalar_registry=self.strawberry.schema_converter.scalar_registry,
        )

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
