"""Limits of a document, measured before it is validated, in time linear in its text.

Every fragment is measured once, however often it is spread: chained fragments of one kilobyte kept the usual depth
and alias limiters busy for ten seconds. A list multiplies what is below it by its `first`. Unused fragments are
measured as well, since validation compares their fields too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from backend.core.errors import ErrorCode

SATURATED = 10**9
ROOT = 500
"""Base cost of a root field, which queries the database."""
DEAR = {"complaintReport": 2_000, "informationReport": 1_000, "mapCells": 1_000}
"""What a root field costs instead that reads every case of a period, whatever it gives."""
ALIASED = 50
"""Extra cost of an aliased list inside a row: with its own arguments it is read row by row."""
GIVEN = 20
"""What each item of a list in an argument costs: it may be a row to load, or to change."""
MOST = 100
LONGEST_REMEMBERED = 16_000
"""Letters of a document that is kept for the next time. The limits count its tokens, and one comment may be as long as
a request: hundreds of those would be gigabytes."""


class OverLimit(GraphQLError):  # noqa: N818 - named as the client sees it
    """The operation is too big; the message names the limit."""

    def __init__(self, limit: str) -> None:
        message = _("The query is too large (limit: %(limit)s %(most)s). Ask for less at a time.") % {
            "limit": limit,
            "most": settings.GRAPHQL_LIMITS[limit],
        }
        super().__init__(message, extensions={"code": str(ErrorCode.OVER_LIMIT)})


class Count(NamedTuple):
    """All that is read of a value: the number it is, at most one more than a page has; the items of its lists."""

    number: int | None = None
    items: int = 0


def counted(variables: Mapping[str, Any]) -> dict[str, Count]:
    """What is measured of the variables of a request. A whole number may come as a float."""
    return {name: _count(value) for name, value in variables.items()}


def _count(value: Any) -> Count:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Count(int(max(-1, min(value, MOST + 1))) if value == value else None)
    items, waiting = 0, [value]
    while waiting:
        result = waiting.pop()
        if isinstance(result, dict):
            waiting.extend(result.values())
        elif isinstance(result, list):
            items += len(result)
            waiting.extend(result)
    return Count(None, items)


@dataclass(frozen=True)
class Measure:
    """What a selection comes to, its fragments unfolded. Saturates instead of growing without bound."""

    fields: int = 0
    aliases: int = 0
    directives: int = 0
    depth: int = 0
    cost: int = 0

    def __add__(self, other: Measure) -> Measure:
        return Measure(
            min(self.fields + other.fields, SATURATED),
            min(self.aliases + other.aliases, SATURATED),
            min(self.directives + other.directives, SATURATED),
            max(self.depth, other.depth),
            min(self.cost + other.cost, SATURATED),
        )


class Meter:
    """Measures one document. `variables`: what `counted` says of them."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Count]) -> None:
        self.schema, self.variables = schema, variables
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self._measured: dict[str, Measure] = {}
        self._busy: set[str] = set()
        self._spread: set[str] = set()
        self._defaults: dict[str, Any] = {}

    def check(self) -> Measure:
        """All operations of the document together. Raises OverLimit for the first limit that they exceed."""
        limits = settings.GRAPHQL_LIMITS
        if len(self.fragments) > limits["fragments"]:
            raise OverLimit("fragments")
        whole = sum((self._operation(operation) for operation in self.operations), Measure())
        whole = sum((self._fragment(name) for name in self.fragments if name not in self._spread), whole)
        for name in ("depth", "fields", "aliases", "directives", "cost"):
            if getattr(whole, name) > limits[name]:
                raise OverLimit(name)
        return whole

    def _operation(self, operation: OperationDefinitionNode) -> Measure:
        variables = operation.variable_definitions or ()
        self._defaults = {node.variable.name.value: node.default_value for node in variables}
        self._measured.clear()  # a fragment reads the defaults of the operation that spreads it
        root = self.schema.get_root_type(operation.operation)
        directives = len(operation.directives or ()) + sum(len(node.directives or ()) for node in variables)
        return self._selection(operation.selection_set, root, 1) + Measure(directives=directives)

    def _selection(self, selection: SelectionSetNode, parent: GraphQLNamedType | None, depth: int) -> Measure:
        if depth > settings.GRAPHQL_LIMITS["depth"] + 1:
            raise OverLimit("depth")
        whole = Measure()
        for node in selection.selections:
            whole += Measure(directives=len(node.directives or ()))
            if isinstance(node, FieldNode):
                whole += self._field(node, parent, depth)
            elif isinstance(node, InlineFragmentNode):
                inner = node.type_condition
                on = self.schema.get_type(inner.name.value) if inner else parent
                whole += self._selection(node.selection_set, on, depth)
            elif isinstance(node, FragmentSpreadNode):
                whole += self._fragment(node.name.value)
        return whole

    def _fragment(self, name: str) -> Measure:
        fragment = self.fragments.get(name)
        if fragment is None or name in self._busy:
            return Measure()  # validation says what is wrong with it
        self._spread.add(name)
        if name not in self._measured:
            self._busy.add(name)
            on = self.schema.get_type(fragment.type_condition.name.value)
            self._measured[name] = self._selection(fragment.selection_set, on, 1) + Measure(
                directives=len(fragment.directives or ())
            )
            self._busy.discard(name)
        return self._measured[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> Measure:
        if node.alias and len(node.alias.value) > settings.GRAPHQL_LIMITS["alias_letters"]:
            raise OverLimit("alias_letters")
        field = self._definition(node.name.value, parent)
        values = {argument.name.value: self._value(argument.value) for argument in node.arguments or ()}
        items = sum(count.items for count in values.values())
        own = Measure(fields=1, aliases=int(node.alias is not None), depth=1, cost=1 + GIVEN * items)
        if node.selection_set is None:
            return own
        if parent in (self.schema.query_type, self.schema.mutation_type, self.schema.subscription_type):
            own += Measure(cost=DEAR.get(node.name.value, ROOT))
        elif node.alias is not None and field is not None and field.args:
            own += Measure(cost=ALIASED)
        below = self._selection(node.selection_set, get_named_type(field.type) if field else None, depth + 1)
        cost = min(below.cost * _rows(field, values), SATURATED)
        return own + replace(below, depth=below.depth + 1, cost=cost)

    @staticmethod
    def _definition(name: str, parent: GraphQLNamedType | None) -> GraphQLField | None:
        is_composite = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        return parent.fields.get(name) if is_composite else None  # type: ignore[union-attr]

    def _value(self, node: Any) -> Count:
        """What is read of a value in the text, its variables put in."""
        if isinstance(node, VariableNode) and node.name.value not in self.variables:
            node = self._defaults.get(node.name.value)  # which holds no variable
        if isinstance(node, VariableNode):
            return self.variables[node.name.value]
        if isinstance(node, IntValueNode):
            return Count(int(node.value) if len(node.value) < 10 else MOST)
        items, waiting = 0, [node]
        while waiting:
            result = waiting.pop()
            if isinstance(result, VariableNode):
                items += self.variables.get(result.name.value, Count()).items
            elif isinstance(result, ListValueNode):
                items += len(result.values)
                waiting.extend(result.values)
            elif isinstance(result, ObjectValueNode):
                waiting.extend(field.value for field in result.fields)
        return Count(None, items)


def _rows(field: GraphQLField | None, values: Mapping[str, Count]) -> int:
    """Maximum number of rows of a field: `first` or `last` (explicit or by default), or the number of `ids`."""
    if field is None:
        return 1
    if "ids" in field.args:
        return max(1, values["ids"].items) if "ids" in values else 1
    counts = [values[name].number for name in ("first", "last") if name in field.args and name in values]
    known = [count for count in counts if count is not None]
    if not known and "first" in field.args:
        default = field.args["first"].default_value
        known = [default if isinstance(default, int) else MOST // 2]
    return max(1, min(max(known, default=1), MOST))
