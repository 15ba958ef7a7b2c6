"""Applications under KVKK m.11 through GraphQL: the office's alone, answered by its head in a browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog
from schema.core.nodes import global_id
from tests.factories import make_citizen, make_subject_request
from tests.schema.conftest import Doors

ROW = (
    "subjectRequest { id reference requester citizen { fullName } rights status outcome ground dueOn version"
    " viewerCan lines { verb } }"
)
LIST = """query List($filter: SubjectRequestFilter) {
  subjectRequests(filter: $filter) { totalCount nodes { requester text identity } } }"""


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def test_from_its_receipt_to_its_answer(ask: Doors) -> None:
    citizen = make_citizen("İpek", "Iğdır")
    said = {"channel": "KEP", "rights": ["ERASE", "KNOW"], "text": "Silinsin.", "citizen": global_id(citizen)}
    made = ask.secretary.does("subjectRequestRegister", ROW, **said)
    row = made["subjectRequest"]
    assert (made["errors"], row["requester"], row["rights"]) == ([], "İpek IĞDIR", ["KNOW", "ERASE"])
    assert row["dueOn"] == str(today() + dt.timedelta(days=30))
    assert set(row["viewerCan"]) == {"CORRECT", "IDENTIFY", "WITHDRAW"}, "the person is named already"
    refused = {
        "id": row["id"],
        "outcome": "REFUSED",
        "answer": "Kanun saklanmasını ister.",
        "answerChannel": "KEP",
    }
    assert codes(ask.secretary.does("subjectRequestAnswer", **refused)) == ["FORBIDDEN"]
    assert codes(ask.office_head.does("subjectRequestAnswer", **refused)) == ["REQUIRED"]
    told = ask.office_head.does("subjectRequestAnswer", **refused, ground="LAW")
    assert [(error["code"], error["field"]) for error in told["errors"]] == [("WRONG_STATE", "ground")]
    row = ask.secretary.does("subjectRequestIdentify", ROW, id=row["id"], identity="KEP")["subjectRequest"]
    done = ask.office_head.does("subjectRequestAnswer", ROW, **refused, ground="LAW", version=row["version"])
    assert (done["subjectRequest"]["outcome"], done["subjectRequest"]["ground"]) == ("REFUSED", "LAW")
    assert codes(ask.secretary.does("subjectRequestWithdraw", id=row["id"], reason="?")) == ["WRONG_STATE"]


def test_the_other_verbs(ask: Doors) -> None:
    row = make_subject_request()
    key = global_id(row)
    ask.secretary.does("subjectRequestIdentify", id=key, identity="PROXY", note="Vekâletname")
    ask.secretary.does("subjectRequestLink", id=key, citizen=global_id(make_citizen("Gül", "Tekin")))
    done = ask.secretary.does("subjectRequestCorrect", ROW, id=key, rights=["PURPOSE"])["subjectRequest"]
    assert (done["rights"], done["citizen"]) == (["PURPOSE"], {"fullName": "Gül TEKİN"})
    assert [line["verb"] for line in done["lines"]] == ["CORRECTED", "LINKED", "IDENTIFIED", "REGISTERED"]
    ended = ask.secretary.does("subjectRequestWithdraw", ROW, id=key, reason="Vazgeçti.")
    assert ended["subjectRequest"]["status"] == "WITHDRAWN"


def test_nobody_else_sees_any_of_it(ask: Doors) -> None:
    row = make_subject_request(citizen=make_citizen())
    for stranger in (ask.fen_clerk, ask.fen_head, ask.outsider, ask.portal):
        assert stranger.data(LIST)["subjectRequests"] == {"totalCount": 0, "nodes": []}
        assert stranger.data("query($id: ID!) { node(id: $id) { id } }", id=global_id(row)) == {"node": None}
    said = {"channel": "KEP", "rights": ["KNOW"], "text": "?", "requester": "?"}
    assert codes(ask.fen_clerk.does("subjectRequestRegister", **said)) == ["FORBIDDEN"]
    with system():
        assert not AccessLog.objects.exists()


def test_the_list_is_filtered_and_who_reads_it_is_noted(ask: Doors) -> None:
    citizen = make_citizen()
    make_subject_request("Geç", citizen=citizen, received_on=today() - dt.timedelta(days=45))
    make_subject_request("Yeni", rights=["ERASE"])
    late = ask.secretary.data(LIST, filter={"late": True})["subjectRequests"]["nodes"]
    assert [row["requester"] for row in late] == ["Geç"]
    found = ask.secretary.data(LIST, filter={"rights": ["ERASE"], "status": ["OPEN"]})["subjectRequests"]
    assert [row["requester"] for row in found["nodes"]] == ["Yeni"]
    with system():
        assert AccessLog.objects.get().subject_ids == [citizen.pk]


def test_the_sending_is_recorded_and_proves_the_thirty_days(ask: Doors) -> None:
    row = make_subject_request(identity="DOCUMENT")
    key, sent = global_id(row), "subjectRequest { sentOn sentWay sentNumber sentInTime }"
    ask.office_head.does(
        "subjectRequestAnswer", id=key, outcome="GRANTED", answer="Ektedir.", answerChannel="POST"
    )
    unsent = "{ subjectRequests(filter: {unsent: true}) { totalCount nodes { sentInTime viewerCan } } }"
    found = ask.secretary.data(unsent)["subjectRequests"]
    assert found == {"totalCount": 1, "nodes": [{"sentInTime": None, "viewerCan": ["SEND"]}]}
    said = {"id": key, "way": "POST", "number": "RR123456785TR"}
    refused = ask.secretary.does("subjectRequestSend", id=key, way="POST")
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("REQUIRED", "number")]
    done = ask.secretary.does("subjectRequestSend", sent, **said)
    assert done["subjectRequest"] == {
        "sentOn": str(today()),
        "sentWay": "POST",
        "sentNumber": "RR123456785TR",
        "sentInTime": True,
    }
    assert codes(ask.secretary.does("subjectRequestSend", **said)) == ["DUPLICATE"]
    assert codes(ask.fen_clerk.does("subjectRequestSend", **said)) == ["NOT_FOUND"]
    assert ask.secretary.data(unsent)["subjectRequests"]["totalCount"] == 0
