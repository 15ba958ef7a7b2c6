"""The rules of precedence as pure functions: who stands before whom, who speaks when, who stands where.

Sources: 2012/3073 sayılı Yönetmelik (national days; m.2/4 who stands before the mülki amir), its former Ek-1 list (the
order in the province and the district), and the practice of Turkish protocol where no text says it. An order is data
(`models.PrecedenceList`): for a district ceremony the kaymakamlık sends it each time. Nothing here looks at a name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from backend.protocol.choices import Representation, Sphere

UNRANKED = 1 << 16
"""Behind every office: who holds none that the order knows."""


@dataclass(frozen=True)
class Attendee:
    """Attendee, as ranked by the order.

    `place` and `position` are those of the office they hold, act for (vekil) or represent (temsilen); None: unknown
    to the order. `own_place` is a representative's own. `spouse_of` and `host` name other attendees' keys. `turn` is
    the order of entry on the list, which breaks ties.
    """

    key: Hashable
    place: int | None = None
    position: int = 0
    represents: bool = False
    own_place: int | None = None
    spouse_of: Hashable | None = None
    is_host: bool = False
    turn: int = 0


def rank(who: Attendee, representation: str = Representation.AFTER_EQUALS) -> tuple[int, int, int, int]:
    """By which attendees are ordered, the smaller the earlier. A rank belongs to the office, not to the person.

    Who acts for the holder (vekil) has the office's place: the office has no other holder on that day. For who
    represents (temsilen) no text gives a rule: the place is the office's, by default behind those who share it
    themselves.
    """
    place = who.place
    if who.represents and representation == Representation.OWN_RANK:
        place = who.own_place
    stands_back = who.represents and representation == Representation.AFTER_EQUALS
    return (UNRANKED if place is None else place, int(stands_back), who.position, who.turn)


def in_order(people: Iterable[Attendee], representation: str = Representation.AFTER_EQUALS) -> list[Attendee]:
    """The highest first; ties keep the order of the list, a spouse follows whose spouse they are."""
    everybody = list(people)
    keys = {who.key for who in everybody}
    spouses: dict[Hashable, list[Attendee]] = {}
    alone = []
    for who in everybody:
        if who.spouse_of is not None and who.spouse_of in keys and who.spouse_of != who.key:
            spouses.setdefault(who.spouse_of, []).append(who)
        else:
            alone.append(who)
    ordered: list[Attendee] = []
    for who in sorted(alone, key=lambda one: rank(one, representation)):
        ordered.append(who)
        ordered += sorted(spouses.pop(who.key, []), key=lambda one: one.turn)
    left = [one for rest in spouses.values() for one in rest]  # the spouse of a spouse: an error in the list
    return ordered + sorted(left, key=lambda one: one.turn)


def speaking_order(
    speakers: Iterable[Attendee], representation: str = Representation.AFTER_EQUALS
) -> list[Attendee]:
    """From the lowest to the highest: the highest speaks last, and opens."""
    return in_order(speakers, representation)[::-1]


def from_the_middle[T](ordered: Sequence[T]) -> list[T]:
    """Those who are ordered, as they stand in a row seen from the audience's front: the first in the middle, the
    second on their right hand, the third on their left, and so on outwards. From the right hand's end to the left's."""
    right, left = list(ordered[1::2]), list(ordered[2::2])
    return [*reversed(right), *ordered[:1], *left]


def with_hosts(
    people: Iterable[Attendee], representation: str = Representation.AFTER_EQUALS
) -> list[Attendee]:
    """In order, the host (ev sahibi) in the middle of whatever row they share: the host first, then the guests by
    rank, of whom the first sits on the host's right hand. A host's spouse follows the first guest."""
    ordered = in_order(people, representation)
    hosts = {who.key for who in ordered if who.is_host}
    of_hosts = [who for who in ordered if who.spouse_of in hosts and who.key not in hosts]
    guests = [who for who in ordered if who.key not in hosts and who not in of_hosts]
    first, rest = guests[:1], guests[1:]
    return [*(who for who in ordered if who.key in hosts), *first, *of_hosts, *rest]


WREATHS = (Sphere.CIVIL, Sphere.MILITARY, Sphere.MUNICIPAL)
"""Mülki amir, garnizon komutanı, belediye başkanı. The commander left the text on 27.10.2016 and came back in November
2016 (2016/9506) where senior; the consolidated text is unclear, so that an event may say another order."""


def wreath_order[T](offices: Iterable[T], sphere: Callable[[T], str]) -> list[T]:
    """In which order wreaths are laid. Without a garrison there are two; those of parties, unions and associations
    are laid after the official ones, or at an hour of their own."""
    order = {one: number for number, one in enumerate(WREATHS)}
    return sorted(offices, key=lambda office: order.get(Sphere(sphere(office)), len(order)))


def wreath_places[T](offices: Iterable[T], sphere: Callable[[T], str]) -> list[T]:
    """How the wreaths stand at the monument, from the right: the armed forces, the mülki amir in the middle, the
    municipality on the left."""
    return from_the_middle(wreath_order(offices, sphere))
