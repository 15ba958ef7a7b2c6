"""Links to a place: to the map program of the telephone itself, elsewhere to the map that the office chose.

Nothing is asked of anybody before the link is pressed. Without the office's setting a computer is offered no map.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from django.http import HttpRequest

from backend.configuration.office import configured

Point = tuple[float, float]


def map_url(request: HttpRequest, place: str = "", point: Point | None = None) -> str:
    """Return where a place is shown, by its point or by its words; empty: there is no map on this device."""
    words = ", ".join(part for part in (place.strip(), configured.MUNICIPALITY_PLACE) if part)
    if point is None and not place.strip():
        return ""
    spot = f"{point[0]},{point[1]}" if point else ""
    device = request.headers.get("User-Agent", "")
    if "Android" in device:
        return f"geo:{spot or '0,0'}?q={quote(spot or words)}"
    if "iPhone" in device or "iPad" in device:
        return f"maps:?q={quote(spot or words)}"
    return configured.MAP_URL.replace("{where}", quote(spot or words))


def leads_outside(url: str) -> str:
    """Return the host that learns of the place when a link is pressed; empty: it opens a program of the device."""
    return urlsplit(url).hostname or ""
