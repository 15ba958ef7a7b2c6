"""What a decision on an application under Law 4982 keeps for the yearly report (m.30): whether parts were taken out, by
what grounds it was refused wholly or in part, and what became of an objection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints.law.deadlines import Matter, Regime
from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice

if TYPE_CHECKING:
    from backend.complaints.models import Complaint


class RefusalGround(models.TextChoices):
    """Why access was refused, wholly or in part: the articles of Law 4982."""

    NOT_HELD = "M7", _("Not held, or would need work of its own (m.7)")
    PUBLISHED = "M8", _("Published already (m.8)")
    NO_REVIEW = "M15", _("Acts outside judicial review (m.15)")
    STATE_SECRET = "M16", _("State secret (m.16)")
    ECONOMY = "M17", _("Economic interests of the country (m.17)")
    INTELLIGENCE = "M18", _("Intelligence (m.18)")
    ADMINISTRATIVE_INQUIRY = "M19", _("Administrative inquiry (m.19)")
    JUDICIAL_INQUIRY = "M20", _("Judicial inquiry and prosecution (m.20)")
    PRIVACY = "M21", _("Private life (m.21)")
    COMMUNICATION = "M22", _("Secrecy of communication (m.22)")
    TRADE_SECRET = "M23", _("Trade secret (m.23)")
    WORKS = "M24", _("Intellectual and artistic works (m.24)")
    INTERNAL_RULES = "M25", _("Internal arrangements of the body (m.25)")
    INTERNAL_OPINION = "M26", _("Internal opinions, notes and advice (m.26)")
    ADVICE = "M27", _("Request for an opinion (m.27)")


class ContestedAt(models.TextChoices):
    """Where the applicant turned (m.13)."""

    BOARD = "BOARD", _("Board of Review of Access to Information (BEDK)")
    COURT = "COURT", _("Administrative court")


class ContestResult(models.TextChoices):
    """What was decided there."""

    ACCEPTED = "ACCEPTED", _("Objection accepted: access is given")
    PARTLY = "PARTLY", _("Objection accepted in part")
    REJECTED = "REJECTED", _("Objection rejected")


def is_to_be_given(complaint: Complaint, *, since: dt.date) -> bool:
    """Whether the Board or a court decided on this local day or later that access is given, wholly or in part."""
    given = complaint.contest_result in (ContestResult.ACCEPTED, ContestResult.PARTLY)
    return given and complaint.contest_ended_on is not None and complaint.contest_ended_on >= since


def information_requests() -> Q:
    """Applications under Law 4982, by whatever way they came: those of CİMER that ask for information too."""
    return Q(regime=Regime.INFORMATION_4982) | Q(regime=Regime.CIMER, matter=Matter.INFORMATION)


def asks_information(complaint: Complaint) -> bool:
    """Whether this case is one of them."""
    is_cimer = complaint.regime == Regime.CIMER and complaint.matter == Matter.INFORMATION
    return complaint.regime == Regime.INFORMATION_4982 or is_cimer


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
    if not asks_information(complaint):
        message = _(
            "Only an application under Law 4982 keeps this. Correct the legal regime, or leave it out."
        )
        raise DomainError(ErrorCode.INVALID, message, field)
