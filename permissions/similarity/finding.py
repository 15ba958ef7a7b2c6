"""What may be the same matter as a case, or as one that is being recorded: ranked, with the reasons in words.

One function for the intake, the page of a case, the incoming desk and the citizen's door. It knows no case that the
asker may not see, and neither its place nor its number makes another one be missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.complaints.models import Complaint
from backend.core.session import prepared
from backend.organization.models import Category, Neighbourhood
from backend.places.choices import APPROXIMATE
from backend.similarity.statement import COLUMNS, PARAMETERS, PIECES
from backend.stickers.models import Sticker
from permissions.core import scope

MOST = 5
RADIUS = 60
"""Metres, for what has no category yet."""
A_DAY = dt.timedelta(days=1)
_ASKED = ", ".join(f"${number}::{kind}" for number, (_name, kind) in enumerate(PARAMETERS, 1))
_STATEMENT = f"SELECT {', '.join(name for name, _kind in COLUMNS)} FROM app.similar_complaints({_ASKED})"  # noqa: S608 - constants


class _Found(NamedTuple):
    """A row of the function (`COLUMNS`)."""

    matter: int
    via: int
    metres: float | None
    days: float
    place_alike: float | None
    words_alike: float | None
    is_same_category: bool
    is_near: bool
    is_same_street: bool
    is_same_address: bool
    is_same_sticker: bool
    score: float | None


@dataclass(frozen=True)
class Matter:
    """What a case is about and where, as far as it is known: of one that is recorded, or is being recorded."""

    category: Category | None = None
    subject: str = ""
    body: str = ""
    place: str = ""
    neighbourhood: Neighbourhood | None = None
    latitude: float | None = None
    longitude: float | None = None
    sticker: Sticker | None = None


@dataclass(frozen=True)
class Similar:
    """A case that may be about the same matter, the reasons, and how much speaks for it (0 to 1).

    `via`: the case that is alike, where that is another one of the same matter.
    """

    complaint: Complaint
    via: Complaint | None
    metres: int | None
    days: int
    place_alike: float
    words_alike: float
    is_same_category: bool
    is_near: bool
    is_same_street: bool
    is_same_address: bool
    is_same_sticker: bool
    score: float

    @property
    def reasons(self) -> list[str]:
        """Why, in words: “35 m”, “2 days earlier”, “same category”."""
        return list(self._reasons())

    @property
    def why(self) -> str:
        """The reasons in a line."""
        return ", ".join(self.reasons)

    def _reasons(self) -> Iterator[str]:
        if self.metres is not None:
            yield _("%(metres)s m away") % {"metres": self.metres}
        if self.is_same_sticker:
            yield _("same place with a QR code")
        elif self.is_same_address:
            yield _("same address")
        elif self.is_same_street:
            yield _("same street")
        yield _apart(self.days)
        if self.is_same_category:
            yield _("same category")
        if self.words_alike >= PIECES:
            yield _("similar words")
        if self.complaint.closed_at is not None:
            yield _("has ended")


def _apart(days: int) -> str:
    if days == 0:
        return _("on the same day")
    count = abs(days)
    if days > 0:
        return ngettext("%(count)s day earlier", "%(count)s days earlier", count) % {"count": count}
    return ngettext("%(count)s day later", "%(count)s days later", count) % {"count": count}


def similar_to(complaint: Complaint, most: int = MOST) -> list[Similar]:
    """Return the visible cases that may be the same matter as this one, the likeliest first.

    What is linked with it or was set apart is not among them. Three statements.
    """
    is_exact = complaint.point_source not in APPROXIMATE
    matter = Matter(
        category=complaint.category,
        subject=complaint.subject,
        body=complaint.body,
        place=complaint.place,
        neighbourhood=complaint.neighbourhood,
        latitude=complaint.latitude if is_exact else None,
        longitude=complaint.longitude if is_exact else None,
        sticker=complaint.sticker,
    )
    return _found(matter, complaint, most=most)


def similar(matter: Matter, most: int = MOST) -> list[Similar]:
    """Return the visible cases that may be what is being recorded, the likeliest first."""
    return _found(matter, None, most=most)


def joinable(matter: Matter, known: QuerySet[Complaint], most: int = MOST) -> list[Similar]:
    """Return the open cases of this category in the same street, at this address, sticker or point, of those that
    anybody may know of (`known`). Runs under the role of the house."""
    return _found(matter, None, known=known, most=most)


def _found(
    matter: Matter, of: Complaint | None, *, most: int, known: QuerySet[Complaint] | None = None
) -> list[Similar]:
    now = timezone.now()
    asked = {
        "self": of and of.pk,
        "own": of and (of.linked_to_id or of.pk),
        "apart": of.apart_from if of else [],
        "since": of.registered_at if of else now,
        "until": now + A_DAY,
        "latitude": matter.latitude,
        "longitude": matter.longitude,
        "radius": matter.category.radius if matter.category else RADIUS,
        "category": matter.category and matter.category.pk,
        "neighbourhood": matter.neighbourhood and matter.neighbourhood.pk,
        "sticker": matter.sticker and matter.sticker.pk,
        "subject": matter.subject,
        "body": matter.body,
        "place": matter.place,
        "joinable": known is not None,
        "most": most,
    }
    with prepared(_STATEMENT, [asked[name] for name, _kind in PARAMETERS]) as cursor:
        found = [_Found(*row) for row in cursor.fetchall()]
    keys = {key for row in found for key in (row.matter, row.via)}
    # Once more by the rule: the function of the database is the other wall.
    rows = scope.visible(Complaint) if known is None else known
    cases = rows.select_related("category", "responsible_department").in_bulk(keys) if keys else {}
    return [_shown(row, cases) for row in found if row.matter in cases]


def _shown(row: _Found, cases: Mapping[int, Complaint]) -> Similar:
    return Similar(
        complaint=cases[row.matter],
        via=cases.get(row.via) if row.via != row.matter else None,
        metres=None if row.metres is None else round(row.metres),
        days=round(row.days),
        place_alike=row.place_alike or 0.0,
        words_alike=row.words_alike or 0.0,
        is_same_category=row.is_same_category,
        is_near=row.is_near,
        is_same_street=row.is_same_street,
        is_same_address=row.is_same_address,
        is_same_sticker=row.is_same_sticker,
        score=row.score or 0.0,
    )


@dataclass(frozen=True)
class Cluster:
    """Linked cases, which are one matter: all are answered with the reply of the one that leads."""

    leader: Complaint
    members: list[Complaint]
    """As far as the viewer sees them, the leader first."""


def matter_of(complaint: Complaint) -> Cluster | None:
    """Return the matter of a case that is linked or that others are linked to; None for one that stands alone, also
    where the viewer does not see the case that leads."""
    leader_id = complaint.linked_to_id or complaint.pk
    rows = scope.visible(Complaint).filter(Q(pk=leader_id) | Q(linked_to=leader_id))
    members = sorted(
        rows.select_related("responsible_department"), key=lambda row: (row.pk != leader_id, row.pk)
    )
    if len(members) < 2 or members[0].pk != leader_id:
        return None
    return Cluster(members[0], members)
