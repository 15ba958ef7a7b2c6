"""First steps by role: they tick themselves off when they are done, and can be put away."""

from __future__ import annotations

import pytest

from backend.guidance.models import FirstStep
from backend.organization.models import User
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_complaint

CARD = 'class="ok-card ok-tour-card"'


def ticked(person: User) -> set[str]:
    with as_viewer(person):
        return set(FirstStep.objects.filter(user=person).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("secretary", "Bir çağrı kaydediniz"),
        ("office_head", "Bir cevabı onaylayınız"),
        ("fen_clerk", "Bir cevap taslağı yazınız"),
        ("fen_head", "Bir başvuruya sorumlu kişi atayınız"),
        ("mayor", "Gününüze bakınız"),
        ("administrator", "Bir personel hesabı açınız"),
    ],
)
def test_each_role_has_its_own(who: str, title: str, cast: Cast) -> None:
    client = signed_in(getattr(cast, who))
    body = client.get("/admin/").content.decode()
    assert CARD in body
    assert title in body
    assert title in client.get("/admin/first-steps/").content.decode()


def test_a_deed_ticks_off_its_step_and_a_refused_one_does_not(cast: Cast) -> None:
    case = make_complaint("Çukur", to=cast.fen)
    client, page = signed_in(cast.fen_clerk), f"/admin/complaints/complaint/{case.key}/"
    client.get(page + "change/")
    client.post(page + "return/", {"version": case.version, "reason": ""})
    assert ticked(cast.fen_clerk) == set()
    client.post(page + "accept/", {"version": case.version})
    assert ticked(cast.fen_clerk) == {"accept", "queue"}
    assert "2 / 5" in client.get("/admin/").content.decode()
    client.post("/admin/pins/add/", {"page": "/admin/complaints/complaint/"})
    assert ticked(cast.fen_clerk) == {"accept", "queue", "pin"}


def test_a_page_that_is_only_looked_at_ticks_itself_off(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert client.get("/admin/status/").status_code == 200
    assert ticked(cast.administrator) == {"status"}
    signed_in(cast.fen_clerk).get("/admin/status/")
    assert ticked(cast.fen_clerk) == set()


def test_they_are_put_away_and_taken_out_again(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    client.post("/admin/first-steps/", {})
    assert CARD not in client.get("/admin/").content.decode()
    assert CARD in signed_in(cast.office_head).get("/admin/").content.decode()
    assert "Masamda yeniden göster" in client.get("/admin/first-steps/").content.decode()
    client.post("/admin/first-steps/", {"again": "1"})
    assert CARD in client.get("/admin/").content.decode()


def test_who_has_no_permission_yet_has_none(cast: Cast) -> None:
    client = signed_in(cast.outsider)
    assert CARD not in client.get("/admin/").content.decode()
    assert "henüz ilk adım yoktur" in client.get("/admin/first-steps/").content.decode()
