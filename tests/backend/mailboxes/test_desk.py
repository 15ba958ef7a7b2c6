"""The incoming desk: what a mail becomes, and what it keeps of when and from whom it came."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from backend.complaints.choices import Channel
from backend.complaints.models import Attachment, Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.core.session import system
from backend.documents import scanning
from backend.mailboxes import actions, fetching, intake
from backend.mailboxes.choices import Note, Status
from backend.mailboxes.jobs import fetch_all
from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox
from backend.outbox.models import Message
from tests.backend.mailboxes.corpus import PICTURE, TEXT, multipart, one_file, plain
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast
from tests.factories import make_citizen


def kept(mailbox: Mailbox, raw: bytes, uid: int = 1, at: dt.datetime | None = None) -> InboundMessage | None:
    with system():
        return intake.keep(mailbox, raw, uid_validity=1, uid=uid, received_at=at or timezone.now())


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> tuple[str, str | None]:
    return refused.value.code, refused.value.field


# -- keeping ---------------------------------------------------------------------------------------------------
def test_a_mail_is_kept_once_by_its_content_whatever_its_number(cast: Cast) -> None:
    mailbox, other = make_mailbox(cast.office), make_mailbox(cast.fen)
    assert kept(mailbox, plain("bir")) is not None
    assert kept(mailbox, plain("bir"), uid=2) is None  # the same content
    assert kept(other, plain("bir")) is not None  # another mailbox has its own
    mailbox.generation += 1
    assert kept(mailbox, plain("iki")) is not None  # the same number, of another folder
    assert kept(mailbox, plain("bir"), uid=2) is None
    with system():
        assert InboundMessage.objects.count() == 3


def test_fetches_run_one_after_the_other_and_each_mailbox_has_one_that_waits(cast: Cast) -> None:
    boxes = [make_mailbox(cast.office), make_mailbox(cast.fen)]
    assert fetch_all() == 2
    jobs = ProcrastinateJob.objects.filter(task_name="mailboxes.fetch").order_by("queueing_lock")
    assert set(jobs.values_list("lock", flat=True)) == {"mailboxes.fetch"}
    assert len(set(jobs.values_list("queueing_lock", flat=True))) == len(boxes)


def test_the_original_is_kept_as_it_came(cast: Cast) -> None:
    raw = plain("Işık", "windows-1254")
    row = kept(make_mailbox(cast.office), raw)
    assert row is not None
    with row.file.open() as stored:
        assert stored.read() == raw


def test_no_scanner_removes_the_original(cast: Cast, settings: Settings) -> None:
    settings.CLAMD = "/nonexistent/clamd"
    row = kept(make_mailbox(cast.office), plain("x"))
    assert row is not None
    assert not default_storage.exists(f"{scanning.WAITING}/{row.file.name}")


def test_files_that_are_taken_and_files_that_are_not(cast: Cast) -> None:
    program = one_file('filename="kotu.exe"', "application/octet-stream", b"MZ\x00")
    row = kept(make_mailbox(cast.office), multipart("multipart/mixed", TEXT, PICTURE, program))
    assert row is not None
    with system():
        assert [file.name for file in InboundFile.objects.filter(mail=row)] == ["foto.png"]
    assert [(one["name"], one["code"]) for one in row.left_out] == [("kotu.exe", ErrorCode.UNSUPPORTED)]
    assert Note.FILES_LEFT_OUT in row.notes


@pytest.mark.parametrize(
    ("entered", "line", "found"),
    [
        ("mx.google.com", "mx.google.com; spf=pass", {"spf": "pass"}),
        ("mx.google.com", "imap.belediye.example; spf=pass", {}),
        ("-", "spf=pass (x) smtp.mailfrom=a.example", {"spf": "pass"}),
        ("-", "mx.kotu.example; spf=pass", {}),
        ("", "spf=pass (x) smtp.mailfrom=a.example", {}),
    ],
)
def test_the_name_that_was_entered_is_that_of_our_server(
    entered: str, line: str, found: dict[str, str], cast: Cast
) -> None:
    raw = f"Authentication-Results: {line}\r\n".encode() + plain("x")
    row = kept(make_mailbox(cast.office, authserv_id=entered), raw)
    assert row is not None
    assert row.authentication == found


@pytest.mark.parametrize(
    ("server", "found"),
    [
        ("imap.belediye.example", {"spf": "pass"}),
        ("mx1.belediye.example", {"spf": "pass"}),
        ("mx.kotu.example", {}),
        ("kotubelediye.example", {}),
    ],
)
def test_only_what_our_own_server_found_counts(server: str, found: dict[str, str], cast: Cast) -> None:
    raw = f"Authentication-Results: {server}; spf=pass\r\n".encode() + plain("x")
    row = kept(make_mailbox(cast.office), raw)
    assert row is not None
    assert row.authentication == found


def test_a_line_of_our_server_below_another_one_counts_for_nothing(cast: Cast) -> None:
    lines = b"Authentication-Results: mx.kotu.example; spf=none\r\n"
    lines += b"Authentication-Results: imap.belediye.example; spf=pass; dmarc=pass\r\n"
    row = kept(make_mailbox(cast.office), lines + plain("x"))
    assert row is not None
    assert row.authentication == {}


def test_a_clock_that_runs_ahead_puts_no_receipt_into_the_future(cast: Cast) -> None:
    row = kept(make_mailbox(cast.office), plain("x"), at=timezone.now() + dt.timedelta(days=2))
    assert row is not None
    assert row.received_at <= timezone.now()


def test_what_is_taken_back_leaves_no_original(cast: Cast) -> None:
    names = []

    def keep_and_fail() -> None:
        with system():
            mailbox = make_mailbox(cast.office)
            row = intake.keep(mailbox, plain("x"), uid_validity=1, uid=1, received_at=timezone.now())
            assert row is not None
            names.append(str(row.file.name))
            assert default_storage.exists(names[0])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        keep_and_fail()
    assert not default_storage.exists(names[0])


def test_a_fault_in_settling_leaves_the_mail_at_the_desk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_mail: object) -> None:
        InboundMessage.objects.update(subject="yarım")
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("backend.mailboxes.joining._settle", broken)
    monkeypatch.setattr("backend.mailboxes.joining.recognise", broken)
    row = kept(make_mailbox(cast.office), plain("x"))
    assert row is not None
    assert (row.status, row.subject) == (Status.WAITING, "Deneme")


# -- a case ----------------------------------------------------------------------------------------------------
def test_a_case_counts_from_the_day_of_receipt_and_has_the_files(cast: Cast) -> None:
    at = timezone.now() - dt.timedelta(days=9)
    row = kept(make_mailbox(cast.office), multipart("multipart/mixed", TEXT, PICTURE, subject="Lamba"), at=at)
    assert row is not None
    with system():
        mail = actions.make_case(row, by=cast.secretary, kind="COMPLAINT")
        case = Complaint.objects.select_related("applicant").get(pk=mail.complaint_id)
        assert (case.registered_at, case.registered_on) == (at, local_date(at))
        assert (case.channel, case.subject, case.body) == (Channel.EMAIL, "Lamba", "Merhaba")
        assert case.regime == "PETITION_3071"
        assert (str(case.applicant), case.applicant and case.applicant.email) == (
            "Ayse YİLMAZ",
            "ayse@posta.example",
        )
        assert [file.name for file in Attachment.objects.filter(complaint=case)] == ["foto.png"]
        assert InboundMessage.objects.get().status == Status.MADE
        assert Message.objects.filter(address="ayse@posta.example").count() == 1  # the receipt


def test_the_record_that_was_chosen_is_the_applicant_and_none_is_made(cast: Cast) -> None:
    person = make_citizen()
    mail = make_mail(make_mailbox(cast.office))
    with system():
        before = Citizen.objects.count()
        actions.make_case(
            mail, by=cast.secretary, kind="REQUEST", applicant=person, subject="Bank", body="Bank yok"
        )
        assert Citizen.objects.count() == before
        case = Complaint.objects.get()
    assert (case.applicant_id, case.subject, case.body) == (person.pk, "Bank", "Bank yok")


def test_history_that_came_along_is_no_part_of_the_case(cast: Cast) -> None:
    text = "Teşekkürler\n\n3 Kas 2026 Sal 10:15 tarihinde Kalem <k@belediye.example> şunu yazdı:\n> Sayın"
    row = kept(make_mailbox(cast.office), plain(text))
    assert row is not None
    with system():
        actions.make_case(row, by=cast.secretary, kind="THANKS")
        assert Complaint.objects.get().body == "Teşekkürler"


def test_a_mail_without_a_subject_and_a_name(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office), "", from_name="", text="\nÇukur var\nikinci satır")
    with pytest.raises(DomainError) as refused, system():
        actions.make_case(mail, by=cast.secretary, kind="COMPLAINT")
    assert code_of(refused) == (ErrorCode.REQUIRED, "first_name")
    with system():
        actions.make_case(mail, by=cast.secretary, kind="COMPLAINT", first_name="Işıl")
        assert Complaint.objects.get().subject == "Çukur var"


def test_two_who_decide_at_once_make_one_case(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office))
    with system():
        same = InboundMessage.objects.get(pk=mail.pk)
        actions.make_case(mail, by=cast.secretary, kind="COMPLAINT")
    with pytest.raises(DomainError) as refused, system():
        actions.make_case(same, by=cast.office_head, kind="COMPLAINT")
    assert code_of(refused) == (ErrorCode.WRONG_STATE, None)
    with system():
        assert Complaint.objects.count() == 1


# -- aside, and elsewhere --------------------------------------------------------------------------------------
def test_what_is_set_aside_has_its_reason_and_comes_back(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office))
    with pytest.raises(DomainError) as refused, system():
        actions.set_aside(mail, by=cast.secretary, reason="  ")
    assert code_of(refused) == (ErrorCode.REQUIRED, "reason")
    with system():
        actions.set_aside(mail, by=cast.secretary, reason="Reklam")
        row = InboundMessage.objects.get()
        assert (row.status, row.set_aside_reason, row.decided_by) == (
            Status.SET_ASIDE,
            "Reklam",
            cast.secretary,
        )
        assert not Message.objects.exists()
        actions.take_up(row, by=cast.secretary)
        row = InboundMessage.objects.get()
        assert (row.status, row.set_aside_reason, row.decided_by) == (Status.WAITING, "", None)


def test_a_mail_is_passed_on_once(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.office))
    with system():
        actions.route(mail, by=cast.secretary, to=cast.fen)
        assert InboundMessage.objects.get().department == cast.fen
    with pytest.raises(DomainError) as refused, system():
        actions.route(mail, by=cast.secretary, to=cast.fen)
    assert code_of(refused) == (ErrorCode.INVALID, "to")


# -- mailboxes -------------------------------------------------------------------------------------------------
FACTS = {
    "name": "Başkanlık",
    "address": "Baskanlik@Belediye.Example",
    "host": "imap.belediye.example",
    "port": 993,
    "security": "SSL",
    "sign_in": "PASSWORD",
    "login": "baskanlik",
    "purpose": "COMPLAINTS",
}


def test_a_password_is_sealed_and_stays_where_none_is_typed(cast: Cast) -> None:
    with system():
        row = actions.save_mailbox(
            None, by=cast.administrator, department=cast.office, secret="çok gizli", **FACTS
        )
        assert b"gizli" not in bytes(row.secret)
        again = actions.save_mailbox(row, by=cast.administrator, department=cast.fen, **FACTS)
        read = Mailbox.objects.get()
    assert (read.read_secret(), read.address, read.department, read.version) == (
        "çok gizli", "baskanlik@belediye.example", cast.fen, 2
    )  # fmt: skip
    assert again.pk == row.pk


def test_another_folder_is_read_from_the_beginning_and_the_same_is_not(cast: Cast) -> None:
    row = make_mailbox(cast.office, uid_validity=7, last_uid=12)
    facts = {name: getattr(row, name) for name in FACTS}
    with system():
        same = actions.save_mailbox(row, by=None, department=cast.office, **facts)
        assert (same.uid_validity, same.last_uid, same.generation) == (7, 12, 1)
        other = actions.save_mailbox(row, by=None, department=cast.office, folder="Gelen", **facts)
        assert (other.uid_validity, other.last_uid, other.generation) == (None, 0, 2)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"secret": ""}, ErrorCode.REQUIRED, "secret"),
        ({"address": "adres"}, ErrorCode.INVALID, "address"),
        ({"port": 0}, ErrorCode.INVALID, "port"),
        ({"security": "NONE"}, ErrorCode.INVALID, "security"),
        ({"host": " "}, ErrorCode.REQUIRED, "host"),
    ],
)
def test_what_a_mailbox_must_have(change: dict[str, object], code: str, field: str, cast: Cast) -> None:
    facts: dict[str, object] = FACTS | {"secret": "gizli"} | change
    with pytest.raises(DomainError) as refused, system():
        actions.save_mailbox(None, by=None, department=cast.office, **facts)
    assert code_of(refused) == (code, field)


@pytest.mark.parametrize(
    "change",
    [
        {"host": "mail.kotu.example"},
        {"port": 143},
        {"security": "STARTTLS"},
        {"login": "baska"},
    ],
)
def test_a_password_goes_to_no_server_for_which_it_was_not_entered(
    change: dict[str, Any], cast: Cast
) -> None:
    row = make_mailbox(cast.office)
    facts = {name: getattr(row, name) for name in FACTS} | change
    with pytest.raises(DomainError) as refused, system():
        actions.save_mailbox(Mailbox.objects.get(pk=row.pk), by=None, department=cast.office, **facts)
    assert code_of(refused) == (ErrorCode.REQUIRED, "secret")
    with system():
        kept_one = Mailbox.objects.get(pk=row.pk)
        assert (kept_one.host, kept_one.login) == (row.host, row.login)
        saved = actions.save_mailbox(kept_one, by=None, department=cast.office, secret="yeni", **facts)
    assert saved.read_secret() == "yeni"


@pytest.mark.parametrize(
    ("host", "port", "field"),
    [
        ("localhost", 993, "host"),
        ("imap.localhost.", 993, "host"),
        ("127.0.0.1", 993, "host"),
        ("127.1", 993, "host"),
        ("0x7f000001", 143, "host"),
        ("::1", 993, "host"),
        ("::ffff:127.0.0.1", 993, "host"),
        ("0.0.0.0", 993, "host"),  # noqa: S104 - it is refused
        ("169.254.169.254", 993, "host"),
        ("metadata.google.internal", 993, "host"),
        ("fe80::1", 993, "host"),
        ("10.0.0.5", 5432, "port"),
        ("imap.belediye.example", 22, "port"),
    ],
)
def test_a_mailbox_is_no_way_into_the_machine(
    host: str, port: int, field: str, cast: Cast, settings: Settings
) -> None:
    settings.MAILBOX_ANY_SERVER = False
    facts: dict[str, Any] = FACTS | {"secret": "gizli", "host": host, "port": port}
    with pytest.raises(DomainError) as refused, system():
        actions.save_mailbox(None, by=None, department=cast.office, **facts)
    assert code_of(refused) == (ErrorCode.INVALID, field)


@pytest.mark.parametrize(("host", "port"), [("10.0.0.5", 993), ("imap.belediye.example", 143)])
def test_a_server_of_the_house_is_a_mail_server(host: str, port: int, cast: Cast, settings: Settings) -> None:
    settings.MAILBOX_ANY_SERVER = False
    facts: dict[str, Any] = FACTS | {"secret": "gizli", "host": host, "port": port}
    with system():
        actions.save_mailbox(None, by=None, department=cast.office, **facts)
        assert Mailbox.objects.get().host == host


def test_a_name_that_leads_into_the_machine_is_not_asked(cast: Cast, settings: Settings) -> None:
    settings.MAILBOX_ANY_SERVER = False
    row = make_mailbox(cast.office, host="localhost")
    assert fetching.fetch(row.pk) == 0
    with system():
        assert Mailbox.objects.get(pk=row.pk).fault == "LINE"


def test_no_two_mailboxes_have_one_address(cast: Cast) -> None:
    make_mailbox(cast.office, address=FACTS["address"].lower())  # type: ignore[attr-defined]
    with pytest.raises(DomainError) as refused, system():
        actions.save_mailbox(None, by=None, department=cast.fen, secret="x", **FACTS)
    assert code_of(refused) == (ErrorCode.DUPLICATE, "address")
