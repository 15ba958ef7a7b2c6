"""The clocks of the law: which regime gives a case which dates, and what may stop or lengthen them.

Pure: dates in, dates out; all dates are local (Europe/Istanbul).  The clock hangs on the legal regime of the
application, never on its channel or department.  Three dates come out of it:

* `raw`: the limit as the article counts it; the day of receipt is not counted (2577 m.8).
* `legal`: `raw`, rolled to the next working day if it is a holiday (2577 m.8).  Whether the roll-over
  protects the administration is arguable, so nothing is steered by it.
* `target`: the last working day on or before `raw`, administrative leave counted as off.  This is what
  screens show and what alarms hang on.

The moves that change a clock are in `clock_moves.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import WorkingCalendar

_DAY = timedelta(days=1)


class Regime(models.TextChoices):
    """The law under which an application runs; it decides the clock and what the form must carry."""

    PETITION_3071 = "PETITION_3071", _("Petition (Law 3071)")
    INFORMATION_4982 = "INFORMATION_4982", _("Information request (Law 4982)")
    KVKK_REQUEST = "KVKK_REQUEST", _("Personal data request (Law 6698)")
    CIMER = "CIMER", _("CİMER application")
    KDK_6328 = "KDK_6328", _("Ombudsman request (Law 6328)")
    OFFICIAL_REQUEST = "OFFICIAL_REQUEST", _("Official request of another body")
    SERVICE_REQUEST = "SERVICE_REQUEST", _("Service request")


class Matter(models.TextChoices):
    """What is asked for, where a regime has two limits.

    CIMER takes GENERAL or INFORMATION, OFFICIAL_REQUEST takes DOCUMENT or OPINION, the others GENERAL.
    """

    GENERAL = "GENERAL", _("General")
    INFORMATION = "INFORMATION", _("Access to information")
    DOCUMENT = "DOCUMENT", _("Document")
    OPINION = "OPINION", _("Information or opinion")


class Unit(models.TextChoices):
    """What a limit is counted in."""

    CALENDAR_DAYS = "CALENDAR_DAYS", _("calendar days")
    WORKING_DAYS = "WORKING_DAYS", _("working days")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: the limit, its article, and whether it can be lengthened or interrupted."""

    article: str
    days: int
    unit: Unit
    extended_days: int | None = None  # the whole limit after an extension, from the same start
    fee_notice_days: int | None = None  # working days the citizen has to pay
    progress_notice: bool = False  # may be answered with the state of the work; the result is then owed


_PETITION = Rule("3071 m.7", 30, Unit.CALENDAR_DAYS, progress_notice=True)
_INFORMATION = Rule("4982 m.11", 15, Unit.WORKING_DAYS, extended_days=30, fee_notice_days=15)

RULES: dict[tuple[Regime, Matter], Rule] = {
    (Regime.PETITION_3071, Matter.GENERAL): _PETITION,
    (Regime.INFORMATION_4982, Matter.GENERAL): _INFORMATION,
    (Regime.KVKK_REQUEST, Matter.GENERAL): Rule("6698 m.13", 30, Unit.CALENDAR_DAYS),
    (Regime.CIMER, Matter.GENERAL): _PETITION,
    (Regime.CIMER, Matter.INFORMATION): _INFORMATION,
    (Regime.KDK_6328, Matter.GENERAL): Rule("6328 m.18", 30, Unit.CALENDAR_DAYS),
    (Regime.OFFICIAL_REQUEST, Matter.DOCUMENT): Rule("RYY m.33", 5, Unit.WORKING_DAYS),
    (Regime.OFFICIAL_REQUEST, Matter.OPINION): Rule("RYY m.33", 15, Unit.WORKING_DAYS),
}
"""SERVICE_REQUEST has no row: no law gives it a date, only the municipality's own target."""

DEFAULT_MATTER: dict[Regime, Matter] = {Regime.OFFICIAL_REQUEST: Matter.OPINION}


@dataclass(frozen=True, slots=True)
class Extension:
    """Extended limit (4982 m.11): the day of the written notice to the applicant, and the reason."""

    granted_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class FeeNotice:
    """Fee notice (4982 m.11): the day of the notice, of the payment, or None while unpaid, and the last day to pay
    stated in the applicant's notice."""

    notified_on: date
    paid_on: date | None = None
    told_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The two questions the law leaves open, answered by the municipality's settings.

    `leave_counts`: whether administrative leave also moves statutory dates (default: no, 2429 does not name
    it).
    `fee_restarts`: "kesilir" in 4982 m.11 read as an interruption, the limit starting afresh with the payment
    (default), or as a pause, only the days left running on.
    """

    leave_counts: bool = False
    fee_restarts: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """Everything a date is made of.

    `starts_on` is the local date the regime counts from: registration (3071, 4982), receipt (6698, official
    letters, Ombudsman), CİMER's own date, the call.  `cimer_due_on` is the date CİMER shows; for the regime
    CIMER it is taken as it is and never recomputed.  `sla_days` are working days for a service request, by
    category and priority; None means no target.  `waits` are spans of days, first and last, on which it waited for
    another party: they are not counted into a target of the municipality's own, and into no limit of a law.
    """

    regime: Regime
    starts_on: date
    matter: Matter | None = None
    extension: Extension | None = None
    fee_notice: FeeNotice | None = None
    cimer_due_on: date | None = None
    sla_days: int | None = None
    waits: tuple[tuple[date, date], ...] = ()
    policy: Policy = Policy()

    @property
    def shown_by_cimer(self) -> date | None:
        """The date CİMER itself shows, if this is a CİMER application that has one."""
        return self.cimer_due_on if self.regime is Regime.CIMER else None

    @property
    def rule(self) -> Rule | None:
        """The row of the table, None for a regime without a statutory date.

        ValueError if `matter` is not one of the regime's.
        """
        if self.regime is Regime.SERVICE_REQUEST:
            return None
        matter = self.matter or DEFAULT_MATTER.get(self.regime, Matter.GENERAL)
        if (self.regime, matter) not in RULES:
            raise ValueError(f"{matter} is no matter of {self.regime}")
        return RULES[self.regime, matter]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The dates of a clock, with a JSON-able record of the inputs that made them.

    `raw` and `legal` are None where no law sets a date, all three while a fee notice has stopped the clock:
    then `payment_due` is the last day to pay, after which the application is deemed withdrawn.
    """

    raw: date | None
    legal: date | None
    target: date | None
    inputs: dict[str, Any]
    payment_due: date | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether the clock waits for a fee to be paid."""
        return self.payment_due is not None


def compute(clock: Clock, calendar: WorkingCalendar) -> Deadline:
    """The dates of `clock` by `calendar`.  Equal inputs give equal dates; nothing is read from outside."""
    inputs: dict[str, Any] = {"regime": clock.regime.value, "starts_on": clock.starts_on.isoformat()}
    rule = clock.rule
    if rule is None:
        return _internal_target(clock, calendar, inputs)
    if clock.shown_by_cimer:
        return _date_of_cimer(clock, clock.shown_by_cimer, calendar, inputs)
    inputs |= _rule_inputs(clock, rule)
    if rule.fee_notice_days and clock.fee_notice and clock.fee_notice.paid_on is None:
        payment_due = fee_due_on(clock, clock.fee_notice, calendar)
        return Deadline(None, None, None, inputs | {"payment_due": payment_due.isoformat()}, payment_due)
    start, days = _effective_start(clock, rule, calendar)
    raw = _count(start, days, rule.unit, calendar, clock.policy)
    legal = calendar.working_day_on_or_after(raw, with_leave=clock.policy.leave_counts)
    inputs |= {"counted_from": start.isoformat(), "counted_days": days} | _days_off(clock, legal, calendar)
    return Deadline(raw, legal, _target(clock.starts_on, raw, calendar), inputs)


def fee_due_on(clock: Clock, notice: FeeNotice, calendar: WorkingCalendar) -> date:
    """The last day for paying the fee: 15 working days after the notice (4982 m.11).

    Never before the day stated in the applicant's notice, whatever became of the calendar since.
    """
    days = (clock.rule and clock.rule.fee_notice_days) or 0
    counted = calendar.add_working_days(notice.notified_on, days, with_leave=clock.policy.leave_counts)
    return max(counted, notice.told_due_on or counted)


def _limit(clock: Clock, rule: Rule) -> int:
    return rule.extended_days if clock.extension and rule.extended_days else rule.days


def _effective_start(clock: Clock, rule: Rule, calendar: WorkingCalendar) -> tuple[date, int]:
    """The day counting starts after and the days to count, with a paid fee notice taken into account."""
    limit, notice = _limit(clock, rule), clock.fee_notice
    if not (rule.fee_notice_days and notice and notice.paid_on):
        return clock.starts_on, limit
    if clock.policy.fee_restarts:
        return notice.paid_on, limit
    used = calendar.count_working_days(
        clock.starts_on, notice.notified_on, with_leave=clock.policy.leave_counts
    )
    return notice.paid_on, max(limit - used, 0)


def _count(start: date, days: int, unit: Unit, calendar: WorkingCalendar, policy: Policy) -> date:
    if unit is Unit.CALENDAR_DAYS:
        return start + timedelta(days=days)
    return calendar.add_working_days(start, days, with_leave=policy.leave_counts)


def _target(starts_on: date, raw: date, calendar: WorkingCalendar) -> date:
    """Never before the clock started, even when all that is left before `raw` is holiday or leave."""
    return max(calendar.working_day_on_or_before(raw, with_leave=True), min(starts_on, raw))


def _internal_target(clock: Clock, calendar: WorkingCalendar, inputs: dict[str, Any]) -> Deadline:
    if clock.sla_days is None:
        return Deadline(None, None, None, inputs)
    counted = _add_worked_days(clock.starts_on, clock.sla_days, clock.waits, calendar)
    target = calendar.working_day_on_or_after(counted, with_leave=True)
    inputs |= {"sla_days": clock.sla_days, "unit": Unit.WORKING_DAYS.value}
    if waits := [wait for wait in clock.waits if clock.starts_on < wait[1] and wait[0] <= target]:
        inputs["waits"] = [[day.isoformat() for day in wait] for wait in waits]
    return Deadline(None, None, target, inputs | _days_off(clock, target, calendar, with_leave=True))


def _add_worked_days(
    day: date, count: int, waits: Iterable[tuple[date, date]], calendar: WorkingCalendar
) -> date:
    """The `count`-th working day after `day` on which a case was not waiting; leave is not worked."""
    while count:
        day = calendar.add_working_days(day, 1, with_leave=True)
        count -= not any(first <= day <= last for first, last in waits)
    return day


def _date_of_cimer(clock: Clock, due_on: date, calendar: WorkingCalendar, inputs: dict[str, Any]) -> Deadline:
    inputs |= {"cimer_due_on": due_on.isoformat()}
    return Deadline(due_on, due_on, _target(clock.starts_on, due_on, calendar), inputs)


def _rule_inputs(clock: Clock, rule: Rule) -> dict[str, Any]:
    inputs: dict[str, Any] = {"article": rule.article, "days": rule.days, "unit": rule.unit.value}
    if clock.extension and rule.extended_days:
        granted_on = clock.extension.granted_on.isoformat()
        inputs["extension"] = {"granted_on": granted_on, "days": rule.extended_days}
    if clock.fee_notice and rule.fee_notice_days:
        paid_on = clock.fee_notice.paid_on
        inputs["fee_notice"] = {
            "notified_on": clock.fee_notice.notified_on.isoformat(),
            "paid_on": paid_on and paid_on.isoformat(),
            "restarts": clock.policy.fee_restarts,
        }
    return inputs


def _days_off(clock: Clock, end: date, calendar: WorkingCalendar, with_leave: bool = False) -> dict[str, Any]:
    """The holidays and leave days between the start and `end`, which a reader needs to follow the count."""
    result = calendar.holidays_between(clock.starts_on, end)
    leave = calendar.leave_between(clock.starts_on, end)
    return {
        "holidays": [{"on": day.isoformat(), "names": list(names)} for day, names in result.items()],
        "leave_days": [day.isoformat() for day in leave],
        "leave_counts": with_leave or clock.policy.leave_counts,
    }
