"""Acceptance case 24: guests by the rank of their offices, a past event that no later change of the list reaches."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.core.session import system
from backend.events import actions as events
from backend.events.choices import Source
from backend.events.models import Event, Guest
from backend.protocol import actions as protocol
from backend.protocol.law import Attendee, in_order, speaking_order
from backend.protocol.models import Office, PrecedenceList
from tests.cast import Cast
from tests.factories import make_citizen, make_event, make_office, make_precedence, refetch

LONG_AGO = dt.date(2020, 1, 1)


def _held(title: str, *names: str, **facts: object) -> Office:
    office = make_office(title, institution="Sancaktepe", is_collective=len(names) > 1, **facts)
    with system():
        for name in names:
            protocol.appoint(office, by=None, person=make_citizen(name), valid_from=LONG_AGO)
    return office


@pytest.fixture
def order(db: None) -> PrecedenceList:
    """Five offices, two of them equal, the last one vacant; the names run against the ranks."""
    kaymakam, commander = _held("Kaymakam", "Zülfü"), _held("Garnizon Komutanı", "Yaman")
    mufti, police = _held("İlçe Müftüsü", "Veli"), _held("İlçe Emniyet Müdürü", "Ali")
    return make_precedence(
        [[kaymakam], [commander], [mufti, police], [_held("Tapu Müdürü")]], valid_from=LONG_AGO
    )


def _gather(event: Event, **group: object) -> list[tuple[int | None, str, str]]:
    with system():
        row = Event.objects.get(pk=event.pk)
        if group:
            events.put_group(row, by=None, title="Protokol", source=Source.OFFICES, **group)
        events.sync_guests(row, by=None)
        guests = Guest.objects.filter(event=event).listed().order_by("rank", "pk")
        return [(one.rank, one.title, one.person.first_name) for one in guests.select_related("person")]


def test_guests_come_from_the_offices_by_their_rank_and_not_by_name(
    cast: Cast, order: PrecedenceList
) -> None:
    event = make_event(cast.mayors)
    assert _gather(event, with_spouse=True) == [
        (1, "Kaymakam", "Zülfü"),
        (2, "Garnizon Komutanı", "Yaman"),
        (3, "İlçe Müftüsü", "Veli"),
        (3, "İlçe Emniyet Müdürü", "Ali"),
    ]


def test_what_becomes_of_the_list_does_not_reach_the_event(cast: Cast, order: PrecedenceList) -> None:
    event = make_event(cast.mayors)
    before = _gather(event, with_spouse=False)
    with system():
        reversed_order = [
            [one.office] for one in order.entries.order_by("-position").select_related("office")
        ]
        protocol.rewrite(order, by=None, order=reversed_order)
        protocol.save_office(Office.objects.get(title="Kaymakam"), by=None, title="Mülki amir")
    assert _gather(event) == before
    other = make_event(cast.deputys, "Sonraki")
    assert _gather(other, with_spouse=False)[0][2] == "Ali"


def test_only_those_up_to_a_place_and_who_acts_instead_of_the_holder(
    cast: Cast, order: PrecedenceList
) -> None:
    with system():
        kaymakam = Office.objects.get(title="Kaymakam")
        protocol.appoint(
            kaymakam, by=None, person=make_citizen("Vekil"), capacity="ACTING", valid_from=LONG_AGO
        )
    event = make_event(cast.mayors)
    assert [row[2] for row in _gather(event, until_place=2)] == ["Vekil", "Yaman"]


def test_another_place_at_this_event_is_read_when_the_guests_are_read_anew(
    cast: Cast, order: PrecedenceList
) -> None:
    event = make_event(cast.mayors)
    _gather(event, with_spouse=False)
    with system():
        snapshot = refetch(event).precedence
        mufti, kaymakam = (Office.objects.get(title=one) for one in ("İlçe Müftüsü", "Kaymakam"))
        protocol.move_in_snapshot(
            snapshot, by=None, office=mufti, before=kaymakam, reason="Törenin ev sahibi"
        )
    assert [row[2] for row in _gather(event)][:2] == ["Veli", "Zülfü"]
    with system():
        assert order.entries.get(position=1).office == kaymakam


def test_five_of_whom_one_stands_in_for_another_are_ordered_and_speak(
    cast: Cast, order: PrecedenceList
) -> None:
    event = make_event(cast.mayors)
    _gather(event, with_spouse=False)
    with system():
        guest = Guest.objects.get(event=event, rank=2)
        events.answer(guest, by=None, answer="REPRESENTED", representative="Aslan Ay")
        extra = events.add_guest(
            Event.objects.get(pk=event.pk), by=None, person=make_citizen("Aaron"), rank=2, title="Başsavcı"
        )
        guests = list(Guest.objects.filter(event=event).select_related("person").order_by("pk"))
    people = [
        Attendee(one.person.first_name, place=one.rank, represents=one.answer == "REPRESENTED", turn=n)
        for n, one in enumerate(guests)
    ]
    assert extra.rank == 2
    names = ["Zülfü", "Aaron", "Yaman", "Veli", "Ali"]
    assert [one.key for one in in_order(people)] == names
    assert [one.key for one in speaking_order(people)] == names[::-1]


def test_without_a_list_in_force_nobody_is_read(cast: Cast) -> None:
    assert _gather(make_event(cast.mayors), with_spouse=False) == []
