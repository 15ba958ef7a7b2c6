"""What becomes of a mail by itself: a reply joins its matter, a report marks its message, and none is answered."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.files.base import ContentFile
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.appointments.actions import message as write_to_applicant
from backend.appointments.actions import report_undelivered as report_requests
from backend.appointments.models import RequestLine
from backend.complaints.actions import citizens
from backend.complaints.choices import DeliveryMethod, NoticeStatus, Status, WaitingFor
from backend.complaints.jobs import report_undelivered
from backend.complaints.models import Complaint, ComplaintLine, Notice
from backend.complaints.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.mailboxes import actions, joining
from backend.mailboxes.choices import Kind
from backend.mailboxes.choices import Status as MailStatus
from backend.mailboxes.models import InboundFile, InboundMessage, Mailbox
from backend.mailboxes.parsing import parsed
from backend.notifications.models import Notification
from backend.organization.models import User
from backend.outbox import jobs
from backend.outbox.models import Message
from backend.outbox.sms import TryAgain
from backend.outbox.threads import tag_of
from permissions.core import scope
from tests.backend.core.test_outbox import Sink, free_port
from tests.backend.mailboxes.corpus import RECIPES
from tests.backend.mailboxes.rows import make_mailbox
from tests.backend.stories import petition, replied, say
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_request, refetch

AYSE = "ayse@example.org"
NESTED = next(one.raw for one in RECIPES if one.name == "parts nested a thousand deep")
REPLIES = "cevap@sancaktepe.example"
GENUINE = "imap.sancaktepe.example; dmarc=pass"
"""What our server writes over a mail whose sender it found to be no other."""


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.REPLY_MAILBOX = REPLIES
    yield handler
    controller.stop()


@pytest.fixture
def box(cast: Cast) -> Mailbox:
    return make_mailbox(cast.office, address=REPLIES, host="imap.sancaktepe.example")


def kept(box: Mailbox, raw: bytes, uid: int) -> InboundMessage:
    """The row of a mail as it is fetched."""
    read = parsed(raw)
    row = InboundMessage(
        mailbox=box,
        department=box.department,
        uid_validity=1,
        uid=uid,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        received_at=timezone.now(),
        message_id=read.message_id,
        from_address=read.from_address,
        to_addresses=read.to_addresses,
        subject=read.subject,
        text=read.text,
        quoted_from=read.quoted_from,
        in_reply_to=read.in_reply_to,
        references=read.references,
        authentication=dict(read.authentication[0][1]) if read.authentication else {},
        notes=[note.value for note in read.notes],
    )
    joining.recognise(row, read.message)
    row.file.save("mail.eml", ContentFile(raw), save=False)
    row.save(force_insert=True)
    return row


class Post:
    """Our side: what is sent leaves, what arrives is kept as the worker keeps it."""

    def __init__(self, box: Mailbox) -> None:
        self.box, self.number = box, 0

    def send(self) -> None:
        with system():
            waiting = list(
                Message.objects.filter(status="WAITING").order_by("created_at").values_list("pk", flat=True)
            )
        for pk in waiting:
            jobs.deliver(message_id=str(pk))

    def arrives(self, mail: EmailMessage | bytes) -> InboundMessage:
        self.number += 1
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with system():
            row = kept(self.box, raw, self.number)
            joining.settle(row, parsed(raw).message)
            return row


@pytest.fixture
def post(box: Mailbox) -> Post:
    return Post(box)


def reply_to(
    mail: EmailMessage, text: str = "Barış Sokak, 5 numara.", sender: str = AYSE, **headers: str
) -> EmailMessage:
    """What a mail program makes of pressing “reply”."""
    answer = EmailMessage()
    answer["From"], answer["To"] = f"Ayşe Işık <{sender}>", str(mail["Reply-To"])
    answer["Subject"] = f"Re: {mail['Subject']}"
    answer["Message-ID"] = f"<{abs(hash((text, sender, str(headers))))}@example.org>"
    answer["In-Reply-To"] = str(mail["Message-ID"])
    answer["References"] = " ".join(filter(None, [str(mail["References"] or ""), str(mail["Message-ID"])]))
    for name, value in headers.items():
        key = name.replace("_", "-")
        del answer[key]
        if value:
            answer[key] = value
    answer.set_content(text)
    return answer


def returned(
    mail: EmailMessage, said: str = "smtp; 550 5.1.1 <ayse@example.org>: user unknown", action: str = "failed"
) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
        f"Message-ID: <{abs(hash((said, action)))}@mx.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nSorry.\n--x\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {AYSE}\nAction: {action}\nStatus: 5.1.1\n"
        f"Diagnostic-Code: {said}\n\n--x\nContent-Type: message/rfc822\n\nMessage-ID: {mail['Message-ID']}\n\nMetin\n"
        "--x--\n"
    ).encode()


def case_of(cast: Cast, **facts: Any) -> Complaint:
    citizen = make_citizen(email=AYSE)
    return petition(to=cast.fen, accepted_by=cast.fen_clerk, applicant=citizen, **facts)


def asked(case: Complaint, cast: Cast, post: Post, sink: Sink) -> EmailMessage:
    """A question to the citizen that has left."""
    say(case, "message", by=cast.fen_clerk, body="Hangi sokak?", means=DeliveryMethod.EMAIL)
    post.send()
    return sink.mails[-1]


def lines(case: Complaint, verb: str) -> int:
    with system():
        return ComplaintLine.objects.filter(complaint=case, verb=verb).count()


def heard(person: User) -> list[str]:
    """The texts of what a person was notified of."""
    with scope.session(person):
        return list(scope.visible(Notification).order_by("pk").values_list("text", flat=True))


def wrote(case: Complaint) -> int:
    return lines(case, EventType.CITIZEN_WROTE)


# -- replies ------------------------------------------------------------------------------------------------------
def test_a_reply_joins_its_case_and_what_waited_for_it_goes_on(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    say(case, "put_on_hold", by=cast.fen_clerk, for_=WaitingFor.CITIZEN)
    question = asked(case, cast, post, sink)
    mail = post.arrives(reply_to(question))
    assert (mail.status, mail.complaint_id, mail.decided_by_id) == (MailStatus.JOINED, case.pk, None)
    assert mail.reply_key == tag_of(case.key, AYSE)
    assert refetch(case).status == Status.IN_PROGRESS
    assert wrote(case) == 1
    assert "complaints/citizen_wrote" in heard(cast.fen_head)


def test_the_answer_to_a_reply_follows_it(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    answer = reply_to(asked(case, cast, post, sink))
    post.arrives(answer)
    replied(case, cast, means=DeliveryMethod.EMAIL)
    post.send()
    assert str(sink.mails[-1]["In-Reply-To"]) == str(answer["Message-ID"])
    assert str(answer["Message-ID"]) in str(sink.mails[-1]["References"])


@pytest.mark.parametrize("text", ["Teşekkürler", "Çok teşekkür ederim, iyi çalışmalar."])
def test_thanks_change_nothing(text: str, cast: Cast, sink: Sink, post: Post) -> None:
    case = replied(case_of(cast), cast, means=DeliveryMethod.EMAIL)
    post.send()
    before, known = refetch(case), heard(cast.fen_head) + heard(cast.office_head)
    mail = post.arrives(reply_to(sink.mails[-1], text))
    after = refetch(case)
    assert (mail.status, mail.complaint_id) == (MailStatus.JOINED, case.pk)
    assert (after.status, after.version, after.closed_at) == (before.status, before.version, before.closed_at)
    assert heard(cast.fen_head) + heard(cast.office_head) == known
    with system():
        assert not Message.objects.filter(status="WAITING").exists(), "nothing answers"


def test_a_question_after_thanks_is_notified_of(cast: Cast, sink: Sink, post: Post) -> None:
    answer = asked(case_of(cast), cast, post, sink)
    post.arrives(reply_to(answer, "Teşekkürler"))
    assert "complaints/citizen_wrote" not in heard(cast.fen_head)
    post.arrives(reply_to(answer, "Peki ne zaman yapılacak?"))
    post.arrives(reply_to(answer, "Bir de kaldırım var."))
    assert heard(cast.fen_head).count("complaints/citizen_wrote") == 1
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    with system():
        write_to_applicant(refetch(request), by=None, body="Kaç kişi geleceksiniz?", means="EMAIL")
    post.send()
    question = sink.mails[-1]
    post.arrives(reply_to(question, "Çok teşekkürler"))
    assert "appointments/wrote" not in heard(cast.secretary)
    post.arrives(reply_to(question, "Saat kaçta gelelim?"))
    assert heard(cast.secretary).count("appointments/wrote") == 1


def test_a_tag_that_was_forwarded_does_not_open_the_case(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    question = asked(case, cast, post, sink)
    mail = post.arrives(reply_to(question, sender="komsu@example.org"))
    assert (mail.status, mail.complaint_id) == (MailStatus.WAITING, None)
    with system():
        found = joining.thread_of(mail)
    assert found is not None
    assert (found.matter, found.is_sure) == (case, False), "the desk is shown where it may belong"
    assert wrote(case) == 0


def test_a_forged_sender_waits_at_the_desk(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    forged = reply_to(
        asked(case, cast, post, sink), Authentication_Results="imap.sancaktepe.example; dmarc=fail"
    )
    assert post.arrives(forged).status == MailStatus.WAITING


def test_without_its_tag_a_reply_is_known_by_what_it_follows(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    question = asked(case, cast, post, sink)
    mail = post.arrives(reply_to(question, To=REPLIES, Authentication_Results=GENUINE))
    assert (mail.reply_key, mail.complaint_id) == ("", case.pk)


@pytest.mark.parametrize(
    "found", ["", "dmarc=none", "dmarc=temperror", "spf=pass smtp.mailfrom=baska.example"]
)
def test_without_its_tag_a_sender_whom_nothing_proves_waits_at_the_desk(
    found: str, cast: Cast, sink: Sink, post: Post
) -> None:
    case = case_of(cast)
    results = found and f"imap.sancaktepe.example; {found}"
    mail = post.arrives(reply_to(asked(case, cast, post, sink), To=REPLIES, Authentication_Results=results))
    assert mail.status == MailStatus.WAITING
    with system():
        assert joining.thread_of(mail) == joining.Found(case, is_sure=False)


def test_a_mail_of_two_senders_joins_nothing_by_itself(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    mail = post.arrives(reply_to(asked(case, cast, post, sink), From=f"{AYSE}, baska@example.org"))
    assert (mail.from_address, mail.status, wrote(case)) == (AYSE, MailStatus.WAITING, 0)


def test_who_writes_twice_before_an_answer_writes_to_one_case(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    first = reply_to(asked(case, cast, post, sink))
    post.arrives(first)
    text = "Fotoğraf da göndereceğim."
    second = reply_to(first, text, To=REPLIES, References="", Authentication_Results=GENUINE)
    assert post.arrives(second).complaint_id == case.pk
    assert wrote(case) == 2


@pytest.mark.parametrize(
    ("sender", "subject", "found", "joins"),
    [
        (AYSE, "{number} hakkında", GENUINE, True),
        (AYSE, "Cevap: {number} sayılı başvurunuz", GENUINE, True),
        ("Ayse@Example.ORG", "{number}", GENUINE, True),
        (AYSE, "{number}", "imap.sancaktepe.example; dkim=pass header.i=@example.org", True),
        (AYSE, "{number}", "imap.sancaktepe.example; dkim=pass header.d=baska.example", False),
        (AYSE, "{number}", "imap.sancaktepe.example; dmarc=none", False),
        (AYSE, "{number}", "", False),
        ("komsu@example.org", "{number} hakkında", GENUINE, False),
        (AYSE, "3{number}", GENUINE, False),
        (AYSE, "{number}/7 sayılı karar", GENUINE, False),
        (AYSE, "Yeni bir konu", GENUINE, False),
    ],
)
def test_a_number_in_the_subject_counts_from_a_proven_address_of_the_case(
    sender: str, subject: str, found: str, joins: bool, cast: Cast, sink: Sink, post: Post
) -> None:
    case = case_of(cast)
    mail = EmailMessage()
    if found:
        mail["Authentication-Results"] = found
    mail["From"], mail["To"], mail["Subject"] = sender, REPLIES, subject.format(number=case.reference)
    mail.set_content("Merhaba")
    assert (post.arrives(mail).complaint_id == case.pk) is joins


def test_what_is_written_to_a_closed_case_is_a_proposal_but_for_thanks(
    cast: Cast, sink: Sink, post: Post
) -> None:
    """It may be a petition of its own, whose time would not run."""
    case = replied(case_of(cast), cast, means=DeliveryMethod.EMAIL)
    post.send()
    say(case, "close", by=cast.secretary, outcome="SOLVED")
    mail = post.arrives(reply_to(sink.mails[-1], "Çukur yine açıldı."))
    assert (mail.status, mail.complaint_id) == (MailStatus.WAITING, None)
    with system():
        found = joining.thread_of(mail)
    assert found is not None
    assert (found.matter, found.is_sure) == (case, True)
    thanks = post.arrives(reply_to(sink.mails[-1], "Çok teşekkürler"))
    assert (thanks.status, thanks.complaint_id) == (MailStatus.JOINED, case.pk)
    assert refetch(case).status == Status.CLOSED


def test_what_was_joined_by_mistake_is_taken_out_and_waits_again(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    mail = post.arrives(reply_to(asked(case, cast, post, sink)))
    with system():
        actions.take_out(mail, by=cast.secretary)
        with pytest.raises(DomainError) as refused:
            actions.take_out(mail, by=cast.secretary)
    assert refused.value.code == ErrorCode.WRONG_STATE
    mail = refetch(mail)
    assert (mail.status, mail.complaint_id, mail.decided_at) == (MailStatus.WAITING, None, None)
    assert lines(case, EventType.MAIL_TAKEN_OUT) == 1
    with system():
        actions.join(mail, by=cast.secretary, complaint=case_of(cast))
    assert refetch(mail).status == MailStatus.JOINED


def test_an_applicants_reply_joins_the_request(cast: Cast, sink: Sink, post: Post) -> None:
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    with system():
        write_to_applicant(refetch(request), by=None, body="Kaç kişi geleceksiniz?", means="EMAIL")
    post.send()
    mail = post.arrives(reply_to(sink.mails[-1], "Üç kişiyiz."))
    assert (mail.status, mail.appointment_request_id) == (MailStatus.JOINED, request.pk)
    assert refetch(request).status == request.status
    with system():
        assert RequestLine.objects.filter(request=request, verb="applicant_wrote").count() == 1


# -- machines -----------------------------------------------------------------------------------------------------
def test_an_automatic_reply_stands_in_the_conversation_and_changes_nothing(
    cast: Cast, sink: Sink, post: Post
) -> None:
    case = case_of(cast)
    say(case, "put_on_hold", by=cast.fen_clerk, for_=WaitingFor.CITIZEN)
    question = asked(case, cast, post, sink)
    known = heard(cast.fen_head)
    mail = post.arrives(reply_to(question, "Ofis dışındayım.", Auto_Submitted="auto-replied"))
    assert (mail.kind, mail.status, mail.complaint_id) == (Kind.AUTO_REPLY, MailStatus.JOINED, case.pk)
    assert (refetch(case).status, wrote(case)) == (Status.WAITING, 0)
    assert heard(cast.fen_head) == known


def test_an_automatic_reply_of_another_address_is_set_aside(cast: Cast, sink: Sink, post: Post) -> None:
    question = asked(case_of(cast), cast, post, sink)
    mail = post.arrives(reply_to(question, sender="robot@example.org", Auto_Submitted="auto-replied"))
    assert (mail.status, mail.complaint_id) == (MailStatus.SET_ASIDE, None)
    assert mail.set_aside_reason == "Bir iletimize otomatik cevap geldi."


def test_a_machine_that_does_more_than_acknowledge_waits_at_the_desk(
    cast: Cast, sink: Sink, post: Post, box: Mailbox
) -> None:
    question = asked(case_of(cast), cast, post, sink)
    forwarded = reply_to(
        question,
        "Dilekçeniz",
        sender="ebys@example.org",
        Subject="Yeni evrak",
        Auto_Submitted="auto-generated",
    )
    row = post.arrives(forwarded)
    assert (row.kind, row.status) == (Kind.AUTO_REPLY, MailStatus.WAITING)
    away = reply_to(question, "Ekte.", sender="robot@example.org", Auto_Submitted="auto-replied")
    with system():
        with_file = kept(box, away.as_bytes(), 99)
        InboundFile.objects.create(
            mail=with_file,
            file=ContentFile(b"x", name="a"),
            name="dilekce.txt",
            content_type="text/plain",
            size=1,
            sha256=hashlib.sha256(b"x").hexdigest(),
        )
        joining.settle(with_file, away)
    assert refetch(with_file).status == MailStatus.WAITING


def test_an_automatic_mail_that_answers_nothing_of_ours_waits_at_the_desk(
    cast: Cast, sink: Sink, post: Post
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "bildirim@bakanlik.example", REPLIES, "Yeni başvuru"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("Size bir başvuru iletilmiştir.")
    row = post.arrives(mail)
    assert (row.kind, row.status) == (Kind.AUTO_REPLY, MailStatus.WAITING)


def test_a_list_joins_nothing(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    mail = post.arrives(reply_to(asked(case, cast, post, sink), List_Id="<muhtarlar.example.org>"))
    assert (mail.kind, mail.status, wrote(case)) == (Kind.LIST, MailStatus.WAITING, 0)


def test_what_was_returned_is_marked_and_who_has_the_case_calls_instead(
    cast: Cast, sink: Sink, post: Post
) -> None:
    case = case_of(cast)
    question = asked(case, cast, post, sink)
    mail = post.arrives(returned(question))
    with system():
        notice = Notice.objects.get(complaint=case, kind="MESSAGE", status=NoticeStatus.SENT)
        message = Message.objects.get(pk=notice.message_id)
    assert (message.status, message.last_error) == (
        Message.Status.FAILED,
        "returned: 550 5.1.1 … user unknown",
    )
    assert (mail.kind, mail.status) == (Kind.BOUNCE, MailStatus.SET_ASIDE)
    assert refetch(case).status == case.status
    assert report_undelivered() == 1
    assert report_undelivered() == 0, "once"
    assert lines(case, EventType.NOT_DELIVERED) == 1
    for person in (cast.fen_head, cast.office_head):
        assert heard(person).count("complaints/undelivered") == 1


def test_a_message_that_did_not_reach_an_applicant_is_reported_to_who_keeps_the_programme(
    cast: Cast, sink: Sink, post: Post
) -> None:
    request = make_request(cast.mayors, applicant=make_citizen(email=AYSE))
    with system():
        write_to_applicant(refetch(request), by=None, body="Kaç kişi geleceksiniz?", means="EMAIL")
    post.send()
    post.arrives(returned(sink.mails[-1]))
    assert (report_requests(), report_requests()) == (1, 0)
    with system():
        assert RequestLine.objects.filter(request=request, verb="not_delivered").count() == 1
    assert "appointments/undelivered" in heard(cast.secretary)


def test_a_report_that_proves_nothing_marks_no_message_and_waits(cast: Cast, sink: Sink, post: Post) -> None:
    """It must name our very message and whom that went to, and there must be something to mark."""
    question = asked(case_of(cast), cast, post, sink)
    other = returned(question).replace(AYSE.encode(), b"baska@example.org")
    stranger = EmailMessage()
    stranger["Message-ID"] = "<kimse@example.org>"
    by_tag = f"To: {question['Reply-To']}\n".encode() + returned(stranger)
    delayed = returned(question, action="delayed").replace(AYSE.encode(), b"baska@example.org")
    for forged in (other, by_tag, delayed):
        row = post.arrives(forged)
        assert (row.kind, row.status) == (Kind.BOUNCE, MailStatus.WAITING)
    with system():
        assert not Message.objects.filter(status=Message.Status.FAILED).exists()
    assert post.arrives(returned(question)).status == MailStatus.SET_ASIDE
    again = post.arrives(returned(question, "smtp; 550 5.1.1 once more"))
    assert again.status == MailStatus.WAITING, "nothing was left to mark"


def test_what_is_only_delayed_has_not_failed(cast: Cast, sink: Sink, post: Post) -> None:
    case = case_of(cast)
    question = asked(case, cast, post, sink)
    mail = post.arrives(returned(question, "smtp; 451 later", "delayed"))
    with system():
        assert not Message.objects.filter(status=Message.Status.FAILED).exists()
    assert mail.status == MailStatus.SET_ASIDE


def test_a_report_about_nothing_of_ours_waits_at_the_desk(cast: Cast, sink: Sink, post: Post) -> None:
    stranger = EmailMessage()
    stranger["Message-ID"] = "<kimse@example.org>"
    mail = post.arrives(returned(stranger))
    assert (mail.kind, mail.status) == (Kind.BOUNCE, MailStatus.WAITING)


def test_a_report_nested_a_thousand_deep_waits_at_the_desk(cast: Cast, sink: Sink, post: Post) -> None:
    raw = b"From: MAILER-DAEMON@mx.example\r\nX-Failed-Recipients: ayse@example.org\r\n"
    mail = post.arrives(raw + NESTED)
    assert (mail.kind, mail.status) == (Kind.BOUNCE, MailStatus.WAITING)


def test_a_refusal_of_the_matter_loses_no_mail(
    cast: Cast, sink: Sink, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **facts: object) -> None:
        raise DomainError(ErrorCode.WRONG_STATE, "no")

    case = case_of(cast)
    question = asked(case, cast, post, sink)
    monkeypatch.setattr(citizens, "wrote", refuse)
    mail = post.arrives(reply_to(question))
    assert (mail.status, mail.complaint_id) == (MailStatus.WAITING, None)
    assert wrote(case) == 0


# -- no loops -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("manners", [{"Auto_Submitted": "auto-replied"}, {}], ids=["polite", "rude"])
def test_two_robots_do_not_talk_to_each_other(
    manners: dict[str, str], cast: Cast, sink: Sink, post: Post
) -> None:
    """Theirs answers whatever it gets, at once and through both directions; ours sends and reads as the worker does."""
    case = case_of(cast)
    say(case, "message", by=cast.fen_clerk, body="Hangi sokak?", means=DeliveryMethod.EMAIL)
    answered = 0
    for _round in range(50):
        post.send()
        fresh, answered = sink.mails[answered:], len(sink.mails)
        for number, mail in enumerate(fresh):
            if str(mail["To"]) == AYSE:
                post.arrives(reply_to(mail, f"Otomatik yanıt {answered} {number}", **manners))
        if not fresh:
            break
    ours = [mail for mail in sink.mails if str(mail["To"]) == AYSE]
    assert len(ours) == 1, "our side answers no mail by itself"
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in sink.mails)


def test_even_a_deed_that_would_answer_every_mail_stops(
    cast: Cast, sink: Sink, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should a program of a portal answer each mail, the limit of an address ends it within the hour."""
    monkeypatch.setattr(jobs, "MOST_AN_HOUR", 5)
    case = case_of(cast)
    question = asked(case, cast, post, sink)
    waiting: list[EmailMessage] = [question]
    for number in range(20):
        if not waiting:
            break
        post.arrives(reply_to(waiting.pop(), f"Robot {number}"))
        say(case, "message", by=cast.fen_clerk, body="Cevabınız alındı.", means=DeliveryMethod.EMAIL)
        before = len(sink.mails)
        with system():
            left = list(Message.objects.filter(status="WAITING", address=AYSE).values_list("pk", flat=True))
        for pk in left:
            try:
                jobs.deliver(message_id=str(pk))
            except TryAgain:
                continue
        waiting += sink.mails[before:]
    assert len([mail for mail in sink.mails if str(mail["To"]) == AYSE]) == 5


def test_a_made_case_answers_in_the_thread_of_its_mail(cast: Cast, sink: Sink, post: Post) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = AYSE, REPLIES, "Çukur"
    mail["Message-ID"] = "<ilk@example.org>"
    mail.set_content("Sokağımızda çukur var.")
    row = post.arrives(mail)
    citizen = make_citizen(email=AYSE)
    case = make_complaint(
        applicant=citizen, receipt=True, registered_at=timezone.now() - dt.timedelta(seconds=1)
    )
    with system():
        InboundMessage.objects.filter(pk=row.pk).update(status=MailStatus.MADE, complaint=case)
    post.send()
    assert str(sink.mails[-1]["In-Reply-To"]) == "<ilk@example.org>"
