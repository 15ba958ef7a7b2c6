"""What may be done to retention, holds and destruction: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen as CitizenRow
from backend.core.errors import DomainError, ErrorCode
from backend.events.models import Event
from backend.retention import actions, erasure, models
from backend.retention.choices import Kind
from backend.retention.models import DestructionRun as Row
from backend.retention.moves import destruction_action
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import action_kwargs, optional, required
from schema.retention.types import (
    DestructionRun,
    ErasureJob,
    LegalHold,
    RetentionKind,
    RetentionRule,
)


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.input(description="A retention rule, changed.")
class RetentionRuleSaveInput:
    id: strawberry.ID = required("The rule.")
    years: int = required("Kept for so many years.")
    source: str = required("The law or decision that says so.")
    is_active: bool | None = optional("Whether it is in force; default yes.")


@strawberry.type(description="The rule, as it is now.")
class RetentionRulePayload(Payload):
    retention_rule: RetentionRule | None = refetched_row(
        models.RetentionRule, "The rule; null if nothing was done."
    )


@strawberry.input(description="A hold to place: on one record, or on a whole kind.")
class LegalHoldPlaceInput:
    reason: str = required("The lawsuit, inspection or objection, with its number.")
    kind: RetentionKind | None = optional("On everything of this kind.")
    complaint: strawberry.ID | None = optional("On this case.")
    request: strawberry.ID | None = optional("On this request for an appointment.")
    event: strawberry.ID | None = optional("On the guests of this event.")
    citizen: strawberry.ID | None = optional("On this person, with all that is theirs.")


@strawberry.input(description="A hold to lift.")
class LegalHoldLiftInput:
    id: strawberry.ID = required("The hold.")
    reason: str = required("Why.")


@strawberry.type(description="The hold, as it is now.")
class LegalHoldPayload(Payload):
    legal_hold: LegalHold | None = refetched_row(models.LegalHold, "The hold; null if nothing was done.")


@strawberry.input(description="A list of what is due today, to be approved by another person.")
class DestructionPrepareInput:
    idempotency_key: str | None = optional("Not needed: while one run is under way there is no other.")


@strawberry.type(description="The run, as it is now.")
class DestructionPayload(Payload):
    destruction_run: DestructionRun | None = refetched_row(Row, "The run; null if nothing was done.")


@strawberry.input(description="A person to be forgotten for good.")
class CitizenAnonymiseInput:
    id: strawberry.ID = required("The person.")
    reason: str = required("The application (KVKK m.11) with its date and number.")
    request: strawberry.ID | None = optional("The application in the register because of which it is done.")


@strawberry.type(description="What the worker was asked for.")
class CitizenAnonymisePayload(Payload):
    erasure_job: ErasureJob | None = refetched_row(
        models.ErasureJob, "How far it is; ask it again until it has ended. Null if nothing was done."
    )


PLACES: dict[str, tuple[Any, Kind]] = {
    "complaint": (Complaint, Kind.CASE),
    "request": (AppointmentRequest, Kind.APPOINTMENT),
    "event": (Event, Kind.GUEST_LIST),
    "citizen": (CitizenRow, Kind.CITIZEN),
}


def _save(input: RetentionRuleSaveInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id").items() if value is not None}
    key = key_of(models.RetentionRule, input.id)
    with scope.authorized(Action.CHANGE, models.RetentionRule, key) as rule:
        actions.save_rule(rule, by=scope.current_viewer().user, **fields)
    return {"key": key}


def _place(input: LegalHoldPlaceInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "reason").items() if value is not None}
    if len(fields) != 1:
        message = _("Say on what the hold stands: one record, or one kind.")
        raise DomainError(ErrorCode.INVALID, message, "kind")
    ((name, value),) = fields.items()
    on = None if name == "kind" else must_load(PLACES[name][0], value, name)
    kind = value.value if name == "kind" else PLACES[name][1]
    with scope.elevated_for(models.LegalHold, Action.REGISTER) as viewer:
        return {"key": actions.place_hold(by=viewer.user, kind=kind, reason=input.reason, on=on).key}


def _lift(input: LegalHoldLiftInput) -> dict[str, Any]:
    key = key_of(models.LegalHold, input.id)
    with scope.authorized(Action.CHANGE, models.LegalHold, key) as hold:
        actions.lift_hold(hold, by=scope.current_viewer().user, reason=values(input)["reason"])
    return {"key": key}


def _prepare() -> dict[str, Any]:
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        return {"key": actions.prepare(by=viewer.user).key}


def _anonymise(input: CitizenAnonymiseInput) -> dict[str, Any]:
    fields = action_kwargs(input, {"request": models.SubjectRequest})
    with scope.authorized(Action.ANONYMISE, CitizenRow, key_of(CitizenRow, input.id)) as citizen:
        return {"key": erasure.ask(citizen, by=scope.current_viewer().user, **fields).key}


@strawberry.type
class RetentionMutations:
    @strawberry.mutation(description="Change how long a kind is kept: the head of the office.")
    def retention_rule_save(self, input: RetentionRuleSaveInput) -> RetentionRulePayload:
        return run_mutation(RetentionRulePayload, lambda: _save(input))

    @strawberry.mutation(description="Let nothing of this be destroyed: the office.")
    def legal_hold_place(self, input: LegalHoldPlaceInput) -> LegalHoldPayload:
        return run_mutation(LegalHoldPayload, lambda: _place(input))

    @strawberry.mutation(description="Lift a hold: the office.")
    def legal_hold_lift(self, input: LegalHoldLiftInput) -> LegalHoldPayload:
        return run_mutation(LegalHoldPayload, lambda: _lift(input))

    @strawberry.mutation(
        description="Freeze the list of what is due today: the office. Nothing is destroyed by it."
    )
    def destruction_prepare(self, input: DestructionPrepareInput) -> DestructionPayload:
        return run_mutation(DestructionPayload, _prepare)

    @strawberry.mutation(
        description="Let the worker forget a person for good: the head of the office, in a browser. It cannot be"
        " undone; a repetition changes nothing."
    )
    def citizen_anonymise(self, input: CitizenAnonymiseInput) -> CitizenAnonymisePayload:
        return run_mutation(CitizenAnonymisePayload, lambda: _anonymise(input))


DestructionActions = action_mutations(
    "Destruction", destruction_action, Row, DestructionPayload, row="The run."
)
