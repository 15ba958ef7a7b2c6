"""Routing rules over GraphQL: kept and moved by administrators, read by the office, tried on the past by both."""

from __future__ import annotations

from typing import Any

from backend.complaints.choices import Channel
from backend.core.localtime import today
from backend.core.session import system
from backend.routing import jobs
from backend.routing.models import RoutingRule, RuleTrial
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.client import Asking

RULE = """routingRule { id name position isActive isAutomatic categories neighbourhoods street words channels hours
  weekdays onMainArtery priority department { code } checklist { code } validFrom validUntil }"""
LIST = (
    "{ routingRules(first: 9) { totalCount nodes { id name position channels hours department { code } } } }"
)
CONFLICTS = """{ routingConflicts { isHidden isCertain effects earlier { name } later { name }
  hidingRules { name } } }"""
PROPOSAL = """query($c: ID, $t: String = "", $k: ID, $n: ID) {
  routingProposal(complaint: $c, text: $t, category: $k, neighbourhood: $n, channel: WEB) {
    department { code } departmentRule priority priorityRule checklist { code } } }"""
TRIAL = """query($i: ID!) { node(id: $i) { ... on RuleTrial { status concerned changed same leftToLaw casesTotal
  rule { name } askedBy { lastName } } }
  ruleTrialResult(id: $i) { ways { fromDepartment { code } toDepartment { code } count }
    sample { complaint { reference } toDepartment { code } rule { name } } } }"""


def save(asking: Asking, name: str, **fields: Any) -> dict[str, Any]:
    return asking.does("routingRuleSave", RULE, name=name, **fields)


def codes(payload: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(error["code"], error["field"]) for error in payload["errors"]]


def test_an_administrator_keeps_moves_and_tries_rules_and_the_office_reads_them(cast: Cast) -> None:
    park, yayla = make_category("park", "Park"), make_neighbourhood("yayla", "Yayla")
    asking = Asking(cast.administrator)
    first = save(
        asking,
        "Yayla parkları",
        categories=[global_id(park)],
        neighbourhoods=[global_id(yayla)],
        channels=["WEB", "PHONE"],
        weekdays=[1, 2],
        words=["salıncak"],
        department=global_id(cast.park),
        priority="HIGH",
    )["routingRule"]
    assert (first["categories"], first["neighbourhoods"], first["channels"], first["hours"]) == (
        ["park"],
        ["yayla"],
        ["PHONE", "WEB"],
        None,
    )
    second = save(asking, "Parklar", categories=[global_id(park)], department=global_id(cast.fen))[
        "routingRule"
    ]
    assert codes(save(asking, "", department=global_id(cast.fen))) == [("REQUIRED", "name")]
    assert codes(save(asking, "Boş")) == [("REQUIRED", "department")]
    moved = asking.does("routingRuleMove", "routingRule { position }", id=second["id"], before=first["id"])
    assert moved == {"errors": [], "routingRule": {"position": 1}}
    assert [row["name"] for row in Asking(cast.secretary).data(LIST)["routingRules"]["nodes"]] == [
        "Parklar",
        "Yayla parkları",
    ]
    assert Asking(cast.secretary).data(CONFLICTS)["routingConflicts"] == [
        {
            "isHidden": False,
            "effects": ["department"],
            "earlier": {"name": "Parklar"},
            "later": {"name": "Yayla parkları"},
            "isCertain": True,
            "hidingRules": [],
        }
    ]
    for person in (cast.fen_clerk, cast.outsider):
        other = Asking(person)
        assert other.data(LIST)["routingRules"] == {"totalCount": 0, "nodes": []}
        assert other.data(CONFLICTS)["routingConflicts"] == []
        assert codes(save(other, "Benim", department=global_id(cast.fen))) == [("FORBIDDEN", None)]
    assert codes(save(Asking(cast.office_head), "Benim", department=global_id(cast.fen))) == [
        ("FORBIDDEN", None)
    ]


def test_a_proposal_names_the_rule_for_a_text_and_for_a_case(cast: Cast) -> None:
    with system():
        RoutingRule.objects.create(
            name="Salıncaklar", words=["salıncak"], department=cast.park, priority="HIGH"
        )
    expected = {
        "department": {"code": "park-ve-bahceler"},
        "departmentRule": "Salıncaklar",
        "priority": "HIGH",
        "priorityRule": "Salıncaklar",
        "checklist": None,
    }
    case = make_complaint("Salıncağın zinciri kopuk", by=cast.secretary, channel=Channel.WEB)
    asking = Asking(cast.secretary)
    assert asking.data(PROPOSAL, t="salincaklar kirik")["routingProposal"] == expected
    assert asking.data(PROPOSAL, c=global_id(case))["routingProposal"] == expected
    assert asking.data(PROPOSAL, t="çukur")["routingProposal"]["department"] is None
    hidden = Asking(cast.fen_clerk).answer(PROPOSAL, c=global_id(case))
    assert hidden["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_a_dry_run_is_started_read_and_stopped_and_its_sample_is_what_each_may_see(cast: Cast) -> None:
    with system():
        RoutingRule.objects.create(name="Çukurlar", words=["çukur"], department=cast.park)
    case = make_complaint("Çukur var", to=cast.fen, by=cast.secretary)
    asking = Asking(cast.administrator)
    period = {"fromOn": str(today()), "untilOn": str(today())}
    trial = asking.does("ruleTrialStart", "ruleTrial { id status }", **period)["ruleTrial"]
    assert trial["status"] == "WAITING"
    with system():
        key = str(RuleTrial.objects.get().key)
    jobs.try_rules(key)
    seen = Asking(cast.secretary).data(TRIAL, i=trial["id"])
    assert seen["node"] == {
        "status": "DONE",
        "concerned": 1,
        "changed": 1,
        "same": 0,
        "leftToLaw": 0,
        "casesTotal": 1,
        "rule": None,
        "askedBy": {"lastName": "Güneş"},
    }
    way = {"fromDepartment": {"code": "fen-isleri"}, "toDepartment": {"code": "park-ve-bahceler"}, "count": 1}
    assert seen["ruleTrialResult"]["ways"] == [way]
    assert seen["ruleTrialResult"]["sample"] == [
        {
            "complaint": {"reference": case.reference},
            "toDepartment": {"code": "park-ve-bahceler"},
            "rule": {"name": "Çukurlar"},
        }
    ]
    own = asking.data(TRIAL, i=trial["id"])["ruleTrialResult"]
    assert (own["ways"], own["sample"]) == ([way], []), "who administers the house sees no case"
    assert codes(asking.does("ruleTrialStop", id=trial["id"])) == [("WRONG_STATE", None)]
    assert codes(Asking(cast.fen_head).does("ruleTrialStart", **period)) == [("FORBIDDEN", None)]
    assert codes(Asking(cast.fen_head).does("ruleTrialStop", id=trial["id"])) == [("NOT_FOUND", "id")]
