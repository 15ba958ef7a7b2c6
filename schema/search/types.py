"""Search, as they are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import strawberry
from django.db.models import Model
from strawberry_django.optimizer import optimize

from permissions import search
from schema.core.nodes import Node, rows_of
from schema.core.scalars import described_enum

SearchKind = described_enum(search.Kind, "SearchKind", "What was found.")


SearchField = described_enum(search.Field, "SearchField", "Where it was found.")


@dataclass
class Found:
    """The rows of all finds of an answer, loaded once, with what was selected of them."""

    hits: list[search.Hit]
    rows: dict[search.Kind, dict[int, Model]] = field(default_factory=dict)

    def row(self, hit: search.Hit, info: strawberry.Info) -> Model | None:
        if hit.kind not in self.rows:
            model = search.SOURCES[hit.kind].model
            keys = [one.row for one in self.hits if one.kind == hit.kind]
            result: Any = optimize(rows_of(model).filter(pk__in=keys), info)
            self.rows[hit.kind] = {row.pk: row for row in result}
        return self.rows[hit.kind].get(hit.row)


@strawberry.type(description="Something that was found.")
class SearchHit:
    hit: strawberry.Private[search.Hit]
    found: strawberry.Private[dict[Any, Found]]

    @strawberry.field(description="What it is.")
    def kind(self) -> SearchKind:
        return self.hit.kind

    @strawberry.field(description="Its number, or empty.")
    def reference(self) -> str:
        return self.hit.number

    @strawberry.field(description="Its subject or name.")
    def title(self) -> str:
        return self.hit.title

    @strawberry.field(description="When it came, or when it is.")
    def at(self) -> dt.datetime:
        return self.hit.at

    @strawberry.field(description="Where it was found.")
    def matched(self) -> SearchField:
        return self.hit.matched

    @strawberry.field(description="What stands there, around what was looked for.")
    def excerpt(self) -> str:
        return self.hit.excerpt

    @strawberry.field(description="The row; null if it left the viewer's sight meanwhile.")
    def node(self, info: strawberry.Info) -> Node | None:
        place = tuple(key for key in info.path.as_list() if isinstance(key, str))
        return self.found.setdefault(place, Found(self.found[()].hits)).row(self.hit, info)
