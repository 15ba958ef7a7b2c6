"""The squares in which streets are handed out: those of the usual map of the web at one zoom, about 900 m wide here."""

from __future__ import annotations

import math
from dataclasses import dataclass

ZOOM = 15
_ACROSS = 2**ZOOM


@dataclass(frozen=True)
class Bounds:
    """A rectangle in degrees."""

    west: float
    south: float
    east: float
    north: float


def bounds_of(x: int, y: int) -> Bounds | None:
    """Return the rectangle of a square; None of one that there is not."""
    if not (0 <= x < _ACROSS and 0 <= y < _ACROSS):
        return None
    return Bounds(_longitude(x), _latitude(y + 1), _longitude(x + 1), _latitude(y))


def _longitude(x: int) -> float:
    return x / _ACROSS * 360 - 180


def _latitude(y: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / _ACROSS))))
