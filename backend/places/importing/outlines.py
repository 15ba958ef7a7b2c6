"""Outlines of neighbourhoods as GeoJSON (RFC 7946): nothing of the file is trusted before it was looked at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from backend.core.errors import ErrorCode
from backend.core.table_reader.tables import TableError
from backend.core.words.text import line
from backend.organization.models import Neighbourhood
from backend.places.bounds import in_country
from backend.places.geometry import area
from backend.places.importing.addresses import RowError, known_neighbourhoods, place_form
from backend.places.importing.writing import Writer

MOST_BYTES = 20 * 1024 * 1024
MOST_FEATURES, MOST_POINTS, MOST_POLYGONS = 2000, 20_000, 50
"""Of a file, of an outline, of an outline."""
NAMES = (
    "mahalle",
    "mahalle_adi",
    "mahalleadi",
    "mahalle_ad",
    "ad",
    "adi",
    "name",
    "kod",
    "kodu",
    "code",
    "mahalle_kodu",
)
"""Properties that may name the neighbourhood, by name or code."""
LEAST, MOST = 100.0, 5e9
"""Square metres of an outline."""


def import_outlines(
    file: BinaryIO, writer: Writer, hear: Callable[[str, int], object]
) -> list[tuple[int, str]]:
    """Bring a file in and return the features that were left out, with the reason of each. TableError."""
    features = features_of(file)
    if len(features) > MOST_FEATURES:
        raise TableError(_("The file holds more than 2,000 outlines."), ErrorCode.TOO_LARGE)
    known, seen = known_neighbourhoods(), set[int]()
    refused: list[tuple[int, str]] = []
    for number, feature in enumerate(features, 1):
        try:
            place, polygons = _place(feature, known), _polygons(feature)
            if place.pk in seen:
                raise RowError(_("This neighbourhood stands in the file twice."))
        except RowError as error:
            refused.append((number, str(error)))
        else:
            seen.add(place.pk)
            writer.boundary(place, polygons)
        hear("read", 1)
    return refused


def features_of(file: BinaryIO) -> list[Any]:
    """Return the features of a FeatureCollection, unlooked at. TableError."""
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TableError(_("The file is larger than 20 MB. Simplify the outlines."), ErrorCode.TOO_LARGE)
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        message = _("This is no GeoJSON. Export the places as GeoJSON (WGS 84).")
        raise TableError(message, ErrorCode.UNSUPPORTED) from None
    is_collection = isinstance(read, dict) and read.get("type") == "FeatureCollection"
    features = read.get("features") if is_collection else None
    if not isinstance(features, list) or not features:
        raise TableError(_("The file holds no places: a FeatureCollection with features is expected."))
    return features


def _no_number(text: str) -> float:
    raise ValueError(text)


def _place(feature: Any, known: dict[str, Neighbourhood]) -> Neighbourhood:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    named = []
    for name, value in properties.items() if isinstance(properties, dict) else ():
        if (
            line(name).lower().replace(" ", "_") in NAMES
            and isinstance(value, str | int)
            and line(str(value)[:200])
        ):
            named.append(line(str(value)[:200]))
    for text in named:
        if (place := known.get(place_form(text))) is not None:
            return place
    if not named:
        raise RowError(_("The neighbourhood is missing."))
    raise RowError(_("There is no neighbourhood “%(name)s” on record.") % {"name": " / ".join(named)[:60]})


def _polygons(feature: dict[str, Any]) -> list[list[list[tuple[float, float]]]]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    shapes = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        shapes = [shapes]
    elif kind != "MultiPolygon":
        raise RowError(_("The outline is no Polygon and no MultiPolygon."))
    if not isinstance(shapes, list) or not 1 <= len(shapes) <= MOST_POLYGONS:
        raise RowError(_("The outline has no polygon, or more than 50."))
    polygons = [[_ring(ring) for ring in shape] for shape in shapes if isinstance(shape, list)]
    if len(polygons) != len(shapes) or not all(polygons):
        raise RowError(_("The outline has a polygon without a ring."))
    if sum(len(ring) for polygon in polygons for ring in polygon) > MOST_POINTS:
        raise RowError(_("The outline has more than 20,000 points. Simplify it."))
    size = sum(abs(area(polygon[0])) for polygon in polygons)
    if not LEAST <= size <= MOST:
        raise RowError(_("The outline is too small or too large for a neighbourhood."))
    return polygons


def _ring(ring: Any) -> list[tuple[float, float]]:
    if not isinstance(ring, list) or not 4 <= len(ring) <= MOST_POINTS:
        raise RowError(_("A ring of the outline has fewer than four points."))
    points = [_point(point) for point in ring]
    if points[0] != points[-1]:
        raise RowError(_("A ring of the outline is not closed: its last point must be its first."))
    return points


def _point(point: Any) -> tuple[float, float]:
    """[longitude, latitude]; a height behind them is left out."""
    is_point = isinstance(point, list) and 2 <= len(point) <= 4
    if not is_point or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in point[:2]
    ):
        raise RowError(_("A point of the outline is no pair of numbers."))
    longitude, latitude = point[:2]
    if not in_country(latitude, longitude):
        raise RowError(
            _("The outline lies outside Türkiye; degrees (WGS 84), longitude first, are expected.")
        )
    return round(float(longitude), 7), round(float(latitude), 7)
