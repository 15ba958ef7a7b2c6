"""A reply that was sent is taken back before it leaves, or is sent at a moment that was chosen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from backend.complaints.choices import DeliveryMethod, NoticeStatus, Outcome, Status
from backend.complaints.models import Complaint, Notice
from backend.core.errors import ErrorCode
from backend.core.localtime import local_date, today
from backend.core.session import system
from backend.outbox import jobs
from backend.outbox.models import Message
from permissions.complaints.public import tracked
from permissions.core import scope
from tests.backend.stories import code, petition, refusal, replied, say
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch

pytestmark = pytest.mark.usefixtures("held_messages")
TEXT = "Lamba değiştirildi."


def case_of(cast: Cast) -> Complaint:
    citizen = make_citizen(email="ayse@example.org", phone="+905321112233")
    return make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=citizen)


def reply_of(case: Complaint) -> Notice:
    with system():
        return Notice.objects.select_related("message").get(complaint=case, kind="RESULT")


def leave(case: Complaint) -> None:
    """Let the moment pass."""
    past = timezone.now() - dt.timedelta(seconds=1)
    with system():
        Message.objects.filter(pk=reply_of(case).message_id).update(not_before=past)
        Notice.objects.filter(complaint=case, kind="RESULT").update(held_until=past)


def test_a_reply_is_taken_back_and_is_as_if_it_was_never_sent(cast: Cast) -> None:
    case = replied(case_of(cast), cast, TEXT)
    message = reply_of(case).message
    assert message is not None
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.WAITING
    say(case, "recall", by=cast.secretary)
    row, reply = refetch(case), reply_of(case)
    assert (row.status, row.replied_at) == (Status.APPROVED, None)
    assert (reply.status, reply.body, reply.message, reply.notified_at) == (
        NoticeStatus.APPROVED,
        TEXT,
        None,
        None,
    )
    assert refetch(message).status == Message.Status.RECALLED
    assert code(lambda: say(case, "recall", by=cast.secretary)) is ErrorCode.WRONG_STATE
    say(case, "send", by=cast.secretary, means=DeliveryMethod.EMAIL)
    leave(case)
    sent = reply_of(case).message
    assert sent is not None
    jobs.deliver(message_id=str(sent.pk))
    assert refetch(sent).status == Message.Status.SENT
    assert TEXT in refetch(sent).body


def test_what_has_left_is_not_taken_back(cast: Cast) -> None:
    case = replied(case_of(cast), cast)
    leave(case)
    assert code(lambda: say(case, "recall", by=cast.secretary)) is ErrorCode.WRONG_STATE
    assert refetch(case).status == Status.REPLIED


def test_approved_and_sent_in_one_step_stays_approved(cast: Cast) -> None:
    case = case_of(cast)
    say(case, "draft", by=cast.fen_clerk, body=TEXT)
    say(case, "submit", by=cast.fen_clerk)
    say(case, "approve_and_send", by=cast.secretary, body="Düzeltildi.", means=DeliveryMethod.EMAIL)
    say(case, "recall", by=cast.secretary)
    with system():
        versions = Notice.objects.filter(complaint=case, kind="RESULT").order_by("pk")
        assert [(one.status, one.body) for one in versions] == [
            (NoticeStatus.SET_ASIDE, TEXT),
            (NoticeStatus.APPROVED, "Düzeltildi."),
        ]


def test_a_promised_result_is_owed_again(cast: Cast) -> None:
    case = case_of(cast)
    with system():
        Complaint.objects.filter(pk=case.pk).update(result_owed=True)
    case = replied(case, cast)
    assert not refetch(case).result_owed
    say(case, "recall", by=cast.secretary)
    assert refetch(case).result_owed


def test_paper_is_not_taken_back_and_not_sent_later(cast: Cast) -> None:
    case = replied(case_of(cast), cast, means=DeliveryMethod.POST, proof="RR 1")
    assert code(lambda: say(case, "recall", by=cast.secretary)) is ErrorCode.WRONG_STATE
    other = case_of(cast)
    say(other, "draft", by=cast.fen_clerk, body=TEXT)
    say(other, "submit", by=cast.fen_clerk)
    say(other, "approve", by=cast.secretary)
    later = timezone.now() + dt.timedelta(hours=3)
    told = {"means": DeliveryMethod.POST, "proof": "RR 2", "send_at": later}
    found = refusal(lambda: say(other, "send", by=cast.secretary, **told))
    assert (found.code, found.field) == (ErrorCode.INVALID, "send_at")


def test_a_reply_is_sent_at_its_moment_and_the_case_closes_after_it(cast: Cast) -> None:
    later = timezone.now() + dt.timedelta(hours=3)
    case = replied(case_of(cast), cast, means=DeliveryMethod.EMAIL, send_at=later)
    reply = reply_of(case)
    assert reply.message is not None
    assert (refetch(case).replied_at, reply.notified_at, reply.message.not_before) == (later, later, later)
    found = refusal(lambda: say(case, "close", by=cast.secretary, outcome=Outcome.SOLVED))
    assert found.code is ErrorCode.WRONG_STATE
    leave(case)
    say(case, "close", by=cast.secretary, outcome=Outcome.SOLVED)
    assert refetch(case).status == Status.CLOSED


def test_no_moment_is_chosen_after_the_legal_date(cast: Cast) -> None:
    case = petition(to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(email="ali@example.org"))
    with system():
        Complaint.objects.filter(pk=case.pk).update(legal_due_on=today() + dt.timedelta(days=1))
    later = timezone.now() + dt.timedelta(days=3)
    found = refusal(lambda: replied(case, cast, means=DeliveryMethod.EMAIL, send_at=later))
    assert (found.code, found.field) == (ErrorCode.INVALID, "send_at")
    assert local_date(later) > today()


def test_the_citizen_reads_the_reply_once_it_has_left(cast: Cast) -> None:
    case = replied(case_of(cast), cast, TEXT)
    code_of = refetch(case).tracking_code
    before = tracked(code_of)
    assert before is not None
    assert not before.replies
    assert (before.status, "REPLIED" in {one.kind for one in before.steps}) == ("REPLY_PREPARED", False)
    leave(case)
    after = tracked(code_of)
    assert after is not None
    assert TEXT in after.replies[0].body
    assert (after.status, "REPLIED" in {one.kind for one in after.steps}) == ("REPLIED", True)


def test_who_sends_sees_the_way_back_and_until_when(cast: Cast) -> None:
    case = case_of(cast)
    say(case, "draft", by=cast.fen_clerk, body=TEXT)
    say(case, "submit", by=cast.fen_clerk)
    say(case, "approve", by=cast.secretary)
    client = signed_in(cast.secretary)
    base = f"/admin/complaints/complaint/{case.key}"
    values = {"version": refetch(case).version, "means": "EMAIL"}
    page = client.post(f"{base}/send/", values, follow=True).content.decode()
    assert 'form="verb-recall"' in page
    assert 'id="verb-recall"' in page
    assert "geri alınabilir" in page
    page = client.post(f"{base}/recall/", {"version": refetch(case).version}, follow=True).content.decode()
    assert refetch(case).status == Status.APPROVED
    assert "verb-recall" not in page
    client.post(f"{base}/send/", {"version": refetch(case).version, "means": "EMAIL"})
    leave(case)
    page = client.post(f"{base}/recall/", {"version": refetch(case).version}, follow=True).content.decode()
    assert "geri alınamaz" in page
    assert refetch(case).status == Status.REPLIED


def test_a_reply_that_waits_is_taken_over_by_no_linked_case(cast: Cast) -> None:
    """Taken back, it would stand in the others for good."""
    leader, other = case_of(cast), case_of(cast)
    say(other, "link", by=cast.secretary, of=leader)
    replied(leader, cast, TEXT)

    def offered(case: Complaint) -> set[str]:
        with scope.session(cast.secretary):
            return set(map(str, scope.allowed_actions(scope.get(Complaint, case.key))))

    assert "ADOPT_REPLY" not in offered(other)
    assert "ANSWER_LINKED" not in offered(leader)
    assert "henüz çıkmadı" in str(refusal(lambda: say(other, "adopt_reply", by=cast.secretary)).message)
    assert code(lambda: say(leader, "answer_linked", by=cast.secretary)) is ErrorCode.WRONG_STATE
    leave(leader)
    assert "ADOPT_REPLY" in offered(other)
    assert "ANSWER_LINKED" in offered(leader)
    say(leader, "answer_linked", by=cast.secretary)
    assert refetch(other).status == Status.REPLIED
