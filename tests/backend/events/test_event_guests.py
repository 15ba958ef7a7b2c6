"""Guests: gathered from groups, answered, called, moved up from the reserve, invited once, checked in once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.events import actions, links
from backend.events.actions import Outcome, Scan
from backend.events.actions.inviting import invite_one
from backend.events.choices import Answer, GuestStatus
from backend.events.models import Arrival, Event, Guest, GuestLine
from backend.organization.models import Department, User
from backend.outbox.models import Message
from backend.protocol import actions as protocol
from tests.cast import Cast
from tests.factories import LONG_AGO, make_citizen, make_event, make_office, make_precedence, refetch
from tests.harness.notifications import deliver_notifications

DAY = dt.timedelta(days=1)


@pytest.fixture
def event(cast: Cast) -> Event:
    return make_event(cast.mayors)


def _guest(event: Event, first_name: str = "Ayşe", **facts: Any) -> Guest:
    with system():
        person = make_citizen(first_name, "Işık", email=f"{uuid.uuid4().hex[:8]}@example.org")
        return actions.add_guest(event, by=None, person=person, **facts)


def _say(act: Any, row: Any, **said: Any) -> Any:
    with system():
        row.refresh_from_db()
        return act(row, **({"by": None} | said))


def _refused(code: ErrorCode, act: Any, row: Any, field: str | None = None, **said: Any) -> None:
    with pytest.raises(DomainError) as refusal:
        _say(act, row, **said)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def _name(guest: Guest) -> str:
    with system():
        return str(Guest.objects.select_related("person").get(pk=guest.pk))


def _words(guest: Guest) -> list[str]:
    with system():
        return list(GuestLine.objects.filter(guest=guest).order_by("id").values_list("verb", flat=True))


def test_heads_of_departments_are_read_anew_until_the_list_is_frozen(event: Event, cast: Cast) -> None:
    _say(actions.put_group, event, title="Müdürler", source="DEPARTMENTS", with_spouse=True)
    gathered = _say(actions.sync_guests, event)
    assert [guest.title for guest in gathered.added] == [
        "Fen İşleri Müdürü",
        "Özel Kalem Müdürü",
        "Park ve Bahçeler Müdürü",
    ]
    assert {guest.companions_allowed for guest in gathered.added} == {1}
    assert not _say(actions.sync_guests, event).added
    with system():
        Department.objects.filter(pk=cast.fen.pk).update(head=cast.fen_clerk)
    again = _say(actions.sync_guests, event)
    assert [str(guest.person) for guest in again.added] == ["Murat DEMİR"]
    assert [str(guest.person) for guest in again.taken_off] == ["Selma AYDIN"]
    _say(actions.freeze, event)
    _refused(ErrorCode.WRONG_STATE, actions.sync_guests, event)


def test_whoever_left_a_group_but_was_invited_stays_and_is_told(event: Event, cast: Cast) -> None:
    _say(actions.put_group, event, title="Müdürler", source="DEPARTMENTS")
    guest = next(one for one in _say(actions.sync_guests, event).added if one.title.startswith("Fen"))
    _say(actions.answer, guest, answer="COMING")
    with system():
        Department.objects.filter(pk=cast.fen.pk).update(head=None)
    assert [one.pk for one in _say(actions.sync_guests, event).gone_but_invited] == [guest.pk]
    assert refetch(guest).status == GuestStatus.LISTED


def test_a_person_is_on_a_list_once_whatever_groups_name_them(event: Event, cast: Cast) -> None:
    for title in ("Müdürler", "Kurul"):
        _say(actions.put_group, event, title=title, source="DEPARTMENTS", selector={"codes": [cast.fen.code]})
    assert len(_say(actions.sync_guests, event).added) == 1
    with system():
        assert [one.title for one in actions.in_several_groups(event)] == ["Fen İşleri Müdürü"]
        person = Guest.objects.get().person
    _refused(ErrorCode.DUPLICATE, actions.add_guest, event, field="person", person=person)
    with system():
        twin = make_citizen("Selma", "Aydın")
        actions.add_guest(event, by=None, person=twin)
        assert [len(rows) for rows in actions.perhaps_the_same(event)] == [2]


def test_a_name_is_read_live_until_it_is_frozen(event: Event) -> None:
    guest = _guest(event)
    with system():
        Citizen.objects.filter(pk=guest.person_id).update(last_name="Yılmaz")
    assert _name(guest) == "Ayşe YILMAZ"
    _say(actions.freeze, event)
    with system():
        Citizen.objects.filter(pk=guest.person_id).update(last_name="Kara")
    assert _name(guest) == "Ayşe YILMAZ"
    late = _guest(event, "Fatma")
    assert refetch(late).printed_name == "Fatma IŞIK"
    _say(actions.unfreeze, event, reason="Yeni program")
    assert _name(guest) == "Ayşe KARA"


def test_the_reserve_moves_up_by_itself_in_its_order(event: Event) -> None:
    _say(actions.correct, event, capacity=3)
    first = _guest(event, "Ayşe", companions_allowed=1)
    second = _guest(event, "Bora")
    waiting = [_guest(event, name) for name in ("Cem", "Deniz")]
    assert [refetch(one).status for one in waiting] == [GuestStatus.RESERVE] * 2
    _refused(ErrorCode.OVER_LIMIT, actions.promote, waiting[1], field="companions")
    _say(actions.answer, first, answer="COMING", companions=0)
    assert [refetch(one).status for one in waiting] == [GuestStatus.LISTED, GuestStatus.RESERVE]
    _say(actions.answer, second, answer="NOT_COMING")
    assert refetch(waiting[1]).status == GuestStatus.LISTED
    _refused(ErrorCode.OVER_LIMIT, actions.answer, second, field="companions", answer="COMING")
    _refused(ErrorCode.OVER_LIMIT, actions.answer, first, field="companions", answer="COMING", companions=1)
    _say(actions.remove_guest, waiting[0], reason="İptal")
    _say(actions.answer, second, answer="COMING")
    with system():
        assert Guest.objects.listed().places_taken() == 3


def test_an_answer_is_changed_visibly(event: Event) -> None:
    guest = _guest(event, companions_allowed=2)
    _refused(ErrorCode.REQUIRED, actions.answer, guest, field="representative", answer="REPRESENTED")
    _refused(ErrorCode.OVER_LIMIT, actions.answer, guest, field="companions", answer="COMING", companions=3)
    _say(actions.answer, guest, answer="COMING", companions=2, plate="34 ABC 34", via="LINK")
    _say(actions.answer, guest, answer="REPRESENTED", representative="Vali Yardımcısı", companions=1)
    with system():
        line = GuestLine.objects.latest("id")
    assert line.details["before"]["companions"] == 2
    assert line.details["before"]["answer"] == "COMING"
    assert (refetch(guest).representative, refetch(guest).expected) == ("Vali Yardımcısı", 2)


def test_a_representative_is_never_dropped_in_silence(event: Event) -> None:
    guest = _guest(event)
    for said in ("COMING", "NOT_COMING"):
        _refused(
            ErrorCode.INVALID,
            actions.answer,
            guest,
            field="representative",
            answer=said,
            representative="Vekil",
        )
    assert refetch(guest).answer == Answer.WAITING
    _say(actions.answer, guest, answer="REPRESENTED", representative="Vali Yardımcısı")
    _say(actions.answer, guest, answer="COMING", representative="Vali Yardımcısı")  # as a form still shows it
    found = refetch(guest)
    assert (found.answer, found.representative) == (Answer.COMING, "")


def test_the_dead_are_neither_put_on_a_list_nor_written_to(event: Event) -> None:
    guest, living = _guest(event), _guest(event, "Bora")
    _say(actions.announce, event)
    with system():
        person = Citizen.objects.get(pk=guest.person_id)
        contacts.record_bereavement(living.person, by=None, on=today(), who="eşi", deceased=person)
    assert _say(actions.invite, event).sent == [living]
    with system():
        assert Guest.objects.filter(event=event).to_call().get() == living
        assert not invite_one(refetch(guest), by=None)
    other = make_event(event.principal, "Konser", starts_at=event.starts_at + 2 * DAY)
    _refused(ErrorCode.INVALID, actions.add_guest, other, field="person", person=refetch(person))


def test_called_messaged_and_answered_are_facts_of_their_own(event: Event, cast: Cast) -> None:
    guest = _guest(event)
    _say(actions.call, guest, by=cast.secretary, result="NO_ANSWER")
    assert (refetch(guest).calls, refetch(guest).answer) == (1, Answer.WAITING)
    _say(actions.announce, event)
    _say(actions.invite, event)
    _say(actions.call_and_answer, guest, by=cast.secretary, answer="COMING")
    found = refetch(guest)
    assert (found.calls, found.call, found.answer, found.answered_via) == (2, "REACHED", "COMING", "PHONE")
    assert found.messaged_at is not None
    assert _words(guest) == ["listed", "called", "messaged", "called", "answered"]


def test_a_call_leaves_what_a_guest_wrote_and_did_not_speak_of(event: Event, cast: Cast) -> None:
    guest = _guest(event)
    wrote = {"note": "Tekerlekli sandalye", "diet": "Vegan", "plate": "34 ABC 12"}
    _say(actions.answer, guest, answer="COMING", via="LINK", **wrote)
    _say(actions.call_and_answer, guest, by=cast.secretary, answer="COMING", companions="0")
    with system():
        now = refetch(guest)
    assert {name: getattr(now, name) for name in wrote} == wrote


def test_a_guest_whose_record_was_merged_is_not_put_on_the_list_again(event: Event, cast: Cast) -> None:
    office, person, standing = (
        make_office("Kaymakam"),
        make_citizen("Ali", "Işık"),
        make_citizen("Ali", "IŞIK"),
    )
    make_precedence([[office]])
    with system():
        protocol.appoint(office, by=None, person=person)
        actions.put_group(event, by=None, title="Protokol", source="OFFICES")
    _say(actions.sync_guests, event)
    with system():
        contacts.merge(person, into=standing, by=None)
    _say(actions.sync_guests, event)
    with system():
        (guest,) = Guest.objects.filter(event=event)
    assert (guest.person_id, guest.status) == (person.pk, GuestStatus.LISTED)


def test_an_invitation_goes_to_each_once_with_their_own_link(event: Event) -> None:
    guests = [_guest(event, name, with_spouse=True) for name in ("Ayşe", "İlker")]
    with system():
        nobody = actions.add_guest(event, by=None, person=make_citizen("Adressiz", phone="", email=""))
    _refused(ErrorCode.WRONG_STATE, actions.invite, event)
    _say(actions.announce, event)
    done = _say(actions.invite, event)
    assert [one.pk for one in done.without_address] == [nobody.pk]
    assert not _say(actions.invite, event).sent
    with system():
        bodies = [
            one.body for one in Message.objects.filter(purpose="event_invitation").order_by("created_at")
        ]
    assert "Sayın İlker IŞIK ve Eşi" in bodies[1]
    for guest, body in zip(guests, bodies, strict=True):
        found = links.read(next(word for word in body.split() if "/davet/" in word))
        assert found == (guest.key, 1)
    _refused(ErrorCode.UNSUPPORTED, actions.invite, event, field="means", carrier="SMS")


def test_whoever_moves_up_after_the_invitations_is_invited_at_once(event: Event) -> None:
    _say(actions.correct, event, capacity=1)
    first, second = _guest(event, "Ayşe"), _guest(event, "Bora")
    _say(actions.announce, event)
    _say(actions.invite, event)
    assert refetch(second).messaged_at is None
    _say(actions.answer, first, answer="NOT_COMING")
    assert refetch(second).messaged_at is not None


def test_a_link_that_is_not_ours_or_was_renewed_is_none(event: Event) -> None:
    guest = _guest(event)
    token = links.token_for(guest)
    assert links.read(links.address_for(guest)) == (guest.key, 1)
    assert links.read(token[:-2] + "xx") is None
    assert links.read("") is None
    _say(actions.renew_link, guest)
    assert links.read(token) == (guest.key, 1) != links.read(links.token_for(refetch(guest)))


def test_a_scan_counts_once_and_a_second_one_is_told(event: Event, cast: Cast) -> None:
    with system():
        User.objects.filter(pk=cast.office_head.pk).update(email="protokol@example.org")
    guest, other = _guest(event, is_vip=True, title="Kaymakam"), _guest(event, "Bora")
    _say(actions.name_member, event, user=cast.office_head, duty="CHIEF")
    _refused(ErrorCode.WRONG_STATE, actions.check_in, event, scans=[])
    _say(actions.announce, event)
    card, mine = links.address_for(guest), uuid.uuid4()
    scans = [
        Scan(mine, code=card),
        Scan(uuid.uuid4(), guest=other.key, people=3),
        Scan(uuid.uuid4(), code="x"),
    ]
    said = [one.outcome for one in _say(actions.check_in, event, scans=scans)]
    assert said == [Outcome.WELCOME, Outcome.WELCOME, Outcome.UNKNOWN]
    again = [Scan(mine, code=card), Scan(uuid.uuid4(), code=card)]
    assert [one.outcome for one in _say(actions.check_in, event, scans=again)] == [
        Outcome.REPEATED,
        Outcome.AGAIN,
    ]
    assert refetch(other).arrived_with == 2
    deliver_notifications()
    with system():
        assert Arrival.objects.count() == 3
        mail = Message.objects.get(purpose="staff_vip")
    assert "Kaymakam" in mail.body
    assert "IŞIK" not in mail.body
    _say(actions.undo_arrival, guest)
    assert refetch(guest).arrived_at is None
    assert _say(actions.check_in, event, scans=[Scan(uuid.uuid4(), code=card)])[0].outcome == Outcome.WELCOME


def test_whoever_is_on_the_reserve_or_left_is_not_let_in_silently(event: Event) -> None:
    guest = _guest(event)
    _say(actions.announce, event)
    _say(actions.demote, guest)
    seen = _say(actions.check_in, event, scans=[Scan(uuid.uuid4(), guest=guest.key)])
    assert seen[0].outcome == Outcome.NOT_LISTED


def test_guests_are_reminded_once(event: Event) -> None:
    guests = [_guest(event, name) for name in ("Ayşe", "Bora")]
    _say(actions.announce, event)
    _say(actions.invite, event)
    _say(actions.answer, guests[0], answer="COMING")
    assert [_say(actions.remind, event), _say(actions.remind, event)] == [1, 0]


def test_the_link_takes_answers_until_the_day_named(event: Event) -> None:
    with system():
        assert actions.may_answer(event)
        event.answer_by = timezone.localdate() - DAY
        assert not actions.may_answer(event)


def test_offices_are_invited_with_their_rank_and_whoever_stands_for_them(event: Event) -> None:
    governor, mayor, vacant = (make_office(title) for title in ("Kaymakam", "Belediye Başkanı", "Rektör"))
    make_precedence([[governor], [mayor], [vacant]])
    person, acting = make_citizen("Ömer", "Şen"), make_citizen("Zeki", "Alp")
    with system():
        protocol.appoint(governor, by=None, person=person, valid_from=LONG_AGO)
        protocol.appoint(mayor, by=None, person=acting, capacity="ACTING", valid_from=LONG_AGO)
    _say(actions.put_group, event, title="Protokol", source="OFFICES", is_vip=True)
    added = _say(actions.sync_guests, event).added
    found = [(str(one.person), one.title, one.rank, one.is_vip) for one in added]
    assert found == [("Ömer ŞEN", "Kaymakam", 1, True), ("Zeki ALP", "Belediye Başkanı V.", 2, True)]
    _say(actions.freeze, event)
    with system():
        protocol.end_holding(governor.holdings.get(), by=None)
        assert Guest.objects.get(person=person).rank == 1


def test_those_who_came_are_thanked_in_one_run_and_nobody_twice(event: Event) -> None:
    guests = [_guest(event, name, title="Muhtar") for name in ("Ayşe", "Bora", "Cem")]
    _say(actions.announce, event)
    with system():
        Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - DAY)
    _refused(ErrorCode.WRONG_STATE, actions.thank, event)
    _say(actions.check_in, event, scans=[Scan(uuid.uuid4(), guest=one.key) for one in guests[:2]])
    _say(actions.hold, event)
    batch = _say(actions.thank, event)
    _say(actions.check_in, event, scans=[Scan(uuid.uuid4(), guest=guests[2].key)])
    again = _say(actions.thank, event)
    with system():
        assert (again.pk, batch.recipients.count()) == (batch.pk, 3)
        assert batch.occasion.code == f"event:{event.key}"
