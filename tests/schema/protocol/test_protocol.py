"""Offices and orders of precedence through GraphQL: read by everybody, changed by the office, holders its own."""

from __future__ import annotations

from typing import Any

from backend.core.session import system
from backend.protocol import actions
from backend.protocol.models import Holding
from schema.core.nodes import encode
from tests.cast import Cast
from tests.days import day
from tests.factories import make_citizen, make_office, make_precedence
from tests.schema.client import Asking

OFFICES = """
query ($search: String) { protocolOffices(search: $search) { totalCount nodes {
  title shortTitle sphere viewerCan holdings { capacity validFrom person { fullName } } } } }
"""
ORDER = """
query { precedenceInForce(kind: DISTRICT) { id name version viewerCan entries { place position office { title } } } }
"""
APPOINT = """
mutation ($input: ProtocolOfficeAppointInput!) { protocolOfficeAppoint(input: $input) {
  holding { validFrom validUntil office { title } person { fullName } } errors { code field message } } }
"""
REWRITE = """
mutation ($input: PrecedenceRewriteInput!) { precedenceRewrite(input: $input) {
  precedence { version entries { place office { title } } } errors { code field } } }
"""
MOVE = """
mutation ($input: PrecedenceSnapshotMoveInput!) { precedenceSnapshotMove(input: $input) {
  snapshot { version lines { place title listedPlace why } } errors { code field } } }
"""


def _id(row: Any, name: str = "ProtocolOffice") -> str:
    return str(encode(name, row.key))


def test_everybody_reads_offices_and_the_office_alone_who_holds_them(cast: Cast) -> None:
    office = make_office("İlçe Müftüsü", institution="Sancaktepe Müftülüğü")
    make_office("Kaymakam")
    with system():
        actions.appoint(office, by=None, person=make_citizen("Ilgaz", "Şen"))
    (found,) = Asking(cast.secretary).data(OFFICES, search="muftu sancak")["protocolOffices"]["nodes"]
    assert found["holdings"][0]["person"] == {"fullName": "Ilgaz ŞEN"}
    assert found["viewerCan"] == ["CHANGE"]
    (seen,) = Asking(cast.park_clerk).data(OFFICES, search="müftü")["protocolOffices"]["nodes"]
    assert (seen["title"], seen["holdings"], seen["viewerCan"]) == ("İlçe Müftüsü", [], [])


def test_a_holder_is_recorded_and_the_former_succeeded(cast: Cast) -> None:
    office, former, next_one = make_office(), make_citizen(), make_citizen("Yeni", "Gelen")
    with system():
        first = actions.appoint(office, by=None, person=former)
    given = {"id": _id(office), "person": _id(next_one, "Citizen"), "validFrom": day(109)}
    done = Asking(cast.secretary).data(APPOINT, input=given)["protocolOfficeAppoint"]
    assert done["errors"] == []
    assert done["holding"]["person"] == {"fullName": "Yeni GELEN"}
    with system():
        assert str(Holding.objects.get(pk=first.pk).valid_until) == day(108)
    (error,) = Asking(cast.secretary).data(APPOINT, input=given)["protocolOfficeAppoint"]["errors"]
    assert (error["code"], error["field"]) == ("CONFLICT", "validFrom")
    (refused,) = Asking(cast.park_clerk).data(APPOINT, input=given)["protocolOfficeAppoint"]["errors"]
    assert refused["code"] in {"FORBIDDEN", "NOT_FOUND"}


def test_the_whole_order_is_rewritten_once_and_a_slower_one_is_told(cast: Cast) -> None:
    one, two, three = (make_office(name) for name in ("Bir", "İki", "Üç"))
    row = make_precedence([[one], [two], [three]])
    given = {"id": _id(row, "PrecedenceList"), "version": 1, "order": [[_id(three)], [_id(two), _id(one)]]}
    done = Asking(cast.secretary).data(REWRITE, input=given)["precedenceRewrite"]
    assert done["precedence"] == {
        "version": 2,
        "entries": [
            {"place": place, "office": {"title": title}}
            for place, title in ((1, "Üç"), (2, "İki"), (2, "Bir"))
        ],
    }
    (error,) = Asking(cast.secretary).data(REWRITE, input=given)["precedenceRewrite"]["errors"]
    assert error == {"code": "CONFLICT", "field": "version"}
    read = Asking(cast.park_clerk).data(ORDER)["precedenceInForce"]
    assert [entry["office"]["title"] for entry in read["entries"]] == ["Üç", "İki", "Bir"]
    (refused,) = Asking(cast.park_clerk).data(REWRITE, input=given | {"version": 2})["precedenceRewrite"][
        "errors"
    ]
    assert refused["code"] == "FORBIDDEN"


def test_the_order_of_one_event_is_changed_with_a_reason_and_hidden_from_departments(cast: Cast) -> None:
    one, two = make_office("Bir"), make_office("İki")
    with system():
        snapshot = actions.take_snapshot(make_precedence([[one], [two]]), by=None)
    given = {"id": _id(snapshot, "PrecedenceSnapshot"), "office": _id(two), "before": _id(one), "reason": ""}
    (error,) = Asking(cast.secretary).data(MOVE, input=given)["precedenceSnapshotMove"]["errors"]
    assert error == {"code": "REQUIRED", "field": "reason"}
    given["reason"] = "Ev sahibi"
    done = Asking(cast.secretary).data(MOVE, input=given)["precedenceSnapshotMove"]["snapshot"]
    assert [(line["place"], line["title"], line["why"]) for line in done["lines"]] == [
        (1, "İki", "Ev sahibi"),
        (2, "Bir", ""),
    ]
    (hidden,) = Asking(cast.park_clerk).data(MOVE, input=given)["precedenceSnapshotMove"]["errors"]
    assert hidden == {"code": "NOT_FOUND", "field": "id"}


def test_an_office_is_saved_by_graphql_and_what_is_left_out_stays(cast: Cast) -> None:
    save = (
        "mutation ($input: ProtocolOfficeSaveInput!) { protocolOfficeSave(input: $input) {"
        " office { id title institution sphere version } errors { code field } } }"
    )
    asking = Asking(cast.secretary)
    made = asking.data(save, input={"title": "Kaymakam", "institution": "Kaymakamlık", "sphere": "CIVIL"})
    office = made["protocolOfficeSave"]["office"]
    changed = asking.data(save, input={"id": office["id"], "title": "Kaymakam Vekili", "version": 1})
    assert changed["protocolOfficeSave"]["office"] == office | {"title": "Kaymakam Vekili", "version": 2}
    (error,) = asking.data(save, input={"title": "kaymakam vekili", "institution": "KAYMAKAMLIK"})[
        "protocolOfficeSave"
    ]["errors"]
    assert error == {"code": "DUPLICATE", "field": "title"}
