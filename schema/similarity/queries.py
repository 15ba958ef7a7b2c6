"""What may be the same matter as a case, or as one that is being recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry_django.optimizer import optimize

from backend.complaints.actions.registering import checked_point
from backend.complaints.models import Complaint as Row
from backend.organization import models as organization
from permissions.core import scope
from permissions.similarity import finding
from schema.complaints.types import Complaint
from schema.core.nodes import load, must_load, rows_of
from schema.core.scalars import at_most, values
from schema.core.verbs import optional

LONGEST = {"subject": 200, "body": 20_000, "place": 300}


@dataclass
class Rows:
    """The found cases with what was selected of them: one statement for each place in the query."""

    keys: Sequence[int]
    by_place: dict[tuple[str, ...], dict[int, Row]] = field(default_factory=dict)

    def get(self, key: int, info: strawberry.Info) -> Complaint | None:
        place = tuple(part for part in info.path.as_list() if isinstance(part, str))
        if place not in self.by_place:
            rows: Any = optimize(rows_of(Row).filter(pk__in=self.keys), info)
            self.by_place[place] = {row.pk: row for row in rows}
        return cast("Complaint | None", self.by_place[place].get(key))


@strawberry.type(description="A case that may be about the same matter (benzer başvuru), and why.")
class SimilarComplaint:
    found: strawberry.Private[finding.Similar]
    rows: strawberry.Private[Rows]

    @strawberry.field(
        description="The case; of linked ones and of duplicates the first. Null if it left the viewer's sight."
    )
    def complaint(self, info: strawberry.Info) -> Complaint | None:
        return self.rows.get(self.found.complaint.pk, info)

    @strawberry.field(description="The case of that matter that is alike, where that is another one.")
    def via(self, info: strawberry.Info) -> Complaint | None:
        return self.rows.get(self.found.via.pk, info) if self.found.via else None

    @strawberry.field(description="How much speaks for it, from 0 to 1.")
    def score(self) -> float:
        return round(self.found.score, 3)

    @strawberry.field(description="Metres between the points; null without two.")
    def distance(self) -> int | None:
        return self.found.metres

    @strawberry.field(description="Days by which it came earlier; negative: later.")
    def days(self) -> int:
        return self.found.days

    @strawberry.field(description="Share of pieces of three letters that both addresses have, from 0 to 1.")
    def place_similarity(self) -> float:
        return round(self.found.place_alike, 3)

    @strawberry.field(description="Share of pieces of three letters that both texts have, from 0 to 1.")
    def text_similarity(self) -> float:
        return round(self.found.words_alike, 3)

    @strawberry.field(description="It lies within the radius of its category.")
    def is_near(self) -> bool:
        return self.found.is_near

    @strawberry.field(description="It is of the same category.")
    def is_same_category(self) -> bool:
        return self.found.is_same_category

    @strawberry.field(description="It has the same street and number, in any spelling.")
    def is_same_address(self) -> bool:
        return self.found.is_same_address

    @strawberry.field(description="It is in the same street.")
    def is_same_street(self) -> bool:
        return self.found.is_same_street

    @strawberry.field(description="The reasons in words, in the viewer's language.")
    def reasons(self) -> list[str]:
        return self.found.reasons


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
        of: Annotated[
            strawberry.ID | None, strawberry.argument(description="A recorded case; or else `to`.")
        ] = None,
        to: Annotated[SimilarTo | None, strawberry.argument(description="What is being recorded.")] = None,
    ) -> list[SimilarComplaint] | None:
        scope.require_viewer()
        if of is not None:
            found = finding.similar_to(must_load(Row, of, "of"))
        else:
            found = finding.similar(_matter(to or SimilarTo()))
        rows = Rows(
            [key for one in found for key in (one.complaint.pk, one.via.pk if one.via else None) if key]
        )
        return [SimilarComplaint(found=one, rows=rows) for one in found]


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
