"""Aydınlatma (KVKK m.10): shown at every door, the version kept with the record, versions never change."""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from admin_ui.retention.privacy_notices import ShownNoticeField
from backend.appointments.models import AppointmentRequest
from backend.complaints import actions as complaints
from backend.complaints.models import Complaint
from backend.contacts import privacy
from backend.contacts.models import PrivacyNotice, Purpose
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.events import actions as events
from backend.events import links
from backend.events.models import Guest
from backend.journal.models import AuditLog
from backend.organization import reference
from backend.organization.models import User
from backend.organization.reference import load
from backend.submissions.actions import accept
from backend.submissions.models import Submission
from permissions.events import public_guests
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, make_event, refetch
from tests.tracking import open_site

LIST = "/admin/contacts/privacynotice/"
TEXT = (
    "Veri sorumlusu: Sancaktepe Belediye Başkanlığı. "
    + "Verileriniz başvurunuzun sonuçlandırılması için işlenir. " * 3
)


@pytest.fixture
def notices(cast: Cast) -> dict[str, PrivacyNotice]:
    """One text a purpose, in force since the day before yesterday."""
    with system():
        return {
            purpose: PrivacyNotice.objects.create(
                code=f"{purpose}-tr-1".lower(),
                purpose=purpose,
                version=1,
                text=f"{TEXT} ({purpose})",
                valid_from=today() - dt.timedelta(days=2),
                source="Başkanlık oluru",
            )
            for purpose in Purpose
        }


def said(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def version_of(page: str) -> str:
    """The version that a page says it showed."""
    found = re.search(r'name="privacy_notice" value="([0-9a-f-]{36})"', page)
    assert found, "no notice on the page"
    return found[1]


def test_the_form_of_a_call_shows_it_and_the_case_keeps_the_version(
    cast: Cast, notices: dict[str, PrivacyNotice]
) -> None:
    client = signed_in(cast.secretary)
    page = client.get("/admin/intake/").content.decode()
    assert f"({Purpose.CASE})" in page
    once = re.search(r'name="once" value="([0-9a-f-]+)"', page)
    assert once
    sent = {
        "once": once[1],
        "subject": "Çukur",
        "first_name": "İnci",
        "kind": "COMPLAINT",
        "channel": "PHONE",
        "priority": "NORMAL",
        "privacy_notice": version_of(page),
    }
    with system():  # a newer one begins while the clerk is typing: what was read out is kept
        PrivacyNotice.objects.create(
            code="yeni", purpose="CASE", version=2, text=TEXT, valid_from=today(), source="-"
        )
    assert client.post("/admin/intake/", sent).status_code == 302
    with system():
        case = Complaint.objects.get()
    assert case.privacy_notice_id == notices["CASE"].pk
    shown = client.get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    assert f"/aydinlatma/{notices['CASE'].key}/" in shown


def test_a_call_of_nobody_keeps_none_and_a_wrong_text_is_refused(
    cast: Cast, notices: dict[str, PrivacyNotice]
) -> None:
    assert make_complaint(applicant=None, privacy_notice=notices["CASE"]).privacy_notice_id is None
    with pytest.raises(DomainError) as refusal:
        make_complaint(privacy_notice=notices["EVENT"])
    assert (refusal.value.code, refusal.value.field) == ("INVALID", "privacy_notice")


def test_a_request_for_an_appointment_keeps_it(cast: Cast, notices: dict[str, PrivacyNotice]) -> None:
    client = signed_in(cast.secretary)
    page = client.get("/admin/appointments/call/").content.decode()
    once = re.search(r'name="once" value="([0-9a-f-]+)"', page)
    assert once
    sent = {
        "once": once[1],
        "principal": str(cast.mayors.key),
        "subject": "Okul",
        "first_name": "Şule",
        "kind": "REQUEST",
        "party_size": "1",
        "channel": "PHONE",
        "privacy_notice": version_of(page),
    }
    assert client.post("/admin/appointments/call/", sent).status_code == 302
    with system():
        assert AppointmentRequest.objects.get().privacy_notice_id == notices["APPOINTMENT"].pk


@pytest.mark.urls("tests.site_off")
def test_a_suggestion_keeps_what_stood_on_the_page(cast: Cast, notices: dict[str, PrivacyNotice]) -> None:
    page = Client().get("/etkinlikler/oneri/").content.decode()
    sent = {"text": "Konser", "first_name": "A", "last_name": "B", "email": "a@example.org"}
    assert (
        Client().post("/etkinlikler/oneri/", sent | {"privacy_notice": version_of(page)}).status_code == 200
    )
    with system():
        accept(Submission.objects.get(), by=cast.secretary)
        assert Complaint.objects.get().privacy_notice_id == notices["SUGGESTION"].pk


def test_a_guest_who_answers_by_the_link_was_shown_it(cast: Cast, notices: dict[str, PrivacyNotice]) -> None:
    event = make_event(cast.mayors, "Resepsiyon", starts_at=timezone.now() + dt.timedelta(days=10))
    with system():
        events.announce(event, by=None)
        event = type(event).objects.get(pk=event.pk)
        guest = events.add_guest(event, by=None, person=make_citizen())
        address = f"/davet/{links.token_for(guest)}/"
    page = Client().get(address).content.decode()
    Client().post(address, {"answer": "COMING", "privacy_notice": version_of(page)})
    with system():
        assert Guest.objects.get().privacy_notice_id == notices["EVENT"].pk


def test_a_version_that_holds_only_later_was_read_by_nobody(
    cast: Cast, notices: dict[str, PrivacyNotice]
) -> None:
    event = make_event(cast.mayors, "Resepsiyon", starts_at=timezone.now() + dt.timedelta(days=10))
    with system():
        later = PrivacyNotice.objects.create(
            code="sonra",
            purpose="EVENT",
            version=2,
            text=TEXT,
            valid_from=today() + dt.timedelta(days=1),
            source="-",
        )
        events.announce(event, by=None)
        guest = events.add_guest(type(event).objects.get(pk=event.pk), by=None, person=make_citizen())
        address = f"/davet/{links.token_for(guest)}/"
        told = public_guests.answer(links.token_for(guest), "COMING", {}, later)
        assert told is not None
        assert (told.is_taken, told.field, Guest.objects.get().answer) == (False, "privacy_notice", "WAITING")
    with pytest.raises(forms.ValidationError):
        ShownNoticeField("EVENT").clean(str(later.key))
    Client().post(address, {"answer": "COMING", "privacy_notice": str(later.key)})
    with system():
        found = Guest.objects.get()
    assert (found.answer, found.privacy_notice_id) == ("COMING", None)


def test_what_staff_read_out_is_turkish_whatever_their_pages_are_in(
    cast: Cast, notices: dict[str, PrivacyNotice]
) -> None:
    with system():
        for purpose in ("CASE", "APPOINTMENT"):
            PrivacyNotice.objects.create(
                code=f"en-{purpose}".lower(),
                purpose=purpose,
                language="EN",
                version=1,
                text=f"English {purpose}",
                valid_from=today(),
                source="-",
            )
        User.objects.filter(pk=cast.secretary.pk).update(language="en")
    client = signed_in(User.objects.get(pk=cast.secretary.pk))
    for page, purpose in (("/admin/intake/", "CASE"), ("/admin/appointments/call/", "APPOINTMENT")):
        body = client.get(page).content.decode()
        assert '<html lang="en"' in body
        assert version_of(body) == str(notices[purpose].key)


def test_what_was_shown_never_changes(cast: Cast, notices: dict[str, PrivacyNotice]) -> None:
    case = make_complaint(privacy_notice=notices["CASE"])
    statements = (
        "UPDATE contacts_privacynotice SET text = 'başka'",
        "DELETE FROM contacts_privacynotice",
        "UPDATE complaints_complaint SET privacy_notice_id = NULL",
    )
    for statement in statements:
        with system(), pytest.raises(DatabaseError):
            said(statement)
    with system():
        complaints.comment(refetch(case), by=cast.secretary, body="Başka her şey yazılabilir.")
    assert refetch(case).privacy_notice_id == notices["CASE"].pk


def test_the_office_writes_a_new_version_and_nobody_else(
    cast: Cast, notices: dict[str, PrivacyNotice]
) -> None:
    sent = {
        "purpose": "CASE",
        "language": "TR",
        "valid_from": f"{today():%d.%m.%Y}",
        "source": "Olur",
        "text": TEXT,
    }
    assert signed_in(cast.fen_clerk).post(f"{LIST}new/", sent).status_code == 403
    client = signed_in(cast.secretary)
    answer = client.post(f"{LIST}new/", sent)
    assert answer.status_code == 302
    with system():
        row = PrivacyNotice.objects.get(purpose="CASE", version=2)
        assert AuditLog.objects.filter(verb="privacy_notice_written", actor=cast.secretary).count() == 1
        assert privacy.in_force("CASE", "tr") == row
    assert TEXT.strip() in client.get(answer["Location"]).content.decode()
    early = sent | {"valid_from": f"{today() - dt.timedelta(days=1):%d.%m.%Y}"}
    refused = client.post(f"{LIST}new/", early).content.decode()
    assert "geçmişte başlayamaz" in refused
    short = client.post(f"{LIST}new/", sent | {"text": "Kısa"}).content.decode()
    assert "harf arasında" in short


def test_the_public_page_shows_what_is_in_force_and_keeps_every_version(
    cast: Cast, notices: dict[str, PrivacyNotice]
) -> None:
    with system():
        privacy.new_version(
            by=None, purpose="CASE", text="Yeni metin. " + TEXT, source="Olur", valid_from=today()
        )
    open_site()
    page = Client().get("/aydinlatma/").content.decode()
    assert "Yeni metin." in page
    assert "(CASE)" not in page
    assert "(EVENT)" in page
    old = Client().get(f"/aydinlatma/{notices['CASE'].key}/")
    assert (old.status_code, "(CASE)" in old.content.decode()) == (200, True)
    assert "bugün yürürlükte olan metin değildir" in old.content.decode()
    with system():
        later = privacy.new_version(
            by=None,
            purpose="EVENT",
            text="Sonraki metin. " + TEXT,
            source="Olur",
            valid_from=today() + dt.timedelta(days=9),
        )
    coming = Client().get(f"/aydinlatma/{later.key}/").content.decode()
    assert "yürürlüğe girecektir" in coming
    assert "bugün yürürlükte olan metin değildir" not in coming
    missing = Client().get("/aydinlatma/6a1f6c1e-7f3e-4d0e-9a51-111111111111/")
    assert missing.status_code == 404


def test_another_language_falls_back_to_turkish(cast: Cast, notices: dict[str, PrivacyNotice]) -> None:
    with system():
        PrivacyNotice.objects.create(
            code="en", purpose="EVENT", language="EN", version=1, text=TEXT, valid_from=today(), source="-"
        )
        for asked, language in (("EVENT", "EN"), ("CASE", "TR")):
            found = privacy.in_force(asked, "en")
            assert found is not None
            assert found.language == language


def test_the_shipped_texts_are_loaded_and_a_changed_one_is_refused(cast: Cast, tmp_path: Any) -> None:
    file = reference.DEFAULT_DIRECTORY / "privacy_notices.csv"
    (tmp_path / file.name).write_bytes(file.read_bytes())
    with system():
        assert not load(tmp_path).problems
        shipped = {row.purpose: row.text for row in PrivacyNotice.objects.filter(language="TR")}
        assert set(shipped) == set(Purpose.values)
        for text in shipped.values():  # KVKK m.10 names what it must say
            for said in ("Veri sorumlusu", "amac", "Aktarım", "hukuki sebebi", "11. madde"):
                assert said in text
        assert load(tmp_path).is_empty
        with file.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.reader(opened))
        rows[1][rows[0].index("text")] += " Sonradan eklenen."
        with (tmp_path / file.name).open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(rows)
        (problem,) = load(tmp_path).problems
        assert "değişmez" in str(problem)
