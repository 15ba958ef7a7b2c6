"""The register of places with a QR code: readable by all staff, kept by the office; and what a scan may know."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from backend.organization.models import Category, Department, Neighbourhood
from backend.stickers import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from permissions.stickers import public
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned
from schema.core.verbs import action_kwargs, optional, required
from schema.stickers.types import Sticker

BY_LABEL = Keyset("sticker", "label_sort", str)

InUse = Annotated[
    bool | None, strawberry.argument(description="Only those in use (true) or withdrawn (false).")
]
Code = Annotated[str, strawberry.argument(description="What the QR code says, in any spelling.")]


@strawberry.type(description="A place or object that bears a sticker with a QR code.")
class PublicPlace:
    code: str = strawberry.field(description="Its code, for `placeCode` of a submission.")
    label: str = strawberry.field(description="What it is.")
    place: str = strawberry.field(description="Where it stands, without the neighbourhood; may be empty.")
    neighbourhood: str | None = strawberry.field(description="The code of its neighbourhood.")
    neighbourhood_name: str | None = strawberry.field(description="The name of that neighbourhood.")
    category: str | None = strawberry.field(
        description="The code of what reports there are about, one of `publicCategories`."
    )


@strawberry.type
class StickerQueries:
    @connection_field(description="The places with a QR code, by name.")
    def stickers(self, info: strawberry.Info, page: Page, in_use: InUse = None) -> Connection[Sticker]:
        rows = models.Sticker.objects.all()
        rows = rows if in_use is None else rows.filter(is_active=in_use)
        return listed(rows, BY_LABEL, page, info)

    @strawberry.field(
        description="The place of a scanned QR code; null for an unknown code, or where the sticker was withdrawn."
    )
    def public_place(self, code: Code) -> PublicPlace | None:
        row = public.place_of(cleaned(code))
        if row is None:
            return None
        about = row.category if row.category and row.category.is_active else None
        return PublicPlace(
            code=row.code,
            label=row.label,
            place=row.place,
            neighbourhood=row.neighbourhood.code if row.neighbourhood else None,
            neighbourhood_name=row.neighbourhood.name if row.neighbourhood else None,
            category=about.code if about else None,
        )


@strawberry.type(description="The place with a QR code, as it is now.")
class StickerPayload(Payload):
    sticker: Sticker | None = refetched_row(models.Sticker, "The place; null if nothing was done.")


@strawberry.input(
    description="A place with a QR code, new or corrected. What is left out is empty afterwards."
)
class StickerSaveInput:
    id: strawberry.ID | None = optional("The one to correct; nothing for a new one.")
    label: str = required("What it is, as the sticker says it.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    street: str | None = optional("The street.")
    number: str | None = optional("The number in it.")
    description: str | None = optional("Where it stands in words.")
    latitude: float | None = optional("Latitude in degrees (WGS 84).")
    longitude: float | None = optional("Longitude in degrees (WGS 84).")
    category: strawberry.ID | None = optional("What reports there are about.")
    department: strawberry.ID | None = optional("The unit that looks after it.")
    is_active: bool | None = optional("In use; false withdraws it.")


def _save(input: StickerSaveInput) -> dict[str, Any]:
    with scope.elevated_for(models.Sticker, Action.CHANGE) as viewer:
        row = must_load(models.Sticker, input.id, "id") if input.id else None
        models_of = {"neighbourhood": Neighbourhood, "category": Category, "department": Department}
        fields = action_kwargs(input, models_of)
        return {"key": actions.save_sticker(row, by=viewer.user, **fields).key}


@strawberry.type
class StickerMutations:
    @strawberry.mutation(description="Add a place with a QR code, correct or withdraw one: the office.")
    def sticker_save(self, input: StickerSaveInput) -> StickerPayload:
        return run_mutation(StickerPayload, lambda: _save(input))
