"""Lists taken along as files through GraphQL: started, followed, stopped, fetched; one's own."""

from __future__ import annotations

from typing import Any

from permissions.exports import access as exports
from tests.cast import signed_in
from tests.factories import make_complaint

FIELDS = "export { id list title format status rowsTotal rowsWritten size fault url askedAt endedAt }"


def test_a_small_list_is_made_at_once_and_fetched(ask, cast):
    make_complaint("Lamba", to=cast.fen, channel="PHONE")
    make_complaint("Kaldırım", to=cast.fen, channel="COUNTER")
    done = ask.secretary.does(
        "exportStart",
        FIELDS,
        list="complaints_complaint",
        format="CSV",
        tab="all",
        filters=[{"name": "channel", "value": "PHONE"}],
        search="lamba",
    )
    assert done["errors"] == []
    made = done["export"]
    assert (made["status"], made["rowsTotal"], made["format"]) == ("DONE", 1, "CSV")
    fetched = signed_in(cast.secretary).get(made["url"])
    assert "Lamba" in fetched.content.decode()
    assert "Kaldırım" not in fetched.content.decode()
    assert signed_in(cast.office_head).get(made["url"]).status_code == 404


def test_ones_own_are_listed_and_another_finds_nothing(ask, cast):
    made = ask.secretary.does("exportStart", FIELDS, list="organization_department", format="XLSX")["export"]
    listed = ask.secretary.data("{ exports { totalCount nodes { id title url } } }")["exports"]
    assert listed["totalCount"] == 1
    assert listed["nodes"] == [{"id": made["id"], "title": "Müdürlükler", "url": made["url"]}]
    node = "query($id: ID!) { node(id: $id) { ... on Export { title url } } }"
    assert ask.secretary.data(node, id=made["id"])["node"]["title"] == "Müdürlükler"
    for other in (ask.office_head, ask.administrator):
        assert other.data("{ exports { totalCount } }")["exports"]["totalCount"] == 0
        assert other.data(node, id=made["id"])["node"] is None
        assert other.does("exportCancel", id=made["id"])["errors"][0]["code"] == "NOT_FOUND"


def test_a_large_one_is_followed_and_stopped(ask, cast, monkeypatch: Any):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    for _number in range(2):
        make_complaint(to=cast.fen)
    given = {"list": "complaints_complaint", "format": "CSV", "tab": "all"}
    made = ask.secretary.does("exportStart", FIELDS, **given)["export"]
    assert (made["status"], made["url"], made["rowsTotal"]) == ("WAITING", None, None)
    assert ask.secretary.does("exportStart", FIELDS, **given)["export"]["id"] == made["id"]
    [error] = ask.secretary.does("exportStart", FIELDS, **given | {"format": "XLSX"})["errors"]
    assert error["code"] == "CONFLICT"
    stopped = ask.secretary.does("exportCancel", FIELDS, id=made["id"])
    assert stopped["export"]["status"] == "STOPPED"
    [error] = ask.secretary.does("exportCancel", FIELDS, id=made["id"])["errors"]
    assert error["code"] == "WRONG_STATE"


def test_what_there_is_not_is_answered_with_what_there_is(ask, cast):
    def refused(**given: Any) -> dict[str, Any]:
        answer = ask.fen_clerk.does(
            "exportStart", FIELDS, **{"list": "complaints_complaint", "format": "CSV"} | given
        )
        assert answer["export"] is None
        return answer["errors"][0]

    error = refused(list="complaint")
    assert (error["code"], error["field"]) == ("INVALID", "list")
    assert "complaints_complaint" in error["message"]
    assert "organization_user" not in error["message"]  # not for them
    assert refused(list="organization_user")["message"] == error["message"]
    assert refused(tab="xyz")["field"] == "tab"
    assert "late" in refused(tab="xyz")["message"]
    assert "registered_from" in refused(filters=[{"name": "xyz", "value": "1"}])["message"]
    assert "PHONE" in refused(filters=[{"name": "channel", "value": "xyz"}])["message"]
    assert refused(filters=[{"name": "registered_from", "value": "xyz"}])["field"] == "filters"
    log = {"list": "journal_accesslog", "format": "CSV", "search": "x"}
    assert ask.administrator.does("exportStart", FIELDS, **log)["errors"][0]["field"] == "search"


def test_a_programs_token_takes_nothing_along(ask, cast):
    made = ask.portal.does("exportStart", FIELDS, list="complaints_complaint", format="CSV")
    assert (made["export"], made["errors"][0]["code"]) == (None, "FORBIDDEN")
