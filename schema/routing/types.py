"""Routing rules and their dry runs, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry
from django.db.models import IntegerField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from backend.routing import models
from schema.complaints.types import Complaint, ComplaintChannel, ComplaintPriority
from schema.core.fields import choice, column, expression
from schema.core.nodes import Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Category, Department, StaffMember

RoutingHours = described_enum(models.Hours, "RoutingHours", "When a case comes in, by the office's hours.")
RuleTrialStatus = described_enum(models.RuleTrial.Status, "RuleTrialStatus", "How far a dry run is.")


@node_type(models.RoutingRule, "RoutingRule")
class RoutingRule(Node, Scoped):
    """Conditions of a case and what follows (yönlendirme kuralı). An empty condition holds of every case."""

    name: str = column("What it is called; its name stands as the reason.")
    position: int = column("Its place in the order: the first rule that applies decides.")
    is_active: bool = column("Whether it is in use.")
    is_automatic: bool = column(
        "Whether it acts by itself on what comes from outside; otherwise it proposes."
    )
    valid_from: dt.date | None = column("The first day on which it holds.")
    valid_until: dt.date | None = column("The last one.")
    categories: list[str] = column("Codes of categories; each holds of those below it too.")
    neighbourhoods: list[str] = column("Codes of neighbourhoods.")
    street: str = column("The street, in any usual spelling.")
    on_main_artery: bool | None = column("Whether the place is a main artery; null: wherever it is.")
    words: list[str] = column("Words of which the text says one, with any ending.")
    channels: list[ComplaintChannel] = column("How the case comes.")
    received_within: RoutingHours | None = choice("When it comes, by the office's hours.", "hours")
    weekdays: list[int] = column("On which days of the week, from 1, Monday, to 7.")
    department: Department | None = column("Effect: the department that is responsible.")
    ranked: ComplaintPriority | None = choice("Effect: how urgent it is.", "priority")
    checklist: Category | None = column(
        "Effect: the category whose list of things to be done the case gets too."
    )


def _counted(name: str) -> Cast:
    return Cast(KeyTextTransform(name, "result"), IntegerField())


@node_type(models.RuleTrial, "RuleTrial")
class RuleTrial(Node, Scoped):
    """A dry run of the rules over a past period (deneme). Counts are over all cases that the house sees."""

    user: StaffMember | None = column("Who asked for it.", name="askedBy")
    rule: RoutingRule | None = column("The one rule that is tried in its place; null: the list as it stands.")
    from_on: dt.date = column("The first day of the period.")
    until_on: dt.date = column("The last one.")
    status: RuleTrialStatus = column("How far it is.")
    asked_at: dt.datetime = column("When it was asked for.")
    ended_at: dt.datetime | None = column("When it ended.")
    cases_total: int | None = column("How many cases the period has; null while unknown.")
    cases_read: int = column("How many were looked at.")
    concerned: int | None = expression("To how many a rule applies.", _counted("concerned"))
    same: int | None = expression("How many of these have the department of the rule.", _counted("same"))
    changed: int | None = expression("How many would get another department.", _counted("changed"))
    left_to_law: int | None = expression(
        "How many are left out: an outside body's, an emergency, or urgent already.", _counted("left_to_law")
    )
    fault: str = column("Why it failed, and what to do; empty if it did not.")


@strawberry.type(description="Cases of a dry run that would go another way.")
class RuleTrialWay:
    old_department: Department | None = strawberry.field(
        name="fromDepartment", description="The department that has them; null: none."
    )
    new_department: Department | None = strawberry.field(
        name="toDepartment", description="The one that a rule says."
    )
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="A case of a dry run that would go another way.")
class RuleTrialCase:
    complaint: Complaint | None = strawberry.field(description="The case, as far as the viewer sees it.")
    old_department: Department | None = strawberry.field(
        name="fromDepartment", description="The department that has it; null: none."
    )
    new_department: Department | None = strawberry.field(
        name="toDepartment", description="The one that a rule says."
    )
    rule: RoutingRule | None = strawberry.field(description="The rule.")


@strawberry.type(description="What would change, in detail.")
class RuleTrialResult:
    ways: list[RuleTrialWay] = strawberry.field(description="From which department to which, the most first.")
    sample: list[RuleTrialCase] = strawberry.field(
        description="At most fifty of them, those that the viewer sees."
    )


@strawberry.type(description="Rules in use, in their order, that do not go together.")
class RoutingConflict:
    earlier: RoutingRule | None = strawberry.field(
        description="The one that decides; of several that hide another one together the first."
    )
    later: RoutingRule | None = strawberry.field(description="The one behind it.")
    is_hidden: bool = strawberry.field(
        description="The later one never decides anything: the earlier ones apply whenever it does."
    )
    hiding_rules: list[RoutingRule] = strawberry.field(
        description="The fewest rules that leave the later one nothing to decide; empty if it is not hidden."
    )
    is_certain: bool = strawberry.field(
        description="False: by their words the earlier ones mostly apply whenever the later one does, not always."
    )
    effects: list[str] = strawberry.field(
        description="Otherwise: of what they say different things where both apply (department, priority, checklist)."
    )


@strawberry.type(
    description="What the house's own rules propose, each with the rule that is the reason. What is the law's stands"
    " above: an outside body's business and an emergency get no department, a sign of danger no priority."
)
class RoutingProposal:
    department: Department | None = strawberry.field(
        description="The department; null where no rule says one."
    )
    department_rule: str = strawberry.field(description="The name of the rule that says so; otherwise empty.")
    priority: ComplaintPriority | None = strawberry.field(
        description="The priority; null where no rule says one."
    )
    priority_rule: str = strawberry.field(description="The name of the rule that says so; otherwise empty.")
    checklist: Category | None = strawberry.field(
        description="The category whose list of things to be done a new case gets too."
    )
    checklist_rule: str = strawberry.field(description="The name of the rule that says so; otherwise empty.")
