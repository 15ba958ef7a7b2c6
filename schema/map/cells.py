"""The map for programs: cells of the cases that the viewer sees, and the cells that are published for everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any, cast

import strawberry

from backend.complaints.models import Complaint as Case
from backend.complaints.reporting.publishing import FEW
from backend.map import tiles
from backend.map.grid import PUBLISHED
from backend.map.tiles import TileKind
from permissions.core import scope
from permissions.map import cells
from schema.complaints.queries import ComplaintFilter, SearchCases, filtered
from schema.complaints.types import Complaint
from schema.core.computed import Computed, computed, row
from schema.core.nodes import must_load
from schema.core.row_sources import ValueRows
from schema.core.scalars import described_enum

MapBackgroundKind = described_enum(
    TileKind, "MapBackgroundKind", "How the squares of a background are asked for."
)
Part = Annotated[
    str,
    strawberry.argument(
        description="The part of the map: west,south,east,north in degrees, such as “29.1,40.9,29.3,41.1”. Answered are"
        " the whole cells that it touches."
    ),
]
Zoom = Annotated[
    int,
    strawberry.argument(
        description="The zoom of the map, 8 to 19, by which the size of the cells goes; a part has at most 96 cells a"
        " side."
    ),
]


@strawberry.type(
    description="A cell of the map with the cases in it that the viewer sees, each counted in one of the four states."
    " Cells lie in a fixed grid, whatever part of it is asked for."
)
class MapCell:
    column: int = strawberry.field(
        description="Its number from west to east; it begins at column ÷ `perDegree`."
    )
    row: int = strawberry.field(description="Its number from south to north; it begins at row ÷ `perDegree`.")
    per_degree: int = strawberry.field(description="How many cells a degree has at this zoom.")
    middle_latitude: float = strawberry.field(description="The mean latitude of its cases.")
    middle_longitude: float = strawberry.field(description="The mean longitude of its cases.")
    total: int = strawberry.field(description="All of them.")
    late: int = strawberry.field(description="Open, not replied, past the target date (tr: geciken).")
    due_today: int = strawberry.field(description="Open, not replied, due today (tr: bugün biten).")
    on_way: int = strawberry.field(description="The other open ones (tr: süreçte).")
    closed: int = strawberry.field(description="Closed (tr: kapanan).")
    urgent: int = strawberry.field(description="Of the open ones, urgent or proposed as that (tr: acil).")


@strawberry.type(description="An open case near another one.")
class NearComplaint(Computed):
    complaint: Complaint | None = row(Case, "The case. Null if it left the viewer's sight.")
    distance: int = strawberry.field(description="Metres between the points.")


@strawberry.type(description="A published cell: from where enough applications came.")
class PublicMapCell:
    south: float = strawberry.field(description="Where it begins in the south, in degrees.")
    west: float = strawberry.field(description="Where it begins in the west.")
    north: float = strawberry.field(description="Where it ends in the north.")
    east: float = strawberry.field(description="Where it ends in the east.")
    received: int = strawberry.field(description="How many applications came from it, rounded down to fives.")


@strawberry.type(
    description="From where applications came in the last twelve whole months, counted anew every night in one grid."
)
class PublicMap:
    begins_on: dt.date | None = strawberry.field(
        description="The first day counted; null while nothing is published."
    )
    ends_on: dt.date | None = strawberry.field(description="The last day counted.")
    smallest: int = strawberry.field(description="Cells with fewer applications are left out.")
    cells: list[PublicMapCell] = strawberry.field(
        description="The cells, the fullest first, at most two thousand."
    )


@strawberry.type(description="The background of maps, asked of its host by each who looks at one.")
class MapBackground:
    kind: MapBackgroundKind = strawberry.field(description="How its squares are asked for.")
    url: str = strawberry.field(description="Its address, with {z}, {x} and {y} where the kind is XYZ.")
    layers: str = strawberry.field(description="The layers of a WMS; otherwise empty.")
    attribution: str = strawberry.field(description="Whose it is: to be shown on the map.")
    origin: str = strawberry.field(description="The host that is asked; empty where it is this one.")


@strawberry.type
class MapQueries:
    @strawberry.field(
        description="The cases that the viewer sees, counted in the cells of a part of the map, the fullest first, at"
        " most a thousand cells. Cases without a point are in none."
    )
    def map_cells(
        self,
        info: strawberry.Info,
        bbox: Part,
        zoom: Zoom,
        search: SearchCases = None,
        filter: Annotated[ComplaintFilter | None, strawberry.argument(description="Of which ones.")] = None,
    ) -> list[MapCell]:
        scope.require_viewer()
        rows = cells.cells(filtered(filter, search), bbox, zoom)
        if info.context.compiling:
            return cast(list[MapCell], ValueRows(rows))
        return [MapCell(**row) for row in rows]

    @strawberry.field(
        description="Open cases within 300 m of a case, the nearest first, at most twenty, as far as the viewer sees"
        " them: what a crew does along the way. None of a case without a point of its own. What may be the same matter"
        " is in `similarComplaints`."
    )
    def near_complaints(
        self,
        info: strawberry.Info,
        of: Annotated[strawberry.ID, strawberry.argument(description="The case.")],
    ) -> list[NearComplaint] | None:
        scope.require_viewer()
        return cast("list[NearComplaint]", computed(info, NearComplaint, _near, of=of))

    @strawberry.field(
        description="From where applications come, for anybody: cells of about 500 m with five of them at least."
    )
    def public_map(self) -> PublicMap:
        rows = cells.published()
        return PublicMap(
            begins_on=rows[0].begins_on if rows else None,
            ends_on=rows[0].ends_on if rows else None,
            smallest=FEW,
            cells=[_public(cell) for cell in rows],
        )

    @strawberry.field(
        description="The background of maps. Null: none is set, and the register's streets and outlines are drawn, from"
        " `/map/ground/`."
    )
    def public_map_background(self) -> MapBackground | None:
        found = tiles.background()
        return MapBackground(**asdict(found)) if found else None


def _near(of: str) -> list[dict[str, int]]:
    found = cells.near(must_load(Case, of, "of"))
    return [{"complaint": one.case.pk, "distance": one.metres} for one in found]


def _public(cell: Any) -> PublicMapCell:
    return PublicMapCell(
        south=cell.row / PUBLISHED,
        west=cell.column / PUBLISHED,
        north=(cell.row + 1) / PUBLISHED,
        east=(cell.column + 1) / PUBLISHED,
        received=cell.received,
    )
