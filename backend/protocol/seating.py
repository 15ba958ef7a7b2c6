"""Seating by rank: a pure function over ordered people and a room of rows or tables.

The first of a row sits in its middle, the next at their right hand, the next at their left, and so on outwards; rows
and tables fill from the front. A spouse sits at the outer side of their partner. If a couple no longer fits into a
row the seat stays free, so that rank is never violated. Seats of a row are numbered from the left of those who face
the stage: right hand is the higher number. At a table seat 1 faces the stage, and the right hand is seat 2.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backend.protocol.choices import Representation
from backend.protocol.law import Attendee, rank, with_hosts

Key = Hashable


@dataclass(frozen=True)
class Line:
    """Row or table, counted from the front. `gaps`: missing or blocked seat numbers."""

    key: Key
    seats: int
    is_table: bool = False
    gaps: frozenset[int] = frozenset()

    def sides(self) -> tuple[list[int], list[int], list[int]]:
        """The seat in the middle, those at its right hand, and those at its left, each from the inside."""
        there = [number for number in range(1, self.seats + 1) if number not in self.gaps]
        if not there:
            return [], [], []
        if self.is_table:
            half = 1 + len(there) // 2
            return there[:1], there[1:half], there[half:][::-1]
        middle = (len(there) - 1) // 2
        return there[middle : middle + 1], there[middle + 1 :], there[:middle][::-1]

    def distances(self) -> dict[int, int]:
        """How far each seat is from the middle: the two at both hands of the first are equally far."""
        middle, right, left = self.sides()
        steps = [(seat, step) for side in (right, left) for step, seat in enumerate(side, start=1)]
        return {**dict.fromkeys(middle, 0), **dict(steps)}


@dataclass(frozen=True)
class Seat:
    """A place to sit."""

    line: Key
    number: int


@dataclass
class Seating:
    """Who sits where, and who found no seat."""

    places: dict[Key, Seat] = field(default_factory=dict)
    standing: list[Key] = field(default_factory=list)


def seated(
    people: Iterable[Attendee],
    room: Sequence[Line],
    *,
    representation: str = Representation.AFTER_EQUALS,
    kept: Mapping[Key, Seat] | None = None,
    taken: Collection[Seat] = (),
) -> Seating:
    """Assign all seats by rank. `kept`: manual seats, which stay. `taken`: seats that are not assigned."""
    kept = dict(kept or {})
    result = Seating(dict(kept))
    free = _Free(room, {*taken, *kept.values()})
    for unit in units(with_hosts(people, representation)):
        waiting = [who for who in unit if who.key not in kept]
        if not waiting:
            continue
        seat = next((kept[who.key] for who in unit if who.key in kept), None)
        seats = free.next_to(seat) if seat and len(waiting) == 1 else None
        seats = seats or free.take(len(waiting))
        if seats is None and len(waiting) > 1:  # better apart than not at all
            for who in waiting:
                _put(result, [who], free.take(1))
        else:
            _put(result, waiting, seats)
    return result


def _put(result: Seating, people: list[Attendee], seats: list[Seat] | None) -> None:
    if seats is None:
        result.standing += [who.key for who in people]
        return
    result.places.update({who.key: seat for who, seat in zip(people, seats, strict=True)})


def units(ordered: Sequence[Attendee]) -> list[list[Attendee]]:
    """Couples and single people, in order. A host's spouse stays apart: the first guest sits between the ranks."""
    hosts = {who.key for who in ordered if who.is_host}
    keys = {who.key for who in ordered}
    values: dict[Key, list[Attendee]] = {}
    for who in ordered:
        together = who.spouse_of is not None and who.spouse_of in keys and who.spouse_of not in hosts
        owner = who.spouse_of if together and who.spouse_of in values else who.key
        values.setdefault(owner, []).append(who)
    return list(values.values())


class _Free:
    """Free seats from the front; skipped seats stay free, so that lower ranks never sit before those for whom the
    space was too small."""

    def __init__(self, room: Sequence[Line], taken: Collection[Seat]) -> None:
        self.steps = {Seat(line.key, n): step for line in room for n, step in line.distances().items()}
        self.lines: list[tuple[list[Seat], ...]] = [
            tuple([one for n in side if (one := Seat(line.key, n)) not in taken] for side in line.sides())
            for line in room
        ]

    def take(self, count: int) -> list[Seat] | None:
        """Take the best block of adjacent seats; None if no line has one."""
        for number, (middle, right, left) in enumerate(self.lines):
            outcome = self._from_the_middle(count, middle, right, left) or self._side(count, right, left)
            if outcome is None:
                continue
            if count > 1:
                for passed in self.lines[:number]:
                    for side in passed:
                        side.clear()
                middle.clear()
            return outcome
        return None

    def _from_the_middle(
        self, count: int, middle: list[Seat], right: list[Seat], left: list[Seat]
    ) -> list[Seat] | None:
        if not middle:
            return None
        if count == 1:
            return [middle.pop()]
        for side in (right, left):
            if count == 2 and side and abs(side[0].number - middle[0].number) == 1:
                return [middle.pop(), side.pop(0)]
        return None

    def _side(self, count: int, right: list[Seat], left: list[Seat]) -> list[Seat] | None:
        """From the side whose seats are nearer to the middle, the right one first."""
        fitting = [(at, side) for side in (right, left) if (at := self._fits(side, count)) is not None]
        if not fitting:
            return None
        at, side = min(fitting, key=lambda found: self.steps[found[1][found[0]]])
        seats = side[at : at + count]
        for one in (right, left):
            one[:] = [seat for seat in one if self.steps[seat] >= self.steps[seats[0]] and seat not in seats]
        return seats

    def _fits(self, side: list[Seat], count: int) -> int | None:
        """Position of a block of adjacent seats in the side."""
        for at in range(len(side) - count + 1):
            if abs(side[at].number - side[at + count - 1].number) == count - 1:
                return at
        return None

    def next_to(self, seat: Seat) -> list[Seat] | None:
        """The free seat next to this one."""
        for sides in self.lines:
            for side in sides:
                for one in side:
                    if one.line == seat.line and abs(one.number - seat.number) == 1:
                        side.remove(one)
                        return [one]
        return None


@dataclass(frozen=True)
class Fault:
    """Violation of the seating rule: `kind` is BEHIND (a lower rank, `other`, sits better), APART (from the
    spouse) or UNSEATED (while a lower rank has a seat)."""

    kind: str
    key: Key
    other: Key


def faults(
    people: Iterable[Attendee],
    room: Sequence[Line],
    places: Mapping[Key, Seat],
    representation: str = Representation.AFTER_EQUALS,
) -> list[Fault]:
    """Where a plan, however it came about, is not as the rule says; of each person at most one fault of a kind.

    Equals may sit in any order. Spouses are looked at by themselves, hosts are not compared.
    """
    everybody = list(people)
    worth = {
        Seat(line.key, n): (row, step)
        for row, line in enumerate(room)
        for n, step in line.distances().items()
    }
    ranks = {who.key: rank(who, representation)[:2] for who in everybody if _compared(who)}
    best = sorted((key for key in ranks if places.get(key) in worth), key=lambda key: worth[places[key]])
    items: list[Fault] = []
    for key, own in ranks.items():
        seat = worth.get(places[key]) if key in places else None
        lower = next(
            (one for one in best if ranks[one] > own and (seat is None or worth[places[one]] < seat)), None
        )
        if lower is not None:
            items.append(Fault("UNSEATED" if seat is None else "BEHIND", key, lower))
    for who in everybody:
        one, other = places.get(who.key), places.get(who.spouse_of)
        if one and other and not _near(one, other, everybody, who):
            items.append(Fault("APART", who.key, who.spouse_of))
    return items


def _compared(who: Attendee) -> bool:
    return who.spouse_of is None and not who.is_host


def _near(one: Seat, other: Seat, people: Sequence[Attendee], spouse: Attendee) -> bool:
    """Side by side; a host's spouse anywhere at the same line."""
    if one.line != other.line:
        return False
    return abs(one.number - other.number) == 1 or any(
        who.is_host for who in people if who.key == spouse.spouse_of
    )
