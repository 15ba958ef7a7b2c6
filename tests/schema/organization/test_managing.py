"""Grants, tokens, journals and many cases at once, through GraphQL."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.organization.models import Department, User
from permissions.complaints import sharing
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.models import ComplaintGrant, DepartmentGrant
from schema.core.nodes import encode, global_id
from tests.cast import as_viewer
from tests.days import day
from tests.factories import make_complaint, refetch
from tests.permissions.walls.world import bring_file
from tests.schema.client import Asking, errors_of

COUNT = "{ complaints { totalCount } }"


def sees(asking: Asking) -> int:
    return asking.data(COUNT)["complaints"]["totalCount"]


@pytest.mark.parametrize("manager", ["administrator", "office_head"])
def test_a_grant_given_and_taken_changes_sight_at_once(ask, cast, manager):
    make_complaint(to=cast.fen)
    fields = {"user": global_id(cast.outsider), "department": global_id(cast.fen), "permission": "WORK"}
    assert sees(ask.outsider) == 0
    managing = getattr(ask, manager)
    given = managing.does("grantGive", "department { name }", **fields, reason="Görevlendirme")
    assert given == {"errors": [], "department": {"name": "Fen İşleri Müdürlüğü"}}
    assert sees(ask.outsider) == 1
    own = ask.outsider.data(
        "{ departmentGrants { nodes { permission reason givenBy { fullName } department { code } } } }"
    )
    assert [node["permission"] for node in own["departmentGrants"]["nodes"]] == ["WORK"]
    assert managing.does("grantTake", **fields)["errors"] == []
    assert sees(ask.outsider) == 0
    assert managing.does("grantTake", **fields)["errors"][0]["code"] == "NOT_FOUND"
    journal = ask.administrator.data("{ journal(first: 2) { nodes { verb actor { id } } } }")["journal"][
        "nodes"
    ]
    assert [node["verb"] for node in journal] == ["grant_taken", "grant_given"]


@pytest.mark.parametrize("who", ["fen_head", "secretary", "mayor", "outsider", "portal"])
def test_nobody_else_gives_takes_or_appoints(ask, cast, who):
    asking, someone = getattr(ask, who), global_id(cast.outsider)
    fields = {"user": someone, "department": global_id(cast.fen)}
    for mutation, more in [
        ("grantGive", {"permission": "HEAD"}),
        ("grantTake", {"permission": "WORK"}),
        ("headAppoint", {}),
        ("actingHeadAppoint", {"validFrom": str(today()), "validUntil": str(today())}),
    ]:
        assert asking.does(mutation, **fields, **more)["errors"][0]["code"] == "FORBIDDEN", mutation


def test_an_acting_head_sees_from_the_first_to_the_last_day(ask, cast):
    make_complaint(to=cast.fen)
    done = ask.office_head.does(
        "actingHeadAppoint",
        "department { actingHead { fullName } actingFrom actingUntil }",
        department=global_id(cast.fen),
        user=global_id(cast.outsider),
        validFrom=str(today()),
        validUntil=str(today() + dt.timedelta(days=3)),
        reason="İzin",
    )
    assert done["department"]["actingHead"] == {"fullName": "Cem Irmak"}
    assert sees(ask.outsider) == 1
    with system():
        for grant in DepartmentGrant.objects.filter(user=cast.outsider):
            grant.valid_from, grant.valid_until = (
                today() - dt.timedelta(days=9),
                today() - dt.timedelta(days=1),
            )
            grant.save()
    assert sees(ask.outsider) == 0
    wrong = ask.office_head.does(
        "actingHeadAppoint",
        department=global_id(cast.fen),
        user=global_id(cast.outsider),
        validFrom=day(-10),
        validUntil=day(-11),
    )
    assert [(error["code"], error["field"]) for error in wrong["errors"]] == [("INVALID", "validUntil")]


def test_a_new_head_replaces_the_former_one(ask, cast):
    make_complaint(to=cast.fen)
    done = ask.administrator.does(
        "headAppoint",
        "department { head { fullName } }",
        department=global_id(cast.fen),
        user=global_id(cast.outsider),
    )
    assert done["department"]["head"] == {"fullName": "Cem Irmak"}
    assert (sees(ask.outsider), sees(ask.fen_head)) == (1, 0)


def test_a_token_is_issued_shown_once_and_revoked(ask, cast):
    fields = "secret apiToken { id name prefix scopes user { id } revokedAt }"
    issued = ask.administrator.does(
        "apiTokenIssue",
        fields,
        user=global_id(cast.portal),
        name="Web formu",
        scopes=["READ"],
        expiresAt="2099-01-01T00:00:00+03:00",
    )
    secret, token = issued["secret"], issued["apiToken"]
    assert secret.startswith(token["prefix"])
    assert Asking(token=secret).data("{ me { username } }")["me"]["username"] == "portal.153"
    listed = ask.administrator.data("{ apiTokens { nodes { name lastUsedAt } } }")["apiTokens"]["nodes"]
    assert listed[0]["name"] == "Web formu"
    assert listed[0]["lastUsedAt"]
    assert secret not in str(listed)
    revoked = ask.administrator.does("apiTokenRevoke", "apiToken { revokedAt }", id=token["id"])
    assert revoked["apiToken"]["revokedAt"]
    assert Asking(token=secret).post("{ me { username } }").status_code == 401
    for who in ("secretary", "fen_head", "portal"):
        refused = getattr(ask, who).does(
            "apiTokenIssue",
            fields,
            user=global_id(cast.portal),
            name="x",
            scopes=["READ"],
            expiresAt="2099-01-01T00:00:00Z",
        )
        assert (refused["errors"][0]["code"], refused["secret"]) == ("FORBIDDEN", None)
    assert ask.secretary.data("{ apiTokens { totalCount } }")["apiTokens"]["totalCount"] == 0
    assert ask.secretary.does("apiTokenRevoke", id=token["id"])["errors"][0]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("who", "journal", "log"),
    [
        ("administrator", True, True),
        ("office_head", True, True),
        ("secretary", True, False),
        ("mayor", False, False),
        ("fen_head", False, False),
        ("outsider", False, False),
    ],
)
def test_who_reads_the_journal_and_the_read_log(ask, cast, who, journal, log):
    make_complaint()
    ask.secretary.data("{ complaints { nodes { applicant { fullName } } } }")
    found = getattr(ask, who).data(
        "{ journal { totalCount } readLog { totalCount } me { canReadJournal canReadReadLog } }"
    )
    assert (found["journal"]["totalCount"] > 0, found["readLog"]["totalCount"] > 0) == (journal, log)
    assert (found["me"]["canReadJournal"], found["me"]["canReadReadLog"]) == (journal, log)


def test_the_read_log_is_found_by_person_and_by_reader(ask, cast):
    made = make_complaint()
    ask.secretary.data("{ complaints { nodes { applicant { fullName } } } }")
    with system():
        citizen = refetch(made).applicant
    query = "query($c: ID, $r: ID) { readLog(citizen: $c, reader: $r) { totalCount } }"
    head = ask.office_head
    assert head.data(query, c=global_id(citizen))["readLog"]["totalCount"] == 1
    assert head.data(query, r=global_id(cast.mayor))["readLog"]["totalCount"] == 0


BULK = "effect { done refused { id reference error { code message } } }"
PREVIEW = """query($i: ComplaintsBulkInput!) { complaintsBulkPreview(input: $i) {
  done refused { id reference error { code message } } } }"""


def test_many_are_routed_as_the_preview_said(ask, cast):
    new, closed = [make_complaint() for _ in range(3)], make_complaint()
    asking = ask.secretary
    asking.does("complaintWithdraw", id=global_id(closed))
    ids = [global_id(row) for row in [*new, closed]] + ["x", encode("Complaint", uuid4())]
    given = {"ids": ids, "verb": "ROUTE", "to": global_id(cast.fen)}
    told = asking.data(PREVIEW, i=given)["complaintsBulkPreview"]
    assert told["done"] == 3
    assert sorted(row["error"]["code"] for row in told["refused"]) == [
        "NOT_FOUND",
        "NOT_FOUND",
        "WRONG_STATE",
    ]
    assert sees(ask.fen_clerk) == 0
    assert asking.does("complaintsBulkRun", BULK, **given)["effect"] == told
    assert sees(ask.fen_clerk) == 3


def test_what_was_done_to_many_is_taken_back_but_for_what_others_did_and_what_was_touched(ask, cast):
    rows = [make_complaint() for _ in range(3)]
    ids = [global_id(row) for row in rows]
    ask.secretary.does("complaintsBulkRun", BULK, ids=ids, verb="ROUTE", to=global_id(cast.fen))
    ask.fen_clerk.does("complaintAccept", id=ids[2])
    others = ask.fen_clerk.does("complaintsBulkRun", BULK, ids=ids[:2], verb="UNDO")["effect"]
    assert (others["done"], {row["error"]["code"] for row in others["refused"]}) == (0, {"WRONG_STATE"})
    can = "query($i: ID!) { node(id: $i) { ... on Complaint { viewerCan } } }"
    assert [
        "UNDO" in asking.data(can, i=ids[0])["node"]["viewerCan"] for asking in (ask.secretary, ask.fen_clerk)
    ] == [True, False]
    told = ask.secretary.data(PREVIEW, i={"ids": ids, "verb": "UNDO"})["complaintsBulkPreview"]
    undone = ask.secretary.does("complaintsBulkRun", BULK, ids=ids, verb="UNDO")["effect"]
    assert undone == told | {"refused": undone["refused"]}
    assert undone["done"] == 2
    assert [row["id"] for row in undone["refused"]] == [ids[2]]
    assert [refetch(row).status for row in rows] == ["NEW", "NEW", "ACCEPTED"]
    assert sees(ask.fen_clerk) == 1


def test_a_department_tags_its_own_and_routes_none(ask, cast):
    own, hidden = make_complaint(to=cast.fen), make_complaint(to=cast.park)
    ids = [global_id(own), global_id(hidden)]
    tagged = ask.fen_clerk.does("complaintsBulkRun", BULK, ids=ids, verb="TAG", add=["okul"])["effect"]
    assert (tagged["done"], [row["error"]["code"] for row in tagged["refused"]]) == (1, ["NOT_FOUND"])
    assert (refetch(own).tags, refetch(hidden).tags) == (["okul"], [])
    routed = ask.fen_clerk.does("complaintsBulkRun", BULK, ids=ids, verb="ROUTE", to=global_id(cast.park))[
        "effect"
    ]
    assert routed["done"] == 0
    assert sorted(row["error"]["code"] for row in routed["refused"]) == ["FORBIDDEN", "NOT_FOUND"]
    assert {row["reference"] for row in routed["refused"]} == {own.reference, None}


def test_many_are_given_to_a_person_by_who_works_in_their_unit(ask, cast):
    own, also, hidden = make_complaint(to=cast.fen), make_complaint(to=cast.fen), make_complaint(to=cast.park)
    ids = [global_id(row) for row in (own, also, hidden)]
    given = {"ids": ids, "verb": "ASSIGN", "person": global_id(cast.fen_head), "note": "Toplu"}
    told = ask.fen_clerk.data(PREVIEW, i=given)["complaintsBulkPreview"]
    assert (told["done"], [row["error"]["code"] for row in told["refused"]]) == (2, ["NOT_FOUND"])
    assert ask.fen_clerk.does("complaintsBulkRun", BULK, **given)["effect"] == told
    assert [refetch(row).assignee for row in (own, also, hidden)] == [cast.fen_head, cast.fen_head, None]
    office = ask.secretary.does("complaintsBulkRun", BULK, **given | {"person": global_id(cast.fen_clerk)})
    assert office["effect"]["done"] == 2
    assert [row["error"]["code"] for row in office["effect"]["refused"]] == ["INVALID"]
    missing = ask.fen_clerk.does("complaintsBulkRun", BULK, ids=ids, verb="ASSIGN")
    assert [(error["code"], error["field"]) for error in missing["errors"]] == [("REQUIRED", "person")]


def test_bulk_is_bounded_and_says_what_is_missing(ask):
    missing = ask.secretary.does("complaintsBulkRun", BULK, ids=[], verb="ROUTE")
    assert [(error["code"], error["field"]) for error in missing["errors"]] == [("REQUIRED", "to")]
    many = ask.secretary.does("complaintsBulkRun", BULK, ids=["x"] * 501, verb="TAG")
    assert many["errors"][0]["code"] == "OVER_LIMIT"
    assert errors_of(ask.nobody.answer(PREVIEW, i={"ids": [], "verb": "TAG"})) == ["UNAUTHENTICATED"]


def test_one_case_is_shared_with_one_person_who_reads_and_comments(ask, cast):
    made, _other = make_complaint(to=cast.fen), make_complaint(to=cast.fen)
    shared = ask.fen_head.does(
        "complaintShare", id=global_id(made), user=global_id(cast.outsider), reason="Görüş"
    )
    assert shared["errors"] == []
    nodes = ask.outsider.data("{ complaints { nodes { reference viewerCan applicant { fullName } } } }")[
        "complaints"
    ]["nodes"]
    assert nodes == [{"reference": made.reference, "viewerCan": ["COMMENT"], "applicant": None}]
    assert ask.outsider.does("complaintComment", id=global_id(made), body="Görüşüm")["errors"] == []
    assert (
        ask.fen_head.does("complaintUnshare", id=global_id(made), user=global_id(cast.outsider))["errors"]
        == []
    )
    assert sees(ask.outsider) == 0


def test_staff_are_found_by_name_to_share_with(ask, cast):
    query = "query($s: String) { staff(search: $s) { nodes { fullName title } } }"
    assert ask.fen_clerk.data(query, s="ırmak CEM")["staff"]["nodes"] == [
        {"fullName": "Cem Irmak", "title": ""}
    ]
    everybody = [node["fullName"] for node in ask.fen_clerk.data(query)["staff"]["nodes"]]
    assert len(everybody) == len(cast.people())
    assert errors_of(ask.nobody.answer(query)) == ["UNAUTHENTICATED"]


def test_administrative_leave_is_the_offices_business(ask):
    for who, code in [("fen_head", "FORBIDDEN"), ("outsider", "FORBIDDEN"), ("secretary", None)]:
        done = getattr(ask, who).does(
            "administrativeLeaveSet", "leave { day }", day="2026-12-01", reason="Kar"
        )
        assert [error["code"] for error in done["errors"]] == ([code] if code else [])
    listed = ask.outsider.data("{ administrativeLeave { nodes { day halfDay reason } } }")[
        "administrativeLeave"
    ]["nodes"]
    assert listed == [{"day": "2026-12-01", "halfDay": False, "reason": "Kar"}]
    assert ask.secretary.does("administrativeLeaveRemove", "recomputed", day="2026-12-01")["errors"] == []
    assert (
        ask.secretary.does("administrativeLeaveRemove", "recomputed", day="2026-12-01")["errors"][0]["code"]
        == "NOT_FOUND"
    )


@pytest.mark.parametrize("giver", ["administrator", "office_head"])
@pytest.mark.parametrize("receiver", ["oneself", "administrator", "closed"])
def test_no_sight_is_given_to_oneself_to_bilgi_islem_or_to_a_closed_account(ask, cast, giver, receiver):
    made = make_complaint(to=cast.fen)
    people = {"oneself": getattr(cast, giver), "administrator": cast.administrator, "closed": cast.outsider}
    with system():
        User.objects.filter(pk=cast.outsider.pk).update(is_active=receiver != "closed")
    asking, user = getattr(ask, giver), global_id(people[receiver])
    fields = {"user": user, "department": global_id(cast.fen)}
    dates = {"validFrom": str(today()), "validUntil": str(today())}
    for mutation, more in [
        ("grantGive", {"permission": "WORK"}),
        ("headAppoint", {}),
        ("actingHeadAppoint", dates),
    ]:
        refused = asking.does(mutation, **fields, **more)["errors"]
        assert [(error["code"], error["field"]) for error in refused] == [("INVALID", "user")], mutation
    with system():
        assert not DepartmentGrant.objects.filter(user=people[receiver], content_object=cast.fen).exists()
        assert Department.objects.get(pk=cast.fen.pk).head_id == cast.fen_head.pk
    if giver == "office_head":
        shared = asking.does("complaintShare", id=global_id(made), user=user)
        assert [(error["code"], error["field"]) for error in shared["errors"]] == [("INVALID", "user")]


def test_a_grant_that_stands_for_bilgi_islem_all_the_same_shows_nothing(ask, cast):
    """Whoever writes it past the actions: neither wall counts it, nor a case shared with them."""
    made = make_complaint("Havuzda çatlak", to=cast.fen)
    with system():
        grants.give(cast.outsider, WORK, cast.office, by=None)
        sharing.share(made, user=cast.outsider, by=None)
        assert sees(ask.outsider) == 1
        User.objects.filter(pk=cast.outsider.pk).update(is_superuser=True)
    assert sees(ask.outsider) == 0
    query = '{ complaints(search: "havuz") { nodes { reference } } me { isOffice memberships { works } } }'
    assert ask.outsider.data(query) == {
        "complaints": {"nodes": []},
        "me": {"isOffice": False, "memberships": []},
    }
    fresh = User.objects.get(pk=cast.outsider.pk)
    with as_viewer(fresh):
        assert not Complaint.objects.exists(), "the second wall shows it"
        assert not scope.visible(Complaint).exists()
        assert not fresh.has_perm("organization.work_department", cast.office)


TOKEN = {"name": "x", "scopes": ["READ"], "expiresAt": "2099-01-01T00:00:00Z"}


@pytest.mark.parametrize("issuer", ["administrator", "office_head"])
def test_a_token_is_for_a_program_or_for_oneself_never_for_another_person(ask, cast, issuer):
    asking = getattr(ask, issuer)
    for person in (cast.secretary, cast.fen_clerk, cast.mayor):
        refused = asking.does("apiTokenIssue", "secret", user=global_id(person), **TOKEN)
        assert refused["secret"] is None
        assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", "user")]
    for account in (cast.portal, getattr(cast, issuer)):
        assert asking.does("apiTokenIssue", "secret", user=global_id(account), **TOKEN)["secret"]
    notes = asking.data("{ journal(first: 2) { nodes { verb note } } }")["journal"]["nodes"]
    assert [row["verb"] for row in notes] == ["token_issued"] * 2
    assert [row["note"].split(":")[0] for row in notes] == [getattr(cast, issuer).username, "portal.153"]


def test_a_token_of_the_offices_head_widens_nothing(ask, cast):
    """All scopes, and yet: no grant, no token, nobody else's tokens or grants, no read log."""
    issued = ask.office_head.does(
        "apiTokenIssue",
        "secret",
        user=global_id(cast.office_head),
        **(TOKEN | {"scopes": ["READ", "WRITE", "CONTACTS"]}),
    )
    program = Asking(token=issued["secret"])
    fields: dict[str, Any] = {"user": global_id(cast.outsider)}
    assert program.data("{ me { isOffice canManageGrants canReadReadLog } }")["me"] == {
        "isOffice": True,
        "canManageGrants": False,
        "canReadReadLog": False,
    }
    refused: list[tuple[str, dict[str, Any]]] = [
        ("grantGive", {"permission": "WORK", "department": global_id(cast.fen)}),
        ("grantTake", {"permission": "WORK", "department": global_id(cast.fen)}),
        ("headAppoint", {"department": global_id(cast.fen)}),
        ("apiTokenIssue", {**TOKEN, "user": global_id(cast.portal)}),
        ("apiTokenIssue", {**TOKEN, "user": global_id(cast.office_head)}),
    ]
    for mutation, more in refused:
        assert program.does(mutation, **(fields | more))["errors"][0]["code"] == "FORBIDDEN", mutation
    ask.secretary.data("{ complaints { nodes { applicant { fullName } } } }")
    query = """{ apiTokens { nodes { user { fullName } } } departmentGrants { nodes { user { fullName } } }
      readLog { totalCount } }"""
    seen = program.data(query)
    assert {node["user"]["fullName"] for node in seen["apiTokens"]["nodes"]} == {"Kemal Yıldız"}
    assert {node["user"]["fullName"] for node in seen["departmentGrants"]["nodes"]} == {"Kemal Yıldız"}
    assert seen["readLog"]["totalCount"] == 0


def test_what_is_shared_ends_on_a_day_to_come_and_every_change_of_it_is_told(ask, cast):
    made, asking = make_complaint(to=cast.fen), ask.fen_head
    fields = {"id": global_id(made), "user": global_id(cast.outsider)}
    past = asking.does("complaintShare", **fields, validUntil=str(today() - dt.timedelta(days=1)))
    assert [(error["code"], error["field"]) for error in past["errors"]] == [("INVALID", "validUntil")]
    for _again in range(2):
        assert asking.does("complaintShare", **fields, validUntil=str(today()))["errors"] == []
    assert asking.does("complaintShare", **fields)["errors"] == []
    lines = "query($i: ID!) { node(id: $i) { ... on Complaint { lines { verb } } } }"
    verbs = [line["verb"] for line in asking.data(lines, i=fields["id"])["node"]["lines"]]
    assert verbs.count("SHARED") == 2
    with system():
        assert ComplaintGrant.objects.get(user=cast.outsider).valid_until is None


def test_an_import_is_followed_stopped_and_run_again_by_whoever_may_see_it(ask, cast) -> None:
    with scope.session(cast.secretary), elevated():
        row = bring_file(cast.secretary)
    query = (
        "{ fileImports { totalCount nodes { id name status isDryRun rowsRead uploadedBy { fullName } } } }"
    )
    (seen,) = ask.secretary.data(query)["fileImports"]["nodes"]
    assert (seen["name"], seen["status"], seen["isDryRun"]) == (row.name, "WAITING", True)
    assert ask.fen_head.data(query)["fileImports"]["totalCount"] == 0
    assert ask.fen_head.does("fileImportStop", id=seen["id"])["errors"][0]["code"] == "NOT_FOUND"
    stopped = ask.secretary.does("fileImportStop", "fileImport { status endedAt }", id=seen["id"])
    assert stopped["fileImport"]["status"] == "STOPPED"
    assert ask.secretary.does("fileImportStop", id=seen["id"])["errors"][0]["code"] == "WRONG_STATE"
    again = ask.secretary.does(
        "fileImportStart", "fileImport { status isDryRun }", id=seen["id"], forGood=True
    )
    assert again["fileImport"] == {"status": "WAITING", "isDryRun": False}
