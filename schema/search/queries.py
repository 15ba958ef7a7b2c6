"""Search across everything: one list of finds over all kinds, each with the row it is."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from permissions import search
from permissions.core import scope
from schema.search.types import Found, SearchHit, SearchKind

PURPOSE = "GraphQL: search"


@strawberry.type
class SearchQueries:
    @strawberry.field(
        description="What the viewer finds by a text, over all kinds of rows, the best fit first, then the newest."
        " Words are found by their beginnings in any spelling of Turkish letters, numbers and telephone numbers however"
        " they are written; where nothing is found, what is written nearly so."
    )
    def search(
        self,
        text: Annotated[str, strawberry.argument(description="What is looked for.")],
        kinds: Annotated[
            list[SearchKind] | None, strawberry.argument(description="Only these kinds.")
        ] = None,
        first: Annotated[
            int, strawberry.argument(description=f"How many at most (up to {search.MOST}).")
        ] = 20,
    ) -> list[SearchHit]:
        scope.require_viewer()
        hits = search.search(text, purpose=PURPOSE, kinds=kinds, first=first)
        values: dict[Any, Found] = {(): Found(hits)}
        return [SearchHit(hit=hit, found=values) for hit in hits]
