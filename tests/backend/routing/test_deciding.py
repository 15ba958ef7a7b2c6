"""The first rule that applies decides, each effect by itself; conflicts are told from the rules alone. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from backend.complaints.suggestion import beginnings, keyword_covers
from backend.core.localtime import ISTANBUL
from backend.routing.conflicts import conflicts, covers, meets
from backend.routing.covering import Space
from backend.routing.deciding import Facts, RuleRow, Surroundings, applies, decide

HOUSE = Surroundings(
    opens=dt.time(8, 30),
    closes=dt.time(17, 30),
    works_on=lambda day: day.weekday() < 5,
    arteries=("Demokrasi Caddesi",),
)
MONDAY = dt.datetime(2026, 11, 23, 10, tzinfo=ISTANBUL)
FACTS = Facts(
    text="Okulun önündeki lambalar yanmıyor",
    place="Yayla Mah. İğdeli Sk. No: 4",
    categories=("lamba", "aydinlatma"),
    neighbourhood="yayla",
    channel="PHONE",
    moment=MONDAY,
)
BELOW = {"aydinlatma": frozenset({"aydinlatma", "lamba"}), "lamba": frozenset({"lamba"})}
SPACE = Space(BELOW)


def rule(pk: int = 1, **conditions: object) -> RuleRow:
    return RuleRow(pk=pk, name=f"Kural {pk}", **({"department": pk} | conditions))


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"categories": frozenset({"lamba"})}, True),
        ({"categories": frozenset({"aydinlatma"})}, True),
        ({"categories": frozenset({"cukur"})}, False),
        ({"neighbourhoods": frozenset({"yayla", "meclis"})}, True),
        ({"neighbourhoods": frozenset({"meclis"})}, False),
        ({"street": "İĞDELİ SOKAĞI"}, True),
        ({"street": "Deli Sokak"}, False),
        ({"words": ("lamba",)}, True),
        ({"words": ("okul önü", "cami")}, True),
        ({"words": ("cami",)}, False),
        ({"channels": frozenset({"PHONE"})}, True),
        ({"channels": frozenset({"WEB"})}, False),
        ({"hours": "WORKING"}, True),
        ({"hours": "OUTSIDE"}, False),
        ({"weekdays": frozenset({1})}, True),
        ({"weekdays": frozenset({6, 7})}, False),
        ({"on_main_artery": False}, True),
        ({"on_main_artery": True}, False),
        ({"valid_from": MONDAY.date(), "valid_until": MONDAY.date()}, True),
        ({"valid_from": MONDAY.date() + dt.timedelta(days=1)}, False),
        ({"valid_until": MONDAY.date() - dt.timedelta(days=1)}, False),
        ({"categories": frozenset({"lamba"}), "channels": frozenset({"WEB"})}, False),
    ],
)
def test_all_conditions_hold_together(conditions: dict[str, object], holds: bool) -> None:
    assert applies(rule(**conditions), FACTS, HOUSE) is holds


def test_hours_days_and_arteries_are_the_houses() -> None:
    late, sunday = MONDAY.replace(hour=17, minute=30), MONDAY + dt.timedelta(days=6)
    for moment in (late, sunday):
        assert applies(rule(hours="OUTSIDE"), replace(FACTS, moment=moment), HOUSE)
    assert applies(rule(on_main_artery=True), replace(FACTS, place="Demokrasi Cad. 12"), HOUSE)
    without = replace(FACTS, moment=None)
    assert applies(rule(), without, HOUSE)
    assert not applies(rule(hours="OUTSIDE"), without, HOUSE), "without a moment nothing is known of its time"
    over = rule(valid_until=dt.date(2020, 1, 1))
    assert applies(over, FACTS, HOUSE, ignore_dates=True)


def test_each_effect_is_decided_by_the_first_rule_that_has_it() -> None:
    never = rule(1, words=("cami",), priority="HIGH")
    ranks = rule(2, department=None, priority="HIGH")
    routes = rule(3, priority="LOW")
    late = rule(4, checklist=9)
    found = decide(FACTS, [never, ranks, routes, late], HOUSE)
    assert {name: one.pk for name, one in found.rules.items()} == {
        "department": 3,
        "priority": 2,
        "checklist": 4,
    }
    assert found.without("priority", "department").rules == {"checklist": late}
    assert not decide(FACTS, [never], HOUSE)


def test_a_rule_that_never_gets_its_turn_and_two_that_differ_are_conflicts() -> None:
    wide = rule(1, categories=frozenset({"aydinlatma"}))
    narrow = rule(2, categories=frozenset({"lamba"}), neighbourhoods=frozenset({"yayla"}))
    assert covers(wide, narrow, BELOW)
    (hidden,) = conflicts([wide, narrow], SPACE)
    assert (hidden.earlier.pk, hidden.later.pk, hidden.is_hidden) == (1, 2, True)
    assert conflicts([narrow, wide], SPACE) == [], "the exception before the general rule is meant"
    assert conflicts([wide, replace(narrow, priority="HIGH")], SPACE)[0].effects == ("department",)
    web = rule(3, channels=frozenset({"WEB"}))
    (differ,) = conflicts([narrow, web], SPACE)
    assert (differ.is_hidden, differ.effects) == (False, ("department",))
    assert conflicts([narrow, replace(web, department=2)], SPACE) == [], "they say the same"
    assert not meets(web, rule(4, channels=frozenset({"PHONE"})), BELOW)
    assert not meets(rule(valid_until=MONDAY.date()), rule(valid_from=MONDAY.date() + dt.timedelta(1)), BELOW)
    assert not meets(rule(street="İğdeli Sk."), rule(street="Aydın Sokak"), BELOW)


def test_words_cover_words_that_begin_with_them() -> None:
    assert keyword_covers("lamba", "sokak lambası")
    assert keyword_covers("çöp kutu", "çöp kutusu")
    assert not keyword_covers("lambalar", "lamba")
    assert not keyword_covers("çöp kutusu", "kutusu çöp")
    assert covers(rule(words=("köpek", "kedi")), rule(words=("başıboş köpek",)), BELOW)
    assert not covers(rule(words=("köpek",)), rule(words=("köpek", "kuş")), BELOW)
    assert not covers(rule(words=("köpek",)), rule(), BELOW)
    assert beginnings("Başıboş köpek") == "(basibos:*) & (kopek:* | kopeg:*)"
    assert beginnings("…") == ""
