"""What may be done to citizens: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions, models
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean
from backend.organization.models import Neighbourhood as NeighbourhoodRow
from permissions.complaints import access as complaint_access
from permissions.core import scope
from permissions.core.scope import Action
from permissions.partners import access as partners
from schema.contacts.types import Citizen, CitizenRecordInput, Language, recorded
from schema.core.nodes import global_id, key_of, load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values


@strawberry.input(description="Facts of a citizen to set right; what is left out stays as it is.")
class CitizenCorrectInput:
    id: strawberry.ID = strawberry.field(description="The citizen.")
    first_name: str | None = strawberry.field(description="Given name.", default=strawberry.UNSET)
    last_name: str | None = strawberry.field(description="Surname.", default=strawberry.UNSET)
    title: str | None = strawberry.field(
        description="Academic or professional title.", default=strawberry.UNSET
    )
    salutation: str | None = strawberry.field(
        description="How letters and greetings begin to this person, before that of an office.",
        default=strawberry.UNSET,
    )
    languages: list[Language] | None = strawberry.field(
        description="The languages that they speak; all of them.", default=strawberry.UNSET
    )
    phone: str | None = strawberry.field(description="Telephone in any spelling.", default=strawberry.UNSET)
    email: str | None = strawberry.field(description="E-mail address.", default=strawberry.UNSET)
    neighbourhood: strawberry.ID | None = strawberry.field(
        description="The neighbourhood.", default=strawberry.UNSET
    )
    address: str | None = strawberry.field(description="Address.", default=strawberry.UNSET)
    note: str | None = strawberry.field(description="What the office should know.", default=strawberry.UNSET)
    deceased_on: dt.date | None = strawberry.field(description="The day of death.", default=strawberry.UNSET)
    national_id: str | None = strawberry.field(
        description="T.C. kimlik no; the empty text forgets it.", default=strawberry.UNSET
    )


@strawberry.input(description="Two records of one person.")
class CitizenMergeInput:
    id: strawberry.ID = strawberry.field(description="The record that is merged away.")
    into: strawberry.ID = strawberry.field(description="The record that stands for both.")
    reason: str = strawberry.field(description="Why they are the same.", default="")


@strawberry.input(description="A merged record that shall stand for itself again.")
class CitizenUndoMergeInput:
    id: strawberry.ID = strawberry.field(description="The merged record.")


@strawberry.input(description="Whose T.C. kimlik no is to be shown, and why.")
class CitizenRevealNationalIdInput:
    id: strawberry.ID = strawberry.field(description="The citizen.")
    purpose: str = strawberry.field(description="What it is needed for; the read log keeps it.")


@strawberry.type(description="The citizen, as the viewer may see them afterwards.")
class CitizenPayload(Payload):
    alike: list[strawberry.ID] = strawberry.field(
        description="After an UNUSUAL at `acceptAlike`: who may be meant, eight at most.",
        default_factory=list,
    )
    citizen: Citizen | None = refetched_row(models.Citizen, "The record; null if the viewer may not see it.")


@strawberry.type(description="The whole number, or why not.")
class CitizenRevealNationalIdPayload(Payload):
    national_id: str | None = strawberry.field(description="The T.C. kimlik no.", default=None)


def _with(action: str, id: str, act: Callable[[models.Citizen, Any], Any]) -> dict[str, Any]:
    """Run an action on a citizen that the viewer may see and to whom they may do it."""
    with scope.authorized(action, models.Citizen, key_of(models.Citizen, id)) as citizen:
        act(citizen, scope.current_viewer().user)
    return {"key": citizen.key}


def _corrected(citizen: models.Citizen, input: CitizenCorrectInput, by: Any) -> None:
    fields = values(input, "id", "neighbourhood", "national_id")
    if input.neighbourhood is not strawberry.UNSET:
        fields["neighbourhood"] = load(NeighbourhoodRow, input.neighbourhood, "neighbourhood")
    actions.correct(citizen, by=by, **fields)
    if input.national_id is not strawberry.UNSET:
        actions.set_national_id(citizen, by=by, number=clean(input.national_id or ""))


@strawberry.type
class ContactsMutations:
    @strawberry.mutation(
        description="Record a person who turned to the municipality, unless somebody whom the viewer sees has this name"
        " or this number already."
    )
    def citizen_record(self, input: CitizenRecordInput) -> CitizenPayload:
        alike: list[models.Citizen] = []

        def act() -> dict[str, Any]:
            if not input.accept_alike:
                alike.extend(partners.alike(clean(input.first_name), clean(input.last_name), input.phone))
            if alike:
                scope.log_access([row.pk for row in alike], "GraphQL: search")
                message = _("There are records of this name or number. Say whether it is one of them.")
                raise DomainError(ErrorCode.UNUSUAL, message, "accept_alike")
            with complaint_access.authorized_to_register() as viewer:
                return {"key": recorded(input, viewer.user).key}

        answer = run_mutation(CitizenPayload, act)
        answer.alike = [global_id(row) for row in alike]
        return answer

    @strawberry.mutation(description="Set facts of a citizen right. The office only.")
    def citizen_correct(self, input: CitizenCorrectInput) -> CitizenPayload:
        return run_mutation(
            CitizenPayload,
            lambda: _with(Action.CORRECT, input.id, lambda citizen, by: _corrected(citizen, input, by)),
        )

    @strawberry.mutation(
        description="Two records are one person: one stands for both from now on. Can be undone."
    )
    def citizen_merge(self, input: CitizenMergeInput) -> CitizenPayload:
        def act() -> dict[str, Any]:
            into = scope.get(models.Citizen, key_of(models.Citizen, input.into, "into"), field="into")
            _with(
                Action.MERGE,
                input.id,
                lambda citizen, by: actions.merge(citizen, into=into, by=by, reason=clean(input.reason)),
            )
            return {"key": into.key}

        return run_mutation(CitizenPayload, act)

    @strawberry.mutation(description="A merged record stands for itself again.")
    def citizen_undo_merge(self, input: CitizenUndoMergeInput) -> CitizenPayload:
        return run_mutation(
            CitizenPayload,
            lambda: _with(Action.MERGE, input.id, lambda citizen, by: actions.undo_merge(citizen, by=by)),
        )

    @strawberry.mutation(
        description="Show the whole T.C. kimlik no; the read log remembers who, when and why."
    )
    def citizen_reveal_national_id(
        self, input: CitizenRevealNationalIdInput
    ) -> CitizenRevealNationalIdPayload:
        def act() -> dict[str, Any]:
            key = key_of(models.Citizen, input.id)
            with scope.authorized(Action.REVEAL, models.Citizen, key) as citizen:
                by = scope.current_viewer().user
                return {
                    "national_id": actions.reveal_national_id(citizen, by=by, purpose=clean(input.purpose))
                }

        return run_mutation(CitizenRevealNationalIdPayload, act)
