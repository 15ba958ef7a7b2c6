"""The palette finds pages and verbs before rows, and the side bar holds what one uses every day."""

from __future__ import annotations

import re

import pytest

from tests.cast import Cast, signed_in
from tests.days import DAY
from tests.factories import at, make_citizen, make_complaint, make_entry

TITLE = re.compile(r'data-title="([^"]*)"')


def titles(user, text: str, **headers: str) -> list[str]:
    return TITLE.findall(signed_in(user).get("/admin/search/", {"s": text}, headers=headers).content.decode())


def test_pages_come_before_rows(cast: Cast) -> None:
    make_citizen("Çağrı", "Yeni")
    assert titles(cast.secretary, "yeni çağrı")[0] == "Yeni çağrı"
    assert titles(cast.secretary, "YENI CAGRI")[0] == "Yeni çağrı"
    assert titles(cast.secretary, "takvim")[0] == "Takvim"


def test_verbs_of_the_open_row_come_first_and_only_those_that_may_be_done(cast: Cast) -> None:
    row = make_complaint("Kaldırım")
    page = f"https://ornek.bel.tr/admin/complaints/complaint/{row.key}/change/"
    assert titles(cast.secretary, "havale", **{"HX-Current-URL": page})[0] == "Havale et"
    assert "Havale et" not in titles(cast.fen_clerk, "havale", **{"HX-Current-URL": page})
    assert "Havale et" not in titles(cast.secretary, "havale")


@pytest.mark.parametrize("page", ["", "x", "https://[", "/admin/complaints/complaint/1/change/", "/yok/"])
def test_an_odd_address_of_the_open_page_is_no_row(cast: Cast, page: str) -> None:
    assert "Havale et" not in titles(cast.secretary, "havale", **{"HX-Current-URL": page})


def test_a_series_is_found_once(cast: Cast) -> None:
    for week in range(3):
        make_entry(cast.mayors, "Kurbağa toplantısı", at(DAY, f"{10 + 2 * week}:00"))
    found = [title for title in titles(cast.secretary, "kurbağa") if "Kurbağa" in title]
    assert len(found) == 1


@pytest.mark.parametrize(
    "person", ["secretary", "office_head", "mayor", "fen_head", "fen_clerk", "administrator"]
)
def test_at_most_nine_entries_stand_open_and_each_opens(cast: Cast, person: str) -> None:
    client = signed_in(cast.people()[person])
    groups = client.get("/admin/").context["sidebar_navigation"]
    assert 0 < len(groups[0]["items"]) <= 9
    assert all(group["collapsible"] for group in groups[1:])
    links = [item["link"] for group in groups for item in group["items"]]
    assert len(links) == len(set(links))
    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


def test_bilgi_islem_is_offered_no_applications(cast: Cast) -> None:
    groups = signed_in(cast.administrator).get("/admin/").context["sidebar_navigation"]
    links = {item["link"] for group in groups for item in group["items"]}
    assert not links & {
        "/admin/complaints/complaint/",
        "/admin/instructions/instruction/",
        "/admin/events/event/",
    }
