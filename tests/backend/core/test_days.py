"""The suite's own day keeps what it promises on every date, and Python and PostgreSQL have one clock."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from backend.core.calendar import WorkingCalendar
from backend.core.localtime import today
from tests.days import AROUND, DAY, SOONEST, chosen, date, day, dotted, spelt
from tests.harness import asking, other_days
from tests.harness.other_days import dates, selection

YEAR_OF_LIMITS = 366  # the longest that programmes, feeds and public days reach ahead


@pytest.mark.parametrize("year", range(2026, 2041))
def test_the_suites_day_is_near_enough_and_far_from_holidays_on_every_date(year: int) -> None:
    calendar = WorkingCalendar()
    for number in range(0, 366, 3):
        seen_from = dt.date(year, 1, 1) + dt.timedelta(days=number)
        found = chosen(seen_from)
        assert SOONEST <= (found - seen_from).days < YEAR_OF_LIMITS - 150, "tests use day(150)"
        around = [found + dt.timedelta(days=n) for n in AROUND]
        assert found.weekday() == 1
        assert {one.month for one in around[:-2]} == {found.month}
        assert not any(calendar.holiday_names(one) for one in around)


def test_a_day_is_written_in_four_ways() -> None:
    assert chosen(dt.date(2026, 11, 27)) == dt.date(2027, 1, 12)
    assert (DAY, day(2)) == (date().isoformat(), date(2).isoformat())
    assert dt.datetime.strptime(dotted(2), "%d.%m.%Y").date() == date(2)  # noqa: DTZ007
    assert spelt().split()[::2] == [str(date().day), str(date().year)]
    assert spelt(language="en") == f"{date():%-d %B %Y}"


def test_other_days_are_the_ends_of_years_and_the_leap_day() -> None:
    assert dates(dt.date(2026, 11, 27)) == ["2026-12-31", "2027-01-26", "2028-02-29", "2028-12-31"]
    assert dates(dt.date(2028, 3, 1)) == ["2028-04-30", "2028-12-31", "2032-02-29", "2032-12-31"]
    assert dates(dt.date(2028, 12, 31)) == ["2028-12-31", "2029-03-01", "2032-02-29", "2032-12-31"]


def test_every_file_that_uses_the_suites_day_is_run_on_other_days() -> None:
    found = selection()
    assert {
        "tests/backend/core/test_days.py",
        "tests/backend/programme/test_programme.py",
        "tests/journeys",
    } <= set(found)
    assert not [path for path in found if "browser" in path or "test_two_" in path]


def test_a_lane_begins_with_a_copy_of_the_tests_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests, lane = tmp_path / "postgres", tmp_path / "other-days-0"
    monkeypatch.setattr(other_days, "TESTS", tests)
    other_days.share_template(lane)
    assert not lane.exists()  # there is nothing to copy: it migrates one of its own
    tests.mkdir()
    (tests / "PG_VERSION").write_text("18")
    (tmp_path / "postgres.json").write_text('{"passwords": {"app": "x"}, "socket": "elsewhere"}')
    for _again in range(2):
        other_days.share_template(lane)
        assert (lane / "PG_VERSION").read_text() == "18"
        assert json.loads((tmp_path / "other-days-0.json").read_text()) == {"passwords": {"app": "x"}}
        assert (tmp_path / "other-days-0.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("module", "word", "leads"),
    [
        ("backend.programme.test_programme", "test_ranges_may_touch", {"day"}),  # by a helper of its file
        ("backend.programme.test_programme", "test_there_is_no_free_time_in_the_past", {"day"}),
        ("journeys.test_who_is_calling", "test_the_records_that_were_merged_are_in_it", {"day"}),
        ("factories", "make_entry", {"day"}),
        (
            "backend.core.test_days",
            "test_python_and_postgresql_have_one_clock",
            {"day", "clock"},
        ),  # by a `.date`
        ("backend.core.test_days", "test_a_day_is_written_in_four_ways", {"day", "clock"}),  # by `chosen`
        ("backend.greetings.test_greeting_suggestions", "test_two_bayrams_in_one_year_have_two_codes", set()),
        ("backend.complaints.test_deadlines", "test_thirty_days", set()),  # written out
    ],
)
def test_whose_words_lead_to_a_clock_or_the_day_is_read(module: str, word: str, leads: set[str]) -> None:
    assert word in asking.module(f"tests.{module}").used
    assert asking.leads(f"tests.{module}", word) == leads


def test_a_clock_is_met_on_each_date_and_the_suites_day_on_a_near_and_a_far_one() -> None:
    names = [f"tests/x.py::test_{number}" for number in range(400)]
    clock, day = frozenset({"clock", "day"}), frozenset({"day"})
    for name in names:
        assert all(asking.is_taken(name, f"{part}/4", clock) for part in range(4))
        assert [part for part in range(4) if asking.is_taken(name, f"{part}/4", day)] in ([0, 2], [1, 3])
        assert all(asking.is_taken(name, f"{part}/3", day) for part in range(3))


def test_the_parts_of_the_others_are_all_of_them_and_one_date_alone_takes_all() -> None:
    names = [f"tests/x.py::test_{number}" for number in range(400)]
    parts = [{name for name in names if asking.is_taken(name, f"{part}/4")} for part in range(4)]
    assert set().union(*parts) == set(names)
    assert sum(map(len, parts)) == len(names)
    assert min(map(len, parts)) > 50
    assert all(asking.is_taken(name, "0/1") for name in names)


def test_python_and_postgresql_have_one_clock(db: None) -> None:
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (told,) = cursor.fetchone() or (None,)
    assert told is not None
    assert abs(told - before) < dt.timedelta(seconds=30)
    if other := os.environ.get("OZELKALEM_OTHER_DAY"):
        assert today() - dt.date.fromisoformat(other) in (dt.timedelta(), dt.timedelta(days=1))
