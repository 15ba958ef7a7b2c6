"""Who sits where, by rank: the middle first, couples together, nobody of lower rank before a higher one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.protocol.law import Attendee
from backend.protocol.seating import Line, Seat, faults, seated


def _people(count: int, **more: Any) -> list[Attendee]:
    return [Attendee(n, place=n, turn=n, **more) for n in range(1, count + 1)]


def _row(places: dict[Any, Seat], line: str = "A") -> list[Any]:
    """Who sits in a row, by number; None for a free seat."""
    by_number = {seat.number: who for who, seat in places.items() if seat.line == line}
    return [by_number.get(number) for number in range(1, max(by_number) + 1)]


def test_the_first_sits_in_the_middle_the_second_at_the_right_hand() -> None:
    assert _row(seated(_people(5), [Line("A", 5)]).places) == [5, 3, 1, 2, 4]
    assert _row(seated(_people(4), [Line("A", 4)]).places) == [3, 1, 2, 4]


def test_rows_fill_from_the_front_and_who_finds_no_seat_is_named() -> None:
    plan = seated(_people(7), [Line("A", 3), Line("B", 3)])
    assert _row(plan.places, "A") == [3, 1, 2]
    assert _row(plan.places, "B") == [6, 4, 5]
    assert plan.standing == [7]


def test_gaps_are_given_to_nobody() -> None:
    plan = seated(_people(4), [Line("A", 6, gaps=frozenset({3, 4}))])
    assert _row(plan.places) == [3, 1, None, None, 2, 4]


def test_a_couple_sits_together_the_spouse_at_the_outer_side() -> None:
    people = [*_people(3), Attendee("eş 2", spouse_of=2), Attendee("eş 3", spouse_of=3)]
    assert _row(seated(people, [Line("A", 5)]).places) == ["eş 3", 3, 1, 2, "eş 2"]


def test_where_a_couple_does_not_fit_the_seat_stays_free() -> None:
    people = [*_people(4), Attendee("eş 3", spouse_of=3)]
    plan = seated(people, [Line("A", 3), Line("B", 5)])
    assert _row(plan.places, "A") == [None, 1, 2]
    assert _row(plan.places, "B") == [None, 4, 3, "eş 3"]
    assert faults(people, [Line("A", 3), Line("B", 5)], plan.places) == []


def test_the_host_sits_in_the_middle_the_first_guest_at_the_right_and_the_spouse_at_the_left() -> None:
    host = Attendee("ev sahibi", place=9, is_host=True)
    wife = Attendee("eşi", spouse_of="ev sahibi")
    people = [*_people(3), host, wife, Attendee("eş 1", spouse_of=1)]
    row = _row(seated(people, [Line("A", 7)]).places)
    middle = row.index("ev sahibi")
    assert (row[middle + 1], row[middle - 1], row[middle + 2]) == (1, "eşi", "eş 1")


def test_a_representative_sits_behind_those_of_the_same_place() -> None:
    people = [Attendee("temsilci", place=1, represents=True, turn=1), Attendee("makam", place=1, turn=2)]
    assert _row(seated(people, [Line("A", 2)]).places) == ["makam", "temsilci"]


def test_a_table_looks_at_the_stage_from_its_first_seat() -> None:
    plan = seated(_people(5), [Line("T", 5, is_table=True)])
    assert _row(plan.places, "T") == [1, 2, 4, 5, 3]


def test_what_was_seated_by_hand_stays_and_its_spouse_comes_along() -> None:
    people = [*_people(4), Attendee("eş 4", spouse_of=4)]
    plan = seated(people, [Line("A", 7)], kept={4: Seat("A", 1)})
    assert _row(plan.places)[:2] == [4, "eş 4"]
    assert plan.places[1] == Seat("A", 4)


def test_a_seat_against_the_rule_is_told_with_who_sits_better() -> None:
    people, room = _people(3), [Line("A", 3)]
    places = {1: Seat("A", 3), 2: Seat("A", 2), 3: Seat("A", 1)}
    assert [(f.kind, f.key, f.other) for f in faults(people, room, places)] == [("BEHIND", 1, 2)]
    apart = [*people, Attendee("eş", spouse_of=2)]
    room = [Line("A", 5)]
    wide: dict[Any, Seat] = {1: Seat("A", 3), 2: Seat("A", 4), 3: Seat("A", 2), "eş": Seat("A", 1)}
    assert [(f.kind, f.key) for f in faults(apart, room, wide)] == [("APART", "eş")]
    assert [(f.kind, f.key) for f in faults(people, room, {2: Seat("A", 3)})] == [("UNSEATED", 1)]


def test_equals_may_sit_in_any_order() -> None:
    people = [replace(one, place=1) for one in _people(3)]
    assert faults(people, [Line("A", 3)], {1: Seat("A", 3), 2: Seat("A", 1), 3: Seat("A", 2)}) == []


def test_a_hundred_and_twenty_guests_with_spouses_find_their_seats() -> None:
    people = [*_people(120), *(Attendee(f"eş {n}", spouse_of=n) for n in range(1, 121, 4))]
    room = [Line(n, 20, gaps=frozenset({10, 11}) if n > 2 else frozenset()) for n in range(1, 12)]
    plan = seated(people, room)
    assert plan.standing == []
    assert len(set(plan.places.values())) == 150
    assert faults(people, room, plan.places) == []


QUICK = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
rooms = st.lists(
    st.builds(
        Line,
        key=st.integers(0, 99),
        seats=st.integers(0, 9),
        is_table=st.booleans(),
        gaps=st.frozensets(st.integers(1, 9), max_size=3),
    ),
    unique_by=lambda line: line.key,
    max_size=5,
)
guests = st.lists(
    st.tuples(st.none() | st.integers(1, 6), st.booleans(), st.booleans()), min_size=1, max_size=14
)


@QUICK
@given(guests, rooms)
def test_a_plan_by_the_rule_has_no_fault_and_no_seat_twice(
    drawn: list[tuple[int | None, bool, bool]], room: list[Line]
) -> None:
    people = [
        Attendee(n, place=place, represents=stands_in, turn=n)
        for n, (place, stands_in, _w) in enumerate(drawn)
    ]
    people += [Attendee(f"eş {n}", spouse_of=n) for n, (_p, _r, wed) in enumerate(drawn) if wed]
    plan = seated(people, room)
    seats = list(plan.places.values())
    assert len(set(seats)) == len(seats)
    assert {who.key for who in people} == set(plan.places) | set(plan.standing)
    numbers = {Seat(line.key, n) for line in room for n in range(1, line.seats + 1) if n not in line.gaps}
    assert set(seats) <= numbers
    told = [fault for fault in faults(people, room, plan.places) if fault.kind == "BEHIND"]
    assert told == []
