"""What rules do to a new case that comes from outside, and what they propose to the person who decides."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from backend.complaints import actions
from backend.complaints.actions.step import journal_line
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.complaints.teamwork.checklist import add_list_of
from backend.organization.models import Category, Department
from backend.routing import reading
from backend.routing.deciding import Decision, Facts, RuleRow, decide


def proposed(facts: Facts, *, danger: bool = False) -> Decision:
    """What the rules in force say of these facts, within the law."""
    rules = reading.rules_in_force()
    if not rules:
        return Decision()
    return reading.within_law(decide(facts, rules, reading.surroundings(rules)), facts, danger=danger)


def decide_new(
    case: Complaint, *, by_itself: bool, may_rank: bool = True
) -> Callable[[Complaint], None] | None:
    """Decide of a case that is being registered; what is returned is done once it has its number.

    A checklist decides nothing, so it comes with every case. Unit and priority follow only `by_itself`, of rules that
    may act so; otherwise they are proposed to the person who registers or routes. A priority that was chosen stays.
    """
    found = proposed(reading.facts_of(case), danger=bool(case.danger) or not may_rank)
    acting = {name for name, rule in found.rules.items() if by_itself and rule.is_automatic} | {"checklist"}
    found = found.without(*(found.rules.keys() - acting))
    if not found:
        return None
    if found.priority is not None:
        case.priority = found.priority.priority
    return lambda registered: _follow(registered, found)


def _follow(case: Complaint, found: Decision) -> None:
    """Do what the rules say, in the story of the case with their names; its words are everybody's, so Turkish."""
    with translation.override(settings.LANGUAGE_CODE):
        if found.priority is not None:
            label = Priority(found.priority.priority).label
            _note(case, found.priority, _("Priority: %(value)s") % {"value": label})
        if found.checklist is not None:
            category = Category.objects.get(pk=found.checklist.checklist or 0)
            if add_list_of(case, category):
                _note(case, found.checklist, _("Checklist: %(value)s") % {"value": category.name})
        if found.department is not None:
            unit = Department.objects.get(pk=found.department.department or 0)
            actions.route(case, by=None, to=unit, note=reason(found.department), rule=found.department.key)


def _note(case: Complaint, rule: RuleRow, what: str) -> None:
    note = f"{reason(rule)}. {what}"
    journal_line(case, EventType.RULE_APPLIED, by=None, note=note, details={"rule": rule.key})


def reason(rule: RuleRow) -> str:
    """The words by which a rule is named as the reason."""
    return _("Routing rule “%(name)s”") % {"name": rule.name}
