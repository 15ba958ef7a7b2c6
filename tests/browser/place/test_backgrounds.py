"""Backgrounds of every kind are asked at their address and drawn, their host alone is admitted, and a dead one leaves
the register's own ground."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from tests.browser.conftest import Opener
from tests.browser.place.test_map import mahalle
from tests.browser.place.tile_server import TileServer, serving
from tests.cast import Cast
from tests.factories import make_complaint

__all__ = ["mahalle"]
pytestmark = pytest.mark.usefixtures("mahalle")
OWNER = "© Deneme haritası"
MAP = "/admin/complaints/complaint/map/?tab=all"
DRAWN = """() => {
  const tiles = [...document.querySelectorAll(".leaflet-tile-pane img.leaflet-tile, .leaflet-tile-pane canvas")];
  return tiles.some((one) => (one.tagName === "IMG" ? one.complete && one.naturalWidth === 256 : one.width > 0));
}"""
LIST_OF_KINDS = {
    "XYZ": "/kareler/{z}/{x}/{y}.png",
    "WMS": "/wms?layers=yollar,binalar",
    "PMTILES": "/ilce.pmtiles",
}


@pytest.fixture
def tiles() -> Iterator[TileServer]:
    with serving() as double:
        yield double


def shown(
    open_page: Opener, settings: Settings, people: Cast, tiles: TileServer, kind: str
) -> tuple[Page, str]:
    """The map of the list with a background, and the content policy of its page."""
    make_complaint("Çukur", to=people.fen, latitude=41.0021, longitude=29.2316, applicant=None)
    settings.MAP_TILES, settings.MAP_ATTRIBUTION = tiles.address + LIST_OF_KINDS[kind], OWNER
    page = open_page("secretary")
    answer = page.goto(MAP)
    assert answer is not None
    expect(page.locator(".okm-mark")).to_have_count(1)
    return page, answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "kind", ["XYZ", *(pytest.param(kind, marks=pytest.mark.full) for kind in ("WMS", "PMTILES"))]
)
def test_a_background_is_asked_and_drawn(
    open_page: Opener, settings: Settings, people: Cast, tiles: TileServer, kind: str
) -> None:
    page, policy = shown(open_page, settings, people, tiles, kind)
    page.wait_for_function(DRAWN)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(OWNER)
    assert set(re.findall(r"https?://[^ ;]+", policy)) == {tiles.address}, "that host, and no other"
    directive = "connect-src" if kind == "PMTILES" else "img-src"
    (admitting,) = [part for part in policy.split(";") if tiles.address in part]
    assert admitting.split()[0] == directive
    assert page.complaints == []  # type: ignore[attr-defined]
    if kind == "XYZ":
        zoom, x, y = map(int, re.findall(r"\d+", tiles.asked[0]))
        assert 0 <= x < 2**zoom > y >= 0
        assert x / 2**zoom * 360 - 180 == pytest.approx(29.2, abs=0.5)
    elif kind == "WMS":
        asked = {name.lower(): value[0] for name, value in parse_qs(urlsplit(tiles.asked[0]).query).items()}
        assert (asked["service"], asked["request"], asked["layers"]) == ("WMS", "GetMap", "yollar,binalar")
        assert len(asked["bbox"].split(",")) == 4
    else:
        assert set(tiles.asked) == {LIST_OF_KINDS[kind]}
    expect(page.locator("path.okm-outline"), "one ground, not two").to_have_count(0)


@pytest.mark.parametrize(
    "kind", ["XYZ", *(pytest.param(kind, marks=pytest.mark.full) for kind in ("WMS", "PMTILES"))]
)
def test_of_a_dead_server_the_register_is_left(
    open_page: Opener, settings: Settings, people: Cast, tiles: TileServer, kind: str
) -> None:
    tiles.is_dead = True
    page, _policy = shown(open_page, settings, people, tiles, kind)
    expect(page.locator("path.okm-outline")).to_have_count(1)
    owner = page.locator(".leaflet-control-attribution")
    expect(owner).to_contain_text("Haritanın zeminine ulaşılamıyor")
    expect(owner).to_contain_text("belediyenin adres kütüğü")
    page.locator(".okm-mark").first.click()
    expect(page.locator(".okm-window a").first).to_be_visible()
