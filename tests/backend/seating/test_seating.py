"""Halls and seating plans: seated by rank, moved by hand with the rule told, frozen when it goes to print."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest
from django.db import connection
from pypdf import PdfReader

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.events import actions as events
from backend.events.blueprints import civil_authority_presides
from backend.events.models import Event, Guest
from backend.journal.models import AuditLog
from backend.organization.models import User
from backend.protocol.actions import appoint, save_office
from backend.protocol.choices import Capacity
from backend.protocol.holders import MAYOR
from backend.protocol.seating import Fault
from backend.seating import actions, paper
from backend.seating.actions.placing import faults
from backend.seating.actions.planning import canonical
from backend.seating.models import Hall, PlanSeat, SeatingPlan
from backend.seating.people import HOST, Who, as_written
from backend.seating.rows import RowSpec
from permissions.core import scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.days import day
from tests.factories import at, make_event, make_guest, make_hall, make_plan, refetch

ROWS = [RowSpec("A", 5, is_front=True), RowSpec("B", 6, gaps=[3])]


def _seats(plan: SeatingPlan) -> dict[str, str]:
    """Where each sits, by the name of the guest; “+” for who comes along."""
    with system():
        rows = plan.seats.select_related("row", "guest__person")
        return {
            (f"{one.guest.person.first_name}{'+' * one.companion}" if one.guest else one.kind): str(
                f"{one.row.label}{one.number}"
            )
            for one in rows
        }


def _seat(plan: SeatingPlan, **more: Any) -> Any:
    with system():
        return actions.seat_by_rule(refetch(plan), by=None, **more)


def _move(plan: SeatingPlan, guest: Guest | None, row: str, number: int, **more: Any) -> PlanSeat:
    with system():
        to = plan.rows.get(label=row)
        return actions.move(refetch(plan), by=None, row=to, number=number, guest=guest, **more)


@pytest.fixture
def event(cast: Cast) -> Event:
    return make_event(cast.mayors, "29 Ekim resepsiyonu", kind="RECEPTION")


def test_guests_are_seated_by_rank_with_the_host_in_the_middle(event: Event) -> None:
    make_guest(event, "Üçüncü", rank=3)
    make_guest(event, "Birinci", rank=1, with_spouse=True, companions=1)
    make_guest(event, "İkinci", rank=2)
    make_guest(event, "Gelmeyen", rank=1, answer="NOT_COMING")
    make_guest(event, "Sessiz", rank=1, answer=None)
    plan = make_plan(event, ROWS)
    outcome = _seat(plan)
    assert (outcome.seated, outcome.standing) == (5, ())
    assert _seats(plan) == {
        "HOST": "A3",
        "Birinci": "A4",
        "Birinci+": "A5",
        "İkinci": "A2",
        "Üçüncü": "A1",
    }
    with system():
        assert faults(refetch(plan)) == []


def test_those_who_did_not_answer_are_seated_where_the_plan_says_so(event: Event) -> None:
    make_guest(event, "Sessiz", rank=1, answer=None, with_spouse=True)
    plan = make_plan(event, ROWS, hosts=False, includes_unanswered=True)
    _seat(plan)
    assert _seats(plan) == {"Sessiz": "A3", "Sessiz+": "A4"}


def test_the_host_may_be_on_the_list(event: Event) -> None:
    mayor = make_guest(event, "Başkan", rank=5)
    make_guest(event, "Kaymakam", rank=1)
    plan = make_plan(event, ROWS, host_guest=mayor)
    _seat(plan)
    assert _seats(plan) == {"Başkan": "A3", "Kaymakam": "A4"}


def test_at_a_national_day_the_mayor_sits_at_the_place_of_the_office(cast: Cast) -> None:
    """5442 m.31, 2012/3073: the mülki amir presides; the mayor is no host, unless somebody says so."""
    event = make_event(cast.mayors, "29 Ekim", kind="NATIONAL_DAY")
    make_guest(event, "Kaymakam", rank=1)
    make_guest(event, "Komutan", rank=2)
    make_guest(event, "Başkan", rank=3)
    plan = make_plan(event, ROWS)
    assert (plan.hosts, _seat(plan).seated) == (False, 3)
    assert _seats(plan) == {"Kaymakam": "A3", "Komutan": "A4", "Başkan": "A2"}
    assert make_plan(make_event(cast.mayors, "Konser", starts_at=at(day(181), "14:00")), ROWS).hosts


def test_a_commemoration_of_a_template_is_presided_too(cast: Cast) -> None:
    """2012/3073 arranges 10 Kasım; a commemoration of the municipality's own has the mayor as its host."""
    event = make_event(cast.mayors, "Anma", kind="COMMEMORATION")
    assert not civil_authority_presides(event)
    event.template = "ataturk_memorial"
    assert civil_authority_presides(event)


@pytest.mark.parametrize("acting", [False, True])
def test_nobody_sits_as_host_and_as_holder_of_the_office(event: Event, acting: bool) -> None:
    """One mayor in the front row: who holds the office that day, or acts in it, is the host."""
    kaymakam = make_guest(event, "Kaymakam", rank=1)
    mayor = make_guest(event, "Başkan", rank=5, answer=None)
    with system():
        office = save_office(by=None, title="Belediye Başkanı", code=MAYOR)
        capacity = Capacity.ACTING if acting else Capacity.SUBSTANTIVE
        appoint(office, by=None, person=mayor.person, valid_from=today(), capacity=capacity)
    plan = make_plan(event, ROWS)
    _seat(plan)
    assert _seats(plan) == {"Başkan": "A3", "Kaymakam": "A4"}
    with pytest.raises(DomainError) as nobody:
        _move(plan, None, "B", 1)
    assert nobody.value.field == "guest"
    assert kaymakam


def test_a_principal_who_comes_onto_the_list_keeps_the_seat_of_the_host(event: Event) -> None:
    make_guest(event, "Kaymakam", rank=1)
    plan = make_plan(event, ROWS)
    _seat(plan)
    assert _seats(plan) == {"HOST": "A3", "Kaymakam": "A4"}
    mayor = make_guest(event, "Ufuk", "Başkan", rank=5)  # the principal's account has this name
    with system():
        User.objects.filter(pk=event.principal.person_id).update(first_name="Ufuk", last_name="Başkan")
    _move(plan, mayor, "B", 1)
    assert _seats(plan) == {"Ufuk": "B1", "Kaymakam": "A4"}
    with system():
        actions.change(refetch(plan), by=None, hosts=False, host_guest=None)
        actions.freeze(refetch(plan), by=None)
    assert _seats(plan) == {"Ufuk": "B1", "Kaymakam": "A4"}


def test_what_was_given_by_hand_stays_until_it_is_forgotten(event: Event) -> None:
    first, second = make_guest(event, "Bir", rank=1), make_guest(event, "İki", rank=2)
    plan = make_plan(event, ROWS, hosts=False)
    _seat(plan)
    _move(plan, first, "B", 6)
    with system():
        assert faults(refetch(plan)) == [Fault("BEHIND", Who(first.pk), Who(second.pk))]
    _seat(plan)
    assert _seats(plan) == {"Bir": "B6", "İki": "A3"}
    _seat(plan, keep_by_hand=False)
    assert _seats(plan) == {"Bir": "A3", "İki": "A4"}


def test_two_change_places_and_a_seat_kept_free_is_given_to_nobody(event: Event) -> None:
    first, second = make_guest(event, "Bir", rank=1), make_guest(event, "İki", rank=2)
    plan = make_plan(event, ROWS, hosts=False)
    _seat(plan)
    _move(plan, second, "A", 3)
    assert _seats(plan) == {"Bir": "A4", "İki": "A3"}
    third = make_guest(event, "Üç", rank=3)
    _move(plan, third, "A", 3)
    assert _seats(plan) == {"Bir": "A4", "Üç": "A3"}
    with system():
        actions.keep_free(refetch(plan), by=None, row=plan.rows.get(label="A"), number=2)
    with pytest.raises(DomainError) as kept:
        _move(plan, first, "A", 2)
    assert (kept.value.code, kept.value.field) == (ErrorCode.CONFLICT, "number")
    _seat(plan, keep_by_hand=False)
    assert _seats(plan) == {"BLOCKED": "A2", "Bir": "A3", "İki": "A4", "Üç": "A5"}


@pytest.mark.parametrize(("row", "number"), [("B", 3), ("A", 6), ("A", 0)])
def test_a_seat_that_is_not_there_is_refused(event: Event, row: str, number: int) -> None:
    guest = make_guest(event, "Bir")
    plan = make_plan(event, ROWS)
    with pytest.raises(DomainError) as refusal:
        _move(plan, guest, row, number)
    assert refusal.value.field == "number"


def test_nobody_of_another_event_is_seated(cast: Cast, event: Event) -> None:
    later: dict[str, Any] = {"starts_at": at(day(181), "14:00"), "kind": "MEETING"}
    stranger = make_guest(make_event(cast.mayors, "Başka", **later), "Yabancı")
    plan = make_plan(event, ROWS, hosts=False)
    for guest in (stranger, None):
        with pytest.raises(DomainError) as refusal:
            _move(plan, guest, "A", 1)
        assert refusal.value.field == "guest"


def test_who_no_longer_comes_is_told_and_loses_the_seat_when_seated_anew(event: Event) -> None:
    guest = make_guest(event, "Bir", rank=1)
    plan = make_plan(event, ROWS, hosts=False)
    _seat(plan)
    with system():
        events.answer(refetch(guest), by=None, answer="NOT_COMING")
        assert faults(refetch(plan)) == [Fault("GONE", Who(guest.pk), Who(guest.pk))]
    _seat(plan)
    assert _seats(plan) == {}


def test_other_rows_leave_who_sits_where_a_seat_still_is(event: Event) -> None:
    first, second = make_guest(event, "Bir", rank=1), make_guest(event, "İki", rank=2)
    plan = make_plan(event, ROWS, hosts=False)
    _move(plan, first, "A", 1)
    _move(plan, second, "A", 5)
    with system():
        actions.set_rows(refetch(plan), by=None, rows=[RowSpec("Z", 4), RowSpec("A", 4)])
        assert list(plan.rows.values_list("label", "position")) == [("Z", 1), ("A", 2)]
    assert _seats(plan) == {"Bir": "A1"}


def test_a_frozen_plan_changes_no_more_and_says_what_was_printed(event: Event) -> None:
    guest = make_guest(event, "Bir", rank=1)
    plan = make_plan(event, ROWS, hosts=False)
    with system(), pytest.raises(DomainError):
        actions.freeze(refetch(plan), by=None)
    _seat(plan)
    with system():
        digest = actions.freeze(refetch(plan), by=None)
        assert digest in {refetch(plan).digest}
        assert json.loads(canonical(refetch(plan)))[0] == event.reference
        with pytest.raises(DomainError) as frozen:
            actions.seat_by_rule(refetch(plan), by=None)
        assert frozen.value.code == ErrorCode.WRONG_STATE
    with pytest.raises(DomainError):
        _move(plan, guest, "A", 1)
    with system():
        with pytest.raises(DomainError) as reason:
            actions.reopen(refetch(plan), by=None, reason=" ")
        assert reason.value.field == "reason"
        actions.reopen(refetch(plan), by=None, reason="Bakan geliyor")
        assert AuditLog.objects.get(verb="seating_reopened").note.endswith("Bakan geliyor")
        assert actions.freeze(refetch(plan), by=None) == digest  # the same plan, the same letters


def test_a_hall_is_kept_with_its_rows_and_a_plan_has_a_copy(event: Event) -> None:
    hall = make_hall(ROWS, name="Büyük Salon")
    make_guest(event, "Bir")
    with system():
        plan = actions.begin(event, by=None, hall=hall)
        actions.save_hall(hall, by=None, name="Büyük Salon", rows=[RowSpec("Yeni", 3)])
        assert list(plan.rows.values_list("label", flat=True)) == ["A", "B"]
        with pytest.raises(DomainError) as twice:
            actions.begin(event, by=None, hall=hall)
        assert twice.value.code == ErrorCode.DUPLICATE


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [RowSpec("", 3)],
        [RowSpec("A", 0)],
        [RowSpec("A", 201)],
        [RowSpec("A", 3), RowSpec("A", 3)],
        [RowSpec("A", 3, gaps=[4])],
        [RowSpec("A", 3, kind="SOFA")],
    ],
)
def test_rows_that_cannot_be_are_refused(db: None, rows: list[RowSpec]) -> None:
    with system(), pytest.raises(DomainError) as refusal:
        actions.save_hall(by=None, name="Salon", rows=rows)
    assert refusal.value.field == "rows"
    with system():
        assert not Hall.objects.exists()


def test_a_hundred_and_twenty_guests_and_their_papers(event: Event) -> None:
    for n in range(120):
        spouse = {"with_spouse": True, "companions": 1} if n % 10 == 0 else {}
        make_guest(event, "Ilgın", f"Şimşek {n}", rank=n // 3 + 1, title="İlçe Müftüsü", **spouse)
    plan = make_plan(event, [RowSpec(f"{n}", 20, gaps=[10, 11], is_front=n == 1) for n in range(1, 10)])
    outcome = _seat(plan)
    assert (outcome.seated, outcome.standing) == (133, ())
    with system():
        found = refetch(plan)
        assert faults(found) == []
        actions.freeze(found, by=None)
        found = refetch(plan)
        texts = {kind: PdfReader(io.BytesIO(paper.pdf(found, kind))) for kind in paper.PAPERS}
    words = {kind: " ".join(page.extract_text() for page in pdf.pages) for kind, pdf in texts.items()}
    assert "Ilgın ŞİMŞEK 0" in words["cards"]
    assert len(texts["cards"].pages) == 23
    assert len(texts["labels"].pages) == 6
    assert "Sıra 1" in words["front"]
    assert found.digest[:16] in words["plan"]


def test_a_spouse_has_a_card_of_their_own_name_or_of_whose_spouse_they_are(event: Event) -> None:
    """Feature B10: no guest's card reads as large a word as “Eşi” alone."""
    make_guest(event, "Adem", "Erdoğan", rank=1, title="Kaymakam", with_spouse=True, companions=1)
    named = make_guest(event, "İsmail", "Ünlü", rank=2, with_spouse=True, companions=1)
    with system():
        events.answer(refetch(named), by=None, answer="COMING", companions=1, companion_names="Gül Ünlü")
    plan = make_plan(event, ROWS)
    _seat(plan)
    with system():
        cards = {one["name"]: one for one in paper.values(refetch(plan), "cards")["cards"]}
        shown = str(paper.values(refetch(plan), "plan"))
    assert {"Sayın Adem ERDOĞAN’ın Eşi", "Adem ERDOĞAN", "Gül ÜNLÜ", "İsmail ÜNLÜ"} <= set(cards)
    assert (cards["Gül ÜNLÜ"]["title"], cards["Sayın Adem ERDOĞAN’ın Eşi"]["title"]) == ("", "")
    assert "İsmail ÜNLÜ’nün eşi" in shown


def test_who_represents_sits_with_their_own_name(event: Event) -> None:
    guest = make_guest(
        event, "Zülfü", "Ekşi", rank=1, title="Kaymakam", answer="REPRESENTED", representative="Ilgaz Şen"
    )
    plan = make_plan(event, ROWS, hosts=False)
    _seat(plan)
    with system():
        (card,) = paper.values(refetch(plan), "cards")["cards"]
    assert guest
    assert (card["title"], card["name"], card["note"]) == ("Kaymakam", "Ilgaz ŞEN", "temsilen")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Ilgaz Şen", "Ilgaz ŞEN"),
        ("Müdür  Yardımcısı", "Müdür Yardımcısı"),
        ("İlçe Millî Eğitim Şube Müdürü", "İlçe Millî Eğitim Şube Müdürü"),
        ("Kaymakam", "Kaymakam"),
        ("Ayşe Başkan", "Ayşe BAŞKAN"),
        ("Mehmet Ali Vali", "Mehmet Ali VALİ"),
        ("Sayın Vali", "Sayın Vali"),
        ("Belediye Başkanı", "Belediye Başkanı"),
    ],
)
def test_an_office_in_place_of_a_name_is_no_surname(typed: str, written: str) -> None:
    assert as_written(typed) == written


def test_departments_and_the_team_without_contacts_see_no_plan(cast: Cast, event: Event) -> None:
    make_guest(event, "Bir")
    plan = make_plan(event, ROWS)
    _seat(plan)
    with scope.session(cast.park_clerk):
        assert not scope.visible(SeatingPlan).exists()
        assert not SeatingPlan.objects.exists()
        assert not PlanSeat.objects.exists()
        assert scope.visible(Hall).exists()
    with scope.session(cast.secretary):
        assert scope.visible(SeatingPlan).get() == plan
        assert scope.can("CHANGE", plan)


def test_of_two_who_move_two_onto_one_seat_one_sits_there(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    event = make_event(cast.mayors, "Resepsiyon", kind="RECEPTION")
    guests = [make_guest(event, f"Konuk{n}", rank=n) for n in range(3)]
    plan = make_plan(event, ROWS, hosts=False)

    def move(guest: Guest) -> None:
        with scope.session(cast.secretary), elevated():
            locked = SeatingPlan.objects.select_for_update().get(pk=plan.pk)
            row = locked.rows.get(label="A")
            actions.move(locked, by=cast.secretary, row=row, number=1, guest=guest)
        connection.close()

    threads = [threading.Thread(target=move, args=(guest,)) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system():
        assert PlanSeat.objects.count() == 1
    assert Who(None) == HOST
