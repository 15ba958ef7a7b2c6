"""Dry runs of the rules over a past period: ask for one, work on it piece by piece, stop it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from backend.complaints import catalogue
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.actions import record
from backend.organization.models import User
from backend.routing import reading
from backend.routing.deciding import Decision, Facts, RuleRow, decide
from backend.routing.models import RoutingRule, RuleTrial
from backend.routing.selecting import Selection, received

LONGEST = dt.timedelta(days=3660)
PIECE = dt.timedelta(days=7)
"""So much of the period is one transaction: how far it is, and a stop, are seen after each."""
SAMPLE = 50
MOST_WAYS = 200


@transaction.atomic
def start_trial(
    *, by: User, from_on: dt.date, until_on: dt.date, rule: RoutingRule | None = None
) -> RuleTrial:
    """Let the worker try the rules on the cases of a past period. The same asked again while it is on its way is the
    same trial. INVALID for a period that is none, or lies ahead."""
    if until_on < from_on:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "until_on")
    if from_on > today():
        raise DomainError(ErrorCode.INVALID, _("Choose a period that has begun."), "from_on")
    if until_on - from_on > LONGEST:
        raise DomainError(ErrorCode.INVALID, _("Choose a period of at most ten years."), "from_on")
    with connection.cursor() as cursor:  # two presses at once: the second waits and finds the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"rule trial {by.pk}"])
    open_ones = RuleTrial.objects.filter(
        user=by, status__in=[RuleTrial.Status.WAITING, RuleTrial.Status.RUNNING]
    )
    same = open_ones.filter(rule=rule, from_on=from_on, until_on=until_on).first()
    if same is not None:
        return same
    row = RuleTrial.objects.create(user=by, rule=rule, from_on=from_on, until_on=until_on)
    record(verb="routing_rules_tried", about=row, by=by, label=rule.name if rule else str(row))
    app.configure_task("routing.try_rules").defer(key=str(row.key))
    return row


@transaction.atomic
def stop_trial(row: RuleTrial, *, by: User | None) -> RuleTrial:
    """End one that waits or runs. WRONG_STATE after its end."""
    if not row.is_open:
        raise DomainError(
            ErrorCode.WRONG_STATE, _("This dry run has ended already; there is nothing to stop.")
        )
    row.status, row.ended_at = RuleTrial.Status.STOPPED, timezone.now()
    row.save(update_fields=["status", "ended_at"])
    return row


@dataclass
class Tally:
    """What the rules would have decided, counted."""

    cases: int = 0
    concerned: int = 0
    same: int = 0
    left_to_law: int = 0
    ways: Counter[tuple[int | None, int]] = field(default_factory=Counter)
    """Unit that has the case -> unit by rule."""
    priorities: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[int] = field(default_factory=Counter)
    checklists: int = 0
    sample: list[list[int | None]] = field(default_factory=list)

    def count(self, case: Complaint, found: Decision) -> None:
        """Count what is decided of one case."""
        if not found:
            return
        self.concerned += 1
        self.rules.update({rule.pk for rule in found.rules.values()})
        self.checklists += found.checklist is not None
        if (rule := found.priority) is not None and rule.priority != case.priority:
            self.priorities[case.priority, rule.priority] += 1
        if (rule := found.department) is None:
            return
        unit = case.responsible_department_id
        if unit == rule.department:
            self.same += 1
            return
        self.ways[unit, rule.department or 0] += 1
        if len(self.sample) < SAMPLE:
            self.sample.append([case.pk, unit, rule.department, rule.pk])

    def result(self) -> dict[str, Any]:
        """The counts as they are kept."""
        return {
            "cases": self.cases,
            "concerned": self.concerned,
            "same": self.same,
            "changed": self.ways.total(),
            "left_to_law": self.left_to_law,
            "checklists": self.checklists,
            "ways": [[old, new, n] for (old, new), n in self.ways.most_common(MOST_WAYS)],
            "priorities": [[old, new, n] for (old, new), n in self.priorities.most_common()],
            "rules": [[rule, n] for rule, n in self.rules.most_common()],
        }


def rules_of(trial: RuleTrial) -> list[RuleRow]:
    """What is tried: the list as it stands, or with one rule in its place though it is not in use or is over."""
    rows = RoutingRule.objects.active().not_over()
    if trial.rule_id:
        rows = rows | RoutingRule.objects.filter(pk=trial.rule_id)
    return reading.compared(reading.usable(rows))


def pieces(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The period in pieces, one after the other."""
    while first <= last:
        end = min(first + PIECE - dt.timedelta(days=1), last)
        yield first, end
        first = end + dt.timedelta(days=1)


def tried(trial: RuleTrial, tell: Callable[[int, int], None]) -> Tally:
    """Try the rules on the period, a transaction a piece; dates of rules are left aside, as they lie ahead.

    `tell` hears how many cases were passed and how many there are, after each piece, and may raise to end it.
    """
    tally = Tally()
    with system():
        rules = rules_of(trial)
        around = reading.surroundings(rules)
        selection = Selection(rules, around)
        what = catalogue.current()
        total = received(trial.from_on, trial.until_on).count()
    tell(0, total)
    for first, last in pieces(trial.from_on, trial.until_on):
        with system():
            tally.cases += received(first, last).count()
            for facts, case in selection.rows(first, last):
                found = decide(facts, rules, around, ignore_dates=True)
                lawful = _within_law(found, facts, case, what)
                tally.left_to_law += found.rules.keys() != lawful.rules.keys()
                tally.count(case, lawful)
        tell(tally.cases, total)
    return tally


def _within_law(found: Decision, facts: Facts, case: Complaint, what: Any) -> Decision:
    """What is not the law's; looked at only where something would be another than it is, since it costs most."""
    unit = found.department is not None and found.department.department != case.responsible_department_id
    rank = found.priority is not None and found.priority.priority != case.priority
    if not (unit or rank):
        return found
    urgent = bool(case.danger) or case.priority == Priority.URGENT
    return reading.within_law(found, facts, what, danger=urgent)
