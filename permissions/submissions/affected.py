"""Open cases that affect others too, for portals: what is shown of them, and who joins and leaves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint
from backend.contacts.models import PrivacyNotice
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.organization.models import Category, User
from backend.submissions import affected, proofs
from backend.submissions.models import AffectedPerson
from backend.submissions.proofs import Holder
from permissions.complaints.public import PublicStatus, standing_of
from permissions.portals.public_lists import neighbourhood_with
from permissions.similarity import finding
from permissions.stickers.public import sticker_with

MOST = 50


@dataclass(frozen=True)
class OpenCase:
    """An open case as anybody at its place may know it. `ticket`: what it is named by for a day."""

    ticket: str
    about: str
    registered_on: dt.date
    status: PublicStatus
    affected: int
    metres: int | None


@dataclass(frozen=True)
class Joined:
    """A case of another that affects the holder of a session too. `token`: by which they leave it."""

    token: str
    about: str
    joined_at: dt.datetime
    status: PublicStatus
    is_open: bool


def open_at(
    *,
    category: str,
    place: str = "",
    neighbourhood: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    place_code: str = "",
) -> list[OpenCase]:
    """The open cases of a category at a place that anybody may know of, by public codes, the likeliest first: at most
    five. INVALID for a code that is none."""
    with system():
        about = Category.objects.filter(code=category, is_active=True).first()
        if about is None:
            message = _("There is no such category. Choose one of the list of categories.")
            raise DomainError(ErrorCode.INVALID, message, "category")
        if not about.others_may_join:
            return []
        matter = finding.Matter(
            category=about,
            place=place,
            neighbourhood=neighbourhood_with(neighbourhood),
            latitude=latitude,
            longitude=longitude,
            sticker=sticker_with(place_code),
        )
        return [
            OpenCase(
                affected.ticket_of(row),
                about.name,
                row.registered_on,
                standing_of(row, is_held=False),
                row.affected,
                one.metres,
            )
            for one in finding.joinable(matter, affected.joinable())
            for row in (one.complaint,)
        ]


def join(ticket: str, session: str, *, by: User, privacy_notice: PrivacyNotice) -> Joined:
    """`affected.join`, for the holder of a session."""
    with system():
        holder = proofs.holder_of(session, by=by).holder
        row = affected.join(ticket, holder, by=by, privacy_notice=privacy_notice)
        return _shown(_with_cases().get(pk=row.pk))


def leave(key: str, session: str, *, by: User) -> None:
    """`affected.leave`, for the holder of a session."""
    with system():
        affected.leave(key, proofs.holder_of(session, by=by).holder)


def of_holder(holder: Holder) -> list[Joined]:
    """What affects the holder of a session too, the newest first; under the role of the house."""
    theirs = affected.of_holder(holder).values("pk")
    rows = _with_cases().filter(pk__in=theirs).order_by("-joined_at", "-pk")[:MOST]
    return [_shown(row) for row in rows]


def _with_cases() -> QuerySet[Any]:
    return AffectedPerson.objects.select_related("complaint__category").annotate(is_held=affected.IS_HELD)


def _shown(row: Any) -> Joined:
    case: Complaint = row.complaint
    return Joined(
        str(row.key),
        case.category.name if case.category else "",
        row.joined_at,
        standing_of(case, row.is_held),
        case.is_open,
    )
