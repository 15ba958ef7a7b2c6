"""Parts of a text that a message centre has, across processes: killed with -9 against the double of a centre."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.conf import settings as product
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.core.session import system
from backend.mailboxes.lines import session as lines
from backend.outbox import jobs, smpp, sms_parts
from backend.outbox.models import Message, SmsPart
from backend.outbox.short_texts import encoded
from backend.outbox.sms import TryAgain, sms_port
from tests.backend.outbox.smsc_double import Centre
from tests.databases import CommittedDatabase

PHONE = "+905321112233"
LONG = "Sayın Işıl İnce, başvurunuz Fen İşleri Müdürlüğüne iletilmiştir. " * 4
PARTS = 4


@pytest.fixture
def centre(settings: Settings, committed_db: CommittedDatabase) -> Iterator[Centre]:
    double = Centre()
    settings.SMS_PORT = "backend.outbox.smpp.SmppGateway"
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_TOKEN = double.url, "parola"
    lines.register()
    yield double
    smpp.close()
    double.close()
    smpp.ARRIVED.clear()
    smpp.REPORTED.clear()


@pytest.fixture
def message(centre: Centre) -> Message:
    with system():
        return Message.objects.create(channel="SMS", address=PHONE, body=LONG, purpose="complaint_message")


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def taken() -> list[int]:
    with system():
        return list(SmsPart.objects.order_by("number").values_list("number", flat=True))


def of(message: Message) -> Message:
    with system():
        return Message.objects.get(pk=message.pk)


def numbers(centre: Centre) -> list[int]:
    return [row.content[5] for row in centre.submitted]


KILLED = """
import sys
import django
django.setup()
from backend.outbox import jobs
jobs.deliver(message_id=sys.argv[1])
"""


@pytest.mark.parametrize("killed_after", [1, 3, PARTS])
def test_kill_9_sends_no_part_twice_and_loses_no_receipt(
    killed_after: int, centre: Centre, message: Message, committed_db: CommittedDatabase
) -> None:
    centre.answers_only = killed_after  # then it says nothing: the process waits, and is killed
    environment = committed_db.environment | {
        "OZELKALEM_ENVIRONMENT": "test",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
        "OZELKALEM_SMS_PORT": "backend.outbox.smpp.SmppGateway",
        "OZELKALEM_SMS_GATEWAY_URL": centre.url,
        "OZELKALEM_SMS_GATEWAY_TOKEN": "parola",
    }
    if killed_after == PARTS:  # all of it is there, and nothing of it is committed at the message
        centre.answers_only = None
        with_wait = KILLED.replace(
            "import jobs", "import jobs\njobs._settle = lambda message: sys.stdin.read()"
        )
    else:
        with_wait = KILLED
    arrived = min(killed_after + 1, PARTS)
    command = [sys.executable, "-c", with_wait, str(message.pk)]
    process = subprocess.Popen(command, cwd=product.BASE_DIR, env=environment, stdin=subprocess.PIPE)
    try:
        until(  # the part without an answer has arrived too: it would be answered late
            lambda: (
                (taken() == list(range(1, killed_after + 1)) and len(centre.submitted) == arrived)
                or process.poll() is not None
            )
        )
    finally:
        process.kill()
        process.wait()
    assert taken() == list(range(1, killed_after + 1))
    assert of(message).status == "WAITING"
    centre.answers_only = None
    before = numbers(centre)
    smpp.session()
    assert centre.receipt("M1") == 0, "the message is not written down as sent yet"
    jobs.deliver(message_id=str(message.pk))
    row = of(message)
    assert (row.status, row.provider_id, row.gateway) == ("SENT", f"M{PARTS}", "smpp")
    unanswered = before[killed_after:]  # a part without an answer may be there or not
    assert numbers(centre) == [*before, *range(killed_after + 1, PARTS + 1)]
    assert len(unanswered) <= 1
    assert len({part.content[3] for part in centre.submitted}) == 1, "a telephone joins them"
    assert row.delivered_at is None
    for name in ("M2", "M3", "M4"):
        assert of(message).delivered_at is None
        assert centre.receipt(name) == 0
    assert of(message).delivered_at is not None


def test_a_text_fails_with_any_of_its_parts_and_arrives_with_the_last(
    centre: Centre, message: Message
) -> None:
    jobs.deliver(message_id=str(message.pk))
    assert taken() == [1, 2, 3, 4]
    for name in ("M1", "M3", "M4"):
        assert centre.receipt(name) == 0
    assert (of(message).status, of(message).delivered_at) == ("SENT", None)
    assert centre.receipt("M2", "UNDELIV", "027") == 0
    row = of(message)
    assert (row.status, row.last_error) == ("FAILED", "gateway: UNDELIV 027")
    assert row.failed_at is not None


def test_a_receipt_before_the_message_is_written_down_counts(centre: Centre, message: Message) -> None:
    with system():
        Message.objects.filter(pk=message.pk).update(body="Merhaba")
        SmsPart.objects.create(message=message, number=1, total=1, reference=0, provider_id="M7")
    smpp.session()
    assert centre.receipt("M7", "REJECTD", "011") == 0
    jobs.deliver(message_id=str(message.pk))
    assert centre.submitted == [], "the centre has it"
    assert (of(message).status, of(message).last_error) == ("FAILED", "gateway: REJECTD 011")


def test_a_receipt_between_the_look_and_the_commit_counts(
    centre: Centre, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process notes it while the message still waits, and the centre does not repeat it."""
    looked = jobs._settle
    looks: list[Message] = []

    def look(row: Message) -> None:
        looked(row)
        if not looks:
            report = {"outcome": sms_parts.FAILED, "outcome_at": timezone.now(), "reason": "UNDELIV 027"}
            SmsPart.objects.filter(message=row, number=2).update(**report)
        looks.append(row)

    monkeypatch.setattr(jobs, "_settle", look)
    jobs.deliver(message_id=str(message.pk))
    assert (of(message).status, of(message).last_error) == ("FAILED", "gateway: UNDELIV 027")


def test_a_receipt_that_saw_the_message_wait_looks_again(centre: Centre, message: Message) -> None:
    jobs.deliver(message_id=str(message.pk))
    waited = of(message)
    waited.status = "WAITING"
    with system():
        reported = {"outcome": sms_parts.DELIVERED, "outcome_at": timezone.now()}
        SmsPart.objects.filter(message=message).update(**reported)
        assert lines._of_all_parts(waited)
    assert of(message).delivered_at is not None


def test_parts_are_forgotten_when_no_receipt_comes_any_more(centre: Centre, message: Message) -> None:
    jobs.deliver(message_id=str(message.pk))
    assert jobs.forget_parts() == 0
    with system():
        SmsPart.objects.update(taken_at=timezone.now() - sms_parts.KEPT_FOR)
    assert jobs.forget_parts() == PARTS
    with system():
        assert of(message).status == "SENT"


def test_a_part_of_no_message_holds_up_nothing(centre: Centre) -> None:
    assert sms_port().send(key=str(uuid4()), to=PHONE, text="Merhaba") == "M1"
    centre.statuses = [0x58]
    with pytest.raises(TryAgain):
        sms_port().send(key=str(uuid4()), to=PHONE, text="Merhaba")


@pytest.mark.parametrize("text", ["Merhaba", "Işık", "ğ" * 70, "ğ" * 71, "a" * 160, "a" * 161, LONG])
def test_parts_are_counted_as_they_are_sent(text: str, settings: Settings) -> None:
    settings.SMS_PORT = "backend.outbox.smpp.SmppGateway"
    assert sms_port().parts(text) == len(encoded(text))
