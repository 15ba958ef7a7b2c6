"""Who calls stands on the screen of who is called: with the record, and one press from the intake."""

from __future__ import annotations

import uuid

import pytest
from pytest_django.fixtures import Settings

from backend.contacts.models import Citizen
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.organization.models import User
from backend.retention.anonymising import forget
from backend.telephone.models import Call
from tests.cast import Cast, signed_in
from tests.factories import make_citizen
from tests.schema.client import Asking

BAR = "/admin/telephone/"


@pytest.fixture
def caller(cast: Cast, settings: Settings) -> Citizen:
    """A citizen who calls the secretary at this moment."""
    settings.TELEPHONE = "sip://u:p@127.0.0.1/santral.test"
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(extension="201")
        User.objects.filter(pk=cast.park_clerk.pk).update(extension="202")
        rings(cast.secretary)
    cast.secretary.refresh_from_db()
    return make_citizen("İnci", "Çağlar", phone="+905321112233")


def rings(user: User, number: str = "+905321112233") -> Call:
    return Call.objects.create(user=user, dialog=uuid.uuid4().hex, number=number)


def test_the_bar_names_the_caller_and_leads_to_the_intake_with_the_person(
    cast: Cast, caller: Citizen
) -> None:
    desk = signed_in(cast.secretary)
    for address in (BAR, "/admin/"):
        page = desk.get(address).content.decode()
        for shown in ("Arayan", "adına kayıtlı numara", "İnci", "0532 111 22 33", "Kaydı aç"):
            assert shown in page, (address, shown)
    with system():
        call = Call.objects.get()
        assert (
            AccessLog.objects.filter(purpose="admin: telephone").count() == 1
        )  # once, however often it is drawn
    intake = f"/admin/intake/?call={call.key}"
    assert intake in page
    form = desk.get(intake).content.decode()
    assert f'name="citizen" value="{caller.key}"' in form
    assert "5321112233" not in intake


def test_another_one_is_shown_nothing_and_who_may_know_no_citizen_the_number_alone(
    cast: Cast, caller: Citizen
) -> None:
    assert "İnci" not in signed_in(cast.fen_clerk).get("/admin/").content.decode()
    with system():
        call = Call.objects.get()
        rings(cast.park_clerk)
    assert signed_in(cast.park_clerk).get(f"/admin/intake/?call={call.key}").status_code == 404
    page = signed_in(cast.park_clerk).get(BAR).content.decode()
    assert ("0532 111 22 33" in page, "İnci" in page) == (True, False)


@pytest.mark.parametrize(
    ("number", "shown"), [("", "gizli numara"), ("202", "202"), ("+905329998877", "0532 999 88 77")]
)
def test_a_number_that_is_nobodys(cast: Cast, caller: Citizen, number: str, shown: str) -> None:
    with system():
        Call.objects.all().delete()
        call = rings(cast.secretary, number)
    desk = signed_in(cast.secretary)
    assert shown in desk.get(BAR).content.decode()
    assert desk.get(f"/admin/intake/?call={call.key}").status_code == 200


def test_two_people_of_one_number_are_both_offered_by_the_intake(cast: Cast, caller: Citizen) -> None:
    make_citizen("Şule", "Çağlar", phone="+905321112233")
    desk = signed_in(cast.secretary)
    assert "İnci" not in desk.get(BAR).content.decode()
    with system():
        call = Call.objects.get()
    form = desk.get(f"/admin/intake/?call={call.key}").content.decode()
    assert "İnci" in form
    assert "Şule" in form


def test_it_is_taken_off_the_screen_with_and_without_scripts(cast: Cast, caller: Citizen) -> None:
    desk = signed_in(cast.secretary)
    with system():
        first, second = Call.objects.get(), rings(cast.secretary, "+905329998877")
    assert desk.post(f"{BAR}{first.key}/away/").status_code == 302
    part = desk.post(f"{BAR}{second.key}/away/", headers={"HX-Request": "true"}).content.decode()
    assert "ok-calls" in part
    assert "Arayan" not in part
    with system():
        foreign = rings(cast.park_clerk)
    assert desk.post(f"{BAR}{foreign.key}/away/").status_code == 404


def test_without_an_exchange_or_an_extension_no_page_asks(
    cast: Cast, caller: Citizen, settings: Settings
) -> None:
    assert "ok-calls" not in signed_in(cast.fen_clerk).get("/admin/").content.decode()
    settings.TELEPHONE = ""
    assert "ok-calls" not in signed_in(cast.secretary).get("/admin/").content.decode()


def test_programs_and_anonymising(cast: Cast, caller: Citizen) -> None:
    asked = "{ calls { nodes { id number rangAt answeredAt } } }"
    desk = Asking(cast.secretary)
    (call,) = desk.data(asked)["calls"]["nodes"]
    assert (call["number"], call["answeredAt"]) == ("+905321112233", None)
    assert Asking(cast.fen_clerk).data(asked)["calls"]["nodes"] == []
    assert Asking(token=cast.portal_secret).data(asked)["calls"]["nodes"] == []
    assert Asking(cast.fen_clerk).does("callPutAway", id=call["id"])["errors"][0]["code"] == "NOT_FOUND"
    assert desk.does("callPutAway", id=call["id"])["errors"] == []
    assert desk.data(asked)["calls"]["nodes"] == []
    with system():
        forget("CITIZEN", [caller.pk])
        assert not Call.objects.exists()
