"""What rules are made of: filters, the actions besides verbs, and the tables of verbs over one kind of row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, Subquery, TextChoices
from django.db.models.lookups import IsNull

from backend.journal.action_table import ActionTable
from permissions.core.viewer import Viewer

EVERYTHING = Q()
NOTHING = Q(pk__in=[])


class Action(StrEnum):
    """What may be done besides the verbs of a row."""

    VIEW = "VIEW"
    CORRECT = "CORRECT"
    MERGE = "MERGE"
    REVEAL = "REVEAL"
    GIVE = "GIVE"
    TAKE = "TAKE"
    REVOKE = "REVOKE"
    REGISTER = "REGISTER"
    CHANGE = "CHANGE"
    PLAN = "PLAN"
    BRIEF = "BRIEF"
    BEGIN = "BEGIN"
    INSTRUCT = "INSTRUCT"
    ANONYMISE = "ANONYMISE"
    REPORT = "REPORT"
    FOLLOW = "FOLLOW"


Rule = Callable[[Viewer], Q]
Allowed = frozenset[str] | Callable[[], frozenset[str]]


def all_if(condition: bool) -> Q:
    return EVERYTHING if condition else NOTHING


def either(filters: Iterable[Any]) -> Q:
    """OR that stays small: one EVERYTHING wins, NOTHING is left out."""
    parts: list[Q] = []
    for part in filters:
        if part == EVERYTHING:
            return EVERYTHING
        if part != NOTHING and part not in parts:
            parts.append(part)
    result = NOTHING
    for i, part in enumerate(parts):
        result = part if i == 0 else result | part
    return result


def both(one: Q, other: Q) -> Q:
    """AND that stays small."""
    if NOTHING in (one, other):
        return NOTHING
    if one == EVERYTHING:
        return other
    return one if other == EVERYTHING else one & other


@dataclass(frozen=True)
class SeenAsOwner:
    """The rule of a child row: visible when the row that this key of it leads to is, and otherwise only by `also`.

    Who reached it from its visible owner need not ask it again (`scope.of_visible_owner`).
    """

    owner: type[Model]
    rule: Rule
    key: str
    also: Rule | None = None

    def __call__(self, viewer: Viewer) -> Q:
        rule, also = self.rule(viewer), self.also(viewer) if self.also else NOTHING
        if rule in (EVERYTHING, NOTHING):
            return either([also, rule])
        owner = self.owner._default_manager.filter(rule, pk=OuterRef(self.key))
        if also == NOTHING:
            return Q(Exists(owner))
        # Not EXISTS: behind an OR the planner hashes it, and reads every visible owner for the rows of one page.
        return either([also, Q(IsNull(Subquery(owner.values("pk")[:1]), False))])


@dataclass(frozen=True)
class VerbTable:
    """One kind of row with declared actions: what a viewer can be to it, and who may do what.

    A relation is a filter over the table. The state of the row must allow the verb too (`actions`).
    """

    actions: ActionTable[Any, Any]
    model: type[Model]
    relations: Mapping[Any, Rule]
    rules: Mapping[str, Allowed]
    seen: Rule
    """The rows with any relation that may VIEW, written so that indexes serve it."""

    @property
    def verbs(self) -> type[TextChoices]:
        return self.actions.verbs

    @property
    def statuses(self) -> type[TextChoices]:
        return self.actions.statuses

    @cached_property
    def applies(self) -> dict[Any, Q]:
        """The rows that give a verb something to act upon, beyond their state; the other verbs always have."""
        return {one.verb: one.applies for one in self.actions.in_order() if one.applies is not None}

    def allowed(self, action: str) -> frozenset[str]:
        """The relations that may do it."""
        rule = self.rules[action]
        return rule() if callable(rule) else rule

    def filter(self, viewer: Viewer, action: str = Action.VIEW) -> Q:
        """The rows to which `viewer` may do `action`."""
        if action == Action.VIEW:
            return self.seen(viewer)
        return either(self.relations[relation](viewer) for relation in sorted(self.allowed(action)))

    def allowed_verbs(self, held: Set[str], status: str, without: Set[Any] = frozenset()) -> list[Any]:
        """The verbs for a viewer who is this to a row in this state, in the table's order, but for `without`."""
        verbs = (verb for verb in self.verbs if verb not in without)
        return [verb for verb in verbs if held & self.allowed(verb) and self.actions.allows(verb, status)]

    def as_rules(self) -> dict[str, Rule]:
        others = {action: partial(self._rule, action) for action in self.rules}
        return {**others, Action.VIEW: self.seen}

    def _rule(self, action: str, viewer: Viewer) -> Q:
        return self.filter(viewer, action)
