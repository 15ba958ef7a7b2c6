"""What rules say to people who may not read the rules themselves: a proposal with the rule's name as its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from backend.complaints.danger import danger_in
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import Category, Department, Neighbourhood
from backend.routing import applying, conflicts, reading
from backend.routing.covering import Space
from backend.routing.deciding import Decision, Facts
from backend.routing.models import RoutingRule, RuleTrial
from permissions.core import scope
from permissions.core.scope import Action

MOST_VERSIONS = 50


@dataclass(frozen=True)
class Proposal:
    """What the house's rules propose, each with the name of the rule; what they leave open is None."""

    department: Department | None = None
    department_rule: str = ""
    priority: str = ""
    priority_rule: str = ""
    checklist: Category | None = None
    checklist_rule: str = ""

    def __bool__(self) -> bool:
        return bool(self.department or self.priority or self.checklist)


def proposal_on(
    text: str,
    *,
    place: str = "",
    category: Category | None = None,
    neighbourhood: Neighbourhood | None = None,
    channel: str = "",
    moment: dt.datetime | None = None,
) -> Proposal:
    """What the rules propose for a matter that is being taken down."""
    with system():
        facts = Facts(
            text=text[: reading.MOST_LETTERS],
            place=place[:300],
            categories=reading.with_those_above(category),
            neighbourhood=neighbourhood.code if neighbourhood else "",
            channel=channel,
            moment=moment or timezone.now(),
        )
        return _named(applying.proposed(facts, danger=bool(danger_in(facts.text))))


def proposal_for(case: Complaint) -> Proposal:
    """What the rules propose for a case that the viewer sees."""
    with system():
        return _named(applying.proposed(reading.facts_of(case), danger=bool(case.danger)))


def _named(found: Decision) -> Proposal:
    department, priority, checklist = found.department, found.priority, found.checklist
    return Proposal(
        department=Department.objects.get(pk=department.department or 0) if department else None,
        department_rule=department.name if department else "",
        priority=priority.priority if priority else "",
        priority_rule=priority.name if priority else "",
        checklist=Category.objects.get(pk=checklist.checklist or 0) if checklist else None,
        checklist_rule=checklist.name if checklist else "",
    )


def current_conflicts() -> list[conflicts.Conflict]:
    """The conflicts between the rules in use, for who reads them."""
    rows = scope.visible(RoutingRule.objects.active().not_over())
    places = frozenset(Neighbourhood.objects.values_list("code", flat=True))
    return conflicts.conflicts(reading.compared(rows.in_order()), Space(_below(), places, today()))


def _below() -> dict[str, frozenset[str]]:
    """Code of a category -> it and all below it."""
    found: dict[str, set[str]] = {}
    rows = {row.pk: row for row in Category.objects.only("pk", "code", "parent")}
    for row in rows.values():
        above, seen = row, set[int]()
        while above.pk not in seen:
            seen.add(above.pk)
            found.setdefault(above.code, set()).add(row.code)
            above = rows.get(above.parent_id or 0, above)
    return {code: frozenset(codes) for code, codes in found.items()}


def versions(rule: RoutingRule, shown: Callable[[QuerySet[Any]], QuerySet[Any]]) -> list[Any]:
    """How a rule stood, the newest first; for who sees the rule. `shown`: what the rows are to bring along."""
    if not scope.can(Action.VIEW, rule):
        return []
    with system():
        events: Any = apps.get_model("routing", "RoutingRuleEvent")
        rows = events.objects.filter(pgh_obj_id=rule.pk).select_related("department", "checklist")
        return list(shown(rows).order_by("-pgh_id")[:MOST_VERSIONS])


def sample_of(trial: RuleTrial) -> list[tuple[Complaint, int | None, int, int]]:
    """The cases of a dry run's sample that the viewer sees, with the unit now, the unit by rule, and the rule."""
    cases = scope.visible(Complaint).in_bulk([line[0] for line in trial.sample])
    return [(cases[pk], old, new, rule) for pk, old, new, rule in trial.sample if pk in cases]


def names_of(keys: Iterable[int | None]) -> dict[int, str]:
    """The short names of departments by their numbers, open or closed."""
    rows = Department.objects.filter(pk__in={key for key in keys if key})
    return dict(rows.values_list("pk", "short_name"))
