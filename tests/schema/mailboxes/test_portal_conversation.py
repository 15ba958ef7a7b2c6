"""The conversation of what a portal brought in: as whom it is about sees it, and no further."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.appointments import actions
from backend.complaints.models import Complaint, Notice
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.organization.models import User
from backend.outbox import jobs
from backend.outbox.models import Message
from permissions.appointments import portal as appointments
from tests.backend.mailboxes.rows import make_mail, make_mailbox, make_written
from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_request
from tests.schema.client import Asking
from tests.schema.portal_client import make_portal, portal, token_of

FIELDS = "id at direction channel means delivery text isAutomatic files { name url }"
CASE = f"""query($c: String!, $a: String) {{ portalComplaintConversation(code: $c, first: 2, after: $a) {{
  totalCount nodes {{ {FIELDS} }} pageInfo {{ endCursor hasNextPage }} }} }}"""
REQUEST = f"query($r: String!) {{ portalAppointmentConversation(reference: $r) {{ nodes {{ {FIELDS} }} }} }}"
ASKED, NOTED, MAILED, ADDED = "Hangi sokak?", "Yalnız içeride bilinsin.", "Barış Sokak, 5 no.", "Kapının önü."


@pytest.fixture
def mine(cast: Cast) -> tuple[Asking, Complaint]:
    """A portal, and a case that it brought in with a message of each kind."""
    account, secret = make_portal()
    case = make_complaint(by=account, applicant=make_citizen(email="a@example.org"), body="Bank kırık.")
    say(case, "message", by=cast.secretary, body=ASKED, means="EMAIL")
    say(case, "comment", by=cast.secretary, body=NOTED)
    make_mail(make_mailbox(cast.office), "Re: soru", status="JOINED", complaint=case, text=MAILED)
    asking = Asking(token=secret)
    assert asking.does("portalComplaintAdd", code=case.tracking_code, text=ADDED)["errors"] == []
    return asking, case


def leave(case: Complaint) -> None:
    """What waits leaves."""
    with system():
        Notice.objects.filter(complaint=case).update(held_until=None)
        Message.objects.update(not_before=None)
        waiting = list(Message.objects.filter(status="WAITING").values_list("pk", flat=True))
    for key in waiting:
        jobs.deliver(message_id=str(key))


def everything(asking: Asking, case: Complaint) -> list[dict[str, Any]]:
    found, after = [], None
    while True:
        page = asking.data(CASE, c=case.tracking_code, a=after)["portalComplaintConversation"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(found)
            return found


def test_a_portal_reads_what_the_citizen_has_and_of_a_mail_only_that_it_came(
    mine: tuple[Asking, Complaint],
) -> None:
    asking, case = mine
    leave(case)
    nodes = everything(asking, case)
    assert sorted(
        (one["direction"], one["text"] or "") for one in nodes if "Bank" not in (one["text"] or "")
    ) == [
        ("IN", ""),
        ("IN", ADDED),
        ("OUT", ASKED),
    ]
    assert nodes[-1]["text"] == ADDED
    assert "Bank kırık." in [one["text"] for one in nodes], "what it brought in itself"
    mail = next(one for one in nodes if one["text"] is None)
    assert (mail["channel"], mail["delivery"]) == ("EMAIL", None)
    question = next(one for one in nodes if one["direction"] == "OUT")
    assert (question["means"], question["delivery"]) == ("EMAIL", "SENT")
    assert len({one["id"] for one in nodes}) == 4
    assert NOTED not in str(nodes)
    assert "posta.example" not in str(nodes)
    with system():
        assert AccessLog.objects.filter(purpose="portal").exists()


def test_what_waits_to_be_taken_back_is_not_there_yet(mine: tuple[Asking, Complaint]) -> None:
    asking, case = mine
    with system():
        Notice.objects.filter(complaint=case).update(held_until=timezone.now() + dt.timedelta(days=1))
    assert ASKED not in [one["text"] for one in everything(asking, case)]
    leave(case)
    assert ASKED in [one["text"] for one in everything(asking, case)]


def test_another_portal_finds_nothing_and_the_municipalitys_own_no_words_of_theirs(
    mine: tuple[Asking, Complaint],
) -> None:
    _asking, case = mine
    leave(case)
    assert everything(portal("portal.baska"), case) == []
    site = make_portal("portal.site", ["FOLLOW", "TRACK"])[0]
    texts = [one["text"] for one in everything(Asking(token=token_of(site, ["FOLLOW", "TRACK"])), case)]
    assert [text for text in texts if text] == [ASKED]
    assert len(texts) == 4


def test_nobody_without_the_right_asks(mine: tuple[Asking, Complaint], cast: Cast) -> None:
    _asking, case = mine
    for asking in (Asking(cast.secretary), portal("portal.getiren", ["SUBMIT"])):
        answer = asking.answer(CASE, c=case.tracking_code)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_the_applicant_of_a_request_reads_the_same(cast: Cast) -> None:
    account, secret = make_portal()
    request = make_request(
        cast.mayors, by=account, applicant=make_citizen(email="a@example.org"), body="Görüşmek."
    )
    with system():
        actions.message(request, by=cast.secretary, body=ASKED, means="EMAIL")
    make_written(request, NOTED)
    with system():
        request.notices.update(held_until=None)
        assert appointments.brought_by(account).get() == request
    nodes = Asking(token=secret).data(REQUEST, r=request.reference)["portalAppointmentConversation"]["nodes"]
    assert [(one["direction"], one["text"]) for one in nodes] == [("IN", "Görüşmek."), ("OUT", ASKED)]
    other: User = make_portal("portal.baska")[0]
    found = Asking(token=token_of(other)).data(REQUEST, r=request.reference)
    assert found["portalAppointmentConversation"]["nodes"] == []
