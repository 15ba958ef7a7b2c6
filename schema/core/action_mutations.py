"""The mutations of a kind of row, made from the declarations of its actions: `backend.journal.action_table`.

A verb ROUTE of complaints becomes the mutation `complaintRoute` with the input `ComplaintRouteInput`: the id of the
row, the version that was looked at, and the parameters of the action that are described for programs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from django.db.models import Model

from backend.journal.action_table import Action, ActionTable, Parameter
from schema.core.results import Payload, run_mutation
from schema.core.verbs import Answer, VerbMutation, optional

VERSION = "The version that was looked at: refused with CONFLICT if there is a newer one."


VERB_MUTATIONS: dict[type, VerbMutation] = {}
"""By input type, so that what can be done can be previewed."""


def action_mutations(
    name: str,
    actions: ActionTable[Any, Any],
    model: type[Model],
    payload: type[Payload],
    *,
    row: str = "The row.",
    inputs: Mapping[Any, type] | None = None,
    by_hand: Mapping[Any, Any] | None = None,
    through: Mapping[Any, Callable[..., Any]] | None = None,
    answer: Answer = run_mutation,
) -> type:
    """Make the type with one mutation a verb. `row` describes the id.

    `inputs`: input classes of verbs whose input is odd. `by_hand`: mutations that are no call of the action, or None
    where there is none. What an action asks for that no program can give, such as a file, leaves it without one.
    `through`: what is called in place of an action, because it asks for more permission.
    """
    fields: dict[str, Any] = {}
    for action in actions.in_order():
        field = f"{_snake(name)}_{action.verb.lower()}"
        if by_hand and action.verb in by_hand:
            if by_hand[action.verb] is not None:
                fields[field] = by_hand[action.verb]
        elif all(parameter.field.api or not parameter.is_required for parameter in action.parameters):
            odd = (inputs or {}).get(action.verb)
            input_type = odd or _input_type(f"{name}{_pascal(action.verb)}Input", action, row)
            function = (through or {}).get(action.verb, action.function)
            mutation = VerbMutation(
                action.verb,
                function,
                model,
                input_type,
                action.description,
                {parameter.name: parameter.type for parameter in action.parameters if _is_row(parameter)},
                {parameter.name for parameter in action.parameters if parameter.is_nullable},
            )
            VERB_MUTATIONS[input_type] = mutation
            fields[field] = mutation.as_field(payload, answer)
    return strawberry.type(type(f"{name}VerbMutations", (), fields))


def one_of(name: str, actions: ActionTable[Any, Any], description: str) -> type:
    """Make the input that takes the input of one mutation: of the actions whose message can be shown before."""
    hints: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    for input_type, mutation in VERB_MUTATIONS.items():
        if isinstance(mutation.verb, actions.verbs) and actions[mutation.verb].notifies:
            hints[mutation.verb.lower()] = input_type | None
            fields[mutation.verb.lower()] = optional(mutation.description)
    return strawberry.input(
        type(name, (), {"__annotations__": hints, **fields}), description=description, one_of=True
    )


def _input_type(name: str, action: Action[Any, Any], row: str) -> type:
    asked = [parameter for parameter in action.parameters if parameter.field.api]
    fields: dict[str, Any] = {
        "id": strawberry.field(description=row),
        "version": strawberry.field(description=VERSION, default=strawberry.UNSET),
    }
    hints: dict[str, Any] = {"id": strawberry.ID, "version": int | None}
    for parameter in asked:
        options: dict[str, Any] = {} if parameter.is_required else {"default": strawberry.UNSET}
        if parameter.field.name or parameter.name.endswith("_"):
            options["name"] = parameter.field.name or parameter.name.rstrip("_")
        hints[parameter.name] = _graphql_type(parameter)
        fields[parameter.name] = strawberry.field(description=parameter.field.description, **options)
    made = type(name, (), {"__annotations__": hints, **fields})
    return strawberry.input(made, description=action.description)


def _graphql_type(parameter: Parameter) -> Any:
    kind = strawberry.ID if _is_row(parameter) else parameter.type
    kind = list[kind] if parameter.is_list else kind
    return kind if parameter.is_required else kind | None


def _is_row(parameter: Parameter) -> bool:
    return isinstance(parameter.type, type) and issubclass(parameter.type, Model)


def _pascal(verb: str) -> str:
    return "".join(word.capitalize() for word in verb.split("_"))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
