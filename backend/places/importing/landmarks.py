"""Tables and GeoJSON of landmarks: a row, or a point, is a mosque, a school, a park. What cannot be taken is left out,
with row and reason; the rest is brought in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import batched
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.core.table_reader.columns import cell_text, find_columns
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.core.words.text import line, search_form, tr_fold, tr_title
from backend.organization.models import Neighbourhood
from backend.places.choices import LandmarkKind
from backend.places.finding import neighbourhood_at
from backend.places.importing.addresses import RowError, known_neighbourhoods, place_form, point_of
from backend.places.importing.outlines import features_of
from backend.places.importing.writing import PART, LandmarkRow, Writer
from backend.places.landmarks import LONGEST_CODE, kind_of, made_code

HEADERS = {
    "name": "ad;adı;isim;yer adı;nirengi;önemli yer;name",
    "kind": "tür;türü;tip;tipi;cins;kind;type;amenity",
    "neighbourhood": "mahalle;mahalle adı;mahalle ad;mahalle kodu;neighbourhood",
    "code": "kod;kodu;kimlik no;no;id;code",
    "latitude": "enlem;lat;latitude;y;koordinat y",
    "longitude": "boylam;lon;lng;long;longitude;x;koordinat x",
}
MISSING = gettext_lazy(
    "The first rows name no column with the name of the landmark, such as “Ad”. Add a row of headings."
)
_KINDS = {
    "mosque": LandmarkKind.MOSQUE,
    "place_of_worship": LandmarkKind.MOSQUE,
    "ibadethane": LandmarkKind.MOSQUE,
    "school": LandmarkKind.SCHOOL,
    "hospital": LandmarkKind.HEALTH,
    "clinic": LandmarkKind.HEALTH,
    "pharmacy": LandmarkKind.PHARMACY,
    "marketplace": LandmarkKind.MARKET,
    "cemetery": LandmarkKind.CEMETERY,
    "stadium": LandmarkKind.SPORTS,
    "bus_stop": LandmarkKind.STATION,
    "bridge": LandmarkKind.BRIDGE,
}
"""Kinds as maps of the world write them; Turkish words are read as people say them."""


def import_landmarks(
    file: BinaryIO, writer: Writer, hear: Callable[[str, int], object]
) -> list[tuple[int, str]]:
    """Bring a file in and return the rows that were left out, with the reason of each. TableError."""
    refused: list[tuple[int, str]] = []
    known, seen = known_neighbourhoods(), set[str]()
    with closing(_rows(file)) as rows:
        for part in batched(rows, PART):
            taken: list[LandmarkRow] = []
            for number, cells in part:
                try:
                    row = _landmark(cells, known)
                    if row.code in seen:
                        raise RowError(_("This landmark stands in the file twice."))
                except RowError as error:
                    refused.append((number, str(error)))
                else:
                    seen.add(row.code)
                    taken.append(row)
            writer.landmarks(taken)
            hear("read", len(part))
            if not writer.is_dry_run:
                hear("write", len(part))
    return refused


def is_geojson(file: BinaryIO) -> bool:
    """Tell whether a file is no table but JSON."""
    file.seek(0)
    first = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    file.seek(0)
    return first == b"{"


def _rows(file: BinaryIO) -> Generator[tuple[int, dict[str, str]]]:
    if is_geojson(file):
        yield from _of_features(file)
        return
    with closing(cast("Generator[tuple[int, list[Any]]]", table_rows(file))) as rows:
        columns = find_columns(rows, HEADERS, "name", MISSING)
        if not {"latitude", "longitude"} <= set(columns):
            raise TableError(_("No columns give the point, such as “Enlem” and “Boylam”. Add both."))
        for number, cells in rows:
            if any(str(cell or "").strip() for cell in cells):
                yield number, {name: cell_text(cells, at) for name, at in columns.items()}


def _of_features(file: BinaryIO) -> Iterator[tuple[int, dict[str, str]]]:
    names = {tr_fold(one): name for name, known in HEADERS.items() for one in known.split(";")}
    for number, feature in enumerate(features_of(file), 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        cells: dict[str, str] = {}
        for written, value in properties.items() if isinstance(properties, dict) else ():
            name = names.get(tr_fold(str(written)).replace("_", " "))
            if name and isinstance(value, str | int) and not isinstance(value, bool):
                cells.setdefault(name, line(str(value)[:300]))
        point = geometry.get("coordinates") if isinstance(geometry, dict) else None
        is_point = isinstance(geometry, dict) and geometry.get("type") == "Point" and isinstance(point, list)
        if is_point and isinstance(point, list) and len(point) >= 2:
            cells["longitude"], cells["latitude"] = str(point[0]), str(point[1])
        yield number, cells


def _landmark(cells: dict[str, str], known: dict[str, Neighbourhood]) -> LandmarkRow:
    written = cells.get("name", "")
    if not written:
        raise RowError(_("The name of the landmark is missing."))
    name = tr_title(written) if written.upper() == written or written.lower() == written else written
    if len(name) > 120:
        raise RowError(_("The name of the landmark is longer than 120 letters."))
    if not cells.get("latitude") or not cells.get("longitude"):
        raise RowError(_("The point of the landmark is missing."))
    longitude, latitude = point_of(cells["longitude"], cells["latitude"])
    place = _neighbourhood(cells.get("neighbourhood", ""), known, latitude, longitude)
    kind = _kind(cells.get("kind", ""), name)
    code = cells.get("code", "") or made_code(place.code, kind, name)
    if len(code) > LONGEST_CODE:
        raise RowError(_("The code of the landmark is longer than 60 letters."))
    return LandmarkRow(name, kind, place.pk, latitude, longitude, code)


def _neighbourhood(
    written: str, known: dict[str, Neighbourhood], latitude: float, longitude: float
) -> Neighbourhood:
    """The one that is named, else the one in whose outline the point lies."""
    if written:
        place = known.get(place_form(written))
        if place is None:
            raise RowError(_("There is no neighbourhood “%(name)s” on record.") % {"name": written[:60]})
        return place
    place = neighbourhood_at(latitude, longitude)
    if place is None:
        raise RowError(_("The point lies in no neighbourhood on record; add its neighbourhood."))
    return place


def _kind(written: str, name: str) -> LandmarkKind:
    """The kind that is written, else what the name says."""
    wanted = search_form(written)
    if wanted.upper() in LandmarkKind.values:
        return LandmarkKind(wanted.upper())
    kind = _KINDS.get(wanted) or kind_of(written)
    return kind_of(name) if kind is LandmarkKind.OTHER else kind
