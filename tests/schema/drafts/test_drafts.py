"""Drafts through GraphQL: one's own are read, saved and deleted, and another finds none."""

from __future__ import annotations

from tests.cast import Cast

FIELDS = "draft { id page field text savedAt }"


def test_drafts_are_saved_listed_and_deleted(ask, cast: Cast):
    made = ask.secretary.does("draftSave", FIELDS, page="/admin/intake/?a=1", field="body", text="Yarım")
    assert made["errors"] == []
    assert (made["draft"]["page"], made["draft"]["text"]) == ("/admin/intake/", "Yarım")
    again = ask.secretary.does("draftSave", FIELDS, page="/admin/intake/", field="body", text="Yarım kaldı")
    assert again["draft"]["id"] == made["draft"]["id"]
    listed = "query($page: String) { drafts(page: $page) { totalCount nodes { text } } }"
    assert ask.secretary.data(listed, page="/admin/intake/")["drafts"]["nodes"] == [{"text": "Yarım kaldı"}]
    assert ask.secretary.data(listed, page="/admin/other/")["drafts"]["totalCount"] == 0
    for other in (ask.office_head, ask.administrator, ask.fen_clerk):
        assert other.data(listed)["drafts"]["totalCount"] == 0
        assert other.does("draftDelete", id=made["draft"]["id"])["errors"][0]["code"] == "NOT_FOUND"
    assert ask.secretary.does("draftDelete", FIELDS, id=made["draft"]["id"]) == {"errors": [], "draft": None}
    assert ask.secretary.data(listed)["drafts"]["totalCount"] == 0


def test_an_empty_text_is_no_draft_and_a_long_one_is_refused(ask, cast: Cast):
    page = {"page": "/admin/intake/", "field": "body"}
    ask.secretary.does("draftSave", FIELDS, **page, text="x")
    assert ask.secretary.does("draftSave", FIELDS, **page, text="")["draft"] is None
    assert ask.secretary.data("{ drafts { totalCount } }")["drafts"]["totalCount"] == 0
    [error] = ask.secretary.does("draftSave", FIELDS, **page, text="x" * 50_001)["errors"]
    assert (error["code"], error["field"]) == ("TOO_LARGE", "text")
