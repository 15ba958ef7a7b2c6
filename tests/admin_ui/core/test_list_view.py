"""A list at work: numbers on tabs, columns and density as the viewer wants them, one verb for many rows."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from admin_ui.complaints.admin import APPLICANT
from admin_ui.core import listing
from backend.complaints.choices import Status
from backend.core.session import system
from backend.journal.models import AccessLog
from permissions.core.registry import RULES
from permissions.core.viewer import Viewer
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_citizen, make_complaint, refetch

LIST = "/admin/complaints/complaint/"


def _heads(page: Any) -> list[str]:
    return [str(head["title"]) for head in page.context["list"].heads()]


def _counts(page: Any) -> dict[str, str]:
    nav = page.content.decode().partition('<nav class="ok-tabs"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="[?]tab=(\w+)[^>]*>[^<]*(?:<span class="ok-count">([^<]*)</span>)?', nav)
    return dict(links)


def test_tabs_bear_the_number_of_visible_rows_up_to_a_limit(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_complaint(f"Konu {number}", to=cast.fen if number else None)
    office = _counts(signed_in(cast.secretary).get(LIST))
    assert (office["unrouted"], office["open"], office["late"], office["all"]) == ("1", "3", "", "")
    theirs = _counts(signed_in(cast.fen_clerk).get(LIST))
    assert (theirs["assigned"], theirs["open"]) == ("2", "2")
    assert _counts(signed_in(cast.park_clerk).get(LIST))["open"] == ""
    monkeypatch.setattr(listing, "TAB_COUNTED", 2)
    assert _counts(signed_in(cast.secretary).get(LIST))["open"] == "2+"


def test_columns_and_density_are_kept_for_this_list_in_this_browser(cast: Cast) -> None:
    make_complaint()
    client = signed_in(cast.secretary)
    whole = _heads(client.get(f"{LIST}?tab=open"))
    kept = [str(place) for place, title in enumerate(whole) if title not in ("Kanal", "Mahalle")]
    answer = client.post(f"{LIST}?tab=open", {"view": "1", "column": kept[1:], "dense": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?tab=open")
    page = client.get(f"{LIST}?tab=open")
    assert _heads(page) == [title for title in whole if title not in ("Kanal", "Mahalle")]
    assert "ok-dense" in page.content.decode()
    assert "ok-dense" not in client.get("/admin/letters/letter/?tab=all").content.decode()
    client.cookies["list_complaints_complaint"] = "dense:9-x-²-999:'"
    assert client.get(LIST).status_code == 200


def test_names_that_are_put_away_are_not_read(cast: Cast) -> None:
    make_complaint("Çukur", to=cast.fen, applicant=make_citizen("Şule", "Çınar"))
    client = signed_in(cast.secretary)
    kept = [str(place) for place in range(30) if place != APPLICANT]
    client.post(LIST, {"view": "1", "column": kept})
    page = client.get(f"{LIST}?tab=open").content.decode()
    assert "Çukur" in page
    assert "Şule ÇINAR" not in page
    with system():
        assert list(AccessLog.objects.values_list("purpose", flat=True)) == []


def test_the_applicant_stands_in_the_list_only_where_the_viewer_may_know_them(cast: Cast) -> None:
    make_complaint("Çukur", to=cast.fen, applicant=make_citizen("Şule", "Çınar"))
    make_complaint("İhbar", to=cast.fen, applicant=make_citizen("Gizli", "Kişi"), identity_hidden=True)
    page = signed_in(cast.secretary).get(f"{LIST}?tab=open").content.decode()
    assert "Şule ÇINAR" in page
    assert "Gizli KİŞİ" in page
    with as_viewer(cast.secretary):
        assert AccessLog.objects.filter(purpose="admin: list of applications").count() == 1
    page = signed_in(cast.fen_clerk).get(f"{LIST}?tab=open").content.decode()
    assert "Çukur" in page
    assert "Gizli" not in page


def test_a_department_accepts_many_and_the_office_approves_many_after_reading(cast: Cast) -> None:
    rows = [make_complaint(f"Konu {number}", to=cast.fen) for number in range(3)]
    client = signed_in(cast.fen_clerk)
    page = client.get(f"{LIST}?tab=open").content.decode()
    assert re.search(r'class="ok-bulk"', page)
    assert 'value="ACCEPT"' in page
    assert 'value="ROUTE"' not in page
    asked = {"verb": "ACCEPT", "key": [str(row.key) for row in rows[:2]]}
    assert "2 başvuru" in client.post(f"{LIST}bulk/", asked).content.decode()
    assert refetch(rows[0]).status == Status.ASSIGNED
    assert client.post(f"{LIST}bulk/", {**asked, "step": "run"}).status_code == 302
    assert [refetch(row).status for row in rows] == [Status.ACCEPTED, Status.ACCEPTED, Status.ASSIGNED]
    responsible = {**asked, "verb": "ASSIGN"}
    form = client.post(f"{LIST}bulk/", responsible).content.decode()
    assert 'value="fen.mudur"' in form
    assert 'value="park.memur"' not in form, "who works in another unit"
    seen = client.post(
        f"{LIST}bulk/", {**responsible, "person": "fen.mudur", "step": "look"}
    ).content.decode()
    assert "2 başvuru" in seen
    assert refetch(rows[0]).assignee is None
    client.post(f"{LIST}bulk/", {**responsible, "person": "fen.mudur", "step": "run"})
    assert [refetch(row).assignee for row in rows] == [cast.fen_head, cast.fen_head, None]
    stranger = signed_in(cast.park_clerk)
    other = {**responsible, "key": [str(rows[2].key)], "person": "park.memur", "step": "run"}
    stranger.post(f"{LIST}bulk/", other)
    assert refetch(rows[2]).assignee is None
    stranger.post(f"{LIST}bulk/", {"verb": "ACCEPT", "key": [str(rows[2].key)], "step": "run"})
    assert refetch(rows[2]).status == Status.ASSIGNED


def test_the_table_of_rules_is_asked_as_often_for_many_rows_as_for_few(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And each rule of the gates of a page once: there are dozens of gates, and a row has some too."""
    clerk, counts = signed_in(cast.fen_clerk), []
    for more in (2, 30):
        for _number in range(more):
            make_complaint(to=cast.fen)
        clerk.get(
            f"{LIST}?tab=open"
        )  # statements that are kept from here on ask the table once, as they are made
        asked: Counter[tuple[object, str]] = Counter()
        with monkeypatch.context() as patch:
            for model, rules in RULES.items():
                for action, rule in list(rules.items()):
                    patch.setitem(rules, action, _counting(asked, (model, action), rule))
            assert clerk.get(f"{LIST}?tab=open").status_code == 200
        counts.append(asked)
    assert counts[0] == counts[1]
    assert counts[1].total() <= 2 * len(counts[1])


def _counting(asked: Counter[tuple[object, str]], key: tuple[object, str], rule: Any) -> Any:
    def counted(viewer: Viewer) -> Any:
        asked[key] += 1
        return rule(viewer)

    return counted
