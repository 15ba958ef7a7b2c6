"""What a mail is: a table of mails as servers and programs send them, and that no mail can break the recognition."""

from __future__ import annotations

import email
import random
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage

import pytest

from backend.mailboxes.choices import Kind
from backend.mailboxes.recognition import Bounced, bounce_of, is_only_thanks, kind_of

OURS = "<0b9f6a3e-6f0e-4a52-9d59-2f4f3b6c1a77@sancaktepe.example>"
AYSE = "ayse@example.org"


@dataclass(frozen=True)
class Mail:
    """A mail of the table: its headers, its text or its whole body, and what it is."""

    name: str
    kind: Kind
    headers: str
    body: str = "Merhaba, sokağımızdaki çukur hâlâ duruyor.\n"
    bounced: Bounced | None = None


def person(name: str, headers: str = "", body: str = "", kind: Kind = Kind.MESSAGE) -> Mail:
    subject = "" if "Subject:" in headers else "\nSubject: Re: 2027/15"
    sender = "" if "From:" in headers else f"\nFrom: Ayşe <{AYSE}>"
    text = body or "Merhaba, sokağımızdaki çukur hâlâ duruyor.\n"
    return Mail(name, kind, f"{headers}{sender}{subject}".strip(), text)


def auto(name: str, headers: str, body: str = "") -> Mail:
    return person(name, headers, body, Kind.AUTO_REPLY)


def listed(name: str, headers: str) -> Mail:
    return person(name, headers, kind=Kind.LIST)


def report(
    name: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 <ayse@example.org>: user unknown",
    headers: str = "From: MAILER-DAEMON@mx.example (Mail System)\nSubject: Undelivered Mail Returned to Sender",
    original: str = f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\nSubject: Konu\n\nMetin\n",
    recipient: str = f"Final-Recipient: rfc822; {AYSE}",
    kind: Kind = Kind.BOUNCE,
    reason: str = "550 5.1.1 <ayse@example.org>: user unknown",
    message_id: str = OURS,
    kind_of_status: str = "message/delivery-status",
) -> Mail:
    status_part = f"Content-Type: {kind_of_status}\n\nReporting-MTA: dns; mx.example\n\n{recipient}\n"
    status_part += f"Action: {action}\nStatus: {status}\n" + (f"Diagnostic-Code: {words}\n" if words else "")
    parts = [
        "Content-Type: text/plain\n\nThis is the mail system at host mx.example.\n",
        status_part,
        original,
    ]
    body = "".join(f"--x\n{part}\n" for part in parts if part) + "--x--\n"
    head = f"{headers}\nReturn-Path: <>\nMIME-Version: 1.0"
    head += '\nContent-Type: multipart/report; report-type=delivery-status; boundary="x"'
    is_returned = action.lower() in ("failed", "delayed")
    bounced = Bounced(message_id, AYSE, reason, action.lower() == "failed") if is_returned else None
    return Mail(name, kind, head, body, bounced)


def returned(
    name: str, headers: str, body: str, *, reason: str, message_id: str = OURS, is_permanent: bool = True
) -> Mail:
    return Mail(name, Kind.BOUNCE, headers, body, Bounced(message_id, AYSE, reason, is_permanent))


MAILS = [
    # -- people
    person("a reply"),
    person("a reply that says it is no automatic one", "Auto-Submitted: no"),
    person("a subject about an absence", "Subject: Ofis dışında kimse yok, kapı kapalı"),
    person("a subject that begins as automatic replies do", "Subject: Otomatik yanıt: size yazdım"),
    person("an English one", "Subject: Out of office hours no one answers"),
    person("a subject about mail that did not arrive", "Subject: E-postam iletilemedi mi?"),
    person(
        "a person who writes of bounces",
        "Subject: Undelivered Mail",
        f"Message-ID: {OURS}\n550 5.1.1 diyor\n",
    ),
    person("high importance", "X-Priority: 1\nPrecedence: first-class"),
    person("a receipt is asked for", "Disposition-Notification-To: ayse@example.org"),
    person("an address that only begins like a machine's", "From: Noreen <noreen@example.org>"),
    person("a program that sends under no-reply, with words of a person", "From: noreply@kurum.example"),
    person("Exchange suppresses answers to a person's mail", "X-Auto-Response-Suppress: DR, OOF, AutoReply"),
    person("no subject and no sender", "Subject:\nFrom:"),
    person("a loop header of a forward", "X-Loop: ayse@example.org"),
    person("X-Autoreply says no", "X-Autoreply: no"),
    # -- machines that answer
    auto("RFC 3834", "Auto-Submitted: auto-replied"),
    auto("RFC 3834 with a parameter", 'Auto-Submitted: auto-replied; owner-email="ayse@example.org"'),
    auto("RFC 3834 with a comment, in capitals", "Auto-Submitted: AUTO-REPLIED (vacation)"),
    auto("generated", "Auto-Submitted: auto-generated"),
    auto("notified", "Auto-Submitted: auto-notified"),
    auto("Gmail's absence", "Precedence: bulk\nX-Autoreply: yes\nSubject: İzindeyim Re: 2027/15"),
    auto(
        "Exchange's absence",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nSubject: Otomatik yanıt: 2027/15",
    ),
    auto("an Exchange rule", "X-MS-Exchange-Inbox-Rules-Loop: ayse@example.org"),
    auto("an Exchange server", "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"),
    auto("X-Autorespond", "X-Autorespond: vacation"),
    auto("cPanel", "X-Autoresponder: 1\nX-Precedence: auto_reply"),
    auto("Precedence: auto_reply", "Precedence: auto_reply"),
    auto("Precedence: junk", "Precedence: junk"),
    auto("no envelope sender", "Return-Path: <>"),
    auto("no envelope sender, with a blank", "Return-Path: < >"),
    auto("cron", "X-Cron-Env: <SHELL=/bin/sh>"),
    auto(
        "two weak signs: subject and header",
        "Subject: Otomatik Cevap: 2027/15\nX-Auto-Response-Suppress: OOF",
    ),
    auto("two weak signs: capitals with İ", "Subject: OTOMATİK YANIT: 2027/15\nFrom: no-reply@kurum.example"),
    auto(
        "two weak signs: English", "Subject: Automatic reply: 2027/15\nFrom: Auto <autoreply@kurum.example>"
    ),
    auto("an Outlook absence class", "X-POST-MessageClass: 9; Autoresponder"),
    Mail(
        "it was read (RFC 8098)",
        Kind.AUTO_REPLY,
        f"From: {AYSE}\nSubject: Okundu: 2027/15\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="x"',
        "--x\nContent-Type: text/plain\n\nOkundu\n--x\nContent-Type: message/disposition-notification\n\n"
        f"Original-Message-ID: {OURS}\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--x--\n",
    ),
    Mail(
        "it was called spam (RFC 5965)",
        Kind.AUTO_REPLY,
        "From: fbl@posta.example\nSubject: FW: 2027/15\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="x"',
        "--x\nContent-Type: text/plain\n\nAn abuse report.\n--x\nContent-Type: message/feedback-report\n\n"
        f"Feedback-Type: abuse\n\n--x\nContent-Type: message/rfc822\n\nMessage-ID: {OURS}\n\nMetin\n--x--\n",
    ),
    report("delivered", action="delivered", status="2.0.0", words="", kind=Kind.AUTO_REPLY),
    report("relayed", action="relayed", status="2.0.0", words="", kind=Kind.AUTO_REPLY),
    # -- lists
    listed("a list", "List-Id: Muhtarlar <muhtarlar.example.org>"),
    listed("a newsletter", "List-Unsubscribe: <https://bulten.example/cik>\nPrecedence: bulk"),
    listed("Precedence: list", "Precedence: list"),
    listed("an old list", "Mailing-List: contact muhtarlar-help@example.org"),
    listed("a digest that a machine makes", "Auto-Submitted: auto-generated\nList-Id: <x.example.org>"),
    # -- returned, with a report
    report("Postfix"),
    report(
        "Postfix, headers alone",
        original=f"Content-Type: text/rfc822-headers\n\nFrom: a@b.example\nMessage-Id: {OURS}\n",
    ),
    report(
        "Sendmail",
        headers="From: Mail Delivery <MAILER-DAEMON@mx.example>\nSubject: Returned mail: see transcript",
    ),
    report(
        "Gmail",
        headers="From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\n"
        f"Subject: Delivery Status Notification (Failure)\nIn-Reply-To: {OURS}\nReferences: {OURS}\n"
        f"X-Failed-Recipients: {AYSE}",
    ),
    report(
        "Exchange: the report names no mail, its own headers do",
        headers=f"From: postmaster@kurum.example\nSubject: Iletilemedi: 2027/15\nIn-Reply-To: {OURS}",
        original="",
        words="smtp;550 5.7.1 RESOLVER.RST.NotAuthorized",
        reason="550 5.7.1 RESOLVER.RST.NotAuthorized",
    ),
    report(
        "a full mailbox",
        status="5.2.2",
        words="smtp; 552 5.2.2 Mailbox full",
        reason="552 5.2.2 Mailbox full",
    ),
    report("delayed", action="delayed", status="4.4.1", words="", reason="4.4.1"),
    report("in capitals", action="FAILED", words="SMTP; 550 no such user", reason="550 no such user"),
    report("without a diagnosis", words="", reason="5.1.1"),
    report("international", kind_of_status="message/global-delivery-status"),
    report(
        "the address as it was written",
        recipient=f"Original-Recipient: rfc822;{AYSE}\nFinal-Recipient: rfc822;a.b@ic.example",
    ),
    report("which mail is left open", original="", message_id=""),
    # -- returned, of before reports
    returned(
        "qmail",
        "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nReturn-Path: <>",
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
        f"<{AYSE}>:\n550 sorry, no mailbox here by that name (#5.1.1)\n\n"
        f"--- Below this line is a copy.\n\nMessage-ID: {OURS}\n",
        reason="550 sorry, no mailbox here by that name (#5.1.1)",
    ),
    returned(
        "Exim",
        f"From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: {AYSE}\n"
        "Auto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender",
        f"This message was created automatically by mail delivery software.\n\n  {AYSE}\n    550 Unknown user\n\n"
        f"------ This is a copy of the message ------\n\nMessage-Id: {OURS}\n",
        reason="550 Unknown user",
    ),
    returned(
        "Exim still tries",
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\n"
        "Auto-Submitted: auto-replied\nSubject: Warning: message 1abc-2 delayed 24 hours",
        f"This message was created automatically by mail delivery software.\n  {AYSE}\n"
        f"    Delay reason: 451 try later\n"
        f"Message-Id: {OURS}\n",
        reason="451 try later",
        is_permanent=False,
    ),
    returned(
        "Lotus Notes",
        "From: Postmaster@kurum.example\nSubject: DELIVERY FAILURE: User ayse not listed in Directory",
        f"Your message could not be delivered to {AYSE} because:\n\n550 not listed\n\nMessage-ID: {OURS}\n",
        reason="550 not listed",
    ),
    returned(
        "a Turkish server",
        "From: postmaster@posta.example\nSubject: =?utf-8?b?xLBsZXRpbGVtZWRpOiAyMDI3LzE1?=",
        f"İletiniz şu alıcıya iletilemedi: {AYSE}\n550 5.1.1 Kullanıcı bulunamadı\n\nMessage-ID: {OURS}\n",
        reason="550 5.1.1 Kullanıcı bulunamadı",
    ),
    returned(
        "Yahoo, without the mail",
        "From: MAILER-DAEMON@yahoo.example\nSubject: Failure Notice",
        f"Sorry, we were unable to deliver your message to the following address.\n\n<{AYSE}>:\n554: delivery error\n",
        reason="Failure Notice",
        message_id="",
    ),
]


def built(mail: Mail) -> EmailMessage:
    raw = f"{mail.headers}\n\n{mail.body}".encode()
    found = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_what_a_mail_is(mail: Mail) -> None:
    message = built(mail)
    assert kind_of(message) is mail.kind
    assert bounce_of(message) == mail.bounced


def test_the_table_is_large_enough_and_has_every_kind() -> None:
    assert len({mail.name for mail in MAILS}) == len(MAILS) >= 40
    assert {mail.kind for mail in MAILS} == set(Kind) - {Kind.REFUSAL, Kind.VOID}  # of text messages


def test_our_own_mails_are_automatic_to_the_other_side() -> None:
    ours = Mail("ours", Kind.AUTO_REPLY, "From: ozelkalem@sancaktepe.example\nAuto-Submitted: auto-generated")
    assert kind_of(built(ours)) is Kind.AUTO_REPLY


def test_a_mail_inside_a_mail_does_not_speak_for_it() -> None:
    """A citizen forwards what was returned to them: it is the citizen's mail."""
    inner = report("x")
    message = EmailMessage()
    message["From"], message["Subject"] = AYSE, "İlt: iletilemedi"
    message.set_content("Size yazdığım geri geldi.")
    message.add_attachment(built(inner))
    assert kind_of(message) is Kind.MESSAGE
    assert bounce_of(message) is None


BROKEN = [
    b"",
    b"\x00\xff\xfe",
    b"From: =?utf-8?q?=FF?= <\nSubject: =?x-none?b?!!!?=\n\n\x80",
    b"Content-Type: multipart/report\n\nno boundary",
    b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n--x",
    b"Content-Type: message/delivery-status\n\nAction: failed\n",
    b"From: mailer-daemon@x\nSubject: failure notice\nContent-Type: text/plain; charset=x-unknown-9\n\n\xfd\xfe",
    b"Content-Type: ;;;=\nContent-Transfer-Encoding: base64\nReturn-Path: <>\n\n%%%",
    b"From: " + b"<" * 5000 + b"\nAuto-Submitted: \n\n",
    b'To: "' + b"a" * 70000 + b"@\n\n" + b"a." * 60000 + b"@",
    b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\nContent-Type: text/plain\n\na\n" * 1000,
]


@pytest.mark.parametrize("raw", BROKEN, ids=range(len(BROKEN)))
def test_nothing_that_arrives_breaks_it(raw: bytes) -> None:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert kind_of(message) in Kind
    found = bounce_of(message)
    assert found is None or "\n" not in found.reason


def test_no_damage_to_a_mail_breaks_it() -> None:
    """Bytes of each mail of the table taken out, doubled and changed, at places that are the same every time."""
    chance = random.Random(20270115)
    for mail in MAILS:
        raw = bytearray(f"{mail.headers}\n\n{mail.body}".encode())
        for _round in range(20):
            damaged = bytearray(raw)
            for _step in range(8):
                at = chance.randrange(len(damaged))
                damaged[at : at + chance.randrange(3)] = bytes(
                    chance.randrange(256) for _ in range(chance.randrange(3))
                )
            assert kind_of(email.message_from_bytes(bytes(damaged), policy=policy.default)) in Kind


@pytest.mark.parametrize(
    ("text", "is_thanks"),
    [
        ("Teşekkürler", True),
        ("TEŞEKKÜR EDERİM, İYİ ÇALIŞMALAR", True),
        ("Çok teşekkür ederiz, Allah razı olsun 🙏", True),
        ("İlginiz için teşekkürler. Saygılarımla", True),
        ("Thank you very much!", True),
        ("Sağ olun", False),
        ("Sağolun, kolay gelsin", True),
        ("Teşekkürler ama çukur hâlâ duruyor", False),
        ("Teşekkürler, fotoğraf ektedir", False),
        ("Sorun çözülmedi", False),
        ("Saygılarımla", False),
        ("", False),
        ("👍", False),
    ],
)
def test_thanks_are_no_question(text: str, is_thanks: bool) -> None:
    assert is_only_thanks(text) is is_thanks
