"""WhatsApp Business against a double of its Cloud API: signed calls, media, how ours fare, the twenty-four hours."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from backend.complaints.actions.notices import notify
from backend.complaints.choices import DeliveryMethod, NoticeKind
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.mailboxes.choices import Kind, Note, Status
from backend.mailboxes.lines import jobs as line_jobs
from backend.mailboxes.models import InboundFile, InboundMessage, MessageLine
from backend.notifications.models import Notification
from backend.outbox import jobs
from backend.outbox.models import Message
from backend.outbox.sms import TryAgain
from permissions.core import scope
from tests.backend.mailboxes.lines.cloud_double import ACCOUNT, SECRET, TOKEN, Cloud, call, value_of
from tests.backend.mailboxes.rows import make_line
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, refetch


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "PNG")
    return stream.getvalue()


PHONE, WA = "+905321112233", "905321112233"
_serial = itertools.count(1)


@pytest.fixture
def cloud(settings: Settings) -> Iterator[Cloud]:
    double = Cloud()
    settings.WHATSAPP_URL = f"{double.url}/v23.0"
    yield double
    double.close()


@pytest.fixture
def line(cast: Cast, cloud: Cloud) -> MessageLine:
    row = make_line(
        cast.office, channel="WHATSAPP", number="+908501112233", account=ACCOUNT, template="bilgilendirme"
    )
    with system():
        row.seal_secret(SECRET)
        row.seal_token(TOKEN)
        row.save()
    return row


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return make_complaint(to=cast.fen, by=cast.secretary, applicant=make_citizen(phone=PHONE))


def said(kind: str = "text", *, hours: float = 0, sender: str = WA, **parts: Any) -> dict[str, Any]:
    moment = int(time.time() - hours * 3600)
    return {"from": sender, "id": f"wamid.in{next(_serial)}", "timestamp": str(moment), "type": kind, **parts}


def arrives(line: MessageLine, message: dict[str, Any], name: str = "Işıl İnce") -> InboundMessage:
    contacts = [{"profile": {"name": name}, "wa_id": message["from"]}]
    assert call(line, value_of(contacts=contacts, messages=[message])) == 200
    with system():
        return InboundMessage.objects.get(line=line, message_id=message["id"])


def text(words: str = "Merhaba", **facts: Any) -> dict[str, Any]:
    return said(text={"body": words}, **facts)


def write(case: Complaint, body: str = "Barış Sokak'ın neresi?") -> Message:
    with system():
        row = notify(case, NoticeKind.MESSAGE, by=None, means=DeliveryMethod.WHATSAPP, body=body)
        assert row.message is not None
        return row.message


def leave(message: Message) -> Message:
    """What the worker does, once."""
    jobs.deliver(message_id=str(message.pk))
    return refetch(message)


def reported(line: MessageLine, message: Message, status: str, **facts: Any) -> Message:
    row = {
        "id": message.provider_id or "wamid.x",
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": WA,
        "biz_opaque_callback_data": str(message.pk),
        **facts,
    }
    assert call(line, value_of(statuses=[row])) == 200
    return refetch(message)


# -- what comes in ------------------------------------------------------------------------------------------------
def test_meta_is_pointed_to_us_by_the_word_at_the_line(line: MessageLine, cast: Cast) -> None:
    def challenged(line: MessageLine, token: str, **more: str) -> tuple[int, bytes]:
        asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": token} | more
        answer = Client().get(f"/lines/{line.key}/", asked)
        return answer.status_code, answer.content

    assert challenged(line, line.verification) == (200, b"1158201444")
    assert challenged(line, "other")[0] == 403
    assert challenged(line, "")[0] == 403
    assert challenged(make_line(cast.fen), line.verification)[0] == 403
    assert challenged(line, line.verification, **{"hub.challenge": "<script>"})[0] == 400
    assert challenged(line, line.verification, **{"hub.mode": "else"})[0] == 400


def test_a_text_is_kept_with_its_sender(line: MessageLine) -> None:
    row = arrives(line, text("Kaldırım çökmüş 🙏"))
    assert (row.channel, row.from_address, row.from_name) == ("WHATSAPP", PHONE, "Işıl İnce")
    assert (row.text, row.status) == ("Kaldırım çökmüş 🙏", Status.WAITING)


@pytest.mark.parametrize("secret", ["", "g" * 32])
def test_a_call_that_is_not_signed_is_not_heard(line: MessageLine, secret: str) -> None:
    assert call(line, value_of(messages=[text()]), secret) == 403
    with system():
        assert not InboundMessage.objects.exists()


def test_a_call_about_another_number_is_passed_over(line: MessageLine) -> None:
    assert call(line, value_of("1", messages=[text()])) == 200
    assert call(line, {"object": "page", "entry": [{"changes": [{"field": "feed", "value": {}}]}]}) == 200
    with system():
        assert not InboundMessage.objects.exists()


@pytest.mark.parametrize("value", [{"entry": 1}, {"entry": [1]}])
def test_what_is_not_as_documented_is_refused(line: MessageLine, value: dict[str, Any]) -> None:
    assert call(line, value) == 400


def test_who_shows_no_number_is_kept_and_holds_up_no_other(line: MessageLine) -> None:
    hidden = {"id": "wamid.h", "from_user_id": "TR.5321112233", "type": "text", "text": {"body": "Çukur var"}}
    unnamed = {"id": "wamid.u", "type": "text", "text": {"body": "Lamba"}}
    contacts = [{"profile": {"name": "Işıl"}, "user_id": "TR.5321112233"}]
    rows = [hidden, unnamed, {"type": "text"}, text("Merhaba")]
    assert call(line, value_of(contacts=contacts, messages=rows)) == 200
    with system():
        found = {row.message_id: row for row in InboundMessage.objects.all()}
        assert len(found) == 3
        for name in ("wamid.h", "wamid.u"):
            row = found[name]
            assert (row.from_address, row.from_name, row.from_phone) == ("TR.5321112233", "Işıl", "")
            assert Note.NO_FROM.value in row.notes


def test_what_no_database_stores_is_left_out(line: MessageLine) -> None:
    row = arrives(line, text("Merhaba", context={"id": "wamid.\x00\ud800x"}, sender=f"{WA}\x00"))
    assert row.in_reply_to == "wamid.x"


def test_a_picture_is_notified_of_when_it_is_fetched(line: MessageLine, cloud: Cloud, cast: Cast) -> None:
    cloud.files["81"] = ("image/png", png())
    row = arrives(line, said("image", image={"id": "81"}))

    def notified() -> bool:
        with scope.session(cast.secretary):
            return scope.visible(Notification).filter(text="mailboxes/waiting").exists()

    assert not notified()
    assert line_jobs.fetch(row.pk)
    assert notified()


def test_an_answer_without_words_says_so(line: MessageLine) -> None:
    row = arrives(line, said("interactive", interactive={"type": "nfm_reply", "nfm_reply": {"name": "flow"}}))
    assert Note.NO_TEXT.value in row.notes


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (said("location", location={"latitude": 41.0, "longitude": 29.2, "name": "Park"}), "Park\n41.0, 29.2"),
        (said("button", button={"text": "Evet", "payload": "1"}), "Evet"),
        (said("interactive", interactive={"type": "button_reply", "button_reply": {"id": "1", "title": "Evet"}}),
         "Evet"),
        (said("reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}), "👍"),
        (said("unsupported", errors=[{"code": 131051}]), ""),
    ],
)  # fmt: skip
def test_what_is_no_text_is_kept_in_words(line: MessageLine, message: dict[str, Any], words: str) -> None:
    assert arrives(line, message).text == words


def test_a_picture_is_fetched_and_joined_after_that(line: MessageLine, cloud: Cloud, case: Complaint) -> None:
    cloud.files["77"] = ("image/png", png())
    arrives(line, text("Bir şey soracağım"))
    leave(write(case))
    row = arrives(line, said("image", image={"id": "77", "mime_type": "image/png", "caption": "Teşekkürler"}))
    assert row.status == Status.WAITING  # it may be more than thanks
    assert line_jobs.fetch(row.pk)
    assert not line_jobs.fetch(row.pk)
    with system():
        file = InboundFile.objects.get(mail=row)
        assert (file.content_type, refetch(row).complaint_id) == ("image/png", case.pk)
    assert cloud.asked == ["/v23.0/77", "/file/77"]


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [("application/zip", b"PK\x03\x04 nothing", "UNSUPPORTED"), ("image/png", b"", "INVALID")],
)
def test_what_is_not_taken_is_named(
    line: MessageLine, cloud: Cloud, kind: str, content: bytes, code: str
) -> None:
    cloud.files["78"] = (kind, content)
    row = arrives(line, said("document", document={"id": "78", "filename": "a.zip"}))
    assert not line_jobs.fetch(row.pk)
    row = refetch(row)
    assert row.left_out == [{"name": "a.zip", "size": len(content), "code": code}]
    assert Note.FILES_LEFT_OUT.value in row.notes


def test_media_of_our_own_network_and_media_that_is_gone_are_not_fetched(
    line: MessageLine, cloud: Cloud, settings: Settings
) -> None:
    row = arrives(line, said("image", image={"id": "404"}))
    assert not line_jobs.fetch(row.pk)
    cloud.files["79"], cloud.away = ("image/png", png()), "https://10.0.0.7/file"
    inner = arrives(line, said("image", image={"id": "79"}))
    assert not line_jobs.fetch(inner.pk)  # our token goes to hosts of Meta alone
    assert refetch(inner).left_out[0]["code"] == "UNREADABLE"


def test_a_voice_message_asks_to_be_answered_in_writing(line: MessageLine, cloud: Cloud) -> None:
    cloud.files["80"] = ("audio/ogg; codecs=opus", b"OggS")
    row = arrives(line, said("audio", audio={"id": "80", "voice": True}))
    line_jobs.fetch(row.pk)
    assert Note.VOICE.value in refetch(row).notes


# -- what goes out ------------------------------------------------------------------------------------------------
def test_within_a_day_it_is_free_text(line: MessageLine, cloud: Cloud, case: Complaint) -> None:
    arrives(line, text())
    message = leave(write(case))
    assert (message.status, message.provider_id) == ("SENT", "wamid.1")
    (body,) = cloud.sent
    assert (body["to"], body["type"], body["biz_opaque_callback_data"]) == (WA, "text", str(message.pk))
    assert "Barış Sokak'ın neresi?" in body["text"]["body"]


def test_after_a_day_it_is_the_template_in_one_line(line: MessageLine, cloud: Cloud, case: Complaint) -> None:
    arrives(line, text(hours=25))
    leave(write(case))
    (body,) = cloud.sent
    assert body["template"]["name"] == "bilgilendirme"
    (parameter,) = body["template"]["components"][0]["parameters"]
    assert "\n" not in parameter["text"]
    assert "Barış Sokak'ın neresi?" in parameter["text"]


def test_without_a_template_nothing_leaves_after_a_day(
    line: MessageLine, cloud: Cloud, case: Complaint
) -> None:
    with system():
        MessageLine.objects.update(template="")
    arrives(line, text(hours=25))
    message = leave(write(case))
    assert (message.status, cloud.sent) == ("FAILED", [])


def test_whatsapps_clock_decides_the_day(line: MessageLine, cloud: Cloud, case: Complaint) -> None:
    arrives(line, text(hours=23.9))
    cloud.answers = [(400, 131047)]
    assert leave(write(case)).status == "SENT"
    assert cloud.sent[0]["type"] == "template"


@pytest.mark.parametrize(
    ("answer", "status"),
    [((400, 131026), "FAILED"), ((401, 190), "WAITING"), ((400, 0), "WAITING"),
     ((400, 131042), "WAITING"), ((400, 200), "WAITING"), ((429, 130429), "WAITING"), ((500, 131000), "WAITING"),
     ((400, 131056), "WAITING")],
)  # fmt: skip
def test_faults_are_final_or_tried_again(
    line: MessageLine, cloud: Cloud, case: Complaint, answer: tuple[int, int], status: str
) -> None:
    arrives(line, text())
    cloud.answers = [answer]
    message = write(case)
    try:
        message = leave(message)
    except TryAgain:
        message = refetch(message)
    assert message.status == status
    assert PHONE not in message.last_error


def test_who_did_not_write_by_whatsapp_or_refused_it_is_not_written_to(
    line: MessageLine, case: Complaint
) -> None:
    def refused() -> bool:
        with pytest.raises(DomainError) as refusal:
            write(case)
        return refusal.value.code == ErrorCode.UNSUPPORTED

    assert refused()
    arrives(line, text())
    waiting = write(case)
    row = arrives(line, text("RET"))
    assert (row.kind, row.status) == (Kind.REFUSAL, Status.SET_ASIDE)
    assert refused()
    assert leave(waiting).status == "FAILED"


def test_without_a_line_whatsapp_is_refused(cast: Cast, case: Complaint) -> None:
    with pytest.raises(DomainError) as refusal:
        write(case)
    assert refusal.value.code == ErrorCode.UNSUPPORTED


def test_how_a_message_fares_stands_at_it(line: MessageLine, cloud: Cloud, case: Complaint) -> None:
    arrives(line, text())
    message = leave(write(case))
    assert reported(line, message, "sent").delivered_at is None
    assert reported(line, message, "delivered").delivered_at is not None
    assert reported(line, message, "read").read_at is not None
    late = reported(line, message, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    assert late.status == "SENT"


def test_what_failed_at_whatsapp_failed(line: MessageLine, cloud: Cloud, case: Complaint) -> None:
    arrives(line, text())
    message = leave(write(case))
    row = reported(line, message, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    assert (row.status, row.last_error) == ("FAILED", "gateway: 131026 Message undeliverable")


def test_a_report_settles_what_was_sent_without_an_answer(
    line: MessageLine, cloud: Cloud, case: Complaint
) -> None:
    arrives(line, text())
    message = write(case)
    with system():
        Message.objects.filter(pk=message.pk).update(attempts=1, gateway=line.key)
    assert reported(line, message, "sent").status == "SENT"
    leave(message)
    assert cloud.sent == []


def test_an_answer_to_a_message_of_ours_joins_its_matter(
    line: MessageLine, cloud: Cloud, cast: Cast, case: Complaint
) -> None:
    arrives(line, text())
    first = leave(write(case))
    other = make_complaint("Bank", to=cast.fen, by=cast.secretary, applicant=case.applicant)
    leave(write(other))
    row = arrives(line, text("5 numara", context={"from": "908501112233", "id": first.provider_id}))
    assert row.complaint_id == case.pk
    assert arrives(line, text("5 numara")).status == Status.WAITING  # two matters of these days


def test_a_window_is_of_the_day_at_which_they_wrote(line: MessageLine) -> None:
    row = arrives(line, text(hours=2))
    assert timezone.now() - row.received_at >= dt.timedelta(hours=2)
