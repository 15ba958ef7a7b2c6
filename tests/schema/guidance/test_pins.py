"""Pins through GraphQL: one's own are added, moved and taken away, and another finds none."""

from __future__ import annotations

from tests.cast import Cast

FIELDS = "pin { id page title position }"
LISTED = "{ pins { totalCount nodes { page } } }"
LATE, MINE = "/admin/complaints/complaint/?tab=late", "/admin/complaints/complaint/?tab=mine"


def test_pins_are_added_moved_and_taken_away(ask, cast: Cast):
    first = ask.secretary.does("pinAdd", FIELDS, page=LATE)
    assert first["errors"] == []
    second = ask.secretary.does("pinAdd", FIELDS, page=MINE)
    ask.secretary.does("pinMove", FIELDS, id=second["pin"]["id"], place=1)
    assert ask.secretary.data(LISTED)["pins"] == {
        "totalCount": 2,
        "nodes": [{"page": MINE}, {"page": LATE}],
    }
    for other in (ask.office_head, ask.administrator, ask.fen_clerk):
        assert other.data(LISTED)["pins"]["totalCount"] == 0
        for verb, more in (("pinMove", {"place": 1}), ("pinRemove", {})):
            refused = other.does(verb, id=first["pin"]["id"], **more)
            assert refused["errors"][0]["code"] == "NOT_FOUND"
    assert ask.secretary.does("pinRemove", FIELDS, id=first["pin"]["id"]) == {"errors": [], "pin": None}
    assert ask.secretary.data(LISTED)["pins"]["totalCount"] == 1


def test_what_was_searched_for_is_refused(ask, cast: Cast):
    [error] = ask.secretary.does("pinAdd", FIELDS, page="/admin/contacts/citizen/?q=Merve")["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "page")
