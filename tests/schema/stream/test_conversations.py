"""Following a conversation through the second process: what is new and how it fares, to who sees it, and no further."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from backend.appointments import actions as appointments
from backend.complaints.models import Notice
from backend.core.session import system
from backend.journal.messages import PARTS, Part, number
from backend.mailboxes import joining
from backend.mailboxes.actions import desk
from backend.mailboxes.conversation import of_matter
from backend.mailboxes.models import InboundMessage
from backend.outbox import jobs
from backend.portals.models import ApiToken
from permissions.core import scope
from schema.core.nodes import global_id
from schema.stream import conversations
from tests.backend.mailboxes.rows import make_mail, make_mailbox
from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_request, refetch
from tests.schema.stream.serving import Server
from tests.schema.stream.test_stream import (  # noqa: F401 - fixtures
    Following,
    browser,
    house,
    server,
)

PORTAL = """subscription($code: String!) { portalConversationChanged(code: $code) {
  gone hasMore messages { id direction text delivery } } }"""
STAFF = """subscription($id: ID!) { conversationChanged(id: $id) {
  gone hasMore messages { id direction text delivery } } }"""


def test_a_portal_follows_the_messages_of_its_case_and_no_note_of_the_house(
    server: Server,  # noqa: F811
    house: Cast,  # noqa: F811
) -> None:
    with system():
        ApiToken.objects.update(scopes=["FOLLOW"])
    bearer = {"Authorization": f"Bearer {house.portal_secret}"}
    mine = make_complaint(by=house.portal, applicant=make_citizen(email="a@example.org"), body="Bank kırık.")
    another = make_complaint(by=house.secretary)
    following = Following(server.port, bearer, PORTAL, code=mine.tracking_code)
    first = following.next()
    assert [one["text"] for one in first.told["messages"]] == ["Bank kırık."]
    say(mine, "comment", by=house.secretary, body="İç not.")
    say(mine, "message", by=house.secretary, body="Hangi sokak?", means="EMAIL")
    event = following.next()
    [question] = event.told["messages"]
    assert (question["direction"], question["text"]) == ("OUT", "Hangi sokak?")
    mail = make_mail(make_mailbox(house.office), "Re: soru", text="Barış Sokak.")
    with system():
        joining.join(mail, refetch(mine), by=None)
    told = following.next()
    assert [(one["direction"], one["text"]) for one in told.told["messages"]] == [("IN", None)]
    with system():
        desk.take_out(InboundMessage.objects.get(pk=mail.pk), by=None)
    gone = [told.told["messages"][0]["id"]]
    assert following.next().told == {"gone": gone, "messages": [], "hasMore": False}
    following.close()
    again = Following(server.port, bearer, PORTAL, last=first.id, code=mine.tracking_code)
    assert [one["text"] for one in again.next().told["messages"]] == ["Hangi sokak?"], "what was missed, once"
    again.close()
    wrong = Following(server.port, bearer, PORTAL, code=another.tracking_code)
    assert wrong.next().code == "NOT_FOUND"


def test_staff_follow_a_request_as_far_as_they_see_it(server: Server, house: Cast) -> None:  # noqa: F811
    request = make_request(house.mayors, applicant=make_citizen(email="a@example.org"), body="Görüşmek.")
    box = make_mailbox(house.office)
    mails = [make_mail(box, f"Ek {each}", status="JOINED", appointment_request=request) for each in range(50)]
    following = Following(server.port, browser(house.secretary), STAFF, id=global_id(request))
    first = following.next().told
    assert (len(first["messages"]), first["hasMore"]) == (50, True), (
        "the request's own words are asked by query"
    )
    with system():
        appointments.message(refetch(request), by=house.secretary, body="Kaç kişi?", means="EMAIL")
    [written] = following.next().told["messages"]
    assert (written["text"], written["direction"]) == ("Kaç kişi?", "OUT")
    with system():
        desk.take_out(InboundMessage.objects.get(pk=mails[7].pk), by=None)
    event = following.next().told
    assert (len(event["gone"]), event["messages"], event["hasMore"]) == (1, [], False)
    following.close()
    hidden = Following(server.port, browser(house.park_clerk), STAFF, id=global_id(request))
    assert hidden.next().code == "NOT_FOUND"


def test_what_changes_beyond_those_that_are_told_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MOST_SENT", 3)
    case, box = make_complaint(to=cast.fen, body=""), make_mailbox(cast.office)
    mails, now = [], timezone.now()

    def comes(hours: int) -> int:
        at = now - dt.timedelta(hours=hours)
        mails.append(make_mail(box, f"Ek {hours}", status="JOINED", complaint=case, received_at=at))
        return number(Part.INBOUND, mails[-1].pk)

    def look(stood: str) -> tuple[list[int], int, bool, str]:
        with scope.session(cast.secretary):
            found = conversations.compared(scope.visible(of_matter("complaint", pk=case.pk)), stood)
        return sorted(found.changed), len(found.gone), found.has_more, found.stands

    told = [comes(hours) for hours in (50, 40, 30)]
    assert look("")[:3] == (told, 0, False), "all of it is told"
    older = [comes(hours) for hours in (90, 80)]
    *first, stands = look("")
    assert first == [told, 0, True]
    assert look(stands)[:3] == ([], 0, False), "what was said once is said no more"
    new = comes(20)
    *then, stood = look(stands)
    assert then == [[new], 0, False], "one that is new, and none that was pushed out by it"
    comes(85)
    *old, stood = look(stood)
    assert old == [[], 0, True], "an older one came in late"
    with system():
        desk.take_out(InboundMessage.objects.get(pk=older[0] // PARTS), by=None)
    assert look(stood)[:3] == ([], 0, True), "an older one is gone"
    *_, stood = look(stood)
    many = [comes(hours) for hours in (9, 8, 7, 6)]
    assert look(stood)[:3] == (many[1:], 0, True), "more came at once than are told"


def test_how_a_message_fares_is_told_in_its_conversation_alone(server: Server, house: Cast) -> None:  # noqa: F811
    case = make_complaint(to=house.fen, applicant=make_citizen(email="a@example.org"), body="Bank kırık.")
    say(case, "message", by=house.secretary, body="Hangi sokak?", means="EMAIL")
    following = Following(server.port, browser(house.secretary), STAFF, id=global_id(case))
    [_first, question] = following.next().told["messages"]
    one = "subscription($id: ID!) { complaintChanged(id: $id) { happened } }"
    of_case = Following(server.port, browser(house.secretary), one, id=global_id(case))
    assert of_case.next().told == {"happened": []}
    with system():
        message = Notice.objects.filter(complaint=case).latest("pk").message
        assert message is not None
    jobs.deliver(message_id=str(message.pk))
    with system():
        message.refresh_from_db()
        message.status = "FAILED"
        message.save()
        case.lines.create(
            verb="not_delivered", details={"message": str(message.pk)}, from_status="", to_status=""
        )
    fared = ""
    while fared != "FAILED":  # it left, and then it came back
        [message] = following.next().told["messages"]
        assert message == question | {"delivery": message["delivery"]}
        fared = message["delivery"]
    assert of_case.next().told == {"happened": ["NOT_DELIVERED"]}, "and not that it had left"
    following.close()
    of_case.close()
