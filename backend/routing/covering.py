"""Whether rules that stand before another one leave it a case to decide: the cases are a space, each rule is a part.

Category, neighbourhood, channel, day, hours and artery are finite sets, so the answer of these is exact. Of the text
that a rule asks for it is known only which of the rule's words stands in it: every word is a coordinate. Where an
earlier rule's words lie in that word with others between them, it mostly applies too, and not always: only then the
answer is “may”.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backend.complaints.choices import Channel
from backend.complaints.suggestion import keyword_covers, names_one
from backend.routing.deciding import RuleRow, street_form

FIRST, LAST, A_DAY = dt.date.min, dt.date.max, dt.timedelta(days=1)
MOST_STEPS = 5_000
"""So many parts are looked at for a rule. Rules cut so finely that this is not enough are not told: the question is
exponential in the worst case."""

type Part = tuple[int, ...]
"""Of each coordinate the set of its values, as bits."""


@dataclass(frozen=True)
class Space:
    """Everything that a case can be. `below`: code of a category -> it and all below it; `neighbourhoods`: all codes;
    `since`: the first day that is asked about."""

    below: Mapping[str, frozenset[str]]
    neighbourhoods: frozenset[str] = frozenset()
    since: dt.date = FIRST

    def under(self, codes: Iterable[str]) -> frozenset[str]:
        """The categories of which a condition on these holds."""
        return under(codes, self.below)

    @cached_property
    def categories(self) -> frozenset[str]:
        """Every category, and that a case has none yet."""
        return self.under(self.below) | {""}


def under(codes: Iterable[str], below: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the categories of which a condition on these holds."""
    return frozenset[str]().union(*(below.get(code, frozenset({code})) for code in codes))


class Cover:
    """The rules of a list as parts of the space; `hiders` asks which of them leave another one nothing."""

    def __init__(self, rules: Sequence[RuleRow], space: Space) -> None:
        self.space = space
        named = frozenset[str]().union(*(rule.neighbourhoods for rule in rules))
        self.coordinates: tuple[tuple[object, ...], ...] = (
            tuple(sorted(space.categories | space.under(code for rule in rules for code in rule.categories))),
            tuple(sorted(space.neighbourhoods | named | {""})),
            tuple(Channel.values),
            tuple(_days(rules, space.since)),
            ("WORKING", "OUTSIDE"),
            (True, False),
        )
        self.parts = {rule.pk: self._part(rule) for rule in rules}

    def hiders(
        self, later: RuleRow, earlier: Sequence[RuleRow], *, surely: bool = True
    ) -> tuple[RuleRow, ...]:
        """The rules, as few as can be, that stand before a rule and decide everything that it would; none if it has a
        case left. `surely`: by what certainly applies, otherwise by what mostly does."""
        whole = (*self.parts[later.pk], (1 << max(1, len(later.words))) - 1)
        if not all(whole):
            return ()  # it applies to nothing: nothing hides it
        lies_in = keyword_covers if surely else _names
        found = {rule.pk: (rule, self._beside(rule, later, whole, lies_in)) for rule in earlier}
        useful = [
            (rule, part)
            for rule, part in found.values()
            if part and rule.effects.keys() & later.effects.keys()
        ]
        for one in useful:
            if _hides([one], later, whole):
                return (one[0],)
        if len(useful) < 2 or not _hides(useful, later, whole):
            return ()
        for one in reversed(useful):
            fewer = [other for other in useful if other is not one]
            useful = fewer if _hides(fewer, later, whole) else useful
        return tuple(rule for rule, _part in useful)

    def _part(self, rule: RuleRow) -> Part:
        under = self.space.under(rule.categories)
        holds: tuple[Callable[[Any], bool], ...] = (
            lambda value: not rule.categories or value in under,
            lambda value: not rule.neighbourhoods or value in rule.neighbourhoods,
            lambda value: not rule.channels or value in rule.channels,
            lambda value: _holds_on(rule, *value),
            lambda value: rule.hours in ("", value),
            lambda value: rule.on_main_artery in (None, value),
        )
        return tuple(
            sum(1 << at for at, value in enumerate(values) if test(value))
            for values, test in zip(self.coordinates, holds, strict=True)
        )

    def _beside(
        self, rule: RuleRow, later: RuleRow, whole: Part, lies_in: Callable[[str, str], bool]
    ) -> Part | None:
        """Where a rule applies of what another one applies to; None if it is nowhere known to."""
        if rule.street and not _lies_within(street_form(later.street), street_form(rule.street)):
            return None
        said = sum(
            1 << at for at, word in enumerate(later.words) if any(lies_in(wide, word) for wide in rule.words)
        )
        part = (*self.parts[rule.pk], said if rule.words else whole[-1])
        return part if all(one & other for one, other in zip(part, whole, strict=True)) else None


def _names(wide: str, narrow: str) -> bool:
    return names_one(narrow, [wide])


def _lies_within(street: str, wanted: str) -> bool:
    return bool(wanted) and (street == wanted or street.endswith(f" {wanted}"))


def _days(rules: Sequence[RuleRow], since: dt.date) -> Iterable[tuple[dt.date, int]]:
    """The days that rules can tell apart: of each stretch in which the same ones are valid, its days of the week."""
    begins = {rule.valid_from for rule in rules if rule.valid_from}
    begins |= {rule.valid_until + A_DAY for rule in rules if rule.valid_until and rule.valid_until < LAST}
    ordered = [since, *sorted(begin for begin in begins if begin > since)]
    for begin, end in zip(ordered, [*ordered[1:], None], strict=True):
        for number in range(7 if end is None else min(7, (end - begin).days)):
            yield begin, (begin.isoweekday() - 1 + number) % 7 + 1


def _holds_on(rule: RuleRow, day: dt.date, weekday: int) -> bool:
    return (not rule.weekdays or weekday in rule.weekdays) and (
        (rule.valid_from or FIRST) <= day <= (rule.valid_until or LAST)
    )


def _hides(rules: Sequence[tuple[RuleRow, Part]], later: RuleRow, whole: Part) -> bool:
    """Whether each effect of the later rule is decided by one of these wherever it applies."""
    return all(
        _is_covered(whole, [part for rule, part in rules if effect in rule.effects])
        for effect in later.effects
    )


def _is_covered(whole: Part, parts: Sequence[Part]) -> bool:
    """Whether the parts together are the whole: what each leaves over is looked for in those behind it."""
    left, steps = [(whole, 0)], 0
    while left:
        piece, number = left.pop()
        while number < len(parts) and not all(
            one & other for one, other in zip(piece, parts[number], strict=True)
        ):
            number += 1
        steps += 1
        if number == len(parts) or steps > MOST_STEPS:
            return False
        for at, taken in enumerate(parts[number]):
            if rest := piece[at] & ~taken:
                left.append(((*piece[:at], rest, *piece[at + 1 :]), number + 1))
            piece = (*piece[:at], piece[at] & taken, *piece[at + 1 :])
    return True
