"""Mails that wait at the desk of one's unit stand in the queue, by the day on which they were received."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.core.localtime import local_date
from backend.core.session import system
from backend.mailboxes import actions
from backend.organization.models import User
from permissions.queue import reading
from permissions.queue.kinds import Basis
from permissions.queue.words import reason
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.cast import Cast, as_viewer


def waiting(person: User) -> list[reading.Item]:
    with as_viewer(person):
        return reading.next_up(50, purpose="test", source="mails").items


def test_a_mail_waits_from_its_receipt_until_it_is_something(cast: Cast) -> None:
    mailbox, now = make_mailbox(cast.office), timezone.now()
    new = make_mail(mailbox, "Yeni", received_at=now)
    old = make_mail(mailbox, "Eski", received_at=now - dt.timedelta(days=6))
    first, second = waiting(cast.secretary)
    assert (first.row, second.row, first.title) == (old, new, "Eski")
    assert (first.since, first.due_on) == (
        old.received_at,
        local_date(old.received_at) + dt.timedelta(days=1),
    )
    assert first.source.basis is Basis.AGE
    with as_viewer(cast.secretary):
        assert "6" in reason(first)
    with system():
        actions.make_case(old, by=cast.secretary, kind="COMPLAINT")
        actions.set_aside(new, by=cast.secretary, reason="Reklam")
    assert waiting(cast.secretary) == []


def test_it_waits_for_its_unit_alone_and_moves_with_it(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.fen))
    assert [item.row for item in waiting(cast.fen_clerk)] == [mail]
    for other in (
        cast.secretary,
        cast.park_clerk,
        cast.mayor,
        cast.deputy_mayor,
        cast.administrator,
        cast.outsider,
    ):
        assert waiting(other) == [], other.username
    with system():
        actions.route(mail, by=cast.fen_clerk, to=cast.park)
    assert waiting(cast.fen_clerk) == []
    assert [item.row for item in waiting(cast.park_clerk)] == [mail]


@pytest.mark.parametrize(
    ("purpose", "verb"),
    [("COMPLAINTS", "MAKE_CASE"), ("APPOINTMENTS", "MAKE_REQUEST"), ("LETTERS", "MAKE_LETTER")],
)
def test_its_next_step_is_what_its_mailbox_is_for(purpose: str, verb: str, cast: Cast) -> None:
    make_mail(make_mailbox(cast.office, purpose=purpose), "", from_name="Ali Can")
    [item] = waiting(cast.secretary)
    assert (item.verb, item.title) == (verb, "Ali Can")


def test_many_mails_are_read_in_as_many_statements_as_one(cast: Cast) -> None:
    mailbox, counted = make_mailbox(cast.office), []
    for _round in range(2):
        for number in range(5):
            make_mail(mailbox, f"Çukur {number}")
        with as_viewer(cast.secretary), CaptureQueriesContext(connection) as asked:
            reading.next_up(50, purpose="test")
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_a_mail_that_was_passed_on_is_proposed_as_an_application(cast: Cast) -> None:
    mail = make_mail(make_mailbox(cast.fen, purpose="LETTERS"))
    assert [item.verb for item in waiting(cast.fen_clerk)] == ["MAKE_LETTER"]
    with system():
        actions.route(mail, by=cast.fen_clerk, to=cast.park)
    assert [item.verb for item in waiting(cast.park_clerk)] == ["MAKE_CASE"]
