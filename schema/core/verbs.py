"""Saying a verb to a row: load through the scope, one action, the row read again as the viewer sees it."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import strawberry
from django.db import models

from backend.core.validation import noting
from permissions.core import scope
from schema.core.nodes import key_of, must_load
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values

Edges = Mapping[str, type[models.Model]]
Answer = Callable[[type[Payload], Callable[[], dict[str, Any]]], Payload]


def optional(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, default=strawberry.UNSET, **more)


def required(description: str, **more: Any) -> Any:
    return strawberry.field(description=description, **more)


def action_kwargs(
    input: Any, edges: Edges, *without: str, keep_null: bool | Container[str] = False
) -> dict[str, Any]:
    """Convert an input into keyword arguments of the action; ids, and lists of them, become rows visible to the
    viewer. Null counts as omitted, unless `keep_null`, of all fields or of these."""
    fields = values(input, "id", "version", *without)
    for name in [name for name in fields if name in edges]:
        argument, fields[name] = fields[name], None
        with noting():
            if isinstance(argument, list):
                fields[name] = [must_load(edges[name], one, name) for one in argument]
            elif argument is not None:
                fields[name] = must_load(edges[name], argument, name)
    kept = fields if keep_null is True else keep_null or ()
    return {name: value for name, value in fields.items() if value is not None or name in kept}


@dataclass(frozen=True)
class VerbMutation:
    """A verb, as programs call it.

    `edges`: the fields of the input that name rows. `nullable`: those that null empties.
    """

    verb: str
    function: Callable[..., Any]
    model: type[models.Model]
    input_type: type
    description: str
    edges: Edges = field(default_factory=dict)
    nullable: Container[str] = ()

    def run(self, input: Any, *, dry_run: object = None) -> UUID:
        """Do it to the row that the input names; the key of the row. Raises what the scope and the action raise.

        `dry_run`: what collects the messages of a preview; the row carries it (`Complaint.dry_run`).
        """
        key = key_of(self.model, input.id)
        fields = action_kwargs(input, self.edges, keep_null=self.nullable)
        with scope.authorized(
            self.verb, self.model, key, version=input.version or None, named=fields.values()
        ) as row:
            if dry_run is not None:
                row.dry_run = dry_run  # type: ignore[attr-defined]
            self.function(row, by=scope.current_viewer().user, **fields)
        return key

    def as_field(self, payload: type[Payload], answer: Answer = run_mutation) -> Any:
        """The field of the schema; `answer` makes the payload of what `run` does."""
        mutation = self

        def resolver(self: Any, input: Any) -> Any:
            return answer(payload, lambda: {"key": mutation.run(input)})

        resolver.__annotations__ = {"input": self.input_type, "return": payload}
        return strawberry.mutation(resolver, description=self.description)
