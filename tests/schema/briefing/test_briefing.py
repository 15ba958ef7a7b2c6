"""The briefing sheet and departments' notes through GraphQL: what is asked for, written, chased, and shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.letters.actions.writing import Recipient
from backend.outbox.models import Message
from backend.programme import actions
from backend.programme.models import DepartmentNote, Entry
from permissions.core import grants
from permissions.core.viewer import KEEP
from schema.core.nodes import encode
from tests.cast import Cast
from tests.days import DAY, day, dotted
from tests.factories import at, make_citizen, make_complaint, make_entry, make_letter, make_request, refetch
from tests.harness.notifications import deliver_notifications
from tests.schema.client import Asking

NOTES = """
query ($filter: DepartmentNoteFilter) { departmentNotes(filter: $filter) { totalCount nodes {
  id question status isLate text remark viewerCan department { shortName } principal { name } entry { title } } } }
"""
SHEET = """
query ($entry: ID!) { programmeBriefing(entry: $entry) {
  entry { title preparation { talkingPoints logistics } participants { name }
          departmentNotes { status text isLate department { shortName } } }
  applicant { fullName }
  earlier { reference subject outcome outcomeNote entry { title } }
  openComplaints { reference subject }
  openPromises { text dueOn }
  letters { subject status }
} }
"""


@pytest.fixture
def entry(cast: Cast) -> Entry:
    return make_entry(cast.mayors, "Muhtarlar", at(DAY, "10:00"), by=cast.secretary)


def _ask(cast: Cast, entry: Entry, user: Any = None, **given: Any) -> dict[str, Any]:
    fields = {
        "id": encode("ProgrammeEntry", entry.key),
        "department": encode("Department", cast.park.key),
        "question": "Park yapımı ne durumda?",
        "dueAt": f"{day(-1)}T17:00:00",
    }
    selected = "entry { departmentNotes { id status } lines(first: 1) { verb note } }"
    return Asking(user or cast.secretary).does("programmeEntryAskNote", selected, **(fields | given))


def _notes(user: Any, **filter: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Asking(user).data(NOTES, filter=filter or None)["departmentNotes"]["nodes"]
    return found


def _emails(*users: Any) -> None:
    with system():
        for user in users:
            user.email = f"{user.username}@example.org"
            user.save()


def _mails(purpose: str) -> dict[str, str]:
    deliver_notifications()
    with system():
        return {row.address: row.subject + row.body for row in Message.objects.filter(purpose=purpose)}


def test_a_department_is_asked_and_sees_the_question_and_nothing_of_the_entry(
    cast: Cast, entry: Entry
) -> None:
    _emails(cast.park_head)
    answer = _ask(cast, entry)
    assert answer["errors"] == []
    assert answer["entry"]["lines"] == [{"verb": "NOTE_ASKED", "note": ""}]
    (note,) = _notes(cast.park_clerk)
    assert note["question"] == "Park yapımı ne durumda?"
    assert note["entry"] is None
    assert note["principal"] == {"name": "Belediye Başkanı"}
    assert (note["status"], note["isLate"], note["viewerCan"]) == ("ASKED", False, ["WRITE"])
    assert _notes(cast.fen_clerk) == []
    (mail,) = _mails("staff_note_asked").values()
    assert f"{dotted(-1)} 17.00" in mail
    assert "Muhtarlar" not in mail
    assert "Park yapımı" not in mail


def test_a_note_is_written_returned_and_written_again(cast: Cast, entry: Entry) -> None:
    _ask(cast, entry)
    (note,) = _notes(cast.park_clerk)
    park, keeper = Asking(cast.park_clerk), Asking(cast.secretary)
    (error,) = park.does("departmentNoteWrite", id=note["id"], text=" ")["errors"]
    assert (error["code"], error["field"]) == ("REQUIRED", "text")
    done = park.does(
        "departmentNoteWrite", "note { status writtenBy { fullName } }", id=note["id"], text="Bitti"
    )
    assert done["note"]["status"] == "WRITTEN"
    (error,) = park.does("departmentNoteReturn", id=note["id"], remark="x", dueAt=f"{day(-1)}T18:00:00")[
        "errors"
    ]
    assert error["code"] == "FORBIDDEN"
    back = keeper.does(
        "departmentNoteReturn",
        "note { status remark }",
        id=note["id"],
        remark="Ne zaman?",
        dueAt=f"{day(-1)}T18:00:00",
    )
    assert back["note"] == {"status": "RETURNED", "remark": "Ne zaman?"}
    assert _notes(cast.park_clerk, awaited=True)[0]["remark"] == "Ne zaman?"
    again = park.does("departmentNoteWrite", "note { text former }", id=note["id"], text="Mart 2027")
    assert again["note"] == {"text": "Mart 2027", "former": "Bitti"}
    assert _notes(cast.park_clerk, awaited=True) == []
    (error,) = Asking(cast.fen_clerk).does("departmentNoteWrite", id=note["id"], text="Ben")["errors"]
    assert error["code"] == "NOT_FOUND"


def test_a_note_is_asked_for_no_longer_and_asked_for_again(cast: Cast, entry: Entry) -> None:
    _ask(cast, entry)
    (note,) = _notes(cast.secretary)
    keeper = Asking(cast.secretary)
    assert keeper.does("departmentNoteWithdraw", "note { status }", id=note["id"])["note"] == {
        "status": "WITHDRAWN"
    }
    (error,) = Asking(cast.park_clerk).does("departmentNoteWrite", id=note["id"], text="Geç")["errors"]
    assert error["code"] == "WRONG_STATE"
    (error,) = _ask(cast, entry)["errors"]
    assert (error["code"], error["field"]) == ("DUPLICATE", "department")
    given = {"id": note["id"], "dueAt": f"{DAY}T09:00:00", "question": "Bütçesi nedir?"}
    again = keeper.does("departmentNoteAskAgain", "note { status question }", **given)["note"]
    assert again == {"status": "ASKED", "question": "Bütçesi nedir?"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"dueAt": f"{DAY}T10:01:00"}, "dueAt"),
        ({"dueAt": "2020-01-01T10:00:00"}, "dueAt"),
        ({"question": " "}, "question"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    cast: Cast, entry: Entry, given: dict[str, str], field: str
) -> None:
    (error,) = _ask(cast, entry, **given)["errors"]
    assert error["field"] == field


def test_no_department_is_asked_about_a_confidential_entry(cast: Cast) -> None:
    secret = make_entry(cast.mayors, "Gizli", at(DAY, "14:00"), by=cast.secretary, readers=(cast.secretary,))
    (error,) = _ask(cast, secret)["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "department")
    assert "Gizli kayıt" in error["message"]
    (error,) = _ask(cast, secret, cast.office_head)["errors"]
    assert error["code"] == "NOT_FOUND"


def test_an_entry_that_becomes_confidential_takes_its_question_back(cast: Cast, entry: Entry) -> None:
    _ask(cast, entry)
    (note,) = _notes(cast.park_clerk)
    id = encode("ProgrammeEntry", entry.key)
    assert Asking(cast.secretary).does("programmeEntryMarkConfidential", id=id)["errors"] == []
    assert _notes(cast.park_clerk) == []
    assert _notes(cast.office_head) == []
    (mine,) = _notes(cast.secretary)
    assert (mine["id"], mine["status"]) == (note["id"], "WITHDRAWN")
    (error,) = Asking(cast.secretary).does("departmentNoteAskAgain", id=note["id"], dueAt=f"{DAY}T09:00:00")[
        "errors"
    ]
    assert error["code"] == "WRONG_STATE"


def test_an_entry_that_is_handed_over_takes_its_notes_along(cast: Cast, entry: Entry) -> None:
    _ask(cast, entry)
    with system():
        grants.give_programme(cast.secretary, KEEP, cast.deputys, by=None)
    given = {"id": encode("ProgrammeEntry", entry.key), "to": encode("Principal", cast.deputys.key)}
    assert Asking(cast.secretary).does("programmeEntryHandOver", **given)["errors"] == []
    (note,) = _notes(cast.fen_clerk)
    assert note["principal"] == {"name": cast.deputys.name}
    assert "WITHDRAW" in note["viewerCan"]
    assert _notes(cast.park_clerk)[0]["principal"] == {"name": cast.deputys.name}


def test_what_is_cancelled_awaits_no_note(cast: Cast, entry: Entry) -> None:
    _ask(cast, entry)
    id = encode("ProgrammeEntry", entry.key)
    assert Asking(cast.secretary).does("programmeEntryCancel", id=id, reason="İptal")["errors"] == []
    assert _notes(cast.park_clerk, awaited=True) == []


def test_a_hold_that_ends_by_itself_awaits_no_note_either(cast: Cast) -> None:
    until = timezone.now() + dt.timedelta(hours=2)
    held = make_entry(cast.mayors, "Tutulan", at(DAY, "15:00"), by=cast.secretary, hold_until=until)
    _ask(cast, held)
    with system():
        Entry.objects.filter(pk=held.pk).update(hold_expires_at="2020-01-01T00:00:00Z")
        actions.release_expired_holds()
    assert _notes(cast.park_clerk, awaited=True) == []


def test_who_has_not_written_in_time_is_told_once_and_the_keeper_too(cast: Cast, entry: Entry) -> None:
    _emails(cast.park_head, cast.secretary)
    _ask(cast, entry)
    assert _mails("staff_notes_late") == {}  # what was asked for has left: it is in no mail with the reminder
    with system():
        assert actions.chase_notes() == 0
        DepartmentNote.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
        assert (actions.chase_notes(), actions.chase_notes()) == (1, 0)
    mails = _mails("staff_notes_late")
    assert set(mails) == {cast.park_head.email, cast.secretary.email}
    assert all("Muhtarlar" not in text and "Park yapımı" not in text for text in mails.values())
    (note,) = _notes(cast.secretary)
    assert note["isLate"] is True


def test_talking_points_and_logistics_are_for_whoever_is_briefed(cast: Cast) -> None:
    entry = make_entry(
        cast.mayors, "Açılış", at(DAY, "10:00"), by=cast.secretary, participants=[cast.park_clerk]
    )
    id = encode("ProgrammeEntry", entry.key)
    keeper = Asking(cast.secretary)
    selected = "entry { preparation { talkingPoints logistics } }"
    keeper.does("programmeEntryPrepare", id=id, talkingPoints="Kreş sayısı", logistics="Kürsü")
    answer = keeper.does("programmeEntryPrepare", selected, id=id, logistics="Kürsü, ses")
    assert answer["entry"]["preparation"] == {"talkingPoints": "Kreş sayısı", "logistics": "Kürsü, ses"}
    (error,) = Asking(cast.office_head).does("programmeEntryPrepare", id=id, logistics="x")["errors"]
    assert error["code"] == "FORBIDDEN"
    node = "query ($id: ID!) { node(id: $id) { ... on ProgrammeEntry { title preparation { logistics } } } }"
    assert Asking(cast.mayor).data(node, id=id)["node"]["preparation"] == {"logistics": "Kürsü, ses"}
    assert Asking(cast.park_clerk).data(node, id=id)["node"] == {"title": "Açılış", "preparation": None}
    assert Asking(cast.park_clerk).data(SHEET, entry=id) == {"programmeBriefing": None}


def _met_before(cast: Cast, citizen: Citizen, organisation: str = "") -> AppointmentRequest:
    request = make_request(cast.mayors, "Eski ziyaret", applicant=citizen, organisation=organisation)
    with system():
        AppointmentRequest.objects.filter(pk=request.pk).update(
            status="SETTLED", outcome="PROMISED", outcome_note="Bakılacak"
        )
        row = refetch(request)
        appointments.promise(row, by=None, text="Bank konulacak", due_on=today() + dt.timedelta(days=5))
    return row


def _sheet(user: Any, request: AppointmentRequest) -> dict[str, Any] | None:
    with system():
        entry = Entry.objects.get(request=request)
    found: dict[str, Any] | None = Asking(user).data(SHEET, entry=encode("ProgrammeEntry", entry.key))[
        "programmeBriefing"
    ]
    return found


@pytest.fixture
def coming(cast: Cast) -> AppointmentRequest:
    """Somebody who came before, under a record that was merged, has an open case and another with a hidden identity."""
    citizen, former = make_citizen("Şule", "Çınar"), make_citizen("Şule", "Cinar")
    _met_before(cast, former)
    make_complaint("Kaldırım bozuk", to=cast.park, applicant=citizen)
    make_complaint("Kapanmış", to=cast.park, applicant=make_citizen("Başka", "Biri"))
    to = [Recipient(citizen=former)]
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Teşekkür", addressees=to)
    request = make_request(cast.mayors, applicant=citizen)
    with system():
        Citizen.objects.filter(pk=former.pk).update(merged_into=citizen)
        appointments.approve(request, by=cast.secretary, means="PHONE", starts_at=at(DAY, "10:00"))
    return refetch(request)


def test_a_sheet_gathers_what_is_known_and_its_reading_is_noted(
    cast: Cast, coming: AppointmentRequest
) -> None:
    sheet = _sheet(cast.secretary, coming)
    assert sheet is not None
    assert sheet["applicant"] == {"fullName": "Şule ÇINAR"}
    assert [row["subject"] for row in sheet["earlier"]] == ["Eski ziyaret"]
    assert sheet["earlier"][0]["outcome"] == "PROMISED"
    assert [row["subject"] for row in sheet["openComplaints"]] == ["Kaldırım bozuk"]
    assert [row["text"] for row in sheet["openPromises"]] == ["Bank konulacak"]
    assert sheet["letters"] == [{"subject": "Teşekkür", "status": "DRAFT"}]
    with system():
        assert AccessLog.objects.filter(reader=cast.secretary, purpose="briefing sheet").exists()


def test_who_may_not_know_the_citizen_reads_a_sheet_without_them(
    cast: Cast, coming: AppointmentRequest
) -> None:
    with system():
        from permissions.models import DepartmentGrant

        DepartmentGrant.objects.filter(
            user=cast.office_head, permission__codename="contacts_department"
        ).delete()
    sheet = _sheet(cast.office_head, coming)
    assert sheet is not None
    assert (sheet["applicant"], sheet["earlier"], sheet["openComplaints"], sheet["openPromises"]) == (
        None,
        [],
        [],
        [],
    )
    assert sheet["letters"] == []
    for user in (cast.park_clerk, cast.fen_head, cast.outsider, cast.administrator):
        assert _sheet(user, coming) is None


def test_letters_to_a_citizen_are_found_by_whoever_sees_both(cast: Cast) -> None:
    citizen, former = make_citizen("Şule", "Çınar"), make_citizen("Şule", "Cinar")
    with system():
        Citizen.objects.filter(pk=former.pk).update(merged_into=citizen)
    to = [Recipient(citizen=former)]
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Teşekkür", addressees=to)
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Başkası")
    query = "query ($of: ID!) { letters(filter: {addressee: $of}) { totalCount nodes { subject } } }"
    id = encode("Citizen", citizen.key)
    found = Asking(cast.secretary).data(query, of=id)["letters"]
    assert found == {"totalCount": 1, "nodes": [{"subject": "Teşekkür"}]}
    for user in (cast.park_clerk, cast.fen_head, cast.outsider, cast.administrator):
        assert Asking(user).data(query, of=id)["letters"]["totalCount"] == 0


def test_an_institution_is_remembered_by_its_name(cast: Cast) -> None:
    _met_before(cast, make_citizen(), "Esnaf Odası")
    request = make_request(cast.mayors, organisation="Esnaf Odası")
    with system():
        appointments.approve(request, by=None, means="PHONE", starts_at=at(DAY, "10:00"))
    sheet = _sheet(cast.secretary, request)
    assert sheet is not None
    assert [row["subject"] for row in sheet["earlier"]] == ["Eski ziyaret"]
    assert [row["text"] for row in sheet["openPromises"]] == ["Bank konulacak"]


def test_a_confidential_entry_has_a_sheet_for_its_readers_only(cast: Cast) -> None:
    secret = make_entry(cast.mayors, "Gizli", at(DAY, "14:00"), by=cast.mayor, readers=(cast.fen_head,))
    id = encode("ProgrammeEntry", secret.key)
    for user in (cast.mayor, cast.fen_head):
        assert Asking(user).data(SHEET, entry=id)["programmeBriefing"]["entry"]["title"] == "Gizli"
    for user in (cast.secretary, cast.office_head, cast.park_clerk, cast.administrator):
        assert Asking(user).data(SHEET, entry=id) == {"programmeBriefing": None}


def test_the_query_count_of_a_sheet_does_not_depend_on_what_is_known(
    cast: Cast, coming: AppointmentRequest
) -> None:
    _sheet(cast.secretary, coming)
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            _sheet(cast.secretary, coming)
        counts.append(len(queries))
        with system():
            citizen = Citizen.objects.get(pk=coming.applicant_id)
        for _each in range(4):
            _met_before(cast, citizen)
            make_complaint("Bir başkası", to=cast.park, applicant=citizen)
    assert counts[0] == counts[1]
