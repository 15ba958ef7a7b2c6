"""Instructions through GraphQL: given, carried out, decided, searched; and hidden from everybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.core.localtime import today
from backend.core.session import system
from backend.instructions import actions
from backend.instructions.models import Instruction
from backend.instructions.moves import Verb
from schema.core.nodes import encode
from tests.cast import Cast
from tests.factories import make_complaint, make_entry, make_instruction, make_invitation, make_request
from tests.schema.client import Asking

DAY = dt.timedelta(days=1)
GIVE = """
mutation ($input: InstructionGiveInput!) {
  instructionGive(input: $input) {
    instruction { reference status subject dueOn isLate confirmedAt viewerCan department { shortName }
      collaborations { department { shortName } } namedReaders { user { fullName } } heardBy { fullName }
      entry { title } request { subject } invitation { title } complaint { subject } }
    errors { code field message }
  }
}
"""
LIST = """
query ($search: String, $filter: InstructionFilter, $order: InstructionOrder) {
  instructions(search: $search, filter: $filter, order: $order, first: 20) {
    totalCount nodes { text status isLate viewerCan principal { name } lines { verb note actor { fullName } } }
  }
}
"""


def _say(user: Any, verb: Verb, /, **given: Any) -> dict[str, Any]:
    camel = "".join(word.capitalize() for word in verb.value.split("_"))
    query = (
        f"mutation ($input: Instruction{camel}Input!) {{ instruction{camel}(input: $input) {{"
        " instruction { id status result dueOn askedUntil isConfidential confirmedBy { fullName }"
        " department { shortName } collaborations { department { shortName } } }"
        " errors { code field } } }"
    )
    return Asking(user).data(query, input=given)[f"instruction{camel}"]


def _id(row: Any, name: str = "Instruction") -> str:
    return str(encode(name, row.key))


def test_a_call_is_recorded_with_a_text_and_a_department(cast: Cast) -> None:
    given = {
        "principal": _id(cast.mayors, "Principal"),
        "department": _id(cast.fen, "Department"),
        "collaborators": [_id(cast.park, "Department")],
        "text": "Meydan ışıklandırılsın.",
        "confirmed": True,
    }
    answer = Asking(cast.secretary).data(GIVE, input=given)["instructionGive"]
    assert answer["errors"] == []
    row = answer["instruction"]
    assert (row["status"], row["isLate"], row["subject"]) == ("GIVEN", False, "Meydan ışıklandırılsın.")
    assert row["heardBy"]["fullName"] == "Zeynep Arslan"
    assert row["confirmedAt"]
    assert row["collaborations"] == [{"department": {"shortName": "Park ve Bahçeler"}}]
    assert "WITHDRAW" in row["viewerCan"]
    assert "ACKNOWLEDGE" not in row["viewerCan"]
    for user, code in ((cast.park_clerk, "FORBIDDEN"), (cast.fen_clerk, "FORBIDDEN")):
        (error,) = Asking(user).data(GIVE, input=given)["instructionGive"]["errors"]
        assert (error["code"], error["field"]) == (code, "principal")


def test_every_verb_has_its_mutation(cast: Cast) -> None:
    """ATTACH needs a file; the others are said once."""
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    id, later = _id(row), (row.due_on + DAY).isoformat()
    park, reader = _id(cast.park, "Department"), _id(cast.outsider, "StaffMember")
    said = [
        (cast.fen_clerk, Verb.ACKNOWLEDGE, {}, "ACKNOWLEDGED"),
        (cast.fen_clerk, Verb.NOTE, {"note": "Başlandı."}, "ACKNOWLEDGED"),
        (cast.fen_clerk, Verb.REQUEST_EXTENSION, {"until": later, "reason": "Yağmur"}, "TIME_ASKED"),
        (cast.secretary, Verb.REJECT_EXTENSION, {"reason": "Tören"}, "ACKNOWLEDGED"),
        (cast.fen_clerk, Verb.REQUEST_EXTENSION, {"until": later, "reason": "Yağmur"}, "TIME_ASKED"),
        (cast.secretary, Verb.GRANT_EXTENSION, {}, "ACKNOWLEDGED"),
        (cast.fen_clerk, Verb.REPORT, {"result": "Bitti."}, "DONE"),
        (cast.secretary, Verb.SEND_BACK, {"reason": "Eksik"}, "ACKNOWLEDGED"),
        (cast.fen_head, Verb.REFUSE, {"reason": "Yetkimiz yok."}, "REFUSED"),
        (cast.secretary, Verb.INSIST, {"reason": "Var."}, "GIVEN"),
        (cast.secretary, Verb.CONFIRM, {"text": "Üç lamba"}, "GIVEN"),
        (cast.secretary, Verb.CORRECT, {"subject": "Lambalar"}, "GIVEN"),
        (cast.secretary, Verb.ADD_COLLABORATOR, {"department": park}, "GIVEN"),
        (cast.secretary, Verb.RELEASE_COLLABORATOR, {"department": park}, "GIVEN"),
        (cast.secretary, Verb.CONCEAL, {}, "GIVEN"),
        (cast.secretary, Verb.NAME_READER, {"user": reader}, "GIVEN"),
        (cast.secretary, Verb.UNNAME_READER, {"user": reader}, "GIVEN"),
        (cast.secretary, Verb.DISCLOSE, {}, "GIVEN"),
        (cast.fen_clerk, Verb.REPORT, {"result": "Bitti."}, "DONE"),
        (cast.secretary, Verb.ACCEPT, {}, "ACCEPTED"),
        (cast.secretary, Verb.REOPEN, {"reason": "Sönmüş"}, "GIVEN"),
        (cast.secretary, Verb.REASSIGN, {"department": park}, "GIVEN"),
        (cast.mayor, Verb.WITHDRAW, {"reason": "Gerek kalmadı."}, "WITHDRAWN"),
    ]
    assert {verb for _user, verb, _given, _after in said} == set(Verb) - {Verb.ATTACH}
    for user, verb, given, after in said:
        answer = _say(user, verb, id=id, **given)
        assert answer["errors"] == [], verb
        assert answer["instruction"]["status"] == after, verb
    assert answer["instruction"]["department"]["shortName"] == "Park ve Bahçeler"


def test_what_is_hidden_is_missing_and_what_is_not_allowed_is_forbidden(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    for user, code in (
        (cast.park_clerk, "NOT_FOUND"),
        (cast.secretary, "FORBIDDEN"),
        (cast.outsider, "NOT_FOUND"),
    ):
        assert _say(user, Verb.ACKNOWLEDGE, id=_id(row))["errors"] == [{"code": code, "field": "id"}]
    (error,) = _say(cast.fen_clerk, Verb.ACKNOWLEDGE, id=_id(row), version=7)["errors"]
    assert error["code"] == "CONFLICT"


def test_the_list_is_searched_narrowed_ordered_and_scoped(cast: Cast) -> None:
    first = make_instruction(cast.mayors, cast.fen, "IĞDIR Sokak", by=cast.secretary)
    make_instruction(cast.mayors, cast.park, "Fidan dikilsin", by=cast.secretary, due_on=today())
    make_instruction(cast.deputys, cast.fen, "Pazar yeri", by=cast.secretary)
    with system():
        Instruction.objects.filter(pk=first.pk).update(due_on=today() - DAY)

    def texts(user: Any, **asked: Any) -> list[str]:
        found = Asking(user).data(LIST, **asked)["instructions"]
        assert found["totalCount"] == len(found["nodes"])
        return [node["text"] for node in found["nodes"]]

    assert texts(cast.secretary) == ["IĞDIR Sokak", "Fidan dikilsin", "Pazar yeri"]
    newest = {"field": "GIVEN_AT", "direction": "DESC"}
    assert texts(cast.secretary, order=newest) == ["Pazar yeri", "Fidan dikilsin", "IĞDIR Sokak"]
    assert texts(cast.secretary, search="ığdır") == ["IĞDIR Sokak"]
    assert texts(cast.secretary, filter={"condition": ["LATE"]}) == ["IĞDIR Sokak"]
    assert texts(cast.secretary, filter={"department": _id(cast.park, "Department")}) == ["Fidan dikilsin"]
    assert texts(cast.secretary, filter={"principal": _id(cast.deputys, "Principal")}) == ["Pazar yeri"]
    assert texts(cast.secretary, filter={"department": _id(first)}) == []
    assert texts(cast.park_clerk) == ["Fidan dikilsin"]
    assert texts(cast.fen_head) == ["IĞDIR Sokak", "Pazar yeri"]
    assert texts(cast.administrator) == texts(cast.outsider) == []


def test_one_is_read_by_its_number_with_its_story(cast: Cast) -> None:
    row = make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with system():
        actions.acknowledge(row, by=cast.fen_clerk, note="Ekip yarın çıkıyor.")
    query = "query ($r: String!) { instruction(reference: $r) { lines { verb note } } }"
    found = Asking(cast.fen_clerk).data(query, r=row.reference)["instruction"]
    assert found["lines"] == [
        {"verb": "ACKNOWLEDGED", "note": "Ekip yarın çıkıyor."},
        {"verb": "GIVEN", "note": ""},
    ]
    assert Asking(cast.park_clerk).data(query, r=row.reference)["instruction"] is None


def test_each_end_of_a_link_is_hidden_from_whom_may_not_see_it(cast: Cast) -> None:
    ends = {
        "entry": (make_entry(cast.mayors, "Toplantı"), "ProgrammeEntry"),
        "request": (make_request(cast.mayors, "Görüşme"), "AppointmentRequest"),
        "invitation": (make_invitation(cast.mayors, "Yemek"), "Invitation"),
        "complaint": (make_complaint("Çukur", to=cast.park), "Complaint"),
    }
    base = {
        "principal": _id(cast.mayors, "Principal"),
        "department": _id(cast.fen, "Department"),
        "text": "Yapılsın.",
    }
    for end, (row, kind) in ends.items():
        answer = Asking(cast.secretary).data(GIVE, input=base | {end: _id(row, kind)})["instructionGive"]
        assert answer["errors"] == []
        assert answer["instruction"][end], end
        far = f"query {{ instructions {{ nodes {{ {end} {{ id }} }} }} }}"
        assert all(node[end] is None for node in Asking(cast.fen_clerk).data(far)["instructions"]["nodes"]), (
            end
        )
        near = f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ instructions {{ reference }} }} }} }}"
        assert len(Asking(cast.secretary).data(near, id=_id(row, kind))["node"]["instructions"]) == 1, end
    seen = Asking(cast.park_clerk).data(
        "query ($id: ID!) { node(id: $id) { ... on Complaint { instructions { reference } } } }",
        id=_id(ends["complaint"][0], "Complaint"),
    )
    assert seen["node"]["instructions"] == []


def test_nothing_hidden_is_linked(cast: Cast) -> None:
    secret = make_entry(cast.mayors, "Gizli", by=cast.mayor, readers=(cast.mayor,))
    given = {
        "principal": _id(cast.mayors, "Principal"),
        "department": _id(cast.fen, "Department"),
        "text": "Yapılsın.",
        "entry": _id(secret, "ProgrammeEntry"),
    }
    (error,) = Asking(cast.secretary).data(GIVE, input=given)["instructionGive"]["errors"]
    assert (error["code"], error["field"]) == ("NOT_FOUND", "entry")
    with system():
        assert not Instruction.objects.exists()


def test_a_confidential_one_has_its_readers_and_is_nowhere_for_others(cast: Cast) -> None:
    given = {
        "principal": _id(cast.mayors, "Principal"),
        "department": _id(cast.park, "Department"),
        "text": "Görüşülsün.",
        "isConfidential": True,
        "readers": [_id(cast.fen_head, "StaffMember")],
    }
    answer = Asking(cast.secretary).data(GIVE, input=given)["instructionGive"]
    names = [reader["user"]["fullName"] for reader in answer["instruction"]["namedReaders"]]
    assert names == ["Zeynep Arslan", "Ülkü Öztürk", "Selma Aydın"]
    for user in (cast.office_head, cast.fen_clerk, cast.administrator):
        assert Asking(user).data(LIST)["instructions"] == {"totalCount": 0, "nodes": []}
    for user in (cast.park_clerk, cast.fen_head, cast.mayor):
        assert Asking(user).data(LIST)["instructions"]["totalCount"] == 1


def test_the_cost_does_not_grow_with_the_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _each in range(2):
        make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with django_assert_max_num_queries(40) as few:
        Asking(cast.fen_clerk).data(LIST)
    for _each in range(10):
        make_instruction(cast.mayors, cast.fen, by=cast.secretary)
    with django_assert_max_num_queries(40) as many:
        Asking(cast.fen_clerk).data(LIST)
    assert len(few) == len(many)


SAY = """mutation ($input: DictationRecordInput!) {
  dictationRecord(input: $input) { dictation { id text saidBy { fullName } principal { name } } errors { code field } }
}"""
DISCARD = """mutation ($input: DictationDiscardInput!) {
  dictationDiscard(input: $input) { dictation { id } errors { code } }
}"""
DICTATED = "{ dictations(first: 5) { totalCount nodes { id text } } }"


def test_what_a_principal_dictates_is_for_who_keeps_their_programme(cast: Cast) -> None:
    given = {"principal": _id(cast.mayors, "Principal"), "text": "Meydan ışıklandırılsın."}
    said = Asking(cast.mayor).data(SAY, input=given)["dictationRecord"]
    assert said["errors"] == []
    assert said["dictation"]["text"] == "Meydan ışıklandırılsın."
    for person, count in ((cast.secretary, 1), (cast.mayor, 1), (cast.fen_clerk, 0), (cast.park_head, 0)):
        assert Asking(person).data(DICTATED)["dictations"]["totalCount"] == count
    refused = Asking(cast.park_clerk).data(SAY, input=given)["dictationRecord"]
    assert refused["dictation"] is None
    assert refused["errors"]
    key = {"id": said["dictation"]["id"]}
    assert (
        Asking(cast.fen_clerk).data(DISCARD, input=key)["dictationDiscard"]["errors"][0]["code"]
        == "NOT_FOUND"
    )
    assert Asking(cast.secretary).data(DISCARD, input=key)["dictationDiscard"]["errors"] == []
    assert Asking(cast.mayor).data(DICTATED)["dictations"]["totalCount"] == 0
