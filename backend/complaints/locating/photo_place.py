"""Where a photo was taken, as its EXIF says it: read before the picture is made anew without it."""

from __future__ import annotations

import io
import math
from typing import Any

GPS = 0x8825
LATITUDE_SIDE, LATITUDE, LONGITUDE_SIDE, LONGITUDE = 1, 2, 3, 4
LONGEST = 64 * 1024**2


def photo_place(content: bytes) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees (WGS 84); None where a photo says none, or nothing sensible."""
    stated = stated_place(content)
    return stated if stated is not None and is_sensible(*stated) else None


def is_sensible(latitude: float, longitude: float) -> bool:
    """Tell whether what a photo states is a place: no camera stands where both are nothing."""
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0)


def stated_place(content: bytes) -> tuple[float, float] | None:
    """Return the two numbers that a photo gives as its place, sensible or not; None where it gives none."""
    from PIL import Image  # here: no command starts slower for it

    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")) or len(content) > LONGEST:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened:
            gps = opened.getexif().get_ifd(GPS)
            latitude = _degrees(gps.get(LATITUDE), gps.get(LATITUDE_SIDE), "S")
            longitude = _degrees(gps.get(LONGITUDE), gps.get(LONGITUDE_SIDE), "W")
    except Exception:  # whatever a picture holds that is none, its place is unknown
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    return round(latitude, 6), round(longitude, 6)


def _degrees(parts: Any, side: Any, negative: str) -> float:
    """Degrees, minutes and seconds as a number; no number where they are none, which compares with nothing."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return math.nan
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(side).upper().startswith(negative) else value
