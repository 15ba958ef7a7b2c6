"""What may be done to greetings: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry
from django.utils.translation import gettext as _

from backend.contacts.actions import record_bereavement
from backend.contacts.models import Citizen as CitizenRow
from backend.core.errors import DomainError, ErrorCode
from backend.greetings import actions, lists, models
from backend.greetings.actions import Named
from backend.greetings.choices import Source
from backend.greetings.moves import Verb, batch_action
from backend.letters.models import Letter as LetterRow
from backend.letters.models import LetterTemplate as LetterTemplateRow
from backend.organization.models import Department, OutsideBody, User
from backend.partners.models import ContactList
from backend.protocol.models import Holding, Office
from permissions.core import scope
from permissions.core.scope import Action
from permissions.greetings import access
from schema.contacts.mutations import CitizenPayload
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, refetch, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import VerbMutation, action_kwargs
from schema.greetings import inputs
from schema.greetings.types import (
    GreetingBatch,
    GreetingDay,
    GreetingOccasion,
    GreetingPreference,
)
from schema.letters.types import Letter


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The occasion.")
class GreetingOccasionPayload(Payload):
    occasion: GreetingOccasion | None = refetched_row(models.Occasion, "The occasion.")


@strawberry.type(description="The batch, as it stands afterwards.")
class GreetingBatchPayload(Payload):
    batch: GreetingBatch | None = refetched_row(models.Batch, "The batch; null if nothing was done.")


@strawberry.type(description="What began with the press: a batch for many, or the draft of a letter for one.")
class GreetingSuggestionTakePayload(Payload):
    occasion_key: strawberry.Private[Any] = None
    batch_key: strawberry.Private[Any] = None
    letter_key: strawberry.Private[Any] = None

    @strawberry.field(description="The occasion.")
    def occasion(self, info: strawberry.Info) -> GreetingOccasion | None:
        return refetch(models.Occasion, self.occasion_key, info)

    @strawberry.field(description="The batch.")
    def batch(self, info: strawberry.Info) -> GreetingBatch | None:
        return refetch(models.Batch, self.batch_key, info)

    @strawberry.field(description="The draft.")
    def letter(self, info: strawberry.Info) -> Letter | None:
        return refetch(LetterRow, self.letter_key, info)


@strawberry.type(description="The day that is kept.")
class GreetingDayPayload(Payload):
    day: GreetingDay | None = refetched_row(models.KeptDay, "The day; null once it is forgotten.")


@strawberry.type(description="The wish that is recorded.")
class GreetingPreferencePayload(Payload):
    preference: GreetingPreference | None = refetched_row(models.Preference, "The wish.")


def _make(input: inputs.GreetingOccasionMakeInput) -> dict[str, Any]:
    with scope.elevated_for(models.Occasion, Action.REGISTER) as viewer:
        return {"key": actions.make_occasion(by=viewer.user, **values(input)).key}


def _take(input: inputs.GreetingSuggestionTakeInput) -> dict[str, Any]:
    occasion, batch, letter = access.begin(input.code)
    mapping = {"occasion_key": occasion.key, "batch_key": batch.key if batch else None}
    return {**mapping, "letter_key": letter.key if letter else None}


def _prepare(input: inputs.GreetingBatchPrepareInput) -> dict[str, Any]:
    edges = {"occasion": models.Occasion, "template": LetterTemplateRow, "signatory": User}
    fields = action_kwargs(input, edges)
    with scope.elevated_for(models.Batch, Action.REGISTER) as viewer:
        return {"key": actions.prepare(fields.pop("occasion"), by=viewer.user, **fields).key}


def _add(batch: models.Batch, *, by: Any, **fields: Any) -> None:
    """Each list under its own source; nothing named is a mistake."""
    if not any(fields.values()):
        message = _("Name at least one recipient.")
        raise DomainError(ErrorCode.REQUIRED, message, "citizens")
    kinds = (
        ("citizens", "citizen", Source.CITIZENS),
        ("departments", "department", Source.DEPARTMENTS),
        ("bodies", "body", Source.BODIES),
    )
    for name, field, source in kinds:
        if rows := fields.get(name):
            actions.add(batch, by=by, recipients=[Named(**{field: row}) for row in rows], source=source)
    for row in fields.get("lists") or ():
        named, _unknown = access.of_partners(row)
        actions.add(batch, by=by, recipients=named, source=Source.PARTNERS)
    if offices := fields.get("offices"):
        seen: Any = scope.visible(Holding.objects.all())
        named, _vacant = lists.of_offices(offices, batch.occasion.on, seen)
        actions.add(batch, by=by, recipients=named, source=Source.PROTOCOL)


def _keep_day(input: inputs.GreetingDayKeepInput) -> dict[str, Any]:
    key = key_of(CitizenRow, input.citizen, "citizen")
    fields = {name: value for name, value in values(input, "citizen").items() if value is not None}
    with scope.elevated_for(models.KeptDay, Action.CHANGE) as viewer:
        citizen = scope.get(CitizenRow, key, field="citizen")
        return {"key": actions.keep_day(citizen, by=viewer.user, **fields).key}


def _forget_day(input: inputs.GreetingDayForgetInput) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, models.KeptDay, key_of(models.KeptDay, input.id)) as row:
        actions.forget_day(row, by=scope.current_viewer().user)
    return {}


def _prefer(input: inputs.GreetingPreferInput) -> dict[str, Any]:
    key = key_of(CitizenRow, input.citizen, "citizen")
    fields = {name: value for name, value in values(input, "citizen").items() if value is not None}
    with scope.elevated_for(models.Preference, Action.CHANGE) as viewer:
        citizen = scope.get(CitizenRow, key, field="citizen")
        return {"key": actions.prefer(citizen, by=viewer.user, **fields).key}


def _bereave(input: inputs.CitizenRecordBereavementInput) -> dict[str, Any]:
    with scope.authorized(Action.CORRECT, CitizenRow, key_of(CitizenRow, input.id)) as citizen:
        deceased = None
        if input.deceased:
            key = key_of(CitizenRow, input.deceased, "deceased")
            deceased = scope.get(CitizenRow, key, field="deceased", action=Action.CORRECT)
        record_bereavement(
            citizen,
            by=scope.current_viewer().user,
            on=input.on,
            who=values(input).get("who") or "",
            deceased=deceased,
            without_record=bool(input.without_record),
        )
    return {"key": citizen.key}


@strawberry.type
class GreetingMutations:
    @strawberry.mutation(description="Record an occasion on which people are greeted.")
    def greeting_occasion_make(self, input: inputs.GreetingOccasionMakeInput) -> GreetingOccasionPayload:
        return run_mutation(GreetingOccasionPayload, lambda: _make(input))

    @strawberry.mutation(
        description="Act upon a suggestion: a batch for many, a draft for one; again, the same ones."
    )
    def greeting_suggestion_take(
        self, input: inputs.GreetingSuggestionTakeInput
    ) -> GreetingSuggestionTakePayload:
        return run_mutation(GreetingSuggestionTakePayload, lambda: _take(input))

    @strawberry.mutation(description="Prepare a batch of greetings for an occasion.")
    def greeting_batch_prepare(self, input: inputs.GreetingBatchPrepareInput) -> GreetingBatchPayload:
        return run_mutation(GreetingBatchPayload, lambda: _prepare(input))

    @strawberry.mutation(description="Keep a day of a person, with the right by which it is kept.")
    def greeting_day_keep(self, input: inputs.GreetingDayKeepInput) -> GreetingDayPayload:
        return run_mutation(GreetingDayPayload, lambda: _keep_day(input))

    @strawberry.mutation(description="Keep a day no longer (KVKK m.7).")
    def greeting_day_forget(self, input: inputs.GreetingDayForgetInput) -> GreetingDayPayload:
        return run_mutation(GreetingDayPayload, lambda: _forget_day(input))

    @strawberry.mutation(description="Record a person's wish about greetings.")
    def greeting_prefer(self, input: inputs.GreetingPreferInput) -> GreetingPreferencePayload:
        return run_mutation(GreetingPreferencePayload, lambda: _prefer(input))

    @strawberry.mutation(description="Record a person's bereavement, and who died.")
    def citizen_record_bereavement(self, input: inputs.CitizenRecordBereavementInput) -> CitizenPayload:
        return run_mutation(CitizenPayload, lambda: _bereave(input))


GreetingActions = action_mutations(
    "GreetingBatch",
    batch_action,
    models.Batch,
    GreetingBatchPayload,
    row="The batch.",
    by_hand={
        Verb.ADD: VerbMutation(
            Verb.ADD,
            _add,
            models.Batch,
            inputs.GreetingBatchAddInput,
            batch_action[Verb.ADD].description,
            {
                "citizens": CitizenRow,
                "departments": Department,
                "bodies": OutsideBody,
                "offices": Office,
                "lists": ContactList,
            },
        ).as_field(GreetingBatchPayload)
    },
)
