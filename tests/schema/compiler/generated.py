"""Queries by chance, made from the schema itself: any field, argument, alias, fragment and directive it allows."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from graphql.type import is_leaf_type

from backend.core.localtime import today
from schema.app import schema

GRAPH = schema._schema
assert GRAPH.query_type is not None
ROOT_FIELDS = GRAPH.query_type.fields
ROOTS = {
    "complaints": 12,
    "complaint": 3,
    "node": 3,
    "nodes": 3,
    "citizens": 2,
    "departments": 2,
    "neighbourhoods": 1,
    "categories": 2,
    "outsideBodies": 1,
    "staff": 1,
    "administrativeLeave": 1,
    "holidayCorrections": 1,
    "journal": 1,
    "readLog": 1,
    "apiTokens": 1,
    "fileImports": 1,
    "departmentGrants": 1,
    "complaintGrants": 1,
    "programme": 4,
    "principals": 1,
    "pressView": 1,
    "appointmentRequests": 4,
    "appointmentRequest": 1,
    "publicDays": 2,
    "me": 1,
    "complaintFigures": 1,
}
"""How often a root is asked. Those that this schema does not have are left out."""
PAGING = {"first", "after", "last", "before"}


@dataclass
class Known:
    """What may be asked for by name: ids, numbers of cases, words, cursors of lists."""

    ids: list[str]
    references: list[str]
    words: list[str]
    cursors: dict[str, list[str]]  # by the root whose list they are of


@dataclass
class Query:
    query: str
    variables: dict[str, Any]


@dataclass
class Generator:
    """One query each time it is asked; the same ones for the same seed."""

    known: Known
    seed: int
    fragments: list[str] = field(default_factory=list)
    declared: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by = random.Random(self.seed)

    def query(self) -> Query:
        self.fragments, self.declared, self.variables = [], {}, {}
        names = [name for name in ROOTS if name in ROOT_FIELDS]
        roots = self.by.choices(names, [ROOTS[name] for name in names], k=self.by.choice((1, 1, 1, 2, 3)))
        body = " ".join(f"a{i}: {self._call(name, ROOT_FIELDS[name], 3)}" for i, name in enumerate(roots))
        signature = ", ".join(f"${name}: {kind}" for name, kind in self.declared.items())
        head = f"query Q({signature})" if signature else "query Q"
        return Query(f"{head} {{ {body} }} {' '.join(self.fragments)}", dict(self.variables))

    # -- selections -------------------------------------------------------------------------------------------
    def _call(self, name: str, graph_field: GraphQLField, depth: int) -> str:
        below = get_named_type(graph_field.type)
        selection = "" if is_leaf_type(below) else f" {{ {self._selection(below, depth)} }}"
        return f"{name}{self._arguments(name, graph_field)}{selection}"

    def _selection(self, on: Any, depth: int) -> str:
        if isinstance(on, GraphQLInterfaceType):
            kinds = self.by.sample(GRAPH.get_possible_types(on), k=3)
            return "id " + " ".join(
                f"... on {kind.name} {{ {self._selection(kind, depth)} }}" for kind in kinds
            )
        chosen = [self._one(name, on.fields[name], depth, i) for i, name in enumerate(self._names(on, depth))]
        return " ".join(["__typename", *chosen])

    def _names(self, on: GraphQLObjectType, depth: int) -> list[str]:
        leaves = [name for name, one in on.fields.items() if is_leaf_type(get_named_type(one.type))]
        composite = [name for name in on.fields if name not in leaves]
        through = {"nodes", "edges", "node", "pageInfo", "user", "memberships"} & set(composite)
        few = self.by.sample(leaves, k=min(len(leaves), self.by.choice((1, 2, 3, 5, 9))))
        if depth > 0 or through:
            few += self.by.sample(composite, k=min(len(composite), self.by.choice((0, 1, 1, 2, 3))))
        return few or leaves[:1]

    def _one(self, name: str, graph_field: GraphQLField, depth: int, index: int) -> str:
        passes = name in {"nodes", "edges", "node", "pageInfo"}
        text = self._call(name, graph_field, depth if passes else depth - 1)
        if self.by.random() < 0.15:
            text = f"{self.by.choice((chr(ord('a') + index % 26), f'k{index}_{depth}'))}: {text}"
        roll = self.by.random()
        if roll < 0.05:
            return f"... {self._condition()} {{ {text} }}"
        if roll < 0.1 and not is_leaf_type(get_named_type(graph_field.type)):
            return self._with_directive(text)
        return text

    def _with_directive(self, text: str) -> str:
        head, brace, rest = text.partition("{")
        return f"{head}{self._condition()} {brace}{rest}" if "(" not in head else text

    def _condition(self) -> str:
        name = f"flag{len(self.declared)}"
        self.declared[name], self.variables[name] = "Boolean!", self.by.random() < 0.7
        return f"@{self.by.choice(('include', 'skip'))}(if: ${name})"

    # -- arguments --------------------------------------------------------------------------------------------
    def _arguments(self, name: str, graph_field: GraphQLField) -> str:
        given = {}
        if set(graph_field.args) >= PAGING:
            given = self._paging(name)
        for key, argument in graph_field.args.items():
            if key in PAGING and set(graph_field.args) >= PAGING:
                continue
            if is_non_null_type(argument.type) or self.by.random() < 0.35:
                given[key] = (argument.type, self._value(key, argument.type))
        texts = [f"{key}: {self._given(kind, value)}" for key, (kind, value) in given.items()]
        return f"({', '.join(texts)})" if texts else ""

    def _paging(self, root: str) -> dict[str, Any]:
        names = ("first", "after") if self.by.random() < 0.7 else ("last", "before")
        found: dict[str, Any] = {names[0]: ("Int", self.by.choice((0, 1, 2, 3, 10)))}
        if self.by.random() < 0.4:
            known = self.known.cursors.get(root, []) if self.by.random() < 0.95 else ["x"]
            found |= {names[1]: ("String", self.by.choice(known))} if known else {}
        return found

    def _given(self, kind: Any, value: Any) -> str:
        """The value in place, or as a variable."""
        if self.by.random() < 0.5:
            return literal(value)
        name = f"v{len(self.declared)}"
        self.declared[name], self.variables[name] = str(kind), plain(value)
        return f"${name}"

    def _value(self, name: str, kind: Any) -> Any:
        if is_non_null_type(kind):
            return self._value(name, kind.of_type)
        if is_list_type(kind):
            return [self._value(name, kind.of_type) for _ in range(self.by.choice((1, 1, 2, 4)))]
        if isinstance(kind, GraphQLEnumType):
            return Word(self.by.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            chosen = self.by.sample(
                list(kind.fields), k=min(len(kind.fields), self.by.choice((0, 1, 1, 2, 3)))
            )
            return {one: self._value(one, kind.fields[one].type) for one in chosen}
        if name == "reference":
            return self.by.choice(self.known.references)
        options: dict[str, list[Any]] = {
            "ID": self.known.ids,
            "String": self.known.words,
            "Int": [0, 1, 2, 5],
            "Boolean": [True, False],
            "Date": [str(today() + dt.timedelta(days=n)) for n in (-30, -1, 0, 3, 9, 40)],
        }
        return self.by.choice(options[kind.name])


class Word(str):
    """The name of an enumeration's value, which is written without quotation marks."""

    __slots__ = ()


def literal(value: Any) -> str:
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {literal(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return str(value) if isinstance(value, Word) else value
