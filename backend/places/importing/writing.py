"""Bringing streets, doors, landmarks and boundaries into the register: new ones are added, others follow the file.

What is not brought is left as it is. A dry run counts the same and writes nothing. Rows are looked up a part at a time,
so that a million doors take no more room than five thousand.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils.translation import gettext

from backend.core.bulk import insert_rows, update_rows
from backend.organization.models import Neighbourhood
from backend.places.choices import LandmarkKind, StreetKind
from backend.places.geometry import Box, Polygon, box_of, middle
from backend.places.landmarks import landmark_key
from backend.places.models import Boundary, Door, Landmark, Street
from backend.places.words import door_number, name_key

PART = 5000
SAME_PLACE = 1e-7
"""Degrees, a centimetre: what lies no farther off has not moved."""
STREET_FIELDS = (
    *("name", "name_key", "kind", "neighbourhood", "source", "line", "latitude", "longitude"),
    *Box._fields,
)
LANDMARK_FIELDS = ("name", "kind", "neighbourhood", "latitude", "longitude", "name_key", "source")
SETTLE = f"""
    UPDATE {Street._meta.db_table} s SET west = d.west, south = d.south, east = d.east, north = d.north,
           longitude = d.points[cardinality(d.points) / 4 + 1][1], latitude = d.points[cardinality(d.points) / 4 + 1][2]
      FROM (SELECT street_id, min(longitude) AS west, min(latitude) AS south, max(longitude) AS east,
                   max(latitude) AS north, array_agg(ARRAY[longitude, latitude] ORDER BY longitude, latitude) AS points
              FROM {Door._meta.db_table} GROUP BY street_id) d
     WHERE s.id = d.street_id AND s.line = '[]'
"""  # noqa: S608 - names of our own models
OF_STREETS, OF_DOORS, OF_LANDMARKS, OF_BOUNDARIES = "streets", "doors", "landmarks", "boundaries"


@dataclass(frozen=True)
class StreetRow:
    code: str
    name: str
    kind: StreetKind
    neighbourhood: int
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class DoorRow:
    street: str
    """The code of its street."""
    number: str
    latitude: float
    longitude: float
    code: str = ""
    row: int = 0
    """Where it stands in the file."""


@dataclass(frozen=True)
class LandmarkRow:
    name: str
    kind: LandmarkKind
    neighbourhood: int
    latitude: float
    longitude: float
    code: str


@dataclass
class Changes:
    """What was done to the register, or would be: (what, new, changed or same) -> how many, with some names."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: list[tuple[int, str]] = field(default_factory=list)
    """[row, reason]: what contradicts the register."""

    def count(self, what: str, change: str, example: str = "") -> None:
        self.counts[what, change] += 1
        if example and len(self.examples[f"{what} {change}"]) < 20:
            self.examples[f"{what} {change}"].append(example)


class Writer:
    """Compares with the register, and writes where it is no dry run."""

    def __init__(self, *, source: str, is_dry_run: bool = False) -> None:
        self.source, self.is_dry_run, self.changes = source[:300], is_dry_run, Changes()
        self._planned: dict[str, int] = {}

    # -- streets ------------------------------------------------------------------------------------------------
    def streets(self, rows: Iterable[StreetRow]) -> None:
        """Add and correct streets; a line that is not brought is left."""
        for part in batched(rows, PART):
            stored = Street.objects.in_bulk([row.code for row in part], field_name="code")
            fresh: list[Street] = []
            changed: dict[str, Street] = {}
            for row in part:
                street = stored.get(row.code)
                if street is None:
                    if row.code not in self._planned:
                        self._planned[row.code] = 0
                        self.changes.count(OF_STREETS, "new", row.name)
                        fresh.append(self._filled(Street(code=row.code), row))
                elif self._differs(street, row):
                    self.changes.count(
                        OF_STREETS,
                        "changed",
                        f"{street.name} → {row.name}" if street.name != row.name else row.name,
                    )
                    changed[row.code] = self._filled(street, row)
                else:
                    self.changes.count(OF_STREETS, "same")
            if not self.is_dry_run:
                Street.objects.bulk_create(fresh)
                update_rows(Street, STREET_FIELDS, map(_street_values, changed.values()))

    def _differs(self, street: Street, row: StreetRow) -> bool:
        line = [list(point) for point in row.line]
        return (street.name, street.kind, street.neighbourhood_id) != (
            row.name,
            row.kind,
            row.neighbourhood,
        ) or bool(line and line != street.line)

    def _filled(self, street: Street, row: StreetRow) -> Street:
        street.name, street.kind, street.neighbourhood_id = row.name, row.kind, row.neighbourhood
        street.name_key, street.source = name_key(row.name), self.source
        if row.line:
            street.line = [list(point) for point in row.line]
            street.longitude, street.latitude = middle(row.line)
            _set_box(street, box_of(row.line))
        return street

    # -- doors --------------------------------------------------------------------------------------------------
    def doors(self, rows: Iterable[DoorRow]) -> None:
        """Add doors, and move those that stand elsewhere. Their streets are there, or were brought before."""
        for part in batched(rows, PART):
            self._door_part(part)

    def _door_part(self, part: Sequence[DoorRow]) -> None:
        codes = {row.street for row in part}
        streets = dict(Street.objects.filter(code__in=codes).values_list("code", "pk"))
        stored = {
            (door.street_id, door.number): door for door in Door.objects.filter(street__in=streets.values())
        }
        codes_at = {
            door.code: door.pk
            for door in Door.objects.filter(code__in=[row.code for row in part if row.code])
        }
        fresh: list[tuple[Any, ...]] = []
        moved: list[Door] = []
        for row in part:
            number = door_number(row.number)
            door = stored.get((streets.get(row.street, 0), number))
            if row.code in codes_at and (door is None or codes_at[row.code] != door.pk):
                self.changes.refused.append(
                    (row.row, gettext("The code belongs to another door of the register."))
                )
            elif door is None:
                self.changes.count(OF_DOORS, "new")
                if not self.is_dry_run:
                    fresh.append(
                        (uuid4(), streets[row.street], number, row.code, row.latitude, row.longitude)
                    )
            elif _moved(door, row) or (row.code and row.code != door.code):
                self.changes.count(OF_DOORS, "changed")
                door.latitude, door.longitude, door.code = row.latitude, row.longitude, row.code or door.code
                moved.append(door)
            else:
                self.changes.count(OF_DOORS, "same")
        if not self.is_dry_run:
            insert_rows(Door, ("key", "street", "number", "code", "latitude", "longitude"), fresh)
            update_rows(
                Door,
                ("latitude", "longitude", "code"),
                ((door.pk, door.latitude, door.longitude, door.code) for door in moved),
            )

    def settle(self) -> None:
        """Give streets without a line the middle and the rectangle of their doors: one statement."""
        if not self.is_dry_run:
            with connection.cursor() as cursor:
                cursor.execute(SETTLE)

    # -- landmarks ----------------------------------------------------------------------------------------------
    def landmarks(self, rows: Iterable[LandmarkRow]) -> None:
        """Add landmarks, and correct those whose code is on record."""
        for part in batched(rows, PART):
            stored = Landmark.objects.in_bulk([row.code for row in part], field_name="code")
            fresh, changed = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
            for row in part:
                values = (row.name, row.kind, row.neighbourhood, row.latitude, row.longitude)
                kept = (*values, landmark_key(row.name), self.source)
                landmark = stored.get(row.code)
                if landmark is None:
                    self.changes.count(OF_LANDMARKS, "new", row.name)
                    fresh.append((uuid4(), row.code, *kept))
                elif _differs(landmark, values):
                    self.changes.count(OF_LANDMARKS, "changed", row.name)
                    changed.append((landmark.pk, *kept))
                else:
                    self.changes.count(OF_LANDMARKS, "same")
            if not self.is_dry_run:
                insert_rows(Landmark, ("key", "code", *LANDMARK_FIELDS), fresh)
                update_rows(Landmark, LANDMARK_FIELDS, changed)

    # -- boundaries ---------------------------------------------------------------------------------------------
    def boundary(self, neighbourhood: Neighbourhood, polygons: Sequence[Polygon]) -> None:
        """Set the outline of a neighbourhood."""
        rings = json.loads(json.dumps(polygons))
        row = Boundary.objects.filter(neighbourhood=neighbourhood).first()
        if row is not None and row.rings == rings:
            self.changes.count(OF_BOUNDARIES, "same")
            return
        self.changes.count(OF_BOUNDARIES, "changed" if row else "new", neighbourhood.name)
        row = row or Boundary(neighbourhood=neighbourhood)
        row.rings, row.source = rings, self.source
        _set_box(row, box_of(point for polygon in polygons for point in polygon[0]))
        if not self.is_dry_run:
            row.save()


def _differs(landmark: Landmark, values: tuple[Any, ...]) -> bool:
    return values != (
        *(landmark.name, landmark.kind, landmark.neighbourhood_id),
        *(landmark.latitude, landmark.longitude),
    )


def _street_values(street: Street) -> tuple[Any, ...]:
    return (
        *(street.pk, street.name, street.name_key, street.kind, street.neighbourhood_id, street.source),
        *(json.dumps(street.line), street.latitude, street.longitude),
        *(street.box or (None,) * 4),
    )


def _moved(door: Door, row: DoorRow) -> bool:
    return abs(door.latitude - row.latitude) > SAME_PLACE or abs(door.longitude - row.longitude) > SAME_PLACE


def _set_box(row: Street | Boundary, box: Box) -> None:
    row.west, row.south, row.east, row.north = box


def counted(changes: Changes) -> Iterator[tuple[str, dict[str, int]]]:
    """Each of the four with how many of it are new, changed and the same; what was not brought is left out."""
    for what in (OF_STREETS, OF_DOORS, OF_LANDMARKS, OF_BOUNDARIES):
        counts = {change: changes.counts[what, change] for change in ("new", "changed", "same")}
        if any(counts.values()):
            yield what, counts
