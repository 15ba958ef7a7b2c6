"""The bar of an incoming call, looked at while a telephone rings: SIPp calls, Kamailio says so, the page shows it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from backend.core.session import system
from backend.organization.models import User
from backend.telephone.models import Call
from tests.backend.telephone.exchange import Exchange, running
from tests.browser.conftest import NARROW, WIDE, picture
from tests.cast import Cast
from tests.databases import ROOT, CommittedDatabase
from tests.factories import make_citizen

pytestmark = pytest.mark.full
Opener = Callable[..., Page]
NUMBER, RINGS, HEARD = "05321112233", 300, 120
"""Seconds that it rings, and within which a busy machine has heard of it."""
MEASURE = """() => {
  const box = (element) => { const at = element.getBoundingClientRect(); return [at.left, at.right, at.height]; };
  const bar = document.querySelector(".ok-call-bar");
  const parts = [...bar.querySelectorAll("a.ok-button, button")].map(box);
  return { bar: box(bar), parts, page: document.documentElement.scrollWidth };
}"""


@pytest.fixture
def exchange(
    people: Cast, committed_db: CommittedDatabase, settings: Settings, tmp_path: Path
) -> Iterator[Exchange]:
    """An exchange whose calls to the secretary the process hears."""
    with running() as found, (tmp_path / "telephone.log").open("wb") as log:
        settings.TELEPHONE = found.address
        with system():
            User.objects.filter(pk=people.secretary.pk).update(extension="201")
        make_citizen("İnci", "Çağlar", phone=f"+9{NUMBER}")
        environment = committed_db.environment | {"OZELKALEM_TELEPHONE": found.address}
        command = [sys.executable, "manage.py", "telephone"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process:
            yield found
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        assert NUMBER[1:] not in (tmp_path / "telephone.log").read_text()


def ring(exchange: Exchange, calls: ExitStack) -> None:
    """Call once, and wait until it is heard: who subscribes later hears of a call that rings already."""
    calls.enter_context(exchange.telephones(RINGS))
    calls.enter_context(exchange.called(NUMBER, "201"))
    ends = time.monotonic() + HEARD
    with system():
        while not Call.objects.exists():
            assert time.monotonic() < ends, "no call was heard"
            time.sleep(0.2)


def test_the_bar_is_whole_at_every_width_and_in_both_schemes(open_page: Opener, exchange: Exchange) -> None:
    page = open_page("secretary", NARROW)
    page.goto("/admin/")
    expect(page.locator(".ok-call-bar")).to_have_count(0)
    with ExitStack() as calls:
        ring(exchange, calls)
        bar = page.locator(".ok-call-bar").first
        expect(bar).to_contain_text("İnci ÇAĞLAR")  # the page that was open shows it by itself
        drawn = bar.element_handle()
        for _round in range(2):
            with page.expect_response("**/admin/telephone/"):
                pass  # the round that is asked next
        assert drawn.evaluate("(element) => element.isConnected"), (
            "drawn anew, it would be read out every time"
        )
        for size in (WIDE, NARROW):
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": size[0], "height": size[1]})
                page.emulate_media(color_scheme=scheme)
                page.goto("/admin/")
                expect(bar).to_contain_text("0532 111 22 33")
                page.evaluate("document.fonts.ready.then(() => true)")
                picture(page, f"call-{size[0]}-{scheme}.jpg")
                stands = page.evaluate(MEASURE)  # at once, for the bar is drawn anew every few seconds
                left, right, _height = stands["bar"]
                assert left >= 0
                assert right <= size[0]
                assert len(stands["parts"]) == 2
                for begins, ends, height in stands["parts"]:
                    assert left <= begins < ends <= right
                    assert height >= 24
                assert stands["page"] <= size[0]
        assert NUMBER[1:] not in page.title() + page.url
        bar.get_by_role("link", name="Kaydı aç").click()
        page.wait_for_url("**/admin/intake/**")
        assert NUMBER[1:] not in page.url
        page.goto("/admin/")
        page.locator(".ok-call-bar").first.get_by_role("button").click()
        expect(page.locator(".ok-call-bar")).to_have_count(0)
    assert page.complaints == []  # type: ignore[attr-defined]
