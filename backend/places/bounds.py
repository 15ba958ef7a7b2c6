"""Where a point may lie at all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import ErrorCode
from backend.core.validation import refuse

LATITUDES, LONGITUDES = (35.8, 42.2), (25.6, 44.9)
"""Türkiye between its outermost points, in degrees (WGS 84): Beysun (35°51′ N) and İnceburun (42°06′ N), Avlaka Burnu
(25°40′ E) and Dilucu (44°48′ E)."""


def in_country(latitude: float, longitude: float) -> bool:
    """Tell whether a point lies in Türkiye or close by; nothing that is no number does."""
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]


def checked_point(latitude: float | None, longitude: float | None) -> None:
    """Refuse half a point, and one outside Türkiye: INVALID at `latitude` or `longitude`. It may lie outside the
    municipality: what is another body's business is sent on to it."""
    if (latitude is None) != (longitude is None):
        field = "longitude" if longitude is None else "latitude"
        refuse(ErrorCode.INVALID, _("A point needs latitude and longitude."), field)
    message = _("This point lies outside Türkiye. Check the latitude and the longitude.")
    if latitude is not None and not LATITUDES[0] <= latitude <= LATITUDES[1]:
        refuse(ErrorCode.INVALID, message, "latitude")
    elif longitude is not None and not LONGITUDES[0] <= longitude <= LONGITUDES[1]:
        refuse(ErrorCode.INVALID, message, "longitude")
