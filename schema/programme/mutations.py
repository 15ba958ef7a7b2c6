"""What may be done to the programme: inputs, payloads and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.organization.models import User
from backend.programme import actions, models, places
from backend.programme.moves import Verb, entry_action
from backend.programme.recurrence import Pattern
from permissions.core import scope
from permissions.core.scope import Action
from permissions.programme.handing_over import hand_over_entry
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import action_kwargs
from schema.programme import inputs
from schema.programme.queries import TimeSpan, spans
from schema.programme.types import Principal, ProgrammeEntry


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The entry, as the viewer sees it afterwards.")
class ProgrammeEntryPayload(Payload):
    free_times: list[TimeSpan] = strawberry.field(
        description="After a CONFLICT: the nearest free times, at most three.", default_factory=list
    )

    entry: ProgrammeEntry | None = refetched_row(
        models.Entry, "The entry; null if it left the viewer's sight, or nothing was done."
    )


def with_free_times(payload: Any, act: Callable[[], dict[str, Any]]) -> Any:
    """`answered`, and the nearest free times if the time is taken."""
    free: list[Any] = []

    def run() -> dict[str, Any]:
        try:
            return act()
        except places.CollisionError as error:
            free.extend(error.free)
            raise

    answer = run_mutation(payload, run)
    answer.free_times = spans(free)
    return answer


def _plan(input: inputs.ProgrammeEntryPlanInput) -> dict[str, Any]:
    fields = action_kwargs(input, {"participants": User, "readers": User}, "principal", "series")
    if input.series:
        series = values(input.series)
        fields["series"] = Pattern(**series | {"weekdays": tuple(series["weekdays"])})
    key = key_of(models.Principal, input.principal, "principal")
    with scope.authorized_to_create(Action.PLAN, models.Principal, key, field="principal") as principal:
        entry = actions.plan(principal, by=scope.current_viewer().user, **fields)
    return {"key": entry.key}


@strawberry.type(description="The principal afterwards.")
class PrincipalPayload(Payload):
    principal: Principal | None = refetched_row(models.Principal, "The principal; null if nothing was done.")


def _managing(act: Callable[[Any], models.Principal]) -> PrincipalPayload:
    def run() -> dict[str, Any]:
        with scope.elevated_for(models.Principal, Action.CHANGE) as viewer:
            return {"key": act(viewer.user).key}

    return run_mutation(PrincipalPayload, run)


@strawberry.type
class ProgrammeMutations:
    @strawberry.mutation(description="Enter something into a programme, or a series of it.")
    def programme_entry_plan(self, input: inputs.ProgrammeEntryPlanInput) -> ProgrammeEntryPayload:
        return with_free_times(ProgrammeEntryPayload, lambda: _plan(input))

    @strawberry.mutation(description="Establish a programme.")
    def principal_establish(self, input: inputs.PrincipalEstablishInput) -> PrincipalPayload:
        return _managing(lambda by: actions.establish(by=by, **action_kwargs(input, {"person": User})))

    @strawberry.mutation(description="Change what is usual for a principal.")
    def principal_change(self, input: inputs.PrincipalChangeInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.id, "id")
            return actions.change_principal(
                row, by=by, **action_kwargs(input, {"person": User}, keep_null=True)
            )

        return _managing(act)

    @strawberry.mutation(description="Set the working hours of the week.")
    def principal_set_hours(self, input: inputs.PrincipalSetHoursInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.id, "id")
            hours = [(hour.weekday, hour.begins, hour.ends) for hour in input.hours]
            return actions.set_working_hours(row, by=by, hours=hours)

        return _managing(act)

    @strawberry.mutation(description="Say when the halk günü is, from a day on.")
    def public_day_set(self, input: inputs.PublicDaySetInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.principal, "principal")
            fields = action_kwargs(input, {}, "principal", "begins")
            return actions.set_public_day(row, by=by, starts=input.begins, **fields).principal

        return _managing(act)

    @strawberry.mutation(description="End a rule of the halk günü.")
    def public_day_end(self, input: inputs.PublicDayEndInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            rule = must_load(models.PublicDayRule, input.rule, "rule")
            actions.end_public_day(rule, by=by, **action_kwargs(input, {}, "rule"))
            return rule.principal

        return _managing(act)

    @strawberry.mutation(description="Say who stands in for a principal, from a day to a day (vekâlet).")
    def stand_in_appoint(self, input: inputs.StandInAppointInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            row = must_load(models.Principal, input.principal, "principal")
            fields = action_kwargs(input, {"deputy": models.Principal}, "principal")
            return actions.appoint_stand_in(row, by=by, **fields).principal

        return _managing(act)

    @strawberry.mutation(description="End a stand-in: the principal is back today.")
    def stand_in_end(self, input: inputs.StandInEndInput) -> PrincipalPayload:
        def act(by: Any) -> models.Principal:
            return actions.end_stand_in(must_load(models.StandIn, input.stand_in, "stand_in"), by=by)

        return _managing(act)


ProgrammeEntryActions = action_mutations(
    "ProgrammeEntry",
    entry_action,
    models.Entry,
    ProgrammeEntryPayload,
    row="The entry.",
    through={Verb.HAND_OVER: hand_over_entry},
    answer=with_free_times,
)
