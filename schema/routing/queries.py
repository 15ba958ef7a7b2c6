"""Asking for routing rules: the list in order, conflicts, proposals, dry runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Annotated, Any, cast

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints import models as complaints
from backend.organization import models as organization
from backend.routing import models
from permissions.core import scope
from permissions.routing import access
from schema.complaints.types import Complaint, ComplaintChannel
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import key_of, load
from schema.core.scalars import at_most, cleaned
from schema.routing.types import (
    RoutingConflict,
    RoutingProposal,
    RoutingRule,
    RuleTrial,
    RuleTrialCase,
    RuleTrialResult,
    RuleTrialWay,
)

IN_ORDER = Keyset("routing_rule", "position", int)
NEWEST = Keyset("rule_trial", "asked_at", dt.datetime, descending=True)
MAX_TEXT = 20_000
ActiveOnly = Annotated[bool, strawberry.argument(description="Only those in use.")]


@strawberry.type
class RoutingQueries:
    @connection_field(description="The routing rules in their order: for the office and the administrators.")
    def routing_rules(
        self, info: strawberry.Info, page: Page, active_only: ActiveOnly = False
    ) -> Connection[RoutingRule]:
        rows = models.RoutingRule.objects.all()
        return listed(rows.active() if active_only else rows, IN_ORDER, page, info)

    @strawberry.field(
        description="The conflicts between the rules in use: first those of a rule that never gets its turn. For who"
        " reads the rules; empty for others."
    )
    def routing_conflicts(self) -> list[RoutingConflict]:
        scope.require_viewer()
        found = access.current_conflicts()
        keys = {rule.pk for one in found for rule in (one.earlier, one.later, *one.together)}
        rows: Any = scope.visible(models.RoutingRule).in_bulk(keys)
        return [
            RoutingConflict(
                earlier=cast(RoutingRule, rows.get(one.earlier.pk)),
                later=cast(RoutingRule, rows.get(one.later.pk)),
                is_hidden=one.is_hidden,
                hiding_rules=[rows[rule.pk] for rule in one.together if rule.pk in rows],
                is_certain=one.is_certain,
                effects=list(one.effects),
            )
            for one in found
        ]

    @strawberry.field(
        description="What the house's rules propose for a case, or for a matter that is being taken down."
    )
    def routing_proposal(
        self,
        complaint: Annotated[
            strawberry.ID | None, strawberry.argument(description="The case; the rest is then left out.")
        ] = None,
        text: Annotated[str, strawberry.argument(description="The words of the matter.")] = "",
        place: Annotated[str, strawberry.argument(description="The street part of the address.")] = "",
        category: Annotated[
            strawberry.ID | None, strawberry.argument(description="What it is about.")
        ] = None,
        neighbourhood: Annotated[
            strawberry.ID | None, strawberry.argument(description="The neighbourhood.")
        ] = None,
        channel: Annotated[ComplaintChannel | None, strawberry.argument(description="How it came.")] = None,
    ) -> RoutingProposal:
        scope.require_viewer()
        if complaint is not None:
            case = scope.get(
                complaints.Complaint, key_of(complaints.Complaint, complaint, "complaint"), field="complaint"
            )
            found = access.proposal_for(case)
        else:
            found = access.proposal_on(
                cleaned(at_most(text, MAX_TEXT, "text", _("This text is too long."))),
                place=cleaned(place)[:300],
                category=load(organization.Category, category, "category"),
                neighbourhood=load(organization.Neighbourhood, neighbourhood, "neighbourhood"),
                channel=str(channel) if channel else "",
            )
        shown = {one.name: getattr(found, one.name) for one in fields(found)}
        return RoutingProposal(**{**shown, "priority": found.priority or None})

    @connection_field(description="The dry runs of the rules, the newest first.")
    def rule_trials(self, info: strawberry.Info, page: Page) -> Connection[RuleTrial]:
        return listed(models.RuleTrial.objects.all(), NEWEST, page, info)

    @strawberry.field(description="What would change by a dry run, in detail; empty before its end.")
    def rule_trial_result(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The dry run.")]
    ) -> RuleTrialResult:
        scope.require_viewer()
        trial = scope.get(models.RuleTrial, key_of(models.RuleTrial, id), field="id")
        sample = access.sample_of(trial)
        ways = trial.result.get("ways", [])
        units = {key for old, new, _n in ways for key in (old, new)} | {
            key for _case, old, new, _rule in sample for key in (old, new)
        }
        departments: Any = organization.Department.objects.in_bulk([key for key in units if key])
        rules: Any = scope.visible(models.RoutingRule).in_bulk([rule for *_case, rule in sample])
        return RuleTrialResult(
            ways=[
                RuleTrialWay(
                    old_department=departments.get(old), new_department=departments.get(new), count=n
                )
                for old, new, n in ways
            ],
            sample=[
                RuleTrialCase(
                    complaint=cast(Complaint, case),
                    old_department=departments.get(old),
                    new_department=departments.get(new),
                    rule=rules.get(rule),
                )
                for case, old, new, rule in sample
            ],
        )
