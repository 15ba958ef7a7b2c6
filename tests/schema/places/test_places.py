"""The register in the API: lists for the staff, addresses and points for everybody."""

from __future__ import annotations

import pytest

from backend.core.session import system
from backend.organization.models import Neighbourhood
from tests.backend.places.rows import make_boundary, make_street
from tests.cast import Cast
from tests.factories import make_complaint, make_neighbourhood
from tests.schema.client import Asking, errors_of

STREETS = """query($s: String, $n: ID, $c: String) { streets(first: 1, search: $s, neighbourhood: $n, after: $c) {
  totalCount pageInfo { endCursor } nodes { id name kind line neighbourhood { id name } } } }"""
DOOR_LIST = "query($s: ID) { doors(first: 5, street: $s) { nodes { number latitude street { name } } } }"
FIELDS = "neighbourhood street number place latitude longitude pointSource accuracy confidence words distance"
ADDRESS = f"query($t: String!, $n: String) {{ addressOf(text: $t, neighbourhood: $n) {{ {FIELDS} }} }}"
POINT = f"query($a: Float!, $o: Float!) {{ placeAt(latitude: $a, longitude: $o) {{ {FIELDS} }} }}"


@pytest.fixture
def merve(cast: Cast) -> Neighbourhood:
    place = make_neighbourhood("merve", "Merve")
    make_street(place, "Aydın Sokak", ((29.251, 41.02), (29.259, 41.02)))
    make_street(place, "Işık Sokak", ((29.251, 41.022), (29.259, 41.022)))
    make_boundary(place, 29.25, 41.015)
    return place


def test_the_staff_reads_the_register(cast: Cast, merve: Neighbourhood) -> None:
    clerk = Asking(cast.fen_clerk)
    first = clerk.data(STREETS)["streets"]
    assert (first["totalCount"], first["nodes"][0]["name"]) == (2, "Aydın Sokak")
    assert first["nodes"][0]["line"] == [[29.251, 41.02], [29.259, 41.02]]
    second = clerk.data(STREETS, c=first["pageInfo"]["endCursor"])["streets"]["nodes"]
    assert [row["name"] for row in second] == ["Işık Sokak"]
    street = second[0]["id"]
    found = clerk.data(STREETS, s="ISIK", n=first["nodes"][0]["neighbourhood"]["id"])["streets"]
    assert found["totalCount"] == 1
    assert clerk.data(STREETS, n=first["nodes"][0]["id"])["streets"]["totalCount"] == 0
    doors = clerk.data(DOOR_LIST, s=street)["doors"]["nodes"]
    assert [row["number"] for row in doors] == ["1", "12", "2"]
    rings = clerk.data("{ boundaries(first: 5) { nodes { neighbourhood { name } rings source } } }")[
        "boundaries"
    ]
    assert rings["nodes"][0]["rings"][0][0][0] == [29.25, 41.015]


def test_everybody_asks_for_an_address_and_a_point(merve: Neighbourhood) -> None:
    nobody = Asking()
    best = nobody.data(ADDRESS, t="Aydın sk. no:12 caminin yanı")["addressOf"][0]
    assert (best["place"], best["pointSource"]) == ("Aydın Sokak No: 12, caminin yanı", "DOOR")
    assert best["confidence"] > 0.85
    assert nobody.data(ADDRESS, t="teşekkürler", n="merve")["addressOf"] == []
    at = nobody.data(POINT, a=best["latitude"], o=best["longitude"])["placeAt"]
    assert (at["street"], at["number"], at["distance"]) == ("Aydın Sokak", "12", 0)
    assert nobody.data(POINT, a=41.3, o=29.3)["placeAt"] is None
    assert nobody.data(POINT, a=1e308, o=-10.0)["placeAt"] is None
    assert errors_of(nobody.answer(ADDRESS, t="Aydın", n="yok")) == ["INVALID"]


def test_a_case_says_where_its_point_comes_from(cast: Cast, merve: Neighbourhood) -> None:
    with system():
        make_complaint(to=cast.fen, place="Aydın Sokak No: 12")
    asked = "{ complaints(first: 1) { nodes { pointSource pointAccuracy } } }"
    row = Asking(cast.fen_clerk).data(asked)["complaints"]["nodes"][0]
    assert row == {"pointSource": "DOOR", "pointAccuracy": 10}


LANDMARKS = """query($s: String, $n: ID, $k: [LandmarkKind!]) {
  landmarks(first: 5, search: $s, neighbourhood: $n, kind: $k) {
  totalCount nodes { id name kind code source neighbourhood { id name } latitude longitude } } }"""
SAVE = """mutation($input: LandmarkSaveInput!) { landmarkSave(input: $input) {
  landmark { id name kind latitude } errors { code field } } }"""


def test_landmarks_are_kept_by_administrators_and_found_by_everybody(
    cast: Cast, merve: Neighbourhood
) -> None:
    administrator, clerk = Asking(cast.administrator), Asking(cast.fen_clerk)
    place = clerk.data("{ neighbourhoods(first: 5) { nodes { id name } } }")["neighbourhoods"]["nodes"][0][
        "id"
    ]
    facts = {
        "name": "Merkez Camii",
        "neighbourhood": place,
        "latitude": 41.02,
        "longitude": 29.255,
        "kind": "MOSQUE",
    }
    assert (
        errors_of(clerk.answer(SAVE, input=facts)) or clerk.data(SAVE, input=facts)["landmarkSave"]["errors"]
    )
    made = administrator.data(SAVE, input=facts)["landmarkSave"]["landmark"]
    assert (made["name"], made["kind"]) == ("Merkez Camii", "MOSQUE")
    again = administrator.data(SAVE, input=facts)["landmarkSave"]
    assert (again["landmark"], again["errors"][0]["code"]) == (None, "DUPLICATE")
    moved = administrator.data(SAVE, input=facts | {"id": made["id"], "latitude": 41.021})["landmarkSave"]
    assert moved["landmark"]["latitude"] == 41.021
    wrong = administrator.data(SAVE, input=facts | {"id": made["id"], "latitude": 1.0})["landmarkSave"]
    assert wrong["errors"] == [{"code": "INVALID", "field": "latitude"}]
    (found,) = clerk.data(LANDMARKS, s="MERKEZ", n=place, k=["MOSQUE"])["landmarks"]["nodes"]
    assert (found["name"], found["neighbourhood"]["name"]) == ("Merkez Camii", "Merve")
    assert clerk.data(LANDMARKS, k=["SCHOOL"])["landmarks"]["totalCount"] == 0
    asked = "query($t: String!) { addressOf(text: $t) { landmark place pointSource accuracy confidence latitude } }"
    (best,) = Asking().data(asked, t="Merkez Camii'nin karşısı çukur")["addressOf"]
    assert (best["landmark"], best["pointSource"], best["accuracy"]) == ("Merkez Camii", "LANDMARK", 80)
    assert best["confidence"] > 0.85
    assert best["latitude"] == 41.021
