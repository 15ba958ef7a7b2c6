"""From an operation to one statement: the root resolvers are asked how their rows are found, and nothing is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from graphql import GraphQLObjectType, get_named_type, is_non_null_type

from backend.core.errors import DomainError
from backend.core.symbolic import PlaceholderError, is_left_in
from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Statement, Writer
from schema.compiler.computed import ComputedWriter
from schema.compiler.listing import ListingWriter, compiled
from schema.compiler.operation import Operation
from schema.compiler.projection import PLAIN, Projection
from schema.core.graphql_adapter import Nodes
from schema.core.json_sql import name, quoted
from schema.core.row_sources import ComputedValues, RowsByIds, SingleRow, ValueRows

MOST_ITEMS = 20
"""Each id of `nodes` is a subquery of its own: a hundred take PostgreSQL longer to plan than Python to read."""


def compile_operation(operation: Operation) -> Statement:
    """The statement that answers the operation with the text of `data`. NotCompilableError if there is none."""
    writer = Writer()
    parts = []
    with _reading_nothing():
        for key, nodes in operation.roots().items():
            try:
                parts.append(f"{_root(operation, writer, nodes)} AS {name(key)}")
            except PlaceholderError as error:
                raise NotCompilableError("value", f"{nodes[0].name.value}: {error}") from error
            except DomainError as error:
                raise NotCompilableError("refused", str(error.code)) from error
    text = f"SELECT row_to_json(d$)::text FROM (SELECT {', '.join(parts)}) AS d$"
    if is_left_in(text):
        raise NotCompilableError("value", "a value of the request in the text of the statement")
    _require_all_used(operation, writer)
    return Statement(text, tuple(writer.binds), operation.notes_readings)


def _require_all_used(operation: Operation, writer: Writer) -> None:
    """Refuse a value that neither appears in the statement nor was read by a symbolic function: it was read in an
    unrecorded way, so the statement might be right for this value only."""
    looked_into = {
        item for step, _shape in operation.recording.steps for numbered, item in step.arguments if numbered
    }
    if operation.given_arguments - writer.used - looked_into:
        raise NotCompilableError("value", "an argument that is not in the statement")


@contextmanager
def _reading_nothing() -> Iterator[None]:
    def refuse(*_arguments: Any) -> Any:
        raise NotCompilableError("reads", "a resolver reads rows to find out which rows are meant")

    with connection.execute_wrapper(refuse):
        yield


def _root(operation: Operation, writer: Writer, nodes: Nodes) -> str:
    root = operation.root
    if nodes[0].name.value == "__typename":
        return quoted(root.name) + "::text"
    graphql_field, written = operation.definition(root, nodes[0].name.value)
    if written.base_resolver is None:
        raise NotCompilableError("root", nodes[0].name.value)
    info = operation.info(root, graphql_field, nodes)
    arguments, named_arguments = operation.arguments(graphql_field, nodes, info)
    resolve = partial(written.base_resolver, *arguments, **named_arguments)
    recipe = _asked(resolve, nodes[0].name.value)
    return _Recipe(operation, writer, graphql_field.type, nodes).written(recipe)


def _asked(resolve: Callable[[], Any], where: str) -> Any:
    try:
        return resolve()
    except (NotCompilableError, PlaceholderError, DomainError):
        raise
    except Exception as error:  # a resolver that was not written for it
        raise NotCompilableError("root", where) from error


@dataclass(frozen=True)
class _Selected:
    """What Django made of a row and what is selected of it, for one key; `result` is None where there is no row."""

    columns: list[str]
    result: tuple[str, Any] | None
    key: UUID | None
    relations: int


class _Recipe:
    """Writes what a root resolver answered."""

    def __init__(self, operation: Operation, writer: Writer, graphql_type: Any, nodes: Nodes) -> None:
        self.operation, self.writer, self.type, self.nodes = operation, writer, graphql_type, nodes

    def written(self, recipe: Any) -> str:
        if isinstance(recipe, SingleRow):
            return self._one(recipe)
        if isinstance(recipe, RowsByIds):
            return self._in_order(recipe)
        if isinstance(recipe, ValueRows):
            return self._values(recipe)
        if isinstance(recipe, ComputedValues):
            return ComputedWriter(self.operation, self.writer).write(recipe, self.type, self.nodes)
        if hasattr(recipe, "page_rows"):
            on: GraphQLObjectType = get_named_type(self.type)
            return ListingWriter(self.operation, self.writer, recipe, on).write(self.nodes)
        if recipe is None and not is_non_null_type(self.type):
            return "NULL::json"
        raise NotCompilableError("root", self.nodes[0].name.value)

    def _one(self, recipe: SingleRow) -> str:
        return self._text(self._selected(recipe), recipe.key)

    def _selected(self, recipe: SingleRow) -> _Selected:
        before = self.operation.relations
        keys, rows = Projection(self.operation).selected(
            recipe.found(), self._object_type(recipe), self.nodes
        )
        return _Selected(keys, compiled(rows), recipe.key, self.operation.relations - before)

    def _values(self, recipe: ValueRows) -> str:
        """A list of objects of the values that are selected, in the order of the rows."""
        on = self._object_type_of_values()
        columns = []
        for key, below in self.operation.below(on, self.nodes).items():
            if below[0].name.value == "__typename":
                columns.append(f"{quoted(on.name)}::text AS {name(key)}")
                continue
            graphql_field, written = self.operation.definition(on, below[0].name.value)
            if str(get_named_type(graphql_field.type)) not in PLAIN or written.base_resolver is not None:
                raise NotCompilableError("type", f"{on.name}.{below[0].name.value}")
            columns.append(f"v$.{name(written.python_name)} AS {name(key)}")
        result = compiled(recipe.rows)
        if result is None:
            return "'[]'::json"
        rows = f"SELECT {', '.join(columns)} FROM ({self.writer.write(*result)}) AS v$"
        return f"(SELECT coalesce(json_agg(r$), '[]'::json) FROM ({rows}) AS r$)"

    def _object_type_of_values(self) -> GraphQLObjectType:
        on = get_named_type(self.type)
        if not isinstance(on, GraphQLObjectType):
            raise NotCompilableError("interface", str(on))
        return on

    def _text(self, selected: _Selected, key: UUID | None) -> str:
        if selected.result is None:
            return "NULL::json"
        text, parameters = selected.result
        if key != selected.key:
            parameters = [key if isinstance(one, UUID) and one == selected.key else one for one in parameters]
        columns = ", ".join(name(column) for column in selected.columns)
        return f"(SELECT row_to_json(r$) FROM ({self.writer.write(text, parameters)}) AS r$({columns}))"

    def _object_type(self, recipe: SingleRow) -> GraphQLObjectType:
        """The type of the rows: that of the field, or where it is an interface the one registered for the model."""
        on = get_named_type(self.type)
        if isinstance(on, GraphQLObjectType):
            return on
        for candidate in self.operation.schema.get_possible_types(on):
            origin = candidate.extensions["strawberry-definition"].origin
            django = getattr(origin, "__strawberry_django_definition__", None)
            if django is not None and django.model is recipe.rows.model:
                return candidate
        raise NotCompilableError("interface", str(on))

    def _in_order(self, recipe: RowsByIds) -> str:
        if len(recipe.items) > MOST_ITEMS:
            raise NotCompilableError("many_ids", str(len(recipe.items)))
        known: dict[type[Model], _Selected] = {}  # made once: it takes as long as all else of a statement
        items = []
        for item in recipe.items:
            if item is None:
                items.append("NULL::json")
                continue
            model = item.rows.model
            if model in known:
                self.operation.count_relations(known[model].relations)
            else:
                known[model] = self._selected(item)
            items.append(self._text(known[model], item.key))
        return f"json_build_array({', '.join(items)})"
