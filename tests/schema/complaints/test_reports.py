"""Reports through GraphQL: the figures of the page, of what the asker sees, at their price."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints.models import Complaint
from backend.complaints.reporting import keeping
from backend.complaints.reporting.jobs import keep_figures
from backend.core.localtime import today
from backend.core.session import system
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_category, make_complaint, make_neighbourhood
from tests.schema.client import errors_of

PART = (
    "{ id name code received closed solved countable solvedShare open late medianWorkingDays contributing }"
)
REPORT = f"""
query ($from: Date, $to: Date, $filter: ComplaintFilter) {{ complaintReport(from: $from, to: $to, filter: $filter) {{
  coversFrom coversTo countedOn formula total {PART} byDepartment {PART} byCategory {PART} byNeighbourhood {PART}
  byChannel {PART} byRegime {PART} overTime {{ coversFrom coversTo received closed open }} }} }}
"""
DIVISIONS = ("byDepartment", "byCategory", "byNeighbourhood", "byChannel", "byRegime")


@pytest.fixture
def cases(cast: Cast) -> list[Complaint]:
    """Three of Fen, one of them late, one of Park with Fen beside it, one of nobody yet."""
    place = {"category": make_category("isik", "Işık"), "neighbourhood": make_neighbourhood()}
    made = [
        make_complaint(to=cast.fen, by=cast.secretary, **place),
        make_complaint(to=cast.fen, by=cast.secretary),
        make_complaint(to=cast.fen, by=cast.secretary, channel="WHATSAPP"),
        make_complaint(to=cast.park, by=cast.secretary, collaborators=(cast.fen,)),
        make_complaint(by=cast.secretary),
    ]
    with system():
        Complaint.objects.filter(pk=made[0].pk).update(target_on=today() - dt.timedelta(days=1))
        Complaint.objects.filter(pk=made[1].pk).update(
            status="CLOSED",
            outcome="SOLVED",
            replied_at=made[1].registered_at,
            closed_at=made[1].registered_at,
        )
    return made


def test_the_report_says_what_the_page_says(ask: Any, cast: Cast, cases: list[Complaint]) -> None:
    found = ask.secretary.data(REPORT)["complaintReport"]
    total = found["total"]
    assert (total["received"], total["closed"], total["open"], total["late"]) == (5, 1, 4, 1)
    assert (total["solved"], total["countable"], total["solvedShare"]) == (1, 1, 1.0)
    assert found["countedOn"] == today().isoformat()
    assert found["formula"].startswith("Çözülen (1) ÷ [kapanan (1)")
    for division in DIVISIONS:
        for figure in ("received", "closed", "open", "late"):
            assert sum(part[figure] for part in found[division]) == total[figure]
    fen, park, none = found["byDepartment"]
    assert (fen["id"], fen["received"], fen["contributing"]) == (global_id(cast.fen), 3, 1)
    assert (park["name"], none["id"], none["name"]) == ("Park ve Bahçeler", None, "")
    assert [part["code"] for part in found["byChannel"]] == ["PHONE", "WHATSAPP"]
    assert found["overTime"][-1]["open"] == 4


def test_a_department_is_told_of_its_own_cases_alone(ask: Any, cases: list[Complaint]) -> None:
    found = ask.park_clerk.data(REPORT)["complaintReport"]
    assert found["total"]["received"] == 1
    departments = {part["name"]: (part["received"], part["contributing"]) for part in found["byDepartment"]}
    assert departments == {"Fen İşleri": (0, 1), "Park ve Bahçeler": (1, 0)}, (
        "Fen helps in the one that Park has"
    )
    assert ask.outsider.data(REPORT)["complaintReport"]["total"]["received"] == 0


def test_it_is_narrowed_by_period_and_filter(ask: Any, cast: Cast, cases: list[Complaint]) -> None:
    def received(**given: Any) -> int:
        return ask.secretary.data(REPORT, **given)["complaintReport"]["total"]["received"]

    assert received(**{"from": "2020-01-01", "to": "2020-12-31"}) == 0
    assert received(**{"from": today().isoformat()}) == 5
    assert received(filter={"responsibleDepartment": global_id(cast.park)}) == 1
    assert received(filter={"channel": ["WHATSAPP"]}) == 1


def test_what_cannot_be_is_refused_with_its_field(ask: Any) -> None:
    wrong = ask.secretary.answer(REPORT, **{"from": "2026-02-02", "to": "2026-01-01"})
    assert errors_of(wrong) == ["INVALID"]
    assert "Bitiş günü" in wrong["errors"][0]["message"]
    for year in (0, -1, 99999, 2**31 - 1):
        assert errors_of(ask.secretary.answer(f"{{ informationReport(year: {year}) {{ received }} }}")) == [
            "INVALID"
        ]
    for day in ("0001-01-01", "9999-12-31"):
        answer = ask.secretary.answer(REPORT, **{"from": day, "to": day})
        assert errors_of(answer) == ["INVALID"]
    assert errors_of(ask.nobody.answer(REPORT)) == ["UNAUTHENTICATED"]


def test_the_statements_do_not_grow_with_the_rows(
    ask: Any, cast: Cast, cases: list[Complaint], settings: Any
) -> None:
    def count() -> int:
        ask.secretary.data(REPORT)
        with CaptureQueriesContext(connection) as captured:
            ask.secretary.data(REPORT)
        return len(captured)

    few = count()
    for n in range(4):
        make_complaint(to=cast.cleaning, category=make_category(f"k{n}", f"Konu {n}"))
    assert count() == few


def test_where_sums_are_waited_for_it_says_so_and_the_questions_beside_it_are_answered(
    ask: Any, cases: list[Complaint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_CHANGES", 1)
    assert ask.secretary.data(REPORT)["complaintReport"]["total"]["received"] == 5, "counted one by one"
    monkeypatch.setattr(keeping, "MOST_COUNTED", 2)
    answer = ask.secretary.answer("{ __typename complaintReport { total { open } } }")
    assert errors_of(answer) == ["TIMEOUT"]
    assert answer["data"] == {"__typename": "Query", "complaintReport": None}
    keep_figures()
    assert ask.secretary.data(REPORT)["complaintReport"]["total"]["received"] == 5


def test_reports_are_dear(ask: Any) -> None:
    def reports(count: int) -> str:
        return "{ " + " ".join(f"a{n}: complaintReport {{ total {{ open }} }}" for n in range(count)) + " }"

    assert errors_of(ask.secretary.answer(reports(9))) == []
    assert errors_of(ask.secretary.answer(reports(10))) == ["OVER_LIMIT"]


def test_the_yearly_figures_on_information(ask: Any, cast: Cast) -> None:
    make_complaint(to=cast.fen, by=cast.secretary, kind="INFORMATION_REQUEST", channel="WEB")
    query = f"{{ informationReport(year: {today().year}) {{ year dueOn received given refused waiting }} }}"
    assert ask.secretary.data(query)["informationReport"] == {
        "year": today().year,
        "dueOn": (dt.date(today().year + 1, 3, 1) - dt.timedelta(days=1)).isoformat(),
        "received": 1,
        "given": 0,
        "refused": 0,
        "waiting": 1,
    }
    assert ask.park_clerk.data(query)["informationReport"]["received"] == 0
