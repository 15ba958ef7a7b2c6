"""From the text of a request to a document that may run: parsed, measured, validated, remembered."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Lexer,
    OperationDefinitionNode,
    OperationType,
    Source,
    TokenKind,
    get_operation_ast,
    parse,
)
from graphql.type.definition import GraphQLResolveInfo
from strawberry.extensions import SchemaExtension
from strawberry_django.optimizer import DjangoOptimizerExtension, optimizer

from backend.core.errors import ErrorCode
from permissions.core import scope
from permissions.plans.recent import Recent
from schema.core.graphql_adapter import graph
from schema.core.limits import LONGEST_REMEMBERED, Meter, OverLimit, counted

REMEMBERED = 500
DIGITS = re.compile(r"[0-9]+")
PUBLIC_DATA = frozenset(
    {
        "publicCategories",
        "publicDayPlaces",
        "publicEventPlaces",
        "publicFreeBusy",
        "publicMap",
        "publicMapBackground",
        "publicMunicipality",
        "publicNeighbourhoods",
        "publicNews",
        "publicNewsItem",
        "publicPlace",
        "publicNumbers",
        "publicPrincipals",
        "publicPrivacyNotice",
        "publicPrivacyNoticeVersion",
        "publishedEvents",
        "publishedEvent",
    }
)
"""Public data: the same answer for every requester, and cacheable."""
PUBLIC_FIELDS = PUBLIC_DATA | {
    "__typename",
    "addressOf",  # words and points of a citizen: no cache keeps them
    "placeAt",
    "complaintTracking",
    "publicAdvice",
    "submissionFile",
    "submissionConfirm",
}
"""Fields open to anonymous requests. The answer to a tracking code belongs to the holder of the code and is never
cached."""
PORTALS = "portal"
"""How the fields begin that a token with the rights of a portal asks; they look at those rights themselves."""
INTROSPECTION = frozenset({"__schema", "__type"})


DisclosedRows = defaultdict[str, set[int]]
"""Kind in the read log -> numbers of the rows."""


@dataclass
class Answer:
    """JSON text of the database, and whose data it shows."""

    text: bytes
    shown: DisclosedRows


@dataclass
class Context:
    """Context of one operation.

    `shown`: the persons in the answer, for the read log. `refetch` may answer a row of a mutation as the database's
    own text; it is stored in `texts` by its path until the answer is written.
    """

    operation_name: str | None = None
    query: str = ""
    refetch: Callable[[GraphQLResolveInfo, str, str], Answer | None] | None = None
    shown: DisclosedRows = field(default_factory=lambda: defaultdict(set))
    texts: dict[tuple[str | int, ...], bytes] = field(default_factory=dict)
    compiling: bool = False
    followed: Any = (
        None  # schema.stream.subscriptions.Followed, where the operation is an event of a subscription
    )

    def note(self, kind: str, number: int) -> None:
        """A row of this kind is shown."""
        self.shown[kind].add(number)


@dataclass
class Entry:
    """A document that was parsed. `within`: what was counted of the variables with which it kept the limits, and what
    it costs with those."""

    document: DocumentNode
    is_valid: bool = False
    within: dict[Any, int] = field(default_factory=dict)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The names of its variables. Others may be sent along, of any length, and mean nothing."""
        operations = (node for node in self.document.definitions if isinstance(node, OperationDefinitionNode))
        return frozenset(
            variable.variable.name.value
            for node in operations
            for variable in node.variable_definitions or ()
        )

    def introspects(self, operation_name: str | None) -> bool:
        """Whether the operation asks for the schema, and for nothing else."""
        operation = get_operation_ast(self.document, operation_name)
        fields = root_fields(self.document, operation) - {"__typename"} if operation else set()
        return bool(fields) and fields <= INTROSPECTION

    @cached_property
    def is_public(self) -> bool:
        """Whether it is a single query of public data, with the same answer for every requester."""
        operations = [node for node in self.document.definitions if isinstance(node, OperationDefinitionNode)]
        if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
            return False
        fields = root_fields(self.document, operations[0]) - {"__typename"}
        return bool(fields) and fields <= PUBLIC_DATA

    def require_within(self, schema: GraphQLSchema, variables: dict[str, Any]) -> int:
        """What the document costs with these variables. OverLimit if it does not keep the limits."""
        counts = counted({name: variables[name] for name in self.declared & variables.keys()})
        key = (*settings.GRAPHQL_LIMITS.values(), *sorted(counts.items()))
        if (cost := self.within.get(key)) is None:
            cost = Meter(schema, self.document, counts).check().cost
            if len(self.within) < REMEMBERED:
                self.within[key] = cost
        return cost


def is_for_portals(name: str) -> bool:
    """Whether a root field is what a portal asks, says and follows, and none that would refuse it."""
    return name in PUBLIC_FIELDS or name.startswith(PORTALS)


def _refuse_endless_numbers(text: str) -> None:
    """Raise OverLimit for a number that Python would not read. Digits in comments and strings are none."""
    most = settings.GRAPHQL_LIMITS["digits"]
    if max(map(len, DIGITS.findall(text)), default=0) <= most:
        return
    lexer = Lexer(Source(text))
    try:
        while (token := lexer.advance()).kind != TokenKind.EOF:
            if token.kind in (TokenKind.INT, TokenKind.FLOAT) and token.end - token.start > most:
                raise OverLimit("digits")
    except GraphQLSyntaxError:
        return  # parsing says so


class Documents:
    """The last documents by their text, shared by all threads. A valid one is not validated again."""

    def __init__(self) -> None:
        self._entries: Recent[str, Entry] = Recent(REMEMBERED, of_all_houses=True)

    def get(self, text: str) -> Entry:
        if (found := self._entries.get(text)) is not None:
            return found
        _refuse_endless_numbers(text)
        try:
            entry = Entry(parse(text, max_tokens=settings.GRAPHQL_LIMITS["tokens"]))
        except RecursionError:
            raise OverLimit("depth") from None
        except GraphQLError as error:
            raise (OverLimit("tokens") if "tokens. Parsing aborted" in error.message else error) from None
        if len(text) > LONGEST_REMEMBERED:
            return entry
        self._entries.put(text, entry)
        return entry


documents = Documents()


class OperationGuard(SchemaExtension):
    """Stands before the execution of every operation."""

    entry: Entry

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        self.entry = documents.get(context.query or "")
        context.graphql_document = self.entry.document
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        graphql_schema = graph(context.schema)
        try:
            self.entry.require_within(graphql_schema, context.variables or {})
            self._require_viewer()
        except RecursionError:
            context.pre_execution_errors = [OverLimit("depth")]
        except GraphQLError as error:
            context.pre_execution_errors = [error]
        if self.entry.is_valid and context.pre_execution_errors is None:
            context.pre_execution_errors = []
        yield
        self.entry.is_valid = self.entry.is_valid or not context.pre_execution_errors

    def _require_viewer(self) -> None:
        """Restrict anonymous requests to the public fields: neither rows nor introspection.

        A token without READ writes, and reads only what a portal may, of the schema too (`schema.app.schema_for`).
        """
        # Not the execution's own name: there, several operations without a name mean the first one.
        operation = get_operation_ast(self.entry.document, self.execution_context.context.operation_name)
        if operation is None:
            raise GraphQLError(_("Name the operation that is to run."), extensions={"code": "BAD_REQUEST"})
        viewer = scope.current_viewer()
        if viewer.user is not None and viewer.may("READ"):
            return
        others = root_fields(self.entry.document, operation) - PUBLIC_FIELDS
        if others and viewer.user is None:
            raise GraphQLError(_("Please sign in."), extensions={"code": str(ErrorCode.UNAUTHENTICATED)})
        others = {name for name in others if not is_for_portals(name)}
        if self.entry.introspects(self.execution_context.context.operation_name):
            return
        if others and operation.operation is not OperationType.MUTATION:
            raise GraphQLError(_("This token may not read."), extensions={"code": str(ErrorCode.FORBIDDEN)})

    def on_execute(self) -> Iterator[None]:
        token = optimizer.set(DjangoOptimizerExtension())
        try:
            yield
        finally:
            optimizer.reset(token)


def root_fields(document: DocumentNode, operation: OperationDefinitionNode) -> set[str]:
    """The names of the root fields of an operation, through fragments."""
    result: set[str] = set()
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    waiting: list[Any] = [operation.selection_set]
    seen: set[str] = set()
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                result.add(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif node.name.value in fragments and node.name.value not in seen:
                seen.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)
    return result
