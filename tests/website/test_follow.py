"""An application is followed to its end on the site: rated, taken up again, and no address is a dead end."""

from __future__ import annotations

from typing import Any

import pytest

from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from tests.admin_ui.complaints.test_own_case import replied
from tests.cast import Cast
from tests.factories import refetch
from tests.website.test_apply import Citizen, installed

__all__ = ["installed"]
CASE = "/basvuru/takip/durum/"


def follows(case: Complaint) -> Citizen:
    citizen = Citizen()
    citizen.sends("/basvuru/takip/", code=case.tracking_code.lower().replace("-", " "))
    assert citizen.at == CASE
    return citizen


def test_the_answer_is_read_and_rated_and_rated_anew(cast: Cast) -> None:
    case = replied(cast)
    citizen = follows(case)
    assert "Yapıldı." in citizen.text
    citizen.sends(CASE, do="rate")
    assert citizen.page.status_code == 422
    for rating, remark in (("2", "Geç kaldı"), ("5", "")):
        citizen.sends(CASE, do="rate", **{"rate-rating": rating, "rate-remark": remark})
        assert "değerlendirmeniz alındı" in citizen.text
        assert refetch(case).rating == int(rating)


@pytest.mark.urls("tests.site_off")
def test_where_the_site_is_off_it_is_followed_all_the_same(cast: Cast, settings: Any) -> None:
    settings.WEBSITE = False
    citizen, case = Citizen(), replied(cast)
    assert 'href="/basvuru/"' not in citizen.get("/takip/")
    citizen.sends("/takip/", code=case.tracking_code)
    assert "Yapıldı." in citizen.text
    citizen.sends(CASE, do="rate", **{"rate-rating": "4"})
    assert refetch(case).rating == 4
    citizen.sends("/basvuru/takip/birak/")
    assert citizen.at == "/basvuru/takip/"


def test_it_is_taken_up_again_under_its_number(cast: Cast) -> None:
    case = replied(cast)
    citizen = follows(case)
    citizen.sends(CASE, do="reopen")
    assert citizen.page.status_code == 422
    citizen.sends(CASE, do="reopen", **{"reopen-reason": "Çukur yeniden açıldı"})
    found = refetch(case)
    assert (found.reference, found.reopened) == (case.reference, 1)
    assert found.status != Status.REPLIED
    assert found.reference in citizen.text


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/basvuru/sil/", "/basvuru/"),
        ("/basvuru/takip/birak/", "/basvuru/takip/"),
        ("/islerim/kapat/", "/islerim/"),
        ("/islerim/etkinlik/", "/islerim/"),
        ("/islerim/etkilenen/", "/islerim/"),
        ("/randevu/sil/", "/randevu/"),
        ("/giris/cikis/", "/"),
        ("/onay/", "/basvuru/onay/"),
    ],
)
def test_an_address_that_only_does_something_leads_to_its_page(address: str, leads_to: str) -> None:
    answer = Citizen().browser.get(address)
    assert (answer.status_code, answer["Location"]) == (302, leads_to)
