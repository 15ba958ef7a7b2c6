"""Promises of meetings that nobody asked for: made at the entry, kept like any other, shown in the next briefing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from backend.appointments.jobs import remind_promises
from backend.appointments.models import Promise
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.outbox.models import Message
from backend.programme import actions as programme
from backend.programme.models import Entry
from backend.programme.recurrence import Pattern
from permissions.core import scope
from schema.core.nodes import encode
from tests.cast import Cast, signed_in
from tests.days import DAY, date, day
from tests.factories import at, make_entry, make_request, refetch
from tests.harness.notifications import deliver_notifications
from tests.schema.client import Asking

DUE = str(today() + dt.timedelta(days=10))
PROMISES = """query ($filter: PromiseFilter) { promises(filter: $filter) { nodes {
  id text request { reference } entry { title } department { shortName } viewerCan } } }"""
SHEET = "query ($entry: ID!) { programmeBriefing(entry: $entry) { openPromises { text } } }"
PAST = at("2026-11-02")


@pytest.fixture
def meeting(cast: Cast) -> Entry:
    return make_entry(cast.mayors, "Muhtarlar toplantısı", PAST, by=cast.secretary)


def _promise(user: Any, entry: Entry, **given: Any) -> dict[str, Any]:
    fields = "entry { promises { text dueOn } lines(first: 1) { verb details } viewerCan }"
    said = {"id": encode("ProgrammeEntry", entry.key), "text": "Durak konulacak", "dueOn": DUE} | given
    return Asking(user).does("programmeEntryPromise", fields, **said)


def _park(cast: Cast) -> str:
    return str(encode("Department", cast.park.key))


def _sheet(cast: Cast, entry: Entry) -> list[str]:
    shown = Asking(cast.secretary).data(SHEET, entry=encode("ProgrammeEntry", entry.key))["programmeBriefing"]
    return [row["text"] for row in shown["openPromises"]]


def test_a_promise_of_a_meeting_is_recorded_and_kept_by_who_sees_nothing_of_the_meeting(
    cast: Cast, meeting: Entry
) -> None:
    answer = _promise(cast.secretary, meeting, department=_park(cast))
    assert answer["errors"] == []
    assert answer["entry"]["promises"] == [{"text": "Durak konulacak", "dueOn": DUE}]
    assert answer["entry"]["lines"][0]["verb"] == "PROMISED"
    (mine,) = Asking(cast.secretary).data(PROMISES)["promises"]["nodes"]
    assert (mine["entry"], mine["request"]) == ({"title": "Muhtarlar toplantısı"}, None)
    (theirs,) = Asking(cast.park_clerk).data(PROMISES)["promises"]["nodes"]
    assert (theirs["entry"], theirs["viewerCan"]) == (None, ["KEEP"])
    kept = Asking(cast.park_clerk).does("promiseKeep", "promise { status }", id=theirs["id"], note="Konuldu")
    assert kept == {"errors": [], "promise": {"status": "KEPT"}}
    with scope.session(cast.secretary):
        assert list(meeting.lines.order_by("pk").values_list("verb", flat=True)) == [
            "planned", "promised", "promise_kept",
        ]  # fmt: skip
    for user, principal in ((cast.secretary, cast.deputys), (cast.park_clerk, cast.mayors)):
        filter = {"principal": encode("Principal", principal.key)}
        assert Asking(user).data(PROMISES, filter=filter)["promises"]["nodes"] == []
    filter = {"principal": encode("Principal", cast.mayors.key)}
    assert len(Asking(cast.secretary).data(PROMISES, filter=filter)["promises"]["nodes"]) == 1


def test_only_who_keeps_the_programme_records_it_and_what_was_asked_for_stands_at_the_request(
    cast: Cast, meeting: Entry
) -> None:
    (error,) = _promise(cast.office_head, meeting)["errors"]
    assert error["code"] == "FORBIDDEN"
    (error,) = _promise(cast.park_clerk, meeting)["errors"]
    assert error["code"] == "NOT_FOUND"
    (error,) = _promise(cast.secretary, meeting, dueOn="2020-01-01")["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "dueOn")
    request = make_request(cast.mayors)
    given = {"startsAt": f"{DAY}T10:00:00", "means": "PHONE"}
    done = Asking(cast.secretary).does(
        "appointmentApprove",
        "request { entry { id } }",
        id=encode("AppointmentRequest", request.key),
        **given,
    )
    with system():
        entry = Entry.objects.get(request=request)
    assert done["errors"] == []
    (error,) = _promise(cast.secretary, entry)["errors"]
    assert error["code"] == "WRONG_STATE"


def test_of_a_confidential_meeting_nobody_else_learns_what_was_promised(cast: Cast, meeting: Entry) -> None:
    _promise(cast.secretary, meeting, department=_park(cast))
    with scope.session(cast.secretary), elevated():
        programme.mark_confidential(refetch(meeting), by=cast.secretary, readers=[cast.mayor])
    for user in (cast.office_head, cast.park_clerk, cast.administrator, cast.deputy_mayor):
        assert Asking(user).data(PROMISES)["promises"]["nodes"] == []
        with scope.session(user), elevated():
            assert not Promise.objects.exists()
    with system():
        assert not Promise.objects.exists()
    assert remind_promises() == 0
    for user in (cast.secretary, cast.mayor):
        assert len(Asking(user).data(PROMISES)["promises"]["nodes"]) == 1
    (error,) = _promise(cast.secretary, meeting, department=_park(cast))["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "department")
    assert _promise(cast.secretary, meeting, text="Kendimiz yaparız")["errors"] == []


def test_keeper_and_department_are_reminded_the_department_without_the_meeting(
    cast: Cast, meeting: Entry
) -> None:
    with system():
        for user in (cast.secretary, cast.park_head):
            user.email = f"{user.username}@example.org"
            user.save()
    _promise(cast.secretary, meeting, dueOn=str(today() + dt.timedelta(days=1)), department=_park(cast))
    assert (remind_promises(), remind_promises()) == (1, 0)
    deliver_notifications()
    with system():
        mails = {row.address: row.body for row in Message.objects.filter(purpose="staff_promises_due")}
    assert "02.11.2026" in mails[cast.secretary.email]
    assert "02.11.2026" not in mails[cast.park_head.email]
    assert not any("Muhtarlar" in body or "Durak" in body for body in mails.values())


def test_the_next_meeting_of_a_series_or_of_an_institution_is_briefed_of_it(cast: Cast) -> None:
    weekly = make_entry(
        cast.mayors,
        "Encümen",
        at(day(-7)),
        by=cast.secretary,
        series=Pattern("WEEKLY", date(8)),
    )
    with scope.session(cast.secretary):
        second = Entry.objects.filter(series=weekly.series).order_by("starts_at")[1]
    _promise(cast.secretary, weekly, text="Encümen sözü", dueOn=day(48))
    visits = [make_entry(cast.mayors, f"Ziyaret {n}", at(day(19 + n)), by=cast.secretary) for n in (1, 2, 3)]
    with scope.session(cast.secretary), elevated():
        for entry, house in zip(visits, ("Rumeli Derneği", "Rumeli Derneği", "Başka Dernek"), strict=True):
            programme.invite(refetch(entry), by=cast.secretary, name="Ali Ak", organisation=house)
    _promise(cast.secretary, visits[0], text="Dernek sözü", dueOn=day(49))
    assert _sheet(cast, second) == ["Encümen sözü"]
    assert _sheet(cast, visits[0]) == ["Dernek sözü"], "its own"
    assert _sheet(cast, visits[1]) == ["Dernek sözü"]
    assert _sheet(cast, visits[2]) == []
    asked = make_request(cast.mayors, organisation="Rumeli Derneği")
    given = {
        "id": encode("AppointmentRequest", asked.key),
        "startsAt": f"{day(24)}T10:00:00",
        "means": "PHONE",
    }
    Asking(cast.secretary).does("appointmentApprove", **given)
    with system():
        entry = Entry.objects.get(request=asked)
    assert _sheet(cast, entry) == ["Dernek sözü"]


def _say(client: Client, entry: Entry, verb: str, **data: str) -> Any:
    return client.post(reverse("admin:programme_entry_act", args=[entry.key, verb]), data, follow=True)


def test_it_is_recorded_on_the_page_of_the_meeting_and_leads_back_to_it(cast: Cast, meeting: Entry) -> None:
    client, page = signed_in(cast.secretary), reverse("admin:programme_entry_change", args=[meeting.key])
    assert "?do=promise" in client.get(page).content.decode()
    given = {"text": "Durak konulacak", "due_on": DUE, "department": cast.park.code}
    body = _say(client, meeting, "promise", **given).content.decode()
    assert "Söz kaydedildi" in body
    assert body.count("Durak konulacak") >= 2, "in the card and in the story"
    with scope.session(cast.secretary):
        row = Promise.objects.get()
    promise = reverse("admin:appointments_promise_change", args=[row.key])
    assert page in client.get(promise).content.decode()
    listed = client.get(reverse("admin:appointments_promise_changelist")).content.decode()
    assert "Muhtarlar toplantısı" in listed
    clerk = signed_in(cast.park_clerk).get(promise).content.decode()
    assert "Durak konulacak" in clerk
    assert "Muhtarlar" not in clerk
    coming = make_entry(cast.mayors, "Gelecek", at(DAY), by=cast.secretary)
    with freeze_time("2026-11-20T09:00:00Z"):
        later = signed_in(cast.secretary).get(reverse("admin:programme_entry_change", args=[coming.key]))
    assert "?do=promise" not in later.content.decode(), "nothing is promised before the meeting"
