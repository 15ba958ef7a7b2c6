"""Webhooks of messages: that one came, left, arrived or failed, to who may know of it, and nothing of what it says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.complaints.models import Complaint, Notice
from backend.core.session import system
from backend.mailboxes import joining
from backend.mailboxes.actions import desk
from backend.mailboxes.lines import reports
from backend.mailboxes.lines.reports import Outcome, Report
from backend.mailboxes.models import InboundMessage
from backend.outbox import jobs
from backend.outbox.models import Message
from backend.portals.webhooks.models import DeliveryStatus, WebhookDelivery
from permissions.complaints import webhooks
from permissions.core import grants
from permissions.core.viewer import CONTACTS
from permissions.mailboxes.portal import of_case
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.portals.test_webhooks import Sink, house, make_endpoint, sink, told  # noqa: F401 - fixtures
from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import LONG_AGO, make_citizen, make_complaint, refetch

Heard = list[dict[str, Any]]


def heard(sink: Sink) -> Heard:  # noqa: F811
    """What was told of messages since the last time."""
    webhooks.carry()
    found = [one for one in told(sink) if one["type"].startswith("message.")]
    sink.got.clear()
    return found


def joined(house: Cast, case: Complaint, **facts: Any) -> InboundMessage:  # noqa: F811
    mail = make_mail(make_mailbox(house.relations), "Re: lamba", text="Barış Sokak 5.", **facts)
    with system():
        joining.join(mail, refetch(case), by=None)
    return mail


def left(case: Complaint) -> Message:
    """The last message to the citizen, which leaves now."""
    with system():
        message = Notice.objects.filter(complaint=case, message__isnull=False).latest("pk").message
        assert message is not None
        Message.objects.filter(pk=message.pk).update(not_before=None)
    jobs.deliver(message_id=str(message.pk))
    return message


def reported(message: Message, outcome: Outcome) -> None:
    with system():
        assert reports.note(Report(str(message.pk), outcome), channel="EMAIL", gateway="")


def reading(house: Cast, scopes: tuple[str, ...]) -> dict[str, Any]:  # noqa: F811
    """The account of a program that may know the persons of Halkla İlişkiler, as far as its scopes let it."""
    with system():
        grants.give(house.portal, CONTACTS, house.relations, by=None, valid_from=LONG_AGO)
    return {"scopes": scopes, "account": house.portal}


def test_a_portal_is_told_how_the_messages_of_its_cases_fare(house: Cast, sink: Sink) -> None:  # noqa: F811
    endpoint, _secret = make_endpoint(house, sink.url)
    account = endpoint.client.account
    citizen = make_citizen("İnci", "Çağlar", email="inci@example.org")
    mine = make_complaint("Çukur", by=account, applicant=citizen, source_number="EB-7", source="ebelediye")
    another = make_complaint("Gizli konu", by=house.portal, applicant=citizen)
    for case in (mine, another):
        say(case, "comment", by=house.secretary, body="İç not: Murat ilgilensin.")
        say(case, "message", by=house.secretary, body="Hangi sokak?", means="EMAIL")
    assert heard(sink) == [], "it has not left"
    left(another)
    message = left(mine)
    [sent] = heard(sink)
    assert (sent["type"], sent["data"]["reference"], sent["data"]["sourceNumber"]) == (
        "message.sent", mine.reference, "EB-7",
    )  # fmt: skip
    assert sent["data"]["message"] == sent["data"]["message"] | {
        "direction": "OUT", "way": "EMAIL", "isAutomatic": False,
    }  # fmt: skip
    for outcome in (Outcome.DELIVERED, Outcome.READ):
        reported(message, outcome)
    [delivered] = heard(sink)
    assert delivered["type"] == "message.delivered"
    assert delivered["data"]["message"]["id"] == sent["data"]["message"]["id"]
    found = of_case(mine.tracking_code, account)
    assert found is not None
    with system():
        assert sent["data"]["message"]["id"] in [found.make(row).id for row in found.rows]

    say(mine, "message", by=house.secretary, body="Hangi numara?", means="EMAIL")
    reported(left(mine), Outcome.FAILED)
    assert [one["type"] for one in heard(sink)] == ["message.sent", "message.failed"]
    joined(house, another)
    joined(house, mine)
    [received] = heard(sink)
    assert (received["type"], received["data"]["message"]["direction"]) == ("message.received", "IN")
    assert heard(sink) == [], "nothing is told twice"
    everything = str([sent, delivered, received])
    for hidden in (
        "Çukur",
        "İnci",
        "inci@",
        "sokak",
        "Barış",
        "Murat",
        another.reference,
        mine.tracking_code,
    ):
        assert hidden not in everything


def test_what_a_machine_answered_and_what_was_taken_out_again_is_not_told(
    house: Cast,  # noqa: F811
    sink: Sink,  # noqa: F811
) -> None:
    endpoint, _secret = make_endpoint(house, sink.url)
    mine = make_complaint(by=endpoint.client.account)
    sink.status = 500
    mail = joined(house, mine)
    webhooks.carry()
    with system():
        desk.take_out(InboundMessage.objects.get(pk=mail.pk), by=None)
        WebhookDelivery.objects.update(next_at=timezone.now())
    sink.status = 204
    sink.got.clear()
    assert heard(sink) == []
    with system():
        said = endpoint.deliveries.filter(event="message.received")
        assert [one.status for one in said] == [DeliveryStatus.WITHHELD]


@pytest.mark.parametrize(("scopes", "hears"), [(("READ",), False), (("READ", "CONTACTS"), True)])
def test_who_may_know_no_person_is_not_told_that_they_wrote(
    house: Cast,  # noqa: F811
    sink: Sink,  # noqa: F811
    scopes: tuple[str, ...],
    hears: bool,
) -> None:
    make_endpoint(house, sink.url, **reading(house, scopes))
    case = make_complaint(to=house.relations, by=house.secretary)
    hidden = make_complaint(to=house.fen, by=house.secretary)
    joined(house, hidden)
    joined(house, case)
    said = [(one["type"], one["data"]["reference"]) for one in heard(sink)]
    assert said == ([("message.received", case.reference)] if hears else [])


@pytest.mark.parametrize("scopes", [("SUBMIT", "FOLLOW"), ("READ", "CONTACTS")])
def test_a_batch_of_messages_costs_as_many_statements_as_one(
    house: Cast,  # noqa: F811
    sink: Sink,  # noqa: F811
    scopes: tuple[str, ...],
) -> None:
    facts = reading(house, scopes) if "READ" in scopes else {"scopes": scopes}
    endpoint, _secret = make_endpoint(house, sink.url, **facts)
    cases = [make_complaint(by=endpoint.client.account, to=house.relations) for _each in range(8)]
    webhooks.gather(endpoint)
    counts = []
    for some in (cases[:2], cases):
        for case in some:
            joined(house, case)
        with CaptureQueriesContext(connection) as queries:
            assert webhooks.gather(endpoint) is False
        counts.append(len(queries))
    assert counts[0] == counts[1]
    with system():
        assert endpoint.deliveries.filter(event="message.received").count() == 10
