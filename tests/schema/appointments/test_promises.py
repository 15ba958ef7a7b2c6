"""Promises through GraphQL: made in a meeting, kept by whoever is responsible, reminded of when near and late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from backend.appointments import actions
from backend.appointments.jobs import remind_promises
from backend.appointments.models import AppointmentRequest, Promise
from backend.core.localtime import today
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import encode
from tests.cast import Cast
from tests.factories import make_request, refetch
from tests.harness.notifications import deliver_notifications
from tests.schema.client import Asking

LIST = """
query ($filter: PromiseFilter, $first: Int) { promises(filter: $filter, first: $first) { totalCount nodes {
  id text dueOn status endedOn note viewerCan department { shortName } person { fullName }
  request { reference applicant { fullName } } } } }
"""
FIELDS = "promise { status endedOn note version dueOn department { shortName } }"


@pytest.fixture
def met(cast: Cast) -> AppointmentRequest:
    """A request that was settled by a department that nobody of the cast is in."""
    request = make_request(cast.mayors)
    with system():
        AppointmentRequest.objects.filter(pk=request.pk).update(status="SETTLED", outcome="PROMISED")
    return refetch(request)


def _promise(user: Any, request: AppointmentRequest, **given: Any) -> dict[str, Any]:
    given = {"text": "Kaldırım yapılacak", "dueOn": str(today() + dt.timedelta(days=10))} | given
    id = encode("AppointmentRequest", request.key)
    fields = "request { promises { id text dueOn } lines(first: 1) { verb } }"
    return Asking(user).does("appointmentPromise", fields, id=id, **given)


def _promises(user: Any, **filter: Any) -> dict[str, Any]:
    found: dict[str, Any] = Asking(user).data(LIST, filter=filter or None)["promises"]
    return found


def _park(cast: Cast) -> str:
    return str(encode("Department", cast.park.key))


def test_a_promise_is_seen_by_whoever_is_to_keep_it_without_the_request(
    cast: Cast, met: AppointmentRequest
) -> None:
    answer = _promise(cast.secretary, met, department=_park(cast))
    assert answer["errors"] == []
    assert answer["request"]["lines"] == [{"verb": "PROMISED"}]
    (mine,) = _promises(cast.secretary)["nodes"]
    assert mine["request"]["reference"] == met.reference
    (theirs,) = _promises(cast.park_clerk)["nodes"]
    assert theirs["text"] == "Kaldırım yapılacak"
    assert theirs["request"] is None
    assert theirs["viewerCan"] == ["KEEP"]
    assert _promises(cast.fen_clerk) == {"totalCount": 0, "nodes": []}
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert Asking(cast.fen_clerk).data(node, id=mine["id"]) == {"node": None}


def test_the_outcome_and_what_was_promised_are_one_mutation(cast: Cast) -> None:
    request = make_request(cast.mayors)
    with system():
        actions.redirect(request, department=cast.park, by=cast.secretary, means="PHONE")
    asking, id = Asking(cast.secretary), encode("AppointmentRequest", request.key)
    due = str(today() + dt.timedelta(days=10))
    made = {"text": "Bank", "dueOn": due, "department": _park(cast)}
    fields = "request { status promises { text dueOn department { shortName } person { fullName } } }"

    def settle(user: Any, *promises: dict[str, Any]) -> dict[str, Any]:
        given = {"outcome": "PROMISED", "note": "Görüşüldü", "promises": list(promises)}
        return Asking(user).does("appointmentComplete", fields, id=id, **given)

    (error,) = settle(cast.park_clerk, made)["errors"]
    assert (error["code"], error["field"]) == ("FORBIDDEN", "promises"), (
        "which promises nothing in another's name"
    )
    asking.does("appointmentReopen", id=id)
    (error,) = settle(cast.secretary, made)["errors"]
    assert error["code"] == "WRONG_STATE"
    start = (today() + dt.timedelta(days=30)).isoformat()
    given = {"startsAt": f"{start}T10:00:00", "means": "PHONE", "acceptUnusual": True}
    assert asking.does("appointmentApprove", id=id, **given)["errors"] == []
    with freeze_time(f"{start}T08:00:00Z"):
        later = str(today() + dt.timedelta(days=3))
        (error,) = settle(cast.secretary, made | {"dueOn": later}, made)["errors"]
        assert (error["code"], error["field"]) == ("INVALID", "promises.1.dueOn")
        (error,) = settle(cast.secretary, *[made | {"dueOn": later}] * 11)["errors"]
        assert (error["code"], error["field"]) == ("OVER_LIMIT", "promises")
        assert refetch(request).status == "APPROVED"
        person = encode("StaffMember", cast.park_head.key)
        two = [made | {"dueOn": later}, {"text": "Ağaç", "dueOn": later, "person": person}]
        done = settle(cast.secretary, *two)
    assert done["request"] == {
        "status": "SETTLED",
        "promises": [
            {"text": "Bank", "dueOn": later, "department": {"shortName": "Park ve Bahçeler"}, "person": None},
            {"text": "Ağaç", "dueOn": later, "department": None, "person": {"fullName": str(cast.park_head)}},
        ],
    }


def test_the_department_says_that_it_was_kept_and_only_once(cast: Cast, met: AppointmentRequest) -> None:
    _promise(cast.secretary, met, department=_park(cast))
    (row,) = _promises(cast.park_clerk)["nodes"]
    asking = Asking(cast.park_clerk)
    (error,) = asking.does("promiseBreak", id=row["id"], note="Olmaz")["errors"]
    assert error["code"] == "FORBIDDEN"
    (error,) = asking.does("promiseKeep", id=row["id"], on=str(today() + dt.timedelta(days=1)))["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "on")
    kept = asking.does("promiseKeep", FIELDS, id=row["id"], note="Yapıldı", version=1)["promise"]
    assert (kept["status"], kept["endedOn"], kept["note"]) == ("KEPT", str(today()), "Yapıldı")
    assert asking.does("promiseKeep", id=row["id"])["errors"][0]["code"] == "WRONG_STATE"
    (error,) = Asking(cast.fen_clerk).does("promiseKeep", id=row["id"])["errors"]
    assert error["code"] == "NOT_FOUND"
    with system():
        assert list(met.lines.order_by("pk").values_list("verb", flat=True)) == [
            "received", "promised", "promise_kept",
        ]  # fmt: skip


def test_it_is_corrected_taken_back_and_opened_again(cast: Cast, met: AppointmentRequest) -> None:
    _promise(cast.secretary, met, department=_park(cast))
    asking = Asking(cast.secretary)
    (row,) = _promises(cast.secretary)["nodes"]
    later = str(today() + dt.timedelta(days=20))
    fixed = asking.does("promiseCorrect", FIELDS, id=row["id"], dueOn=later, department=None)["promise"]
    assert (fixed["dueOn"], fixed["department"]) == (later, None)
    assert _promises(cast.park_clerk)["totalCount"] == 0
    (error,) = asking.does("promiseCorrect", id=row["id"], dueOn=later)["errors"]
    assert error["code"] == "INVALID"
    (error,) = asking.does("promiseWithdraw", id=row["id"], note="")["errors"]
    assert (error["code"], error["field"]) == ("REQUIRED", "note")
    gone = asking.does("promiseWithdraw", FIELDS, id=row["id"], note="Yanlış kişi")["promise"]
    assert gone["status"] == "WITHDRAWN"
    again = asking.does("promiseReopen", FIELDS, id=row["id"])["promise"]
    assert (again["status"], again["endedOn"], again["note"]) == ("OPEN", None, "")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"text": " "}, "text"), ({"dueOn": "2020-01-01"}, "dueOn"), ({"text": "x" * 501}, "text")],
)
def test_what_cannot_be_right_is_refused_at_its_field(
    cast: Cast, met: AppointmentRequest, given: dict[str, str], field: str
) -> None:
    (error,) = _promise(cast.secretary, met, **given)["errors"]
    assert error["field"] == field


def test_nothing_is_promised_before_there_is_a_meeting(cast: Cast) -> None:
    (error,) = _promise(cast.secretary, make_request(cast.mayors))["errors"]
    assert error["code"] == "WRONG_STATE"


def test_the_list_is_by_date_status_and_lateness(cast: Cast, met: AppointmentRequest) -> None:
    for days in (9, 3, 6):
        _promise(cast.secretary, met, text=f"{days} gün", dueOn=str(today() + dt.timedelta(days=days)))
    assert [row["text"] for row in _promises(cast.secretary)["nodes"]] == ["3 gün", "6 gün", "9 gün"]
    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=5)):
        assert [row["text"] for row in _promises(cast.secretary, late=True)["nodes"]] == ["3 gün"]
    assert _promises(cast.secretary, status=["KEPT"])["totalCount"] == 0
    theirs = encode("Principal", cast.deputys.key)
    assert _promises(cast.secretary, principal=theirs)["totalCount"] == 0
    assert _promises(cast.secretary, principal=encode("Principal", cast.mayors.key))["totalCount"] == 3


def test_the_query_count_does_not_depend_on_the_rows(cast: Cast, met: AppointmentRequest) -> None:
    counts = []
    for many in (2, 6):
        for number in range(many):
            _promise(cast.secretary, met, text=f"{many} {number}", department=_park(cast))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            _promises(cast.secretary)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _mails() -> dict[str, str]:
    deliver_notifications()
    with system():
        found = Message.objects.filter(purpose="staff_promises_due")
        return {row.address: row.subject + row.body for row in found}


def test_keeper_and_department_are_reminded_once_when_near_and_once_when_late(
    cast: Cast, met: AppointmentRequest
) -> None:
    with system():
        for user in (cast.secretary, cast.park_head):
            user.email = f"{user.username}@example.org"
            user.save()
        due = today() + dt.timedelta(days=1)
        actions.promise(met, by=cast.secretary, text="Çok gizli söz", due_on=due, department=cast.park)
        actions.promise(met, by=cast.secretary, text="Uzak", due_on=due + dt.timedelta(days=60))
    assert (remind_promises(), remind_promises()) == (1, 0)
    mails = _mails()
    assert set(mails) == {cast.secretary.email, cast.park_head.email}
    assert met.reference in mails[cast.secretary.email]
    assert met.reference not in mails[cast.park_head.email]
    assert all("gizli" not in text for text in mails.values())
    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=3)):
        assert (remind_promises(), remind_promises()) == (1, 0)
        deliver_notifications()
    with system():
        assert Message.objects.filter(purpose="staff_promises_due", body__contains="(gecikti)").count() == 2
        Promise.objects.update(status="KEPT", ended_on=today())
    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=90)):
        assert remind_promises() == 0
