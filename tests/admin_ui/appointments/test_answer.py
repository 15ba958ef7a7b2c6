"""An applicant answers by the link in their message, without an account: GET shows, POST decides."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from backend.appointments import actions, links
from backend.appointments.models import AppointmentRequest
from backend.core.session import system
from backend.programme.models import Entry
from tests.days import DAY, dotted
from tests.factories import at, make_principal, make_request, refetch


@pytest.fixture
def proposed(db: None) -> AppointmentRequest:
    request = make_request(make_principal(), "Çok özel bir konu")
    with system():
        actions.propose(
            request,
            by=None,
            starts_at=at(DAY, "14:00"),
            hold_until=timezone.now() + dt.timedelta(days=2),
            place="Makam",
        )
        return AppointmentRequest.objects.select_related("entry", "applicant").get(pk=request.pk)


def _address(request: AppointmentRequest) -> str:
    return f"/randevu/{links.token_for(request)}/"


def test_looking_changes_nothing_and_tells_only_what_was_offered(proposed: AppointmentRequest) -> None:
    for _each in range(2):
        page = Client().get(_address(proposed))
        text = page.content.decode()
        assert page.status_code == 200
        assert f"{dotted()} Salı 14.00" in text
        assert "Makam" in text
        assert "Çok özel" not in text
        assert page["Cache-Control"].startswith("max-age=0")
        assert page["Referrer-Policy"] == "same-origin"
    assert refetch(proposed).status == "PROPOSED"


def test_yes_makes_the_appointment_once(proposed: AppointmentRequest) -> None:
    first = Client().post(_address(proposed), {"answer": "accept"})
    assert "kesinleşmiştir" in first.content.decode()
    assert refetch(proposed).status == "APPROVED"
    again = Client().post(_address(proposed), {"answer": "accept"})
    assert "artık cevap verilemez" in again.content.decode()
    assert refetch(proposed).status == "APPROVED"


def test_no_frees_the_time_and_the_link_is_out_of_date(proposed: AppointmentRequest) -> None:
    Client().post(_address(proposed), {"answer": "refuse"})
    assert refetch(proposed).status == "NEW"
    assert refetch(proposed.entry).status == "RELEASED"
    assert Client().get(_address(proposed)).status_code == 404


def test_an_appointment_is_cancelled_by_its_link_until_it_begins(proposed: AppointmentRequest) -> None:
    Client().post(_address(proposed), {"answer": "accept"})
    assert "Randevumu iptal et" in Client().get(_address(proposed)).content.decode()
    Client().post(_address(proposed), {"answer": "cancel"})
    assert refetch(proposed).status == "WITHDRAWN"
    assert refetch(proposed.entry).status == "CANCELLED"


def test_another_time_is_asked_for_and_the_given_one_is_free(proposed: AppointmentRequest) -> None:
    Client().post(_address(proposed), {"answer": "accept"})
    page = Client().post(_address(proposed), {"answer": "refuse", "wish": "Öğleden sonra olabilir"})
    assert "size ulaşacağız" in page.content.decode()
    now = refetch(proposed)
    assert now.status == "NEW"
    assert now.wish == "Öğleden sonra olabilir"
    assert refetch(proposed.entry).status == "CANCELLED"


def test_a_link_that_is_out_of_date_says_whom_to_call(proposed: AppointmentRequest) -> None:
    Client().post(_address(proposed), {"answer": "refuse"})
    page = Client().get(_address(proposed))
    assert page.status_code == 404
    assert "veya bizi arayınız" in page.content.decode()
    assert "0216 311 11 11" in page.content.decode()
    assert page.content == Client().get("/randevu/x/").content


def test_nothing_of_the_person_stands_in_the_address(proposed: AppointmentRequest) -> None:
    with system():
        citizen = proposed.applicant
    assert citizen is not None
    assert proposed.entry is not None
    held = base64.urlsafe_b64decode(_address(proposed).split("/")[2].split(".")[0] + "=")
    assert held == proposed.key.bytes + proposed.entry.key.bytes


def test_a_proposal_that_ran_out_can_only_be_looked_at(proposed: AppointmentRequest) -> None:
    with system():
        Entry.objects.update(hold_expires_at=timezone.now() - dt.timedelta(hours=1))
    page = Client().post(_address(proposed), {"answer": "accept"})
    assert "artık cevap verilemez" in page.content.decode()
    assert refetch(proposed).status == "PROPOSED"


@pytest.mark.parametrize("word", ["", "cancel", "delete"])
def test_an_answer_that_was_not_offered_changes_nothing(word: str, proposed: AppointmentRequest) -> None:
    Client().post(_address(proposed), {"answer": word})
    assert refetch(proposed).status == "PROPOSED"


def test_a_link_that_is_not_ours_is_missing(proposed: AppointmentRequest) -> None:
    for token in ("1", links.token_for(proposed)[:-1] + "x", "WzFd:x:y"):
        assert Client().get(f"/randevu/{token}/").status_code == 404
        assert Client().post(f"/randevu/{token}/", {"answer": "accept"}).status_code == 404


def test_another_site_cannot_answer_for_the_applicant(proposed: AppointmentRequest) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(_address(proposed), {"answer": "accept"}).status_code == 403
    assert refetch(proposed).status == "PROPOSED"
