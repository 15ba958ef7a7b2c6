"""The briefing sheet on the screen, on the printed day and as PDF; departments' notes, asked for and written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.session import system
from backend.documents import typesetting
from backend.journal.models import AccessLog
from backend.programme import actions
from backend.programme.models import DepartmentNote, Entry
from tests.cast import Cast, signed_in
from tests.days import DAY
from tests.factories import at, make_citizen, make_complaint, make_entry, make_request, refetch

NOTES = reverse("admin:programme_departmentnote_changelist")


@pytest.fixture
def entry(cast: Cast) -> Entry:
    """An appointment of somebody who came before, with an open case and a promise."""
    citizen = make_citizen("Şule", "Çınar")
    before = make_request(cast.mayors, "Eski ziyaret", applicant=citizen)
    with system():
        AppointmentRequest.objects.filter(pk=before.pk).update(status="SETTLED", outcome="INFORMED")
        due = today() + dt.timedelta(days=5)
        appointments.promise(refetch(before), by=None, text="Bank konulacak", due_on=due)
    make_complaint("Kaldırım bozuk", to=cast.park, applicant=citizen)
    request = make_request(cast.mayors, "Okul bahçesi", applicant=citizen)
    with system():
        appointments.approve(request, by=None, means="PHONE", starts_at=at(DAY, "10:00"))
        row = Entry.objects.get(request=request)
        actions.prepare(row, by=cast.secretary, talking_points="Yaz okulu", logistics="Çay ikramı")
        return Entry.objects.get(pk=row.pk)


def ask(entry: Entry, cast: Cast, question: str = "Park ne durumda?") -> DepartmentNote:
    with system():
        due = at(DAY, "09:00")
        return actions.ask_note(
            refetch(entry), by=cast.secretary, department=cast.park, question=question, due_at=due
        )


def sheet_of(entry: Entry, pdf: bool = False) -> str:
    return reverse(f"admin:programme_briefing{'_pdf' if pdf else ''}", args=[entry.key])


def page_of(note: DepartmentNote) -> str:
    return reverse("admin:programme_departmentnote_change", args=[note.key])


def do(client: Client, note: DepartmentNote, verb: str, **data: Any) -> Any:
    url = reverse("admin:programme_departmentnote_act", args=[note.key, verb])
    return client.post(url, {"version": str(refetch(note).version)} | data)


SHOWN = ("Şule ÇINAR", "Eski ziyaret", "Kaldırım bozuk", "Bank konulacak", "Yaz okulu", "Çay ikramı")


def test_the_sheet_shows_what_is_known_and_its_reading_is_noted(cast: Cast, entry: Entry) -> None:
    ask(entry, cast)
    client = signed_in(cast.secretary)
    body = client.get(sheet_of(entry)).content.decode()
    assert [text for text in (*SHOWN, "Park ne durumda?") if text not in body] == []
    with system():
        assert AccessLog.objects.filter(reader=cast.secretary, purpose="briefing sheet").count() == 1
    page = client.get(reverse("admin:programme_entry_change", args=[entry.key])).content.decode()
    assert sheet_of(entry) in page
    assert "İstendi" in page


def test_a_notification_of_a_note_names_its_question(cast: Cast, entry: Entry) -> None:
    ask(entry, cast, "Bankların sayısı?")
    page = signed_in(cast.park_head).get(reverse("admin:notifications")).content.decode()
    assert "Bankların sayısı?" in page


def test_who_does_not_read_the_programme_finds_no_sheet(cast: Cast, entry: Entry) -> None:
    ask(entry, cast)
    with system():
        actions.invite(refetch(entry), by=None, user=cast.park_clerk)
    for user in (cast.park_clerk, cast.fen_clerk, cast.outsider, cast.administrator):
        for pdf in (False, True):
            assert signed_in(user).get(sheet_of(entry, pdf)).status_code == 404
    page = signed_in(cast.park_clerk).get(reverse("admin:programme_entry_change", args=[entry.key]))
    assert page.status_code == 200
    assert "Yaz okulu" not in page.content.decode()
    assert sheet_of(entry) not in page.content.decode()


def test_the_sheet_as_pdf_is_accessible_archivable_and_kept_by_nobody(cast: Cast, entry: Entry) -> None:
    answer = signed_in(cast.mayor).get(sheet_of(entry, pdf=True))
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-1.7")
    for mark in (b"pdfaid:part>2<", b"pdfaid:conformance>A<", b"pdfuaid:part>1<"):
        assert mark in answer.content
    with system():
        assert AccessLog.objects.filter(reader=cast.mayor, purpose="briefing sheet").exists()


def test_what_a_person_typed_is_never_markup_on_paper() -> None:
    wild = '#panic("x") *b* $x$ \\ [ ] @a <b> "'
    section = {"title": wild, "body": wild, "facts": [[wild, wild]], "items": [], "empty": wild}
    item = {"main": wild, "side": wild, "text": wild, "url": ""}
    values = dict.fromkeys(("municipality", "principal", "title", "when", "place", "footer"), wild)
    made = typesetting.pdf(
        "programme/print/briefing.typ", {**values, "sections": [section | {"items": [item]}]}
    )
    assert made.startswith(b"%PDF")


def test_the_printed_day_with_briefing_holds_the_sheets(cast: Cast, entry: Entry) -> None:
    client = signed_in(cast.secretary)
    given = {"of": str(cast.mayors.key), "on": DAY}
    url = reverse("admin:programme_print")
    body = client.get(url, given | {"layout": "notes"}).content.decode()
    assert [text for text in SHOWN if text not in body] == []
    assert "Ülkü ÖZTÜRK<br>Belediye Başkanı" in body, "whose day it is, by name (feature A17)"
    assert "Bank konulacak" not in client.get(url, given | {"layout": "page"}).content.decode()
    counts = []
    for hours in ((13, 14, 15), ()):
        with CaptureQueriesContext(connection) as queries:
            client.get(url, given | {"layout": "notes"})
        counts.append(len(queries))
        for hour in hours:
            request = make_request(cast.mayors, applicant=Citizen(pk=_citizen(entry)))
            with system():
                appointments.approve(request, by=None, means="PHONE", starts_at=at(DAY, f"{hour}:00"))
    assert counts[0] == counts[1]


def _citizen(entry: Entry) -> int | None:
    with system():
        return AppointmentRequest.objects.get(entry=entry).applicant_id


def test_a_confidential_entry_is_on_no_sheet_of_others_and_asks_no_department(cast: Cast) -> None:
    secret = make_entry(cast.mayors, "Gizli", at(DAY, "14:00"), by=cast.secretary, readers=(cast.secretary,))
    client = signed_in(cast.secretary)
    assert client.get(sheet_of(secret)).status_code == 200
    assert (
        "Müdürlükten bilgi notu iste"
        not in client.get(reverse("admin:programme_entry_change", args=[secret.key])).content.decode()
    )
    url = reverse("admin:programme_entry_act", args=[secret.key, "ask_note"])
    given = {"department": cast.park.code, "question": "?", "due_at": f"{DAY}T09:00"}
    assert "istenemez" in client.post(url, given).content.decode()
    for user in (cast.office_head, cast.park_clerk, cast.administrator):
        assert signed_in(user).get(sheet_of(secret)).status_code == 404


def test_a_department_finds_the_question_on_its_desk_and_answers_it(cast: Cast, entry: Entry) -> None:
    client = signed_in(cast.secretary)
    url = reverse("admin:programme_entry_act", args=[entry.key, "ask_note"])
    given = {"department": cast.park.code, "question": "Park ne durumda?", "due_at": f"{DAY}T09:00"}
    assert client.post(url, given).status_code == 302
    with system():
        note = DepartmentNote.objects.get()
    park = signed_in(cast.park_clerk)
    for page in ("/admin/", NOTES, page_of(note)):
        body = park.get(page).content.decode()
        assert "Park ne durumda?" in body
        assert "Okul bahçesi" not in body
        assert "Şule" not in body
    assert do(park, note, "write", text="Çalışma sürüyor.").status_code == 302
    assert "Park ne durumda?" not in park.get("/admin/").content.decode()
    assert "Çalışma sürüyor." in client.get(sheet_of(entry)).content.decode()
    assert do(park, note, "return", remark="x", due_at=f"{DAY}T09:30").status_code == 403
    assert do(client, note, "return", remark="Ne zaman biter?", due_at=f"{DAY}T09:30").status_code == 302
    assert "Ne zaman biter?" in park.get(page_of(note)).content.decode()
    assert do(park, note, "write", text="Martta biter.").status_code == 302
    stranger = signed_in(cast.fen_clerk)
    assert stranger.get(page_of(note)).status_code == 404
    assert "Park ne durumda?" not in stranger.get(NOTES, {"tab": "all"}).content.decode()


def test_the_keeper_sees_what_is_late_asks_again_and_gives_it_up(cast: Cast, entry: Entry) -> None:
    note, client = ask(entry, cast), signed_in(cast.secretary)
    with system():
        DepartmentNote.objects.update(due_at=timezone.now() - dt.timedelta(hours=1))
    assert "gecikti" in client.get(sheet_of(entry)).content.decode()
    assert "Park ne durumda?" in client.get(NOTES, {"tab": "late"}).content.decode()
    late = do(client, note, "ask_again", question="Kısaca?", due_at=f"{DAY}T11:00").content.decode()
    assert "başlamadan gelmelidir" in late
    assert do(client, note, "ask_again", question="Kısaca?", due_at=f"{DAY}T09:30").status_code == 302
    assert refetch(note).question == "Kısaca?"
    assert do(client, note, "withdraw").status_code == 302
    assert "Kısaca?" not in signed_in(cast.park_clerk).get("/admin/").content.decode()
