"""What is wrong between rules: two that can both apply and say different things, and one that never gets its turn.

Pure but for the tree of categories. Words, street and artery are compared as far as the rules alone show: two lists of
words can always stand in one text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backend.complaints.suggestion import keyword_covers
from backend.routing.covering import FIRST, LAST, Cover, Space, under
from backend.routing.deciding import RuleRow, street_form

MOST_CONFLICTS = 100


@dataclass(frozen=True, slots=True)
class Conflict:
    """`earlier` stands before `later` in the order. `effects`: of what they say different things. `is_hidden`: the
    later one never decides anything, since the earlier one, or one of `together`, applies whenever it does;
    `is_certain`: whether that holds of every text, or only of most."""

    earlier: RuleRow
    later: RuleRow
    effects: tuple[str, ...]
    is_hidden: bool = False
    together: tuple[RuleRow, ...] = ()
    is_certain: bool = True

    def concerns(self, pk: int) -> bool:
        """Whether a rule takes part in it."""
        return pk in {rule.pk for rule in (self.earlier, self.later, *self.together)}


def conflicts(rules: Sequence[RuleRow], space: Space) -> list[Conflict]:
    """The conflicts between rules in their order, those of a rule that never gets its turn first: at most a hundred."""
    found: list[Conflict] = []
    hidden: set[int] = set()
    cover = Cover(rules, space)
    for number, later in enumerate(rules):
        before = [rule for rule in rules[:number] if rule.pk not in hidden]
        together = cover.hiders(later, before)
        if together:
            hidden.add(later.pk)
        mostly = together or cover.hiders(later, before, surely=False)
        if mostly:
            found.append(Conflict(mostly[0], later, (), True, mostly, is_certain=bool(together)))
    for earlier, later in combinations([rule for rule in rules if rule.pk not in hidden], 2):
        if len(found) >= MOST_CONFLICTS:
            break
        one, other = earlier.effects, later.effects
        differing = tuple(name for name in one if name in other and one[name] != other[name])
        if differing and meets(earlier, later, space.below) and not covers(later, earlier, space.below):
            found.append(Conflict(earlier, later, differing))
    return found[:MOST_CONFLICTS]


def meets(one: RuleRow, other: RuleRow, below: Mapping[str, frozenset[str]]) -> bool:
    """Whether there can be a case to which both apply."""
    return (
        _share(under(one.categories, below), under(other.categories, below))
        and _share(one.neighbourhoods, other.neighbourhoods)
        and _share(one.channels, other.channels)
        and _share(one.weekdays, other.weekdays)
        and (not one.hours or not other.hours or one.hours == other.hours)
        and (None in (one.on_main_artery, other.on_main_artery) or one.on_main_artery == other.on_main_artery)
        and (not one.street or not other.street or street_form(one.street) == street_form(other.street))
        and max(one.valid_from or FIRST, other.valid_from or FIRST)
        <= min(one.valid_until or LAST, other.valid_until or LAST)
    )


def covers(earlier: RuleRow, later: RuleRow, below: Mapping[str, frozenset[str]]) -> bool:
    """Whether the earlier one applies to every case to which the later one does."""
    return (
        _within(under(later.categories, below), under(earlier.categories, below))
        and _within(later.neighbourhoods, earlier.neighbourhoods)
        and _within(later.channels, earlier.channels)
        and _within(later.weekdays, earlier.weekdays)
        and earlier.hours in ("", later.hours)
        and earlier.on_main_artery in (None, later.on_main_artery)
        and (not earlier.street or street_form(earlier.street) == street_form(later.street))
        and (not earlier.words or _words_within(later.words, earlier.words))
        and (earlier.valid_from or FIRST) <= (later.valid_from or FIRST)
        and (earlier.valid_until or LAST) >= (later.valid_until or LAST)
    )


def _share[T](one: frozenset[T], other: frozenset[T]) -> bool:
    """Whether both can hold; an empty condition holds of all."""
    return not one or not other or not one.isdisjoint(other)


def _within[T](inner: frozenset[T], outer: frozenset[T]) -> bool:
    return not outer or (bool(inner) and inner <= outer)


def _words_within(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether a text that says one of `inner` says one of `outer` too."""
    return bool(inner) and all(any(keyword_covers(wide, word) for wide in outer) for word in inner)
