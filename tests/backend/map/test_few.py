"""What is published by mahalle and by cell tells nobody a count below five: not each alone, nor both compared.

The rules are known to whoever compares. So all that could be true is tried: a number left out is safe where at least
two different ones lead to the same publication.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from backend.complaints.reporting.publishing import FEW, shown, tells_by_being_there
from backend.map import publishing

NOWHERE = "without an exact point"
type World = dict[tuple[str, str], int]
"""(mahalle, cell or NOWHERE) -> how many applications."""


def published_parts(numbers: Mapping[str, int]) -> tuple[object, ...]:
    """The parts of a month and their total, as they are published together."""
    if tells_by_being_there(numbers.values()):
        return (None,) * (len(numbers) + 1)
    total = shown({"": sum(numbers.values())})[""]
    return (*shown(numbers).values(), total)


@pytest.mark.parametrize(("parts", "most"), [(1, 30), (2, 24), (3, 14), (4, 9), (5, 5)])
def test_a_part_that_is_left_out_may_be_two_numbers_at_least(parts: int, most: int) -> None:
    true: dict[tuple[object, ...], list[set[int]]] = defaultdict(lambda: [set() for _part in range(parts)])
    for numbers in itertools.product(range(most + 1), repeat=parts):
        published = published_parts(dict(zip("ABCDE", numbers, strict=False)))
        assert all(said is None or said == number for said, number in zip(published, numbers, strict=False))
        for possible, number in zip(true[published], numbers, strict=True):
            possible.add(number)
    for published, sets in true.items():
        for said, possible in zip(published, sets, strict=False):
            assert said is not None or len(possible) > 1, (published, possible)


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 60), max_size=30))
def test_no_few_and_no_lonely_gap(numbers: dict[int, int]) -> None:
    published = shown(numbers)
    assert all(said is None or said == 0 or said >= FEW for said in published.values())
    hidden = [numbers[key] for key, said in published.items() if said is None]
    left = [said for said in published.values() if said]
    assert not hidden or not left or (max(hidden) >= FEW > min(hidden) and max(hidden) < min(left))


def publication(world: World) -> tuple[object, ...]:
    """All that is published of a year: of each mahalle, their total, of each cell."""
    by_mahalle: dict[str, int] = defaultdict(int)
    by_cell: dict[str, int] = defaultdict(int)
    for (mahalle, cell), number in sorted(world.items()):
        by_mahalle[mahalle] += number
        by_cell[cell] += number
    cells = {cell: publishing.shown(number) for cell, number in by_cell.items() if cell != NOWHERE}
    return (published_parts(by_mahalle), tuple(sorted(cells.items())))


numbers_of = st.integers(0, 7)
worlds = st.fixed_dictionaries({(m, c): numbers_of for m in "AB" for c in ("p", "q", "r", NOWHERE)})


@given(worlds, st.sampled_from("pqr"))
def test_a_cell_that_is_left_out_may_always_be_empty(world: World, cell: str) -> None:
    """Its applications may as well be without an exact point: of how many are, nothing is published."""
    assume(publishing.shown(world["A", cell] + world["B", cell]) is None)
    other = dict(world)
    for mahalle in "AB":
        other[mahalle, NOWHERE] += other[mahalle, cell]
        other[mahalle, cell] = 0
    assert publication(other) == publication(world)


def beside(world: World, inside: set[tuple[str, str]]) -> Iterator[World]:
    """The worlds in which one application of a mahalle is elsewhere in it."""
    for (mahalle, cell), number in world.items():
        for other in {cell for of, cell in inside if of == mahalle} - {cell}:
            if number:
                yield world | {(mahalle, cell): number - 1, (mahalle, other): world[mahalle, other] + 1}


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # few worlds have a rest of few
@given(worlds, st.sets(st.sampled_from([(m, c) for m in "AB" for c in "pqr"]), min_size=1))
def test_what_cells_leave_of_a_mahalle_is_not_one_number(world: World, inside: set[tuple[str, str]]) -> None:
    """Few that are in no published cell may be one more or fewer, wherever a mahalle touches one. `inside`: which
    mahalle lie in which cells, as whoever compares knows from a map."""
    inside = inside | {(mahalle, NOWHERE) for mahalle in "AB"}
    world = {place: number if place in inside else 0 for place, number in world.items()}
    given_cells = {c for c in "pqr" if publishing.shown(world["A", c] + world["B", c]) is not None}

    def rest(one: World) -> int:
        return sum(number for (m, c), number in one.items() if m == "A" and c not in given_cells)

    assume(0 < rest(world) < FEW and any(("A", cell) in inside for cell in given_cells))
    said = publication(world)
    near = list(beside(world, inside))
    others = itertools.chain(near, (two for one in near for two in beside(one, inside)))
    assert any(publication(other) == said and rest(other) != rest(world) for other in others), world
