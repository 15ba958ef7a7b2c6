"""Invitations through GraphQL: recorded, decided, changed, sent flowers to; and hidden from everybody else."""

from __future__ import annotations

from typing import Any

from backend.core.session import system
from backend.invitations.moves import Verb
from permissions.core import grants
from permissions.core.viewer import KEEP
from schema.core.nodes import encode
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import at, make_entry, make_invitation
from tests.schema.client import Asking

RECEIVE = """
mutation ($input: InvitationReceiveInput!) {
  invitationReceive(input: $input) {
    invitation { reference status host startsAt endsAt phone answerUntil viewerCan registeredBy { fullName } }
    alike errors { code field message }
  }
}
"""
LIST = """
query ($from: Date, $search: String, $filter: InvitationFilter) {
  invitations(from: $from, search: $search, filter: $filter) {
    totalCount nodes { title host status viewerCan principal { name } entry { title }
      lines { verb note actor { fullName } } orders { gift address doneAt } notices { kind body means } }
  }
}
"""


def _say(user: Any, verb: str, **given: Any) -> dict[str, Any]:
    name = f"invitation{verb.capitalize()}"
    query = (
        f"mutation ($input: Invitation{verb.capitalize()}Input!) {{ {name}(input: $input) {{"
        " invitation { id status reason representativeName deputy { name } entry { startsAt principal { name } }"
        " orders { id gift doneAt } decidedBy { fullName } } freeTimes { startsAt } errors { code field } } }"
    )
    return Asking(user).data(query, input=given)[name]


def _id(row: Any, name: str = "Invitation") -> str:
    return str(encode(name, row.key))


def test_an_invitation_is_recorded_and_a_second_of_the_host_on_the_day_is_told(cast: Cast) -> None:
    given = {
        "principal": _id(cast.mayors, "Principal"),
        "occasion": "WEDDING",
        "title": "Düğün",
        "host": "Yılmaz ailesi",
        "startsAt": f"{DAY}T19:00:00",
        "phone": "0532 111 22 33",
        "answerUntil": day(-7),
    }
    first = Asking(cast.secretary).data(RECEIVE, input=given)["invitationReceive"]
    assert first["errors"] == []
    row = first["invitation"]
    assert (row["startsAt"], row["endsAt"]) == (f"{DAY}T16:00:00+00:00", f"{DAY}T18:00:00+00:00")
    assert row["phone"] == "+905321112233"
    assert row["registeredBy"]["fullName"] == "Zeynep Arslan"
    second = Asking(cast.secretary).data(RECEIVE, input=given)["invitationReceive"]
    assert second["alike"] == [row["reference"]]
    (error,) = Asking(cast.park_clerk).data(RECEIVE, input=given)["invitationReceive"]["errors"]
    assert error["code"] == "FORBIDDEN"


def test_every_verb_has_its_mutation(cast: Cast) -> None:
    """FULFIL, DROP and ATTACH need an order or a file; the others are said once."""
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=None)
    row = make_invitation(cast.mayors)
    id, told = _id(row), {"means": "PHONE"}
    attended = _say(cast.secretary, Verb.ATTEND, id=id, **told)["invitation"]
    assert (attended["status"], attended["decidedBy"]["fullName"]) == ("ATTENDING", "Zeynep Arslan")
    assert attended["entry"]["startsAt"] == f"{DAY}T16:00:00+00:00"
    (error,) = _say(cast.secretary, Verb.DECLINE, id=id, ground="AWAY", reason="", **told)["errors"]
    assert error == {"code": "REQUIRED", "field": "reason"}
    sent = _say(
        cast.secretary,
        Verb.REPRESENT,
        id=id,
        deputy=_id(cast.deputys, "Principal"),
        reason="Yurt dışı",
        **told,
    )["invitation"]
    assert sent["entry"]["principal"]["name"] == sent["deputy"]["name"] == "Başkan Yardımcısı İlker Ünal"
    moved = _say(cast.secretary, Verb.CORRECT, id=id, startsAt=f"{DAY}T20:00:00")["invitation"]
    assert moved["entry"]["startsAt"] == f"{DAY}T17:00:00+00:00"
    ordered = _say(
        cast.secretary, Verb.ORDER, id=id, gift="WREATH", address="Salon", dueAt=f"{DAY}T18:00:00"
    )["invitation"]
    order = ordered["orders"][0]["id"]
    assert _say(cast.secretary, Verb.FULFIL, id=id, order=order)["invitation"]["orders"][0]["doneAt"]
    (error,) = _say(cast.secretary, Verb.DROP, id=id, order=order)["errors"]
    assert error["code"] == "WRONG_STATE"
    assert _say(cast.secretary, Verb.CANCEL, id=id)["invitation"]["status"] == "CANCELLED"
    assert _say(cast.secretary, Verb.REOPEN, id=id)["invitation"]["status"] == "NEW"


def test_a_taken_evening_comes_with_free_times(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    make_entry(cast.mayors, "Meclis", at(DAY, "19:00"), 60)
    answer = _say(cast.secretary, Verb.ATTEND, id=_id(row))
    assert [error["code"] for error in answer["errors"]] == ["CONFLICT"]
    assert len(answer["freeTimes"]) == 3


def test_into_a_programme_that_is_not_theirs_nobody_sends_a_deputy(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    answer = _say(cast.secretary, Verb.REPRESENT, id=_id(row), deputy=_id(cast.deputys, "Principal"))
    assert answer["errors"] == [{"code": "FORBIDDEN", "field": "deputy"}]


def test_an_order_of_another_invitation_is_missing(cast: Cast) -> None:
    row, other = make_invitation(cast.mayors), make_invitation(cast.mayors)
    order = _say(
        cast.secretary, Verb.ORDER, id=_id(other), gift="FLOWERS", address="Salon", dueAt=f"{DAY}T18:00:00"
    )["invitation"]["orders"][0]["id"]
    (error,) = _say(cast.secretary, Verb.FULFIL, id=_id(row), order=order)["errors"]
    assert error == {"code": "NOT_FOUND", "field": "order"}


def test_the_list_is_searched_narrowed_and_scoped(cast: Cast) -> None:
    make_invitation(cast.mayors, "Kermes", "Çınar İlkokulu", occasion="SCHOOL")
    make_invitation(cast.mayors, "Yemek")
    make_invitation(cast.deputys, "Açılış")
    found = Asking(cast.secretary).data(LIST, search="cinar")["invitations"]
    assert [row["title"] for row in found["nodes"]] == ["Kermes"]
    narrowed = Asking(cast.secretary).data(
        LIST, filter={"occasion": ["SCHOOL"], "principal": _id(cast.mayors, "Principal")}
    )
    assert narrowed["invitations"]["totalCount"] == 1
    assert Asking(cast.fen_clerk).data(LIST)["invitations"]["totalCount"] == 1
    for user in (cast.park_clerk, cast.outsider, cast.administrator):
        assert Asking(user).data(LIST)["invitations"] == {"totalCount": 0, "nodes": []}
    row = make_invitation(cast.mayors)
    for verb in (Verb.ATTEND, Verb.CANCEL):
        (error,) = _say(cast.park_clerk, verb, id=_id(row))["errors"]
        assert error == {"code": "NOT_FOUND", "field": "id"}
    (error,) = _say(cast.office_head, Verb.ATTEND, id=_id(row))["errors"]
    assert error["code"] == "FORBIDDEN", "whether the mayor comes is decided by whoever keeps the programme"
