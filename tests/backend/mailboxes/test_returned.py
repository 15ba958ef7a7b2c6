"""Where a message of ours is returned to, and what comes there: known by its address, whatever the report says."""

from __future__ import annotations

import uuid
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings

from backend.complaints.jobs import report_undelivered
from backend.core.session import system
from backend.mailboxes.choices import Kind
from backend.mailboxes.choices import Status as MailStatus
from backend.outbox import threads
from backend.outbox.models import Message
from tests.backend.core.test_outbox import Sink
from tests.backend.core.test_outbox import post as posted
from tests.backend.mailboxes.test_settling import (  # noqa: F401 - fixtures of each test
    REPLIES,
    Post,
    asked,
    box,
    case_of,
    post,
    sink,
)
from tests.cast import Cast

OURS = "Özel Kalem <ozelkalem@sancaktepe.example>"


@pytest.fixture(autouse=True)
def ours(settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = OURS


def report(to: str, text: str, subject: str = "Posta hatası", **headers: str) -> EmailMessage:
    """What a server writes without naming our message, or whom it was to."""
    mail = EmailMessage()
    mail["Return-Path"], mail["From"], mail["To"], mail["Subject"] = "<>", "postaci@mx.example", to, subject
    mail["Message-ID"] = f"<{uuid.uuid4()}@mx.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def statuses() -> set[str]:
    with system():
        return set(Message.objects.values_list("status", flat=True))


def test_the_envelope_bears_the_message_and_the_sender_stays(cast: Cast, sink: Sink, post: Post) -> None:  # noqa: F811
    question = asked(case_of(cast), cast, post, sink)
    assert "ozelkalem@sancaktepe.example" in str(question["From"])
    for mail, sender in zip(sink.mails, sink.senders, strict=True):
        name, _at, domain = sender.partition("@")
        assert domain == "sancaktepe.example"
        assert len(name) <= 64
        assert f"<{threads.returned_in(sender)}@" in str(mail["Message-ID"])
        assert threads.tag_in(sender) == ""
    assert len(set(sink.senders)) == len(sink.mails)


def test_an_address_that_was_made_up_is_none(settings: Settings) -> None:
    settings.REPLY_MAILBOX = REPLIES
    address = threads.return_address(Message(pk=uuid.uuid4()))
    key = threads.returned_in(address)
    assert key is not None
    assert threads.returned_in(f"  {address.upper()} ") == key, "servers change letters"
    name, _plus, tag = address.partition("@")[0].partition("+")
    turned = ("a" if tag[0] != "a" else "b") + tag[1:]
    for wrong in (
        f"{name}+{turned}@x.example",
        f"{name}+{tag[:-1]}@x.example",
        f"{name}+ğ@x.example",
        "",
        "x@y",
    ):
        assert threads.returned_in(wrong) is None
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another key of the installation",
    )
    assert threads.returned_in(address) == key, "what was sent before the key was changed"
    settings.SECRET_KEY_FALLBACKS = []
    assert threads.returned_in(address) is None


@pytest.mark.parametrize("mailbox", ["", "cevap@baska.example", f"{'c' * 40}@sancaktepe.example"])
def test_without_a_mailbox_of_the_senders_domain_it_is_returned_to_the_sender(
    mailbox: str,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
    settings: Settings,
) -> None:
    settings.REPLY_MAILBOX = mailbox
    posted()
    post.send()
    assert sink.senders == ["ozelkalem@sancaktepe.example"]


async def _at_sender(
    kept: Sink, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
) -> str:
    if "+" in address:
        return "553 5.7.1 not owned by this user"
    envelope.mail_from = address
    return "250 OK"


async def _at_recipient(
    kept: Sink, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
) -> str:
    """As Postfix does, which delays its refusals."""
    if "+" in str(envelope.mail_from):
        return "553 5.7.1 <ozelkalem@sancaktepe.example>: Sender address rejected: not owned by user"
    envelope.rcpt_tos.append(address)
    return "250 OK"


_KEEP = Sink.handle_DATA


async def _at_content(kept: Sink, server: SMTP, session: Session, envelope: Envelope) -> str:
    """As Exchange does, which compares the sender with what the mail says."""
    if "+" in str(envelope.mail_from):
        return "554 5.2.252 SendAsDenied"
    return await _KEEP(kept, server, session, envelope)


@pytest.mark.parametrize(
    ("step", "refuse"),
    [("handle_MAIL", _at_sender), ("handle_RCPT", _at_recipient), ("handle_DATA", _at_content)],
)
def test_a_server_that_allows_the_accounts_address_alone_gets_that(
    step: str,
    refuse: object,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Sink, step, refuse, raising=False)
    posted()
    post.send()
    assert (sink.senders, statuses()) == (["ozelkalem@sancaktepe.example"], {"SENT"})


@pytest.mark.parametrize(
    ("text", "is_failed"),
    [
        ("Bu adres yok. 550 5.1.1", True),
        ("Kutu dolu 552-5.2.2", True),
        ("Your message is delayed and still being retried: 450 4.2.0", False),
    ],
)
def test_a_report_that_names_nothing_is_joined_to_its_message(
    text: str,
    is_failed: bool,
    cast: Cast,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
) -> None:
    asked(case_of(cast), cast, post, sink)
    mail = post.arrives(report(sink.senders[-1], text))
    assert (mail.kind, mail.status) == (Kind.BOUNCE, MailStatus.SET_ASIDE)
    assert ("FAILED" in statuses()) == is_failed
    assert report_undelivered() == int(is_failed), "who has the case calls instead"


def test_what_answers_for_a_person_there_returns_nothing(cast: Cast, sink: Sink, post: Post) -> None:  # noqa: F811
    """Programs that say that one is away write to the envelope's sender (RFC 3834)."""
    asked(case_of(cast), cast, post, sink)
    away = report(sink.senders[-1], "İzindeyim.", "Otomatik yanıt: soru", Auto_Submitted="auto-replied")
    mail = post.arrives(away)
    assert (mail.kind, mail.status, "FAILED" in statuses()) == (Kind.AUTO_REPLY, MailStatus.SET_ASIDE, False)


@pytest.mark.parametrize(
    "text", ["Talebiniz 4512 numara ile alındı.", "Ich bin bis 5.12.2027 abwesend.", "Kutu dolu"]
)
def test_a_robot_there_that_names_no_code_returns_nothing_and_waits(
    text: str,
    cast: Cast,
    sink: Sink,  # noqa: F811
    post: Post,  # noqa: F811
) -> None:
    asked(case_of(cast), cast, post, sink)
    mail = post.arrives(report(sink.senders[-1], text, "Automatische Antwort"))
    assert (mail.kind, mail.status, "FAILED" in statuses()) == (Kind.AUTO_REPLY, MailStatus.WAITING, False)


def test_a_person_who_writes_there_waits_at_the_desk(cast: Cast, sink: Sink, post: Post) -> None:  # noqa: F811
    asked(case_of(cast), cast, post, sink)
    letter = report(sink.senders[-1], "Neden cevap yok?")
    letter.replace_header("Return-Path", "<baska@posta.example>")
    letter.replace_header("From", "baska@posta.example")
    mail = post.arrives(letter)
    assert (mail.kind, mail.status, "FAILED" in statuses()) == (Kind.MESSAGE, MailStatus.WAITING, False)
