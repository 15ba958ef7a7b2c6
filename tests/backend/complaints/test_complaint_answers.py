"""The reply from draft to sent, messages, and forwarding with its two acts."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.complaints import actions
from backend.complaints.choices import Channel, DeliveryMethod, NoticeKind, NoticeStatus, Outcome, Status
from backend.complaints.models import Complaint, Notice
from backend.complaints.moves import Verb
from backend.core.errors import ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.outbox.models import Message
from tests.backend.stories import (
    TOLD,
    code,
    information_request,
    petition,
    refusal,
    replied,
    say,
    service_request,
)
from tests.cast import Cast, as_viewer
from tests.factories import make_body, make_citizen, make_complaint, refetch


def at_work(cast: Cast, **fields: object) -> Complaint:
    return petition(to=cast.fen, accepted_by=cast.fen_clerk, **fields)


def only_message() -> Message:
    with system():
        return Message.objects.get()


def approved(complaint: Complaint, cast: Cast, body: str = "Lamba değiştirildi.") -> Complaint:
    say(complaint, "draft", by=cast.fen_clerk, body=body)
    say(complaint, "submit", by=cast.fen_clerk)
    say(complaint, "approve", by=cast.secretary)
    return refetch(complaint)


def test_a_draft_is_rewritten_and_not_doubled(cast: Cast) -> None:
    complaint = at_work(cast)
    first = say(complaint, "draft", by=cast.fen_clerk, body="İlk")
    second = say(complaint, "draft", by=cast.fen_head, body="İkinci", means=DeliveryMethod.EMAIL)
    assert first.pk == second.pk
    notice = refetch(first)
    assert (notice.body, notice.means, notice.drafted_by_id) == (
        "İkinci",
        DeliveryMethod.EMAIL,
        cast.fen_head.pk,
    )


def test_nothing_is_submitted_without_a_draft(cast: Cast) -> None:
    complaint = at_work(cast)
    assert code(lambda: actions.submit(complaint, by=cast.fen_clerk)) is ErrorCode.REQUIRED
    assert refetch(complaint).status == Status.ACCEPTED


def test_a_reply_sent_back_is_a_draft_again_and_its_approval_is_gone(cast: Cast) -> None:
    complaint = approved(at_work(cast), cast)
    say(complaint, "send_back", by=cast.secretary, reason="Mahalle adı yanlış")
    with system():
        notice = Notice.objects.get()
    assert (notice.status, notice.approved_by_id) == (NoticeStatus.DRAFT, None)
    assert refetch(complaint).status == Status.IN_PROGRESS


def test_the_preview_is_exactly_what_is_sent(cast: Cast) -> None:
    complaint = approved(at_work(cast), cast, body='Lamba\n\n3 < 5 & "değişti"')
    with system():
        preview = actions.citizen_message_preview(
            refetch(complaint), NoticeKind.RESULT, 'Lamba\n\n3 < 5 & "değişti"'
        )
    say(complaint, "send", by=cast.secretary)
    message = only_message()
    assert (message.subject, message.body) == preview
    assert message.purpose == "complaint_result"


def test_a_preview_for_somebody_without_contact_data_names_nobody(cast: Cast) -> None:
    complaint = make_complaint(to=cast.park)
    with as_viewer(cast.park_clerk):  # sees the case, not the citizen
        row = Complaint.objects.get(pk=complaint.pk)
        _subject, body = actions.citizen_message_preview(row, NoticeKind.RESULT, "Yapıldı.")
        assert row.visible_applicant is None
        assert not row.lacks_elements
    assert body.startswith("Sayın Başvuru Sahibi,")
    with as_viewer(cast.secretary):
        row = Complaint.objects.get(pk=complaint.pk)
        for named, salutation in ((True, "Sayın Ayşe IŞIK,"), (False, "Sayın Başvuru Sahibi,")):
            _subject, body = actions.citizen_message_preview(row, NoticeKind.RESULT, "Yapıldı.", named=named)
            assert body.startswith(salutation)


def test_sending_keeps_who_when_how_and_the_message(cast: Cast) -> None:
    complaint = replied(at_work(cast), cast)
    with system():
        notice = Notice.objects.select_related("message").get()
        assert complaint.applicant is not None
        address = complaint.applicant.email
    assert notice.message is not None
    assert notice.message.address == address
    assert (notice.status, notice.means, notice.notified_by_id) == (
        NoticeStatus.SENT,
        DeliveryMethod.EMAIL,
        cast.secretary.pk,
    )
    assert notice.notified_at is not None
    assert complaint.replied_at is not None
    assert abs(notice.notified_at - complaint.replied_at) < dt.timedelta(seconds=5)
    assert notice.body == "Lamba değiştirildi."


def test_a_reply_by_post_to_a_petition_needs_its_proof_and_writes_no_message(cast: Cast) -> None:
    complaint = approved(at_work(cast), cast)
    found = refusal(lambda: actions.send(refetch(complaint), by=cast.secretary, means=DeliveryMethod.POST))
    assert (found.code, found.field) == (ErrorCode.REQUIRED, "proof")
    assert refetch(complaint).status == Status.APPROVED
    say(complaint, "send", by=cast.secretary, **TOLD)
    with system():
        notice = Notice.objects.get()
        assert not Message.objects.exists()
    assert (notice.status, notice.proof) == (NoticeStatus.SENT, TOLD["proof"])


def test_a_call_back_on_a_service_request_needs_no_proof(cast: Cast) -> None:
    complaint = approved(service_request(to=cast.fen, accepted_by=cast.fen_clerk), cast)
    say(complaint, "send", by=cast.secretary, means=DeliveryMethod.PHONE)
    assert refetch(complaint).status == Status.REPLIED


def test_without_an_address_somebody_must_say_how_it_is_told(cast: Cast) -> None:
    complaint = approved(at_work(cast, applicant=make_citizen(email="")), cast)
    silent = refusal(lambda: actions.send(refetch(complaint), by=None))
    mailed = refusal(lambda: actions.send(refetch(complaint), by=None, means=DeliveryMethod.EMAIL))
    unknown = refusal(lambda: actions.send(refetch(complaint), by=None, means="PIGEON"))
    assert (silent.code, mailed.code, unknown.code) == (
        ErrorCode.REQUIRED,
        ErrorCode.REQUIRED,
        ErrorCode.INVALID,
    )
    assert {silent.field, mailed.field, unknown.field} == {"means"}


def test_no_sms_is_promised_where_no_gateway_is_configured(cast: Cast) -> None:
    complaint = approved(at_work(cast), cast)
    found = refusal(lambda: actions.send(refetch(complaint), by=None, means=DeliveryMethod.SMS))
    assert (found.code, found.field) == (ErrorCode.UNSUPPORTED, "means")


def test_an_sms_is_one_paragraph_with_number_text_and_code(cast: Cast, settings: object) -> None:
    settings.SMS_GATEWAY_URL = "https://sms.example/send"  # type: ignore[attr-defined]
    complaint = approved(at_work(cast), cast)
    say(complaint, "send", by=cast.secretary, means=DeliveryMethod.SMS)
    message = only_message()
    assert (message.channel, message.address[:4]) == ("SMS", "+905")
    assert "\n" not in message.body
    assert all(
        part in message.body for part in (complaint.reference, complaint.tracking_code, "Lamba değiştirildi.")
    )


def test_a_merged_record_without_address_is_reached_through_the_one_that_stands_for_it(cast: Cast) -> None:
    from backend.contacts import actions as contacts

    old, new = make_citizen(email=""), make_citizen(email="yeni@example.org")
    complaint = approved(at_work(cast, applicant=old), cast)
    with system():
        contacts.merge(old, into=new, by=None)
    say(complaint, "send", by=cast.secretary)
    assert only_message().address == "yeni@example.org"


def test_a_message_to_the_citizen_is_no_note_and_a_note_is_no_message(cast: Cast) -> None:
    complaint = at_work(cast)
    say(complaint, "comment", by=cast.fen_clerk, body="Müteahhit geç kalıyor.")
    with system():
        assert not Message.objects.exists()
    notice = say(
        complaint, "message", by=cast.fen_clerk, body="Yarın 10.00'da geleceğiz.", means=DeliveryMethod.EMAIL
    )
    assert notice.kind == NoticeKind.MESSAGE
    assert "geç kalıyor" not in only_message().body
    assert refetch(complaint).status == Status.ACCEPTED


def test_case_7_no_reply_is_sent_to_a_petition_without_its_elements(cast: Cast) -> None:
    complaint = at_work(cast, signature_given=False)
    complaint = approved(complaint, cast)
    found = refusal(lambda: actions.send(refetch(complaint), by=cast.secretary))
    assert found.code is ErrorCode.WRONG_STATE
    say(complaint, "correct", by=cast.secretary, signature_given=True)
    say(complaint, "send", by=cast.secretary)
    assert refetch(complaint).status == Status.REPLIED


@pytest.mark.parametrize("channel", [Channel.WEB, Channel.EMAIL, Channel.E_MUNICIPALITY])
def test_a_named_report_of_the_web_is_routed_and_answered_as_one_without_a_name_is(
    channel: str, cast: Cast
) -> None:
    """It keeps the petition's thirty days, the safer clock; that it bears no signature may still end it (3071 m.6)."""
    complaint, other = (petition(channel=channel, signature_given=False) for _each in range(2))
    assert (complaint.regime, complaint.lacks_elements) == ("PETITION_3071", True)
    assert complaint.raw_due_on == complaint.registered_on + dt.timedelta(days=30)
    say(complaint, "route", by=cast.secretary, to=cast.fen)
    say(complaint, "accept", by=cast.fen_clerk)
    approved(complaint, cast)
    say(complaint, "send", by=cast.secretary)
    assert refetch(complaint).status == Status.REPLIED
    say(other, "mark_not_examinable", by=cast.secretary, reason="MISSING_ELEMENTS", **TOLD)
    assert refetch(other).status == Status.NOT_EXAMINABLE


@pytest.mark.parametrize("outcome", ["", "FORWARDED", "WITHDRAWN", "REJECTED", "BEST"])
def test_a_replied_case_closes_only_as_what_a_reply_can_end_in(outcome: str, cast: Cast) -> None:
    complaint = replied(at_work(cast), cast)
    found = refusal(lambda: actions.close(refetch(complaint), by=None, outcome=outcome))
    assert found.field == "outcome"
    assert refetch(complaint).is_open


def test_a_rejection_of_an_information_request_names_the_remedies(cast: Cast) -> None:
    complaint = information_request(to=cast.fen)
    say(complaint, "reject", by=cast.secretary, reason="Ticari sır.")
    body = only_message().body
    assert "Ticari sır." in body
    assert "Bilgi Edinme Değerlendirme Kuruluna" in body
    after = refetch(complaint)
    assert (after.status, after.outcome) == (Status.REJECTED, Outcome.REJECTED)


def test_nothing_is_rejected_in_silence(cast: Cast) -> None:
    nobody = make_citizen(email="")
    for complaint in (petition(applicant=nobody), service_request(applicant=nobody)):
        found = refusal(lambda complaint=complaint: actions.reject(complaint, by=None, reason="Olmaz."))
        assert (found.code, found.field) == (ErrorCode.REQUIRED, "means")
        say(
            complaint,
            "reject",
            by=None,
            reason="Olmaz.",
            means=DeliveryMethod.PHONE,
            proof="Kendisine söylendi",
        )
        assert refetch(complaint).status == Status.REJECTED


def test_case_9_forwarded_to_iski_it_closes_only_after_the_citizen_was_told_and_counts_as_forwarded(
    cast: Cast,
) -> None:
    complaint = petition(subject="Su borusu patladı")
    assert code(lambda: actions.close(complaint, by=None, outcome="")) is ErrorCode.WRONG_STATE
    say(complaint, "forward", by=cast.secretary, to=make_body(), number="E-24312041-622-7", on=today())
    assert code(lambda: actions.close(refetch(complaint), by=None, outcome="")) is ErrorCode.WRONG_STATE
    say(complaint, "notify_forwarding", by=cast.secretary, means=DeliveryMethod.EMAIL)
    message = only_message()
    assert "İSKİ Genel Müdürlüğü" in message.body
    assert "3071 sayılı Kanunun 5 inci maddesi" in message.body
    assert "E-24312041-622-7" in message.body
    assert refusal(lambda: actions.close(refetch(complaint), by=None, outcome="SOLVED")).field == "outcome"
    say(complaint, "close", by=cast.secretary)
    after = refetch(complaint)
    assert (after.status, after.outcome) == (Status.CLOSED, Outcome.FORWARDED)
    with system():
        assert not Complaint.objects.solved().exists()
        assert not Complaint.objects.countable().exists()


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"number": " "}, "number"),
        ({"number": "7", "on": dt.date(2999, 1, 1)}, "on"),
        ({"number": "7", "on": dt.date(2001, 1, 1)}, "on"),
    ],
)
def test_case_9_a_forwarding_needs_number_and_a_day_that_can_be(params: dict, field: str, cast: Cast) -> None:
    complaint, body = petition(), make_body()
    assert refusal(lambda: actions.forward(complaint, by=None, to=body, **params)).field == field


def test_to_a_company_it_is_no_transfer_in_law_and_may_be_followed_by_our_department(cast: Cast) -> None:
    company = make_body("ayedas", "İstanbul Anadolu Yakası Elektrik Dağıtım A.Ş.", "AYEDAŞ", is_public=False)
    complaint = service_request()
    say(complaint, "forward", by=cast.secretary, to=company)
    say(complaint, "notify_forwarding", by=cast.secretary, means=DeliveryMethod.EMAIL)
    body = only_message().body
    assert "devir niteliğinde değildir" in body
    assert "3071" not in body
    with system():
        details = complaint.lines.get(verb="forwarded").details
    assert details["transfer_in_law"] is False
    say(complaint, "route", by=cast.secretary, to=cast.fen)
    assert refetch(complaint).status == Status.ASSIGNED


def test_a_body_that_does_not_serve_the_district_is_no_address(cast: Cast) -> None:
    bedas = make_body("bedas", "Boğaziçi Elektrik Dağıtım A.Ş.", "BEDAŞ", is_public=False, serves_here=False)
    assert refusal(lambda: actions.forward(service_request(), by=None, to=bedas)).field == "to"


def test_the_citizen_is_told_once_of_each_forwarding_and_not_before_it(cast: Cast) -> None:
    complaint = petition()
    say(complaint, "forward", by=None, to=make_body(), number="1")
    early = refusal(
        lambda: actions.notify_forwarding(
            refetch(complaint), by=None, notified_on=today() - dt.timedelta(days=1), **TOLD
        )
    )
    assert early.field == "notified_on"
    say(complaint, "notify_forwarding", by=None, **TOLD)
    again = code(lambda: actions.notify_forwarding(refetch(complaint), by=None, **TOLD))
    assert again is ErrorCode.WRONG_STATE


def test_an_anonymous_case_that_was_forwarded_closes_without_telling_nobody(cast: Cast) -> None:
    complaint = service_request(applicant=None)
    say(complaint, "forward", by=None, to=make_body(), number="1")
    say(complaint, Verb.CLOSE.lower(), by=None)
    assert refetch(complaint).outcome == Outcome.FORWARDED
