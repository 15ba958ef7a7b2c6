"""What is proposed of each case is kept, settled by what it became, counted by month; drift is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.notifications.models import Notification
from backend.triage import jobs, scoring, serving, training
from backend.triage.models import RouterProposal, RouterScore, RouterVersion
from permissions.core import scope
from tests.backend.triage.cases import LAMP, close, texts
from tests.cast import Cast
from tests.factories import make_category, make_complaint


@pytest.fixture(autouse=True)
def _forgotten() -> Any:
    serving.forget()
    yield
    serving.forget()


def test_what_is_proposed_of_new_cases_is_kept_once_and_settled_when_they_end(cast: Cast) -> None:
    close(cast, texts(130))
    assert training.learn()
    case, old = make_complaint(LAMP, body=""), make_complaint(LAMP, body="")
    with system():
        long_ago = timezone.now() - dt.timedelta(days=30)
        Complaint.objects.filter(pk=old.pk).update(registered_at=long_ago)
        Complaint.objects.filter(closed_at__isnull=False).update(registered_at=long_ago)
        kept = jobs.propose_for_new()
        assert (kept, jobs.propose_for_new()) == (1, 0)
        row = RouterProposal.objects.select_related("category", "unit", "router").get()
        assert row.complaint_id == case.pk
        assert row.category is not None
        assert row.unit is not None
        assert row.router is not None
        assert (row.category.code, row.unit.code, row.router.number) == (
            "sokak-aydinlatmasi",
            "fen-isleri",
            1,
        )
        assert scoring.settle() == 0
        Complaint.objects.filter(pk=case.pk).update(
            status=Status.CLOSED,
            closed_at=timezone.now(),
            category=row.category,
            responsible_department=cast.park,
        )
        assert (scoring.settle(), scoring.settle()) == (1, 0)
        row.refresh_from_db()
        assert (row.chosen_category_id, row.chosen_unit_id) == (row.category_id, cast.park.pk)


def test_the_cold_start_proposes_by_the_words_alone(cast: Cast) -> None:
    make_category("sokak-aydinlatmasi", "Sokak aydınlatması", keywords=["direk"])
    make_complaint("Direk yanmıyor", body="")
    make_complaint("Hiçbir söz", body="")
    with system():
        assert jobs.propose_for_new() == 2
        found: Any = RouterProposal.objects.order_by("pk").values_list("category__code", "router")
        assert list(found) == [("sokak-aydinlatmasi", None), (None, None)]


def proposals(cast: Cast, right: int, wrong: int, silent: int = 0, **facts: Any) -> None:
    """Settled proposals: so many that people followed, so many that they changed, so many without one."""
    cases = close(cast, texts(right + wrong + silent, about=["agac-budama"]))
    tree, lamp = make_category("agac-budama"), make_category("sokak-aydinlatmasi")
    with system():
        rows = [
            RouterProposal(
                complaint=case,
                category=None if n >= right + wrong else tree if n < right else lamp,
                settled_at=timezone.now(),
                chosen_category=tree,
                chosen_unit=cast.park,
                **facts,
            )
            for n, case in enumerate(cases)
        ]
        RouterProposal.objects.bulk_create(rows)


def test_the_score_of_a_month_is_published_in_shares_and_not_of_few(cast: Cast) -> None:
    proposals(cast, right=30, wrong=10, silent=15)
    with system():
        assert jobs.score_at_night() == 2
        whole, part = RouterScore.objects.order_by("category__code")[::-1]
        assert (whole.category, whole.cases, whole.spoke_percent) == (None, 50, 73)
        assert (part.cases, part.right_percent, part.changed_percent) == (50, 75, 25)
        RouterProposal.objects.filter(pk__in=RouterProposal.objects.values("pk")[:40]).delete()
        assert scoring.count() == 0
        assert not RouterScore.objects.exists()


def test_a_case_that_was_withdrawn_says_nothing(cast: Cast) -> None:
    cases = close(cast, texts(25), status=Status.WITHDRAWN)
    with system():
        RouterProposal.objects.bulk_create(RouterProposal(complaint=case) for case in cases)
        assert scoring.settle() == 25
        assert not RouterProposal.objects.filter(chosen_unit__isnull=False).exists()
        assert scoring.count() == 0


def test_drift_is_told_to_the_administrators_once(cast: Cast) -> None:
    with system():
        row = RouterVersion.objects.create(
            number=4, cases=400, categories=3, units=3, threshold=70, measured_on=80, right_percent=90,
            status="IN_FORCE", weights=b"x",
        )  # fmt: skip
    proposals(cast, right=45, wrong=4, router=row)
    with system():
        assert not scoring.tell_drift()  # of fewer than fifty nothing is said
    proposals(cast, right=0, wrong=10, router=row)
    with system():
        assert (scoring.tell_drift(), scoring.tell_drift()) == (True, False)
    with scope.session(cast.administrator):
        assert scope.visible(Notification).filter(text="triage/drift").count() == 1
