"""Points, lines and polygons in degrees (WGS 84), small enough that the earth is flat: pure functions.

A point is (longitude, latitude), as GeoJSON writes it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

type Point = Sequence[float]
type Line = Sequence[Point]
type Ring = Sequence[Point]
type Polygon = Sequence[Ring]
"""The outer ring, then its holes."""

METRES_A_DEGREE = 111_320.0
"""Of latitude; a degree of longitude is shorter by the cosine."""


class Box(NamedTuple):
    """The smallest rectangle around something, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


def box_of(points: Iterable[Point]) -> Box:
    """Return the box around at least one point."""
    longitudes, latitudes = zip(*((point[0], point[1]) for point in points), strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def flat(point: Point, origin: Point) -> tuple[float, float]:
    """Return metres east and north of `origin`."""
    east = (point[0] - origin[0]) * METRES_A_DEGREE * math.cos(math.radians(origin[1]))
    return east, (point[1] - origin[1]) * METRES_A_DEGREE


def metres(one: Point, other: Point) -> float:
    """Return the distance of two points of one district."""
    return math.hypot(*flat(other, one))


def metres_to_line(point: Point, line: Line) -> float:
    """Return the distance of a point to the nearest place of a line; infinity to an empty one."""
    flattened = [flat(each, point) for each in line]
    if len(flattened) == 1:
        return math.hypot(*flattened[0])
    pairs = itertools.pairwise(flattened)
    return min((_to_segment(start, end) for start, end in pairs), default=math.inf)


def _to_segment(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the distance of the origin to the segment."""
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    share = -(start[0] * along[0] + start[1] * along[1]) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(start[0] + share * along[0], start[1] + share * along[1])


def middle(line: Line) -> tuple[float, float]:
    """Return the place half way along a line of at least one point."""
    return at_share(line, 0.5)


def at_share(line: Line, share: float) -> tuple[float, float]:
    """Return the place at a share (0 to 1) of the way along a line of at least one point."""
    steps = [metres(one, other) for one, other in itertools.pairwise(line)]
    wanted = sum(steps) * share
    for step, one, other in zip(steps, line, line[1:], strict=False):
        if wanted <= step and step:
            part = wanted / step
            return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part
        wanted -= step
    return line[-1][0], line[-1][1]


def inside(point: Point, polygon: Polygon) -> bool:
    """Tell whether a point lies in a polygon, holes left out: rays are counted, and an edge is inside or not."""
    return (
        bool(polygon)
        and _in_ring(point, polygon[0])
        and not any(_in_ring(point, hole) for hole in polygon[1:])
    )


def _in_ring(point: Point, ring: Ring) -> bool:
    is_inside = False
    for (x1, y1, *_a), (x2, y2, *_b) in itertools.pairwise(ring):
        crosses = (y1 > point[1]) != (y2 > point[1])
        if crosses and point[0] < (x2 - x1) * (point[1] - y1) / (y2 - y1) + x1:
            is_inside = not is_inside
    return is_inside


def area(ring: Ring) -> float:
    """Return the signed area of a ring in square metres: positive where it runs against the clock."""
    if not ring:
        return 0.0
    flattened = [flat(each, ring[0]) for each in ring]
    pairs = itertools.pairwise(flattened)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2
