"""The home: one queue whose counters narrow it and whose steps lead to the next row; a day without what is over."""

from __future__ import annotations

import re

import pytest

from admin_ui.queue.filters import SHOWN, Narrowing, chips
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.core.session import system
from permissions.queue.reading import Count
from permissions.queue.sources import SOURCES
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


def test_three_kinds_stand_in_the_line_and_the_others_are_folded_behind_it() -> None:
    counts = {one.name: Count(all=number) for number, one in enumerate(SOURCES, 1)}
    whole = chips(counts, Narrowing())
    line, folded = ([chip.title for chip in some] for some in (whole.line, whole.folded))
    titles = [one.title for one in SOURCES]
    assert line[-SHOWN:] == titles[:SHOWN]
    assert folded == titles[SHOWN:]
    chosen = chips(counts, Narrowing(show=SOURCES[-1].name))
    assert [chip.title for chip in chosen.line][-1] == titles[-1]
    assert chosen.line[-1].is_chosen
    assert [chip.title for chip in chosen.folded] == titles[SHOWN:-1]
    few = dict(list(counts.items())[: SHOWN + 1])  # one more has its own name
    assert chips(few, Narrowing()).folded == []


def test_a_step_is_done_in_place_and_the_next_row_follows(cast: Cast, cases) -> None:
    client = signed_in(cast.fen_clerk)
    body = client.get("/admin/?show=accept").content.decode()
    address = re.search(r'action="([^"]+/accept/)"', body)
    assert address
    version = re.search(r'name="version" value="(\d+)"', body)
    assert version
    answer = client.post(address[1], {"version": version[1], "from": "queue?show=accept"})
    assert answer.headers["Location"] == "/admin/?show=accept#queue"
    with system():
        assert Complaint.objects.get(pk=cases[1].pk).status == Status.ACCEPTED


def test_a_second_press_leads_where_the_first_did_and_does_nothing(cast: Cast, cases) -> None:
    client = signed_in(cast.fen_clerk)
    url, sent = f"/admin/complaints/complaint/{cases[1].key}/accept/", {"version": cases[1].version}
    first, second = client.post(url, sent), client.post(url, sent)
    assert first.headers["Location"] == second.headers["Location"]
    page = client.get(second.headers["Location"]).content.decode()
    assert "siz açtıktan sonra değişti" not in page
    with system():
        assert cases[1].lines.filter(verb=EventType.ACCEPTED).count() == 1


def test_a_press_on_a_page_that_is_old_says_why_and_shows_no_form(cast: Cast, cases) -> None:
    client = signed_in(cast.fen_clerk)
    url = f"/admin/complaints/complaint/{cases[1].key}/"
    page = client.post(f"{url}accept/", {"version": cases[1].version - 1}, follow=True).content.decode()
    assert 'id="do"' not in page
    assert "siz açtıktan sonra değişti" in page


HTMX = {"HX-Request": "true", "HX-Target": "pane"}


def _open_row(body: str) -> str:
    found = re.search(
        r'aria-current="true"><span class="ok-queue-kind">.*?<span class="ok-subject">([^<]*)<', body
    )
    return found[1] if found else ""


@pytest.fixture
def three(cast: Cast) -> list[Complaint]:
    return [make_complaint(f"Konu {number}", to=cast.fen) for number in range(3)]


def test_after_a_deed_comes_what_took_its_place_as_a_part_of_the_page(cast: Cast, three) -> None:
    client = signed_in(cast.fen_clerk)
    row, version = three[0], three[0].version
    opened = client.get(f"/admin/?show=accept&place=0&at=complaint-{row.key}", headers=HTMX)
    body = opened.content.decode()
    assert opened.headers["HX-Push-Url"] == f"/admin/?show=accept&at=complaint-{row.key}&place=0"
    assert "<html" not in body
    assert _open_row(body) == "Konu 0"
    assert 'name="from" value="queue?show=accept&amp;place=0"' in body
    sent = {"version": version, "from": "queue?show=accept&place=0"}
    answer = client.post(f"/admin/complaints/complaint/{row.key}/accept/", sent, headers=HTMX, follow=True)
    body = answer.content.decode()
    assert len(ROW.findall(body)) == 2
    assert _open_row(body) == "Konu 1"
    assert 'id="messages" hx-swap-oob' in body
    assert f"at=complaint-{three[1].key}" in answer.headers["HX-Push-Url"]


def test_a_row_that_still_waits_stays_open_and_the_next_one_follows_on_wish(cast: Cast, three) -> None:
    client = signed_in(cast.fen_clerk)
    sent = {"version": three[0].version, "from": "queue?place=0"}
    url = f"/admin/complaints/complaint/{three[0].key}/accept/"
    assert _open_row(client.post(url, sent, headers=HTMX, follow=True).content.decode()) == "Konu 0"
    onward = f"/admin/?place=0&at=complaint-{three[0].key}&next=1"
    assert _open_row(client.get(onward, headers=HTMX).content.decode()) == "Konu 1"
    end = client.get(f"/admin/?place=2&at=complaint-{three[2].key}&next=1", headers=HTMX).content.decode()
    assert "Sıranın sonuna geldiniz" in end


def test_without_scripts_the_next_row_is_a_page_of_its_own(cast: Cast, three) -> None:
    client = signed_in(cast.fen_clerk)
    body = client.get("/admin/?show=accept").content.decode()
    address = re.search(r'class="ok-queue-what" href="([^"]+)"', body)
    assert address
    page = client.get(address[1]).content.decode()
    assert 'value="queue?show=accept&amp;place=0"' in page
    sent = {"version": three[0].version, "from": "queue?show=accept&place=0"}
    answer = client.post(f"/admin/complaints/complaint/{three[0].key}/accept/", sent, follow=True)
    assert answer.redirect_chain[-1][0].startswith(
        f"/admin/complaints/complaint/{three[1].key}/change/?from=queue"
    )
    assert "<html" in answer.content.decode()


def test_a_row_that_is_not_seen_opens_nothing(cast: Cast, cases) -> None:
    hidden = f"/admin/?at=complaint-{cases[3].key}"
    body = signed_in(cast.fen_clerk).get(hidden, headers=HTMX).content.decode()
    assert "Başka müdürlüğün" not in body
    for odd in ("complaint-", "complaint-x", "user-1", "-", f"citizen-{cases[0].key}"):
        assert signed_in(cast.fen_clerk).get(f"/admin/?at={odd}").status_code == 200


def test_the_list_that_follows_what_others_do_opens_no_row_anew(cast: Cast, three) -> None:
    client = signed_in(cast.fen_clerk)
    body = client.get(f"/admin/?at=complaint-{three[0].key}", headers={"X-Follow": "desk"}).content.decode()
    assert "ok-case-main" not in body
    assert _open_row(body) == "Konu 0"


def test_a_part_of_a_page_has_no_frame_and_another_page_is_left_to_the_browser(cast: Cast, cases) -> None:
    client, headers = signed_in(cast.secretary), {"HX-Request": "true", "HX-Target": "work"}
    url = f"/admin/complaints/complaint/{cases[0].key}/change/"
    part = client.get(f"{url}?do=route", headers=headers)
    assert part.headers["X-Part"] == "yes"
    assert "<html" not in part.content.decode()
    assert "autofocus" in part.content.decode()
    back = client.get(url, headers={**headers, "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


def test_a_form_that_began_in_the_queue_leads_on_in_it(cast: Cast, cases) -> None:
    client = signed_in(cast.secretary)
    body = client.get("/admin/?show=route").content.decode()
    address = re.search(r'href="([^"]+\?do=route&amp;from=[^"]+)#do"', body)
    assert address
    form = client.get(address[1].replace("&amp;", "&")).content.decode()
    assert '<input type="hidden" name="from" value="queue?show=route&amp;place=0">' in form


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
