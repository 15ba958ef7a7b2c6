"""Tables of addresses as the national address register (UAVT, MAKS) gives them: a row is a door, or a street.

Columns are known by their headings. What cannot be taken is left out, with row and reason; the rest is brought in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.core.table_reader.columns import cell_text, find_columns
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.core.words.text import search_form, tr_title, tr_tokens
from backend.organization.models import Neighbourhood
from backend.places.bounds import in_country
from backend.places.choices import StreetKind
from backend.places.importing.writing import PART, DoorRow, StreetRow, Writer
from backend.places.words import KIND_NAMES, kind_of, name_key, number_key

HEADERS = {
    "neighbourhood": "mahalle;mahalle adı;mahalle ad;mahalle ismi;neighbourhood",
    "neighbourhood_code": "mahalle kodu;mahalle kod;mahalle kimlik no;mahalle no",
    "street_code": "csbm kodu;csbm kod;csbm kimlik no;yol kodu;sokak kodu;street code",
    "street": "csbm adı;csbm ad;csbm;cadde sokak;cadde sokak adı;sokak;sokak adı;yol adı;yol;street",
    "kind": "csbm türü;csbm tür;csbm tipi;csbm tip;yol türü;yol tipi;tür;tip;kind",
    "number": "dış kapı no;dış kapı numarası;dış kapı;kapı no;kapı numarası;numara;no;number",
    "door_code": "bina kodu;bina kimlik no;dış kapı kodu;adres kodu;uavt kodu;numarataj kodu;door code",
    "latitude": "enlem;lat;latitude;y;y koordinatı;koordinat y",
    "longitude": "boylam;lon;lng;long;longitude;x;x koordinatı;koordinat x",
    "line": "wkt;geometri;geometry;geom;güzergâh;hat;line",
}
OF_STREET = ("neighbourhood", "neighbourhood_code", "street_code", "street", "kind", "line")
MISSING = gettext_lazy(
    "The first rows name no column with the street, such as “CSBM Adı” or “Sokak Adı”. Add a row of headings."
)
KINDS = {
    "sokak": StreetKind.STREET,
    "sokagi": StreetKind.STREET,
    "sk": StreetKind.STREET,
    "cadde": StreetKind.AVENUE,
    "caddesi": StreetKind.AVENUE,
    "bulvar": StreetKind.BOULEVARD,
    "bulvari": StreetKind.BOULEVARD,
    "meydan": StreetKind.SQUARE,
    "meydani": StreetKind.SQUARE,
}
LONGEST_LINE = 2000
"""Points of a street."""
_WKT = re.compile(r"\s*(?:SRID=4326;)?\s*LINESTRING\s*\(([^()]*)\)\s*", re.IGNORECASE)


class RowError(ValueError):
    """Why a row cannot be taken, in words that people read."""


@dataclass
class Reading:
    """What a file holds, a part at a time, and what of it was left out."""

    refused: list[tuple[int, str]] = field(default_factory=list)
    streets: dict[str, StreetRow] = field(default_factory=dict)
    doors: set[tuple[str, str]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    known: dict[tuple[str, ...], StreetRow | RowError] = field(default_factory=dict)
    """What the cells of a street come to: each of its doors has the same."""


def import_addresses(
    file: BinaryIO, writer: Writer, hear: Callable[[str, int], object]
) -> list[tuple[int, str]]:
    """Bring a table in and return the rows that were left out, with the reason of each. TableError.

    `hear` learns how many rows were read, and written.
    """
    with closing(cast("Generator[tuple[int, list[Any]]]", table_rows(file))) as rows:
        columns = find_columns(rows, HEADERS, "street", MISSING)
        if not {"neighbourhood", "neighbourhood_code"} & set(columns):
            raise TableError(_("No column names the neighbourhood, such as “Mahalle”. Add it to every row."))
        reading, known = Reading(), known_neighbourhoods()
        for part in batched(rows, PART):
            streets: list[StreetRow] = []
            doors: list[DoorRow] = []
            for number, cells in part:
                if any(str(cell or "").strip() for cell in cells):
                    read = {name: cell_text(cells, at) for name, at in columns.items()}
                    _take(read, number, known, reading, streets, doors)
            writer.streets(streets)
            writer.doors(doors)
            hear("read", len(part))
            if not writer.is_dry_run:
                hear("write", len(part))
    writer.settle()
    return sorted([*reading.refused, *writer.changes.refused])


def known_neighbourhoods() -> dict[str, Neighbourhood]:
    known: dict[str, Neighbourhood] = {}
    for place in Neighbourhood.objects.all():
        known |= {search_form(place.name): place, search_form(place.code): place}
    return known


def _take(
    cells: dict[str, str],
    number: int,
    known: dict[str, Neighbourhood],
    reading: Reading,
    streets: list[StreetRow],
    doors: list[DoorRow],
) -> None:
    try:
        street = _known_street(cells, known, reading)
        door = _door(cells, street.code, number)
        before = reading.streets.get(street.code)
        if before and (name_key(before.name), before.neighbourhood) != (
            name_key(street.name),
            street.neighbourhood,
        ):
            raise RowError(_("The code of the street stands for another street in a row before."))
        if door is None and not street.line and before:
            raise RowError(_("This street stands in the file twice."))
        if door is not None:
            _refuse_second(door, reading)
    except RowError as error:
        reading.refused.append((number, str(error)))
        return
    if before is None or (street.line and not before.line):
        reading.streets[street.code] = street
        streets.append(street)
    if door is not None:
        doors.append(door)


def _known_street(cells: dict[str, str], known: dict[str, Neighbourhood], reading: Reading) -> StreetRow:
    written = tuple(cells.get(name, "") for name in OF_STREET)
    found = reading.known.get(written)
    if found is None:
        try:
            found = _street(cells, known)
        except RowError as error:
            found = error
        if not cells.get("line"):
            reading.known[written] = found
    if isinstance(found, RowError):
        raise found
    return found


def _street(cells: dict[str, str], known: dict[str, Neighbourhood]) -> StreetRow:
    place = next(filter(None, (known.get(place_form(text)) for text in _place_names(cells))), None)
    if place is None:
        named = " / ".join(filter(None, _place_names(cells)))
        raise RowError(
            _("There is no neighbourhood “%(name)s” on record.") % {"name": named[:60]}
            if named
            else _("The neighbourhood is missing.")
        )
    written = cells.get("street", "")
    if not tr_tokens(written):
        raise RowError(_("The name of the street is missing."))
    name, kind = _named(written, cells.get("kind", ""))
    if len(name) > 120:
        raise RowError(_("The name of the street is longer than 120 letters."))
    code = cells.get("street_code", "") or f"{place.code}/{name_key(name)}/{kind}"[:40]
    if len(code) > 40:
        raise RowError(_("The code of the street is longer than 40 letters."))
    return StreetRow(code, name, kind, place.pk, _line(cells.get("line", "")))


def _place_names(cells: dict[str, str]) -> tuple[str, str]:
    return cells.get("neighbourhood", ""), cells.get("neighbourhood_code", "")


def place_form(text: str) -> str:
    return re.sub(r"\s+(?:mahallesi|mahalle|mah\.?|mh\.?)$", "", search_form(text))


def _named(written: str, kind_said: str) -> tuple[str, StreetKind]:
    """The name as people read it, with its kind: “GÜL” of the kind “SOKAK” is “Gül Sokak”."""
    name = tr_title(written) if written.upper() == written or written.lower() == written else written
    column_kind = KINDS.get(tr_tokens(kind_said))
    kind = kind_of(name)
    if kind is StreetKind.OTHER and column_kind is not None:
        return f"{name} {KIND_NAMES[column_kind]}", column_kind
    return name, column_kind or kind


def _line(text: str) -> tuple[tuple[float, float], ...]:
    if not text:
        return ()
    match = _WKT.fullmatch(text)
    points = match[1].split(",") if match else []
    if not 2 <= len(points) <= LONGEST_LINE:
        raise RowError(_("The course of the street is no LINESTRING of 2 to 2,000 points."))
    return tuple(point_of(*[*point.split(), "", ""][:2]) for point in points)


def _door(cells: dict[str, str], street: str, row: int) -> DoorRow | None:
    number, code = cells.get("number", ""), cells.get("door_code", "")
    latitude, longitude = cells.get("latitude", ""), cells.get("longitude", "")
    if not number:
        return None
    if len(number) > 20 or not number_key(number):
        raise RowError(_("The number of the door has at most 20 letters and digits."))
    if len(code) > 40:
        raise RowError(_("The code of the door is longer than 40 letters."))
    if not latitude or not longitude:
        raise RowError(_("The point of the door is missing."))
    east, north = point_of(longitude, latitude)
    return DoorRow(street, number, north, east, code, row)


def point_of(longitude: str, latitude: str) -> tuple[float, float]:
    try:
        east, north = float(longitude.replace(",", ".")), float(latitude.replace(",", "."))
    except ValueError:
        raise RowError(
            _("The point is no pair of numbers in degrees, such as 41.0105 and 29.2120.")
        ) from None
    if not in_country(north, east):
        if in_country(east, north):
            raise RowError(_("Latitude and longitude are exchanged."))
        raise RowError(_("The point lies outside Türkiye; degrees (WGS 84) are expected."))
    return round(east, 7), round(north, 7)


def _refuse_second(door: DoorRow, reading: Reading) -> None:
    key = (door.street, number_key(door.number))
    if key in reading.doors:
        raise RowError(_("This number of the street stands in the file twice."))
    if door.code and door.code in reading.codes:
        raise RowError(_("The code of the door stands in the file twice."))
    reading.doors.add(key)
    if door.code:
        reading.codes.add(door.code)
