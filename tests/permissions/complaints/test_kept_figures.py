"""Reports add up kept sums: whatever happens to cases, and whenever it was summed up, they are what counting gives."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from backend.complaints import actions, leave
from backend.complaints.choices import Channel, Outcome, Status
from backend.complaints.law.deadlines import Regime
from backend.complaints.law.periods import Period
from backend.complaints.models import Complaint, ReportCell, ReportChange, ReportFact
from backend.complaints.reporting import jobs, keeping
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import Department
from permissions.complaints import access
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from tests.cast import Cast, as_viewer
from tests.factories import at, make_category, make_complaint, make_neighbourhood

VIEWERS = ("secretary", "fen_clerk", "park_clerk", "deputy_mayor", "mayor", "outsider")
_DAY = dt.timedelta(days=1)


def _periods() -> list[Period]:
    now = today()
    month = now.replace(day=1)
    return [
        Period(now.replace(month=1, day=1), now.replace(month=12, day=31)),
        Period(now - 400 * _DAY, now - 200 * _DAY),
        Period(month, (month + 31 * _DAY).replace(day=1) - _DAY),
        Period(now - 45 * _DAY, now - 3 * _DAY),
        Period(now - 6 * _DAY, now),
        Period(now - 1000 * _DAY, now + 20 * _DAY),
        Period(dt.date(now.year - 1, 1, 1), dt.date(now.year - 1, 12, 31)),
    ]


def _same(cast: Cast, moment: str, *, is_whole: bool = False) -> None:
    """For every viewer, narrowed to a department and not, the sums come to what counting gives.

    In the year, and in one of the other periods by turns; `is_whole`: in each of them.
    """
    year, *others = _periods()
    for number, name in enumerate(VIEWERS):
        periods = [year, *(others if is_whole else [others[number % len(others)]])]
        with as_viewer(getattr(cast, name)):
            rows = Complaint.objects.all()
            for period in periods:
                assert access.reported(rows, period) == access.counted(rows, period), (moment, name, period)
            fen, none = rows.filter(responsible_department=cast.fen), rows.filter(responsible_department=None)
            for period in periods[: 2 if is_whole else 1]:
                assert access.reported(fen, period, [cast.fen.pk]) == access.counted(fen, period), (
                    moment,
                    name,
                )
                assert access.reported(none, period, [None]) == access.counted(none, period), (moment, name)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(19)


def _invented(cast: Cast, chance: random.Random, places: dict[str, list[Any]]) -> dict[str, Any]:
    """The columns of a case as the table may hold them."""
    came = today() - chance.randrange(0, 700) * _DAY
    target = came + chance.randrange(1, 40) * _DAY
    replied = came + chance.randrange(0, 60) * _DAY if chance.random() < 0.7 else None
    closed = (replied or came) + chance.randrange(0, 20) * _DAY if chance.random() < 0.6 else None
    closed = None if closed and closed > today() else closed
    if replied and replied > today() + 5 * _DAY:
        replied = None
    outcome = chance.choice([Outcome.SOLVED, Outcome.NOT_POSSIBLE, Outcome.WITHDRAWN]) if closed else ""
    waited = came + chance.randrange(1, 10) * _DAY
    return {
        "registered_at": at(f"{came:%Y-%m-%d}", f"{chance.randrange(24):02}:30"),
        "registered_on": came,
        "target_on": target,
        "replied_at": at(f"{replied:%Y-%m-%d}", "23:45") if replied else None,
        "closed_at": at(f"{closed:%Y-%m-%d}", "00:05") if closed else None,
        "outcome": outcome,
        "status": (Status.WITHDRAWN if outcome == Outcome.WITHDRAWN else Status.CLOSED)
        if closed
        else Status.ACCEPTED,
        "rating": chance.choice([None, 1, 5]) if False else None,
        "regime": chance.choice([Regime.SERVICE_REQUEST, Regime.PETITION_3071]),
        "channel": chance.choice([Channel.PHONE, Channel.WHATSAPP]),
        "waiting_since": waited if not closed and chance.random() < 0.2 else None,
        "waits": [(waited, waited + 3 * _DAY)] if chance.random() < 0.2 else [],
        "deadline_inputs": {"payment_due": "2026-01-01"} if chance.random() < 0.1 else {},
        "category": chance.choice(places["category"]),
        "neighbourhood": chance.choice(places["neighbourhood"]),
        "responsible_department": chance.choice([None, cast.fen, cast.park, cast.cleaning]),
    }


def test_sums_are_what_counting_gives_whenever_they_were_summed(cast: Cast, chance: random.Random) -> None:
    places: dict[str, list[Any]] = {"category": [None, make_category(), make_category("isik", "Işık")]}
    places["neighbourhood"] = [None, make_neighbourhood()]
    pairs = [(cast.fen, ()), (cast.park, (cast.fen,)), (None, ()), (cast.cleaning, (cast.park,))]
    cases = [
        make_complaint(to=to, by=cast.secretary, collaborators=along)
        for to, along in pairs
        for _ in range(12)
    ]

    def shuffle(some: list[Complaint]) -> None:
        with system():
            for one in some:
                Complaint.objects.filter(pk=one.pk).update(**_invented(cast, chance, places))

    shuffle(cases)
    _same(cast, "before anything was summed up", is_whole=True)
    assert jobs.keep_figures() == len(cases)
    assert jobs.keep_figures() == 0
    with system():
        assert ReportFact.objects.count() == len(cases)
        assert not ReportChange.objects.exists()
    _same(cast, "after all was summed up", is_whole=True)
    shuffle(cases[::3])
    _same(cast, "after a third changed", is_whole=True)
    shuffle(cases[::4])
    _same(cast, "after some changed twice", is_whole=True)
    assert jobs.keep_figures() > 0
    _same(cast, "after it was summed up again", is_whole=True)
    assert jobs.check_figures() == (0, 0)


def test_what_actions_do_is_counted_at_once(cast: Cast) -> None:
    """Routed, moved to another department, shared work, closed, reopened: each is in the next report."""
    case = make_complaint(to=cast.fen, by=cast.secretary, collaborators=(cast.park,))
    other = make_complaint(by=cast.secretary)
    jobs.keep_figures()
    year = Period(today().replace(month=1, day=1), today().replace(month=12, day=31))

    def figures(viewer: Any) -> tuple[int, int, int]:
        with as_viewer(viewer):
            total = access.reported(Complaint.objects.all(), year).total
            return total.received, total.closed, total.open

    assert figures(cast.secretary) == (2, 0, 2)
    assert figures(cast.fen_clerk) == figures(cast.park_clerk) == (1, 0, 1)
    with system():
        actions.route(other, to=cast.park, by=cast.secretary)
    assert figures(cast.park_clerk) == (2, 0, 2)
    with system():
        actions.withdraw(case, by=cast.secretary)
    assert figures(cast.secretary) == (2, 1, 1)
    assert figures(cast.fen_clerk) == (1, 1, 0)
    _same(cast, "before it was summed up")
    jobs.keep_figures()
    _same(cast, "after it was summed up")
    with system():
        actions.reopen(case, reason="yanlışlıkla", by=cast.secretary)
    assert figures(cast.secretary) == (2, 0, 2)
    _same(cast, "after it was reopened")


def test_an_open_case_is_kept_as_it_is_counted_whatever_days_the_others_have(cast: Cast) -> None:
    """Its facts do not depend on the days that the cases beside it have, or each night's check would find it."""
    make_complaint(to=cast.fen, by=cast.secretary)
    jobs.keep_figures()
    answered = make_complaint(to=cast.park, by=cast.secretary)
    long_ago = today() - dt.timedelta(days=400)
    with system():
        Complaint.objects.filter(pk=answered.pk).update(
            registered_at=at(f"{long_ago:%Y-%m-%d}"),
            registered_on=long_ago,
            replied_at=at(f"{long_ago + 20 * _DAY:%Y-%m-%d}"),
        )
    jobs.keep_figures()
    assert jobs.check_figures() == (0, 0)


def test_a_department_reads_its_own_sums_and_no_other_ones(cast: Cast) -> None:
    make_complaint(to=cast.fen, by=cast.secretary)
    make_complaint(to=cast.park, by=cast.secretary)
    make_complaint(by=cast.secretary)
    jobs.keep_figures()
    make_complaint(to=cast.park, by=cast.secretary)
    tables = ReportCell, ReportFact, ReportChange
    for viewer, departments in (
        (cast.fen_clerk, {cast.fen.pk}),
        (cast.park_clerk, {cast.park.pk}),
        (cast.outsider, set()),
        (cast.administrator, set()),
    ):
        with as_viewer(viewer):
            for model in tables:
                seen = set(model.objects.values_list("department", flat=True))  # the second wall alone
                assert seen <= departments, (viewer, model)
                assert seen == set(scope.visible(model).values_list("department", flat=True))
            assert set(ReportFact.objects.values_list("department", flat=True)) == departments
    with as_viewer(cast.secretary):
        assert ReportCell.objects.filter(is_whole=True).exists()


def test_who_joins_two_departments_counts_no_case_twice(cast: Cast) -> None:
    with system():
        grants.give(cast.fen_clerk, WORK, cast.park, by=None, valid_from=dt.date(2020, 1, 1))
    make_complaint(to=cast.fen, by=cast.secretary, collaborators=(cast.park,))
    make_complaint(to=cast.park, by=cast.secretary)
    jobs.keep_figures()
    _same(cast, "two departments")


def test_a_day_of_leave_changes_working_days_that_were_summed(cast: Cast) -> None:
    monday = today() - dt.timedelta(days=today().weekday() + 14)
    case = make_complaint(to=cast.fen, by=cast.secretary)
    with system():
        Complaint.objects.filter(pk=case.pk).update(
            registered_at=at(f"{monday:%Y-%m-%d}"),
            registered_on=monday,
            replied_at=at(f"{monday + 4 * _DAY:%Y-%m-%d}"),
            status=Status.REPLIED,
        )
    jobs.keep_figures()
    with system():
        before = ReportFact.objects.get().working
        row, _count = leave.announce_leave(day=monday + 2 * _DAY, reason="bayram", by=None)
    _same(cast, "after the leave")
    jobs.keep_figures()
    with system():
        assert before is not None
        assert ReportFact.objects.get().working == before - 1
        leave.cancel_leave(row, by=None)
    _same(cast, "after it was taken back")


def test_what_was_changed_behind_the_sums_is_found_and_mended(cast: Cast, caplog: Any) -> None:
    make_complaint(to=cast.fen, by=cast.secretary)
    make_complaint(to=cast.park, by=cast.secretary)
    jobs.keep_figures()
    with system(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_reportfact SET channel = 'OTHER' WHERE department_id = %s", [cast.fen.pk]
        )
        cursor.execute("UPDATE complaints_reportcell SET received = 7 WHERE division = 'total' AND is_whole")
    cases, sums = jobs.check_figures()
    assert cases == 1
    assert sums > 0
    assert "counted anew" in caplog.text
    assert jobs.check_figures() == (0, 0)
    _same(cast, "after it was mended")


def test_everything_can_be_summed_anew(cast: Cast, capsys: Any) -> None:
    make_complaint(to=cast.fen, by=cast.secretary)
    jobs.keep_figures()
    with system():
        ReportCell.objects.all().delete()
    call_command("report_figures", "--rebuild")
    assert "1" in capsys.readouterr().out
    _same(cast, "after the rebuild")
    call_command("report_figures")
    assert Department.objects.exists()


def test_with_too_many_changes_the_cases_themselves_are_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_CHANGES", 1)
    jobs.keep_figures()
    for _each in range(3):
        make_complaint(to=cast.fen, by=cast.secretary)
    with as_viewer(cast.secretary):
        assert (
            keeping.sums(ReportChange.objects.all(), ReportFact.objects.all(), ReportCell.objects.all())
            is None
        )
        assert access.reported(Complaint.objects.all(), _periods()[0]).total.received == 3
