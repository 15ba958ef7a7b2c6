"""A reply that was sent is taken back before it leaves, or is sent at a moment that was chosen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from backend.complaints import recalling
from backend.complaints.choices import DeliveryMethod, NoticeStatus, Outcome, Status
from backend.complaints.models import SENT_MESSAGE, Complaint, Notice
from backend.core.errors import ErrorCode
from backend.core.localtime import local_date, today
from backend.core.session import system
from backend.drafts.models import Draft
from backend.outbox import jobs
from backend.outbox.models import Message
from permissions.complaints import portal
from permissions.complaints.public import tracked
from permissions.complaints.public_status import public_status
from permissions.core import scope
from schema.core.nodes import global_id
from tests.backend.stories import code, petition, refusal, replied, say
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.schema.client import Asking

pytestmark = pytest.mark.usefixtures("held_messages")
TEXT = "Lamba değiştirildi."


def a_file() -> ContentFile[bytes]:
    return ContentFile(b"Kroki ektedir.", "kroki.txt")


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


def leave_message(case: Complaint) -> Notice:
    """Let the moment of the one message pass, and its job run."""
    past = timezone.now() - dt.timedelta(seconds=1)
    with system():
        notice = Notice.objects.get(SENT_MESSAGE, complaint=case)
        Message.objects.filter(pk=notice.message_id).update(not_before=past)
        Notice.objects.filter(pk=notice.pk).update(held_until=past)
    recalling.reply_left(notice=notice.pk)
    return notice


def test_a_message_is_taken_back_and_the_citizen_never_reads_it(cast: Cast) -> None:
    case = make_complaint(by=cast.secretary, applicant=make_citizen(email="ayse@example.org"))

    def read() -> tuple[object, int, int]:
        seen = tracked(case.tracking_code)
        assert seen is not None
        with system():
            asked, _more = portal.updates(cast.secretary, began, timezone.now())
            return public_status(refetch(case))["happenedCode"], len(seen.questions), len(asked)

    began = timezone.now() - dt.timedelta(hours=1)
    before = read()
    say(case, "message", by=cast.secretary, body="Hangi sokak?", means="EMAIL", new_files=[a_file()])
    with system():
        message = Notice.objects.get(complaint=case, kind="MESSAGE").message
        assert message is not None
    jobs.deliver(message_id=str(message.pk))
    assert refetch(message).status == Message.Status.WAITING
    assert read() == before, "it has not left"
    taken = say(case, "take_back", by=cast.secretary)
    assert taken.body == "Hangi sokak?"
    gone = refetch(message)
    assert (gone.status, gone.address, gone.body) == (Message.Status.RECALLED, "", "")
    with system():
        kept = Notice.objects.get(complaint=case, kind="MESSAGE")
        assert (kept.status, kept.body, kept.message, kept.notified_at) == ("SET_ASIDE", "", None, None)
        assert not kept.files.current().exists()
        assert case.attachments.count() == 1, "its file stays with the case"
        assert case.lines.order_by("-at", "-pk")[0].verb == "message_taken_back"
    assert read() == before
    assert code(lambda: say(case, "take_back", by=cast.secretary)) is ErrorCode.WRONG_STATE
    say(case, "message", by=cast.secretary, body="Hangi cadde?", means="EMAIL")
    assert leave_message(case).body == "Hangi cadde?"
    assert read() == ("MESSAGED", before[1] + 1, before[2] + 1)
    with system():
        Notice.objects.filter(SENT_MESSAGE, complaint=case).update(notified_at=began)
        late, _more = portal.updates(cast.secretary, began + dt.timedelta(minutes=1), timezone.now())
    assert "Hangi cadde?" in {one.text for one in late}, "who asked before it left hears of it when it has"
    assert code(lambda: say(case, "take_back", by=cast.secretary)) is ErrorCode.WRONG_STATE


def test_one_takes_back_ones_own_message_and_what_a_person_delivers_not_at_all(cast: Cast) -> None:
    case = case_of(cast)
    for author in (cast.secretary, cast.fen_head):
        say(case, "message", by=author, body="Yarın geliyoruz.", means="EMAIL")
    say(case, "take_back", by=cast.secretary)
    with system():
        assert Notice.objects.get(SENT_MESSAGE, complaint=case).notified_by == cast.fen_head
    say(case, "take_back", by=cast.secretary)
    say(case, "message", by=cast.secretary, body="Aradık.", means=DeliveryMethod.PHONE, proof="Arandı")
    assert code(lambda: say(case, "take_back", by=cast.secretary)) is ErrorCode.WRONG_STATE


def test_the_button_stands_in_the_message_after_it_and_at_the_message_and_nowhere_else(cast: Cast) -> None:
    case = case_of(cast)
    client, base = signed_in(cast.secretary), f"/admin/complaints/complaint/{case.key}"
    say(case, "message", by=None, body="Yarın geliyoruz.", means="EMAIL")
    noted = client.post(f"{base}/comment/", {"body": "İç not."}, follow=True).content.decode()
    assert noted.count('form="verb-unsend"') == 1, (
        "at the message; after a note there is nothing to take back"
    )
    facts = {"version": refetch(case).version, "body": "Hangi sokak?", "means": "EMAIL"}
    page = client.post(f"{base}/message/", facts, follow=True).content.decode()
    assert page.count('form="verb-unsend"') == 3, "in the message after it, and at both that wait"
    assert "geri alınabilir" in page
    back = client.post(f"{base}/unsend/", {"version": refetch(case).version}, follow=True).content.decode()
    assert "İleti gönderilmeden geri alındı" in back
    with system():
        assert Draft.objects.get(user=cast.secretary).text == "Hangi sokak?", "it stands in the form again"
    client.post(f"{base}/unsend/", {"version": refetch(case).version})
    late = client.post(f"{base}/unsend/", {"version": refetch(case).version}, follow=True).content.decode()
    assert "verb-unsend" not in late


def test_programs_take_a_message_back_too(cast: Cast) -> None:
    case = case_of(cast)
    ask, named = Asking(cast.secretary), global_id(case)
    answer = "complaint { viewerCan } errors { code }"
    sent = ask.does("complaintMessage", answer, id=named, body="Hangi sokak?", means="EMAIL")
    assert "UNSEND" in sent["complaint"]["viewerCan"]
    back = ask.does("complaintUnsend", answer, id=named)
    assert (back["errors"], "UNSEND" in back["complaint"]["viewerCan"]) == ([], False)
    [error] = ask.does("complaintUnsend", answer, id=named)["errors"]
    assert error["code"] == "WRONG_STATE"


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
