"""What citizens write to the municipality by e-mail: an application that is answered in one conversation, a wish for an
appointment, and a petition that is registered as an incoming letter. No one copies a text between programs."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

import pytest
from django.core import mail as outgoing
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.core.localtime import local_date
from backend.core.session import system
from backend.mailboxes import intake
from backend.mailboxes.models import InboundMessage, Mailbox
from backend.outbox import jobs
from backend.outbox.models import Message as Sent
from schema.core.nodes import global_id
from tests.backend.mailboxes.corpus import PNG
from tests.backend.mailboxes.rows import make_mailbox
from tests.cast import Cast
from tests.factories import make_organisation
from tests.schema.client import Asking

BOX, HOST = "baskanlik@belediye.example", "imap.belediye.example"
AYSE = "ayse@posta.example"


class Post:
    """The mail server between the citizen and us."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox, self.number = mailbox, 0

    def brings(self, message: EmailMessage, ago: dt.timedelta = dt.timedelta()) -> InboundMessage:
        """A mail arrives, as the worker fetches it."""
        self.number += 1
        message["Authentication-Results"] = f"{HOST}; dmarc=pass"
        with system():
            row = intake.keep(
                self.mailbox,
                message.as_bytes(),
                uid_validity=1,
                uid=self.number,
                received_at=timezone.now() - ago,
            )
        assert row is not None
        return row

    def takes(self) -> Message:
        """What waits leaves; the last of it."""
        with system():
            waiting = Sent.objects.filter(status=Sent.Status.WAITING).order_by("created_at")
            keys = list(waiting.values_list("pk", flat=True))
        for key in keys:
            jobs.deliver(message_id=str(key))
        last: Message = message_from_bytes(outgoing.outbox[-1].message().as_bytes(), policy=default)
        assert AYSE in str(last["To"])
        return last


@pytest.fixture
def post(cast: Cast, settings: Settings) -> Post:
    settings.REPLY_MAILBOX = BOX
    return Post(make_mailbox(cast.office, address=BOX, host=HOST))


def written(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ayşe Işık <{AYSE}>", BOX, subject
    message["Message-ID"] = f"<{abs(hash((subject, text)))}@posta.example>"
    message.set_content(text)
    return message


def reply_to(mail: Message, text: str) -> EmailMessage:
    """What a mail program makes of pressing “reply”."""
    message = written(f"Re: {mail['Subject']}", text)
    message.replace_header("To", str(mail["Reply-To"]))
    message["In-Reply-To"] = str(mail["Message-ID"])
    message["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
    return message


def says(asking: Asking, mutation: str, id: str, fields: str = "", **facts: Any) -> dict[str, Any]:
    answer = asking.does(mutation, fields, id=id, **facts)
    assert answer["errors"] == []
    return answer


def on_the_desk(asking: Asking) -> dict[str, Any]:
    """The one mail that waits, with the step that is next for it."""
    query = "{ nextUp(first: 5, source: MAILS) { items { id title verb } } }"
    (item,) = asking.data(query)["nextUp"]["items"]
    found: dict[str, Any] = item
    return found


def test_a_case_is_brought_asked_about_and_answered_by_mail(cast: Cast, post: Post) -> None:
    office, clerk = Asking(cast.secretary), Asking(cast.fen_clerk)
    first = written("Kaldırımda çukur", "Okulun önündeki kaldırımda çukur var.")
    first.add_attachment(PNG, "image", "png", filename="cukur.png")
    post.brings(first, dt.timedelta(days=2))

    item = on_the_desk(office)
    assert (item["title"], item["verb"]) == ("Kaldırımda çukur", "MAKE_CASE")
    seen = "inboundMessage { complaint { id reference registeredAt attachments { name } } }"
    case = says(office, "inboundMessageMakeCase", item["id"], seen, kind="COMPLAINT")["inboundMessage"][
        "complaint"
    ]
    assert [file["name"] for file in case["attachments"]] == ["cukur.png"]
    assert dt.datetime.fromisoformat(case["registeredAt"]) < timezone.now() - dt.timedelta(days=1)
    assert case["reference"] in str(post.takes()["Subject"])

    says(office, "complaintCorrect", case["id"], regime="SERVICE_REQUEST")  # a pothole is no petition
    says(office, "complaintRoute", case["id"], to=global_id(cast.fen))
    says(clerk, "complaintAccept", case["id"])
    says(clerk, "complaintPutOnHold", case["id"], **{"for": "CITIZEN"})
    says(office, "complaintMessage", case["id"], body="Hangi okulun önünde?", means="EMAIL")
    question = post.takes()
    assert first["Message-ID"] in str(question["References"])

    answer = reply_to(question, "Yunus Emre İlkokulu.")
    assert post.brings(answer).status == "JOINED"
    status = (
        "query ($i: ID!) { node(id: $i) { ... on Complaint { status conversation(first: 9) { text } } } }"
    )
    shown = clerk.data(status, i=case["id"])["node"]
    assert shown["status"] == "IN_PROGRESS"
    assert "Yunus Emre İlkokulu." in [message["text"] for message in shown["conversation"]]

    says(clerk, "complaintDraft", case["id"], body="Çukur kapatılmıştır.")
    says(clerk, "complaintSubmit", case["id"])
    says(office, "complaintApproveAndSend", case["id"], means="EMAIL")
    reply = post.takes()
    assert str(reply["In-Reply-To"]) == answer["Message-ID"]
    assert question["Message-ID"] in str(reply["References"])

    before = office.data(status, i=case["id"])["node"]["status"]
    post.brings(reply_to(reply, "Teşekkür ederim."))
    assert office.data(status, i=case["id"])["node"]["status"] == before
    with system():
        assert not Sent.objects.filter(
            status=Sent.Status.WAITING, channel=Sent.Channel.EMAIL, address=AYSE
        ).exists()


def test_an_appointment_is_wished_for_by_mail(cast: Cast, post: Post) -> None:
    with system():
        Mailbox.objects.update(purpose="APPOINTMENTS")
    post.brings(written("Nezaket ziyareti", "Beş kişi gelmek istiyoruz."))
    office = Asking(cast.secretary)
    item = on_the_desk(office)
    assert item["verb"] == "MAKE_REQUEST"
    facts = {"principal": global_id(cast.mayors), "kind": "COURTESY", "partySize": 5}
    seen = "inboundMessage { status appointmentRequest { reference status partySize channel } }"
    made = says(office, "inboundMessageMakeRequest", item["id"], seen, **facts)["inboundMessage"]
    request = made["appointmentRequest"]
    assert (made["status"], request["status"], request["partySize"], request["channel"]) == (
        "MADE", "NEW", 5, "EMAIL"
    )  # fmt: skip
    receipt = post.takes()
    assert request["reference"] in str(receipt["Subject"])
    assert post.brings(reply_to(receipt, "Öğleden sonra bizim için daha uygundur.")).status == "JOINED"


def test_a_petition_by_mail_is_an_incoming_letter(cast: Cast, post: Post) -> None:
    with system():
        Mailbox.objects.update(purpose="LETTERS")
    mail = post.brings(written("Dilekçem", "Ruhsat dosyamın örneğini istiyorum."), dt.timedelta(days=3))
    office = Asking(cast.secretary)
    item = on_the_desk(office)
    assert item["verb"] == "MAKE_LETTER"
    last = local_date(mail.received_at) + dt.timedelta(days=30)
    seen = "inboundMessage { letter { reference register subject sender answerUntil } }"
    made = says(office, "inboundMessageMakeLetter", item["id"], seen, answerUntil=last.isoformat())
    letter = made["inboundMessage"]["letter"]
    assert letter["reference"].startswith("GL")
    assert (letter["register"], letter["subject"], letter["sender"]) == ("INCOMING", "Dilekçem", "Ayşe Işık")
    assert letter["answerUntil"] == last.isoformat()
    assert office.data("{ nextUp(first: 5, source: MAILS) { items { id } } }")["nextUp"]["items"] == []


def test_what_is_asked_about_a_petition_is_answered_in_its_thread(cast: Cast, post: Post) -> None:
    """The petition is a letter, and is answered by one; a question about it and its reply are messages about it."""
    with system():
        Mailbox.objects.update(purpose="LETTERS")
    petition = written("Dilekçem", "Ruhsat dosyamın örneğini istiyorum.")
    post.brings(petition, dt.timedelta(days=3))
    office = Asking(cast.secretary)
    seen = "inboundMessage { letter { id reference } }"
    made = says(office, "inboundMessageMakeLetter", on_the_desk(office)["id"], seen)["inboundMessage"][
        "letter"
    ]
    says(office, "letterMessage", made["id"], body="Dosya numaranız nedir?")
    question = post.takes()
    assert str(question["Subject"]) == "Ynt: Dilekçem"
    assert str(question["In-Reply-To"]) == petition["Message-ID"]
    says(office, "letterComment", made["id"], body="Arşivden çıkarılıyor.")

    answer = reply_to(question, "2014/77 numaralı dosya.")
    assert post.brings(answer).status == "JOINED"
    say = "query($i: ID!) { letterConversation(letter: $i, first: 9) { nodes { direction text delivery isShown } } }"
    nodes = office.data(say, i=made["id"])["letterConversation"]["nodes"]
    assert [(one["direction"], one["text"], one["isShown"]) for one in nodes] == [
        ("IN", "Ruhsat dosyamın örneğini istiyorum.", True),
        ("OUT", "Dosya numaranız nedir?", True),
        ("NOTE", "Arşivden çıkarılıyor.", False),
        ("IN", "2014/77 numaralı dosya.", True),
    ]
    assert nodes[1]["delivery"] == "SENT"
    thanks = post.brings(reply_to(question, "Teşekkür ederim."))
    assert thanks.status == "JOINED"
    status = "query($i: ID!) { node(id: $i) { ... on Letter { status conversation(first: 1) { text } } } }"
    assert office.data(status, i=made["id"])["node"] == {
        "status": "RECEIVED",
        "conversation": [{"text": "Teşekkür ederim."}],
    }


def test_a_partner_is_written_to_and_their_reply_joins(cast: Cast, post: Post) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY", email=AYSE)
    office, key = Asking(cast.secretary), global_id(partner)
    says(office, "organisationMessage", key, subject="Toplantı", body="Salı günü geliyor musunuz?")
    question = post.takes()
    assert str(question["Subject"]) == "Toplantı"
    assert post.brings(reply_to(question, "Geliyoruz, iki kişi.")).status == "JOINED"
    stranger = reply_to(question, "Ben de gelebilir miyim?")
    stranger.replace_header("From", "Öteki <oteki@posta.example>")
    assert post.brings(stranger).status == "WAITING", "who forwards a mail does not let others in"
    say = (
        "query($i: ID!) { organisationConversation(organisation: $i, first: 9) { nodes { direction text } } }"
    )
    nodes = office.data(say, i=key)["organisationConversation"]["nodes"]
    assert [(one["direction"], one["text"]) for one in nodes] == [
        ("OUT", "Salı günü geliyor musunuz?"),
        ("IN", "Geliyoruz, iki kişi."),
    ]
    assert Asking(cast.park_clerk).data(say, i=key)["organisationConversation"]["nodes"] == []
