"""One is reminded of a case on a day: alone, in the queue and by a notification, and only while one sees the case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from backend.complaints import actions as complaints
from backend.complaints.models import Complaint
from backend.core.errors import ErrorCode
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.notifications.models import Notification
from backend.organization.models import User
from backend.reminders import actions, jobs
from backend.reminders.models import Reminder
from backend.retention import anonymising
from permissions.core import scope
from permissions.queue import reading
from schema.core.nodes import encode, global_id
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_complaint, refetch
from tests.schema.client import Asking

DAY = dt.timedelta(days=1)
CASE = "/admin/complaints/complaint/"
MINE = "{ reminders(status: WAITING) { nodes { remindOn note complaint { reference } viewerCan } } }"


def remind(person: User, case: Complaint, on: dt.date, note: str = "") -> dict[str, Any]:
    return Asking(person).does(
        "complaintRemindMe", "reminder { id remindOn }", id=global_id(case), on=f"{on}", note=note
    )


def mine(person: User) -> list[dict[str, Any]]:
    return Asking(person).data(MINE)["reminders"]["nodes"]


def waits(person: User) -> list[str]:
    with as_viewer(person):
        queue = reading.next_up(50, purpose="test", source="reminders")
        return [item.title for item in queue.items]


def told(person: User) -> list[str]:
    with as_viewer(person):
        rows = scope.visible(Notification.objects.unseen()).filter(text="reminders/due")
        return [row.complaint.reference for row in rows.select_related("complaint") if row.complaint]


def let_the_day_come(case: Complaint) -> None:
    with system():
        Reminder.objects.filter(complaint=case).update(on=today(), notified_at=None)


def test_one_is_reminded_on_the_day_once_and_nobody_else_is(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    assert remind(cast.fen_clerk, case, today() + 3 * DAY, "Malzeme geldi mi?")["errors"] == []
    assert waits(cast.fen_clerk) == []
    assert jobs.tell() == 0
    let_the_day_come(case)
    assert waits(cast.fen_clerk) == [f"Malzeme geldi mi? · {case.subject}"]
    assert (jobs.tell(), jobs.tell()) == (1, 0)
    assert told(cast.fen_clerk) == [case.reference]
    for person in (cast.fen_head, cast.secretary, cast.mayor, cast.administrator):
        assert (waits(person), told(person), mine(person)) == ([], [], [])
        with as_viewer(person), elevated():
            assert not Reminder.objects.exists(), "the second wall"
    with system():
        assert not refetch(case).lines.filter(actor=cast.fen_clerk).exists(), "the story does not mention it"


def test_a_second_one_moves_the_first_and_days_have_bounds(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    remind(cast.fen_clerk, case, today() + DAY, "İlk")
    remind(cast.fen_clerk, case, today() + 2 * DAY)
    assert [(row["remindOn"], row["note"]) for row in mine(cast.fen_clerk)] == [
        (f"{today() + 2 * DAY}", "İlk")
    ]
    for day in (today() - DAY, today() + 400 * DAY):
        (error,) = remind(cast.fen_clerk, case, day)["errors"]
        assert (error["code"], error["field"]) == (ErrorCode.INVALID, "on")
    (error,) = remind(cast.park_clerk, case, today() + DAY)["errors"]
    assert error["code"] == ErrorCode.NOT_FOUND
    (error,) = Asking(cast.fen_clerk).does("reminderDone", id=encode("Reminder", case.key))["errors"]
    assert error["code"] == ErrorCode.NOT_FOUND


def test_it_is_gone_with_the_case_and_back_with_it(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    remind(cast.fen_clerk, case, today() + DAY)
    let_the_day_come(case)
    with system():
        complaints.route(refetch(case), to=cast.park, by=cast.secretary)
    assert (waits(cast.fen_clerk), mine(cast.fen_clerk)) == ([], [])
    with as_viewer(cast.fen_clerk):
        assert not Reminder.objects.exists(), "the second wall"
    jobs.tell()
    assert told(cast.fen_clerk) == []
    with system():
        complaints.route(refetch(case), to=cast.fen, by=cast.secretary)
    assert len(mine(cast.fen_clerk)) == 1


def test_done_moved_and_cancelled_through_programs(cast: Cast) -> None:
    case, asking = make_complaint(to=cast.fen), Asking(cast.fen_clerk)
    made = remind(cast.fen_clerk, case, today() + DAY)["reminder"]["id"]
    assert mine(cast.fen_clerk)[0]["viewerCan"] == ["DONE", "MOVE", "CANCEL"]
    moved = asking.does("reminderMove", "reminder { remindOn status }", id=made, on=f"{today() + 5 * DAY}")
    assert moved["reminder"] == {"remindOn": f"{today() + 5 * DAY}", "status": "WAITING"}
    assert asking.does("reminderCancel", "reminder { status }", id=made)["reminder"]["status"] == "CANCELLED"
    assert asking.does("reminderDone", id=made)["errors"][0]["code"] == ErrorCode.WRONG_STATE
    assert mine(cast.fen_clerk) == []
    with system():
        assert actions.remove_old(timezone.now() + DAY) == 1


def test_on_the_page_of_the_case(cast: Cast) -> None:
    case, clerk = make_complaint(to=cast.fen), signed_in(cast.fen_clerk)
    url = f"{CASE}{case.key}/"
    assert "Bana hatırlat" in clerk.get(f"{url}change/").content.decode()
    wrong = clerk.post(f"{url}remind/", {"remind-on": "dün akşam", "remind-note": ""}, follow=True)
    assert "ok-alert" in wrong.content.decode() or "error" in wrong.content.decode()
    clerk.post(f"{url}remind/", {"remind-on": "", "remind-note": "Ara", "day": f"{today() + 7 * DAY}"})
    (row,) = mine(cast.fen_clerk)
    assert (row["remindOn"], row["note"]) == (f"{today() + 7 * DAY}", "Ara")
    let_the_day_come(case)
    home = clerk.get("/admin/").content.decode()
    assert f"Ara · {case.subject}" in home
    with as_viewer(cast.fen_clerk):
        reminder = scope.visible(Reminder).get()
    answer = clerk.post(
        f"/admin/reminders/reminder/{reminder.key}/done/", {"version": reminder.version, "from": "queue"}
    )
    assert answer["Location"].endswith("#queue")
    assert mine(cast.fen_clerk) == []
    listed = clerk.get("/admin/reminders/reminder/?tab=all").content.decode()
    assert case.reference in listed
    assert clerk.get(f"/admin/reminders/reminder/{reminder.key}/change/")["Location"].startswith(
        f"{url}change/"
    )
    assert (
        signed_in(cast.secretary).get(f"/admin/reminders/reminder/{reminder.key}/change/").status_code == 404
    )


def test_it_goes_when_the_case_is_forgotten(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    remind(cast.fen_clerk, case, today() + DAY, "Ayşe Hanım aranacak")
    with system():
        anonymising.forget("CASE", [case.pk])
        assert not Reminder.objects.exists()
