"""What the product uses of graphql-core and Strawberry besides their public interface, in one place.

`TRIED` names the versions with which it was tried; `tests/schema/core/test_graphql_adapter.py` fails with any other,
and says what is to be looked at again. Nothing else in the product asks these libraries for a private name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path
from graphql.type.definition import GraphQLResolveInfo
from strawberry.schema import BaseSchema, Schema
from strawberry.schema.schema_converter import GraphQLCoreConverter, get_arguments
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info
from strawberry.types.lazy_type import LazyType as LazyType

TRIED = {
    "graphql-core": (
        "3.3",
        "GraphQLResolveInfo is a tuple whose first eleven fields `Selection.info` fills; collect_fields, "
        "collect_subfields and get_argument_values take and answer what `Selection` expects.",
    ),
    "strawberry-graphql": (
        "0.341",
        "Schema._schema is the schema of graphql-core, _strawberry_schema leads back; "
        "Info has _raw_info and _field, DEFINITION_BACKREF leads from "
        "a field to its StrawberryField, get_arguments makes the arguments of a resolver; a LazyType is asked "
        "for its type by resolve_type (schema/core/nodes.py, `Edge`).",
    ),
    "strawberry-graphql-django": (
        "0.93",
        "optimize() reads what is selected below the info that `narrowed` answers; get_queryset of a field gets "
        "_strawberry_related_field_id for a prefetch (schema/core/fields.py).",
    ),
}
"""Library → (major and minor version, what this module takes for granted of it)."""

Nodes = list[FieldNode]
_ASKED = 11
"""So many fields of GraphQLResolveInfo say what is asked; those behind them belong to an execution."""


def graph(schema: BaseSchema) -> GraphQLSchema:
    """Return the schema of graphql-core behind a Strawberry schema."""
    result: GraphQLSchema = schema._schema  # type: ignore[attr-defined]
    return result


def part_of(schema: BaseSchema, offers: Callable[[str], bool]) -> BaseSchema:
    """Return a schema with those root fields whose names it `offers`, and the types that they need."""
    whole, result = graph(schema), copy(schema)
    roots = {
        "query": whole.query_type,
        "mutation": whole.mutation_type,
        "subscription": whole.subscription_type,
    }
    arguments: dict[str, Any] = {
        **whole.to_kwargs(),
        **{kind: root and _offered(root, offers) for kind, root in roots.items()},
        "types": None,
    }
    part = GraphQLSchema(**arguments)
    part._strawberry_schema = result  # type: ignore[attr-defined]
    result._schema = part  # type: ignore[attr-defined]
    return result


def _offered(root: GraphQLObjectType, offers: Callable[[str], bool]) -> GraphQLObjectType:
    fields = {name: field for name, field in root.fields.items() if offers(name)}
    arguments: dict[str, Any] = {**root.to_kwargs(), "fields": fields}
    return GraphQLObjectType(**arguments)


def raw_info(info: strawberry.Info) -> GraphQLResolveInfo:
    """Return what graphql-core says of a field, behind Strawberry's info."""
    return info._raw_info


def narrowed(raw: GraphQLResolveInfo, nodes: Nodes, return_type: Any) -> GraphQLResolveInfo:
    """Return the info of other nodes of the same field: what the optimizer shall take for selected."""
    return raw._replace(field_nodes=nodes, return_type=return_type)


def written(field: GraphQLField) -> StrawberryField:
    """Return a field as it is declared."""
    result: StrawberryField = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return result


@dataclass
class Selection:
    """What one operation of a validated document selects, outside any execution."""

    strawberry: Schema
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    context: Any
    variables: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.schema = graph(self.strawberry)
        root = self.schema.get_root_type(OperationType.QUERY)
        assert root is not None  # noqa: S101 - a schema has queries
        self.root: GraphQLObjectType = root
        self._details = {key: FragmentDetails(node) for key, node in self.fragments.items()}
        self._values = VariableValues(sources={}, coerced=dict(self.variables))

    def roots(self) -> dict[str, Nodes]:
        """Return the root fields by their keys in the answer, in its order."""
        result = collect_fields(self.schema, self._details, self._values, self.root, self.node)
        return _plain(result.grouped_field_set)

    def below(self, on: GraphQLObjectType, nodes: Nodes) -> dict[str, Nodes]:
        """Return the fields selected on a type below these nodes: fragments unfolded, what is skipped left out."""
        details = [FieldDetails(node, None) for node in nodes]
        result = collect_subfields(self.schema, self._details, self._values, self.node, on, details)
        return _plain(result.grouped_field_set)

    def info(self, on: GraphQLObjectType, field: GraphQLField, nodes: Nodes) -> Info:
        """Return the arguments of a resolver."""
        name = nodes[0].name.value
        raw = GraphQLResolveInfo(
            field_name=name,
            field_nodes=nodes,
            return_type=field.type,
            parent_type=on,
            path=Path(None, name, on.name),
            schema=self.schema,
            fragments=dict(self.fragments),
            root_value=None,
            operation=self.node,
            variable_values=self._values,
            context=self.context,
            **dict.fromkeys(GraphQLResolveInfo._fields[_ASKED:]),  # type: ignore[arg-type]
        )
        return Info(_raw_info=raw, _field=written(field))

    def values(self, field: GraphQLField, nodes: Nodes) -> dict[str, Any]:
        """Return the values of a field's arguments, by their names in GraphQL."""
        return get_argument_values(field, nodes[0], self._values)

    def arguments(
        self, field: GraphQLField, values: dict[str, Any], info: Info
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return (args, kwargs) of a field's resolver for these values."""
        return get_arguments(
            field=written(field),
            source=None,
            info=info,
            kwargs=values,
            config=self.strawberry.config,
            scalar_registry=self.strawberry.schema_converter.scalar_registry,
        )


def _plain(grouped: Mapping[str, Sequence[FieldDetails]]) -> dict[str, Nodes]:
    return {key: [detail.node for detail in details] for key, details in grouped.items()}


def fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """Return the fragments of a document by name."""
    return {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
