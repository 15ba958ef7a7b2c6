"""Sample applications under Law 4982: grounds of refusal, partial grants, objections with their result."""

from __future__ import annotations

from typing import Any

from backend.complaints import actions
from backend.complaints.choices import ContestedAt, ContestResult, Outcome, RefusalGround
from backend.complaints.law.information import information_requests
from backend.complaints.models import Complaint
from backend.core.localtime import local_date, today
from backend.core.session import system
from backend.organization.models import User

GROUNDS = (
    RefusalGround.PRIVACY,
    RefusalGround.NOT_HELD,
    RefusalGround.INTERNAL_OPINION,
    RefusalGround.TRADE_SECRET,
)
IN_PART = 6
"""One in so many granted requests was granted in part."""


def load_once() -> None:
    """Once: wherever a ground is recorded already, nothing is done."""
    with system():
        cases = Complaint.objects.filter(information_requests(), closed_at__isnull=False).order_by("pk")
        if cases.exclude(refusal_grounds=[]).exists():
            return
        refused = _keys(cases.filter(outcome__in=(Outcome.REJECTED, Outcome.NOT_POSSIBLE)))
        for number, ground in enumerate(GROUNDS):
            some = Complaint.objects.filter(pk__in=refused[number :: len(GROUNDS)])
            some.update(refusal_grounds=[ground])
        value = _keys(cases.filter(outcome__in=(Outcome.SOLVED, Outcome.INFORMED)))
        in_part = Complaint.objects.filter(pk__in=value[::IN_PART])
        in_part.update(is_partial=True, refusal_grounds=[RefusalGround.PRIVACY])
        for key, result in zip(refused, (None, ContestResult.REJECTED, ContestResult.ACCEPTED), strict=False):
            _contest(Complaint.objects.get(pk=key), result)


def _keys(cases: Any) -> list[int]:
    return list(cases.values_list("pk", flat=True))


def _contest(case: Complaint, result: ContestResult | None) -> None:
    decided = case.replied_at or case.closed_at
    actions.record_objection(
        case,
        by=User.objects.filter(username="sekreter").first(),
        contested_on=local_date(decided) if decided else today(),
        contested_at=ContestedAt.BOARD,
        contest_result=result,
        contest_ended_on=today() if result else None,
    )
