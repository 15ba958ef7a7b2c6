"""What a portal does with open cases that affect others too, and what becomes of who joined one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import DeliveryMethod, Status
from backend.complaints.law.applicable import STEP_UNDO
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Category
from backend.retention.anonymising import anonymise
from backend.submissions import affected, jobs
from backend.submissions.models import AffectedPerson
from permissions.core import scope
from permissions.retention import subjects
from permissions.similarity import finding
from tests.backend.stories import in_state, say
from tests.cast import Cast, as_viewer
from tests.factories import make_affected, make_category, make_citizen, make_complaint
from tests.schema.client import Asking, errors_of
from tests.schema.portal_client import make_notices, portal
from tests.schema.submissions.test_proofs import listed, opened

OPEN = """query($at: PortalOpenCasesInput!) { portalOpenCases(at: $at) {
  ticket about registeredOn status statusCode affected } }"""
JOINED = "query($s: String!) { portalMatters(session: $s) { joined { token about statusCode isOpen } } }"
AT = {"category": "lamba", "place": "Barış Caddesi 7"}


@pytest.fixture
def lamps(cast: Cast) -> Category:
    make_notices()
    return make_category("lamba", "Sokak lambası", others_may_join=True)


@pytest.fixture
def mine(lamps: Category) -> Asking:
    return portal()


def dark(lamps: Category, **fields: Any) -> Complaint:
    return make_complaint("Lamba yanmıyor", category=lamps, **({"place": "Barış Cad. No: 3"} | fields))


def tickets(asking: Asking, **at: Any) -> list[str]:
    return [row["ticket"] for row in asking.data(OPEN, at=AT | at)["portalOpenCases"]]


def joins(asking: Asking, session: str, ticket: str) -> list[str]:
    said = {"ticket": ticket, "session": session, "privacyNotice": "case-tr-1"}
    answer = asking.does("portalCaseJoin", "joined { about }", **said)
    return [error["code"] for error in answer["errors"]]


def test_a_portal_needs_its_rights_and_a_session(mine: Asking, lamps: Category) -> None:
    dark(lamps)
    (ticket,) = tickets(mine)
    follows = portal("portal.izler", ["FOLLOW"])
    assert errors_of(follows.answer(OPEN, at=AT)) == ["FORBIDDEN"]
    assert joins(mine, "x", ticket) == ["WRONG_STATE"]
    session = opened(mine)
    assert joins(mine, session, ticket + "x") == ["NOT_FOUND"]
    assert joins(portal("portal.baska"), session, ticket) == ["WRONG_STATE"]
    assert joins(mine, session, ticket) == []
    without = mine.does("portalCaseJoin", ticket=ticket, session=session, privacyNotice="yok")
    assert [(error["code"], error["field"]) for error in without["errors"]] == [("INVALID", "privacyNotice")]


def test_a_family_s_telephone_shows_each_their_own(mine: Asking, lamps: Category) -> None:
    dark(lamps)
    (ticket,) = tickets(mine)
    assert joins(mine, opened(mine), ticket) == []
    other = opened(mine, firstName="Çınar")
    assert mine.data(JOINED, s=other)["portalMatters"]["joined"] == []
    assert listed(mine, other) == []
    assert joins(mine, other, ticket) == []
    with system():
        assert Complaint.objects.get().affected == 2
    (row,) = mine.data(JOINED, s=other)["portalMatters"]["joined"]
    session = opened(mine)
    mine.does("portalCaseLeave", token=row["token"], session=session)  # another's: changes nothing
    assert len(mine.data(JOINED, s=other)["portalMatters"]["joined"]) == 1
    mine.does("portalCaseLeave", token="kötü", session=other)
    mine.does("portalCaseLeave", token=row["token"], session=other)
    with system():
        assert Complaint.objects.get().affected == 1


def test_of_equal_ones_the_five_that_came_first_are_shown_in_a_constant_number_of_statements(
    mine: Asking, lamps: Category, django_assert_max_num_queries: Any
) -> None:
    cases = [dark(lamps) for _each in range(7)]
    with system(), django_assert_max_num_queries(2):
        found = finding.joinable(finding.Matter(category=lamps, place="barış cd 1"), affected.joinable())
    assert [one.complaint.pk for one in found] == [case.pk for case in cases[:5]]
    assert tickets(mine, category="lamba", place="Barış") == []
    unknown = mine.answer(OPEN, at=AT | {"category": "yok"})
    assert errors_of(unknown) == ["INVALID"]


def test_one_contact_joins_so_many_an_hour(
    mine: Asking, lamps: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(affected, "MOST_OF_CONTACT", 1)
    dark(lamps), dark(lamps)
    first, second = tickets(mine)
    session = opened(mine)
    assert joins(mine, session, first) == []
    assert joins(mine, session, second) == ["OVER_LIMIT"]
    with system():
        assert AffectedPerson.objects.count() == 1


def test_who_joined_a_duplicate_goes_on_with_its_original(cast: Cast, lamps: Category) -> None:
    first, second = dark(lamps), dark(lamps)
    make_affected(second, "a@example.org", by=cast.portal)
    make_affected(second, "b@example.org", by=cast.portal)
    make_affected(first, "b@example.org", by=cast.portal)
    with system():
        actions.mark_duplicate(second, by=cast.secretary, of=first)
    assert jobs.inform() == 0
    with system():
        assert [row.affected for row in Complaint.objects.order_by("pk")] == [2, 0]
        assert set(AffectedPerson.objects.values_list("complaint", flat=True)) == {first.pk}


def test_what_is_taken_up_again_informs_again(cast: Cast, lamps: Category) -> None:
    case = dark(lamps)
    make_affected(case, by=cast.portal)
    with system():
        actions.withdraw(Complaint.objects.get(pk=case.pk), by=cast.secretary, note="Vazgeçti")
    assert jobs.inform() == 1
    with system():
        actions.reopen(Complaint.objects.get(pk=case.pk), by=cast.secretary, reason="Yine karanlık")
    assert jobs.inform() == 0
    with system():
        assert AffectedPerson.objects.get().informed_at is None
        actions.withdraw(Complaint.objects.get(pk=case.pk), by=cast.secretary, note="Vazgeçti")
    assert jobs.inform() == 1


def test_a_closing_that_can_be_taken_back_informs_nobody_yet(cast: Cast, lamps: Category) -> None:
    case = dark(lamps)
    make_affected(case, by=cast.portal)
    with freeze_time(timezone.now()) as clock:
        in_state(Status.FORWARDED, cast, case)
        say(case, "notify_forwarding", by=cast.secretary, means=DeliveryMethod.EMAIL)
        say(case, "close", by=cast.secretary, outcome="")
        assert jobs.inform() == 0
        clock.tick(STEP_UNDO)
        assert jobs.inform() == 1


def test_a_department_reads_the_number_and_nobody_there_the_contacts(cast: Cast, lamps: Category) -> None:
    case = dark(lamps, to=cast.fen)
    make_affected(case, by=cast.portal)
    question = "{ complaints(first: 1) { nodes { affected } } }"
    assert Asking(cast.fen_clerk).data(question)["complaints"]["nodes"] == [{"affected": 1}]
    with as_viewer(cast.fen_clerk):
        assert not AffectedPerson.objects.exists()
        assert not scope.visible(AffectedPerson).exists()


def test_a_person_is_told_of_it_under_kvkk_and_it_goes_with_them(cast: Cast, lamps: Category) -> None:
    person = make_citizen("Işıl", "İnce", email="Isil@example.org")
    make_affected(dark(lamps), by=cast.portal)
    make_affected(dark(lamps), "kimse@example.org", by=cast.portal)
    of_the_family = make_affected(dark(lamps), by=cast.portal)
    with system():
        AffectedPerson.objects.filter(pk=of_the_family.pk).update(person="0" * 32)
    with as_viewer(cast.office_head):
        facts = [fact.text for fact in subjects.report(person.key).facts if fact.part == "AFFECTED"]
    assert facts == ["Sokak lambası"]
    with system():
        anonymise(person, by=cast.office_head, reason="KVKK m.11 başvurusu")
        assert [row.email for row in AffectedPerson.objects.all()] == ["kimse@example.org"]


def test_who_is_known_by_telephone_is_told_of_it_too(cast: Cast, lamps: Category) -> None:
    person = make_citizen("Işıl", "İnce", phone="0532 111 22 33")
    row = make_affected(dark(lamps), "", by=cast.portal)
    with system():
        AffectedPerson.objects.filter(pk=row.pk).update(phone="+905321112233")
    with as_viewer(cast.office_head):
        facts = [fact.text for fact in subjects.report(person.key).facts if fact.part == "AFFECTED"]
    assert facts == ["Sokak lambası"]


def test_a_ticket_ends_after_a_day(mine: Asking, lamps: Category, monkeypatch: pytest.MonkeyPatch) -> None:
    dark(lamps)
    (ticket,) = tickets(mine)
    session = opened(mine)
    monkeypatch.setattr(affected, "SHOWN_FOR", dt.timedelta(seconds=-1))
    assert joins(mine, session, ticket) == ["NOT_FOUND"]
