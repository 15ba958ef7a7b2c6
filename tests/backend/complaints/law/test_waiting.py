"""Waiting is not counted into the municipality's own target; the limits of the laws run on (3071 m.7, 4982 m.11)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from random import Random
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from backend.complaints.choices import Status, WaitingFor
from backend.complaints.jobs import escalate, keep_clocks
from backend.complaints.law.deadlines import Clock, Regime, compute
from backend.complaints.law.periods import Period
from backend.complaints.models import Complaint
from backend.complaints.reporting import reports
from backend.complaints.reporting.figures import figures
from backend.core.calendar import WorkingCalendar
from backend.core.localtime import today
from backend.core.session import system
from tests.backend.stories import petition, replied, say, service_request
from tests.cast import Cast, signed_in
from tests.factories import at, make_complaint, refetch

ISO = dt.date.fromisoformat
DAY = dt.timedelta(days=1)
PLAIN = WorkingCalendar()


def on(day: str) -> Any:
    return freeze_time(f"{day}T09:00:00Z")


def put_on_hold(cast: Cast, came: str, held: str, make: Any = service_request) -> Complaint:
    with on(came), system():
        complaint: Complaint = make(to=cast.fen, accepted_by=cast.fen_clerk)
    with on(held):
        say(complaint, "put_on_hold", by=cast.fen_clerk, for_=WaitingFor.CITIZEN)
    return refetch(complaint)


def late(day: str) -> tuple[int, int, int]:
    """How many are late on a day: of the list, of the figures and of the report."""
    with on(day), system():
        rows = Complaint.objects.all()
        found = reports.report(rows.values("pk", *reports.COLUMNS), Period(ISO(day).replace(day=1), ISO(day)))
        return rows.late().count(), figures(rows).late, found.total.late


def test_the_target_of_a_service_request_stands_still_while_it_waits(cast: Cast) -> None:
    """Seven working days from 2 November; on hold on the 3rd, taken up on the 17th: six are left then."""
    complaint = put_on_hold(cast, "2026-11-02", "2026-11-03")
    assert (complaint.target_on, complaint.waiting_since) == (ISO("2026-11-11"), ISO("2026-11-03"))
    assert late("2026-11-16") == (0, 0, 0)
    page = f"/admin/complaints/complaint/{complaint.key}/change/"
    signed_in(cast.secretary).get(page)  # all modules are loaded before the clock stands
    with on("2026-11-16"):
        assert escalate(Complaint.objects.filter(pk=complaint.pk)) == 0
        shown = signed_in(cast.secretary).get(page).content.decode()
    assert "03.11.2026" in shown
    assert "süre işlemiyor" in shown
    with on("2026-11-17"):
        say(complaint, "resume", by=cast.fen_clerk)
    running = refetch(complaint)
    assert (running.target_on, running.waiting_since) == (ISO("2026-11-25"), None)
    assert running.deadline_inputs["waits"] == [["2026-11-04", "2026-11-17"]]
    with system():
        line = running.lines.latest("pk")
    assert (line.verb, line.details["why"]) == ("recomputed", "waited")
    assert line.details["dates"]["target_on"] == ["2026-11-11", "2026-11-25"]
    with on("2026-11-18"):
        assert keep_clocks() == 0
    assert late("2026-11-25") == (0, 0, 0)
    assert late("2026-11-26") == (1, 1, 1)


def test_the_clock_of_a_law_runs_on(cast: Cast) -> None:
    complaint = put_on_hold(cast, "2026-11-02", "2026-11-03", petition)
    dates = (complaint.raw_due_on, complaint.legal_due_on, complaint.target_on)
    assert late("2026-12-10") == (1, 1, 1)
    with on("2026-11-17"):
        say(complaint, "resume", by=cast.fen_clerk)
    after = refetch(complaint)
    assert (after.raw_due_on, after.legal_due_on, after.target_on) == dates
    with system():
        assert after.lines.latest("pk").verb == "resumed"
        found = reports.report(
            Complaint.objects.values("pk", *reports.COLUMNS), Period(ISO("2026-11-01"), ISO("2026-11-30"))
        )
    assert found.total.open == 1


def test_what_was_late_before_it_waited_stays_late(cast: Cast) -> None:
    complaint = put_on_hold(cast, "2026-11-02", "2026-11-13")
    assert late("2026-11-20") == (1, 1, 1)
    with on("2026-11-20"):
        say(complaint, "resume", by=cast.fen_clerk)
    assert refetch(complaint).target_on == ISO("2026-11-11")


def test_the_report_counts_the_days_that_were_worked(cast: Cast) -> None:
    """Eleven working days passed, one was worked."""
    complaint = put_on_hold(cast, "2026-11-02", "2026-11-02")
    with on("2026-11-16"):
        say(complaint, "resume", by=cast.fen_clerk)
    with on("2026-11-17"):
        replied(complaint, cast)
    with system():
        found = reports.report(
            Complaint.objects.values("pk", *reports.COLUMNS), Period(ISO("2026-11-01"), ISO("2026-11-30"))
        )
    assert (found.total.mean_days, found.total.mean_working_days) == (15, 1)
    assert found.total.answered_late == 0


def test_a_case_that_ends_while_it_waits_waits_no_more(cast: Cast) -> None:
    complaint = put_on_hold(cast, "2026-11-02", "2026-11-03")
    with on("2026-11-10"):
        say(complaint, "withdraw", by=None)
    ended = refetch(complaint)
    assert (ended.status, ended.waiting_since) == (Status.WITHDRAWN, None)
    assert [(wait.lower, wait.upper) for wait in ended.waits] == [(ISO("2026-11-04"), ISO("2026-11-11"))]


def waits_after(random: Random, day: dt.date) -> list[tuple[dt.date, dt.date]]:
    found = []
    for _each in range(random.randrange(4)):
        first = day + random.randrange(1, 9) * DAY
        day = first + random.randrange(12) * DAY
        found.append((first, day))
    return found


def worked_days(
    after: dt.date, until: dt.date, waits: Iterable[tuple[dt.date, dt.date]], calendar: WorkingCalendar
) -> int:
    """The working days in (`after`, `until`] on which a case was not waiting; leave is not worked."""
    waited = sum(
        calendar.count_working_days(max(first - DAY, after), min(last, until), with_leave=True)
        for first, last in waits
    )
    return calendar.count_working_days(after, until, with_leave=True) - waited


def test_the_database_counts_the_worked_days_as_the_law_does(cast: Cast) -> None:
    random, expected = Random(17), Counter[int]()
    period = Period(today().replace(year=today().year - 1, month=1, day=1), today())
    for _each in range(60):
        came = today() - random.randrange(1, 200) * DAY
        answered = min(came + random.randrange(60) * DAY, today())
        waits = waits_after(random, came - random.randrange(3) * DAY)
        regime = random.choice([Regime.SERVICE_REQUEST, Regime.PETITION_3071])
        row = make_complaint()
        with system():
            Complaint.objects.filter(pk=row.pk).update(
                regime=regime,
                registered_at=at(came.isoformat()),
                registered_on=came,
                replied_at=at(answered.isoformat(), "15:00"),
                status=Status.REPLIED,
                waits=[DateRange(first, last + DAY) for first, last in waits],
            )
        counted = waits if regime is Regime.SERVICE_REQUEST else []
        expected[worked_days(came, answered, counted, PLAIN)] += 1
    with system():
        found = reports.report(Complaint.objects.values("pk", *reports.COLUMNS), period)
    assert dict(found.total.working) == dict(expected)


@given(st.dates(ISO("2025-01-01"), ISO("2030-12-31")), st.integers(1, 20), st.integers(0, 10**6))
def test_a_target_is_the_last_of_its_worked_days(start: dt.date, days: int, seed: int) -> None:
    waits = tuple(waits_after(Random(seed), start))
    clock = Clock(Regime.SERVICE_REQUEST, start, sla_days=days, waits=waits)
    target = compute(clock, PLAIN).target
    assert target is not None
    assert worked_days(start, target, waits, PLAIN) == days
    assert worked_days(start, target - DAY, waits, PLAIN) == days - 1
