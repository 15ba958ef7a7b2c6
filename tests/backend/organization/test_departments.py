"""The organisation changes: a new name, a unit that closes, somebody who acts, a day of leave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time

from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization import actions
from backend.organization.models import CategoryCandidate, Department, Section
from tests.backend.stories import code, refusal
from tests.cast import Cast
from tests.factories import make_body, make_category, make_complaint, refetch

ISO = dt.date.fromisoformat


def in_charge(department: Department) -> None:
    with system():
        for name in ("a", "b"):
            CategoryCandidate.objects.create(category=make_category(name, name), department=department)
        Section.objects.create(department=department, code=f"{department.code}-x", name="Şeflik")
        body = make_body()
        body.liaison = department
        body.save()


def test_case_15_a_renamed_department_keeps_its_old_name_for_what_was_written_under_it(cast: Cast) -> None:
    with freeze_time("2025-11-03T09:00:00Z"):
        complaint = make_complaint(to=cast.fen)
    in_charge(cast.fen)
    with freeze_time("2026-03-02T09:00:00Z"), system():
        fresh = actions.rename(
            cast.fen, by=cast.administrator, name="Yapı ve Altyapı İşleri Müdürlüğü", on=ISO("2026-03-01")
        )
    old = refetch(cast.fen)
    assert refetch(complaint).responsible_department.name == "Fen İşleri Müdürlüğü"
    assert (old.valid_to, old.successor_id) == (ISO("2026-02-28"), fresh.pk)
    assert old.current(ISO("2026-02-28")) == old
    assert old.current(ISO("2026-03-01")) == fresh
    assert (fresh.code, fresh.head_id, fresh.deputy_mayor_id) == (
        "yapi-ve-altyapi-isleri-mudurlugu-20260301",
        cast.fen_head.pk,
        cast.deputy_mayor.pk,
    )
    with system():
        assert CategoryCandidate.objects.filter(department=fresh).count() == 2
        assert Section.objects.get().department_id == fresh.pk
        assert AuditLog.objects.filter(verb="department_renamed").get().actor_id == cast.administrator.pk


def test_the_private_office_can_be_renamed_and_there_is_still_one(cast: Cast) -> None:
    with system():
        fresh = actions.rename(
            cast.office, by=None, name="Başkanlık Özel Kalem Müdürlüğü", on=ISO("2026-03-01")
        )
        assert list(Department.objects.open(ISO("2026-11-25")).filter(is_private_office=True)) == [fresh]


def test_a_closed_department_hands_its_categories_to_its_successor_without_doubling_them(cast: Cast) -> None:
    in_charge(cast.fen)
    with system():
        CategoryCandidate.objects.create(category=make_category("a"), department=cast.park)
        actions.close_into(cast.fen, by=None, successor=cast.park, last_day=ISO("2026-02-28"))
        found = CategoryCandidate.objects.values_list("category__code", "department__code")
    assert sorted(found) == [("a", "park-ve-bahceler"), ("b", "park-ve-bahceler")]
    assert refetch(make_body()).liaison_id == cast.park.pk


@pytest.mark.parametrize(
    ("successor", "last_day", "field"),
    [
        ("park", "2999-01-01", "last_day"),
        ("park", "2019-12-31", "last_day"),
        ("fen", "2026-02-28", "successor"),
    ],
)
def test_a_department_closes_in_the_past_after_its_beginning_and_into_another(
    successor: str, last_day: str, field: str, cast: Cast
) -> None:
    params: dict[str, Any] = {"successor": getattr(cast, successor), "last_day": ISO(last_day)}
    found = refusal(lambda: actions.close_into(cast.fen, by=None, **params))
    assert (found.code, found.field) == (ErrorCode.INVALID, field)


def test_departments_do_not_succeed_each_other_in_a_circle_or_close_twice(cast: Cast) -> None:
    with system():
        actions.close_into(cast.fen, by=None, successor=cast.park, last_day=ISO("2026-02-28"))
    park, fen = refetch(cast.park), refetch(cast.fen)
    assert (
        code(lambda: actions.close_into(park, by=None, successor=fen, last_day=ISO("2026-03-31")))
        is ErrorCode.INVALID
    )
    assert (
        code(lambda: actions.close_into(fen, by=None, successor=park, last_day=ISO("2026-03-31")))
        is ErrorCode.WRONG_STATE
    )


def test_somebody_acts_from_a_day_to_a_day_and_the_journal_knows(cast: Cast) -> None:
    with system():
        actions.appoint_acting_head(
            cast.fen,
            by=cast.office_head,
            acting=cast.park_head,
            from_=ISO("2026-12-01"),
            until=ISO("2026-12-10"),
        )
        note = AuditLog.objects.get(verb="acting_head_appointed").note
    fen = refetch(cast.fen)
    leaders = [fen.head_on(ISO(day)) for day in ("2026-11-30", "2026-12-01", "2026-12-10", "2026-12-11")]
    assert leaders == [cast.fen_head, cast.park_head, cast.park_head, cast.fen_head]
    assert "01.12.2026–10.12.2026" in note


@pytest.mark.parametrize(
    ("until", "expected"), [(None, ErrorCode.REQUIRED), ("2026-11-30", ErrorCode.INVALID)]
)
def test_acting_has_an_end_after_its_beginning(until: str | None, expected: ErrorCode, cast: Cast) -> None:
    end = ISO(until) if until else None
    found = code(
        lambda: actions.appoint_acting_head(
            cast.fen, by=None, acting=cast.park_head, from_=ISO("2026-12-01"), until=end
        )
    )
    assert found is expected
