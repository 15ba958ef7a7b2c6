"""The clocks of the law (handbook 1.1, 1.2; cases 1, 2, 3, 5, 17): tables, moves, and what always holds."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.complaints.law.clock_moves import (
    check_extension,
    check_fee_notice,
    check_fee_payment,
    check_no_result_owed,
    check_progress_notice,
    is_deemed_withdrawn,
    is_result_owed,
)
from backend.complaints.law.deadlines import Clock, Extension, FeeNotice, Matter, Policy, Regime, compute
from backend.core.calendar import WorkingCalendar
from backend.core.errors import DomainError, ErrorCode

PLAIN = WorkingCalendar()
BRIDGE = WorkingCalendar([date(2027, 3, 8), date(2027, 3, 12)])
INFORMATION = Clock(Regime.INFORMATION_4982, date(2026, 11, 24))
EXTENSION = Extension(date(2026, 12, 14), "Başka birimden bilgi bekleniyor")


@pytest.mark.parametrize(
    ("registered", "raw", "legal", "target"),
    [
        (date(2026, 11, 24), date(2026, 12, 24), date(2026, 12, 24), date(2026, 12, 24)),
        (date(2026, 12, 2), date(2027, 1, 1), date(2027, 1, 4), date(2026, 12, 31)),
        (date(2027, 4, 15), date(2027, 5, 15), date(2027, 5, 20), date(2027, 5, 14)),
    ],
)
@pytest.mark.parametrize("regime", [Regime.PETITION_3071, Regime.KVKK_REQUEST, Regime.CIMER, Regime.KDK_6328])
def test_thirty_days(regime: Regime, registered: date, raw: date, legal: date, target: date) -> None:
    deadline = compute(Clock(regime, registered), PLAIN)
    assert (deadline.raw, deadline.legal, deadline.target) == (raw, legal, target)


@pytest.mark.parametrize(
    ("registered", "fifteen", "thirty"),
    [
        (date(2026, 10, 12), date(2026, 11, 3), date(2026, 11, 24)),
        (date(2026, 11, 24), date(2026, 12, 15), date(2027, 1, 6)),
        (date(2027, 3, 1), date(2027, 3, 25), date(2027, 4, 15)),
        (date(2027, 5, 3), date(2027, 5, 27), date(2027, 6, 17)),
    ],
)
def test_fifteen_working_days_and_thirty_when_extended(registered: date, fifteen: date, thirty: date) -> None:
    clock = Clock(Regime.INFORMATION_4982, registered)
    extended = replace(clock, extension=Extension(registered, "görüş"))
    assert all_three(clock) == {fifteen}
    assert all_three(extended) == {thirty}
    assert all_three(Clock(Regime.CIMER, registered, Matter.INFORMATION)) == {fifteen}
    assert all_three(Clock(Regime.OFFICIAL_REQUEST, registered, Matter.OPINION)) == {fifteen}


def test_a_document_for_another_body_is_due_in_five_working_days() -> None:
    assert all_three(Clock(Regime.OFFICIAL_REQUEST, date(2026, 10, 26), Matter.DOCUMENT)) == {
        date(2026, 11, 3)
    }


def test_an_official_request_of_an_unnamed_kind_has_the_longer_limit() -> None:
    assert compute(Clock(Regime.OFFICIAL_REQUEST, date(2026, 11, 24)), PLAIN).raw == date(2026, 12, 15)


def test_a_matter_of_another_regime_is_refused() -> None:
    with pytest.raises(ValueError, match="no matter"):
        compute(Clock(Regime.PETITION_3071, date(2026, 11, 24), Matter.DOCUMENT), PLAIN)


def test_the_date_that_cimer_shows_is_never_recomputed() -> None:
    sunday = date(2026, 12, 20)
    clock = Clock(Regime.CIMER, date(2026, 11, 24), cimer_due_on=sunday)
    deadline = compute(clock, PLAIN)
    assert (deadline.raw, deadline.legal, deadline.target) == (sunday, sunday, date(2026, 12, 18))
    with pytest.raises(DomainError) as refused:
        check_extension(
            replace(clock, matter=Matter.INFORMATION), on=date(2026, 12, 1), reason="x", calendar=PLAIN
        )
    assert refused.value.code is ErrorCode.UNSUPPORTED


def test_a_date_of_cimer_does_not_touch_another_regime() -> None:
    clock = replace(INFORMATION, cimer_due_on=date(2026, 12, 1))
    assert compute(clock, PLAIN).raw == date(2026, 12, 15)


def test_a_phone_call_has_a_target_and_no_date_in_law() -> None:
    deadline = compute(Clock(Regime.SERVICE_REQUEST, date(2027, 3, 5), sla_days=3), BRIDGE)
    assert (deadline.raw, deadline.legal) == (None, None)
    assert deadline.target == date(2027, 3, 17)  # over leave, Ramazan, leave and a weekend
    assert deadline.inputs["leave_days"] == ["2027-03-08", "2027-03-12"]


def test_a_service_request_of_today_that_falls_on_a_sunday_is_meant_for_monday() -> None:
    assert compute(Clock(Regime.SERVICE_REQUEST, date(2026, 11, 29), sla_days=0), PLAIN).target == date(
        2026, 11, 30
    )


def test_a_service_request_without_a_setting_has_no_date_at_all() -> None:
    assert compute(Clock(Regime.SERVICE_REQUEST, date(2026, 11, 29)), PLAIN).target is None


def test_leave_leaves_the_statutory_date_alone_unless_the_setting_says_so() -> None:
    clock = Clock(Regime.INFORMATION_4982, date(2027, 3, 1))
    default = compute(clock, BRIDGE)
    assert (default.legal, default.target) == (date(2027, 3, 25), date(2027, 3, 25))
    assert default.inputs["leave_days"] == ["2027-03-08", "2027-03-12"]
    assert default.inputs["leave_counts"] is False
    counted = compute(replace(clock, policy=Policy(leave_counts=True)), BRIDGE)
    assert (counted.raw, counted.legal, counted.target) == (date(2027, 3, 29),) * 3
    assert counted.inputs["leave_counts"] is True


def test_leave_on_the_last_day_moves_the_target_forward_in_time_only() -> None:
    calendar = WorkingCalendar([date(2027, 3, 24), date(2027, 3, 25)])
    deadline = compute(Clock(Regime.INFORMATION_4982, date(2027, 3, 1)), calendar)
    assert (deadline.raw, deadline.legal, deadline.target) == (
        date(2027, 3, 25), date(2027, 3, 25), date(2027, 3, 23),
    )  # fmt: skip


def test_the_inputs_can_be_stored_and_say_what_made_the_date() -> None:
    inputs = compute(replace(INFORMATION, extension=EXTENSION), PLAIN).inputs
    assert json.loads(json.dumps(inputs)) == inputs
    assert inputs["regime"] == "INFORMATION_4982"
    assert inputs["article"] == "4982 m.11"
    assert (inputs["days"], inputs["counted_days"], inputs["unit"]) == (15, 30, "WORKING_DAYS")
    assert inputs["extension"] == {"granted_on": "2026-12-14", "days": 30}
    assert inputs["holidays"] == [{"on": "2027-01-01", "names": ["Yılbaşı"]}]
    assert "bekleniyor" not in json.dumps(inputs, ensure_ascii=False)


# -- extension (case 3) -----------------------------------------------------------------------------


@pytest.mark.parametrize("on", [date(2026, 11, 24), date(2026, 12, 14), date(2026, 12, 15)])
def test_an_extension_in_time_and_with_a_reason_is_allowed(on: date) -> None:
    check_extension(INFORMATION, on=on, reason="Başka kurumun görüşü gerekli", calendar=PLAIN)


@pytest.mark.parametrize(
    ("clock", "on", "reason", "code"),
    [
        (INFORMATION, date(2026, 12, 14), " \n", ErrorCode.REQUIRED),
        (INFORMATION, date(2026, 12, 16), "görüş", ErrorCode.OUT_OF_TIME),
        (INFORMATION, date(2026, 11, 23), "görüş", ErrorCode.INVALID),
        (replace(INFORMATION, extension=EXTENSION), date(2026, 12, 15), "görüş", ErrorCode.WRONG_STATE),
        (
            replace(INFORMATION, regime=Regime.PETITION_3071),
            date(2026, 12, 1),
            "görüş",
            ErrorCode.UNSUPPORTED,
        ),
        (
            replace(INFORMATION, regime=Regime.SERVICE_REQUEST),
            date(2026, 12, 1),
            "görüş",
            ErrorCode.UNSUPPORTED,
        ),
        (replace(INFORMATION, regime=Regime.KVKK_REQUEST), date(2026, 12, 1), "görüş", ErrorCode.UNSUPPORTED),
    ],
)
def test_an_extension_is_refused(clock: Clock, on: date, reason: str, code: ErrorCode) -> None:
    with pytest.raises(DomainError) as refused:
        check_extension(clock, on=on, reason=reason, calendar=PLAIN)
    assert refused.value.code is code


# -- fee notice -------------------------------------------------------------------------------------


def test_a_fee_notice_stops_the_clock_until_it_is_paid() -> None:
    stopped = compute(replace(INFORMATION, fee_notice=FeeNotice(date(2026, 12, 1))), PLAIN)
    assert (stopped.raw, stopped.legal, stopped.target) == (None, None, None)
    assert stopped.is_stopped
    assert stopped.payment_due == date(2026, 12, 22)
    assert stopped.inputs["payment_due"] == "2026-12-22"


def test_the_payment_starts_the_limit_afresh() -> None:
    paid = replace(INFORMATION, fee_notice=FeeNotice(date(2026, 12, 1), date(2026, 12, 10)))
    assert compute(paid, PLAIN).raw == date(2026, 12, 31)
    assert compute(paid, PLAIN).inputs["counted_from"] == "2026-12-10"


def test_by_setting_only_the_days_left_run_on_after_the_payment() -> None:
    notice = FeeNotice(date(2026, 12, 1), date(2026, 12, 10))  # 5 of the 15 days were used
    paid = replace(INFORMATION, fee_notice=notice, policy=Policy(fee_restarts=False))
    assert compute(paid, PLAIN).inputs["counted_days"] == 10
    assert compute(paid, PLAIN).raw == date(2026, 12, 24)


def test_a_fee_not_paid_in_fifteen_working_days_withdraws_the_application() -> None:
    clock = replace(INFORMATION, fee_notice=FeeNotice(date(2026, 12, 1)))
    assert not is_deemed_withdrawn(clock, on=date(2026, 12, 22), calendar=PLAIN)
    assert is_deemed_withdrawn(clock, on=date(2026, 12, 23), calendar=PLAIN)
    check_fee_payment(clock, on=date(2026, 12, 22), calendar=PLAIN)
    for on, code in [(date(2026, 12, 23), ErrorCode.OUT_OF_TIME), (date(2026, 11, 30), ErrorCode.INVALID)]:
        with pytest.raises(DomainError) as refused:
            check_fee_payment(clock, on=on, calendar=PLAIN)
        assert refused.value.code is code


def test_a_paid_fee_is_not_paid_again_and_withdraws_nothing() -> None:
    clock = replace(INFORMATION, fee_notice=FeeNotice(date(2026, 12, 1), date(2026, 12, 2)))
    assert not is_deemed_withdrawn(clock, on=date(2027, 6, 1), calendar=PLAIN)
    with pytest.raises(DomainError) as refused:
        check_fee_payment(clock, on=date(2026, 12, 3), calendar=PLAIN)
    assert refused.value.code is ErrorCode.WRONG_STATE


@pytest.mark.parametrize(
    ("clock", "on", "code"),
    [
        (replace(INFORMATION, regime=Regime.PETITION_3071), date(2026, 12, 1), ErrorCode.UNSUPPORTED),
        (
            replace(INFORMATION, fee_notice=FeeNotice(date(2026, 12, 1))),
            date(2026, 12, 2),
            ErrorCode.WRONG_STATE,
        ),
        (INFORMATION, date(2026, 12, 16), ErrorCode.OUT_OF_TIME),
        (INFORMATION, date(2026, 11, 1), ErrorCode.INVALID),
    ],
)
def test_a_fee_notice_is_refused(clock: Clock, on: date, code: ErrorCode) -> None:
    with pytest.raises(DomainError) as refused:
        check_fee_notice(clock, on=on, calendar=PLAIN)
    assert refused.value.code is code


def test_no_extension_while_the_clock_stands_still() -> None:
    clock = replace(INFORMATION, fee_notice=FeeNotice(date(2026, 12, 1)))
    with pytest.raises(DomainError) as refused:
        check_extension(clock, on=date(2026, 12, 2), reason="görüş", calendar=PLAIN)
    assert refused.value.code is ErrorCode.WRONG_STATE


# -- progress notice (case 17) ----------------------------------------------------------------------


def test_after_a_progress_notice_the_result_is_owed_until_it_is_told() -> None:
    day_25 = date(2026, 12, 19)
    check_progress_notice(Clock(Regime.PETITION_3071, date(2026, 11, 24)), on=day_25)
    assert is_result_owed(Regime.PETITION_3071, progress_told_on=day_25, result_told_on=None)
    assert not is_result_owed(Regime.PETITION_3071, progress_told_on=day_25, result_told_on=date(2027, 1, 5))
    assert not is_result_owed(Regime.PETITION_3071, progress_told_on=None, result_told_on=None)
    with pytest.raises(DomainError) as refused:
        check_no_result_owed(Regime.PETITION_3071, progress_told_on=day_25, result_told_on=None)
    assert refused.value.code is ErrorCode.WRONG_STATE
    check_no_result_owed(Regime.PETITION_3071, progress_told_on=day_25, result_told_on=date(2027, 1, 5))


@pytest.mark.parametrize("regime", [Regime.INFORMATION_4982, Regime.KVKK_REQUEST, Regime.SERVICE_REQUEST])
def test_only_a_petition_may_be_answered_with_progress(regime: Regime) -> None:
    with pytest.raises(DomainError) as refused:
        check_progress_notice(Clock(regime, date(2026, 11, 24)), on=date(2026, 12, 1))
    assert refused.value.code is ErrorCode.UNSUPPORTED
    assert not is_result_owed(regime, progress_told_on=date(2026, 12, 1), result_told_on=None)


# -- what holds for every date ----------------------------------------------------------------------

KINDS = [
    (Regime.PETITION_3071, None),
    (Regime.INFORMATION_4982, None),
    (Regime.KVKK_REQUEST, None),
    (Regime.CIMER, Matter.GENERAL),
    (Regime.CIMER, Matter.INFORMATION),
    (Regime.KDK_6328, None),
    (Regime.OFFICIAL_REQUEST, Matter.DOCUMENT),
    (Regime.OFFICIAL_REQUEST, Matter.OPINION),
]
DAYS = st.dates(date(2024, 1, 1), date(2030, 6, 30))


@st.composite
def clocks_and_calendars(draw: st.DrawFn) -> tuple[Clock, WorkingCalendar]:
    regime, matter = draw(st.sampled_from(KINDS))
    start = draw(DAYS)
    leave = draw(st.sets(st.integers(-3, 60), max_size=12))
    clock = Clock(regime, start, matter, policy=Policy(leave_counts=draw(st.booleans())))
    return clock, WorkingCalendar(start + timedelta(days=n) for n in leave)


@given(clocks_and_calendars())
def test_the_target_is_never_after_the_limit_nor_the_limit_after_its_roll_over(
    case: tuple[Clock, WorkingCalendar],
) -> None:
    clock, calendar = case
    deadline = compute(clock, calendar)
    assert deadline.raw is not None
    assert deadline.legal is not None
    assert deadline.target is not None
    assert clock.starts_on <= deadline.target <= deadline.raw <= deadline.legal
    assert calendar.is_working_day(deadline.legal)
    json.dumps(deadline.inputs)


@given(clocks_and_calendars(), st.integers(1, 30))
def test_a_later_start_never_gives_an_earlier_limit(case: tuple[Clock, WorkingCalendar], days: int) -> None:
    clock, calendar = case
    later = replace(clock, starts_on=clock.starts_on + timedelta(days=days))
    first, second = compute(clock, calendar), compute(later, calendar)
    assert first.raw is not None
    assert second.raw is not None
    assert first.raw <= second.raw


@given(clocks_and_calendars())
def test_leave_moves_no_statutory_date_by_default(case: tuple[Clock, WorkingCalendar]) -> None:
    clock, calendar = replace(case[0], policy=Policy()), case[1]
    with_leave, without = compute(clock, calendar), compute(clock, PLAIN)
    assert (with_leave.raw, with_leave.legal) == (without.raw, without.legal)
    assert with_leave.target is not None
    assert without.target is not None
    assert with_leave.target <= max(without.target, clock.starts_on)


@given(DAYS, st.integers(0, 40))
def test_a_fee_can_never_shorten_the_limit(start: date, days: int) -> None:
    clock = Clock(Regime.INFORMATION_4982, start)
    unpaid = replace(clock, fee_notice=FeeNotice(start))
    paid = replace(clock, fee_notice=FeeNotice(start, start + timedelta(days=days)))
    plain, restarted = compute(clock, PLAIN).raw, compute(paid, PLAIN).raw
    assert compute(unpaid, PLAIN).is_stopped
    assert plain is not None
    assert restarted is not None
    assert restarted >= plain


def all_three(clock: Clock) -> set[date | None]:
    deadline = compute(clock, PLAIN)
    return {deadline.raw, deadline.legal, deadline.target}
