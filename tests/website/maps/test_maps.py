"""Maps of the citizens' site: a pin that is never required, published cells, and nothing asked of another host."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client

from backend.complaints.models import Complaint
from backend.complaints.reporting import publishing as numbers
from backend.configuration.office import shown_with
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.map import publishing
from tests.cast import Cast
from tests.factories import make_complaint, make_neighbourhood
from tests.schema.portal_client import make_notices
from website import api

pytestmark = pytest.mark.usefixtures("site")
TILES = {"MAP_TILES": "https://harita.example/{z}/{x}/{y}.png", "MAP_ATTRIBUTION": "© Örnek"}
AT_THE_PLACE = "/basvuru/yer/"


def map_data(page: str) -> dict[str, Any]:
    found = re.search(r'data-map="([^"]*)"', page)
    assert found
    content: dict[str, Any] = json.loads(found[1].replace("&quot;", '"'))
    return content


@pytest.fixture
def visitor(cast: Cast) -> Client:
    """Somebody who has come to the question of the place."""
    make_notices()
    make_neighbourhood()
    browser = Client()
    browser.post("/basvuru/ne/", {"kind": "COMPLAINT"})
    browser.post("/basvuru/anlat/", {"text": "Kaldırımda çukur var, geçilmiyor."})
    browser.post("/basvuru/konu/", {"another": ""})
    return browser


def test_a_pin_is_an_addition_to_the_words(visitor: Client) -> None:
    answer = visitor.get(AT_THE_PLACE)
    page = answer.content.decode()
    assert 'data-map-part="pin"' in page
    assert map_data(page)["tiles"] is None
    assert map_data(page)["ground"] == "/map/ground/"
    assert "http" not in answer["Content-Security-Policy"]
    assert visitor.post(AT_THE_PLACE, {"neighbourhood": "", "place": ""}).status_code == 302
    typed = {"place": "Okulun önü", "latitude": "41.002130", "longitude": "29.231660"}
    assert visitor.post(AT_THE_PLACE, typed).status_code == 302
    kept = visitor.get(AT_THE_PLACE).content.decode()
    assert 'name="latitude" value="41.002130"' in kept


def test_a_background_is_admitted_where_a_map_stands_and_nowhere_else(visitor: Client) -> None:
    api.forget()
    with shown_with(TILES):
        answer = visitor.get(AT_THE_PLACE)
        assert map_data(answer.content.decode())["tiles"]["url"] == TILES["MAP_TILES"]
        assert "img-src 'self' blob: data: https://harita.example" in answer["Content-Security-Policy"]
        assert "connect-src 'self';" in answer["Content-Security-Policy"] + ";"
        assert "harita.example" not in visitor.get("/")["Content-Security-Policy"]


def test_the_published_map_has_no_number_of_few(cast: Cast) -> None:
    moment = midnight(today().replace(day=1) - dt.timedelta(days=5))
    here = {
        "latitude": 41.00213,
        "longitude": 29.23166,
        "neighbourhood": make_neighbourhood(),
        "applicant": None,
    }
    many = [make_complaint(**here).pk for _ in range(7)]
    few = [make_complaint(**{**here, "latitude": 41.02}).pk for _ in range(3)]
    with system():
        Complaint.objects.filter(pk__in=[*many, *few]).update(registered_at=moment)
        publishing.publish()
        numbers.publish()
    api.forget()
    page = Client().get("/sayilar/").content.decode()
    found = re.search(r'<script type="application/json">(.*?)</script>', page)
    assert found
    heat = json.loads(found[1])
    assert [cell["value"] for cell in heat["cells"]] == [5]
    assert heat["areas"] == [{"code": "abdurrahmangazi", "value": 10}]
    assert "5 başvurudan azı olan kareler gösterilmez" in page
