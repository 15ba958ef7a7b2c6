"""What may be done to offices and orders of precedence: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.contacts.models import Citizen
from backend.protocol import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.nodes import key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import VerbMutation, action_kwargs, optional, required
from schema.protocol.types import (
    HoldingCapacity,
    PrecedenceKind,
    PrecedenceList,
    PrecedenceSnapshot,
    ProtocolHolding,
    ProtocolOffice,
    ProtocolSphere,
)


@strawberry.type(description="The office, as it is now.")
class ProtocolOfficePayload(Payload):
    office: ProtocolOffice | None = refetched_row(models.Office, "The office; null if nothing was done.")


@strawberry.type(description="The holding, as it is now.")
class ProtocolHoldingPayload(Payload):
    holding: ProtocolHolding | None = refetched_row(
        models.Holding, "The holding; null if nothing was done, or if it never began."
    )


@strawberry.type(description="The order, as it is now.")
class PrecedenceListPayload(Payload):
    precedence: PrecedenceList | None = refetched_row(
        models.PrecedenceList, "The order; null if nothing was done."
    )


@strawberry.type(description="The order of the event, as it is now.")
class PrecedenceSnapshotPayload(Payload):
    snapshot: PrecedenceSnapshot | None = refetched_row(
        models.Snapshot, "The order of the event; null if nothing was done."
    )


@strawberry.input(description="An office of the protocol, new or changed.")
class ProtocolOfficeSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )
    title: str = required("Full title.")
    short_title: str | None = optional("Short title; default the full one.")
    institution: str | None = optional("The institution it belongs to.")
    sphere: ProtocolSphere | None = optional("To what it belongs.")
    address_form: str | None = optional("How a letter begins.")
    is_collective: bool | None = optional("Several hold it at a time; default no.")
    is_active: bool | None = optional("Whether it is in use; default yes.")


@strawberry.input(description="A holder of an office from a day on.")
class ProtocolOfficeAppointInput:
    id: strawberry.ID = required("Which office.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )
    person: strawberry.ID = required("Who.")
    capacity: HoldingCapacity | None = optional("How; default the office itself.")
    valid_from: dt.date | None = optional("The first day; default today.")
    valid_until: dt.date | None = optional("The last day; default without an end.")
    basis: str | None = optional("On what it rests.")


@strawberry.input(description="The end of holding an office.")
class ProtocolHoldingEndInput:
    id: strawberry.ID = required("Which holding.")
    last_day: dt.date | None = optional("The last day; default today. What had not begun is removed.")


@strawberry.input(description="A new version of an order of precedence.")
class PrecedenceEstablishInput:
    kind: PrecedenceKind = required("For ceremonies of which level.")
    name: str = required("Its name.")
    source: str = required("Where the order comes from.")
    valid_from: dt.date | None = optional("Since when it holds; default today.")
    order: list[list[strawberry.ID]] = required(
        "The offices, the highest first; those of one inner list are equal and keep the order of the list."
    )


@strawberry.input(description="The whole order anew: what is left out leaves it.")
class PrecedenceRewriteInput:
    id: strawberry.ID = required("Which order.")
    version: int = required("The version that was looked at: refused with CONFLICT if there is a newer one.")
    order: list[list[strawberry.ID]] = required(
        "The offices, the highest first; those of one inner list are equal and keep the order of the list."
    )
    note: str | None = optional("On whose word.")


@strawberry.input(description="Another place for an office at one event.")
class PrecedenceSnapshotMoveInput:
    id: strawberry.ID = required("The order of the event.")
    version: int | None = optional(
        "The version that was looked at: refused with CONFLICT if there is a newer one."
    )
    office: strawberry.ID = required("Which office; it may be one that the list did not know.")
    reason: str = required("Why.")
    before: strawberry.ID | None = optional("Before which office.")
    beside: strawberry.ID | None = optional(
        "Equal to which office. With neither of the two: behind all of them."
    )


def _save_office(input: ProtocolOfficeSaveInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id", "version").items() if value is not None}
    if input.id:
        key = key_of(models.Office, input.id)
        with scope.authorized(Action.CHANGE, models.Office, key, version=input.version or None) as office:
            kept = {name: getattr(office, name) for name in _KEPT if name not in fields}
            actions.save_office(office, by=scope.current_viewer().user, **kept, **fields)
        return {"key": key}
    with scope.elevated_for(models.Office, Action.CHANGE) as viewer:
        return {"key": actions.save_office(by=viewer.user, **fields).key}


_KEPT = ("short_title", "institution", "sphere", "address_form", "is_collective", "is_active")


def _appoint(input: ProtocolOfficeAppointInput) -> dict[str, Any]:
    facts = action_kwargs(input, {"person": Citizen})
    key = key_of(models.Office, input.id)
    with scope.authorized(Action.CHANGE, models.Office, key, version=input.version or None) as office:
        return {"key": actions.appoint(office, by=scope.current_viewer().user, **facts).key}


def _end(input: ProtocolHoldingEndInput) -> dict[str, Any]:
    key = key_of(models.Holding, input.id)
    with scope.authorized(Action.CHANGE, models.Holding, key) as row:
        actions.end_holding(row, by=scope.current_viewer().user, last_day=input.last_day or None)
    return {"key": key}


def _order(groups: list[list[strawberry.ID]]) -> list[list[models.Office]]:
    """The offices of an order, in one question; NOT_FOUND at `order` for an id of none."""
    keys = [[key_of(models.Office, value, "order") for value in group] for group in groups]
    wanted = {key for group in keys for key in group}
    mapping = {row.key: row for row in models.Office.objects.filter(key__in=wanted)}
    if len(mapping) < len(wanted):
        raise scope.not_found("order")
    return [[mapping[key] for key in group] for group in keys]


def _establish(input: PrecedenceEstablishInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "order").items() if value is not None}
    with scope.elevated_for(models.PrecedenceList, Action.CHANGE) as viewer:
        return {"key": actions.establish_list(by=viewer.user, order=_order(input.order), **fields).key}


def _rewrite(input: PrecedenceRewriteInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id", "version", "order").items() if value}
    key = key_of(models.PrecedenceList, input.id)
    with scope.authorized(Action.CHANGE, models.PrecedenceList, key, version=input.version) as row:
        actions.rewrite(row, by=scope.current_viewer().user, order=_order(input.order), **fields)
    return {"key": key}


@strawberry.type
class ProtocolMutations:
    @strawberry.mutation(description="Keep an office of the protocol: the private office.")
    def protocol_office_save(self, input: ProtocolOfficeSaveInput) -> ProtocolOfficePayload:
        return run_mutation(ProtocolOfficePayload, lambda: _save_office(input))

    @strawberry.mutation(
        description="Record the holder of an office from a day on; a holder without an end is succeeded."
    )
    def protocol_office_appoint(self, input: ProtocolOfficeAppointInput) -> ProtocolHoldingPayload:
        return run_mutation(ProtocolHoldingPayload, lambda: _appoint(input))

    @strawberry.mutation(description="The end of holding an office.")
    def protocol_holding_end(self, input: ProtocolHoldingEndInput) -> ProtocolHoldingPayload:
        return run_mutation(ProtocolHoldingPayload, lambda: _end(input))

    @strawberry.mutation(
        description="A new version of the order; the one before holds until the day before it begins."
    )
    def precedence_establish(self, input: PrecedenceEstablishInput) -> PrecedenceListPayload:
        return run_mutation(PrecedenceListPayload, lambda: _establish(input))

    @strawberry.mutation(description="Set the whole order anew. Events that took it keep theirs.")
    def precedence_rewrite(self, input: PrecedenceRewriteInput) -> PrecedenceListPayload:
        return run_mutation(PrecedenceListPayload, lambda: _rewrite(input))

    precedence_snapshot_move = VerbMutation(
        Action.CHANGE,
        actions.move_in_snapshot,
        models.Snapshot,
        PrecedenceSnapshotMoveInput,
        "Give an office another place at one event, with a reason. The list never learns of it.",
        dict.fromkeys(("office", "before", "beside"), models.Office),
    ).as_field(PrecedenceSnapshotPayload)
