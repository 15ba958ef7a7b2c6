"""What may be done to venues and seating plans: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.events.models import Event, Guest
from backend.events.moves import Verb as EventVerb
from backend.seating import actions, models
from backend.seating.actions.placing import faults
from backend.seating.people import Who
from backend.seating.rows import RowSpec
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import MODELS, encode, key_of, must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import VerbMutation, action_kwargs, optional, required
from schema.seating.queries import SeatingFault
from schema.seating.types import Hall, SeatingLineKind, SeatingPlan, SeatingRepresentation

VERSION = "The version that was looked at: refused with CONFLICT if there is a newer one."


@strawberry.type(description="The hall, as it is now.")
class HallPayload(Payload):
    hall: Hall | None = refetched_row(models.Hall, "The hall; null if nothing was done.")


@strawberry.type(description="The plan, as it is now, and what the rule says against it.")
class SeatingPlanPayload(Payload):
    plan: SeatingPlan | None = refetched_row(models.SeatingPlan, "The plan; null if nothing was done.")

    @strawberry.field(description="Where it is not as the rule of precedence says; it may stay so.")
    def faults(self) -> list[SeatingFault]:
        if self.key is None:
            return []
        plan = scope.visible(models.SeatingPlan).filter(key=self.key).first()
        return _faults(plan) if plan else []


def _faults(plan: models.SeatingPlan) -> list[SeatingFault]:
    result = faults(plan)
    numbers = {who.guest for fault in result for who in (fault.key, fault.other)}  # type: ignore[attr-defined]
    keys = dict(Guest.objects.filter(pk__in=numbers - {None}).values_list("pk", "key"))

    def id_of(who: Who) -> strawberry.ID | None:
        return encode(MODELS[Guest], keys[who.guest]) if who.guest in keys else None

    return [
        SeatingFault(
            kind=fault.kind,
            guest=id_of(fault.key),  # type: ignore[arg-type]
            companion=fault.key.companion,  # type: ignore[attr-defined]
            other=id_of(fault.other),  # type: ignore[arg-type]
        )
        for fault in result
    ]


@strawberry.input(description="A row or a table as it is to be, from the front.")
class SeatingRowInput:
    label: str = required("Its name.")
    seats: int = required("How many seats.")
    kind: SeatingLineKind | None = optional("A row or a table; default a row.")
    gaps: list[int] | None = optional("Numbers where there is no seat.")
    aisles: list[int] | None = optional("Behind which seats an aisle runs.")
    is_front: bool | None = optional("Whether it is a front row.")


def _specs(rows: list[SeatingRowInput]) -> list[RowSpec]:
    return [RowSpec(**{n: v for n, v in values(row).items() if v is not None}) for row in rows]


@strawberry.input(description="A hall with all its rows, new or changed.")
class HallSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    name: str = required("Its name.")
    rows: list[SeatingRowInput] = required("Its rows and tables, from the front.")
    place: str | None = optional("Its address.")
    note: str | None = optional("What to know of it.")
    is_active: bool | None = optional("Whether it is in use; default yes.")


@strawberry.input(description="A plan for an event, with the rows of a hall.")
class SeatingPlanBeginInput:
    event: strawberry.ID = required("Which event.")
    hall: strawberry.ID = required("Which hall.")
    hosts: bool | None = optional(
        "The principal sits in the middle as the host; default yes, unless the mülki amir presides (a national day)."
    )
    host_guest: strawberry.ID | None = optional("Who the host is on the list, if on it.")
    includes_unanswered: bool | None = optional("Seat those too who did not answer yet; default no.")
    representation: SeatingRepresentation | None = optional("Where representatives sit.")


@strawberry.input(description="A seating plan, and nothing more to say.")
class SeatingPlanInput:
    id: strawberry.ID = required("Which plan.")
    version: int | None = optional(VERSION)


@strawberry.input(description="What is to be so of a plan; what is left out stays.")
class SeatingPlanChangeInput(SeatingPlanInput):
    hosts: bool | None = optional("The principal sits in the middle as the host.")
    host_guest: strawberry.ID | None = optional("Who the host is on the list, if on it.")
    includes_unanswered: bool | None = optional("Seat those too who did not answer yet.")
    representation: SeatingRepresentation | None = optional("Where representatives sit.")


@strawberry.input(description="Other rows for this event; rows are known by their names.")
class SeatingPlanSetRowsInput(SeatingPlanInput):
    rows: list[SeatingRowInput] = required("The rows and tables, from the front.")


@strawberry.input(description="Everybody who comes is seated by precedence.")
class SeatingPlanSeatInput(SeatingPlanInput):
    keep_by_hand: bool | None = optional("Seats assigned by hand stay; default yes.")


@strawberry.input(description="Assign a seat to a guest; who sat there changes places with them.")
class SeatingPlanMoveInput(SeatingPlanInput):
    row: strawberry.ID = required("Which row.")
    number: int = required("Which seat.")
    guest: strawberry.ID | None = optional("Which guest; nothing for the host.")
    companion: int | None = optional("Who comes along with them, from 1; default the guest.")


@strawberry.input(description="Give a seat back.")
class SeatingPlanUnseatInput(SeatingPlanInput):
    seat: strawberry.ID = required("Which seat.")


@strawberry.input(description="Keep a seat free.")
class SeatingPlanKeepFreeInput(SeatingPlanInput):
    row: strawberry.ID = required("Which row.")
    number: int = required("Which seat.")


@strawberry.input(description="A frozen plan is opened again.")
class SeatingPlanReopenInput(SeatingPlanInput):
    reason: str = required("Why what was printed is changed.")


def _save_hall(input: HallSaveInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id", "rows").items() if value is not None}
    with scope.elevated_for(models.Hall, Action.CHANGE) as viewer:
        hall = must_load(models.Hall, input.id, "id") if input.id else None
        return {"key": actions.save_hall(hall, by=viewer.user, rows=_specs(input.rows), **fields).key}


def _begin(input: SeatingPlanBeginInput) -> dict[str, Any]:
    facts = action_kwargs(input, {"hall": models.Hall, "host_guest": Guest}, "event")
    key = key_of(Event, input.event, "event")
    with scope.authorized_to_create(EventVerb.CORRECT, Event, key, field="event") as event:
        return {"key": actions.begin(event, by=scope.current_viewer().user, **facts).key}


def _set_rows(input: SeatingPlanSetRowsInput) -> dict[str, Any]:
    key = key_of(models.SeatingPlan, input.id)
    with scope.authorized(Action.CHANGE, models.SeatingPlan, key, version=input.version or None) as plan:
        actions.set_rows(plan, by=scope.current_viewer().user, rows=_specs(input.rows))
    return {"key": key}


def _mutation(act: Any, input_type: type, description: str, **edges: Any) -> Any:
    mutation = VerbMutation(Action.CHANGE, act, models.SeatingPlan, input_type, description, edges)
    return mutation.as_field(SeatingPlanPayload)


@strawberry.type
class SeatingMutations:
    @strawberry.mutation(description="Keep a hall with all its rows: the office.")
    def hall_save(self, input: HallSaveInput) -> HallPayload:
        return run_mutation(HallPayload, lambda: _save_hall(input))

    @strawberry.mutation(description="Begin the seating plan of an event with the rows of a hall.")
    def seating_plan_begin(self, input: SeatingPlanBeginInput) -> SeatingPlanPayload:
        return run_mutation(SeatingPlanPayload, lambda: _begin(input))

    @strawberry.mutation(description="Put up other rows for this event.")
    def seating_plan_set_rows(self, input: SeatingPlanSetRowsInput) -> SeatingPlanPayload:
        return run_mutation(SeatingPlanPayload, lambda: _set_rows(input))

    seating_plan_change = _mutation(
        actions.change, SeatingPlanChangeInput, "Who hosts, and who is seated how.", host_guest=Guest
    )
    seating_plan_seat = _mutation(
        actions.seat_by_rule, SeatingPlanSeatInput, "Seat everybody who comes, by precedence."
    )
    seating_plan_move = _mutation(
        actions.move,
        SeatingPlanMoveInput,
        "Assign a seat by hand; breaches of the rule are listed in `faults` and do not forbid it.",
        row=models.PlanRow,
        guest=Guest,
    )
    seating_plan_unseat = _mutation(
        actions.unseat, SeatingPlanUnseatInput, "Take a seat back.", seat=models.PlanSeat
    )
    seating_plan_keep_free = _mutation(
        actions.keep_free, SeatingPlanKeepFreeInput, "Keep a seat free.", row=models.PlanRow
    )
    seating_plan_freeze = _mutation(actions.freeze, SeatingPlanInput, "Freeze the plan for print.")
    seating_plan_reopen = _mutation(
        actions.reopen, SeatingPlanReopenInput, "Open a frozen plan again, with a reason."
    )
