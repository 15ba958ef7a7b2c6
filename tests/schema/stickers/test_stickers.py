"""Places with a QR code in the API: the register, what a scan may know, and the case that remembers it."""

from __future__ import annotations

from typing import Any

import pytest

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.stickers import actions
from backend.stickers.models import Sticker
from tests.backend.stickers.test_stickers import make_sticker, report
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.client import Asking, errors_of
from tests.schema.portal_client import portal

PLACE = """query($c: String!) { publicPlace(code: $c) {
  code label place neighbourhood neighbourhoodName category } }"""
GIVEN: dict[str, Any] = {"kind": "COMPLAINT", "subject": "Salıncak kırık"}
REGISTER = "{ stickers(first: 5) { totalCount nodes { id code label printedAt isActive } } }"


def test_a_scan_says_what_it_is_and_where_and_nothing_else(cast: Cast) -> None:
    mahalle, about = make_neighbourhood(), make_category("oyun-grubu", "Oyun grubu")
    row = make_sticker(neighbourhood=mahalle, category=about, department=cast.park)
    shown = Asking().data(PLACE, c=row.code.lower().replace("-", ""))["publicPlace"]
    assert shown == {
        "code": row.code,
        "label": "Çınarlı Park",
        "place": "İğdeli Sokak No: 4",
        "neighbourhood": mahalle.code,
        "neighbourhoodName": mahalle.name,
        "category": about.code,
    }


def test_a_withdrawn_and_an_unknown_code_are_one_answer(cast: Cast) -> None:
    row = make_sticker()
    with system():
        actions.save_sticker(row, by=None, label=row.label, street="x", is_active=False)
    for code in (row.code, "7G2K-0QXM", "", "'; DROP", "ş" * 5000):
        assert Asking().data(PLACE, c=code) == {"publicPlace": None}


def test_the_case_remembers_the_sticker_that_was_scanned(cast: Cast) -> None:
    row = make_sticker()
    taken = portal().does("portalComplaintSubmit", "reference", **GIVEN, placeCode=row.code.lower())
    assert taken["errors"] == []
    with system():
        case = Complaint.objects.get()
    assert (case.sticker_id, case.place) == (row.pk, "İğdeli Sokak No: 4, Çınarlı Park")


def test_a_code_of_nothing_is_refused_at_its_field(cast: Cast) -> None:
    make_sticker()
    taken = portal().does("portalComplaintSubmit", "reference", **GIVEN, placeCode="7G2K-0QXM")
    assert [(one["code"], one["field"]) for one in taken["errors"]] == [("INVALID", "placeCode")]
    with system():
        assert not Complaint.objects.exists()


def test_a_withdrawn_sticker_still_takes_what_was_begun_with_it(cast: Cast) -> None:
    row = make_sticker()
    with system():
        actions.save_sticker(row, by=None, label=row.label, street="x", is_active=False)
    taken = portal().does("portalComplaintSubmit", "reference", **GIVEN, placeCode=row.code)
    assert taken["errors"] == []


def test_the_office_keeps_the_register_and_others_read_it(cast: Cast) -> None:
    office, clerk = Asking(cast.secretary), Asking(cast.fen_clerk)
    saved = office.does(
        "stickerSave", "sticker { id code label }", label="Direk 114", description="Okulun önü"
    )
    assert saved["errors"] == []
    key = saved["sticker"]["id"]
    corrected = office.does("stickerSave", "sticker { label code }", id=key, label="Direk 115", street="x")
    assert corrected["sticker"] == {"label": "Direk 115", "code": saved["sticker"]["code"]}
    assert clerk.data(REGISTER)["stickers"]["totalCount"] == 1
    refused = clerk.does("stickerSave", "sticker { id }", label="Benim", street="x")
    assert [one["code"] for one in refused["errors"]] == ["FORBIDDEN"]
    assert errors_of(Asking().answer(REGISTER)) == ["UNAUTHENTICATED"]
    with system():
        assert Sticker.objects.get().label == "Direk 115"


@pytest.mark.parametrize("asks", ["secretary", "fen_clerk"])
def test_cases_are_found_by_the_sticker_as_far_as_they_are_seen(cast: Cast, asks: str) -> None:
    row = make_sticker()
    mine, others = make_complaint(to=cast.fen), report(row)
    with system():
        Complaint.objects.filter(pk=mine.pk).update(sticker=row)
    asking = Asking(getattr(cast, asks))
    key = asking.data(REGISTER)["stickers"]["nodes"][0]["id"]
    query = """query($s: ID!) { complaints(first: 9, filter: {sticker: $s}) { nodes {
      reference sticker { label } } } }"""
    found = {one["reference"] for one in asking.data(query, s=key)["complaints"]["nodes"]}
    assert found == ({mine.reference, others.reference} if asks == "secretary" else {mine.reference})
