"""Values that Python computed for the request, as JSON in one parameter, with the rows that stand in them by number."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Model
from graphql import GraphQLEnumType, GraphQLObjectType, get_named_type, is_list_type, is_non_null_type

from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Writer
from schema.compiler.listing import compiled
from schema.compiler.operation import Operation
from schema.compiler.projection import PLAIN, Projection, published_names
from schema.core.computed import ROWS
from schema.core.graphql_adapter import Nodes
from schema.core.json_sql import Fixed, name, quoted
from schema.core.nodes import rows_of
from schema.core.row_sources import ComputedValues


class ComputedWriter:
    """Writes what is selected of `schema.core.computed` objects."""

    def __init__(self, operation: Operation, writer: Writer) -> None:
        self.operation, self.writer = operation, writer
        self.lists = 0

    def write(self, recipe: ComputedValues, graphql_type: Any, nodes: Nodes) -> str:
        """The answer of a root field as JSON."""
        source = self.writer.compute(recipe.find, recipe.arguments)
        return self._value(graphql_type, source, nodes)

    def _value(self, graphql_type: Any, source: str, nodes: Nodes) -> str:
        """The value of a type; `source` is SQL for what was computed of it."""
        named, is_list = get_named_type(graphql_type), is_list_type(_nullable(graphql_type))
        if isinstance(named, GraphQLObjectType):
            if not is_list:
                return self._object(named, source, nodes)
            each = self._alias()
            item = self._object(named, f"{each}.value", nodes)
            return _listed(
                item, each, f"json_array_elements({source}) WITH ORDINALITY AS {each}(value, place)"
            )
        if isinstance(named, GraphQLEnumType) and not is_list:
            names = published_names(named).items()
            cases = " ".join(f"WHEN {quoted(stored)} THEN {quoted(shown)}" for stored, shown in names)
            return f"CASE {source} #>> '{{}}' {cases} END"
        if str(named) not in PLAIN:
            raise NotCompilableError("type", str(named))
        return source

    def _object(self, on: GraphQLObjectType, source: str, nodes: Nodes) -> str:
        columns = []
        for key, below in self.operation.below(on, nodes).items():
            columns.append(f"{self._field(on, source, below)} AS {name(key)}")
        return f"(SELECT row_to_json(o$) FROM (SELECT {', '.join(columns)}) AS o$)"

    def _field(self, on: GraphQLObjectType, source: str, nodes: Nodes) -> str:
        if nodes[0].name.value == "__typename":
            return f"{quoted(on.name)}::text"
        graphql_field, written = self.operation.definition(on, nodes[0].name.value)
        value = f"{source} -> {quoted(str(written.python_name))}"
        if (model := written.metadata.get(ROWS)) is not None:
            return self._rows(model, graphql_field.type, value, nodes)
        if written.base_resolver is not None:
            raise NotCompilableError("python_resolver", f"{on.name}.{nodes[0].name.value}")
        return self._value(graphql_field.type, value, nodes)

    def _rows(self, model: type[Model], graphql_type: Any, source: str, nodes: Nodes) -> str:
        self.operation.count_relations()
        if not is_list_type(_nullable(graphql_type)):
            if is_non_null_type(graphql_type) and rows_of(model).query.where:
                raise NotCompilableError("guarded_not_null", nodes[0].name.value)
            found = self._found(model, graphql_type, f"({source} #>> '{{}}')::bigint", nodes)
            return f"(SELECT row_to_json(r$) FROM {found})" if found else "NULL::json"
        each = self._alias()
        found = self._found(model, graphql_type, f"{each}.value::bigint", nodes)
        if not found:
            return "'[]'::json"
        numbers = f"json_array_elements_text({source}) WITH ORDINALITY AS {each}(value, place)"
        return _listed("r$", each, f"{numbers} CROSS JOIN LATERAL {found}")

    def _found(self, model: type[Model], graphql_type: Any, number: str, nodes: Nodes) -> str:
        """The visible row of this number as `r$`; "" where the viewer sees none at all."""
        rows = rows_of(model).filter(pk=Fixed(number, BigIntegerField()))
        keys, rows = Projection(self.operation).selected(rows, get_named_type(graphql_type), nodes)
        if (result := compiled(rows)) is None:
            return ""
        return f"({self.writer.write(*result)}) AS r$({', '.join(map(name, keys))})"

    def _alias(self) -> str:
        self.lists += 1
        return f"v{self.lists}$"


def _listed(item: str, each: str, source: str) -> str:
    return f"(SELECT coalesce(json_agg({item} ORDER BY {each}.place), '[]'::json) FROM {source})"


def _nullable(graphql_type: Any) -> Any:
    return graphql_type.of_type if is_non_null_type(graphql_type) else graphql_type
