"""One's own notifications and preferences: read, marked as seen, chosen; nobody sees another's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.notifications.kinds import USUAL_OF
from backend.notifications.models import Notification
from permissions.core import scope
from tests.backend.stories import say
from tests.cast import Cast, heads_alone
from tests.factories import make_complaint, refetch
from tests.schema.client import Asking

LIST = """query($unseen: Boolean! = false) { notificationCount notifications(unseen: $unseen, first: 50) { totalCount
  nodes { id kind text isUrgent createdAt seenAt mailedAt complaint { reference } instruction { reference } } } }"""
PREFERENCES = """{ notificationPreferences { quietFrom quietUntil digestAt whyNoSms
  kinds { kind isDuty page email sms } } }"""


@pytest.fixture(autouse=True)
def alone(cast: Cast) -> None:
    heads_alone(cast)


def _told(cast: Cast, count: int = 1) -> list[Any]:
    cases = [make_complaint("Gizli") for _each in range(count)]
    for case in cases:  # found urgent later: the department's alone to hear of
        say(case, "mark_urgent", by=cast.secretary)
        say(refetch(case), "route", by=cast.secretary, to=cast.fen)
    return [refetch(case) for case in cases]


def test_one_reads_ones_own_and_nobody_elses(cast: Cast) -> None:
    (complaint,) = _told(cast)
    found = Asking(cast.fen_head).data(LIST)
    (row,) = found["notifications"]["nodes"]
    assert (row["kind"], row["text"], row["isUrgent"]) == ("URGENT_CASE", "complaints/urgent", True)
    assert row["complaint"] == {"reference": complaint.reference}
    assert row["instruction"] is None
    assert (found["notificationCount"], found["notifications"]["totalCount"]) == (1, 1)
    for other in (cast.fen_clerk, cast.secretary, cast.office_head, cast.mayor, cast.administrator):
        nothing = Asking(other).data(LIST)
        assert (nothing["notificationCount"], nothing["notifications"]) == (0, {"totalCount": 0, "nodes": []})
        said = Asking(other).does("notificationsSee", "seen", ids=[row["id"]])
        assert said["seen"] == 0
    read = "query($i: ID!) { node(id: $i) { id } }"
    assert Asking(cast.secretary).data(read, i=row["id"])["node"] is None
    assert Asking(cast.fen_head).data(read, i=row["id"])["node"] == {"id": row["id"]}


def test_of_a_row_that_left_nothing_is_left_in_list_count_and_node(cast: Cast) -> None:
    (complaint,) = _told(cast)
    (row,) = Asking(cast.fen_head).data(LIST)["notifications"]["nodes"]
    say(complaint, "route", by=cast.secretary, to=cast.park)
    found = Asking(cast.fen_head).data(LIST)
    assert (found["notificationCount"], found["notifications"]) == (0, {"totalCount": 0, "nodes": []})
    assert Asking(cast.fen_head).data("query($i: ID!) { node(id: $i) { id } }", i=row["id"])["node"] is None
    assert Asking(cast.fen_head).does("notificationsSee", "seen", ids=[row["id"]])["seen"] == 0
    assert Asking(cast.park_head).data(LIST)["notificationCount"] == 1


def test_some_and_all_are_marked_as_seen(cast: Cast) -> None:
    _told(cast, 3)
    asking = Asking(cast.fen_head)
    first = asking.data(LIST)["notifications"]["nodes"][0]["id"]
    one = asking.does("notificationsSee", "seen notificationCount", ids=[first])
    assert (one["seen"], one["notificationCount"]) == (1, 2)
    assert asking.does("notificationsSee", "seen", ids=[first])["seen"] == 0, "a second click"
    unseen = asking.data(LIST, unseen=True)["notifications"]
    assert (unseen["totalCount"], first in [row["id"] for row in unseen["nodes"]]) == (2, False)
    rest = asking.does("notificationsSee", "seen notificationCount")
    assert (rest["seen"], rest["notificationCount"]) == (2, 0)
    assert asking.data(LIST)["notifications"]["totalCount"] == 3
    (error,) = asking.does("notificationsSee", "seen", ids=["x"])["errors"]
    assert (error["code"], error["field"]) == ("NOT_FOUND", "ids")


def test_preferences_are_chosen_and_duty_stays_on(cast: Cast) -> None:
    asking = Asking(cast.fen_head)
    usual = asking.data(PREFERENCES)["notificationPreferences"]
    assert (usual["quietFrom"], usual["quietUntil"], usual["digestAt"]) == (
        "22:00:00",
        "07:00:00",
        "08:30:00",
    )
    for row in usual["kinds"]:
        by_mail = "DIGEST" if row["kind"] in USUAL_OF else "AT_ONCE"
        assert (row["page"], row["email"], row["sms"]) == ("AT_ONCE", by_mail, "OFF"), row["kind"]
    assert usual["whyNoSms"]
    selected = "preferences { digestAt kinds { kind email page } }"
    done = asking.does(
        "notificationPreferenceSet",
        selected,
        choices=[{"kind": "NOTE", "channel": "EMAIL", "mode": "DIGEST"}],
        digestAt="16:45:00",
    )
    assert done["errors"] == []
    assert done["preferences"]["digestAt"] == "16:45:00"
    assert {"kind": "NOTE", "email": "DIGEST", "page": "AT_ONCE"} in done["preferences"]["kinds"]
    off = [
        {"kind": "DEADLINE", "channel": "PAGE", "mode": "OFF"},
        {"kind": "DEADLINE", "channel": "EMAIL", "mode": "OFF"},
    ]
    (error,) = asking.does("notificationPreferenceSet", selected, choices=off)["errors"]
    assert (error["code"], error["field"]) == ("REQUIRED", "choices")
    (error,) = asking.does(
        "notificationPreferenceSet", selected, choices=[{"kind": "NOTE", "channel": "SMS", "mode": "AT_ONCE"}]
    )["errors"]
    assert error["code"] == "UNSUPPORTED"
    assert Asking(cast.fen_clerk).data(PREFERENCES)["notificationPreferences"]["digestAt"] == "08:30:00"


def test_the_list_costs_the_same_however_long_it_is(cast: Cast) -> None:
    counts = []
    for _many in range(2):
        _told(cast, 4)
        with CaptureQueriesContext(connection) as queries:
            Asking(cast.fen_head).data(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_bell_goes_along_its_index(cast: Cast) -> None:
    with scope.session(cast.fen_head), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rows = scope.visible(Notification.objects.unseen())[:100]
        plan = rows.explain()
    # Of an empty table the planner takes any index over the user: three begin with it.
    assert re.search(r"Index Scan using \w+ on notifications_notification\b", plan), plan
    assert "Seq Scan on notifications_notification" not in plan, plan
