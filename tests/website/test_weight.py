"""What a page of the site weighs with all that it loads, before photographs: at most 100 kB, uncompressed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from lxml import html

from backend.core.session import system
from backend.events import actions as events
from tests.backend.news.test_news import photographed, picture, published
from tests.cast import Cast
from tests.factories import make_event, make_public_day
from tests.schema.portal_client import make_notices
from website import urls

HEAVIEST = 100_000
LOADED = ("//link[@rel='stylesheet' or @rel='icon' or @rel='manifest']/@href", "//script/@src", "//img/@src")
PHOTOGRAPHS = ("/files/", "/basvuru/foto/")
SENT = ("sil/", "kapat/", "birak/", "cikis/", "etkilenen/", "onay/")


def weight(browser: Client, address: str, seen: dict[str, int]) -> int:
    """Bytes of a page and of what it names; `seen`: what was weighed before."""
    page = browser.get(address, follow=True)
    body = page.getvalue()
    if not str(page["Content-Type"]).startswith("text/html"):
        return len(body)
    tree = html.fromstring(body)
    names = {str(name) for path in LOADED for name in tree.xpath(path)}
    parts = [urlsplit(name).path for name in names if not name.startswith(PHOTOGRAPHS)]
    return len(body) + sum(seen.setdefault(part, size_of(browser, part)) for part in parts)


def size_of(browser: Client, path: str) -> int:
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if found:
        with open(str(found), "rb") as file:
            return len(file.read())
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return len(answer.getvalue())


@pytest.mark.usefixtures("site")
def test_every_page_is_light_on_a_slow_line(cast: Cast) -> None:
    make_notices()
    release = published(photographed()[0])
    event = make_event(cast.mayors)
    with system():
        events.announce(event, by=None)
        events.publish(event, by=None, takes_sign_ups=True)
        events.add_picture(event, by=None, file=picture(), alternative_text="Koro", permission="Koro")
        key = type(event).objects.get(pk=event.pk).published.key
        events_page = f"/etkinlikler/{key}/"
    make_public_day(cast.mayors)
    plain = [f"/{one.pattern}" for one in urls.urlpatterns if "<" not in str(one.pattern)]
    pages = [one for one in plain if not one.endswith(SENT)]
    assert len(pages) > 30
    browser, seen = Client(headers={"accept-language": "tr"}), dict[str, int]()
    browser.post("/basvuru/ne/", {"kind": "COMPLAINT"})  # with answers the questions are shown
    browser.post("/basvuru/anlat/", {"text": "Kaldırımda çukur var."})
    pages += [events_page, f"{events_page}kayit/", f"/haberler/{release.slug}/", "/takip/", "/aydinlatma/"]
    heavy = {address: size for address in pages if (size := weight(browser, address, seen)) > HEAVIEST}
    assert heavy == {}
