"""The home: one queue whose counters narrow it and whose steps lead to the next row; a day without what is over."""

from __future__ import annotations

import re

import pytest

from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.core.session import system
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

CHIP = re.compile(r'ok-counter" href="([^"]+)"[^>]*>([^<]+) <strong>([\d.+]+)</strong>')
ROW = re.compile(r'class="ok-queue-what"')


@pytest.fixture
def cases(cast: Cast) -> list[Complaint]:
    return [
        make_complaint("Havale bekleyen"),
        make_complaint("Kabul bekleyen", to=cast.fen),
        make_complaint("İşe başlanacak", to=cast.fen, accepted_by=cast.fen_clerk),
        make_complaint("Başka müdürlüğün", to=cast.park),
    ]


@pytest.mark.parametrize("person", ["secretary", "office_head", "fen_head", "fen_clerk", "park_clerk"])
def test_every_counter_narrows_the_queue_to_its_number(cast: Cast, cases, person: str) -> None:
    client = signed_in(cast.people()[person])
    chips = CHIP.findall(client.get("/admin/").content.decode())
    assert chips
    for url, title, number in chips:
        body = client.get(f"/admin/{url.replace('&amp;', '&')}").content.decode()
        assert len(ROW.findall(body)) == int(number), title


def test_a_step_is_done_in_place_and_the_next_row_follows(cast: Cast, cases) -> None:
    client = signed_in(cast.fen_clerk)
    body = client.get("/admin/?show=accept").content.decode()
    address = re.search(r'action="([^"]+/accept/)"', body)
    assert address
    version = re.search(r'name="version" value="(\d+)"', body)
    assert version
    answer = client.post(address[1], {"version": version[1], "from": "queue"})
    assert answer.headers["Location"] == "/admin/#queue"
    with system():
        assert Complaint.objects.get(pk=cases[1].pk).status == Status.ACCEPTED


def test_a_form_that_began_in_the_queue_leads_back_to_it(cast: Cast, cases) -> None:
    client = signed_in(cast.secretary)
    body = client.get("/admin/?show=route").content.decode()
    address = re.search(r'href="([^"]+\?do=route&amp;from=queue)#do"', body)
    assert address
    form = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert '<input type="hidden" name="from" value="queue">' in form


def test_who_has_nothing_is_told_what_will_appear(cast: Cast) -> None:
    body = signed_in(cast.fen_clerk).get("/admin/").content.decode()
    assert "Sizi bekleyen iş yoktur" in body
    assert "ok-counter" not in body


def test_bilgi_islem_and_strangers_see_no_queue(cast: Cast, cases) -> None:
    for person in (cast.administrator, cast.outsider):
        assert not ROW.search(signed_in(person).get("/admin/").content.decode())


@pytest.mark.parametrize(
    "query", ["?show=bilinmeyen", "?part=X", "?page=-1", "?page=99999", "?page=abc", "?show=sign"]
)
def test_an_odd_address_is_answered(cast: Cast, cases, query: str) -> None:
    assert signed_in(cast.secretary).get(f"/admin/{query}").status_code == 200
