"""Maps in the admin: of a list, around a case, at intake, of a report. A case that one does not see has no point."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from admin_ui.map import listing as map_listing
from backend.complaints.models import Complaint
from backend.configuration.office import shown_with
from backend.core.localtime import today
from backend.core.session import system
from backend.places.choices import PointSource
from backend.places.models import Street
from tests.cast import Cast, signed_in
from tests.factories import make_complaint, make_neighbourhood

LIST = "/admin/complaints/complaint/"
HERE, NEAR, FAR = (41.00213, 29.23166), (41.00301, 29.23166), (41.01444, 29.25111)
PART = {"bbox": "29.1,40.9,29.4,41.1", "zoom": "14"}


def at(point: tuple[float, float], subject: str, **fields: Any) -> Complaint:
    return make_complaint(subject, latitude=point[0], longitude=point[1], **fields)


@pytest.fixture
def cases(cast: Cast) -> dict[str, Complaint]:
    """Of Fen: one, one 98 m beside it, one far away; of Park: one at the same point."""
    made = {
        "here": at(HERE, "Çukur", to=cast.fen, neighbourhood=make_neighbourhood(), place="İğdeli Sokak 4"),
        "near": at(NEAR, "Kaldırım", to=cast.fen),
        "far": at(FAR, "Mazgal", to=cast.fen),
        "park": at(HERE, "Bank", to=cast.park),
    }
    with system():
        Complaint.objects.filter(pk=made["near"].pk).update(target_on=today() - dt.timedelta(days=2))
    return made


def part(client: Client, **asked: str) -> dict[str, Any]:
    answer = client.get(f"{LIST}map/cells/", {**PART, **asked})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any], key: str = "points") -> set[str]:
    return {one["reference"] for one in found[key]}


def test_the_map_shows_what_the_list_shows(cast: Cast, cases: dict[str, Complaint]) -> None:
    office, fen, park = (signed_in(user) for user in (cast.secretary, cast.fen_clerk, cast.park_clerk))
    assert names(part(office, tab="all")) == {case.reference for case in cases.values()}
    assert names(part(fen, tab="all")) == {cases[name].reference for name in ("here", "near", "far")}
    assert names(part(park, tab="all")) == {cases["park"].reference}
    assert names(part(fen, tab="late")) == {cases["near"].reference}
    assert names(part(fen, tab="all", q="mazgal")) == {cases["far"].reference}
    (late,) = part(fen, tab="late")["points"]
    assert (late["state"], late["at"]) == ("late", list(NEAR))
    assert late["url"] == f"{LIST}{cases['near'].key}/change/"
    assert part(fen, tab="all")["label"] == "Haritanın bu bölümünde yeri olan 3 başvuru var."
    page = fen.get(f"{LIST}map/", {"tab": "late"}).content.decode()
    assert f'data-address="{LIST}map/cells/?tab=late"' in page
    assert f'href="{LIST}?tab=late"' in page, "the list is the map's alternative"
    button = fen.get(LIST, {"tab": "late"}).content.decode()
    assert f'href="{LIST}map/?tab=late"' in button


def test_from_afar_many_are_cells_and_statements_stay(
    cast: Cast, cases: dict[str, Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    fen = signed_in(cast.fen_clerk)
    part(fen, tab="all")
    with CaptureQueriesContext(connection) as few:
        part(fen, tab="all")
    monkeypatch.setattr(map_listing, "FEW_POINTS", 1)
    with CaptureQueriesContext(connection) as many:
        found = part(fen, tab="all")
    assert found["points"] == []
    assert sum(cell["total"] for cell in found["cells"]) == 3
    assert any("1 gecikti" in cell["label"] for cell in found["cells"])
    assert len(many) < len(few) + 1


@pytest.mark.parametrize("asked", [{"bbox": "x"}, {"zoom": "99"}, {"zoom": "³"}, {"bbox": ""}])
def test_no_part_of_a_map_is_refused_in_words(cast: Cast, asked: dict[str, str]) -> None:
    answer = signed_in(cast.fen_clerk).get(f"{LIST}map/cells/", {**PART, **asked})
    assert answer.status_code == 400
    assert answer.json()["message"].endswith((".", "yazınız; örneğin 29.1,40.9,29.3,41.1."))


def test_around_a_case_one_sees_what_one_may(cast: Cast, cases: dict[str, Complaint]) -> None:
    address = f"{LIST}{cases['here'].key}/near/"
    fen, office = signed_in(cast.fen_clerk), signed_in(cast.secretary)
    (one,) = fen.get(address).json()["near"]
    assert (one["reference"], one["way"], one["state"]) == (cases["near"].reference, "98 m", "late")
    assert [row["way"] for row in office.get(address).json()["near"]] == ["0 m", "98 m"]
    assert signed_in(cast.park_clerk).get(address).status_code == 404
    page = fen.get(f"{LIST}{cases['here'].key}/change/").content.decode()
    assert f'data-address="{address}"' in page
    assert 'data-latitude="41.002130"' in page
    with system():
        Complaint.objects.filter(pk=cases["here"].pk).update(point_source=PointSource.NEIGHBOURHOOD)
    assert fen.get(address).json()["near"] == [], "from the middle of a mahalle nothing is measured"
    assert "Kesin nokta bilinmiyor" in fen.get(f"{LIST}{cases['here'].key}/change/").content.decode()


def test_a_pin_at_intake_is_the_point_of_the_case(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    page = client.get("/admin/intake/").content.decode()
    assert 'data-map-part="pin"' in page
    typed = {"once": str(uuid.uuid4()), "kind": "COMPLAINT", "channel": "PHONE", "subject": "Lamba yanmıyor"}
    outside = client.post("/admin/intake/", typed | {"latitude": "12.5", "longitude": "29.2"})
    assert "Bu nokta Türkiye’nin dışındadır" in outside.content.decode()
    assert 'value="12.5"' in outside.content.decode(), "what was typed stays"
    half = typed | {"once": str(uuid.uuid4()), "latitude": "41.00213"}
    assert client.post("/admin/intake/", half).status_code == 302
    whole = typed | {"once": str(uuid.uuid4()), "latitude": "41.00213", "longitude": "29.23166"}
    assert client.post("/admin/intake/", whole).status_code == 302
    with system():
        points = list(Complaint.objects.order_by("pk").values_list("latitude", "longitude"))
    assert points == [(None, None), (41.00213, 29.23166)]


def test_the_map_of_a_report_counts_what_one_sees(cast: Cast, cases: dict[str, Complaint]) -> None:
    fen, administrator = signed_in(cast.fen_clerk), signed_in(cast.administrator)
    page = fen.get("/admin/reports/map/").content.decode()
    content = re.search(r'<script type="application/json">(.*?)</script>', page)
    assert content
    (area,) = json.loads(content[1])["areas"]
    assert (area["code"], area["value"]) == ("abdurrahmangazi", 1)
    assert sum(one["value"] for one in fen.get("/admin/reports/map/cells/", PART).json()["heat"]) == 3
    office = signed_in(cast.secretary)
    assert sum(one["value"] for one in office.get("/admin/reports/map/cells/", PART).json()["heat"]) == 4
    assert fen.get("/admin/reports/map/cells/", {"bbox": "?"}).status_code == 400
    for address in ("/admin/reports/map/", "/admin/reports/map/cells/"):
        assert administrator.get(address).status_code == 404


def test_only_a_background_that_is_set_is_admitted(cast: Cast, cases: dict[str, Complaint]) -> None:
    client, address = signed_in(cast.secretary), f"{LIST}map/"
    policy = client.get(address)["Content-Security-Policy"]
    assert "http" not in policy
    with shown_with(
        {"MAP_TILES": "https://harita.example/{z}/{x}/{y}.png", "MAP_ATTRIBUTION": "© <b>Örnek</b>"}
    ):
        answer = client.get(address)
        assert (
            "https://harita.example;"
            in answer["Content-Security-Policy"].replace("img-src", ";img-src") + ";"
        )
        assert "© <b>Örnek" not in answer.content.decode()
    with shown_with({"MAP_TILES": "https://harita.example/ilce.pmtiles"}):
        policy = client.get(address)["Content-Security-Policy"]
        assert "connect-src 'self' https://harita.example" in policy
        assert "img-src 'self' data: blob:" in policy
    with shown_with({"MAP_TILES": "/haritalar/ilce.pmtiles"}):
        assert "http" not in client.get(address)["Content-Security-Policy"]


def test_the_ground_is_for_anybody_and_asked_once(cast: Cast) -> None:
    make_neighbourhood()
    client = Client()
    first = client.get(reverse("map_outlines"))
    assert {one["name"] for one in first.json()["places"]} >= {"Abdurrahmangazi"}
    assert first["Cache-Control"] == "public, max-age=3600"
    again = client.get(reverse("map_outlines"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(reverse("map_square", args=[1, 1])).json() == {"streets": []}
    line = [[29.2316, 41.0021], [29.2390, 41.0040]]
    with system():
        Street.objects.create(
            code="1",
            name="İğdeli Sokak",
            name_key="igdeli",
            neighbourhood=make_neighbourhood(),
            line=line,
            west=29.2316,
            south=41.0021,
            east=29.2390,
            north=41.0040,
            source="Örnek",
        )
    turn = math.radians(41.0021)
    x, y = int((29.2316 + 180) / 360 * 2**15), int((1 - math.asinh(math.tan(turn)) / math.pi) / 2 * 2**15)
    (street,) = client.get(reverse("map_square", args=[x, y])).json()["streets"]
    assert street == {"name": "İğdeli Sokak", "kind": "STREET", "line": line}
    assert client.get(reverse("map_square", args=[2**15, 0])).status_code == 404
    assert client.post(reverse("map_outlines")).status_code == 405
