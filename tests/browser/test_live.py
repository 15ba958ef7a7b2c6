"""An open page follows what others do, told by the second process: within moments, where rounds would take a minute."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend.appointments import actions as appointments
from backend.appointments.models import PublicDaySession
from backend.complaints import actions
from backend.core.localtime import today
from backend.core.session import system
from tests.browser.conftest import NARROW, picture
from tests.cast import Cast
from tests.databases import CommittedDatabase
from tests.factories import make_citizen, make_complaint, make_public_day, make_request
from tests.schema.stream.serving import Server

Opener = Callable[..., Page]
SOON = 15_000
"""Milliseconds; the desk asks by itself every sixty seconds, and seldom while it is told."""


@pytest.fixture
def told(committed_db: CommittedDatabase, live_site: str, settings: Any) -> Iterator[Server]:
    """The second process on a port of its own, as in the demo: named to the pages, which are named to it."""
    server = Server(committed_db, OZELKALEM_STREAM_ORIGINS=live_site, OZELKALEM_TRUSTED_ORIGINS=live_site)
    address = f"http://127.0.0.1:{server.port}"
    settings.STREAM_URL = f"{address}/graphql/stream/"
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"] = ["'self'", address]
    settings.CONTENT_SECURITY_POLICY = policy
    yield server
    if server.runs():
        server.end()


def following(page: Page) -> None:
    """Wait until the page and its bell are told: the answers to their subscriptions have begun."""
    begun = "[...document.querySelectorAll('[data-live]')].every((part) => part.dataset.told === 'yes')"
    page.wait_for_function(begun, timeout=SOON)


def test_a_case_comes_to_an_open_desk_and_leaves_it(open_page: Opener, people: Cast, told: Server) -> None:
    page = open_page("fen_clerk")
    page.goto("/admin/")
    following(page)
    case = make_complaint("Köprü korkuluğu kırık", to=people.fen)
    row = page.locator(".ok-rows a", has_text="Köprü korkuluğu kırık").first
    expect(row).to_be_visible(timeout=SOON)
    expect(page.locator("#ok-bell .ok-bell-count")).to_have_text("1", timeout=SOON)
    picture(page, "live-desk.jpg")
    with system():
        actions.route(case, to=people.park, by=people.secretary)
    expect(page.locator(".ok-rows a", has_text="Köprü korkuluğu kırık")).to_have_count(0, timeout=SOON)
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.full
def test_two_tablets_in_the_hall_are_told_of_one_another(
    open_page: Opener, people: Cast, told: Server
) -> None:
    session = make_public_day(people.mayors)
    row = make_request(people.mayors, "Okul bahçesi", applicant=make_citizen("İsmail", "Iğdır"))
    with system():
        appointments.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
        PublicDaySession.objects.filter(pk=session.pk).update(day=today())
    door, desk = open_page("secretary"), open_page("office_head", NARROW)
    for page in (door, desk):
        page.goto(f"/admin/appointments/publicdaysession/{session.key}/hall/")
        following(page)
    door.click("button[value=arrive]")
    expect(desk.locator("button[value=arrive]")).to_have_count(
        0, timeout=5_000
    )  # rounds: every eight seconds
    picture(desk, "live-hall-narrow.jpg")
    assert door.complaints == desk.complaints == []  # type: ignore[attr-defined]
