"""What could not be delivered is sent again by hand: by the office alone, once however often it is pressed."""

from __future__ import annotations

import uuid

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from backend.core.session import system
from backend.journal.models import AuditLog
from backend.outbox.models import ACCOUNT_LINK, Message
from permissions.core import grants
from permissions.core.viewer import WORK
from tests.cast import Cast, signed_in
from tests.factories import refetch

LIST = "/admin/outbox/message/"
BUTTON = '/again/" class'


@pytest.fixture
def failed(cast: Cast) -> Message:
    with system():
        return Message.objects.create(
            channel="EMAIL", address="isil@example.org", subject="Başvurunuz cevaplandı", body="Sonuç: gizli söz",
            purpose="complaint_reply", status="FAILED", attempts=5, last_error="550 no such mailbox",
        )  # fmt: skip


def jobs(message: Message) -> int:
    sent = {"message_id": str(message.pk)}
    return ProcrastinateJob.objects.filter(task_name="outbox.deliver", args=sent).count()


def test_a_failed_message_is_sent_again_once_and_stands_in_the_journal(cast: Cast, failed: Message) -> None:
    client, page = signed_in(cast.secretary), f"{LIST}{failed.pk}/change/"
    assert page in client.get(LIST).content.decode()
    shown = client.get(page).content.decode()
    for part in (BUTTON, "550 no such mailbox", "isil@example.org", "Başvurunuz cevaplandı"):
        assert part in shown
    assert "gizli söz" not in shown, "a code or a link may stand in a text"
    for _click in range(2):
        answer = client.post(f"{LIST}{failed.pk}/again/", follow=True)
        assert "İleti yeniden gönderiliyor." in answer.content.decode()
    assert BUTTON not in answer.content.decode()
    row = refetch(failed)
    assert (row.status, row.attempts, row.last_error) == ("WAITING", 0, "")
    assert jobs(failed) == 1
    with system():
        line = AuditLog.objects.get(verb="message_posted_again")
    assert (line.actor_id, "isil" in line.subject_label) == (cast.secretary.pk, False)
    assert (
        "İleti yeniden gönderildi"
        in signed_in(cast.administrator).get("/admin/journal/auditlog/").content.decode()
    )


def test_what_must_not_go_again_is_refused_in_words(cast: Cast, failed: Message) -> None:
    client = signed_in(cast.secretary)
    with system():
        Message.objects.filter(pk=failed.pk).update(purpose=ACCOUNT_LINK)
    answer = client.post(f"{LIST}{failed.pk}/again/", follow=True).content.decode()
    assert "yeni bir bağlantı gönderiniz" in answer
    with system():
        Message.objects.filter(pk=failed.pk).update(status="SENT")
    assert BUTTON not in client.get(f"{LIST}{failed.pk}/change/").content.decode()
    assert jobs(failed) == 0


def test_it_is_the_office_s_alone_and_hidden_and_missing_are_one(cast: Cast, failed: Message) -> None:
    for person in (cast.fen_clerk, cast.mayor, cast.administrator, cast.outsider):
        client = signed_in(person)
        assert client.get(f"{LIST}{failed.pk}/change/").status_code == 404
        assert client.post(f"{LIST}{failed.pk}/again/").status_code == 404
    desk = signed_in(cast.secretary)
    assert desk.get(f"{LIST}{uuid.uuid4()}/change/").status_code == 404
    assert desk.post(f"{LIST}{uuid.uuid4()}/again/").status_code == 404
    assert desk.get(f"{LIST}{failed.pk}/again/").status_code == 405
    assert refetch(failed).status == "FAILED"
    with system():
        grants.give(cast.outsider, WORK, cast.office, by=None)
    shown = signed_in(cast.outsider).get(f"{LIST}{failed.pk}/change/").content.decode()
    assert "isil@example.org" not in shown, "who may not know citizens is not told where it goes"
