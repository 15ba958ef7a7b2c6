"""The clock of a stored case: extension, fee, progress, correction, leave, reopening, the day held still."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time
from pytest_django.fixtures import Settings

from backend.complaints import actions
from backend.complaints.choices import Channel, DeliveryMethod, NoticeKind, Outcome, Priority, Status
from backend.complaints.jobs import keep_clocks, lapse_fees
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint, ComplaintLine, Extension, FeeNotice, Notice
from backend.core.errors import ErrorCode
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
from tests.cast import Cast
from tests.factories import make_category, make_citizen, refetch

ISO = dt.date.fromisoformat
REASON = "Bilgi başka birimden istenecektir."


def on(day: str) -> Any:
    return freeze_time(f"{day}T09:00:00Z")


def last_line(complaint: Complaint) -> ComplaintLine:
    with system():
        return ComplaintLine.objects.filter(complaint=complaint).latest("pk")


def information_of(day: str) -> Complaint:
    with on(day):
        return information_request()


def test_case_2_and_3_an_extension_gives_thirty_working_days_and_is_told_with_its_reason(cast: Cast) -> None:
    complaint = information_of("2026-11-24")
    with on("2026-12-14"):
        say(complaint, "extend", by=cast.secretary, reason=REASON, means=DeliveryMethod.EMAIL)
    after = refetch(complaint)
    assert after.raw_due_on == ISO("2027-01-06")
    with system():
        extension = Extension.objects.get(complaint=complaint)
        notice, message = extension.notice, Message.objects.get()
    assert (extension.granted_on, notice.kind, notice.means) == (
        ISO("2026-12-14"),
        NoticeKind.EXTENSION,
        DeliveryMethod.EMAIL,
    )
    assert REASON in message.body
    assert "06.01.2027" in message.body
    line = last_line(complaint)
    assert line.verb == "extended"
    assert line.details["dates"]["raw_due_on"] == ["2026-12-15", "2027-01-06"]


def test_case_2_extended_from_october(cast: Cast) -> None:
    complaint = information_of("2026-10-12")
    with on("2026-11-03"):
        say(complaint, "extend", by=cast.secretary, reason=REASON, **TOLD)
    assert refetch(complaint).raw_due_on == ISO("2026-11-24")


@pytest.mark.parametrize(
    ("day", "params", "expected"),
    [
        ("2026-12-14", {"reason": "  ", **TOLD}, ErrorCode.REQUIRED),
        ("2026-12-16", {"reason": REASON, **TOLD}, ErrorCode.OUT_OF_TIME),
        (
            "2026-12-14",
            {"reason": REASON, "means": DeliveryMethod.PHONE, "proof": "aradık"},
            ErrorCode.INVALID,
        ),
        ("2026-12-14", {"reason": REASON, "means": DeliveryMethod.POST}, ErrorCode.REQUIRED),
        ("2026-12-14", {"reason": REASON, "notified_on": ISO("2026-12-15"), **TOLD}, ErrorCode.INVALID),
        ("2026-12-14", {"reason": REASON, "notified_on": ISO("2026-11-20"), **TOLD}, ErrorCode.INVALID),
        (
            "2026-12-14",
            {"reason": REASON, "notified_on": ISO("2026-12-10"), "means": DeliveryMethod.EMAIL},
            ErrorCode.INVALID,
        ),
    ],
)
def test_case_3_an_extension_out_of_time_without_reason_or_proof_is_refused(
    day: str, params: dict[str, Any], expected: ErrorCode, cast: Cast
) -> None:
    complaint = information_of("2026-11-24")
    with on(day):
        assert code(lambda: actions.extend(refetch(complaint), by=cast.secretary, **params)) is expected
    with system():
        assert not Extension.objects.exists()
        assert not Notice.objects.exists()
    assert refetch(complaint).raw_due_on == ISO("2026-12-15")


def test_case_3_a_letter_of_yesterday_may_be_recorded_the_day_after_the_limit(cast: Cast) -> None:
    complaint = information_of("2026-11-24")
    with on("2026-12-16"):
        say(complaint, "extend", by=cast.secretary, reason=REASON, notified_on=ISO("2026-12-15"), **TOLD)
    with system():
        assert Notice.objects.get().notified_at.date() == ISO("2026-12-15")  # type: ignore[union-attr]


def test_case_3_a_second_extension_is_refused(cast: Cast) -> None:
    complaint = information_of("2026-11-24")
    with on("2026-12-14"):
        say(complaint, "extend", by=cast.secretary, reason=REASON, **TOLD)
        assert (
            code(lambda: actions.extend(refetch(complaint), by=None, reason=REASON, **TOLD))
            is ErrorCode.WRONG_STATE
        )


def test_only_an_information_request_can_be_extended(cast: Cast) -> None:
    for complaint in (petition(), service_request()):
        found = code(lambda row=complaint: actions.extend(refetch(row), by=None, reason=REASON, **TOLD))
        assert found is ErrorCode.UNSUPPORTED


def test_a_fee_stops_the_clock_and_its_payment_starts_it_again(cast: Cast) -> None:
    complaint = information_of("2026-10-12")
    with on("2026-10-19"):
        say(
            complaint,
            "ask_fee",
            by=cast.secretary,
            amount="37.5",
            body="Vezneye ödenir.",
            means=DeliveryMethod.EMAIL,
        )
    stopped = refetch(complaint)
    assert (stopped.raw_due_on, stopped.legal_due_on) == (None, None)
    assert stopped.target_on == ISO("2026-11-10")  # the last day to pay: 29 October is a holiday
    with system():
        body = Message.objects.get().body
    assert "37,50 TL" in body
    assert "10.11.2026" in body
    assert "Vezneye ödenir." in body
    with on("2026-11-02"):
        say(complaint, "record_fee", by=cast.secretary, paid_on=ISO("2026-10-30"))
    running = refetch(complaint)
    assert running.raw_due_on == ISO("2026-11-20")
    assert last_line(complaint).details["dates"]["raw_due_on"] == [None, "2026-11-20"]


@pytest.mark.parametrize("amount", ["0", "-3", "bedava", "NaN", "1e12"])
def test_a_fee_is_an_amount_above_zero(amount: str, cast: Cast) -> None:
    complaint = information_request()
    found = refusal(lambda: actions.ask_fee(complaint, by=None, amount=amount, means=DeliveryMethod.EMAIL))
    assert (found.code, found.field) == (ErrorCode.INVALID, "amount")


def test_an_unpaid_fee_lapses_after_its_last_day_and_the_request_is_withdrawn(cast: Cast) -> None:
    complaint = information_of("2026-10-12")
    with on("2026-10-19"):
        say(complaint, "ask_fee", by=cast.secretary, amount=12, **TOLD)
    with on("2026-11-10"):
        assert lapse_fees() == 0
    with on("2026-11-11"):
        assert code(lambda: actions.record_fee(refetch(complaint), by=None)) is ErrorCode.OUT_OF_TIME
    with on("2026-11-12"):
        assert lapse_fees() == 0  # two working days of grace
    with on("2026-11-13"):
        assert lapse_fees() == 1
        assert lapse_fees() == 0
    ended = refetch(complaint)
    assert (ended.status, ended.outcome) == (Status.WITHDRAWN, Outcome.WITHDRAWN)
    with system():
        assert FeeNotice.objects.get().lapsed_on == ISO("2026-11-13")
        assert "fee_lapsed" in ended.lines.values_list("verb", flat=True)


def test_case_17_after_a_progress_notice_the_result_is_owed_and_closing_needs_the_second_notice(
    cast: Cast,
) -> None:
    with on("2026-11-01"):
        complaint = petition(to=cast.fen, accepted_by=cast.fen_clerk)
    with on("2026-11-26"):
        say(
            complaint,
            "notify_progress",
            by=cast.secretary,
            body="İhale yapılıyor.",
            means=DeliveryMethod.EMAIL,
        )
    owing = refetch(complaint)
    assert owing.result_owed
    assert owing.is_open
    assert owing.raw_due_on == ISO("2026-12-01")  # the limit does not move
    assert code(lambda: actions.close(refetch(complaint), by=None, outcome="SOLVED")) is ErrorCode.WRONG_STATE
    with on("2026-11-30"):
        after = replied(complaint, cast)
        assert not after.result_owed
        say(complaint, "close", by=cast.secretary, outcome=Outcome.SOLVED)
    with system():
        told = list(complaint.notices.filter(status="SENT").order_by("pk").values_list("kind", flat=True))
    assert told == [NoticeKind.PROGRESS, NoticeKind.RESULT]


def test_case_17_a_case_that_owes_its_result_is_not_closed_even_where_the_state_would_allow_it(
    cast: Cast,
) -> None:
    complaint = replied(petition(to=cast.fen, accepted_by=cast.fen_clerk), cast)
    with system():
        Complaint.objects.filter(pk=complaint.pk).update(result_owed=True)
    assert code(lambda: actions.close(refetch(complaint), by=None, outcome="SOLVED")) is ErrorCode.WRONG_STATE


def test_a_progress_notice_exists_only_for_petitions(cast: Cast) -> None:
    for complaint in (service_request(), information_request()):
        found = code(
            lambda row=complaint: actions.notify_progress(
                row, by=None, body="Sürüyor.", means=DeliveryMethod.EMAIL
            )
        )
        assert found is ErrorCode.UNSUPPORTED


def test_a_change_of_regime_moves_the_dates_and_the_line_tells_old_and_new(cast: Cast) -> None:
    with on("2026-11-24"):
        complaint = service_request()
        say(complaint, "correct", by=cast.secretary, regime=Regime.PETITION_3071, channel=Channel.PETITION)
    after = refetch(complaint)
    assert after.raw_due_on == ISO("2026-12-24")
    details = last_line(complaint).details
    assert details["dates"] == {
        "raw_due_on": [None, "2026-12-24"],
        "legal_due_on": [None, "2026-12-24"],
        "target_on": ["2026-12-03", "2026-12-24"],
    }
    assert details["values"]["regime"] == [Regime.SERVICE_REQUEST, Regime.PETITION_3071]


def test_triage_with_another_category_and_priority_moves_the_target(cast: Cast) -> None:
    category = make_category("hedef-3", target_days=3)
    with on("2026-11-24"):
        complaint = service_request()
        say(complaint, "triage", by=cast.secretary, category=category, priority=Priority.URGENT)
    after = refetch(complaint)
    assert (after.status, after.target_on) == (Status.TRIAGED, ISO("2026-11-25"))
    assert last_line(complaint).details["dates"]["target_on"] == ["2026-12-03", "2026-11-25"]


def test_a_correction_that_changes_nothing_writes_nothing_and_one_of_personal_facts_names_only_the_field(
    cast: Cast,
) -> None:
    complaint = service_request()
    say(complaint, "correct", by=cast.secretary, subject=complaint.subject)
    assert refetch(complaint).version == complaint.version
    say(
        complaint,
        "correct",
        by=cast.secretary,
        body="Komşum Hasan Bey arıyor.",
        applicant=make_citizen("Ali", "Can"),
    )
    line = last_line(complaint)
    assert line.details == {"fields": ["applicant", "body"]}


def test_a_correction_of_the_day_of_receipt_moves_the_petitions_dates_but_not_out_of_its_year(
    cast: Cast,
) -> None:
    with on("2026-12-04"):
        complaint = petition()
        say(complaint, "correct", by=cast.secretary, registered_at=dt.datetime(2026, 12, 2, 7, tzinfo=dt.UTC))
        assert refetch(complaint).legal_due_on == ISO("2027-01-04")
        earlier = dt.datetime(2025, 12, 2, 7, tzinfo=dt.UTC)
        found = refusal(lambda: actions.correct(refetch(complaint), by=None, registered_at=earlier))
    assert (found.code, found.field) == (ErrorCode.INVALID, "registered_at")


def test_correcting_what_is_no_fact_of_a_case_is_a_mistake_of_the_caller(cast: Cast) -> None:
    complaint = service_request()
    with pytest.raises(TypeError, match="status"), system():
        actions.correct(complaint, by=None, status=Status.CLOSED)  # type: ignore[call-arg]


def test_case_5_leave_moves_the_target_and_not_the_law_and_the_story_tells_it(cast: Cast) -> None:
    with on("2027-03-01"):
        complaint, called = information_request(), service_request()
        closed = service_request()
        say(closed, "withdraw", by=None)
    assert (complaint.legal_due_on, called.target_on) == (ISO("2027-03-25"), ISO("2027-03-15"))
    with on("2027-03-04"), system():
        for day in ("2027-03-08", "2027-03-12"):
            actions.announce_leave(day=ISO(day), reason="Cumhurbaşkanlığı genelgesi", by=cast.secretary)
    after, later = refetch(complaint), refetch(called)
    assert (after.raw_due_on, after.legal_due_on) == (ISO("2027-03-25"), ISO("2027-03-25"))
    assert after.deadline_inputs["leave_days"] == ["2027-03-08", "2027-03-12"]
    assert later.target_on == ISO("2027-03-17")
    assert refetch(closed).target_on == closed.target_on
    line = last_line(called)
    assert (line.verb, line.details["why"], line.actor_id) == (
        "recomputed",
        "leave_changed",
        cast.secretary.pk,
    )
    assert line.details["dates"]["target_on"] == ["2027-03-16", "2027-03-17"]
    assert last_line(complaint).verb == "recomputed"


def test_case_5_with_the_setting_leave_moves_the_law_too_and_taking_it_back_moves_it_back(
    cast: Cast, settings: Settings
) -> None:
    settings.LEAVE_MOVES_STATUTORY_DATES = True
    with on("2027-03-01"):
        complaint = information_request()
    with on("2027-03-04"), system():
        rows = [
            actions.announce_leave(day=ISO(day), reason="Genelge", by=None)[0]
            for day in ("2027-03-08", "2027-03-12")
        ]
        assert refetch(complaint).legal_due_on == ISO("2027-03-29")
        for row in rows:
            actions.cancel_leave(row, by=None)
    assert refetch(complaint).legal_due_on == ISO("2027-03-25")


def test_case_5_a_target_on_a_day_of_leave_falls_back_to_the_working_day_before(cast: Cast) -> None:
    with on("2027-03-01"):
        complaint = information_request()
    with on("2027-03-04"), system():
        _row, changed = actions.announce_leave(day=ISO("2027-03-25"), reason="Genelge", by=None)
    after = refetch(complaint)
    assert (changed, after.target_on, after.legal_due_on) == (1, ISO("2027-03-24"), ISO("2027-03-25"))


def test_a_targets_new_days_move_every_open_case_of_the_category_and_the_story_tells_it(cast: Cast) -> None:
    """Reference data and settings are edited beside the cases; before the day's warnings their dates follow."""
    lamp = make_category("lamba", "Sokak lambası", target_days=5)
    with on("2026-11-02"):
        moved, other = service_request(category=lamp), service_request()
        ended = service_request(category=lamp)
        say(ended, "withdraw", by=None)
    with system():
        type(lamp).objects.filter(pk=lamp.pk).update(target_days=3)
        before = {row.pk: refetch(row).target_on for row in (moved, other, ended)}
    with on("2026-11-03"):
        assert keep_clocks() == 1
        assert keep_clocks() == 0
    assert before[moved.pk] == ISO("2026-11-09")
    assert refetch(moved).target_on == ISO("2026-11-05")
    line = last_line(moved)
    assert (line.verb, line.actor, line.details["why"]) == ("recomputed", None, "inputs_changed")
    assert line.details["dates"]["target_on"] == ["2026-11-09", "2026-11-05"]
    assert [refetch(row).target_on for row in (other, ended)] == [before[other.pk], before[ended.pk]]


def test_a_changed_setting_moves_the_targets_too_and_never_silently(cast: Cast, settings: Settings) -> None:
    with on("2026-11-02"):
        case = service_request()
    target = refetch(case).target_on
    settings.SERVICE_TARGET_DAYS += 1
    with on("2026-11-03"):
        assert keep_clocks() == 1
    assert refetch(case).target_on > target
    assert last_line(case).details["why"] == "inputs_changed"


def test_the_same_day_cannot_be_leave_twice_and_needs_a_reason(cast: Cast) -> None:
    day = ISO("2027-03-08")
    with system():
        actions.announce_leave(day=day, reason="Genelge", by=None)
    assert code(lambda: actions.announce_leave(day=day, reason="Genelge", by=None)) is ErrorCode.DUPLICATE
    assert (
        code(lambda: actions.announce_leave(day=ISO("2027-03-12"), reason=" ", by=None)) is ErrorCode.REQUIRED
    )


def test_a_replied_case_that_is_reopened_keeps_its_number_and_counts_from_that_day(cast: Cast) -> None:
    with on("2026-10-01"):
        complaint = petition(to=cast.fen, accepted_by=cast.fen_clerk)
        replied(complaint, cast)
        say(complaint, "close", by=cast.secretary, outcome=Outcome.SOLVED)
    with on("2026-10-20"):
        say(complaint, "reopen", by=cast.secretary, reason="Lamba yine söndü.")
    after = refetch(complaint)
    assert (after.reference, after.reopened, after.status) == (complaint.reference, 1, Status.ASSIGNED)
    assert (after.outcome, after.closed_at, after.replied_at) == ("", None, None)
    assert after.raw_due_on == ISO("2026-11-19")
    with on("2026-10-21"):
        say(complaint, "correct", by=cast.secretary, priority=Priority.HIGH)
    assert refetch(complaint).raw_due_on == ISO("2026-11-19")


def test_a_case_that_ended_without_a_reply_keeps_its_old_dates_when_it_is_reopened(cast: Cast) -> None:
    with on("2026-10-01"):
        complaint = petition()
        say(complaint, "withdraw", by=None)
    with on("2026-10-20"):
        say(complaint, "reopen", by=cast.secretary, reason="Yanlış kayıt.")
    after = refetch(complaint)
    assert (after.status, after.raw_due_on) == (Status.TRIAGED, ISO("2026-10-31"))


def test_reopening_is_refused_after_the_set_days(cast: Cast, settings: Settings) -> None:
    settings.REOPEN_DAYS = 10
    with on("2026-10-01"):
        complaint = service_request()
        say(complaint, "withdraw", by=None)
    with on("2026-10-12"):
        assert (
            code(lambda: actions.reopen(refetch(complaint), by=None, reason="Geç")) is ErrorCode.OUT_OF_TIME
        )
    with on("2026-10-11"):
        say(complaint, "reopen", by=None, reason="Tam zamanında")
    assert refetch(complaint).is_open


@pytest.mark.parametrize("name", ["identity_hidden", "signature_given", "registered_at", "subject", "kind"])
def test_a_fact_that_every_case_has_cannot_be_emptied(name: str, cast: Cast) -> None:
    complaint = service_request()
    found = refusal(lambda: actions.correct(refetch(complaint), by=None, **{name: None}))
    assert (found.code in (ErrorCode.REQUIRED, ErrorCode.INVALID), found.field) == (True, name)


def test_a_correction_cannot_give_a_case_the_number_that_another_of_its_source_has(cast: Cast) -> None:
    service_request(source="cimer", source_number="1")
    other = service_request(source="cimer", source_number="2")
    found = refusal(lambda: actions.correct(refetch(other), by=None, source_number="1"))
    assert (found.code, found.field) == (ErrorCode.DUPLICATE, "source_number")


def test_a_refusal_of_a_day_names_the_field_that_the_caller_knows(cast: Cast) -> None:
    complaint = information_of("2026-11-24")
    with on("2026-12-16"):
        late = refusal(lambda: actions.extend(refetch(complaint), by=None, reason=REASON, **TOLD))
        fee = refusal(lambda: actions.ask_fee(refetch(complaint), by=None, amount=1, **TOLD))
    assert (late.field, fee.field) == ("notified_on", "notified_on")


def test_of_two_who_looked_at_the_same_version_the_second_correction_is_refused(cast: Cast) -> None:
    complaint = service_request()
    stale = refetch(complaint)
    say(complaint, "correct", by=cast.secretary, subject="İlk")
    assert code(lambda: actions.correct(stale, by=cast.fen_clerk, subject="İkinci")) is ErrorCode.WRONG_STATE
    assert refetch(complaint).subject == "İlk"
