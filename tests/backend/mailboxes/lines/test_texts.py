"""What comes by SMS: kept once, joined where that is sure, never answered; and what the gateway reports of ours."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.complaints.jobs import report_undelivered
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.story import EventType
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.mailboxes import actions, joining
from backend.mailboxes.choices import Kind, Note, Status
from backend.mailboxes.lines import reports, session
from backend.mailboxes.lines.telephones import refuses
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.notifications.models import Notification
from backend.outbox import jobs, smpp
from backend.outbox.actions import post_again
from backend.outbox.models import Message
from backend.outbox.sms import TryAgain
from backend.outbox.threads import tag_of
from permissions.core import scope
from tests.backend.mailboxes.rows import make_line, make_text
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_request, refetch

PHONE, STRANGER = "+905321112233", "+905559998877"
SECRET = "gizli-" * 4


@pytest.fixture
def line(cast: Cast) -> MessageLine:
    return make_line(cast.office, number="3050")


def call(line: MessageLine, secret: str = SECRET, **lists: Any) -> int:
    """What the gateway calls with; the status of our answer."""
    answer = Client().post(
        f"/lines/{line.key}/",
        json.dumps(lists),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    return answer.status_code


def text(words: str, sender: str = PHONE, **facts: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "from": sender, "text": words, **facts}


def arrives(line: MessageLine, words: str, sender: str = PHONE) -> InboundMessage:
    said = text(words, sender)
    assert call(line, messages=[said]) == 200
    with system():
        return InboundMessage.objects.get(line=line, message_id=said["id"])


def sent(case: Complaint, address: str = PHONE, *, days: int = 1) -> Message:
    """A message of ours about a case that left some days ago: by the gateway of the number, else over SMPP."""
    with system():
        number = MessageLine.objects.first()
        message = Message.objects.create(
            channel="SMS",
            address=address,
            body="Başvurunuz hakkında",
            purpose="complaint_message",
            thread=tag_of(case.key, address),
            status="SENT",
            attempts=1,
            sent_at=timezone.now() - dt.timedelta(days=days),
            gateway=number.key if number else smpp.NAME,
        )
        case.notices.create(
            kind="MESSAGE", status="SENT", body="…", means="SMS", message=message, notified_at=message.sent_at
        )
        return message


def case_of(cast: Cast, phone: str = PHONE, subject: str = "Bank kırık") -> Complaint:
    return make_complaint(subject, to=cast.fen, by=cast.secretary, applicant=make_citizen(phone=phone))


def test_a_message_is_kept_as_it_came_and_waits_at_the_desk(cast: Cast, line: MessageLine) -> None:
    said = text("Sokak lambası yanmıyor 💡\nBarış Sokak", receivedAt=timezone.now().isoformat())
    assert call(line, messages=[said]) == 200
    with system():
        row = InboundMessage.objects.get()
        assert (row.channel, row.line, row.mailbox, row.status) == ("SMS", line, None, Status.WAITING)
        assert (row.from_address, row.from_phone, row.department) == (PHONE, PHONE, cast.office)
        assert row.subject == "Sokak lambası yanmıyor 💡 Barış Sokak"
        assert json.loads(row.file.read()) == said
        assert refetch(line).heard_at is not None
    with scope.session(cast.secretary):
        assert scope.visible(Notification).filter(text="mailboxes/waiting").exists()


def test_what_comes_again_is_here_once(cast: Cast, line: MessageLine) -> None:
    said = text("Merhaba")
    for _time in range(2):
        assert call(line, messages=[said, said | {"text": "Merhaba, yine"}]) == 200
    with system():
        assert InboundMessage.objects.count() == 1
        other = make_line(cast.fen)
    assert call(other, messages=[said]) == 200  # another provider's name may be the same
    with system():
        assert InboundMessage.objects.count() == 2


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("905321112233", PHONE),
        ("05321112233", PHONE),
        ("0090 532 111 22 33", PHONE),
        ("491701234567", "+491701234567"),
        ("BANKAM", "BANKAM"),
    ],
)
def test_a_sender_is_a_number_however_it_is_spelled(line: MessageLine, written: str, kept: str) -> None:
    row = arrives(line, "Merhaba", written)
    assert row.from_address == kept
    assert (Note.NO_FROM.value in row.notes) == (kept == "BANKAM")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"messages": {}}', 400),
        (b'{"messages": [{"id": "1", "text": "a"}]}', 400),
        (b'{"messages": [{"from": "1", "text": "a"}]}', 400),
        (b'{"reports": [{"id": "1"}]}', 400),
        (b"[" * 100_000, 400),
        (b" " * (3 * 1024 * 1024 + 1), 413),
        (b"{}", 200),
        (b'{"reports": [{"id": "1", "status": "BUFFERED"}]}', 200),
        (
            b'{"messages": [{"id": 7, "from": 905321112233, "text": "\\u0000\\ud800", "receivedAt": "yesterday"}]}',
            200,
        ),
    ],
)
def test_what_is_not_as_the_protocol_says_is_refused(line: MessageLine, body: bytes, status: int) -> None:
    answer = Client().post(
        f"/lines/{line.key}/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {SECRET}"},
    )
    assert answer.status_code == status


def test_only_the_gateway_of_the_line_is_heard(cast: Cast, line: MessageLine) -> None:
    other = make_line(cast.fen, name="Fen")
    with system():
        other.seal_secret("baska-" * 4)
        other.save()
    said = text("Merhaba")
    assert call(other, messages=[said]) == 403
    assert call(line, "", messages=[said]) == 403
    assert call(line, SECRET.upper(), messages=[said]) == 403
    assert call(line, "gizlı-" * 4, messages=[said]) == 403
    assert Client().get(f"/lines/{line.key}/?hub.verify_token={line.verification}").status_code == 403
    assert Client().put(f"/lines/{line.key}/").status_code == 405
    with system():
        MessageLine.objects.update(is_active=False)
    assert call(line, messages=[said]) == 403
    with system():
        assert not InboundMessage.objects.exists()


def test_a_reply_joins_what_we_last_wrote_about(cast: Cast, line: MessageLine) -> None:
    case = case_of(cast)
    sent(case)
    row = arrives(line, "Barış Sokak, 5 numara")
    assert (row.status, row.complaint_id) == (Status.JOINED, case.pk)
    with system():
        wrote = ComplaintLine.objects.get(complaint=case, verb=EventType.CITIZEN_WROTE)
        assert wrote.details["mail"] == str(row.key)


def test_a_number_in_the_text_names_the_matter(cast: Cast, line: MessageLine) -> None:
    first, second = case_of(cast), case_of(cast, STRANGER)
    row = arrives(line, f"{first.reference} için: 5 numara")
    assert row.complaint_id == first.pk
    assert arrives(line, f"{second.reference} için: 5 numara").status == Status.WAITING  # a stranger's


def test_two_matters_of_these_days_are_a_proposal(cast: Cast, line: MessageLine) -> None:
    first, second = case_of(cast), case_of(cast)
    sent(first, days=3)
    sent(second, days=1)
    row = arrives(line, "5 numara")
    assert row.status == Status.WAITING
    with system():
        assert joining.thread_of(row) == joining.Found(second, is_sure=False)


def test_what_was_written_long_ago_or_to_another_joins_nothing(cast: Cast, line: MessageLine) -> None:
    sent(case_of(cast), days=15)
    assert arrives(line, "5 numara").status == Status.WAITING
    moved = case_of(cast)
    sent(moved)
    with system():  # the number is another person's now
        Citizen.objects.filter(pk=moved.applicant_id).update(phone=STRANGER)
    assert arrives(line, "5 numara").status == Status.WAITING
    assert arrives(line, "5 numara", STRANGER).status == Status.WAITING


def test_a_reply_about_an_appointment_joins_it(cast: Cast, line: MessageLine) -> None:
    request = make_request(cast.mayors, applicant=make_citizen(phone=PHONE))
    row = arrives(line, f"{request.reference} olur")
    assert (row.status, row.appointment_request_id) == (Status.JOINED, request.pk)


def test_what_is_written_to_a_closed_case_waits_for_a_person(cast: Cast, line: MessageLine) -> None:
    case = case_of(cast)
    sent(case)
    with system():
        Complaint.objects.filter(pk=case.pk).update(
            status="CLOSED", closed_at=timezone.now(), outcome="SOLVED"
        )
    assert arrives(line, "Yine kırıldı").status == Status.WAITING
    assert arrives(line, "Teşekkürler").status == Status.JOINED


def test_one_of_another_shape_holds_up_no_other(cast: Cast, line: MessageLine) -> None:
    message = sent(case_of(cast))
    reports = [{"status": "DELIVERED"}, {"id": str(message.pk), "status": "DELIVERED"}]
    assert call(line, messages=[{"id": "1"}, text("Merhaba")], reports=reports) == 400  # says which is none
    with system():
        assert InboundMessage.objects.get().text == "Merhaba"
    assert refetch(message).delivered_at is not None


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+03:00", "9999-12-31T23:59:59-03:00"])
def test_a_moment_of_no_calendar_is_none(cast: Cast, line: MessageLine, at: str) -> None:
    """PostgreSQL stores such years, and nothing can read them any more."""
    assert call(line, messages=[text("Merhaba", receivedAt=at)]) == 200
    message = sent(case_of(cast))
    report = {"id": str(message.pk), "status": "DELIVERED", "at": at}
    assert call(line, reports=[report]) == 200
    with system():
        assert InboundMessage.objects.get().sent_at is None
    assert refetch(message).delivered_at >= message.sent_at


def test_a_report_is_not_before_its_message(cast: Cast, line: MessageLine) -> None:
    message = sent(case_of(cast))
    before = (timezone.now() - dt.timedelta(days=3)).isoformat()
    assert call(line, reports=[{"id": str(message.pk), "status": "DELIVERED", "at": before}]) == 200
    assert refetch(message).delivered_at == message.sent_at


def test_a_receipt_without_a_name_is_of_no_message(cast: Cast) -> None:
    message = sent(case_of(cast))
    assert session.note("", "UNDELIV", "")
    assert not reports.note(reports.Report("", reports.Outcome.FAILED), channel="SMS", gateway=smpp.NAME)
    assert refetch(message).status == "SENT"


@pytest.mark.parametrize(
    ("named", "receipt", "is_known"),
    [
        ("3B9ACA00", "1000000000", True),
        ("3b9aca00", "1000000000", True),
        ("0001E240", "123456", True),
        ("1000000000", "3B9ACA00", True),
        ("0000123456", "1E240", True),
        ("1234", "4660", False),  # two decimal numbers, or one of each: that is not sure
        ("M1", "M2", False),
    ],
)
def test_a_centre_may_write_a_name_in_two_ways(cast: Cast, named: str, receipt: str, is_known: bool) -> None:
    message = sent(case_of(cast))
    with system():
        Message.objects.filter(pk=message.pk).update(provider_id=named)
    assert session.note(receipt, "DELIVRD", "000") == is_known
    assert (refetch(message).delivered_at is not None) == is_known


def test_a_name_is_of_the_newest_message_of_these_days(cast: Cast) -> None:
    case = case_of(cast)
    old, new = sent(case, days=6), sent(case)
    older = sent(case, days=8)
    with system():
        Message.objects.update(provider_id="M1")
        Message.objects.filter(pk=old.pk).update(created_at=old.sent_at)
    assert session.note("M1", "UNDELIV", "001")
    assert [refetch(row).status for row in (old, new, older)] == ["SENT", "FAILED", "SENT"]
    with system():
        post_again(refetch(new))
    again = refetch(new)
    assert (again.status, again.provider_id, again.sent_at) == ("WAITING", "", None)


def test_what_a_centre_sends_again_is_here_once(line: MessageLine) -> None:
    for name in ("1", "2"):
        assert session.keep(smpp.Arrived(name, "905321112233", "3050", "Merhaba"))
    with system():
        assert InboundMessage.objects.count() == 1
        InboundMessage.objects.update(received_at=timezone.now() - dt.timedelta(minutes=11))
    assert session.keep(smpp.Arrived("3", "905321112233", "3050", "Merhaba"))
    with system():
        assert InboundMessage.objects.count() == 2


def test_red_to_a_proposal_is_an_answer(cast: Cast, line: MessageLine) -> None:
    case = case_of(cast)
    sent(case)
    assert arrives(line, "Red").kind == Kind.MESSAGE
    assert refuses("RET ÖZEL KALEM", "OZEL KALEM") == "ret"


@pytest.mark.parametrize("word", ["RET", "ret.", " Red ", "STOP", "İPTAL", "iptal", "RET BELEDIYE"])
def test_a_word_of_refusal_is_kept_and_waits_for_no_one(line: MessageLine, word: str) -> None:
    row = arrives(line, word)
    assert (row.kind, row.status) == (Kind.REFUSAL, Status.SET_ASIDE)
    with system():
        assert InboundMessage.objects.refusing([PHONE]).get() == row
        assert not InboundMessage.objects.refusing([STRANGER]).exists()


@pytest.mark.parametrize(
    "words", ["Ret edildi mi?", "iptal randevum", "stop lambası", "", "RET cevabı aldım"]
)
def test_a_sentence_is_no_refusal(words: str) -> None:
    assert refuses(words, "BELEDIYE") == ""


def test_iptal_to_an_appointment_is_an_answer(cast: Cast, line: MessageLine) -> None:
    case = case_of(cast)
    sent(case)
    row = arrives(line, "İptal")
    assert (row.kind, row.complaint_id) == (Kind.MESSAGE, case.pk)


def test_two_robots_do_not_talk(cast: Cast, line: MessageLine) -> None:
    """A telephone that answers each SMS, and we: it stays at its first answers."""
    case = case_of(cast)
    message = sent(case)
    with system():
        before = Message.objects.count()
    for _turn in range(5):
        arrives(line, "Şu an müsait değilim, size döneceğim.")
        with system():
            assert Message.objects.filter(address=PHONE).get() == message
    with system():
        to_staff = Message.objects.exclude(address=PHONE)
        assert Message.objects.filter(channel="SMS").count() == 1
        assert to_staff.count() <= before + 1  # the unit is notified once
        assert InboundMessage.objects.filter(complaint=case).count() == 5


def test_a_report_of_delivery_stands_at_the_message(cast: Cast, line: MessageLine) -> None:
    message = sent(case_of(cast))
    at = timezone.now() - dt.timedelta(minutes=5)
    report = {"id": str(message.pk), "status": "DELIVERED", "at": at.isoformat()}
    assert call(line, reports=[report, report]) == 200
    assert refetch(message).delivered_at == at
    assert call(line, reports=[report | {"status": "FAILED", "reason": "geç"}]) == 200
    assert refetch(message).status == "SENT"  # what was delivered does not fail any more


@pytest.mark.parametrize("name", ["M1", None])
def test_a_gateway_reports_of_what_it_sent_and_of_nothing_else(
    cast: Cast, line: MessageLine, name: str | None
) -> None:
    """Who has the secret of one number cannot make others' messages arrive or fail."""
    message = sent(case_of(cast))
    with system():
        Message.objects.filter(pk=message.pk).update(provider_id="M1")
    other = make_line(cast.fen, number="3060")
    report = {"id": name or str(message.pk), "status": "FAILED"}
    assert call(other, reports=[report]) == 200
    session.note("M1", "UNDELIV", "001")
    assert refetch(message).status == "SENT"
    assert call(line, reports=[report]) == 200
    assert refetch(message).status == "FAILED"
    assert refetch(message).failed_at is not None


def test_one_number_sends_and_messages_keep_which(cast: Cast, settings: Settings) -> None:
    facts = {"name": "SMS", "department": cast.office, "purpose": "COMPLAINTS", "by": cast.administrator}
    with system():
        first = actions.save_line(None, channel="SMS", number="3050", secret=SECRET, **facts)
        second = actions.save_line(None, channel="SMS", number="3060", secret=SECRET, **facts)
        assert (first.sends, second.sends) == (True, False)
        actions.save_line(second, channel="SMS", number="3060", sends=True, **facts)
        assert [refetch(row).sends for row in (first, second)] == [False, True]
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/send"  # nothing listens there
    message = sent(case_of(cast))
    with system():
        Message.objects.filter(pk=message.pk).update(status="WAITING", gateway="")
    with pytest.raises(TryAgain):
        jobs.deliver(message_id=str(message.pk))
    assert refetch(message).gateway == str(second.key)
    report = {"id": str(message.pk), "status": "DELIVERED"}
    assert [call(line, reports=[report]) for line in (first, second)] == [200, 200]
    assert refetch(message).delivered_at is not None


def test_who_has_the_case_calls_where_a_message_failed(cast: Cast, line: MessageLine) -> None:
    case = case_of(cast)
    message = sent(case)
    report = {"id": str(message.pk), "status": "FAILED", "reason": f"absent subscriber\n{PHONE} a@b.example"}
    assert call(line, reports=[report]) == 200
    failed = refetch(message)
    assert (failed.status, failed.last_error) == ("FAILED", "gateway: absent subscriber … …")
    assert report_undelivered() == 1
    assert call(line, reports=[report]) == 200
    assert report_undelivered() == 0


def test_a_report_of_what_never_left_or_is_no_sms_changes_nothing(cast: Cast, line: MessageLine) -> None:
    message = sent(case_of(cast))
    with system():
        Message.objects.filter(pk=message.pk).update(channel="EMAIL")
    report = {"id": str(message.pk), "status": "FAILED"}
    assert call(line, reports=[report, report | {"id": "unknown"}, report | {"id": str(uuid4())}]) == 200
    assert refetch(message).status == "SENT"
    with system():
        Message.objects.filter(pk=message.pk).update(
            channel="SMS", status="WAITING", attempts=0, sent_at=None
        )
    assert call(line, reports=[report | {"status": "DELIVERED"}]) == 200
    assert refetch(message).status == "WAITING"


def test_a_report_may_say_that_what_we_took_for_failed_arrived(cast: Cast, line: MessageLine) -> None:
    """The line was cut while the gateway took it: it is not sent again."""
    message = sent(case_of(cast))
    with system():
        Message.objects.filter(pk=message.pk).update(status="WAITING", sent_at=None)
    assert call(line, reports=[{"id": str(message.pk), "status": "DELIVERED"}]) == 200
    assert (refetch(message).status, refetch(message).sent_at is not None) == ("SENT", True)


def test_one_that_cannot_be_kept_holds_up_no_other(
    cast: Cast, line: MessageLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.mailboxes.lines import intake

    whole = intake._row

    def broken(to: MessageLine, incoming: intake.Incoming) -> InboundMessage:
        if incoming.text == "kötü":
            raise RuntimeError
        return whole(to, incoming)

    monkeypatch.setattr(intake, "_row", broken)
    assert call(line, messages=[text("kötü"), text("iyi")]) == 500  # the gateway calls again
    with system():
        assert InboundMessage.objects.get().text == "iyi"


def test_a_case_made_of_a_message_has_its_channel_and_moment(cast: Cast, line: MessageLine) -> None:
    row = make_text(line, "Kaldırım çökmüş", from_address=PHONE)
    with system():
        actions.make_case(row, by=cast.secretary, kind="COMPLAINT", first_name="Işıl", last_name="İnce")
        case = Complaint.objects.get()
        assert (case.channel, case.registered_at, case.subject) == ("SMS", row.received_at, "Kaldırım çökmüş")
        assert case.applicant is not None
        assert case.applicant.phone.as_e164 == PHONE
        conversation = case.conversation.get(is_first=False)
        assert (conversation.channel, conversation.text, conversation.subject) == (
            "SMS",
            "Kaldırım çökmüş",
            "",
        )


def test_a_line_is_kept_with_its_secret_sealed(cast: Cast) -> None:
    facts = {"name": "SMS", "department": cast.office, "purpose": "COMPLAINTS", "by": cast.administrator}
    with system():
        row = actions.save_line(None, channel="SMS", number="3050", secret=SECRET, **facts)
        assert row.read_secret() == SECRET
        assert SECRET.encode() not in bytes(row.secret)
        actions.save_line(row, channel="SMS", number="0850 123 45 67", **facts)
        assert (row.read_secret(), row.number) == (SECRET, "+908501234567")
        refused = [
            ({"channel": "SMS", "number": "+908501234567", "secret": SECRET}, ErrorCode.DUPLICATE),
            ({"channel": "SMS", "number": "3060"}, ErrorCode.REQUIRED),
            ({"channel": "SMS", "number": "3060", "secret": "kısa"}, ErrorCode.INVALID),
            ({"channel": "SMS", "number": "bir", "secret": SECRET}, ErrorCode.INVALID),
            ({"channel": "WHATSAPP", "number": "3060", "secret": SECRET, "account": "1"}, ErrorCode.INVALID),
            ({"channel": "WHATSAPP", "number": "+908501234567", "secret": SECRET}, ErrorCode.REQUIRED),
            ({"channel": "MAIL", "number": "3060", "secret": SECRET}, ErrorCode.INVALID),
        ]
        for values, code in refused:
            with pytest.raises(DomainError) as refusal:
                actions.save_line(None, **facts, **values)
            assert refusal.value.code == code, values
