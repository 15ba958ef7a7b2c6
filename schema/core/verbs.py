"""Saying a verb to a row: load through the scope, one action, the row read again as the viewer sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from django.db import models

from permissions.core import scope
from schema.core.nodes import key_of, must_load
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values

Edges = Mapping[str, type[models.Model]]
Answered = Callable[[type[Payload], Callable[[], dict[str, Any]]], Payload]


def optional(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, default=strawberry.UNSET, **more)


def required(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, **more)


def action_kwargs(input: Any, edges: Edges, *without: str, keep_null: bool = False) -> dict[str, Any]:
    """Convert an input into keyword arguments of the action; ids, and lists of them, become rows visible to the
    viewer. Null counts as omitted, unless `keep_null`."""
    found = values(input, "id", "version", *without)
    for name in [name for name in found if name in edges]:
        value = found[name]
        if isinstance(value, list):
            found[name] = [must_load(edges[name], one, name) for one in value]
        elif value is not None:
            found[name] = must_load(edges[name], value, name)
    return found if keep_null else {name: value for name, value in found.items() if value is not None}


def verb_mutation(
    verb: str,
    act: Callable[..., Any],
    model: type[models.Model],
    payload: type[Payload],
    input_type: type,
    description: str,
    *,
    keep_null: bool = False,
    answer: Answered = run_mutation,
    **edges: type[models.Model],
) -> Any:
    """The mutation that says a verb. `edges`: the fields of the input that name rows."""

    def resolver(self: Any, input: Any) -> Any:
        def run() -> dict[str, Any]:
            fields = action_kwargs(input, edges, keep_null=keep_null)
            key = key_of(model, input.id)
            version = input.version or None
            with scope.authorized(verb, model, key, version=version, named=fields.values()) as row:
                act(row, by=scope.current_viewer().user, **fields)
            return {"key": key}

        return answer(payload, run)

    resolver.__annotations__ = {"input": input_type, "return": payload}
    return strawberry.mutation(resolver, description=description)
