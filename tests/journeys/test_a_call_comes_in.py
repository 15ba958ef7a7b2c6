"""The first issue's story through GraphQL: from the phone call to the answer, seen only by its müdürlük."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.schema.client import Asking
from tests.schema.compiler.equality import Comparison

CASE = "complaint { id reference status viewerCan }"


def says(asking: Asking, mutation: str, case: str, **fields: Any) -> dict[str, Any]:
    payload = asking.does(mutation, CASE, id=case, **fields)
    assert payload["errors"] == [], payload
    return payload["complaint"] or {}


def everything_about(case: dict[str, Any], citizen: str) -> dict[str, dict[str, Any]]:
    """Every path by which somebody could come upon the case."""
    return {
        "query($i: ID!) { node(id: $i) { id } }": {"i": case["id"]},
        "query($i: ID!) { nodes(ids: [$i]) { id } }": {"i": case["id"]},
        "query($r: String!) { complaint(reference: $r) { id } }": {"r": case["reference"]},
        "{ complaints { totalCount nodes { id } } }": {},
        "query($s: String) { complaints(search: $s) { totalCount } }": {"s": "çukur"},
        "query($f: ComplaintFilter) { complaints(filter: $f) { totalCount } }": {"f": {"applicant": citizen}},
        "query($r: String) { complaints(search: $r) { totalCount } }": {"r": case["reference"]},
        "{ complaintFigures { open new closed } }": {},
        'query { citizens(phone: "0532 111 22 33") { totalCount } }': {},
        'query($i: ID!) { complaintMessagePreview(of: {message: {id: $i, body: "x"}}) { body } }': {
            "i": case["id"]
        },
    }


def test_a_call_is_recorded_routed_answered_sent_and_followed_and_another_department_finds_nothing(
    cast: Cast, both_paths: Comparison
) -> None:
    secretary, clerk, head = Asking(cast.secretary), Asking(cast.fen_clerk), Asking(cast.office_head)
    stranger = Asking(cast.park_clerk)

    # A call comes in: the number first. Nobody knows it yet.
    caller = (
        "query($p: String!) { citizens(phone: $p) { nodes { id fullName openComplaints { reference } } } }"
    )
    assert secretary.data(caller, p="0532 111 22 33")["citizens"]["nodes"] == []
    made = secretary.does(
        "complaintRegister",
        f"receipt {{ reference trackingCode }} {CASE}",
        kind="COMPLAINT",
        channel="PHONE",
        subject="Barış Sokak'ta çukur",
        body="Araba düştü.",
        place="Barış Sokak 5",
        newApplicant={
            "firstName": "Ayşe",
            "lastName": "Işık",
            "phone": "0532 111 22 33",
            "email": "ayse@example.org",
        },
    )
    assert made["errors"] == []
    case, code = made["complaint"], made["receipt"]["trackingCode"]
    assert case["status"] == "NEW"
    assert "ROUTE" in case["viewerCan"]

    # She calls again: who it is and what is open.
    again = secretary.data(caller, p="+90 532 1112233")["citizens"]["nodes"]
    assert again[0]["fullName"] == "Ayşe IŞIK"
    assert again[0]["openComplaints"] == [{"reference": case["reference"]}]

    # Before it is routed no department sees it; afterwards exactly one.
    inbox = "{ complaints(filter: {status: [ASSIGNED]}) { nodes { id applicant { phone } viewerCan } } }"
    assert clerk.data(inbox)["complaints"]["nodes"] == []
    says(secretary, "complaintTriage", case["id"], priority="HIGH")
    says(secretary, "complaintRoute", case["id"], to=global_id(cast.fen))
    arrived = clerk.data(inbox)["complaints"]["nodes"]
    assert [node["id"] for node in arrived] == [case["id"]]
    assert arrived[0]["applicant"] == {"phone": "+905321112233"}
    assert {"ACCEPT", "RETURN"} <= set(arrived[0]["viewerCan"])

    # The department works and drafts; the office approves and sends.
    says(clerk, "complaintAccept", case["id"])
    says(clerk, "complaintStart", case["id"])
    says(clerk, "complaintComment", case["id"], body="Ekip yarın gidiyor.")
    says(clerk, "complaintDraft", case["id"], body="Çukur kapatıldı.")
    says(clerk, "complaintSubmit", case["id"])
    assert clerk.does("complaintApprove", CASE, id=case["id"])["errors"][0]["code"] == "FORBIDDEN"
    says(head, "complaintApprove", case["id"])
    says(secretary, "complaintSend", case["id"])
    closed = secretary.does(
        "complaintClose", "complaint { status outcome closedAt }", id=case["id"], outcome="SOLVED"
    )
    assert closed["complaint"]["outcome"] == "SOLVED"
    with system():
        mails = list(Message.objects.filter(address="ayse@example.org").order_by("created_at"))
    assert len(mails) == 2  # the receipt and the reply
    assert code in mails[0].body
    assert "Çukur kapatıldı." in mails[1].body
    assert "Ekip yarın gidiyor." not in mails[0].body + mails[1].body

    # The citizen follows it with the code, without signing in.
    told = Asking().data(
        "query($c: String!) { complaintTracking(code: $c) { reference status steps { label } replies "
        "{ body } } }",
        c=code,
    )["complaintTracking"]
    assert told["reference"] == case["reference"]
    assert [reply["body"] for reply in told["replies"]] == ["Çukur kapatıldı."]
    assert len(told["steps"]) >= 4

    # The whole story, for who may read it.
    story = "query($i: ID!) { node(id: $i) { ... on Complaint { lines { verb actor { fullName } } } } }"
    verbs = [line["verb"] for line in head.data(story, i=case["id"])["node"]["lines"]]
    assert verbs == [
        "CLOSED",
        "SENT",
        "APPROVED",
        "SUBMITTED",
        "DRAFTED",
        "COMMENTED",
        "STARTED",
        "ACCEPTED",
        "ROUTED",
        "TRIAGED",
        "REGISTERED",
    ]
    figures = secretary.data("{ complaintFigures { closed solved solvedShare } }")["complaintFigures"]
    assert figures == {"closed": 1, "solved": 1, "solvedShare": 1.0}

    # A clerk of another department finds nothing by any path: the same bytes as where there is nothing.
    before = {
        query: stranger.post(query, fields).content
        for query, fields in everything_about(case, again[0]["id"]).items()
    }
    for query, content in before.items():
        assert case["id"].encode() not in content
        assert (
            b"null" in content or b'"totalCount":0' in content or b'"open":0,"new":0,"closed":0' in content
        ), query
    if settings.GRAPHQL_COMPILED_READS:
        both_paths.require(at_least=10)
