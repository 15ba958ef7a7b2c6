"""Every public page of the citizens' site, one after the other: light, narrow, and nothing that axe finds in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from backend.appointments import actions as appointments
from backend.complaints.models import Complaint
from backend.complaints.reporting import publishing
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.events import actions as events
from backend.events.models import PublishedEvent
from backend.news.models import Release
from backend.news.writing import token_for
from backend.outbox.models import Message
from backend.stickers.models import Sticker
from tests.backend.news.test_news import photographed, picture, published
from tests.backend.stickers.test_stickers import make_sticker
from tests.browser.conftest import DARK_NARROW, LIGHT_NARROW, NARROW, Opener, violations
from tests.cast import Cast
from tests.factories import (
    make_category,
    make_citizen,
    make_complaint,
    make_event,
    make_neighbourhood,
    make_public_day,
)
from tests.schema.portal_client import make_notices
from website import api

HEAVIEST = 100_000  # bytes of a page with all that it loads
OLD = (320, 640)
WHO = {"first_name": "Işıl", "last_name": "İnce", "email": "isil@example.org"}
CODE = re.compile(r"\d{3} \d{3}")


@pytest.fixture
def town(people: Cast) -> Iterator[str]:
    """A municipality of which something is published; the key of its event."""
    make_notices()
    place, group = make_neighbourhood(), make_category("yol", "Yol")
    pavement = make_category(
        "kaldirim", "Kaldırım", parent=group, keywords=["kaldırım"], others_may_join=True
    )
    make_complaint("Kaldırım çökmüş", category=pavement, neighbourhood=place, place="İğdeli Sokak 12")
    event = make_event(people.mayors, capacity=20)
    person = make_citizen(WHO["first_name"], WHO["last_name"], email=WHO["email"])
    cases = [make_complaint(f"Kaldırım {number}", applicant=person) for number in range(6)]
    last = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    with system():
        events.announce(event, by=people.secretary)
        events.publish(event, by=people.secretary, text="Herkes davetlidir.", takes_sign_ups=True)
        Complaint.objects.filter(pk__in=[case.pk for case in cases[1:]]).update(registered_at=midnight(last))
        publishing.publish()
        events.add_picture(
            event, by=None, file=picture(), alternative_text="Sahne ve koro", permission="Koro"
        )
        key = str(PublishedEvent.objects.get(event=event).key)
    news, _photo = photographed()
    published(news)
    session = make_public_day(people.mayors, place="Meclis salonu")
    with system():
        appointments.offer_places(session, by=None, places=3)
    make_sticker()
    api.forget()
    call_command("website_client", stdout=StringIO())
    yield key
    api.forget()


class Walk:
    """A citizen who looks at each page that they come to."""

    def __init__(self, page: Page, *, has_scripts: bool) -> None:
        self.page, self.has_scripts = page, has_scripts
        self.seen: list[str] = []
        self.loaded: dict[str, int] = {}
        page.on("response", self._weighed)

    def _weighed(self, answer: object) -> None:
        self.loaded[answer.url] = len(answer.body()) if answer.ok else 0  # type: ignore[attr-defined]

    def go(self, address: str) -> None:
        self.loaded.clear()
        self.page.goto(address)
        self.look()

    def press(self, selector: str = "main form > .button") -> None:
        self.loaded.clear()
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.look()

    def write(self, **values: str) -> None:
        for name, value in values.items():
            self.page.fill(f"#id_{name}", value)

    def choose(self, *, last: bool = False) -> None:
        choices = self.page.locator("main input[type=radio]")
        (choices.last if last else choices.first).check()

    def look(self) -> None:
        """Title, one heading, weight, width, and what axe says, once its style is there."""
        self.page.wait_for_load_state()
        page, here = self.page, re.sub(r"[0-9a-f-]{36}", "…", self.page.url.split("/", 3)[3])
        self.seen.append(here)
        assert " – " in page.title(), (here, page.title())
        assert page.locator("h1").count() == 1, here
        assert page.locator("main").count() == 1, here
        assert sum(self.loaded.values()) < HEAVIEST, (here, self.loaded)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{here} scrolls sideways"
        assert page.locator("main a[href='#'], main a:not([href])").count() == 0, here
        if not self.has_scripts:  # axe is a script
            return
        for view in (LIGHT_NARROW, DARK_NARROW):
            view.take(page)
            assert violations(page, only=view.rules) == [], (here, view)


def _code() -> str:
    with system():
        body = Message.objects.filter(purpose="contact_code").latest("created_at").body
    found = CODE.search(body)
    assert found
    return found[0]


def _public_addresses() -> list[str]:
    """News, one of them, the page on which a paper leaves the list, and a place with a QR code."""
    with system():
        slug, code = Release.objects.get().slug, Sticker.objects.get().code
    return [
        "/haberler/",
        f"/haberler/{slug}/",
        f"/haberler/ayril/{token_for('a@b.example')}/",
        f"/yer/{code}/",
    ]


def _walk(walk: Walk, key: str) -> None:
    """All pages that stand open, the journeys with a wrong answer each, and what their codes open."""
    for address in (
        "/",
        "/iletisim/",
        "/sayilar/",
        "/etkinlikler/",
        f"/etkinlikler/{key}/",
        "/etkinlikler/yerlestir/",
        *_public_addresses(),
        "/aydinlatma/",
        "/basvuru/baglantisiz/",
        "/basvuru/takip/",
    ):
        walk.go(address)
    walk.press()  # no code
    walk.go("/basvuru/kontrol/")  # nothing was answered

    walk.go("/islerim/")
    walk.press()  # nobody
    walk.write(**WHO)
    walk.press()
    walk.write(code="000000")
    walk.press()
    walk.write(code=_code())
    walk.press()
    assert walk.seen[-1] == "islerim/"
    walk.press("main li form button")
    assert walk.seen[-1] == "basvuru/takip/durum/"

    walk.go(f"/etkinlikler/{key}/kayit/")
    walk.press()
    assert walk.page.input_value("#id_email") == WHO["email"]  # it was proved within the hour
    walk.press()
    walk.press()
    assert walk.seen[-1] == "etkinlikler/kayit/alindi/"

    walk.go("/randevu/")
    walk.press()  # nobody was chosen
    walk.choose()
    walk.press()
    walk.choose()
    walk.write(subject="Okul bahçesi")
    for _step in ("konu", "adina: no answer"):
        walk.press()
    walk.choose()
    for _step in ("adina", "kisi", "zaman", "iletisim", "kontrol"):
        walk.press()
    assert walk.seen[-1] == "randevu/alindi/"
    walk.go("/islerim/")
    walk.press("main li a[href*='/randevu/']")

    walk.go("/randevu/halk-gunu/")
    walk.press()  # no day was chosen
    walk.choose()
    walk.press()
    walk.choose()
    walk.press()
    walk.choose()
    walk.write(subject="Okul bahçesi")
    walk.press()
    walk.choose()
    for _step in ("adina", "kisi", "iletisim", "kontrol"):
        walk.press()
    assert walk.seen[-1] == "randevu/halk-gunu/alindi/"

    _joined(walk)
    walk.go("/etkinlikler/oneri/")
    assert walk.seen[-1] == "basvuru/anlat/"
    walk.go("/basvuru/")
    walk.press("main form .linklike")

    walk.go("/basvuru/")
    walk.press()
    walk.choose(last=True)  # a petition: with name and address
    walk.press()
    walk.write(text="Apartmanın önündeki kaldırım çökmüş.")
    for _step in ("anlat", "konu", "yer", "foto", "iletisim: no address"):
        walk.press()
    walk.write(address="Barış Sokak 5")
    for _step in ("iletisim", "kontrol"):
        walk.press()
    assert walk.seen[-1] == "basvuru/onay/"
    walk.go("/basvuru/")


def _joined(walk: Walk) -> None:
    """An application of another at the same place affects them too."""
    walk.go("/basvuru/ne/")
    walk.choose()
    walk.press()
    walk.write(text="Kaldırımda derin bir çukur var.")
    walk.press()
    walk.choose()
    walk.press()
    walk.page.select_option("#id_neighbourhood", index=1)
    walk.write(place="İğdeli Sokak 4")
    walk.press()
    assert walk.seen[-1] == "basvuru/benzer/"
    walk.press()  # none was chosen
    walk.choose()
    for _step in ("benzer", "iletisim", "kontrol"):
        walk.press()
    assert walk.seen[-1] == "basvuru/ben-de/alindi/"
    walk.go("/basvuru/")  # what was begun is offered, or given up
    walk.press("main form .linklike")


def test_every_page_is_accessible_and_light(open_page: Opener, town: str) -> None:
    walk = Walk(open_page(size=NARROW), has_scripts=True)
    _walk(walk, town)
    assert len(set(walk.seen)) >= 43
    assert walk.page.complaints == []  # type: ignore[attr-defined]


def test_every_page_fits_an_old_telephone_without_javascript(open_page: Opener, town: str) -> None:
    walk = Walk(open_page(size=OLD, java_script_enabled=False), has_scripts=False)
    _walk(walk, town)
    assert len(set(walk.seen)) >= 43


def test_all_doors_stand_on_the_home(open_page: Opener, town: str) -> None:
    assert town
    page = open_page(size=OLD, java_script_enabled=False)
    page.goto("/")
    doors = page.locator("main .doors a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert {"/basvuru/", "/basvuru/takip/", "/randevu/", "/etkinlikler/", "/islerim/", "/sayilar/"} < set(
        doors
    )
    for door in doors:
        answer = page.goto(door)
        assert answer is not None
        assert answer.ok, door


def test_a_page_that_is_not_there_leads_home(open_page: Opener, town: str) -> None:
    assert town
    page = open_page(size=OLD, java_script_enabled=False)
    answer = page.goto("/yok/")
    assert answer is not None
    assert answer.status == 404
    assert page.locator("h1").inner_text() == "Bu sayfa bulunamadı"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
    page.locator("main a.ok-button").click()
    expect(page.locator("h1")).to_have_text("Ne yapmak istiyorsunuz?")
