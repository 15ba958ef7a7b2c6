"""The rules of precedence: by office and never by name, speakers ascending, who stands in the middle (case 24)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.protocol import law
from backend.protocol.choices import Representation, Sphere
from backend.protocol.law import Attendee

GUESTS = [
    Attendee("Aslan", place=5, turn=1),
    Attendee("Zeybek", place=1, turn=2),
    Attendee("Bulut", place=3, represents=True, own_place=9, turn=3),
    Attendee("Yaman", place=3, turn=4),
    Attendee("Çelik", place=2, turn=5),
]


def _key(who: Attendee) -> str:
    return str(who.key)


def _keys(people: list[Attendee]) -> list[object]:
    return [who.key for who in people]


def test_five_guests_stand_by_the_rank_of_their_office_one_of_them_for_another() -> None:
    assert _keys(law.in_order(GUESTS)) == ["Zeybek", "Çelik", "Yaman", "Bulut", "Aslan"]


def test_where_a_representative_stands_may_be_said_otherwise() -> None:
    same = law.in_order([replace(one, position=one.turn) for one in GUESTS], Representation.AT_THE_OFFICE)
    assert _keys(same) == ["Zeybek", "Çelik", "Bulut", "Yaman", "Aslan"]
    own = law.in_order(GUESTS, Representation.OWN_RANK)
    assert _keys(own) == ["Zeybek", "Çelik", "Yaman", "Aslan", "Bulut"]


def test_speakers_go_from_the_lowest_to_the_highest() -> None:
    assert _keys(law.speaking_order(GUESTS)) == ["Aslan", "Bulut", "Yaman", "Çelik", "Zeybek"]


def test_who_has_no_office_follows_in_the_order_of_the_list_not_of_the_alphabet() -> None:
    people = [Attendee("Zeki", turn=1), Attendee("Ali", turn=2), Attendee("Makam", place=40, turn=3)]
    assert _keys(law.in_order(people)) == ["Makam", "Zeki", "Ali"]


def test_a_spouse_follows_and_a_lost_one_is_not_dropped() -> None:
    people = [
        Attendee("eşi", spouse_of="Zeybek", turn=6),
        *GUESTS,
        Attendee("yalnız", spouse_of="gelmeyen", turn=7),
    ]
    assert _keys(law.in_order(people))[:3] == ["Zeybek", "eşi", "Çelik"]
    assert _keys(law.in_order(people))[-1] == "yalnız"


def test_the_first_stands_in_the_middle_and_the_second_on_the_right() -> None:
    assert law.from_the_middle([1, 2, 3, 4, 5]) == [4, 2, 1, 3, 5]
    assert law.from_the_middle([1, 2]) == [2, 1]
    assert law.from_the_middle([]) == []


def test_the_host_is_in_the_middle_with_the_first_guest_on_the_right() -> None:
    host = Attendee("Başkan", place=4, is_host=True, turn=8)
    wife = Attendee("Başkanın eşi", spouse_of="Başkan", turn=9)
    ordered = law.with_hosts([*GUESTS, wife, host])
    assert _keys(ordered)[:4] == ["Başkan", "Zeybek", "Başkanın eşi", "Çelik"]
    assert _keys(law.from_the_middle(ordered[:3])) == ["Zeybek", "Başkan", "Başkanın eşi"]


def test_wreaths_are_laid_and_stand_as_the_regulation_says() -> None:
    sphere = {"belediye": Sphere.MUNICIPAL, "kaymakam": Sphere.CIVIL, "komutan": Sphere.MILITARY}
    assert law.wreath_order(sphere, sphere.__getitem__) == ["kaymakam", "komutan", "belediye"]
    assert law.wreath_places(sphere, sphere.__getitem__) == ["komutan", "kaymakam", "belediye"]
    two = ["belediye", "kaymakam"]
    assert law.wreath_order(two, sphere.__getitem__) == ["kaymakam", "belediye"]


QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
people = st.lists(
    st.builds(
        Attendee,
        key=st.integers(0, 30),
        place=st.none() | st.integers(1, 5),
        position=st.integers(0, 3),
        represents=st.booleans(),
        spouse_of=st.none() | st.integers(0, 30),
        is_host=st.booleans(),
        turn=st.integers(0, 9),
    ),
    unique_by=lambda who: who.key,
    max_size=8,
)


@QUICK
@given(people)
def test_nobody_is_lost_and_nobody_stands_twice(everybody: list[Attendee]) -> None:
    for ordered in (law.in_order(everybody), law.with_hosts(everybody), law.from_the_middle(everybody)):
        assert sorted(map(_key, ordered)) == sorted(map(_key, everybody))


@QUICK
@given(people)
def test_names_change_nothing(everybody: list[Attendee]) -> None:
    """Keys are names here: renamed, everybody stands where they stood."""
    alone = [replace(who, spouse_of=None, turn=number) for number, who in enumerate(everybody)]
    renamed = [replace(who, key=f"{-who.turn:05d}") for who in alone]
    assert [who.turn for who in law.in_order(alone)] == [who.turn for who in law.in_order(renamed)]
