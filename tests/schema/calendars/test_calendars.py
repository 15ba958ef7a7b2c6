"""Calendar feeds and reminders through GraphQL: one's own, made by a person, their address shown once."""

from __future__ import annotations

from django.test import Client

from tests.schema.client import Asking

FIELDS = "url calendarFeed { id name view principal { name } revokedAt lastUsedAt }"


def test_a_feed_is_made_shown_once_read_and_revoked(ask, cast):
    made = ask.secretary.does("calendarFeedMake", FIELDS, name="Telefonum", view="FULL")
    feed, address = made["calendarFeed"], "/takvim/" + made["url"].split("/takvim/")[1]
    assert (feed["name"], feed["view"], feed["principal"], feed["lastUsedAt"]) == (
        "Telefonum",
        "FULL",
        None,
        None,
    )
    assert Client().get(address).status_code == 200
    listed = ask.secretary.data("{ calendarFeeds { totalCount nodes { name lastUsedAt revokedAt } } }")[
        "calendarFeeds"
    ]
    assert listed["totalCount"] == 1
    assert listed["nodes"][0]["lastUsedAt"]
    assert ask.office_head.data("{ calendarFeeds { totalCount } }")["calendarFeeds"]["totalCount"] == 0
    assert ask.office_head.does("calendarFeedRevoke", id=feed["id"])["errors"][0]["code"] == "NOT_FOUND"
    assert ask.office_head.data("query($id: ID!) { node(id: $id) { id } }", id=feed["id"])["node"] is None
    revoked = ask.secretary.does("calendarFeedRevoke", "calendarFeed { revokedAt }", id=feed["id"])
    assert revoked["calendarFeed"]["revokedAt"]
    assert Client().get(address).status_code == 404


def test_a_programs_token_makes_no_feed_and_chooses_no_reminders(ask, cast):
    token = Asking(token=cast.portal_secret)
    made = token.does("calendarFeedMake", "url", name="x", view="FULL")
    assert (made["errors"][0]["code"], made["url"]) == ("FORBIDDEN", None)
    assert token.does("remindersChoose", moments=["MORNING"])["errors"][0]["code"] == "FORBIDDEN"


def test_busy_times_are_somebodys(ask, cast):
    made = ask.secretary.does("calendarFeedMake", "url", name="x", view="BUSY")
    assert [(error["code"], error["field"]) for error in made["errors"]] == [("REQUIRED", "principal")]


def test_reminders_are_usual_until_they_are_chosen(ask, cast):
    assert ask.secretary.data("{ reminderMoments }")["reminderMoments"] == ["MORNING"]
    chosen = ask.secretary.does("remindersChoose", "moments", moments=["HOUR_BEFORE", "DAY_BEFORE"])
    assert chosen["moments"] == ["DAY_BEFORE", "HOUR_BEFORE"]
    assert ask.secretary.data("{ reminderMoments }")["reminderMoments"] == ["DAY_BEFORE", "HOUR_BEFORE"]
    assert ask.secretary.does("remindersChoose", "moments", moments=[])["moments"] == []
    assert ask.mayor.data("{ reminderMoments }")["reminderMoments"] == ["MORNING"]
