"""Maps by mouse and keyboard, with nothing asked outside: a list, a pin, the order of visits, where cases come from."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Neighbourhood
from backend.places.models import Boundary
from tests.browser.conftest import NARROW, Opener, picture, until, violations
from tests.cast import Cast
from tests.factories import make_complaint, make_neighbourhood

PLACES = [(41.0021, 29.2316), (41.0040, 29.2390), (41.0005, 29.2350), (41.0030, 29.2330)]
PIN_STEP = 1e-6
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def outside(page: Page) -> list[str]:
    """The addresses of other hosts that a page asks, as they are asked."""
    asked: list[str] = []
    page.on(
        "request",
        lambda one: (
            asked.append(one.url) if not re.match(r"(http://(localhost|127)|data:|blob:)", one.url) else None
        ),
    )
    return asked


def accessible(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.fixture
def mahalle(people: Cast) -> Neighbourhood:
    place = make_neighbourhood()
    ring = [[29.22, 40.995], [29.25, 40.995], [29.25, 41.01], [29.22, 41.01], [29.22, 40.995]]
    with system():
        Neighbourhood.objects.filter(pk=place.pk).update(latitude=41.0025, longitude=29.235)
        Boundary.objects.create(
            neighbourhood=place,
            rings=[[ring]],
            west=29.22,
            south=40.995,
            east=29.25,
            north=41.01,
            source="Örnek",
        )
    return place


def test_the_map_of_a_list_by_keyboard(open_page: Opener, people: Cast, mahalle: Neighbourhood) -> None:
    cases = [
        make_complaint(
            f"Çukur {n}", to=people.fen, latitude=x, longitude=y, neighbourhood=mahalle, applicant=None
        )
        for n, (x, y) in enumerate(PLACES)
    ]
    page = open_page("secretary", NARROW)
    asked = outside(page)
    page.goto("/admin/complaints/complaint/map/?tab=all")
    expect(page.get_by_role("status").filter(has_text="yeri olan 4 başvuru")).to_be_visible()
    marks = page.locator(".okm-mark")
    expect(marks).to_have_count(4)
    accessible(page)
    picture(page, "map-list.jpg")
    page.evaluate("document.documentElement.classList.add('dark')")
    accessible(page)
    marks.first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".okm-window a").first
    expect(link).to_have_attribute("href", re.compile("/admin/complaints/complaint/.+/change/"))
    link.click()
    around = page.locator("[data-map-part=case]")
    around.scroll_into_view_if_needed()
    expect(around.locator("[data-near] li").first).to_contain_text(re.compile(r"\d+ m"))
    assert {case.reference for case in cases} >= set(around.locator("[data-near] a").all_text_contents())
    accessible(page)
    assert asked == []


def test_a_pin_is_put_and_moved_by_keyboard(open_page: Opener, people: Cast, mahalle: Neighbourhood) -> None:
    page = open_page("secretary")
    page.goto("/admin/intake/")
    page.get_by_text("Haritaya iğne koy").click()
    page.locator("[name=neighbourhood]").select_option(mahalle.code)
    put = page.get_by_role("button", name="İğneyi ortaya koy")
    expect(put).to_be_enabled()
    put.focus()
    page.keyboard.press("Enter")
    north, east = page.locator("[name=latitude]"), page.locator("[name=longitude]")
    expect(east).not_to_have_value("")
    before = float(north.input_value()), float(east.input_value())
    assert 40.995 < before[0] < 41.01
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert float(north.input_value()) > before[0] + PIN_STEP
    assert float(east.input_value()) > before[1] + PIN_STEP
    expect(page.get_by_role("status").filter(has_text="İğne konuldu")).to_be_visible()
    accessible(page)
    page.keyboard.press("Delete")
    expect(north).to_have_value("")
    page.locator(".ok-pin-map .okm").click(position={"x": 60, "y": 60})
    expect(north).not_to_have_value("")
    picture(page, "map-pin.jpg")
    page.locator("[name=subject]").fill("Çukur")
    page.get_by_role("button", name="Kaydet").click()
    page.wait_for_url("**/intake/done/**")
    with system():
        case = Complaint.objects.get()
    assert case.latitude is not None
    assert case.longitude is not None


def shortest(start: Any, points: list[Any], metres: Any) -> float:
    """The length of the shortest way through all, by trying every one."""
    ways = itertools.permutations(points)
    return min(sum(metres(a, b) for a, b in itertools.pairwise([start, *way])) for way in ways)


def test_the_order_of_visits_with_and_without_a_line(
    open_page: Opener, people: Cast, mahalle: Neighbourhood
) -> None:
    for n, (x, y) in enumerate(PLACES):
        case = make_complaint(
            f"Çukur {n}",
            to=people.fen,
            accepted_by=people.fen_clerk,
            latitude=x,
            longitude=y,
            place=f"Sokak {n}",
        )
        with system():
            actions.take_over(case, by=people.fen_clerk)
    here = {"latitude": 41.0, "longitude": 29.2300}
    page = open_page("fen_clerk", NARROW, geolocation=here, permissions=["geolocation"], user_agent=PHONE)
    page.goto("/admin/field/")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.get_by_role("button", name="Ziyaret sırası").click()
    stops = page.locator("[data-stops] li")
    expect(stops).to_have_count(4)
    expect(stops.locator("strong")).to_have_text(["Sokak 0", "Sokak 3", "Sokak 2", "Sokak 1"])
    ways = stops.get_by_role("link", name=re.compile("^Yol tarifi|^Yol"))
    expect(ways).to_have_count(4)
    expect(ways.first).to_have_attribute("href", re.compile(r"geo:41\.0021,29\.2316"))
    expect(page.locator("[data-visits-said]")).to_contain_text("4 ziyaret")
    accessible(page)
    picture(page, "map-visits.jpg")
    points = [[41 + n * n % 7 / 500, 29.2 + n * 5 % 7 / 400] for n in range(7)]
    start = [41.0, 29.2]
    way = page.evaluate("([start, points]) => okVisits.order(start, points)", [start, points])
    assert sorted(way) == list(range(7))
    length = page.evaluate("([s, p]) => okVisits.length(s, p, okVisits.order(s, p))", [start, points])
    best = shortest(start, points, lambda a, b: page_metres(a, b))
    assert length <= best * 1.15
    assert page.evaluate("() => okVisits.order(null, [])") == []
    until(page, "caches.match('/admin/field/shell/').then(Boolean)")
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Ziyaret sırası").click()
    expect(stops).to_have_count(4)


def page_metres(one: list[float], other: list[float]) -> float:
    """The distance as the phone reckons it, flat: the points lie within two kilometres."""
    north, east = (other[0] - one[0]) * 111_195, (other[1] - one[1]) * 111_195 * 0.7546
    return float((north**2 + east**2) ** 0.5)


@pytest.mark.full
def test_where_cases_come_from(open_page: Opener, people: Cast, mahalle: Neighbourhood) -> None:
    for x, y in PLACES:
        make_complaint(latitude=x, longitude=y, neighbourhood=mahalle, applicant=None)
    page = open_page("secretary")
    page.goto("/admin/reports/map/")
    expect(page.locator(".okm-number")).to_have_text(["4"])
    accessible(page)
    page.get_by_role("button", name="Karelere göre").click()
    expect(page.locator(".okm-number.okm-inside").first).to_be_visible()
    expect(page.locator("path.okm-heat")).not_to_have_count(0)
    numbers = page.locator(".okm-number").all_text_contents()
    assert sum(map(int, numbers)) == 4
    picture(page, "map-heat.jpg")
