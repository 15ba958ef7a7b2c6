"""Recording a case: number, year, code, regime, dates, receipt; intake never refuses for want of form."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import (
    Channel,
    DeliveryMethod,
    Kind,
    NotExaminable,
    NoticeKind,
    Outcome,
    Priority,
    Status,
)
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.models import Complaint, ComplaintLine, Notice
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.outbox.models import Message
from tests.backend.stories import code, petition, refusal, say, service_request
from tests.cast import Cast
from tests.factories import make_category, make_citizen, make_complaint, refetch

ISO = dt.date.fromisoformat


def registered_on(day: str, **fields: Any) -> Complaint:
    with freeze_time(f"{day}T09:00:00Z"):
        return make_complaint(**fields)


def test_a_case_of_new_years_eve_in_utc_is_the_first_of_the_new_year_in_local_time(cast: Cast) -> None:
    with freeze_time("2026-12-31T20:55:00Z"):
        before = make_complaint()
    with freeze_time("2026-12-31T21:05:00Z"):
        after, second = make_complaint(), make_complaint()
    assert (before.reference, before.registered_on) == ("2026/1", ISO("2026-12-31"))
    assert (after.reference, after.registered_on) == ("2027/1", ISO("2027-01-01"))
    assert second.reference == "2027/2"


def test_a_number_that_was_taken_in_a_failed_registration_is_given_again(cast: Cast) -> None:
    first = make_complaint(source="cimer", source_number="2401")
    again = code(
        lambda: actions.register(
            kind=Kind.COMPLAINT,
            channel=Channel.CIMER,
            subject="Aynı",
            applicant=None,
            by=None,
            source="cimer",
            source_number="2401",
            cimer_due_on=ISO("2026-12-01"),
        )
    )
    assert again is ErrorCode.DUPLICATE
    assert make_complaint().number == first.number + 1


def test_the_same_number_of_another_source_is_another_case(cast: Cast) -> None:
    make_complaint(source="cimer", source_number="2401")
    assert make_complaint(source="153", source_number="2401").source == "153"
    assert make_complaint(source="153").source_number == make_complaint(source="153").source_number == ""


def test_a_tracking_code_has_sixty_random_bits_and_no_letter_that_is_misread(cast: Cast) -> None:
    codes = {make_complaint().tracking_code for _each in range(5)}
    assert len(codes) == 5
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", found) for found in codes)


@pytest.mark.parametrize(
    ("kind", "channel", "regime"),
    [
        (Kind.COMPLAINT, Channel.PHONE, Regime.SERVICE_REQUEST),
        (Kind.REQUEST, Channel.WHATSAPP, Regime.SERVICE_REQUEST),
        (Kind.COMPLAINT, Channel.COUNTER, Regime.SERVICE_REQUEST),
        (Kind.COMPLAINT, Channel.PETITION, Regime.PETITION_3071),
        (Kind.SUGGESTION, Channel.KEP, Regime.PETITION_3071),
        (Kind.REQUEST, Channel.WEB, Regime.PETITION_3071),
        (Kind.COMPLAINT, Channel.EMAIL, Regime.PETITION_3071),
        (Kind.COMPLAINT, Channel.E_MUNICIPALITY, Regime.PETITION_3071),
        (Kind.REQUEST, Channel.E_DEVLET, Regime.PETITION_3071),
        (Kind.INFORMATION_REQUEST, Channel.E_DEVLET, Regime.INFORMATION_4982),
        (Kind.INFORMATION_REQUEST, Channel.EMAIL, Regime.INFORMATION_4982),
        (Kind.INFORMATION_REQUEST, Channel.PETITION, Regime.INFORMATION_4982),
        (Kind.COMPLAINT, Channel.CIMER, Regime.CIMER),
        (Kind.INFORMATION_REQUEST, Channel.CIMER, Regime.CIMER),
    ],
)
def test_the_proposed_regime_follows_kind_and_channel(kind: Kind, channel: Channel, regime: Regime) -> None:
    assert actions.default_regime(kind, channel) is regime


def test_a_cimer_request_for_information_has_the_fifteen_working_days(cast: Cast) -> None:
    found = registered_on(
        "2026-10-12",
        kind=Kind.INFORMATION_REQUEST,
        channel=Channel.CIMER,
        source_number="1",
        cimer_due_on=ISO("2026-11-02"),
    )
    assert (found.regime, found.matter, found.raw_due_on) == (
        Regime.CIMER,
        Matter.INFORMATION,
        ISO("2026-11-02"),
    )


def test_the_date_that_cimer_shows_is_taken_as_it_is(cast: Cast) -> None:
    found = registered_on(
        "2026-10-12", channel=Channel.CIMER, source_number="1", cimer_due_on=ISO("2026-11-14")
    )
    assert (found.raw_due_on, found.legal_due_on) == (ISO("2026-11-14"), ISO("2026-11-14"))
    assert found.target_on == ISO("2026-11-13")  # Saturday


@pytest.mark.parametrize(
    ("day", "raw", "legal", "target"),
    [
        ("2026-11-24", "2026-12-24", "2026-12-24", "2026-12-24"),
        ("2026-12-02", "2027-01-01", "2027-01-04", "2026-12-31"),
        ("2027-04-15", "2027-05-15", "2027-05-20", "2027-05-14"),
    ],
)
def test_case_1_a_petition_gets_its_three_dates(
    day: str, raw: str, legal: str, target: str, cast: Cast
) -> None:
    found = registered_on(day, channel=Channel.PETITION, signature_given=True)
    assert (found.raw_due_on, found.legal_due_on, found.target_on) == (ISO(raw), ISO(legal), ISO(target))
    assert found.deadline_inputs["article"] == "3071 m.7"
    assert found.deadline_inputs["starts_on"] == day


def test_case_2_an_information_request_counts_the_half_day_and_not_the_holiday(cast: Cast) -> None:
    found = registered_on("2026-10-12", kind=Kind.INFORMATION_REQUEST)
    assert found.raw_due_on == ISO("2026-11-03")
    assert [day["on"] for day in found.deadline_inputs["holidays"]] == ["2026-10-29"]


def test_case_7_a_petition_without_signature_is_registered_with_a_number_and_ends_only_as_not_examinable(
    cast: Cast,
) -> None:
    complaint = petition(signature_given=False, applicant=make_citizen(address=""))
    assert complaint.reference
    with system():
        assert complaint.lacks_elements
    say(complaint, "route", by=cast.secretary, to=cast.fen)
    assert (
        code(lambda: actions.reject(refetch(complaint), by=cast.secretary, reason="Olmaz."))
        is ErrorCode.WRONG_STATE
    )
    say(complaint, "mark_not_examinable", by=cast.secretary, reason=NotExaminable.MISSING_ELEMENTS)
    ended = refetch(complaint)
    assert (ended.status, ended.outcome) == (Status.NOT_EXAMINABLE, Outcome.NOT_EXAMINABLE)
    assert ended.not_examinable_reason == NotExaminable.MISSING_ELEMENTS


def test_case_7_a_petition_without_national_id_lacks_nothing(cast: Cast) -> None:
    complaint = petition()
    with system():
        assert complaint.applicant is not None
        assert complaint.applicant.national_id_sealed is None
        assert not complaint.lacks_elements
    refused = code(
        lambda: actions.mark_not_examinable(
            refetch(complaint), by=cast.secretary, reason=NotExaminable.MISSING_ELEMENTS
        )
    )
    assert refused is ErrorCode.INVALID


def test_case_8_the_same_text_by_phone_has_a_target_only_and_as_petition_a_date_of_the_law(
    cast: Cast,
) -> None:
    by_phone = registered_on("2026-11-24", channel=Channel.PHONE)
    written = registered_on("2026-11-24", channel=Channel.PETITION)
    assert (by_phone.raw_due_on, by_phone.legal_due_on) == (None, None)
    assert by_phone.target_on == ISO("2026-12-03")
    assert written.legal_due_on == ISO("2026-12-24")
    with system():
        assert Complaint.objects.filter(regime=Regime.SERVICE_REQUEST).get() == by_phone
        assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    ("days", "priority", "target"),
    [
        (5, Priority.NORMAL, "2026-12-01"),
        (5, Priority.HIGH, "2026-11-27"),
        (5, Priority.URGENT, "2026-11-25"),
        (2, Priority.HIGH, "2026-11-26"),
        (0, Priority.NORMAL, "2026-11-24"),
    ],
)
def test_the_target_of_a_service_request_follows_category_and_priority(
    days: int, priority: Priority, target: str, cast: Cast
) -> None:
    category = make_category(f"hedef-{days}", target_days=days)
    assert registered_on("2026-11-24", category=category, priority=priority).target_on == ISO(target)


def test_the_applicant_gets_a_receipt_with_date_number_subject_and_code_but_no_code_in_the_address(
    cast: Cast,
) -> None:
    complaint = petition(receipt=True, subject="Çöp <b>toplanmıyor</b> & kokuyor")
    with system():
        notice = Notice.objects.get(complaint=complaint)
        message = Message.objects.get()
    assert (notice.kind, notice.means, notice.message_id) == (
        NoticeKind.RECEIPT,
        DeliveryMethod.EMAIL,
        message.pk,
    )
    assert message.subject == f"{complaint.reference} sayılı başvurunuz hakkında"
    assert "Çöp <b>toplanmıyor</b> & kokuyor" in message.body  # not escaped: it is no HTML
    assert complaint.tracking_code in message.body
    assert f"{complaint.registered_on:%d.%m.%Y}" in message.body
    assert message.body.startswith("Sayın Ayşe IŞIK,")
    assert f"/takip/{complaint.tracking_code}" not in message.body
    assert "IŞIK" not in notice.body


def test_a_hidden_identity_stays_out_of_the_text_that_departments_read_and_of_the_salutation(
    cast: Cast,
) -> None:
    complaint = make_complaint(kind=Kind.TIP_OFF, identity_hidden=True, receipt=True)
    with system():
        message = Message.objects.get()
    assert message.body.startswith("Sayın Başvuru Sahibi,")
    assert "IŞIK" not in message.body
    assert complaint.identity_hidden


def test_whoever_has_no_address_gets_no_receipt_and_the_case_is_registered_all_the_same(cast: Cast) -> None:
    service_request(applicant=make_citizen(email=""), receipt=True)
    make_complaint(applicant=None, receipt=True)
    with system():
        assert Complaint.objects.count() == 2
        assert not Message.objects.exists()


def test_the_first_line_of_the_story_tells_who_registered_it_and_how(cast: Cast) -> None:
    complaint = make_complaint(by=cast.secretary)
    with system():
        line = ComplaintLine.objects.get(complaint=complaint)
    assert (line.verb, line.from_status, line.to_status) == ("registered", "", Status.NEW)
    assert line.actor_id == complaint.registered_by_id == cast.secretary.pk
    assert line.details == {"channel": Channel.PHONE, "regime": Regime.SERVICE_REQUEST}


@pytest.mark.parametrize(
    ("fields", "expected", "field"),
    [
        ({"subject": "  "}, ErrorCode.REQUIRED, "subject"),
        ({"subject": "k" * 201}, ErrorCode.INVALID, "subject"),
        ({"kind": "NONE"}, ErrorCode.INVALID, "kind"),
        ({"channel": "FAX"}, ErrorCode.INVALID, "channel"),
        ({"regime": "LAW"}, ErrorCode.INVALID, "regime"),
        ({"regime": Regime.PETITION_3071, "matter": Matter.DOCUMENT}, ErrorCode.INVALID, "matter"),
        ({"latitude": 41.0}, ErrorCode.INVALID, "longitude"),
        ({"latitude": 91.0, "longitude": 29.0}, ErrorCode.INVALID, "latitude"),
        ({"registered_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, ErrorCode.INVALID, "registered_at"),
        ({"tags": ["a" * 41]}, ErrorCode.INVALID, "tags"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(
    fields: dict[str, Any], expected: ErrorCode, field: str, cast: Cast
) -> None:
    given = {
        "kind": Kind.COMPLAINT,
        "channel": Channel.PHONE,
        "subject": "Çukur",
        "applicant": None,
        "by": None,
    }
    found = refusal(lambda: actions.register(**(given | fields)))
    assert (found.code, found.field) == (expected, field)


def test_text_is_stored_composed_and_without_signs_that_deceive(cast: Cast) -> None:
    complaint = make_complaint(
        "S\u0327ikayet\x00 var\u202e", body="bir\r\niki", tags=["  acil   iş ", "acil iş"]
    )
    assert complaint.subject == "Şikayet var"
    assert complaint.body == "bir\niki"
    assert complaint.tags == ["acil iş"]
