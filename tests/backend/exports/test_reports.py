"""What a report counts: periods, divisions that come to the whole, shares by their formula, times by their calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.complaints import actions
from backend.complaints.choices import Outcome, Status
from backend.complaints.law import periods
from backend.complaints.law.periods import Period, Preset
from backend.complaints.models import Complaint, FeeNotice, Notice
from backend.complaints.reporting import information_report, reports
from backend.complaints.reporting import jobs as report_jobs
from backend.complaints.reporting.reports import Division
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import Department, User
from backend.outbox.models import Message
from permissions.complaints import access as complaint_access
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from tests.cast import Cast, as_viewer
from tests.factories import at, make_category, make_complaint, make_neighbourhood

MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ENDED = {
    Outcome.WITHDRAWN: Status.WITHDRAWN,
    Outcome.REJECTED: Status.REJECTED,
    Outcome.NOT_EXAMINABLE: Status.NOT_EXAMINABLE,
}


def past(
    came: str,
    to: Department | None = None,
    *,
    answered: str = "",
    closed: str = "",
    outcome: str = "",
    **more: Any,
) -> Complaint:
    """A case that came on a day, was answered and closed on others, as the table holds it. Target: ten days later."""
    fields = {
        name: more.pop(name)
        for name in list(more)
        if name in ("target_on", "regime", "matter", "legal_due_on")
    }
    made = make_complaint(to=to, **more)
    moment = at(came)
    values = {
        "registered_at": moment,
        "registered_on": moment.date(),
        "target_on": moment.date() + dt.timedelta(days=10),
        "replied_at": at(answered, "15:00") if answered else None,
        "closed_at": at(closed, "16:00") if closed else None,
        "outcome": outcome,
        **fields,
    }
    if closed:
        values["status"] = ENDED.get(Outcome(outcome), Status.CLOSED)
    elif answered:
        values["status"] = Status.REPLIED
    with system():
        Complaint.objects.filter(pk=made.pk).update(**values)
        return Complaint.objects.get(pk=made.pk)


def of(viewer: Any, period: Period = MARCH, **filters: Any) -> reports.Report:
    """The report of whoever asks."""
    with as_viewer(viewer):
        rows = Complaint.objects.filter(**filters)
        return reports.report(
            complaint_access.countable(reports.alive(rows, period), *reports.COLUMNS), period
        )


def named(parts: list[reports.Part], figure: str) -> dict[str, Any]:
    return {part.name: getattr(part, figure) for part in parts}


@pytest.fixture
def march(cast: Cast) -> None:
    """Of the year's spring: two of February, five of March, one of April; the bayram lies on 20 to 22 March 2026."""
    çukur, ışık = make_category(), make_category("isik", "Işık")
    place = make_neighbourhood()
    common = {"category": çukur, "neighbourhood": place, "by": cast.secretary}
    past("2026-02-10", cast.fen, answered="2026-03-02", closed="2026-03-03", outcome="SOLVED", **common)
    past("2026-02-20", cast.park, **common)
    past("2026-03-02", cast.fen, answered="2026-03-06", closed="2026-03-09", outcome="SOLVED", **common)
    past(
        "2026-03-16",
        cast.fen,
        answered="2026-03-26",
        closed="2026-04-02",
        outcome="NOT_POSSIBLE",
        category=ışık,
    )
    past("2026-03-10", cast.park, closed="2026-03-12", outcome="WITHDRAWN", channel="WHATSAPP")
    past("2026-03-11", cast.park, closed="2026-03-12", outcome="REJECTED", collaborators=(cast.fen,))
    past("2026-03-31", None, by=cast.secretary)
    past("2026-04-01", cast.fen, by=cast.secretary)


def test_what_came_ended_and_stood_open_in_a_period(cast: Cast, march: None) -> None:
    total = of(cast.secretary).total
    assert (total.received, total.closed, total.open, total.late) == (5, 4, 3, 1)
    assert (total.answered, total.answered_late) == (4, 1)


def test_the_share_leaves_out_withdrawn_forwarded_and_duplicates_and_says_so(cast: Cast, march: None) -> None:
    found = of(cast.secretary)
    assert (found.total.solved, found.total.countable) == (2, 3)
    assert found.total.solved_share == pytest.approx(2 / 3)
    assert found.formula == (
        "Çözülen (2) ÷ [kapanan (4) − vazgeçilen, başka kuruma gönderilen ve mükerrer (1) = 3]"
    )
    assert of(cast.secretary, Period(dt.date(2020, 1, 1), dt.date(2020, 2, 1))).total.solved_share is None


def test_mean_and_median_days_count_by_the_calendar_of_the_municipality(cast: Cast, march: None) -> None:
    """20, 4, 10 and 1 days; working days without week-ends, and without the Friday of the bayram."""
    total = of(cast.secretary).total
    assert [total.mean_days, total.median_days] == [8.75, 7]
    assert [total.mean_working_days, total.median_working_days] == [6.5, 5.5]


def test_the_parts_of_every_division_come_to_the_whole(cast: Cast, march: None) -> None:
    found = of(cast.secretary)
    for division in Division:
        for figure in (
            "received",
            "closed",
            "solved",
            "countable",
            "answered",
            "answered_late",
            "open",
            "late",
        ):
            whole = sum(getattr(part, figure) for part in found.parts[division])
            assert whole == getattr(found.total, figure), (division, figure)
    assert named(found.parts[Division.CATEGORY], "received") == {"Çukur": 1, "Işık": 1, "": 3}
    assert named(found.parts[Division.CHANNEL], "received") == {"Telefon (çağrı merkezi)": 4, "WhatsApp": 1}


def test_a_department_counts_what_it_is_responsible_for_and_beside_it_where_it_helps(
    cast: Cast, march: None
) -> None:
    parts = of(cast.secretary).parts[Division.DEPARTMENT]
    assert named(parts, "received") == {"Fen İşleri": 2, "Park ve Bahçeler": 2, "": 1}
    assert [part.contributing for part in parts] == [1, 0, 0]


def test_over_time_what_was_open_follows_from_what_came_and_ended(cast: Cast, march: None) -> None:
    spring = Period(dt.date(2026, 2, 1), dt.date(2026, 12, 31))
    buckets = of(cast.secretary, spring).buckets
    assert [(b.first.month, b.received, b.closed, b.open) for b in buckets[:3]] == [
        (2, 2, 0, 2),
        (3, 5, 4, 3),
        (4, 1, 1, 3),
    ]
    days = of(cast.secretary).buckets
    assert len(days) == 31
    assert sum(bucket.received for bucket in days) == 5
    assert days[-1].open == 3


def test_a_department_s_report_is_of_its_own_cases_alone(cast: Cast, march: None) -> None:
    park, fen = of(cast.park_clerk), of(cast.fen_clerk)
    assert (park.total.received, park.total.open) == (2, 1)
    assert (fen.total.received, fen.total.closed) == (3, 3), "two of its own, and one in which it helps"
    assert of(cast.outsider).total.received == 0
    assert of(cast.administrator).total.received == 0
    assert of(cast.mayor).total.received == 5


def test_whoever_works_in_two_departments_counts_no_case_twice(cast: Cast) -> None:
    for _n in range(2):  # alike in every column
        past("2026-03-11", cast.cleaning, collaborators=(cast.park, cast.fen), applicant=None)
    with system():
        grants.give(cast.park_clerk, WORK, cast.fen, by=None, valid_from=dt.date(2020, 1, 1))
    assert of(cast.park_clerk).total.received == 2


def test_a_night_belongs_to_its_local_day(cast: Cast) -> None:
    made = past("2026-03-31")
    with system():
        Complaint.objects.filter(pk=made.pk).update(
            closed_at=at("2026-03-31", "23:59"), status=Status.CLOSED, outcome="SOLVED"
        )
    assert of(cast.secretary).total.closed == 1
    with system():
        Complaint.objects.filter(pk=made.pk).update(closed_at=at("2026-04-01", "00:01"))
    assert of(cast.secretary).total.closed == 0


def test_late_now_is_what_the_list_of_late_ones_holds(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    past("2026-10-01", cast.fen)
    past("2026-10-01", cast.fen, answered="2026-10-30")
    with system():
        late, is_open = Complaint.objects.late().count(), Complaint.objects.open().count()
    total = of(cast.secretary, periods.preset(Preset.YEAR)).total
    assert (total.late, total.open) == (late, is_open) == (1, 3)


def test_the_statements_do_not_grow_with_the_rows(cast: Cast, march: None) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            of(cast.secretary)
        return len(captured)

    few = count()
    for _n in range(5):
        past("2026-03-05", cast.cleaning, category=make_category("cop", "Çöp"))
    assert count() == few


# -- periods ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("which", "first", "last"),
    [
        (Preset.WEEK, "2026-11-23", "2026-11-29"),
        (Preset.LAST_WEEK, "2026-11-16", "2026-11-22"),
        (Preset.MONTH, "2026-11-01", "2026-11-30"),
        (Preset.LAST_MONTH, "2026-10-01", "2026-10-31"),
        (Preset.YEAR, "2026-01-01", "2026-12-31"),
        (Preset.LAST_YEAR, "2025-01-01", "2025-12-31"),
    ],
)
def test_the_periods_that_are_asked_for_every_day(which: Preset, first: str, last: str) -> None:
    found = periods.preset(which, dt.date(2026, 11, 26))
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_a_period_the_wrong_way_round_or_without_end_is_refused_at_its_field() -> None:
    for first, last in (
        ("2026-02-02", "2026-02-01"),
        ("2000-01-01", "2026-01-01"),
        ("0001-01-01", "0002-01-01"),
    ):
        with pytest.raises(DomainError) as refused:
            Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        assert refused.value.field == "to"


def test_weeks_begin_on_monday_and_are_cut_to_the_period() -> None:
    weeks = list(Period(dt.date(2026, 4, 1), dt.date(2026, 6, 30)).buckets())
    assert weeks[0] == (dt.date(2026, 3, 30), dt.date(2026, 4, 1), dt.date(2026, 4, 5))
    assert weeks[-1] == (dt.date(2026, 6, 29), dt.date(2026, 6, 29), dt.date(2026, 6, 30))
    assert sum((last - first).days + 1 for _key, first, last in weeks) == 91


# -- 4982 m.30 -------------------------------------------------------------------------------------------------------
def test_the_yearly_report_on_information_counts_what_the_law_lists(cast: Cast) -> None:
    asks: dict[str, Any] = {
        "kind": "INFORMATION_REQUEST",
        "channel": "WEB",
        "legal_due_on": dt.date(2026, 3, 20),
    }
    law: dict[str, Any] = {**asks, "regime": "INFORMATION_4982"}
    past("2026-03-02", cast.fen, answered="2026-03-10", closed="2026-03-11", outcome="SOLVED", **law)
    past("2026-03-02", cast.fen, answered="2026-03-26", closed="2026-03-27", outcome="INFORMED", **law)
    past("2026-03-02", cast.fen, closed="2026-03-11", outcome="REJECTED", **law)
    past("2026-03-02", cast.park, answered="2026-03-10", closed="2026-03-11", outcome="NOT_POSSIBLE", **law)
    past("2026-12-30", cast.park, closed="2027-01-04", outcome="FORWARDED", **law)
    lapsed = past("2026-03-02", cast.park, closed="2026-03-30", outcome="WITHDRAWN", **law)
    past("2026-03-02", cast.park, **law)
    past(
        "2026-03-02",
        cast.park,
        **{
            **asks,
            "channel": "CIMER",
            "regime": "CIMER",
            "matter": "INFORMATION",
            "source_number": "26-1",
            "cimer_due_on": dt.date(2026, 3, 20),
        },
    )
    past("2026-03-02", cast.park, regime="CIMER")
    past("2025-12-31", cast.park, **law)
    with system():
        notice = Notice.objects.create(complaint=lapsed, kind="FEE", body="…")
        FeeNotice.objects.create(
            complaint=lapsed,
            notified_on=dt.date(2026, 3, 3),
            amount=10,
            due_on=dt.date(2026, 3, 25),
            lapsed_on=dt.date(2026, 3, 27),
            notice=notice,
        )
    with as_viewer(cast.secretary):
        found = information_report.information_report(scope.visible(Complaint), 2026)
    assert (found.received, found.given, found.refused, found.waiting) == (8, 2, 2, 2)
    assert (found.forwarded, found.withdrawn, found.not_examinable, found.duplicate) == (1, 1, 0, 0)
    assert found.received == sum(
        (found.given, found.refused, found.waiting, found.forwarded, found.withdrawn, found.duplicate)
    )
    assert (found.fee_asked, found.fee_lapsed, found.answered, found.answered_in_time) == (1, 1, 4, 3)
    assert found.due_on == dt.date(2027, 2, 28)
    with as_viewer(cast.park_clerk):
        own = information_report.information_report(scope.visible(Complaint), 2026)
    assert own.received == 5


def test_grounds_separated_parts_and_objections_are_counted(cast: Cast) -> None:
    """4982 m.30 (c), (d), (e); of a refusal without a recorded ground it is said that there is one."""
    law = {"regime": "INFORMATION_4982", "matter": "GENERAL"}
    refused = past("2026-03-02", cast.park, **law)
    partly = past("2026-03-02", cast.park, **law)
    silent = past("2026-03-02", cast.park, **law)
    with system():
        rows = Complaint.objects
        closed = {"closed_at": timezone.now(), "replied_at": timezone.now()}
        rows.filter(pk=refused.pk).update(
            status="REJECTED", outcome="REJECTED", refusal_grounds=["M21", "M19"], **closed
        )
        rows.filter(pk=partly.pk).update(
            status="CLOSED", outcome="INFORMED", refusal_grounds=["M21"], is_partial=True, **closed
        )
        rows.filter(pk=silent.pk).update(status="REJECTED", outcome="REJECTED", **closed)
        told: dict[str, Any] = {"by": None, "contested_on": today(), "contested_at": "BOARD"}
        actions.record_objection(Complaint.objects.get(pk=refused.pk), **told)
        actions.record_objection(
            Complaint.objects.get(pk=refused.pk),
            **told,
            contest_result="PARTLY",
            contest_ended_on=today(),
        )
    with as_viewer(cast.secretary):
        found = information_report.information_report(scope.visible(Complaint), 2026)
    assert found.grounds == (("M19", 1), ("M21", 2))
    assert (found.partial, found.without_ground, found.refused) == (1, 1, 2)
    assert (found.contested, found.contested_at_court) == (1, 0)
    assert (found.contest_accepted, found.contest_partly, found.contest_rejected) == (0, 1, 0)
    lines = information_report.lines(found)
    assert [line.number for line in lines if line.letter == "e"] == [1, 0, 0, 1, 0]


# -- the weekly report -----------------------------------------------------------------------------------------------
def test_on_monday_the_office_is_mailed_the_week_once_and_nobody_s_name(cast: Cast) -> None:
    with system():
        Department.objects.filter(pk=cast.office.pk).update(email="ozelkalem@bel.example")
    past("2026-11-17", cast.fen, answered="2026-11-19", closed="2026-11-20", outcome="SOLVED")
    past("2026-11-02", cast.park, by=cast.secretary, subject="Gizli kalacak konu")
    past("2026-11-23", cast.park)
    monday = dt.date(2026, 11, 23)
    assert report_jobs.weekly_report(monday) == 1
    assert report_jobs.weekly_report(monday) == 0, "a second run in the same week sends nothing"
    with system():
        mail = Message.objects.get(purpose="staff_weekly_report")
    assert mail.address == "ozelkalem@bel.example"
    assert mail.subject == "Haftalık başvuru raporu: 16.11.2026 – 22.11.2026"
    assert "gelen başvuru: 1\nKapanan: 1\nHafta sonunda açık: 1\nHafta sonunda geciken: 1\n" in mail.body
    assert "Park ve Bahçeler: 1 gecikmiş, 1 açık" in mail.body
    assert "% 100,0" in mail.body
    assert "/admin/reports/?from=2026-11-16&to=2026-11-22" in mail.body
    for secret in ("Ayşe", "Işık", "Gizli kalacak", "2026/"):
        assert secret not in mail.body + mail.subject
    assert report_jobs.weekly_report(monday + dt.timedelta(days=7)) == 1


def test_an_office_without_an_address_is_told_through_its_head_or_not_at_all(cast: Cast) -> None:
    monday = dt.date(2026, 11, 23)
    with system():
        User.objects.filter(pk=cast.office_head.pk).update(email="")
    assert report_jobs.weekly_report(monday) == 0
    with system():
        User.objects.filter(pk=cast.office_head.pk).update(email="mudur@bel.example")
    assert report_jobs.weekly_report(monday) == 1
