"""The reference: every type, field, argument and enum value, read from the schema that answers.

Nothing is written by hand here, so nothing can be out of date. Made once a process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    Undefined,
    ast_from_value,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    print_ast,
    print_type,
)

from backend.core.words.text import tr_fold
from schema.app import schema
from schema.core.documents import is_for_portals
from schema.core.graphql_adapter import graph
from schema.developers.pages import Argument, Entry, Field, Page, Reference

Fields = GraphQLObjectType | GraphQLInterfaceType
KINDS: dict[type, str] = {
    GraphQLInterfaceType: "interface",
    GraphQLObjectType: "type",
    GraphQLInputObjectType: "input",
    GraphQLEnumType: "enum",
    GraphQLScalarType: "scalar",
}
ROOTS = {"Query": "query", "Mutation": "mutation", "Subscription": "subscription"}
FOUND = 60
"""Maximum number of results."""


def _graph() -> Any:
    return graph(schema)


def _types() -> dict[str, Any]:
    return {name: kind for name, kind in sorted(_graph().type_map.items()) if not name.startswith("__")}


def page(name: str) -> Page | None:
    """The page of a type, or None where the schema has none of this name."""
    return _pages().get(name)


@cache
def _pages() -> dict[str, Page]:
    used = _uses()
    return {
        name: Page(
            name=name,
            kind=_kind(kind),
            description=kind.description or "",
            fields=tuple(_fields(kind)),
            interfaces=tuple(sorted(one.name for one in getattr(kind, "interfaces", ()))),
            used_by=tuple(used[name]),
            sdl=print_type(kind),
        )
        for name, kind in _types().items()
    }


def _kind(kind: Any) -> str:
    return next(word for cls, word in KINDS.items() if isinstance(kind, cls))


def _uses() -> dict[str, list[tuple[str, str]]]:
    """Type name -> (owner, field) of every place where it stands."""
    used: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for owner, kind in _types().items():
        for name, field in getattr(kind, "fields", {}).items():
            named = {get_named_type(field.type).name}
            named |= {get_named_type(arg.type).name for arg in getattr(field, "args", {}).values()}
            for one in named:
                used[one].append((owner, name))
    return used


def _fields(kind: Any) -> Iterator[Field]:
    if isinstance(kind, GraphQLEnumType):
        for name, value in kind.values.items():
            yield Field(name, None, value.description or "", (), "", value.deprecation_reason or "", "")
    for name, field in getattr(kind, "fields", {}).items():
        yield Field(
            name=name,
            type=_reference(field.type),
            description=field.description or "",
            arguments=tuple(_arguments(field)),
            default=_default(field),
            deprecated=field.deprecation_reason or "",
            example=example(kind.name, name) if kind.name in ROOTS else "",
        )


def _arguments(field: Any) -> Iterator[Argument]:
    for name, arg in getattr(field, "args", {}).items():
        yield Argument(
            name, _reference(arg.type), arg.description or "", _default(arg), is_required_argument(arg)
        )


def _default(field: Any) -> str:
    value = getattr(field, "default_value", Undefined)
    made = None if value is Undefined else ast_from_value(value, field.type)
    return print_ast(made) if made else ""


def _reference(kind: Any) -> Reference:
    name = get_named_type(kind).name
    before, after = str(kind).split(name)
    return Reference(before, name, after)


# -- whole operations to begin with --------------------------------------------------------------------------
LEAVES = 8
"""So many plain fields of an answer an example asks for."""


def example(root: str, name: str) -> str:
    """Complete example operation for a root field: required variables and selection."""
    field = _graph().type_map[root].fields[name]
    needed = {
        arg: of.type
        for arg, of in field.args.items()
        if is_required_argument(of) or arg in ("first", "input")
    }
    variables = ", ".join(f"${arg}: {kind}" for arg, kind in needed.items())
    value = ", ".join(f"{arg}: ${arg}" for arg in needed)
    lines = [
        f"{ROOTS[root]} {name[0].upper()}{name[1:]}" + (f"({variables})" if variables else "") + " {",
        f"  {name}" + (f"({value})" if value else ""),
    ]
    inner = _selection(get_named_type(field.type), 2)
    if inner:
        lines[-1] += " {"
        lines += [*inner, "  }"]
    return "\n".join([*lines, "}"])


def _selection(kind: Any, depth: int, seen: tuple[str, ...] = ()) -> list[str]:
    """The plain fields of a type; of a page its rows and where it goes on; of a payload its errors and its rows."""
    if is_leaf_type(kind):
        return []
    indent = "  " * depth
    if not isinstance(kind, Fields):
        return [f"{indent}__typename"]
    plain, deep = [], []
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        if any(is_required_argument(arg) for arg in field.args.values()) or field.deprecation_reason:
            continue
        if is_leaf_type(named):
            plain.append(f"{indent}{name}")
        elif (
            name in ("nodes", "errors", "pageInfo")
            or (not plain and len(seen) < 2)
            or "errors" in kind.fields
        ):
            if named.name in seen or (name == "edges" and "nodes" in kind.fields):
                continue
            inner = _selection(named, depth + 1, (*seen, kind.name)) if len(seen) < 3 else []
            if inner:
                deep += [f"{indent}{name} {{", *inner, f"{indent}}}"]
    return [*plain[:LEAVES], *deep] or [f"{indent}__typename"]


# -- the way in ------------------------------------------------------------------------------------------------
def for_portals() -> list[tuple[str, Field]]:
    """(root type, field) of what a portal asks, says and follows, and no field that would refuse it."""
    return [(root, field) for root in ROOTS for field in _pages()[root].fields if is_for_portals(field.name)]


def by_kind() -> dict[str, list[Page]]:
    """All types but the roots, in the order of the alphabet."""
    values: dict[str, list[Page]] = {kind: [] for kind in KINDS.values()}
    for one in _pages().values():
        if one.name not in ROOTS:
            values[one.kind].append(one)
    return values


@cache
def _entries() -> tuple[Entry, ...]:
    made = []
    for one in _pages().values():
        made.append(_entry(one.name, "", one.kind, one.description))
        made += [_entry(field.name, one.name, one.kind, field.description) for field in one.fields]
    return tuple(made)


def _entry(name: str, owner: str, kind: str, description: str) -> Entry:
    return Entry(name, owner, kind, description, tr_fold(name), tr_fold(description))


def search(text: str) -> list[Entry]:
    """Types and fields by name or description, what is called so first; Turkish terms and spellings too."""
    wanted = tr_fold(text.strip())
    if not wanted:
        return []
    words = wanted.split()
    ranked = []
    for entry in _entries():
        if wanted in (entry.folded, tr_fold(entry.title)) or f"(tr: {wanted})" in entry.words:
            rank = 0
        elif entry.folded.startswith(wanted):
            rank = 1
        elif wanted in entry.folded:
            rank = 2
        elif all(word in entry.words or word in entry.folded for word in words):
            rank = 3
        else:
            continue
        ranked.append((rank, bool(entry.owner), len(entry.name), entry.title, entry))
    return [entry for *_order, entry in sorted(ranked, key=lambda row: row[:4])[:FOUND]]
