"""The rules and the house as they stand now, read for deciding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

from backend.complaints import catalogue
from backend.complaints.models import Complaint
from backend.complaints.suggestion import Catalogue, suggest
from backend.configuration.office import configured
from backend.organization.calendar import working_calendar
from backend.organization.models import Category, MainArtery
from backend.routing.deciding import Decision, Facts, RuleRow, Surroundings
from backend.routing.models import RoutingRule

MOST_LETTERS = 10_000
"""So much of a text is looked at."""


def rules_in_force() -> list[RuleRow]:
    """The rules in use that are not over, in order, whose unit exists."""
    return compared(usable(RoutingRule.objects.active().not_over()))


def usable(rows: Iterable[RoutingRule]) -> list[RoutingRule]:
    """Those of the rows, in order, of which something can come: a closed department gets nothing."""
    query = rows.in_order().select_related("department")  # type: ignore[attr-defined]
    return [row for row in query if row.department is None or row.department.is_open()]


def compared(rows: Iterable[RoutingRule]) -> list[RuleRow]:
    """The rules as they are compared, in the order of the rows."""
    return [
        RuleRow(
            pk=row.pk,
            name=row.name,
            key=str(row.key),
            is_automatic=row.is_automatic,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            categories=frozenset(row.categories),
            neighbourhoods=frozenset(row.neighbourhoods),
            street=row.street,
            on_main_artery=row.on_main_artery,
            words=tuple(row.words),
            channels=frozenset(row.channels),
            hours=row.hours,
            weekdays=frozenset(row.weekdays),
            department=row.department_id,
            priority=row.priority,
            checklist=row.checklist_id,
        )
        for row in rows
    ]


def surroundings(rules: Iterable[RuleRow] = ()) -> Surroundings:
    """The office's hours and days, and the main arteries where a rule asks for them."""
    calendar = working_calendar()
    asks = any(rule.on_main_artery is not None for rule in rules)
    names = MainArtery.objects.order_by("id").values_list("name", flat=True) if asks else ()
    return Surroundings(
        opens=dt.time.fromisoformat(configured.WORK_FROM),
        closes=dt.time.fromisoformat(configured.WORK_UNTIL),
        works_on=cache(lambda day: calendar.is_working_day(day, with_leave=True)),
        arteries=tuple(names),
    )


def with_those_above(category: Category | None) -> tuple[str, ...]:
    """The code of a category, and of the groups above it."""
    codes: list[str] = []
    while category is not None and category.code not in codes:
        codes.append(category.code)
        category = category.parent
    return tuple(codes)


def facts_of(case: Complaint) -> Facts:
    """What rules look at in a case."""
    return Facts(
        text=f"{case.subject}\n{case.body}"[:MOST_LETTERS],
        place=case.place,
        categories=with_those_above(case.category),
        neighbourhood=case.neighbourhood.code if case.neighbourhood else "",
        channel=case.channel,
        moment=case.registered_at,
    )


def within_law(
    decision: Decision, facts: Facts, what: Catalogue | None = None, *, danger: bool = False
) -> Decision:
    """The decision without what is not the house's to decide: an emergency gets neither unit nor priority by a rule,
    an outside body's business no unit, a sign of danger no priority."""
    if danger:
        decision = decision.without("priority")
    if decision.department is None and decision.priority is None:
        return decision
    category = facts.categories[0] if facts.categories else None
    found = suggest(facts.text, what or catalogue.current(), category=category, place=facts.place)
    if found.emergencies:
        return decision.without("department", "priority")
    return decision.without("department") if found.body else decision
