"""Who is notified of mails that wait, and of a mailbox that cannot be read."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.core.session import system
from backend.mailboxes import intake, jobs
from backend.mailboxes.choices import Fault
from backend.mailboxes.models import InboundMessage, Mailbox
from backend.notifications.models import Notification
from backend.organization.models import User
from permissions.core import scope
from tests.backend.mailboxes.corpus import plain
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast, as_viewer


def notified(person: User, text: str) -> list[dict[str, Any]]:
    with as_viewer(person):
        rows = scope.visible(Notification).filter(text=text).order_by("pk")
        return [row.facts["common"] for row in rows]


def bring(
    monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox, *mails: bytes, at: dt.datetime | None = None
) -> None:
    """Let the job find these mails at the server."""

    def fetched(_mailbox_id: int) -> int:
        with system():
            for uid, raw in enumerate(mails, 1):
                intake.keep(mailbox, raw, uid_validity=9, uid=uid, received_at=at or timezone.now())
        return len(mails)

    monkeypatch.setattr(jobs, "fetch_one", fetched)
    jobs.fetch(mailbox.pk)


def test_a_unit_is_notified_once_of_all_that_came_at_a_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = make_mailbox(cast.fen)
    make_mail(mailbox, "Eskisi", fetched_at=timezone.now() - dt.timedelta(hours=2))
    bring(monkeypatch, mailbox, plain("bir"), plain("iki"), plain("üç"))
    for member in (cast.fen_clerk, cast.fen_head):
        assert [facts["count"] for facts in notified(member, "mailboxes/waiting")] == [3]
    for stranger in (cast.park_clerk, cast.secretary, cast.administrator):
        assert notified(stranger, "mailboxes/waiting") == []


def test_what_joined_or_was_set_aside_notifies_of_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def set_aside(row: InboundMessage, _message: object) -> None:
        InboundMessage.objects.filter(pk=row.pk).update(status="SET_ASIDE", set_aside_reason="Otomatik")

    monkeypatch.setattr("backend.mailboxes.joining.settle", set_aside)
    bring(monkeypatch, make_mailbox(cast.fen), plain("bir"))
    assert notified(cast.fen_clerk, "mailboxes/waiting") == []


def test_a_mailbox_without_news_notifies_nobody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = make_mailbox(cast.fen)
    make_mail(mailbox, fetched_at=timezone.now() - dt.timedelta(hours=2))
    bring(monkeypatch, mailbox)
    assert notified(cast.fen_clerk, "mailboxes/waiting") == []


@pytest.mark.parametrize(
    ("fault", "minutes", "is_due"),
    [
        (Fault.SIGN_IN, 0, True),
        (Fault.KEEPING, 0, True),
        (Fault.LINE, 5, False),
        (Fault.LINE, 20, True),
        (Fault.ANSWER, 5, False),
    ],
)
def test_a_failing_mailbox_is_reported_once_to_who_manages_it(
    fault: Fault, minutes: int, is_due: bool, cast: Cast
) -> None:
    since = timezone.now() - dt.timedelta(minutes=minutes)
    mailbox = make_mailbox(cast.fen, name="Fen kutusu", fault=fault, failing_since=since)
    assert [jobs.report_fault(mailbox.pk) for _minute in range(2)] == [is_due, False]
    found = notified(cast.administrator, "mailboxes/failing")
    assert [facts["name"] for facts in found] == (["Fen kutusu"] if is_due else [])
    assert notified(cast.fen_clerk, "mailboxes/failing") == []


def test_a_mailbox_that_fails_again_is_reported_again(cast: Cast) -> None:
    mailbox = make_mailbox(cast.fen, fault=Fault.SIGN_IN, failing_since=timezone.now())
    assert jobs.report_fault(mailbox.pk)
    with system():
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        rows.update(fault="", failing_since=None)
        assert not jobs.report_fault(mailbox.pk)
        rows.update(fault=Fault.SIGN_IN, failing_since=timezone.now())
    assert jobs.report_fault(mailbox.pk)
    assert len(notified(cast.administrator, "mailboxes/failing")) == 2
