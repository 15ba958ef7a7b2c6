"""The approver corrects, approves and sends in one step; both versions are kept."""

from __future__ import annotations

from backend.complaints.choices import DeliveryMethod, NoticeStatus, Status
from backend.complaints.models import Complaint, ComplaintLine, Notice
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.notifications.models import Notification
from backend.organization.models import User
from backend.outbox.models import Message
from permissions.core import scope
from tests.backend.stories import code, say, through_cimer
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, refetch

WRITTEN, CORRECTED = "Çukur kapatildi.", "Çukur kapatıldı; bilgilerinize sunarız."


def handed_in(cast: Cast, case: Complaint | None = None) -> Complaint:
    case = case or make_complaint(
        to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(email="ayse@example.org")
    )
    say(case, "draft", by=cast.fen_clerk, body=WRITTEN)
    say(case, "submit", by=cast.fen_clerk)
    return refetch(case)


def versions(case: Complaint) -> list[tuple[str, str, object]]:
    with system():
        rows = Notice.objects.filter(complaint=case, kind="RESULT").order_by("pk")
        return [(row.status, row.body, row.drafted_by_id) for row in rows]


def lines(case: Complaint) -> list[str]:
    with system():
        return list(
            ComplaintLine.objects.filter(complaint=case).order_by("pk").values_list("verb", flat=True)
        )


def test_a_corrected_reply_is_approved_and_both_versions_stay(cast: Cast) -> None:
    case = handed_in(cast)
    say(case, "correct_reply", by=cast.secretary, body=CORRECTED)
    assert refetch(case).status == Status.APPROVED
    assert versions(case) == [
        (NoticeStatus.SET_ASIDE, WRITTEN, cast.fen_clerk.pk),
        (NoticeStatus.APPROVED, CORRECTED, cast.secretary.pk),
    ]
    with system():
        line = ComplaintLine.objects.get(complaint=case, verb="reply_corrected")
    assert line.details == {"was": WRITTEN, "now": CORRECTED}
    assert (line.from_status, line.to_status) == (Status.ANSWERED, Status.APPROVED)


def test_an_unchanged_text_is_only_approved(cast: Cast) -> None:
    case = handed_in(cast)
    say(case, "correct_reply", by=cast.secretary, body=f" {WRITTEN}\n")
    assert versions(case) == [(NoticeStatus.APPROVED, WRITTEN, cast.fen_clerk.pk)]
    assert lines(case)[-1] == "approved"


def test_approve_and_send_does_all_or_nothing(cast: Cast) -> None:
    case = handed_in(cast)
    say(case, "approve_and_send", by=cast.secretary, body=CORRECTED, means=DeliveryMethod.EMAIL)
    assert refetch(case).status == Status.REPLIED
    with system():
        message = Message.objects.get(purpose="complaint_result")
        assert CORRECTED in message.body
        assert WRITTEN not in message.body
    assert lines(case)[-1] == "approved_and_sent"
    unreachable = handed_in(
        cast, make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(email=""))
    )
    send = lambda: say(unreachable, "approve_and_send", by=cast.secretary, means=DeliveryMethod.EMAIL)  # noqa: E731
    assert code(send) == ErrorCode.REQUIRED
    assert refetch(unreachable).status == Status.ANSWERED
    assert versions(unreachable) == [(NoticeStatus.SUBMITTED, WRITTEN, cast.fen_clerk.pk)]


def test_as_it_stands_without_a_text_and_never_for_what_came_through_cimer(cast: Cast) -> None:
    case = handed_in(cast)
    say(case, "approve_and_send", by=cast.secretary)
    assert lines(case)[-1] == "approved_and_sent"
    assert versions(case)[0][0] == NoticeStatus.SENT
    cimer = handed_in(cast, through_cimer(to=cast.fen, accepted_by=cast.fen_clerk))
    assert code(lambda: say(cimer, "approve_and_send", by=cast.secretary)) == ErrorCode.WRONG_STATE
    assert refetch(cimer).status == Status.ANSWERED


def test_an_empty_correction_is_refused(cast: Cast) -> None:
    case = handed_in(cast)
    assert code(lambda: say(case, "correct_reply", by=cast.secretary, body=" ")) == ErrorCode.REQUIRED


def learned(person: User, case: Complaint) -> int:
    """How often somebody was notified of the approval."""
    with scope.session(person):
        rows = scope.visible(Notification).filter(complaint=case, text="complaints/approved")
        return rows.count()


def test_after_one_step_the_writer_alone_is_notified(cast: Cast) -> None:
    """As sent, no reply is pending any more: the writer is found all the same, corrected or not, and not the unit."""
    for body in ("", CORRECTED):
        case = handed_in(cast)
        say(case, "approve_and_send", by=cast.secretary, body=body, means=DeliveryMethod.EMAIL)
        assert (learned(cast.fen_clerk, case), learned(cast.fen_head, case)) == (1, 0), body
    case = handed_in(cast)
    say(case, "correct_reply", by=cast.secretary, body=CORRECTED)
    assert (learned(cast.fen_clerk, case), learned(cast.fen_head, case)) == (1, 0)
