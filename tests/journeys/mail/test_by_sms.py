"""What a citizen writes by SMS: danger is seen at the desk, the case is asked about and answered by SMS from its page,
what the gateway reports stands at each message, and “thank you” changes nothing. Then the same by WhatsApp."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.mailboxes import actions
from backend.mailboxes.lines import cloud
from backend.mailboxes.models import InboundMessage, MessageLine
from backend.notifications.models import Notification
from backend.organization.models import DangerSign
from backend.outbox import jobs
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.backend.mailboxes.rows import make_line, make_text
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.journeys.test_a_code_by_sms import NUMBER, Gateway
from tests.schema.client import Asking

SECRET = "gizli-" * 4
TALK = """query ($c: ID!) { complaintConversation(complaint: $c, first: 20) {
    nodes { direction channel means delivery deliveryAt text } } }"""


class Phone:
    """The citizen's telephone: what arrives on it, and what is written on it."""

    def __init__(self, line: MessageLine, gateway: Gateway) -> None:
        self.line, self.gateway = line, gateway

    def writes(self, text: str) -> InboundMessage:
        sms = {"id": str(uuid4()), "from": NUMBER, "text": text, "receivedAt": timezone.now().isoformat()}
        self._calls(messages=[sms])
        with system():
            return InboundMessage.objects.get(message_id=sms["id"])

    def hears(self) -> str:
        """What waits leaves, and arrives; the last of it."""
        with system():
            waiting = Message.objects.filter(status="WAITING", channel="SMS").order_by("created_at")
            keys = list(waiting.values_list("pk", flat=True))
        for key in keys:
            jobs.deliver(message_id=str(key))
        return self.gateway.texts[-1]

    def reports(self, status: str = "DELIVERED") -> dt.datetime:
        """What the gateway says of the last message."""
        at = timezone.now()
        self._calls(reports=[{"id": list(self.gateway.sent)[-1], "status": status, "at": at.isoformat()}])
        return at

    def _calls(self, **lists: Any) -> None:
        answer = Client().post(
            f"/lines/{self.line.key}/",
            json.dumps(lists),
            content_type="application/json",
            headers={"Authorization": f"Bearer {SECRET}"},
        )
        assert answer.status_code == 200


@pytest.fixture
def phone(cast: Cast, settings: Settings) -> Iterator[Phone]:
    gateway = Gateway()
    settings.SMS_GATEWAY_URL = f"{gateway.url}/send"
    facts = {"name": "SMS", "department": cast.office, "purpose": "COMPLAINTS", "by": cast.administrator}
    with system():
        line = actions.save_line(None, channel="SMS", number="3050", secret=SECRET, **facts)
        DangerSign.objects.create(code="kapak", name="Açık rögar", keywords=["rögar kapağı"])
    yield Phone(line, gateway)
    gateway.close()


def says(asking: Asking, mutation: str, id: str, **facts: Any) -> dict[str, Any]:
    answer = asking.does(mutation, "", id=id, **facts)
    assert answer["errors"] == []
    return answer


def last_out(asking: Asking, case: str) -> tuple[str, str, str | None]:
    nodes = asking.data(TALK, c=case)["complaintConversation"]["nodes"]
    last = [node for node in nodes if node["direction"] == "OUT"][-1]
    return last["means"], last["delivery"], last["deliveryAt"]


def test_a_case_is_brought_asked_about_and_answered_by_sms(cast: Cast, phone: Phone) -> None:
    office, clerk, head = Asking(cast.secretary), Asking(cast.fen_clerk), Asking(cast.fen_head)
    first = phone.writes("Okulun önünde durum çok kötü, her gün geçiyoruz. " * 3 + "Rögar kapağı yok!")
    assert "rögar" not in first.subject.lower(), "it stands behind what the list shows"
    desk = signed_in(cast.secretary).get("/admin/mailboxes/inboundmessage/?tab=urgent").content.decode()
    assert "acil önerisi: Açık rögar" in desk
    (item,) = office.data("{ nextUp(first: 5, source: MAILS) { items { id reason } } }")["nextUp"]["items"]
    assert "Açık rögar" in item["reason"]

    says(office, "inboundMessageMakeCase", item["id"], kind="COMPLAINT", firstName="Işıl", lastName="İnce")
    with system():
        row = Complaint.objects.get()
    assert (row.danger, row.channel) == ("Açık rögar", "SMS")
    case, page = global_id(row), f"/admin/complaints/complaint/{row.key}/change/"
    says(office, "complaintCorrect", case, regime="SERVICE_REQUEST")
    says(office, "complaintRoute", case, to=global_id(cast.fen))
    says(clerk, "complaintAccept", case)

    form = signed_in(cast.fen_head).get(page).content.decode()
    answer = form[form.index('class="ok-answer"') :]
    assert '<option value="SMS" selected>' in answer, "as it came"
    signed_in(cast.fen_head).post(
        f"/admin/complaints/complaint/{row.key}/message/", {"body": "Hangi okulun önünde?", "means": "SMS"}
    )
    assert "Hangi okulun önünde?" in phone.hears()
    assert last_out(head, case)[:2] == ("SMS", "SENT")
    at = phone.reports()
    for asking in (office, head, clerk):
        means, delivery, moment = last_out(asking, case)
        assert (means, delivery) == ("SMS", "DELIVERED")
        assert moment is not None
        assert dt.datetime.fromisoformat(moment) == at
    assert "teslim edildi · " in signed_in(cast.fen_clerk).get(page).content.decode()

    assert phone.writes("Yunus Emre İlkokulu").status == "JOINED"
    says(head, "complaintMessage", case, body="Ekip yolda.")  # as they wrote
    assert "Ekip yolda." in phone.hears()
    phone.reports("FAILED")
    assert last_out(clerk, case)[:2] == ("SMS", "FAILED")
    assert "teslim edilemedi · " in signed_in(cast.fen_clerk).get(page).content.decode()

    says(clerk, "complaintDraft", case, body="Kapak yerine konmuştur.")
    says(clerk, "complaintSubmit", case)
    says(office, "complaintApproveAndSend", case, means="SMS")
    assert "Kapak yerine konmuştur." in phone.hears()
    before = office.data("query ($i: ID!) { node(id: $i) { ... on Complaint { status } } }", i=case)
    phone.writes("Teşekkür ederim")
    assert office.data("query ($i: ID!) { node(id: $i) { ... on Complaint { status } } }", i=case) == before
    with system():
        assert not Message.objects.filter(status="WAITING", channel="SMS").exists()


@pytest.mark.parametrize(
    ("hours", "template", "way"), [(1, "", "WHATSAPP"), (25, "", "SMS"), (25, "t", "WHATSAPP")]
)
def test_what_came_by_whatsapp_is_answered_there_while_that_is_possible(
    cast: Cast, phone: Phone, hours: int, template: str, way: str
) -> None:
    line = make_line(cast.office, channel="WHATSAPP", account="1", template=template)
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(phone=NUMBER))
    at = timezone.now() - dt.timedelta(hours=hours)
    make_text(line, "Lamba", from_address=NUMBER, status="JOINED", complaint=case, received_at=at)
    assert dt.timedelta(hours=24) == cloud.WINDOW
    says(Asking(cast.fen_head), "complaintMessage", global_id(case), body="Hangi lamba?")
    with system():
        assert case.notices.get().means == way


def test_danger_in_a_reply_proposes_that_the_case_is_urgent(cast: Cast, phone: Phone) -> None:
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(phone=NUMBER))
    assert phone.writes(f"{case.reference}: şimdi rögar kapağı da yok").status == "JOINED"
    assert phone.writes(f"{case.reference}: rögar kapağı hâlâ yok").status == "JOINED"
    with system():
        assert refetch(case).danger == "Açık rögar"
    with as_viewer(cast.office_head):
        assert Notification.objects.filter(text="complaints/danger").count() == 1


def test_who_wrote_for_the_applicant_is_no_way_to_them(cast: Cast, phone: Phone) -> None:
    """A number that never agreed to WhatsApp is not proposed for it: the e-mail on record is."""
    line = make_line(cast.office, channel="WHATSAPP", account="1")
    applicant = make_citizen(phone="+905321110000", email="isil@example.org")
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=applicant)
    make_text(line, "Annem adına", from_address=NUMBER, status="JOINED", complaint=case)
    page = f"/admin/complaints/complaint/{case.key}/change/"
    answer = signed_in(cast.fen_head).get(page).content.decode().split('class="ok-answer"')[1]
    assert '<option value="WHATSAPP" selected>' not in answer
    says(Asking(cast.fen_head), "complaintMessage", global_id(case), body="Hangi lamba?")
    with system():
        assert case.notices.get().means == "EMAIL"
