"""What rules decide of a case. Pure: rules and facts in, decision out.

The first rule in order that applies and has an effect decides it, each effect by itself: the unit may be one rule's,
the priority another's. What is the law's stands above: the business of an outside body and an emergency get no unit
by a rule, and a sign of danger no priority.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from backend.complaints.suggestion import is_main_artery, names_one
from backend.core.localtime import ISTANBUL
from backend.core.words import places

EFFECTS = ("department", "priority", "checklist")


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at. `categories`: the code of the case's category and of those above it; `moment`: when the case
    was received."""

    text: str = ""
    place: str = ""
    categories: tuple[str, ...] = ()
    neighbourhood: str = ""
    channel: str = ""
    moment: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as it is compared. `pk` is its number, `department`, `checklist` those of the rows that it names."""

    pk: int
    name: str
    key: str = ""
    is_automatic: bool = False
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    categories: frozenset[str] = frozenset()
    neighbourhoods: frozenset[str] = frozenset()
    street: str = ""
    on_main_artery: bool | None = None
    words: tuple[str, ...] = ()
    channels: frozenset[str] = frozenset()
    hours: str = ""
    weekdays: frozenset[int] = frozenset()
    department: int | None = None
    priority: str = ""
    checklist: int | None = None

    @property
    def effects(self) -> dict[str, object]:
        """What it decides, by the name of the effect."""
        return {name: value for name in EFFECTS if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What conditions refer to outside the case: the hours of the office, its working days, and the main arteries."""

    opens: dt.time
    closes: dt.time
    works_on: Callable[[dt.date], bool]
    arteries: tuple[str, ...] = ()

    def is_working(self, moment: dt.datetime) -> bool:
        """Whether a moment lies within the hours of a working day."""
        local = moment.astimezone(ISTANBUL)
        return self.works_on(local.date()) and self.opens <= local.time() < self.closes


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule decides which effect; none: nothing is decided."""

    rules: Mapping[str, RuleRow] = field(default_factory=dict)

    @property
    def department(self) -> RuleRow | None:
        return self.rules.get("department")

    @property
    def priority(self) -> RuleRow | None:
        return self.rules.get("priority")

    @property
    def checklist(self) -> RuleRow | None:
        return self.rules.get("checklist")

    def without(self, *effects: str) -> Decision:
        """The same without effects that are not the house's to decide."""
        return replace(self, rules={name: rule for name, rule in self.rules.items() if name not in effects})

    def __bool__(self) -> bool:
        return bool(self.rules)


def decide(
    facts: Facts, rules: Iterable[RuleRow], around: Surroundings, *, ignore_dates: bool = False
) -> Decision:
    """Return what the rules, in their order, decide of a case. `ignore_dates`: as if each were valid on its day."""
    found: dict[str, RuleRow] = {}
    for rule in rules:
        wanted = rule.effects.keys() - found.keys()
        if wanted and applies(rule, facts, around, ignore_dates=ignore_dates):
            found |= dict.fromkeys(wanted, rule)
            if len(found) == len(EFFECTS):
                break
    return Decision({name: found[name] for name in EFFECTS if name in found})


def applies(rule: RuleRow, facts: Facts, around: Surroundings, *, ignore_dates: bool = False) -> bool:
    """Whether all of its conditions hold; the text, which costs most, is looked at last."""
    return (
        (not rule.categories or not rule.categories.isdisjoint(facts.categories))
        and (not rule.neighbourhoods or facts.neighbourhood in rule.neighbourhoods)
        and (not rule.channels or facts.channel in rule.channels)
        and _comes_in_time(rule, facts.moment, around, ignore_dates)
        and (not rule.street or lies_in(facts.place, rule.street))
        and (rule.on_main_artery is None or rule.on_main_artery is on_main_artery(facts, around.arteries))
        and (not rule.words or names_one(facts.text, rule.words))
    )


def _comes_in_time(
    rule: RuleRow, moment: dt.datetime | None, around: Surroundings, ignore_dates: bool
) -> bool:
    if moment is None:
        return not (rule.hours or rule.weekdays or rule.valid_from or rule.valid_until)
    day = moment.astimezone(ISTANBUL).date()
    return (
        (not rule.weekdays or day.isoweekday() in rule.weekdays)
        and (not rule.hours or (rule.hours == "WORKING") is around.is_working(moment))
        and (ignore_dates or ((rule.valid_from or day) <= day <= (rule.valid_until or day)))
    )


def on_main_artery(facts: Facts, arteries: Sequence[str]) -> bool:
    """Whether place or text names a main artery, as a suggestion finds it."""
    return is_main_artery(facts.place, arteries) or is_main_artery(facts.text, arteries)


def lies_in(place: str, street: str) -> bool:
    """Whether a place is in a street, in any usual spelling: "Merkez Mah. İğdeli Sk. 4" is in "İğdeli Sokak"."""
    there, wanted = places.street(place), street_form(street)
    return bool(wanted) and (there == wanted or there.endswith(f" {wanted}"))


@lru_cache(maxsize=1000)
def street_form(street: str) -> str:
    """The name of a street as places are compared with it; "" for what is none."""
    return places.street(street)
