"""The fixed grid in which cases are counted: cells of 1/n degree whose edges never depend on who asks for which part.

n follows from the zoom of the map alone, so that a cell is 91 points of the screen wide at every zoom, and doubles with
it: a cell is four of the next zoom. A part of the map is therefore always a whole number of cells, and two overlapping
parts say the same of the cells they share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.symbolic import symbolic

LEAST_ZOOM, MOST_ZOOM = 8, 19
MOST_ACROSS = 96
"""So many cells are asked for along one side; a screen of 4,000 points has 44."""
KEPT_ZOOM = 15
"""Up to this zoom the numbers of all cases are kept (`models.KeptCell`)."""
PUBLISHED = 200
"""Cells a degree of what is published: about 420 by 560 m in İstanbul."""


@dataclass(frozen=True)
class Area:
    """Whole cells: `west` and `south` are the first of them, `east` and `north` the first behind them."""

    west: int
    south: int
    east: int
    north: int


def scale(zoom: int) -> int:
    """Return how many cells a degree has at a zoom. INVALID outside 8 to 19."""
    if not LEAST_ZOOM <= zoom <= MOST_ZOOM:
        message = _("The zoom of the map is a number from %(least)s to %(most)s.")
        values = {"least": LEAST_ZOOM, "most": MOST_ZOOM}
        raise DomainError(ErrorCode.INVALID, message % values, "zoom")
    return 1 << (zoom - LEAST_ZOOM + 1)


@symbolic(int)
def edges(bbox: str, zoom: int) -> tuple[int, int, int, int]:
    """Return the cells that cover “west,south,east,north” in degrees at a zoom, as the fields of `Area`. INVALID."""
    parts = bbox.split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        west = south = east = north = math.nan
    is_box = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not is_box:
        message = _(
            "Write the part of the map as west,south,east,north in degrees, such as 29.1,40.9,29.3,41.1."
        )
        raise DomainError(ErrorCode.INVALID, message, "bbox")
    per_degree = scale(zoom)
    cells = (
        math.floor(west * per_degree),
        math.floor(south * per_degree),
        math.ceil(east * per_degree),
        math.ceil(north * per_degree),
    )
    if max(cells[2] - cells[0], cells[3] - cells[1]) > MOST_ACROSS:
        message = _(
            "This part of the map is too large for its zoom. Ask for a smaller part, or for a smaller zoom."
        )
        raise DomainError(ErrorCode.INVALID, message, "bbox")
    return cells


def area(bbox: str, zoom: int) -> Area:
    """Return the cells that cover a part of the map. INVALID."""
    return Area(*edges(bbox, zoom))
