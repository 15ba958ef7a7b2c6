"""Every question that the GraphQL schema allows, to depth 3, made from the schema itself."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.type import is_leaf_type, is_list_type, is_non_null_type

from permissions.core.registry import RULES
from schema.app import schema
from schema.core.nodes import MODELS, decode
from tests.permissions.walls.asking import IT, Ask, request

GRAPH = schema._schema
DEPTH = 3
MOST_COMBINED = 60
TOGETHER = 8
"""Questions in one request, under aliases. A refusal of one takes back the answers to all: it stands alone."""
BELOW, LETTERS = 6, 12_000
"""Ways down from one row in one request, and how long it may be: what is longer than 16,000 is never compiled."""
NOTHING_BELOW = "{ __typename }"
OFTEN_REFUSED = {
    "complaintsBulkPreview",
    "citizens",
    "complaintReport",
    "informationReport",
    "letterCheck",
    "letterClosing",
    "timeline",
    "portalAppointmentConversation",
    "portalAppointments",
    "portalComplaint",
    "portalComplaintConversation",
    "portalComplaints",
    "recordedComplaints",
    "portalBroughtFiles",
    "portalMatters",
    "portalOpenCases",
    "systemStatus",
}
PARTS_OF_A_MAP = {"bbox": ['"29.1,40.9,29.4,41.1"'], "zoom": ["14"]}
SCALARS = {
    "Int": ["1"],
    "Float": ["1.5"],
    "Boolean": ["true", "false"],
    "Date": ['"2026-11-20"', '"2099-01-01"'],
    "Time": ['"09:00:00"', '"23:59:59"'],
    "DateTime": ['"2026-11-20T10:00:00+03:00"'],
    "Decimal": ['"12.5"'],
    "JSON": ["{}"],
}


class Sweep:
    """The questions, given the ids and words to try.

    An argument is asked with one id of each type, whichever it can take; and with all of the types in `told_apart`, of
    which the viewer sees some rows and not others. Of any other type one hidden row is like the next.
    """

    def __init__(
        self,
        ids: dict[str, str],
        words: list[str],
        cursors: list[str],
        told_apart: frozenset[str] = frozenset({"Complaint"}),
    ) -> None:
        self.ids, self.words, self.cursors = ids, words, cursors
        first: dict[str, str] = {}
        for key in ids.values():
            kind = (decode(key) or ("",))[0]
            first.setdefault(key if kind in told_apart else kind, key)
        self.tried = list(first.values())
        self.written = [f'"{key}"' for key in self.tried]

    # -- queries ------------------------------------------------------------------------------------------
    @cached_property
    def queries(self) -> list[Ask]:
        """Every field of Query with each value of every argument; of an id all values in one `Ask`."""
        packed: list[str] = []
        alone: list[str] = []
        of_ids: list[str] = []
        series = copy.copy(self)
        series.written = [IT]
        for name, field in GRAPH.query_type.fields.items():  # type: ignore[union-attr]
            for given in series.arguments(field):
                piece = f"{name}{given} {small(field)}"
                takes_back = self._may_take_all_back(name, field, given)
                (of_ids if IT in given else alone if takes_back else packed).append(piece)
        tried = tuple(self.tried)
        return [
            *(Ask.of_each(piece, tried) for piece in of_ids),
            *_packed(packed),
            *(request([piece]) for piece in alone),
        ]

    @cached_property
    def paths(self) -> list[Ask]:
        """Every path below a case, of a list and of single rows, and below whoever asks."""
        roots = {
            "complaints(first: 9) { totalCount nodes": "Complaint",
            "programme(first: 9) { totalCount nodes": "ProgrammeEntry",
            "appointmentRequests(first: 9) { totalCount nodes": "AppointmentRequest",
            "invitations(first: 9) { totalCount nodes": "Invitation",
            "promises(first: 9) { totalCount nodes": "Promise",
            "departmentNotes(first: 9) { totalCount nodes": "DepartmentNote",
            "letters(first: 9) { totalCount nodes": "Letter",
            "instructions(first: 9) { totalCount nodes": "Instruction",
            "protocolOffices(first: 9) { totalCount nodes": "ProtocolOffice",
            "events(first: 9) { totalCount nodes": "Event",
            "eventTasks(first: 9) { totalCount nodes": "EventTask",
            "guests(first: 9) { totalCount nodes": "Guest",
            "publishedEvents(first: 9) { totalCount nodes": "PublishedEvent",
            "pressReleases(first: 9) { totalCount nodes": "PressRelease",
            "organisations(first: 9) { totalCount nodes": "Organisation",
            "agreements(first: 9) { totalCount nodes": "Agreement",
            "engagements(first: 9) { totalCount nodes": "Engagement",
            "submissions(first: 9) { totalCount nodes": "Submission",
            "inboundMessages(first: 9) { totalCount nodes": "InboundMessage",
            "mailboxes(first: 9) { totalCount nodes": "Mailbox",
            "directoryRules(first: 9) { totalCount nodes": "DirectoryRule",
            "messageLines(first: 9) { totalCount nodes": "MessageLine",
            "contactLists(first: 9) { totalCount nodes": "ContactList",
            "complaintReport": "ComplaintReport",
            "me": "Viewer",
        }
        of_kind: dict[str, list[str]] = {}
        for key in self.ids.values():
            of_kind.setdefault((decode(key) or ("",))[0], []).append(key)
        # Of the ids of another type such a question would say no more than that they are there: all are asked once.
        roots |= {
            f"nodes(ids: {_ids(of_kind[kind])}) {{ id ... on {kind}": kind
            for kind in sorted(name for model, name in MODELS.items() if model in RULES)
            if kind in of_kind
        }
        return [
            request([f"nodes(ids: {_ids([*self.ids.values()])}) {{ id __typename }}"]),
            *(
                Ask.of_ways(*(f"{root} {one}" + " }" * root.count("{") for one in (NOTHING_BELOW, *tree)))
                for root, kind in roots.items()
                for tree in trees(GRAPH.type_map[kind])
            ),
        ]

    def arguments(self, field: GraphQLField) -> Iterator[str]:
        """The required arguments with each value of each; then each optional one with each of its values."""
        yield from self.required(field)
        base = self._with_the_first(next(iter(self.required(field)), ""))
        for name, argument in field.args.items():
            if not is_required_argument(argument):
                yield from (_with(base, f"{name}: {value}") for value in self.values(name, argument.type))

    def required(self, field: GraphQLField) -> Iterator[str]:
        names = [name for name, argument in field.args.items() if is_required_argument(argument)]
        if not names:
            yield ""
            return
        options = [list(self.values(name, field.args[name].type)) for name in names]
        for index, values in enumerate(options):
            for value in values:
                chosen = [
                    value if i == index else self._with_the_first(option[0])
                    for i, option in enumerate(options)
                ]
                yield "(" + ", ".join(f"{n}: {v}" for n, v in zip(names, chosen, strict=True)) + ")"

    def values(self, name: str, kind: Any) -> Iterator[str]:
        """Values to try: every one of an enum, every field of an input, every id, every word."""
        if is_non_null_type(kind):
            yield from self.values(name, kind.of_type)
        elif is_list_type(kind):
            yield from (f"[{value}]" for value in self.values(name, kind.of_type))
        elif isinstance(kind, GraphQLEnumType):
            yield from kind.values
        elif isinstance(kind, GraphQLInputObjectType):
            yield from self.inputs(kind)
        elif kind.name == "ID":
            yield from self.written
        elif name == "before":
            yield from (f"{json.dumps(cursor)}, last: 2" for cursor in self.cursors)
        elif name == "after":
            yield from (json.dumps(cursor) for cursor in self.cursors)
        elif name in {"first", "last"}:
            yield from ("0", "1", "2", "100")
        elif kind.name == "String" and name not in PARTS_OF_A_MAP:
            yield from (json.dumps(word) for word in self.words)
        else:
            yield from PARTS_OF_A_MAP.get(name) or SCALARS[kind.name]

    def inputs(self, kind: GraphQLInputObjectType) -> Iterator[str]:
        """The required fields in every combination; then each optional one with each of its values."""
        needed = {name: field for name, field in kind.fields.items() if is_required_input_field(field)}
        combined = itertools.product(*(list(self.values(name, field.type)) for name, field in needed.items()))
        base: dict[str, str] = {}
        for number, chosen in enumerate(combined):
            given = dict(zip(needed, chosen, strict=True))
            base = base or given
            if needed and number < MOST_COMBINED:
                yield from map(_literal, self._one_at_a_time(given))
        base = {name: self._with_the_first(value) for name, value in base.items()}
        for name, field in kind.fields.items():
            if name not in needed:
                yield from (_literal({**base, name: value}) for value in self.values(name, field.type))

    def _one_at_a_time(self, given: dict[str, str]) -> Iterator[dict[str, str]]:
        """Of several ids each in turn with all, and the others with the first."""
        tried = [name for name, value in given.items() if IT in value]
        for name in tried if len(tried) > 1 else [""]:
            yield {
                other: self._with_the_first(value) if name and other != name else value
                for other, value in given.items()
            }

    def _with_the_first(self, written: str) -> str:
        """The same with the first id, where another argument is tried with all."""
        return written.replace(IT, f'"{self.tried[0]}"') if self.tried else written

    def _may_take_all_back(self, name: str, field: GraphQLField, given: str) -> bool:
        """Whether the answer may be a refusal of a field that may not be null."""
        if not is_non_null_type(field.type) or name == "nodes":
            return False
        places = "after:" in given or "before:" in given
        return name in OFTEN_REFUSED or places or any(f'"{key}"' in given for key in self.ids.values())

    # -- mutations ----------------------------------------------------------------------------------------
    def mutations(self, own: str, hidden: list[str]) -> list[Ask]:
        """Every mutation with each hidden id in each of its id fields; the others hold plausible values."""
        pieces = []
        for name, field in GRAPH.mutation_type.fields.items():  # type: ignore[union-attr]
            kind = get_named_type(field.args["input"].type)
            assert isinstance(kind, GraphQLInputObjectType)
            pieces += [f"{name}(input: {given}) {small(field)}" for given in self._with_hidden(kind, own)]
        return [Ask.of_each(piece, tuple(hidden), "mutation") for piece in pieces]

    def _with_hidden(self, kind: GraphQLInputObjectType, own: str) -> Iterator[str]:
        base = {
            name: _own(field.type, own)
            if get_named_type(field.type).name == "ID"
            else next(self.values(name, field.type))
            for name, field in kind.fields.items()
            if is_required_input_field(field)
        }
        for name, field in kind.fields.items():
            if get_named_type(field.type).name == "ID":
                lists = str(field.type).count("[")
                yield _literal({**base, name: "[" * lists + IT + "]" * lists})


def _ids(keys: list[str]) -> str:
    return "[" + ", ".join(f'"{key}"' for key in keys) + "]"


def _own(kind: Any, own: str) -> str:
    bare = kind.of_type if is_non_null_type(kind) else kind
    return f'["{own}"]' if is_list_type(bare) else f'"{own}"'


def _literal(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}"


def _with(base: str, argument: str) -> str:
    return f"({base[1:-1]}, {argument})" if base else f"({argument})"


def _packed(pieces: list[str]) -> list[Ask]:
    return [request(pieces[i : i + TOGETHER]) for i in range(0, len(pieces), TOGETHER)]


# -- selections --------------------------------------------------------------------------------------------
def _fields(kind: GraphQLNamedType) -> dict[str, GraphQLField]:
    return dict(kind.fields) if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else {}


def leaves(kind: GraphQLNamedType) -> list[str]:
    return [name for name, field in _fields(kind).items() if is_leaf_type(get_named_type(field.type))]


def small(field: GraphQLField) -> str:
    """The leaves of what a field gives; of a connection, those of its rows."""
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    below = [
        f"{name} {{ {' '.join(leaves(get_named_type(inner.type)))} }}"
        for name, inner in _fields(kind).items()
        if name in {"nodes", "node", "pageInfo", "errors"} and leaves(get_named_type(inner.type))
    ]
    return "{ " + " ".join([*leaves(kind), *below, "__typename"]) + " }"


@cache
def trees(kind: GraphQLNamedType, depth: int = DEPTH) -> list[tuple[str, ...]]:
    """The selections of a type with each way down from it and everything below that to this depth, some ways in one
    selection: first that one, then the same ways one by one."""
    found: list[tuple[str, ...]] = []
    ways: list[str] = []
    for name, field in _fields(kind).items():
        below = get_named_type(field.type)
        if is_leaf_type(below):
            continue
        given = "(first: 3)" if "first" in field.args else ""
        if name in {"edges", "nodes", "pageInfo"} or "Connection" in below.name:
            inner = trees(below, depth) or [(f"{{ {' '.join(leaves(below))} }}",)]
            found += [tuple(f"{{ {name}{given} {one} }}" for one in tree) for tree in inner]
        else:
            ways.append(f"{name}{given} {whole(below, depth - 1)}")
    own = " ".join(leaves(kind))
    for some in _some_at_a_time(ways):
        alone = some if len(some) > 1 else []
        found.append(tuple(f"{{ {own} {way} }}" for way in (" ".join(some), *alone)))
    return found


def _some_at_a_time(ways: list[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for way in ways:
        if some and (len(some) == BELOW or sum(map(len, some)) + len(way) > LETTERS):
            yield some
            some = []
        some.append(way)
    if some:
        yield some


@cache
def whole(kind: GraphQLNamedType, depth: int) -> str:
    """Everything of a type to that depth."""
    parts = leaves(kind)
    if depth > 1:
        for name, field in _fields(kind).items():
            below = get_named_type(field.type)
            if not is_leaf_type(below):
                given = "(first: 2)" if "first" in field.args else ""
                parts.append(f"{name}{given} {whole(below, depth - 1)}")
    return "{ " + " ".join(parts or ["__typename"]) + " }"


def top_level_requests() -> Iterator[tuple[str, str]]:
    """(name, operation) of every field of Query and Mutation, asked once with plausible arguments."""
    sweep = Sweep({"any": "QW55OjEyMw=="}, ["kelime"], ["x"])
    for operation, kind in (("query", GRAPH.query_type), ("mutation", GRAPH.mutation_type)):
        for name, field in kind.fields.items():  # type: ignore[union-attr]
            given = next(itertools.chain(sweep.required(field)))
            yield name, f"{operation} {{ {name}{given} {small(field)} }}"
