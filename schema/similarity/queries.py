"""What may be the same matter as a case, or as one that is being recorded."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, cast

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint as Row
from backend.organization import models as organization
from backend.places.bounds import checked_point
from permissions.core import scope
from permissions.similarity import finding
from schema.complaints.types import Complaint
from schema.core.computed import Computed, computed, row
from schema.core.nodes import load, must_load
from schema.core.scalars import at_most, values
from schema.core.verbs import optional

LONGEST = {"subject": 200, "body": 20_000, "place": 300}


@strawberry.type(description="A case that may be about the same matter (benzer başvuru), and why.")
class SimilarComplaint(Computed):
    complaint: Complaint | None = row(
        Row, "The case; of linked ones and of duplicates the first. Null if it left the viewer's sight."
    )
    via: Complaint | None = row(Row, "The case of that matter that is alike, where that is another one.")
    score: float = strawberry.field(description="How much speaks for it, from 0 to 1.")
    distance: int | None = strawberry.field(description="Metres between the points; null without two.")
    days: int = strawberry.field(description="Days by which it came earlier; negative: later.")
    place_similarity: float = strawberry.field(
        description="Share of pieces of three letters that both addresses have, from 0 to 1."
    )
    text_similarity: float = strawberry.field(
        description="Share of pieces of three letters that both texts have, from 0 to 1."
    )
    is_near: bool = strawberry.field(description="It lies within the radius of its category.")
    is_same_category: bool = strawberry.field(description="It is of the same category.")
    is_same_address: bool = strawberry.field(
        description="It has the same street and number, in any spelling."
    )
    is_same_street: bool = strawberry.field(description="It is in the same street.")
    reasons: list[str] = strawberry.field(description="The reasons in words, in the viewer's language.")


def _values(one: finding.Similar) -> dict[str, Any]:
    return {
        "complaint": one.complaint.pk,
        "via": one.via.pk if one.via else None,
        "score": round(one.score, 3),
        "distance": one.metres,
        "days": one.days,
        "place_similarity": round(one.place_alike, 3),
        "text_similarity": round(one.words_alike, 3),
        "is_near": one.is_near,
        "is_same_category": one.is_same_category,
        "is_same_address": one.is_same_address,
        "is_same_street": one.is_same_street,
        "reasons": one.reasons,
    }


@strawberry.input(description="A matter that is being recorded, as far as it is known.")
class SimilarTo:
    subject: str | None = optional("What it is about, in a line.")
    body: str | None = optional("The words of the complaint.")
    place: str | None = optional("The street part of the address.")
    category: strawberry.ID | None = optional("Its category.")
    neighbourhood: strawberry.ID | None = optional("Its neighbourhood.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")


@strawberry.type
class SimilarityQueries:
    @strawberry.field(
        description="Cases that may be about the same matter, the likeliest first, at most five, as far as the viewer"
        " sees them: near, in the same street, or written alike. What was set apart"
        " (`complaintSetApart`) is left out. Link one with `complaintLink`, or end one with `complaintMarkDuplicate`."
    )
    def similar_complaints(
        self,
        info: strawberry.Info,
        of: Annotated[
            strawberry.ID | None, strawberry.argument(description="A recorded case; or else `to`.")
        ] = None,
        to: Annotated[SimilarTo | None, strawberry.argument(description="What is being recorded.")] = None,
    ) -> list[SimilarComplaint] | None:
        scope.require_viewer()
        known = {each.name: getattr(to, each.name) for each in fields(to)} if to and of is None else {}
        return cast("list[SimilarComplaint]", computed(info, SimilarComplaint, _similar, of=of, **known))


def _similar(of: str | None, **known: Any) -> list[dict[str, Any]]:
    found = (
        finding.similar_to(must_load(Row, of, "of")) if of else finding.similar(_matter(SimilarTo(**known)))
    )
    return [_values(one) for one in found]


def _matter(asked: SimilarTo) -> finding.Matter:
    known = {name: value for name, value in values(asked).items() if value is not None}
    for name, length in LONGEST.items():
        at_most(known.get(name, ""), length, name, _("This text is too long."))
    edges = {"category": organization.Category, "neighbourhood": organization.Neighbourhood}
    for name, model in edges.items():
        if name in known:
            known[name] = load(model, known[name], name)
    checked_point(known.get("latitude"), known.get("longitude"))
    return finding.Matter(**known)
