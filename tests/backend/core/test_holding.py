"""What is sent waits for its moment by PostgreSQL's clock: until then it can be taken back, after it it is sent."""

from __future__ import annotations

import datetime as dt
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.outbox import actions, holding, jobs
from backend.outbox.models import Message
from tests.cast import Cast
from tests.databases import CommittedDatabase
from tests.factories import refetch

SOON, PAST = dt.timedelta(seconds=30), dt.timedelta(seconds=-1)


def held(wait: dt.timedelta = SOON, **facts: Any) -> Message:
    fields = {"channel": "EMAIL", "address": "ayse@example.org", "subject": "Konu", "body": "Metin.", **facts}
    with system():
        return actions.post(purpose="test", not_before=timezone.now() + wait, **fields)


def test_a_message_waits_for_its_moment_whatever_job_comes(cast: Cast) -> None:
    message = held()
    jobs.deliver(message_id=str(message.pk))
    assert (refetch(message).status, refetch(message).attempts, mail.outbox) == (
        Message.Status.WAITING,
        0,
        [],
    )
    with system():
        job = ProcrastinateJob.objects.get(args={"message_id": str(message.pk)})
        assert job.scheduled_at == message.not_before, "the worker comes back for it by itself"
        Message.objects.update(not_before=timezone.now() + PAST)
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.SENT
    assert len(mail.outbox) == 1


def test_what_was_taken_back_is_never_sent_and_keeps_nothing(cast: Cast) -> None:
    message = held()
    with system():
        assert holding.recall([message]) == 1
        Message.objects.update(not_before=timezone.now() + PAST)
    jobs.deliver(message_id=str(message.pk))
    after = refetch(message)
    assert (after.status, after.address, after.subject, after.body) == (Message.Status.RECALLED, "", "", "")
    assert mail.outbox == []
    with system():
        assert not Message.objects.filter(status=Message.Status.WAITING).exists()


def test_of_several_all_or_none_are_taken_back(cast: Cast) -> None:
    waiting, late = held(), held(PAST)
    for messages in ([waiting, late], [late], [None], []):
        with pytest.raises(DomainError) as refusal, system():
            holding.recall(messages)
        assert refusal.value.code == ErrorCode.WRONG_STATE
    assert refetch(waiting).status == Message.Status.WAITING
    assert refetch(waiting).body == "Metin."


def test_a_message_that_is_being_sent_is_not_taken_back(committed_db: CommittedDatabase) -> None:
    """Who takes back waits for the worker that has the row, and learns that it has left."""
    message = held()
    answers: list[str] = []

    def take_back() -> None:
        try:
            with system():
                holding.recall([message])
            answers.append("taken back")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connections.close_all()

    thread = Thread(target=take_back)
    with system(), transaction.atomic():
        row = Message.objects.select_for_update().get(pk=message.pk)
        thread.start()
        thread.join(1)
        assert answers == [], "it waits"
        row.status = Message.Status.SENT
        row.save(update_fields=["status"])
    thread.join(30)
    assert answers == [ErrorCode.WRONG_STATE]


@pytest.mark.usefixtures("held_messages")
def test_a_moment_is_chosen_ahead_and_not_too_far(cast: Cast) -> None:
    now = timezone.now()
    with system():
        first = holding.until()
        many = holding.until(many=True)
        assert first is not None
        assert many is not None
        assert dt.timedelta() < many - first <= holding.UNDO_MANY
        assert holding.until(now + dt.timedelta(days=2)) == now + dt.timedelta(days=2)
        assert not holding.is_scheduled(many)
        assert holding.is_scheduled(now + dt.timedelta(hours=1))
        for wrong in (now - dt.timedelta(minutes=1), now + dt.timedelta(days=31)):
            with pytest.raises(DomainError) as refusal:
                holding.until(wrong)
            assert (refusal.value.code, refusal.value.field) == (ErrorCode.INVALID, "send_at")
