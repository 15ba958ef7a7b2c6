"""Where a point may lie at all."""

from __future__ import annotations

LATITUDES, LONGITUDES = (35.8, 42.2), (25.6, 44.9)
"""Türkiye between its outermost points, in degrees (WGS 84): Beysun (35°51′ N) and İnceburun (42°06′ N), Avlaka Burnu
(25°40′ E) and Dilucu (44°48′ E)."""


def in_country(latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in Türkiye or close by; nothing that is no number does."""
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
