"""SMS and WhatsApp at the incoming desk, and the numbers in the admin."""

from __future__ import annotations

import pytest

from admin_ui.core.display import phone
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.mailboxes import actions
from backend.mailboxes.models import MessageLine
from tests.admin_ui.mailboxes.test_desk_pages import LIST, page_of, post
from tests.backend.mailboxes.rows import make_line, make_mail, make_mailbox, make_text
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, make_submission, refetch

LINES = "/admin/mailboxes/messageline/"
PHONE = "+905321112233"


def test_the_desk_lists_all_channels_and_filters_by_them(cast: Cast) -> None:
    make_mail(make_mailbox(cast.office), "Kaldırım çökmüş")
    line = make_line(cast.office, name="Kısa numara")
    make_text(line, "Rögar kapağı kırık")
    client = signed_in(cast.secretary)
    html = client.get(LIST).content.decode()
    for expected in ("Kaldırım çökmüş", "Rögar kapağı kırık", "Kısa numara", "SMS", "E-posta"):
        assert expected in html, expected
    by_sms = client.get(f"{LIST}?channel=SMS").content.decode()
    assert "Rögar" in by_sms
    assert "Kaldırım" not in by_sms
    of_line = client.get(f"{LIST}?mailbox={line.key}").content.decode()
    assert "Rögar" in of_line
    assert "Kaldırım" not in of_line
    assert "Rögar" in client.get(f"{LIST}?q=RÖGAR").content.decode()


def test_what_the_site_sent_in_and_nobody_confirmed_is_one_press_away(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    assert "Doğrulama bekleyen başvurular:" not in client.get(LIST).content.decode()
    make_submission()
    html = client.get(LIST).content.decode()
    assert "Doğrulama bekleyen başvurular: 1" in html
    assert "/admin/submissions/submission/" in html


def test_a_text_shows_who_it_is_by_the_telephone(cast: Cast) -> None:
    person = make_citizen("Işıl", "İnce", phone=PHONE)
    case = make_complaint("Eski konu", applicant=person)
    row = make_text(make_line(cast.office, number="3050"), "Yine kırıldı", from_address=PHONE)
    html = page_of(cast, row)
    for expected in ("Işıl İNCE", case.reference, f"tel:{PHONE}", "3050", "Yine kırıldı"):
        assert expected in html, expected
    assert "Alıcı" not in html
    assert ".eml" not in html
    form = page_of(cast, row, "?do=make_case")
    assert str(person.key) in form
    answer = post(cast, row, "make_case", kind="COMPLAINT", subject="Bank", body="Kırık", first_name="Işıl")
    assert answer.status_code == 302
    with system():
        made = Complaint.objects.get(inbound_messages=row)
    assert made.channel == "SMS"
    story = signed_in(cast.secretary).get(f"/admin/complaints/complaint/{made.key}/change/").content.decode()
    assert phone(PHONE) in story
    assert f">{PHONE}" not in story


@pytest.mark.parametrize("member", ["secretary", "fen_clerk"])
def test_who_does_not_manage_numbers_reads_the_list(member: str, cast: Cast) -> None:
    line = make_line(cast.fen, name="Fen hattı")
    client = signed_in(getattr(cast, member))
    assert "Fen hattı" in client.get(LINES).content.decode()
    assert client.get(f"{LINES}{line.key}/change/").status_code in {403, 404}
    assert client.get(f"{LINES}new/").status_code in {403, 404}


def test_bilgi_islem_adds_and_changes_a_number(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    typed = {
        "name": "WhatsApp hattı",
        "channel": "WHATSAPP",
        "number": "0850 123 45 67",
        "department": cast.office.code,
        "purpose": "COMPLAINTS",
        "account": "106540352242922",
        "secret": "s" * 32,
        "token": "EAAG-1",
        "is_active": "on",
    }
    assert client.post(f"{LINES}new/", typed).status_code == 302
    with system():
        row = MessageLine.objects.get()
        assert (row.number, row.read_token()) == ("+908501234567", "EAAG-1")
    page = client.get(f"{LINES}{row.key}/change/").content.decode()
    assert f"/lines/{row.key}/" in page
    assert row.verification in page
    assert "EAAG-1" not in page
    changed = {**typed, "secret": "", "token": "", "name": "Yeni ad"}
    assert client.post(f"{LINES}{row.key}/change/", changed).status_code == 302
    kept = refetch(row)
    assert (kept.name, kept.version, kept.read_secret()) == ("Yeni ad", 2, "s" * 32)
    refused = client.post(f"{LINES}new/", {**typed, "secret": "kısa"})
    assert "en az 20" in refused.content.decode()


def test_the_first_number_for_sms_sends_unless_that_is_unticked(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    assert client.get(f"{LINES}new/").context["form"]["sends"].value() is True
    facts = {"name": "SMS", "department": cast.office, "purpose": "COMPLAINTS", "by": cast.administrator}
    with system():
        actions.save_line(None, channel="SMS", number="3050", secret="s" * 20, **facts)
    assert client.get(f"{LINES}new/").context["form"]["sends"].value() is False
