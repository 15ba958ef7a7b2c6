"""The incoming desk and the mailboxes in the admin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.localtime import local_date
from backend.core.session import system
from backend.letters.models import Letter
from backend.mailboxes.models import InboundMessage, Mailbox
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch

LIST = "/admin/mailboxes/inboundmessage/"
BOXES = "/admin/mailboxes/mailbox/"


def page_of(cast: Cast, row: InboundMessage, more: str = "") -> str:
    return signed_in(cast.secretary).get(f"{LIST}{row.key}/change/{more}").content.decode()


def post(cast: Cast, row: InboundMessage, verb: str, **typed: str) -> Any:
    return signed_in(cast.secretary).post(f"{LIST}{row.key}/{verb}/", {"version": row.version, **typed})


def test_the_desk_shows_what_waits_the_oldest_first(cast: Cast) -> None:
    make_mail(make_mailbox(cast.office, name="Başkanlık"), "Kaldırım çökmüş")
    make_mail(make_mailbox(cast.office), "Reklam", status="SET_ASIDE", set_aside_reason="Reklam")
    html = signed_in(cast.secretary).get(LIST).content.decode()
    assert "Kaldırım çökmüş" in html
    assert "Başkanlık" in html
    assert "Reklam" not in html
    assert "Reklam" in signed_in(cast.secretary).get(f"{LIST}?tab=aside").content.decode()
    assert "Kaldırım" in signed_in(cast.secretary).get(f"{LIST}?q=KALDIRIM").content.decode()


def test_a_mail_is_read_and_what_it_may_be_stands_beside_it(cast: Cast) -> None:
    person = make_citizen("Işıl", "İnce", email="Isil@Posta.example")
    case = make_complaint("Eski konu", applicant=person)
    text = "Park lambası yanmıyor.\n\n> eski yazışma"
    row = make_mail(
        make_mailbox(cast.office),
        from_address="isil@posta.example",
        text=text,
        quoted_from=text.index(">"),
        authentication={"spf": "pass", "dmarc": "fail"},
        notes=["WINMAIL"],
        left_out=[{"name": "arsiv.zip", "size": 10, "code": "UNSUPPORTED"}],
    )
    html = page_of(cast, row)
    for expected in ("Park lambası yanmıyor.", "eski yazışma", "Işıl İNCE", case.reference, "SPF: pass", "DMARC: fail",
                     "winmail.dat", "arsiv.zip", "Alıntılanan yazışma"):  # fmt: skip
        assert expected in html, expected


def test_open_matters_that_are_alike_stand_beside_a_mail_of_whoever(cast: Cast) -> None:
    alike = make_complaint("Yunus Emre Parkı lambaları yanmıyor", applicant=make_citizen("Ada", "Er"))
    other = make_complaint("Nikâh salonu için gün")
    mail = make_mail(make_mailbox(cast.office), subject="Yunus emre parki lambalari yanmiyor", text="Merhaba")
    html = page_of(cast, mail)
    assert alike.reference in html
    assert other.reference not in html


def test_what_a_mail_says_is_shown_as_text(cast: Cast) -> None:
    row = make_mail(
        make_mailbox(cast.office), "<script>a()</script>", text="<img src=https://kotu.example/1.gif>"
    )
    html = page_of(cast, row)
    assert "<script>a()" not in html
    assert "<img src=https" not in html


def test_the_form_of_a_case_begins_with_the_mail_and_its_sender(cast: Cast) -> None:
    person = make_citizen("Işıl", "İnce", email="isil@posta.example")
    row = make_mail(make_mailbox(cast.office), "Lamba", from_address="isil@posta.example", text="Yanmıyor")
    html = page_of(cast, row, "?do=make_case")
    assert 'value="Lamba"' in html
    assert "Yanmıyor" in html
    assert str(person.key) in html
    answer = post(
        cast, row, "make_case", kind="COMPLAINT", subject="Lamba", body="Yanmıyor", first_name="Işıl"
    )
    assert answer.status_code == 302
    with system():
        case = Complaint.objects.get()
    assert (case.subject, case.body, case.channel) == ("Lamba", "Yanmıyor", "EMAIL")
    assert case.reference in page_of(cast, row)


@pytest.mark.parametrize(
    ("purpose", "first", "others"),
    [
        ("COMPLAINTS", "make_case", {"make_request", "make_letter"}),
        ("APPOINTMENTS", "make_request", {"make_case", "make_letter"}),
        ("LETTERS", "make_letter", {"make_case", "make_request"}),
    ],
)
def test_the_purpose_of_the_mailbox_says_what_is_proposed_first(
    purpose: str, first: str, others: set[str], cast: Cast
) -> None:
    html = page_of(cast, make_mail(make_mailbox(cast.office, purpose=purpose)))
    places = {verb: html.index(f"?do={verb}") for verb in (first, "join", *others)}
    assert sorted(places, key=lambda verb: places[verb])[0] == first
    assert all(places["join"] < places[other] for other in others)


def test_a_mail_becomes_an_appointment_request(cast: Cast) -> None:
    row = make_mail(
        make_mailbox(cast.office, purpose="APPOINTMENTS"),
        "Nezaket ziyareti",
        text="Beş kişiyiz",
        from_name="Ali Can",
    )
    html = page_of(cast, row, "?do=make_request")
    for expected in ('value="Nezaket ziyareti"', "Beş kişiyiz", 'value="Ali"', str(cast.mayors.key)):
        assert expected in html, expected
    answer = post(
        cast, row, "make_request", principal=str(cast.mayors.key), kind="COURTESY", subject="Ziyaret", party_size="5",
        first_name="Ali",
    )  # fmt: skip
    assert answer.status_code == 302
    with system():
        made = AppointmentRequest.objects.get()
    assert (made.subject, made.party_size, made.channel) == ("Ziyaret", 5, "EMAIL")
    assert made.reference in page_of(cast, row)


def test_a_mail_becomes_an_incoming_letter_with_its_last_day(cast: Cast) -> None:
    row = make_mail(make_mailbox(cast.office, purpose="LETTERS"), "Dilekçe")
    last = local_date(row.received_at) + dt.timedelta(days=30)
    html = page_of(cast, row, "?do=make_letter")
    assert "Işıl İnce" in html
    assert f"{last:%d.%m.%Y}" in html or f"{last:%Y-%m-%d}" in html
    answer = post(
        cast, row, "make_letter", subject="Dilekçe", sender="Işıl İnce", answer_by=f"{last:%d.%m.%Y}"
    )
    assert answer.status_code == 302
    with system():
        made = Letter.objects.get()
    assert (made.subject, made.sender, made.answer_by) == ("Dilekçe", "Işıl İnce", last)
    assert made.reference in page_of(cast, row)


def test_two_records_with_one_address_are_chosen_by_hand(cast: Cast) -> None:
    for name in ("Işıl", "Ali"):
        make_citizen(name, "İnce", email="ev@posta.example")
    row = make_mail(make_mailbox(cast.office), from_address="ev@posta.example")
    html = page_of(cast, row)
    assert "Işıl İNCE" in html
    assert "Ali İNCE" in html


def test_what_is_set_aside_needs_a_reason_and_comes_back(cast: Cast) -> None:
    row = make_mail(make_mailbox(cast.office))
    assert "Bu alan" in post(cast, row, "set_aside", reason="").content.decode()
    assert post(cast, row, "set_aside", reason="Reklam").status_code == 302
    row = refetch(row)
    assert (row.status, row.set_aside_reason) == ("SET_ASIDE", "Reklam")
    assert post(cast, row, "take_up").status_code == 302
    assert refetch(row).status == "WAITING"


def test_the_original_is_downloaded_with_a_warning_by_who_sees_the_mail(cast: Cast) -> None:
    row = make_mail(make_mailbox(cast.fen), "Çukur")
    address = f"/files/mails/{row.key}/original/"
    html = page_of(cast, row)
    assert address in html
    assert "virüs taramasından geçirilmez" in html
    answer = signed_in(cast.fen_clerk).get(address)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "Çukur".encode() in answer.getvalue()
    assert signed_in(cast.park_clerk).get(address).status_code == 404


def test_a_stranger_to_a_unit_finds_nothing(cast: Cast) -> None:
    row = make_mail(make_mailbox(cast.fen), "Gizli")
    assert "Gizli" not in signed_in(cast.park_clerk).get(LIST).content.decode()
    assert signed_in(cast.park_clerk).get(f"{LIST}{row.key}/change/").status_code == 404
    assert signed_in(cast.outsider).get(LIST).status_code in {403, 404}
    assert signed_in(cast.administrator).get(LIST).status_code in {403, 404}


def test_the_unit_to_which_a_mail_was_passed_on_has_it_in_its_list_and_opens_it(cast: Cast) -> None:
    row = make_mail(make_mailbox(cast.park, name="Park kutusu"), "Asfalt çöktü")
    assert post(cast, row, "route", to=cast.fen.code).status_code == 302
    browser = signed_in(cast.fen_clerk)
    assert "Asfalt çöktü" in browser.get(LIST).content.decode()
    html = browser.get(f"{LIST}{row.key}/change/").content.decode()
    assert "Asfalt çöktü" in html
    assert "Park kutusu" not in html
    assert "Park kutusu" in page_of(cast, row)


@pytest.mark.parametrize("member", ["secretary", "fen_clerk"])
def test_who_does_not_manage_mailboxes_reads_the_list(member: str, cast: Cast) -> None:
    row = make_mailbox(cast.fen, name="Fen kutusu")
    browser = signed_in(cast.people()[member])
    assert "Fen kutusu" in browser.get(BOXES).content.decode()
    assert browser.get(f"{BOXES}{row.key}/change/").status_code in {403, 404}


def test_bilgi_islem_adds_and_changes_a_mailbox(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    facts = {
        "name": "Başkanlık", "address": "baskanlik@belediye.example", "department": "ozel-kalem",
        "purpose": "COMPLAINTS",
        "host": "imap.belediye.example", "port": "993", "security": "SSL", "login": "baskanlik",
        "folder": "INBOX", "is_active": "on", "sign_in": "PASSWORD",
    }  # fmt: skip
    assert "Parolayı yazınız." in browser.post(f"{BOXES}new/", facts).content.decode()
    assert browser.post(f"{BOXES}new/", facts | {"secret": "çok gizli"}).status_code == 302
    with system():
        row = Mailbox.objects.get()
    html = browser.get(f"{BOXES}{row.key}/change/").content.decode()
    assert "baskanlik@belediye.example" in html
    assert "gizli" not in html
    assert browser.post(f"{BOXES}{row.key}/change/", facts | {"name": "Özel Kalem"}).status_code == 302
    with system():
        row = Mailbox.objects.get()
    assert (row.name, row.read_secret(), row.sign_in) == ("Özel Kalem", "çok gizli", "PASSWORD")
