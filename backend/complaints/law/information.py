"""What a decision on an application under Law 4982 keeps for the yearly report (m.30): whether parts were taken out, by
what grounds it was refused wholly or in part, and what became of an objection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import ContestResult, RefusalGround
from backend.complaints.law.conditions import ASKS_INFORMATION
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice

if TYPE_CHECKING:
    from backend.complaints.models import Complaint


def is_to_be_given(complaint: Complaint, *, since: dt.date) -> bool:
    """Whether the Board or a court decided on this local day or later that access is to be granted, wholly or in
    part."""
    value = complaint.contest_result in (ContestResult.ACCEPTED, ContestResult.PARTLY)
    return value and complaint.contest_ended_on is not None and complaint.contest_ended_on >= since


def information_requests() -> Q:
    return ASKS_INFORMATION.q


def decision(
    complaint: Complaint, *, grounds: Iterable[str] | None = None, is_partial: bool = False
) -> dict[str, Any]:
    """The columns that say how access was decided. INVALID where no information was asked for; REQUIRED: the ground for
    which parts were taken out."""
    chosen = {choice(RefusalGround, one, "grounds") for one in grounds or ()}
    if not chosen and not is_partial:
        return {}
    require_information(complaint, "is_partial" if is_partial else "grounds")
    if is_partial and not chosen:
        message = _("Choose the ground for which parts were taken out or separated (4982 m.9).")
        raise DomainError(ErrorCode.REQUIRED, message, "grounds")
    return {
        "is_partial": is_partial,
        "refusal_grounds": [one.value for one in RefusalGround if one in chosen],
    }


def require_information(complaint: Complaint, field: str | None = None) -> None:
    """INVALID for a case that does not run under Law 4982."""
    if not complaint.asks_information:
        message = _(
            "Only an application under Law 4982 keeps this. Correct the legal regime, or leave it out."
        )
        raise DomainError(ErrorCode.INVALID, message, field)
