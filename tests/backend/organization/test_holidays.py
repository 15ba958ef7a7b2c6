"""The table of public holidays (2429 m.1, m.2) over the library: added, taken away, halved and confirmed days, their
source, and the open dates that follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.jobs import keep_clocks
from backend.complaints.models import Complaint, FeeNotice
from backend.core.calendar import DayKind, is_estimated
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.greetings import days
from backend.journal.models import AuditLog
from backend.organization import actions as organization
from backend.organization.calendar import working_calendar
from backend.organization.models import HolidayCorrection
from tests.backend.stories import TOLD, information_request, petition, refusal, say, service_request
from tests.cast import Cast, signed_in
from tests.factories import refetch

ISO = dt.date.fromisoformat
GAZETTE = "R.G. 29.10.2016, 29872 (6752 sayılı Kanun m.2)"
PAGE = "/admin/organization/holidaycorrection/"
ESTIMATED = 2034
"""A year whose bayram days the library estimates."""


def on(day: str) -> Any:
    return freeze_time(f"{day}T09:00:00Z")


def correct(day: str, kind: DayKind = DayKind.HOLIDAY, **more: Any) -> HolidayCorrection:
    defaults = {"name": "Deneme Bayramı", "source": GAZETTE, "by": None}
    with system():
        return actions.correct_holiday(day=ISO(day), kind=kind, **(defaults | more))


def test_a_day_is_added_taken_away_and_halved_and_the_newest_line_holds(cast: Cast) -> None:
    day = ISO("2027-03-25")
    with system():
        assert working_calendar().is_working_day(day)
        assert working_calendar().version == 0
    correct("2027-03-25")
    with system():
        calendar = working_calendar()
        assert calendar.is_public_holiday(day)
        assert calendar.holiday_names(day) == ("Deneme Bayramı",)
        assert calendar.add_working_days(ISO("2027-03-24"), 1) == ISO("2027-03-26")
    correct("2027-03-25", DayKind.HALF_DAY)
    with system():
        assert working_calendar().is_working_day(day)
        assert working_calendar().half_day_from(day) == dt.time(13)
    correct("2027-03-25", DayKind.AS_CALCULATED)
    correct("2027-04-23", DayKind.WORKED)
    with system():
        calendar = working_calendar()
        assert calendar.holiday_names(day) == ()
        assert calendar.is_working_day(ISO("2027-04-23"))
        assert calendar.version == 4
        assert list(HolidayCorrection.objects.order_by("version").values_list("version", flat=True)) == [
            1, 2, 3, 4,
        ]  # fmt: skip
        assert AuditLog.objects.filter(verb="holiday_corrected").count() == 4


def test_a_holiday_of_every_year_holds_from_its_first_day_to_its_last(cast: Cast) -> None:
    """As 15 July came by Law 6752: one line, every year."""
    correct("2027-09-08", yearly=True, valid_to=ISO("2029-12-31"))
    with system():
        calendar = working_calendar()
    found = [year for year in range(2025, 2032) if calendar.is_public_holiday(dt.date(year, 9, 8))]
    assert found == [2027, 2028, 2029]
    correct("2028-09-08", DayKind.WORKED, name="")
    with system():
        assert not working_calendar().is_public_holiday(ISO("2028-09-08"))
        assert working_calendar().is_public_holiday(ISO("2029-09-08"))


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"source": " "}, ErrorCode.REQUIRED, "source"),
        ({"name": ""}, ErrorCode.REQUIRED, "name"),
        ({"kind": "BRIDGE"}, ErrorCode.INVALID, "kind"),
        ({"day": ISO("1999-12-31")}, ErrorCode.INVALID, "day"),
        ({"day": ISO("2028-02-29"), "yearly": True}, ErrorCode.INVALID, "yearly"),
        ({"valid_to": ISO("2028-01-01")}, ErrorCode.INVALID, "valid_to"),
        ({"yearly": True, "valid_to": ISO("2027-01-01")}, ErrorCode.INVALID, "valid_to"),
        ({"kind": DayKind.AS_CALCULATED}, ErrorCode.NOT_FOUND, "day"),
    ],
)
def test_an_impossible_correction_gets_a_sentence_and_changes_nothing(
    given: dict[str, Any], code: ErrorCode, field: str, cast: Cast
) -> None:
    values = {"day": ISO("2027-03-25"), "kind": DayKind.HOLIDAY, "name": "Bayram", "source": GAZETTE} | given
    found = refusal(lambda: actions.correct_holiday(by=None, **values))
    assert (found.code, found.field) == (code, field)
    with system():
        assert not HolidayCorrection.objects.exists()


def test_the_same_twice_is_refused_and_takes_no_version(cast: Cast) -> None:
    correct("2027-03-25")
    found = refusal(
        lambda: actions.correct_holiday(
            by=None, day=ISO("2027-03-25"), kind="HOLIDAY", name="Deneme Bayramı", source="Başka"
        )
    )
    assert (found.code, found.field) == (ErrorCode.DUPLICATE, "day")
    assert correct("2027-03-26").version == 2


def test_open_dates_follow_at_once_and_keep_by_which_version(cast: Cast) -> None:
    """4982 m.11: fifteen working days; the legal date moves, which administrative leave does not do."""
    with on("2027-03-01"):
        asked, called, ended = information_request(), service_request(), information_request()
        untouched = petition()
        say(ended, "withdraw", by=None)
    assert refetch(asked).deadline_inputs["calendar_version"] == 0
    with on("2027-03-04"):
        row = correct("2027-03-15", by=cast.office_head)
    assert sorted(row.recomputed) == sorted([asked.pk, called.pk, untouched.pk])
    after = refetch(asked)
    assert (after.raw_due_on, after.legal_due_on) == (ISO("2027-03-26"), ISO("2027-03-26"))
    assert after.deadline_inputs["calendar_version"] == row.version == 1
    assert {"on": "2027-03-15", "names": ["Deneme Bayramı"]} in after.deadline_inputs["holidays"]
    assert refetch(called).target_on == ISO("2027-03-16")
    assert refetch(ended).legal_due_on == ended.legal_due_on
    with system():
        line = after.lines.latest("pk")
    assert (line.verb, line.actor_id, line.details["why"]) == (
        "recomputed",
        cast.office_head.pk,
        "holiday_corrected",
    )
    assert line.details["calendar_version"] == 1
    assert line.details["dates"]["legal_due_on"] == ["2027-03-25", "2027-03-26"]
    with on("2027-03-05"):
        assert keep_clocks() == 0
        assert (
            correct("2027-12-30").recomputed == []
        )  # reaches no open case: its dates are those of version 1
        assert keep_clocks() == 0
    assert refetch(asked).deadline_inputs["calendar_version"] == 1


def test_a_last_day_to_pay_moves_with_a_holiday_and_never_before_the_day_that_was_told(cast: Cast) -> None:
    with on("2027-03-01"):
        complaint = information_request()
        say(complaint, "ask_fee", by=cast.secretary, amount=5, **TOLD)
    with on("2027-03-02"):
        correct("2027-03-16")
        with system():
            assert FeeNotice.objects.get().due_on == ISO("2027-03-26")
        assert refetch(complaint).target_on == ISO("2027-03-26")
        correct("2027-03-16", DayKind.AS_CALCULATED)
        correct("2027-03-09", DayKind.WORKED)
    with system():
        assert FeeNotice.objects.get().due_on == ISO("2027-03-26")
    assert refetch(complaint).target_on == ISO("2027-03-26")


def test_estimated_days_say_so_until_they_are_confirmed(cast: Cast) -> None:
    with system():
        before = working_calendar().holidays(ESTIMATED)
        named = [*before.full.items(), *before.half.items()]
        marked = [day for day, names in named if any(map(is_estimated, names))]
        assert len(marked) >= 9
        assert refusal_of_year(2027) is ErrorCode.WRONG_STATE
        last = actions.confirm_holidays(by=None, year=ESTIMATED, source="Diyanet İşleri Başkanlığı (örnek)")
        after = working_calendar().holidays(ESTIMATED)
    assert last.version == len(marked)
    assert set(after.full) == set(before.full)
    assert set(after.half) == set(before.half)
    assert not any(
        is_estimated(name) for names in [*after.full.values(), *after.half.values()] for name in names
    )
    assert refusal_of_year(ESTIMATED) is ErrorCode.WRONG_STATE
    with system():
        names = [one.name for one in days.between(dt.date(ESTIMATED, 1, 1), dt.date(ESTIMATED, 12, 31))]
    assert f"Kurban Bayramı {ESTIMATED}" in names


def refusal_of_year(year: int) -> ErrorCode:
    return refusal(lambda: organization.confirm_holidays(by=None, year=year, source="R.G.")).code


def test_the_page_shows_first_what_would_change_and_then_what_changed(cast: Cast) -> None:
    signed_in(cast.office_head).get(PAGE)  # all modules are loaded before the clock stands
    with on("2027-03-01"):
        complaint = information_request(to=cast.fen)
    with on("2027-03-04"):
        client = signed_in(cast.office_head)
        given = {"day": "2027-03-16", "kind": "HOLIDAY", "name": "Deneme Bayramı", "source": GAZETTE}
        shown = client.post(f"{PAGE}new/", given | {"preview": "1"}).content.decode()
        assert complaint.reference in shown
        assert "25.03.2027 → 26.03.2027" in shown
        with system():
            assert not HolidayCorrection.objects.exists()
        assert "Kaynak" in client.post(f"{PAGE}new/", given | {"source": ""}).content.decode()
        kept = client.post(f"{PAGE}new/", given, follow=True).content.decode()
    assert complaint.reference in kept
    assert "25.03.2027 → 26.03.2027" in kept
    assert GAZETTE in kept
    year = client.get(f"{PAGE}year/?year=2027").content.decode()
    assert "düzeltilmiş" in year
    assert "tahmini" in client.get(f"{PAGE}year/?year={ESTIMATED}").content.decode()
    page = client.get(f"/admin/complaints/complaint/{complaint.key}/change/").content.decode()
    assert "Tatil tablosunun 1. sürümüyle" in page


def test_bilgi_islem_corrects_and_sees_no_case_and_departments_only_read(cast: Cast) -> None:
    with on("2027-03-01"):
        complaint = information_request(to=cast.fen)
        other = information_request(to=cast.park)
    given = {"day": "2027-03-16", "kind": "HOLIDAY", "name": "Deneme Bayramı", "source": GAZETTE}
    assert signed_in(cast.fen_clerk).post(f"{PAGE}new/", given).status_code in (403, 404)
    with system():
        assert not HolidayCorrection.objects.exists()
    with on("2027-03-04"):
        kept = signed_in(cast.administrator).post(f"{PAGE}new/", given, follow=True)
    assert "2 açık başvuru" in kept.content.decode()
    assert complaint.reference not in kept.content.decode()
    with system():
        row = HolidayCorrection.objects.get()
        assert sorted(row.recomputed) == sorted(Complaint.objects.values_list("pk", flat=True))
    theirs = signed_in(cast.fen_clerk).get(f"{PAGE}{row.key}/change/").content.decode()
    assert complaint.reference in theirs
    assert other.reference not in theirs
