"""Before a case is recorded, programs ask what is open at its place: only what the viewer sees, in any spelling."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.words import places
from backend.core.words.places import distinctive, same_place
from tests.cast import Cast
from tests.factories import make_complaint

QUERY = "query Near($place: String!) { complaintsAtPlace(place: $place) { reference } }"


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Yayla Sokak No: 12", "12 yayla sk.", True),
        ("Merve Mah. IŞIK Cad. No:5/B", "Işık Caddesi numara 5/b", True),
        ("Yayla Sokak 12", "Yayla Sokak 21", False),
        ("Yayla Sokak 12", "Yayla Caddesi 12", False),
    ],
)
def test_two_spellings_of_a_place(one: str, other: str, is_same: bool) -> None:
    assert (same_place(one) == same_place(other)) is is_same


def test_a_street_without_a_number_is_no_place() -> None:
    assert distinctive("Yayla Sokak") == distinctive("No: 12") == distinctive("") == distinctive("😀") == ""


def test_open_cases_at_a_place_are_told_as_far_as_the_viewer_sees_them(ask: Any, cast: Cast) -> None:
    theirs = make_complaint("Çukur", place="Yayla Sokak No: 12", to=cast.fen)
    other = make_complaint("Kırık dal", place="Yayla Sokak 12", to=cast.park)
    asked = {"place": "Merve Mahallesi, yayla sk. 12"}
    found = ask.secretary.data(QUERY, **asked)
    assert [row["reference"] for row in found["complaintsAtPlace"]] == [other.reference, theirs.reference]
    found = ask.fen_clerk.data(QUERY, **asked)
    assert [row["reference"] for row in found["complaintsAtPlace"]] == [theirs.reference]


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("İğdeli Sk. No: 12", "igdeli sokak"),
        ("Yayla Mah. İĞDELİ SOKAĞI 4, okulun önü", "igdeli sokak"),
        ("1234. Sokak", "1234 sokak"),
        ("Atatürk Cad 5/2", "ataturk cadde"),
        ("Sokak", ""),
        ("okulun önü", ""),
        ("", ""),
    ],
)
def test_the_name_of_a_street_has_one_spelling_and_no_number(text: str, street: str) -> None:
    assert places.street(text) == street
