"""Changing routing rules, by administrators; trying them on the past."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.organization import models as organization
from backend.routing import actions, models, trials
from permissions.core import scope
from permissions.core.scope import Action
from schema.complaints.types import ComplaintChannel, ComplaintPriority
from schema.core.nodes import key_of, must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs, optional, required
from schema.routing.types import RoutingHours, RoutingRule, RuleTrial

EDGES = {
    "categories": organization.Category,
    "neighbourhoods": organization.Neighbourhood,
    "department": organization.Department,
    "checklist": organization.Category,
}


@strawberry.input(description="A routing rule, new or corrected: as a whole, what is left out is empty.")
class RoutingRuleSaveInput:
    id: strawberry.ID | None = optional(
        "The one to correct; nothing for a new one, which is put behind all others."
    )
    name: str = required("What it is called; its name stands as the reason; at most 120 letters.")
    categories: list[strawberry.ID] | None = optional("Condition: categories, with those below them.")
    neighbourhoods: list[strawberry.ID] | None = optional("Condition: neighbourhoods.")
    street: str | None = optional("Condition: a street with its kind, such as “İğdeli Sokak”.")
    on_main_artery: bool | None = optional("Condition: on a main artery, or on none.")
    words: list[str] | None = optional("Condition: words of which the text says one, with any ending.")
    channels: list[ComplaintChannel] | None = optional("Condition: how the case comes.")
    hours: RoutingHours | None = optional("Condition: within or outside the office's hours.")
    weekdays: list[int] | None = optional("Condition: days of the week, from 1, Monday, to 7.")
    department: strawberry.ID | None = optional("Effect: the department that is responsible.")
    priority: ComplaintPriority | None = optional("Effect: how urgent it is.")
    checklist: strawberry.ID | None = optional(
        "Effect: the category whose list of things to be done is added."
    )
    is_automatic: bool | None = optional("Whether it acts by itself on what comes from outside; default no.")
    is_active: bool | None = optional("Whether it is in use; default yes.")
    valid_from: dt.date | None = optional("The first day on which it holds.")
    valid_until: dt.date | None = optional("The last one.")


@strawberry.input(description="A routing rule and its new place: before one, or behind one.")
class RoutingRuleMoveInput:
    id: strawberry.ID = required("The rule.")
    before: strawberry.ID | None = optional("The rule before which it is put.")
    after: strawberry.ID | None = optional("The rule behind which it is put.")


@strawberry.type(description="The rule, as it is now.")
class RoutingRulePayload(Payload):
    routing_rule: RoutingRule | None = refetched_row(
        models.RoutingRule, "The rule; null if nothing was done."
    )


@strawberry.input(description="A period on whose cases the rules are tried.")
class RuleTrialStartInput:
    from_on: dt.date = required("The first day; it has begun.")
    until_on: dt.date = required("The last day; at most ten years later.")
    rule: strawberry.ID | None = optional(
        "One rule to try in its place though it is not in use; left out: the list as it stands."
    )


@strawberry.input(description="A dry run to stop.")
class RuleTrialStopInput:
    id: strawberry.ID = required("The dry run.")


@strawberry.type(description="The dry run, as it is now.")
class RuleTrialPayload(Payload):
    rule_trial: RuleTrial | None = refetched_row(models.RuleTrial, "The dry run; null if nothing was done.")


def _save(input: RoutingRuleSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.RoutingRule, Action.CHANGE) as viewer:
        row = must_load(models.RoutingRule, input.id, "id") if input.id else None
        fields = action_kwargs(input, EDGES)
        return {"key": actions.save_rule(row, by=viewer.user, **fields).key}


def _move(input: RoutingRuleMoveInput) -> dict[str, Any]:
    with scope.elevated_for(models.RoutingRule, Action.CHANGE) as viewer:
        row = must_load(models.RoutingRule, input.id, "id")
        others = action_kwargs(input, {"before": models.RoutingRule, "after": models.RoutingRule})
        return {"key": actions.move_rule(row, by=viewer.user, **others).key}


def _start(input: RuleTrialStartInput) -> dict[str, Any]:
    with scope.elevated_for(models.RuleTrial, Action.REGISTER):
        fields = action_kwargs(input, {"rule": models.RoutingRule})
        return {"key": trials.start_trial(by=scope.require_user(), **fields).key}


def _stop(input: RuleTrialStopInput) -> dict[str, Any]:
    key = key_of(models.RuleTrial, input.id)
    with scope.authorized(Action.CHANGE, models.RuleTrial, key) as row:
        trials.stop_trial(row, by=scope.require_viewer().user)
    return {"key": key}


@strawberry.type
class RoutingMutations:
    @strawberry.mutation(description="Add a routing rule, or correct one: an administrator.")
    def routing_rule_save(self, input: RoutingRuleSaveInput) -> RoutingRulePayload:
        return run_mutation(RoutingRulePayload, lambda: _save(input))

    @strawberry.mutation(
        description="Put a routing rule before another or behind it: an administrator. The same again changes nothing."
    )
    def routing_rule_move(self, input: RoutingRuleMoveInput) -> RoutingRulePayload:
        return run_mutation(RoutingRulePayload, lambda: _move(input))

    @strawberry.mutation(description="Try the rules on the cases of a past period; nothing is changed.")
    def rule_trial_start(self, input: RuleTrialStartInput) -> RuleTrialPayload:
        return run_mutation(RuleTrialPayload, lambda: _start(input))

    @strawberry.mutation(description="Stop a dry run.")
    def rule_trial_stop(self, input: RuleTrialStopInput) -> RuleTrialPayload:
        return run_mutation(RuleTrialPayload, lambda: _stop(input))
