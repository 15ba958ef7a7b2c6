"""Requests for appointments: from the call to what came of it, with what the applicant is told."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from freezegun import freeze_time

from backend.appointments import actions, links
from backend.appointments.actions.notices import where
from backend.appointments.choices import DeclineGround, DeliveryMethod, Outcome, SessionStatus, Status
from backend.appointments.models import AppointmentRequest, PublicDaySession, RequestNotice
from backend.appointments.moves import Verb
from backend.complaints.models import Complaint
from backend.configuration.office import shown_with
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.outbox.models import Message
from backend.programme.actions import release_expired_holds, set_public_day
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry, Principal
from backend.programme.places import CollisionError, UnusualError
from permissions.core import scope
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.days import DAY, FROZEN, date, day, dotted
from tests.factories import (
    THURSDAYS,
    at,
    make_citizen,
    make_department,
    make_entry,
    make_principal,
    make_public_day,
    make_request,
    make_user,
    refetch,
)


@pytest.fixture
def mayors(db: None) -> Principal:
    return make_principal()


def _do(act: Callable[..., Any], request: AppointmentRequest, **given: Any) -> AppointmentRequest:
    with system():
        act(AppointmentRequest.objects.get(pk=request.pk), **({"by": None} | given))
        edges = ("entry", "principal", "department", "complaint", "applicant", "visit__session")
        return AppointmentRequest.objects.select_related(*edges).get(pk=request.pk)


def _refused(act: Callable[..., Any], request: AppointmentRequest, **given: Any) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        _do(act, request, **given)
    return refusal.value


def _verbs(request: AppointmentRequest) -> list[str]:
    with system():
        return list(request.lines.order_by("pk").values_list("verb", flat=True))


def _mails() -> list[Message]:
    with system():
        return list(Message.objects.order_by("created_at"))


# -- taking ------------------------------------------------------------------------------------------------
def test_a_request_has_a_number_a_line_and_a_receipt(mayors: Principal) -> None:
    request = make_request(mayors, receipt=True)
    assert request.reference == f"RT-{request.year}/1"
    assert make_request(mayors).number == 2
    assert _verbs(request) == ["received"]
    assert request.reference in _mails()[0].subject
    assert _mails()[0].purpose == "appointment_received"


def test_from_the_house_it_names_a_member_of_staff_and_otherwise_an_applicant(mayors: Principal) -> None:
    user = make_user("mudur", email="mudur@belediye.example")
    with system():
        request = actions.receive(
            mayors, by=None, channel="INTERNAL", kind="STAFF", subject="Bütçe", requested_by=user
        )
        assert request.applicant is None
        for channel in ("INTERNAL", "PHONE"):
            with pytest.raises(DomainError) as refusal:
                actions.receive(mayors, by=None, channel=channel, kind="STAFF", subject="Bütçe")
            assert refusal.value.code == ErrorCode.REQUIRED
    assert _mails()[0].address == "mudur@belediye.example"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"party_size": 0}, "party_size"),
        ({"subject": "  "}, "subject"),
        ({"kind": "TEA"}, "kind"),
        ({"wished_from": date(-10), "wished_until": date(-11)}, "wished_until"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(facts: dict[str, Any], field: str, mayors: Principal) -> None:
    with pytest.raises(DomainError) as refusal:
        make_request(mayors, **facts)
    assert refusal.value.field == field


# -- giving a time -----------------------------------------------------------------------------------------
def test_approving_enters_the_programme_and_tells_the_applicant(mayors: Principal) -> None:
    request = make_request(mayors, organisation="Merve Mah. Muhtarlığı", subject="Yol")
    request = _do(actions.approve, request, starts_at=at(DAY, "14:00"), place="Makam")
    assert request.status == Status.APPROVED
    entry = refetch(request.entry)
    assert (entry.title, entry.status, entry.is_requested) == (
        "Merve Mah. Muhtarlığı: Yol",
        EntryStatus.CONFIRMED,
        True,
    )
    (mail,) = _mails()
    assert f"{dotted()} Salı günü saat 14.00" in mail.body
    assert "Makam" in mail.body
    (token,) = re.findall(r"/randevu/([^\s/]+)/", mail.body)
    assert links.read(token) == (request.key, entry.key)
    with system():
        notice = RequestNotice.objects.get()
    assert "/randevu/" not in notice.body


def test_a_taken_time_is_refused_and_nothing_is_told(mayors: Principal) -> None:
    make_entry(mayors, "Encümen", at(DAY, "14:00"), 60)
    request = make_request(mayors)
    with pytest.raises(CollisionError, match="Encümen"):
        _do(actions.approve, request, starts_at=at(DAY, "14:30"))
    assert refetch(request).status == Status.NEW
    assert _mails() == []


@freeze_time(FROZEN)
def test_acceptance_case_6_the_eve_of_a_holiday_is_warned_of(mayors: Principal) -> None:
    request = make_request(mayors)
    with freeze_time("2026-10-01"):
        with pytest.raises(UnusualError, match=r"28\.10\.2026: bayram.*13\.00"):
            _do(actions.approve, request, starts_at=at("2026-10-28", "14:00"))
        request = _do(actions.approve, request, starts_at=at("2026-10-28", "14:00"), accept_unusual=True)
    assert request.status == Status.APPROVED


def test_without_an_address_somebody_must_say_how_the_applicant_is_told(mayors: Principal) -> None:
    request = make_request(mayors, applicant=make_citizen(email="", phone=""))
    time = {"starts_at": at(DAY, "14:00")}
    assert _refused(actions.approve, request, **time).field == "means"
    assert _refused(actions.approve, request, means=DeliveryMethod.EMAIL, **time).field == "means"
    with system():
        assert not Entry.objects.exists()
    assert _do(actions.approve, request, means=DeliveryMethod.PHONE, **time).status == Status.APPROVED
    assert _mails() == []


def test_a_proposed_time_is_held_and_becomes_the_appointment_when_accepted(mayors: Principal) -> None:
    until = timezone.now() + dt.timedelta(days=2)
    request = _do(actions.propose, make_request(mayors), starts_at=at(DAY, "14:00"), hold_until=until)
    assert refetch(request.entry).status == EntryStatus.HELD
    assert "önerilmektedir" in _mails()[0].body
    request = _do(actions.accept, request, means=DeliveryMethod.EMAIL)
    assert (request.status, refetch(request.entry).status) == (Status.APPROVED, EntryStatus.CONFIRMED)


def test_a_second_proposal_frees_the_first_and_its_link_is_out_of_date(mayors: Principal) -> None:
    until = timezone.now() + dt.timedelta(days=2)
    request = _do(actions.propose, make_request(mayors), starts_at=at(DAY, "14:00"), hold_until=until)
    old = links.token_for(request)
    request = _do(actions.propose, request, starts_at=at(DAY, "15:00"), hold_until=until)
    assert links.read(old) != links.read(links.token_for(request))
    make_entry(mayors, starts_at=at(DAY, "14:00"))


def test_a_proposal_nobody_answers_lapses_and_cannot_be_accepted_any_more(mayors: Principal) -> None:
    until = timezone.now() + dt.timedelta(days=2)
    request = _do(actions.propose, make_request(mayors), starts_at=at(DAY, "14:00"), hold_until=until)
    with system():
        Entry.objects.update(hold_expires_at=timezone.now() - dt.timedelta(hours=1))
    assert _refused(actions.accept, request).code == ErrorCode.OUT_OF_TIME
    with system():
        release_expired_holds()
        assert actions.lapse_proposals() == 1
        assert actions.lapse_proposals() == 0
    assert (refetch(request).status, refetch(request).entry_id) == (Status.NEW, None)
    assert _verbs(request)[-1] == "lapsed"


def test_refused_proposals_wait_for_another_time(mayors: Principal) -> None:
    until = timezone.now() + dt.timedelta(days=2)
    request = _do(actions.propose, make_request(mayors), starts_at=at(DAY, "14:00"), hold_until=until)
    request = _do(actions.refuse, request, note="O gün şehir dışında.")
    assert request.status == Status.NEW
    make_entry(mayors, starts_at=at(DAY, "14:00"))


def test_another_time_and_a_cancellation_are_told(mayors: Principal) -> None:
    request = _do(actions.approve, make_request(mayors), starts_at=at(DAY, "14:00"))
    request = _do(actions.reschedule, request, starts_at=at(DAY, "16:00"), note="Encümen")
    assert "16.00" in _mails()[-1].body
    request = _do(actions.cancel, request, reason="Ankara daveti", body="Sizi arayacağız.")
    assert "Ankara" not in _mails()[-1].body
    assert "16.00" in _mails()[-1].body
    assert "Sizi arayacağız." in _mails()[-1].body
    assert request.status == Status.CANCELLED
    make_entry(mayors, starts_at=at(DAY, "16:00"))


# -- deciding otherwise ------------------------------------------------------------------------------------
def test_declining_is_courteous_and_keeps_its_reason_in_the_house(mayors: Principal) -> None:
    request = _do(actions.decline, make_request(mayors), ground="ANSWERED", reason="Üçüncü kez aynı konu")
    assert request.reason == "Üçüncü kez aynı konu"
    assert "teşekkür" in _mails()[0].body
    assert "daha önce değerlendirilip sonucu tarafınıza bildirildiğinden" in _mails()[0].body
    assert "Üçüncü" not in _mails()[0].body
    assert _refused(actions.decline, request, ground="ANSWERED").code == ErrorCode.WRONG_STATE
    reopened = _do(actions.reopen, request)
    assert (reopened.status, reopened.ground) == (Status.NEW, "")


@pytest.mark.parametrize("ground", DeclineGround)
def test_every_ground_says_its_own_reason_and_only_a_busy_programme_says_so(
    mayors: Principal, ground: DeclineGround
) -> None:
    request = make_request(mayors)
    if ground is DeclineGround.OTHER:
        assert _refused(actions.decline, request, ground=ground).field == "body"
    _do(actions.decline, request, ground=ground, body="Salon tadilattadır.")
    (mail,) = _mails()
    assert ("program yoğunluğu" in mail.body) == (ground is DeclineGround.PROGRAMME)
    assert ("karşılanamamıştır.\n\nSalon" in mail.body) == (
        ground not in (DeclineGround.DEPARTMENT, DeclineGround.UNCLEAR)
    )
    assert "Salon tadilattadır." in mail.body


def test_to_a_deputy_it_goes_as_new_and_to_a_department_to_be_settled(mayors: Principal) -> None:
    deputys, fen = make_principal("Başkan Yardımcısı"), make_department("fen", "Fen İşleri Müdürlüğü")
    request = _do(actions.redirect, make_request(mayors), principal=deputys)
    assert (request.status, request.principal) == (Status.NEW, deputys)
    assert "Başkan Yardımcısı" in _mails()[0].body
    request = _do(actions.redirect, request, department=fen)
    assert (request.status, request.department) == (Status.REDIRECTED, fen)
    request = _do(actions.complete, request, outcome=Outcome.SOLVED, note="Yerinde görüldü.")
    assert (request.status, request.outcome) == (Status.SETTLED, Outcome.SOLVED)
    assert _refused(actions.redirect, make_request(mayors)).field == "principal"


def test_a_complaint_is_made_of_it_once_and_linked(mayors: Principal) -> None:
    request = _do(
        actions.convert_to_complaint,
        make_request(mayors, "Sokak lambası"),
        kind="COMPLAINT",
        means=DeliveryMethod.EMAIL,
    )
    with system():
        complaint = Complaint.objects.get()
    assert (request.status, request.complaint) == (Status.TURNED, complaint)
    assert (complaint.subject, complaint.applicant_id) == ("Sokak lambası", request.applicant_id)
    assert complaint.tracking_code in _mails()[-1].body
    assert _refused(actions.convert_to_complaint, request).code == ErrorCode.WRONG_STATE


def test_of_a_meeting_that_took_place_a_complaint_is_made_and_it_stays_settled(mayors: Principal) -> None:
    begun = timezone.now() - dt.timedelta(minutes=20)
    request = _do(actions.approve, make_request(mayors), starts_at=begun, accept_unusual=True)
    request = _do(actions.complete, request, outcome=Outcome.PROMISED, note="Bahçe duvarı yapılacak.")
    assert refetch(request.entry).status == EntryStatus.DONE
    request = _do(actions.convert_to_complaint, request)
    assert request.status == Status.SETTLED
    assert request.complaint_id
    assert _refused(actions.convert_to_complaint, request).code == ErrorCode.DUPLICATE


def test_a_withdrawal_frees_the_time(mayors: Principal) -> None:
    request = _do(actions.approve, make_request(mayors), starts_at=at(DAY, "14:00"))
    assert _do(actions.withdraw, request).status == Status.WITHDRAWN
    make_entry(mayors, starts_at=at(DAY, "14:00"))


def test_whoever_does_not_come_is_recorded_only_after_the_time(mayors: Principal) -> None:
    request = _do(actions.approve, make_request(mayors), starts_at=at(DAY, "14:00"))
    assert _refused(actions.mark_no_show, request).code == ErrorCode.OUT_OF_TIME
    with freeze_time(f"{DAY} 13:00"):
        request = _do(actions.mark_no_show, request)
    assert (request.status, refetch(request.entry).status) == (Status.NO_SHOW, EntryStatus.NOT_HELD)


def test_the_preview_is_what_is_sent(mayors: Principal) -> None:
    request = make_request(mayors)
    with system():
        subject, text = actions.message_preview(request, "DECLINED", "Bilginize.", ground="PENDING")
    _do(actions.decline, request, ground="PENDING", body="Bilginize.")
    assert (_mails()[0].subject, _mails()[0].body) == (subject, text)


# -- halk günü ---------------------------------------------------------------------------------------------
@freeze_time(FROZEN)
def test_acceptance_case_6_the_sessions_come_from_the_rule_without_holidays(mayors: Principal) -> None:
    with system():
        set_public_day(mayors, by=None, valid_from=dt.date(2026, 1, 1), **THURSDAYS)
        october = actions.generate_public_days(
            mayors, by=None, from_=dt.date(2026, 10, 1), until=dt.date(2026, 10, 31)
        )
        july = actions.generate_public_days(
            mayors, by=None, from_=dt.date(2027, 7, 1), until=dt.date(2027, 7, 31)
        )
        again = actions.generate_public_days(
            mayors, by=None, from_=dt.date(2027, 7, 1), until=dt.date(2027, 7, 31)
        )
    assert [session.day.day for session in october.sessions] == [1, 8, 15, 22]
    assert [day.day for day, _why in october.left_out] == [29]
    assert "Cumhuriyet" in october.left_out[0][1]
    assert [session.day.day for session in july.sessions] == [1, 8, 22, 29]
    assert again.sessions == []


def test_a_day_on_which_the_programme_is_taken_is_named_and_left_out(mayors: Principal) -> None:
    make_entry(mayors, "Vali ziyareti", at(day(2), "11:00"))
    with system():
        set_public_day(mayors, by=None, valid_from=dt.date(2026, 1, 1), **THURSDAYS)
        made = actions.generate_public_days(mayors, by=None, from_=date(-1), until=date(12))
    assert [session.day for session in made.sessions] == [date(9)]
    assert "Vali ziyareti" in made.left_out[0][1]


def test_a_public_day_takes_up_time_in_the_programme(mayors: Principal) -> None:
    make_public_day(mayors)
    with pytest.raises(CollisionError):
        make_entry(mayors, starts_at=at(day(2), "11:00"))


def test_places_are_given_in_order_up_to_the_capacity(mayors: Principal) -> None:
    session = make_public_day(mayors, capacity=3, slot_minutes=45)
    requests = [
        _do(actions.assign_to_public_day, make_request(mayors), session=session) for _each in range(3)
    ]
    assert [f"{row.visit.at.astimezone(at(DAY).tzinfo):%H:%M}" for row in requests] == [
        "10:30",
        "10:30",
        "11:15",
    ]
    assert "halk günü randevunuz vardır" in _mails()[0].body
    refusal = _refused(actions.assign_to_public_day, make_request(mayors), session=session)
    assert (refusal.code, refusal.field) == (ErrorCode.OVER_LIMIT, "session")


def test_a_full_time_is_refused_on_assigning_and_on_moving(mayors: Principal) -> None:
    session = make_public_day(mayors, capacity=2, slot_minutes=45)
    first = _do(actions.assign_to_public_day, make_request(mayors), session=session, at=at(day(2), "11:15"))
    taken = {"session": session, "at": at(day(2), "11:15")}
    assert _refused(actions.assign_to_public_day, make_request(mayors), **taken).field == "at"
    second = _do(actions.assign_to_public_day, make_request(mayors), session=session)
    assert _refused(actions.move_visit, second, at=at(day(2), "11:15")).field == "at"
    assert _refused(actions.move_visit, first, at=at(day(2), "11:00")).field == "at"
    other = make_public_day(mayors, day(9), capacity=1, slot_minutes=45)
    moved = _do(actions.move_visit, first, session=other)
    assert refetch(moved.visit).session == other
    assert _refused(actions.move_visit, second, session=other).code == ErrorCode.OVER_LIMIT
    assert _do(actions.move_visit, second, at=at(day(2), "11:15")).visit.at == at(day(2), "11:15")


def test_the_day_itself_from_the_door_to_what_came_of_it(mayors: Principal) -> None:
    session = make_public_day(mayors)
    rows = [_do(actions.assign_to_public_day, make_request(mayors), session=session) for _each in range(3)]
    assert _refused(actions.arrive, rows[0]).code == ErrorCode.OUT_OF_TIME
    with freeze_time(f"{day(2)} 08:00"):
        _do(actions.arrive, rows[0])
        _do(actions.call_in, rows[0])
        assert (
            _refused(actions.complete_visit, rows[1], outcome=Outcome.INFORMED).code == ErrorCode.WRONG_STATE
        )
        with system(), pytest.raises(DomainError):
            actions.close_public_day(session, by=None)
        done = _do(actions.complete_visit, rows[0], outcome=Outcome.TAKEN_UP, note="Fen İşlerine iletildi.")
        assert (done.status, done.outcome) == (Status.SETTLED, Outcome.TAKEN_UP)
        _do(actions.mark_no_show, rows[1])
        with system():
            assert actions.close_public_day(session, by=None) == 1
    assert [refetch(row).status for row in rows] == [Status.SETTLED, Status.NO_SHOW, Status.NO_SHOW]
    assert _verbs(rows[0])[-3:] == ["arrived", "called_in", "seen_out"]


def test_a_cancelled_public_day_gives_the_time_back_and_tells_those_who_were_to_come(
    mayors: Principal,
) -> None:
    session = make_public_day(mayors)
    request = _do(actions.assign_to_public_day, make_request(mayors), session=session)
    with system():
        assert actions.cancel_public_day(session, by=None, reason="Meclis toplantısı") == 1
    assert refetch(request).status == Status.NEW
    assert refetch(session).status == SessionStatus.CANCELLED
    assert "yapılamayacaktır" in _mails()[-1].body
    make_entry(mayors, starts_at=at(day(2), "11:00"))


# -- many at once ------------------------------------------------------------------------------------------
def test_of_many_who_assign_at_once_no_more_than_the_capacity_get_a_place(
    committed_db: CommittedDatabase,
) -> None:
    principal = make_principal()
    session = make_public_day(principal, capacity=5)
    requests = [make_request(principal) for _each in range(16)]
    barrier = threading.Barrier(len(requests))

    def put(request: AppointmentRequest) -> str:
        try:
            barrier.wait(60)
            _do(actions.assign_to_public_day, request, session=session)
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(requests)) as pool:
        assert Counter(pool.map(put, requests)) == {"done": 5, "OVER_LIMIT": 11}
    with system():
        assert PublicDaySession.objects.get().visits.count() == 5


def test_of_two_who_decide_one_request_at_once_one_wins(committed_db: CommittedDatabase) -> None:
    house: Cast = make_cast()
    request = make_request(house.mayors)
    barrier = threading.Barrier(8)

    def approve(number: int) -> str:
        try:
            barrier.wait(60)
            with (
                as_viewer(house.secretary),
                scope.authorized(Verb.APPROVE, AppointmentRequest, request.key) as row,
            ):
                actions.approve(
                    row, by=house.secretary, starts_at=at(DAY, f"{9 + number:02d}:00"), means="PHONE"
                )
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(approve, range(8))) == {"done": 1, "WRONG_STATE": 7}
    with system():
        assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("place", "rooms", "is_here"),
    [
        ("", "Makam", True),
        ("Makam odası", "Makam, Başkanlık", True),
        ("MAKAM", "Makam", True),
        ("Başkanlık Toplantı Salonu", "Makam", False),
        ("Nikâh Salonu", "Makam, Nikâh salonu", True),
        ("Yayla Parkı", "Makam, , ", False),
        ("Makam", "", False),
    ],
)
def test_the_rooms_of_the_house_are_a_setting(place: str, rooms: str, is_here: bool) -> None:
    with shown_with({"HOUSE_ROOMS": rooms, "MUNICIPALITY_ADDRESS": "Enderun Cad. 2"}):
        assert where(Entry(place=place)).endswith("Enderun Cad. 2") is is_here
