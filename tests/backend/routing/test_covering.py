"""A rule that several others hide together is found: as often as trying every case finds it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.complaints.choices import Channel
from backend.core.localtime import ISTANBUL
from backend.routing.conflicts import Conflict, conflicts
from backend.routing.covering import Space
from backend.routing.deciding import Facts, RuleRow, Surroundings, decide

MONDAY = dt.date(2026, 11, 23)
DAYS = [MONDAY + dt.timedelta(days=number) for number in range(12)]
BELOW = {"hayvan": frozenset({"hayvan", "kopek"}), "kopek": frozenset({"kopek"})}
SPACE = Space(BELOW, frozenset({"yayla"}), MONDAY)
HOUSE = Surroundings(
    opens=dt.time(8), closes=dt.time(17), works_on=lambda _day: True, arteries=("Demokrasi Caddesi",)
)
WEB = frozenset({"WEB"})
NOT_WEB = frozenset(Channel.values) - WEB


def rule(pk: int, **conditions: object) -> RuleRow:
    return RuleRow(pk=pk, name=f"Kural {pk}", **({"department": pk} | conditions))


def hidden(rules: Sequence[RuleRow], space: Space = SPACE) -> dict[int, Conflict]:
    return {one.later.pk: one for one in conflicts(rules, space) if one.is_hidden}


def cases() -> Iterator[Facts]:
    """One of each kind of case that the rules below can tell apart."""
    for categories, place, channel, day, hour, text, neighbourhood in product(
        ((), ("hayvan",), ("kopek", "hayvan")),
        ("", "Demokrasi Caddesi 1"),
        ("WEB", "PHONE"),
        DAYS,
        (10, 20),
        ("", "köpek", "kedi"),
        ("", "yayla"),
    ):
        moment = dt.datetime.combine(day, dt.time(hour), ISTANBUL)
        yield Facts(text, place, categories, neighbourhood, channel, moment)


CASES = list(cases())
SOME_DAY = st.none() | st.sampled_from(DAYS[:4])


@st.composite
def rules(draw: st.DrawFn) -> list[RuleRow]:
    """Few wide conditions, so that together they often hide one."""
    found = []
    for pk in range(1, draw(st.integers(2, 5)) + 1):
        conditions: dict[str, object] = draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "categories": st.sampled_from([frozenset({"hayvan"}), frozenset({"kopek"})]),
                    "channels": st.sampled_from([WEB, NOT_WEB]),
                    "hours": st.sampled_from(["WORKING", "OUTSIDE"]),
                    "on_main_artery": st.booleans(),
                    "neighbourhoods": st.just(frozenset({"yayla"})),
                    "weekdays": st.sampled_from([frozenset({1, 2}), frozenset({3, 4, 5, 6, 7})]),
                    "words": st.sampled_from([("köpek",), ("kedi",), ("köpek", "kedi")]),
                    "priority": st.just("HIGH"),
                },
            )
        )
        kept = draw(st.sets(st.sampled_from(sorted(conditions)), max_size=3)) if conditions else set()
        first, last = draw(st.just((None, None)) | st.tuples(SOME_DAY, SOME_DAY))
        if not (first and last and last < first):
            conditions |= {"valid_from": first, "valid_until": last}
            kept |= {"valid_from", "valid_until"}
        found.append(rule(pk, **{name: conditions[name] for name in kept}))
    return found


@given(rules())
def test_a_rule_is_hidden_exactly_where_no_case_is_decided_by_it(found: list[RuleRow]) -> None:
    deciding = {one.pk for case in CASES for one in decide(case, found, HOUSE).rules.values()}
    alone = {one.pk for one in found if any(decide(case, [one], HOUSE).rules for case in CASES)}
    told = hidden(found)
    assert told.keys() == alone - deciding, "what applies on no day that is left is hidden by none"
    for conflict in told.values():
        assert conflict.is_certain
        for one in conflict.together:
            fewer = [other for other in conflict.together if other is not one]
            assert conflict.later.pk not in hidden([*fewer, conflict.later]), "none of them can be spared"


def test_several_rules_hide_one_together() -> None:
    web, others = rule(1, channels=WEB), rule(2, channels=NOT_WEB)
    late = rule(4, categories=frozenset({"kopek"}))
    (conflict,) = hidden([web, rule(3, channels=frozenset({"SMS"})), others, late]).values()
    assert [one.pk for one in conflict.together] == [1, 2]
    assert (conflict.earlier.pk, conflict.is_certain) == (1, True)
    assert conflict.concerns(2)
    assert not conflict.concerns(3)
    assert not hidden([web, replace(others, channels=NOT_WEB - {"SMS"}), late])
    unit, rank = rule(1, channels=WEB), rule(2, department=None, priority="HIGH")
    assert hidden([unit, rank, rule(3, channels=WEB, priority="LOW")]).keys() == {3}, (
        "each effect by another rule"
    )
    over = rule(1, valid_from=MONDAY - dt.timedelta(days=9))
    assert hidden([over, late]).keys() == {4}, "what was before today is past"


@pytest.mark.parametrize(
    ("words", "certain"), [(("çöp kutusu", "lamba"), True), (("çöp metal kutusu", "lamba"), False)]
)
def test_words_that_mostly_apply_are_told_as_maybe(words: tuple[str, ...], certain: bool) -> None:
    bins, lamps = rule(1, words=("çöp kutu",)), rule(2, words=("lamba", "kedi"))
    (conflict,) = hidden([bins, lamps, rule(3, words=words)]).values()
    assert ([one.pk for one in conflict.together], conflict.is_certain) == ([1, 2], certain)
    assert not hidden([bins, rule(3, words=words)])


def test_a_street_lies_in_one_whose_name_is_its_end() -> None:
    wide, narrow = rule(1, street="Çiçek Sokak"), rule(2, street="Mor Çiçek Sokağı")
    assert hidden([wide, narrow]).keys() == {2}
    assert not hidden([narrow, wide])


def test_a_hundred_finely_cut_rules_are_answered() -> None:
    cuts = product(range(1, 8), Channel.values)
    week = [
        rule(pk, weekdays=frozenset({day}), channels=frozenset({channel}))
        for pk, (day, channel) in enumerate(cuts, 1)
    ]
    last = rule(999)
    assert hidden([*week, last]).keys() == {999}
    assert not hidden([*week[1:], last])
