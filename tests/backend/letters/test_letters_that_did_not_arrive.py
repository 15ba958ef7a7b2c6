"""The e-mail of a letter that did not arrive: its unit is notified and has to send it anew; no one sees it as sent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.core.errors import ErrorCode
from backend.core.session import elevated, system
from backend.letters import actions
from backend.letters.choices import Status
from backend.letters.models import Addressee, Letter
from backend.notifications.models import Notification
from backend.outbox.actions import post_again
from backend.outbox.models import Message
from permissions.core import scope
from schema.core.nodes import global_id
from tests.backend.stories import refusal
from tests.cast import Cast, signed_in
from tests.factories import issue_letter, make_letter, refetch
from tests.schema.client import Asking

TO = "kaymakamlik@example.org"


@pytest.fixture
def letter(cast: Cast) -> Letter:
    """Of Fen, sent by e-mail to a public body."""
    made = make_letter(cast.fen, cast.mayor, by=cast.fen_clerk)
    issue_letter(made, by=cast.fen_clerk, signatory=cast.mayor)
    return sent(made, cast)


def sent(letter: Letter, cast: Cast, **facts: Any) -> Letter:
    with scope.session(cast.fen_clerk), elevated():
        row = Letter.objects.get(pk=letter.pk)
        facts = {"means": "EMAIL", "email": TO} | facts
        return actions.dispatch(row, by=cast.fen_clerk, addressee=row.addressees.get(), **facts)


def fails(letter: Letter, status: str = "FAILED") -> dt.datetime:
    at = timezone.now()
    with system():
        Message.objects.filter(address=TO).update(status=status, failed_at=at, attempts=1, sent_at=at)
    return at


QUERY = """query ($i: ID!) { node(id: $i) { ... on Letter { status addressees { sentAt failedAt }
    conversation(first: 5) { delivery deliveryAt } } } }"""
WAITS = "{ nextUp(first: 5, source: UNDELIVERED) { items { id verb } } }"


def test_who_sent_it_hears_of_it_and_sends_it_anew(cast: Cast, letter: Letter) -> None:
    assert letter.status == Status.SENT
    assert actions.report_undelivered() == 0
    at = fails(letter)
    assert [actions.report_undelivered() for _twice in range(2)] == [1, 0]
    now = refetch(letter)
    assert now.status == Status.REGISTERED
    with system():
        assert now.lines.filter(verb="not_delivered").count() == 1
    for person in (cast.fen_clerk, cast.fen_head):
        with scope.session(person):
            assert scope.visible(Notification).filter(text="letters/undelivered").count() == 1
    clerk = Asking(cast.fen_clerk)
    (item,) = clerk.data(WAITS)["nextUp"]["items"]
    assert item == {"id": global_id(letter), "verb": "DISPATCH"}
    assert Asking(cast.park_clerk).data(WAITS)["nextUp"]["items"] == []
    assert Asking(cast.secretary).data(WAITS)["nextUp"]["items"] == [], (
        "others' letters are no work of the office"
    )
    seen = clerk.data(QUERY, i=global_id(letter))["node"]
    (addressee,) = seen["addressees"]
    assert (seen["status"], addressee["sentAt"]) == ("REGISTERED", None)
    assert dt.datetime.fromisoformat(addressee["failedAt"]) == at
    assert [one["delivery"] for one in seen["conversation"]] == ["FAILED"]
    page = signed_in(cast.fen_clerk).get(f"/admin/letters/letter/{letter.key}/change/").content.decode()
    assert "ulaşmadı" in page
    assert "teslim edilemedi" in page
    again = sent(letter, cast, means="POST", proof="RR 12")
    assert again.status == Status.SENT
    assert clerk.data(WAITS)["nextUp"]["items"] == []
    assert actions.report_undelivered() == 0


def test_a_department_sees_at_once_that_it_did_not_arrive(cast: Cast, letter: Letter) -> None:
    """Before the job has looked, and though departments do not read the outbox."""
    fails(letter)
    for person in (cast.fen_clerk, cast.secretary):
        seen = Asking(person).data(QUERY, i=global_id(letter))["node"]["conversation"]
        assert [one["delivery"] for one in seen] == ["FAILED"]
        page = signed_in(person).get(f"/admin/letters/letter/{letter.key}/change/").content.decode()
        assert "teslim edilemedi" in page


def test_what_the_office_sent_again_from_the_outbox_is_sent(cast: Cast, letter: Letter) -> None:
    fails(letter)
    actions.report_undelivered()
    with system():
        post_again(Message.objects.get(address=TO))
    assert refetch(letter).status == Status.REGISTERED
    fails(letter, "SENT")
    assert actions.report_undelivered() == 0
    with system():
        addressee = Addressee.objects.get(letter=letter)
    assert refetch(letter).status == Status.SENT
    assert (addressee.failed_at, addressee.sent_at is not None) == (None, True)


def test_what_went_by_another_way_is_not_sent_again_from_the_outbox(cast: Cast, letter: Letter) -> None:
    fails(letter)
    actions.report_undelivered()
    with system():
        failed = Message.objects.get(address=TO)
        post_again(failed)
    refused = refusal(lambda: sent(letter, cast, means="POST", proof="RR 12"))
    assert (refused.code, refused.field) == (ErrorCode.WRONG_STATE, "addressee"), "its e-mail is on its way"
    fails(letter)
    sent(letter, cast, means="POST", proof="RR 12")
    assert refusal(lambda: post_again(failed)).code is ErrorCode.WRONG_STATE, "it went by post"
    assert refetch(failed).status == "FAILED"


def test_what_was_handed_over_is_not_sent_again_from_the_outbox(cast: Cast, letter: Letter) -> None:
    with scope.session(cast.fen_clerk), elevated():
        row = Letter.objects.get(pk=letter.pk)
        at = {"addressee": row.addressees.get(), "delivered_on": row.registered_on}
        actions.confirm(row, by=cast.fen_clerk, **at)
    fails(letter)
    with system():
        failed = Message.objects.get(address=TO)
    assert refusal(lambda: post_again(failed)).code is ErrorCode.WRONG_STATE


def test_what_was_recorded_as_delivered_is_delivered(cast: Cast, letter: Letter) -> None:
    with scope.session(cast.fen_clerk), elevated():
        row = Letter.objects.get(pk=letter.pk)
        actions.confirm(
            row, by=cast.fen_clerk, addressee=row.addressees.get(), delivered_on=row.registered_on
        )
    fails(letter)
    assert actions.report_undelivered() == 0
    assert refetch(letter).status == Status.DELIVERED


def test_what_was_written_long_before_it_left_is_reported(cast: Cast, letter: Letter) -> None:
    """An e-mail may be scheduled for thirty days ahead."""
    fails(letter)
    with system():
        Message.objects.filter(address=TO).update(created_at=timezone.now() - dt.timedelta(days=30))
    assert actions.report_undelivered() == 1
