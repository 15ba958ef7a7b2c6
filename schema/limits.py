"""What an operation may cost at most, measured before it is validated, in time linear in its text.

Every fragment is measured once, however often it is spread: chained fragments of one kilobyte kept the
usual depth and alias limiters busy for ten seconds. A list multiplies what is below it by its `first`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from backend.core.errors import ErrorCode

SATURATED = 10**9
ALIASED_LIST = 50
"""What an alias of a list inside a row costs beside its rows: with arguments of its own it is read row by row."""
MOST = 100


class OverLimit(GraphQLError):  # noqa: N818 - it is what the client is told
    """The operation is too big; the message names the limit."""

    def __init__(self, limit: str) -> None:
        message = _("The query is too large (limit: %(limit)s %(most)s). Ask for less at a time.") % {
            "limit": limit,
            "most": settings.GRAPHQL_LIMITS[limit],
        }
        super().__init__(message, extensions={"code": str(ErrorCode.OVER_LIMIT)})


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
    """Measures the operations of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self.schema, self.variables = schema, variables
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self.operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self._measured: dict[str, Measure] = {}
        self._busy: set[str] = set()
        self._defaults: dict[str, Any] = {}

    def check(self) -> None:
        """Raise OverLimit for the first limit that the document exceeds."""
        limits = settings.GRAPHQL_LIMITS
        if len(self.fragments) > limits["fragments"]:
            raise OverLimit("fragments")
        for operation in self.operations:
            self._defaults = {
                node.variable.name.value: node.default_value for node in operation.variable_definitions or ()
            }
            self._measured.clear()
            root = self.schema.get_root_type(operation.operation)
            whole = self._selection(operation.selection_set, root, 1)
            whole += Measure(directives=len(operation.directives or ()))
            for name in ("depth", "fields", "aliases", "directives", "cost"):
                if getattr(whole, name) > limits[name]:
                    raise OverLimit(name)

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
        if name not in self._measured:
            self._busy.add(name)
            on = self.schema.get_type(fragment.type_condition.name.value)
            self._measured[name] = self._selection(fragment.selection_set, on, 1)
            self._busy.discard(name)
        return self._measured[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, depth: int) -> Measure:
        own = Measure(fields=1, aliases=int(node.alias is not None), depth=1, cost=1)
        if node.selection_set is None:
            return own
        field = self._definition(node.name.value, parent)
        below = self._selection(node.selection_set, get_named_type(field.type) if field else None, depth + 1)
        times = self._rows(node, field)
        if node.alias is not None and field is not None and "first" in field.args and depth > 1:
            own += Measure(cost=ALIASED_LIST)
        return own + Measure(
            below.fields, below.aliases, below.directives, below.depth + 1, min(below.cost * times, SATURATED)
        )

    @staticmethod
    def _definition(name: str, parent: GraphQLNamedType | None) -> GraphQLField | None:
        is_composite = isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        return parent.fields.get(name) if is_composite else None  # type: ignore[union-attr]

    def _rows(self, node: FieldNode, field: GraphQLField | None) -> int:
        """How many rows a field may give: `first` or `last` (given or by default), or the number of `ids`."""
        if field is None:
            return 1
        given = {argument.name.value: self._value(argument.value) for argument in node.arguments or ()}
        if "ids" in field.args:
            ids = given.get("ids")
            return len(ids) if isinstance(ids, list) else 1
        counts = [given.get(name) for name in ("first", "last") if name in field.args]
        known = [count for count in counts if isinstance(count, int)]
        if not known and "first" in field.args:
            default = field.args["first"].default_value
            known = [default if isinstance(default, int) else MOST // 2]
        return max(1, min(max(known, default=1), MOST))

    def _value(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            name = node.name.value
            if name in self.variables:
                return self.variables[name]
            node = self._defaults.get(name)
        if isinstance(node, IntValueNode):
            return int(node.value) if len(node.value) < 10 else MOST
        return list(node.values) if isinstance(node, ListValueNode) else None
