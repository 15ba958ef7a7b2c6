"""On the page of a case: what may be the same matter, with its reasons and buttons; linked cases as one matter."""

from __future__ import annotations

import re

from backend.complaints.models import Complaint
from tests.backend.stories import say
from tests.cast import Cast, signed_in
from tests.factories import make_category, make_complaint, refetch

CASE = "/admin/complaints/complaint/{}/change/"
DEED = "/admin/complaints/complaint/{}/{}/"
SIMILAR = 'aria-label="Aynı konu olabilir"'


def holes(count: int, **fields: object) -> list[Complaint]:
    roads = make_category("yol", "Yol")
    return [
        make_complaint(
            "Çukur", place="Yayla Sokak 12", category=roads, latitude=41.003, longitude=29.231, **fields
        )
        for _each in range(count)
    ]


def test_a_proposal_is_linked_or_set_apart_and_that_taken_back(cast: Cast) -> None:
    first, second = holes(2)
    desk = signed_in(cast.secretary)
    page = desk.get(CASE.format(first.key)).content.decode()
    assert SIMILAR in page
    assert "0 m, aynı adres, aynı gün, aynı kategori" in page
    assert DEED.format(second.key, "link") in page, "the later one is linked to the earlier one"
    asked = desk.post(DEED.format(second.key, "link"), {"of": first.reference}).content.decode()
    assert "Aynı konu mu" in asked or first.subject in asked
    apart = {"of": second.reference, "version": first.version}
    assert desk.post(DEED.format(first.key, "set_apart"), apart).status_code == 302
    assert desk.post(DEED.format(first.key, "set_apart"), apart).status_code < 400, "a second click"
    page = desk.get(CASE.format(first.key)).content.decode()
    assert DEED.format(second.key, "link") not in page
    assert DEED.format(first.key, "unset_apart") in page
    back = {"of": second.reference, "version": refetch(first).version}
    assert desk.post(DEED.format(first.key, "unset_apart"), back).status_code == 302
    assert refetch(first).apart_from == []


def test_a_department_sees_its_own_and_no_buttons(cast: Cast) -> None:
    first, second = holes(2, to=cast.fen)
    (hidden,) = holes(1, to=cast.park)
    page = signed_in(cast.fen_clerk).get(CASE.format(first.key)).content.decode()
    assert second.reference in page
    assert hidden.reference not in page
    assert "/link/" not in page


def test_linked_cases_are_one_matter_with_one_instruction_and_one_reply(cast: Cast) -> None:
    leader, *others = holes(3)
    for one in others:
        say(one, "link", by=cast.secretary, of=leader)
    desk = signed_in(cast.secretary)
    page = desk.get(CASE.format(others[0].key)).content.decode()
    assert "Bir konuda 3 başvuru" in page
    assert re.search(rf"{leader.reference} numaralı başvurunun talimatı ve cevabı", page)
    assert SIMILAR not in page
    assert "Talimatı ve cevabı hepsi içindir" in desk.get(CASE.format(leader.key)).content.decode()
