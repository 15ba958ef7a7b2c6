"""An invented district: outlines of its neighbourhoods, streets with their lines, doors with their points.

Only names and centres of the neighbourhoods are those of the reference data. Everything drawn between them comes from
the seed and is nowhere to be found on the ground, which the source of every row says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from backend.organization.models import Neighbourhood
from backend.places.choices import LandmarkKind, StreetKind
from backend.places.geometry import METRES_A_DEGREE, at_share, flat
from backend.places.importing.writing import DoorRow, LandmarkRow, StreetRow
from backend.places.landmarks import landmark_key
from backend.places.words import kind_of
from permissions.demo import names

type Spot = tuple[float, float]

SOURCE = "Demo verisi: uydurma sokaklar, kapılar, nirengi noktaları ve mahalle sınırları"
MARGIN = 1100.0
"""Metres from the outermost centres to the edge of the district."""
LANDMARKS = (
    (LandmarkKind.MOSQUE, ("Merkez Camii", "Yunus Emre Camii", "Yeşil Cami")),
    (LandmarkKind.SCHOOL, ("Yunus Emre İlkokulu", "Barbaros Ortaokulu")),
    (LandmarkKind.PARK, ("Çınaraltı Parkı", "Şelale Parkı")),
    (LandmarkKind.HEALTH, ("Aile Sağlığı Merkezi",)),
    (LandmarkKind.MARKET, ("Salı Pazarı",)),
    (LandmarkKind.OFFICE, ("Muhtarlık",)),
)
"""What a neighbourhood has: one of each kind, and a second of the first two here and there."""
DOORS_A_STREET = 40
"""Numbers of a street: odd ones on one side, even ones on the other."""
ASIDE = 9.0
"""Metres of a door from the line of its street."""
FAR = 100_000.0
CROOKED = 0.035
"""The most that an edge bends aside, as a share of its length."""
INSET = 0.9
"""The share of a chord that is street: it ends before the boundary."""
MORE = {
    "sarigazi": ("Demokrasi Caddesi", "Işık Sokak"),
    "fatih": ("İğdeli Sokak",),
    "hilal": ("Fevzi Çakmak Caddesi",),
    "merve": ("Aydın Sokak", "Meydan Sokak"),
    "yenidogan": ("İnönü Caddesi", "Işık Sokak"),
}
"""Streets of one neighbourhood alone; those of `names` run through every one."""


@dataclass(frozen=True)
class Quarter:
    """A neighbourhood as it was drawn."""

    place: Neighbourhood
    origin: Spot
    cell: list[Spot]
    """The convex outline in which the streets lie, in metres from the origin."""
    ring: list[Spot]
    """The closed outline in degrees as people see it, with crooked edges that neighbours share."""


def quarters(places: Sequence[Neighbourhood], seed: int) -> list[Quarter]:
    """Divide the district among the centres: every point belongs to the nearest one."""
    drawn = [
        (place, (place.longitude, place.latitude))
        for place in places
        if place.longitude is not None and place.latitude is not None
    ]
    if not drawn:
        return []
    longitudes, latitudes = zip(*(spot for _place, spot in drawn), strict=True)
    origin = sum(longitudes) / len(drawn), sum(latitudes) / len(drawn)
    centres = [flat(spot, origin) for _place, spot in drawn]
    outline, corners, made = _outline(centres), list[Spot](), []
    for (place, _spot), centre in zip(drawn, centres, strict=True):
        cell = outline
        for other in centres:
            if other != centre:
                cell = _nearer(cell, centre, other)
        cell = [_same_corner(corner, corners) for corner in cell]
        made.append(Quarter(place, origin, cell, _crooked(cell, origin, seed)))
    return made


def _same_corner(corner: Spot, known: list[Spot]) -> Spot:
    """The corner that a neighbour has computed before, where it lies within a metre."""
    found = next((one for one in known if math.dist(one, corner) < 1), None)
    if found is None:
        known.append(found := corner)
    return found


def streets(quarter: Quarter, seed: int) -> list[StreetRow]:
    """Invent the streets of a neighbourhood: half of them along, half across, at an angle of its own."""
    place = quarter.place
    random = Random(f"{seed}-{place.code}")  # noqa: S311 - invented data is repeatable, not secret
    named = [f"{name} Sokak" for name in names.STREETS] + [*names.ROADS, *MORE.get(place.code, ())]
    random.shuffle(named)
    angle = random.uniform(0, math.pi)
    half = (len(named) + 1) // 2
    rows = []
    for number, name in enumerate(named):
        across, order = divmod(number, half)
        line = _chord(quarter, angle + across * math.pi / 2, (order + 1) / (half + 1), random)
        code = f"demo-{place.code}-{number + 1}"
        rows.append(StreetRow(code, name, kind_of(name), place.pk, tuple(line)))
    return rows


def landmarks(quarter: Quarter, rows: Sequence[StreetRow], seed: int) -> Iterator[LandmarkRow]:
    """Invent what people name instead of an address, each a few steps from a street of the neighbourhood."""
    place = quarter.place
    random = Random(f"{seed}-{place.code}-landmarks")  # noqa: S311 - invented data is repeatable, not secret
    for order, (kind, known) in enumerate(LANDMARKS):
        count = 2 if order < 2 and random.random() < 0.4 else 1
        for name in random.sample(known, min(count, len(known))):
            here = at_share(random.choice(rows).line, random.uniform(0.2, 0.8))
            longitude, latitude = _moved(here, random.uniform(20, 40), random.uniform(20, 40))
            code = f"demo-{place.code}-{kind}-{landmark_key(name)}"[:60]
            yield LandmarkRow(name, kind, place.pk, latitude, longitude, code)


def doors(street: StreetRow) -> Iterator[DoorRow]:
    """Invent the doors of a street, a few metres off its line."""
    line = street.line
    for number in range(1, DOORS_A_STREET + 1):
        share = (number + 1) // 2 / (DOORS_A_STREET / 2 + 1)
        here, ahead = at_share(line, share), at_share(line, min(share + 0.01, 1))
        east, north = flat(ahead, here)
        length = math.hypot(east, north) or 1.0
        side = ASIDE if number % 2 else -ASIDE
        if street.kind is not StreetKind.STREET:
            side *= 1.6
        longitude, latitude = _moved(here, -north / length * side, east / length * side)
        yield DoorRow(street.code, str(number), latitude, longitude)


def _outline(centres: list[Spot]) -> list[Spot]:
    """An eight-sided outline around all centres, against the clock."""
    cell: list[Spot] = [(-FAR, -FAR), (FAR, -FAR), (FAR, FAR), (-FAR, FAR)]
    for step in range(8):
        towards = (math.cos(step * math.pi / 4), math.sin(step * math.pi / 4))
        cell = _cut(cell, towards, max(_along(point, towards) for point in centres) + MARGIN)
    return cell


def _nearer(cell: list[Spot], centre: Spot, other: Spot) -> list[Spot]:
    """The part of a cell that is nearer to one centre than to the other."""
    length = math.dist(centre, other)
    towards = ((other[0] - centre[0]) / length, (other[1] - centre[1]) / length)
    half_way = ((centre[0] + other[0]) / 2, (centre[1] + other[1]) / 2)
    return _cut(cell, towards, _along(half_way, towards))


def _cut(cell: list[Spot], towards: Spot, reach: float) -> list[Spot]:
    """The part of a convex cell that reaches at most so far in a direction."""
    kept: list[Spot] = []
    for here, there in zip(cell, [*cell[1:], *cell[:1]], strict=True):
        before, after = _along(here, towards) - reach, _along(there, towards) - reach
        if before <= 0:
            kept.append(here)
        if (before < 0 < after) or (after < 0 < before):
            kept.append(_between(here, there, before / (before - after)))
    return kept


def _between(here: Spot, there: Spot, share: float) -> Spot:
    return here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share


def _along(point: Spot, towards: Spot) -> float:
    return point[0] * towards[0] + point[1] * towards[1]


def _moved(point: Spot, east: float, north: float) -> Spot:
    """The place so many metres from a point in degrees."""
    longitude = point[0] + east / (METRES_A_DEGREE * math.cos(math.radians(point[1])))
    return round(longitude, 6), round(point[1] + north / METRES_A_DEGREE, 6)


def _crooked(cell: list[Spot], origin: Spot, seed: int) -> list[Spot]:
    """Close the ring and bend its edges; an edge bends alike from both its sides."""
    ring: list[Spot] = []
    for here, there in zip(cell, [*cell[1:], *cell[:1]], strict=True):
        first, last = sorted((here, there))
        random = Random(f"{seed}-{first}-{last}")  # noqa: S311 - invented data is repeatable, not secret
        bends = []
        for share in (0.2, 0.4, 0.6, 0.8):
            x, y = _between(first, last, share)
            aside = random.uniform(-CROOKED, CROOKED)
            bends.append((x - (last[1] - first[1]) * aside, y + (last[0] - first[0]) * aside))
        ring += [here, *(bends if here == first else reversed(bends))]
    return [_moved(origin, *spot) for spot in (*ring, ring[0])]


def _chord(quarter: Quarter, angle: float, share: float, random: Random) -> list[Spot]:
    """A street through a cell in a direction, at a share of its breadth, with a slight bend."""
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    breadth = [_along(point, across) for point in quarter.cell]
    at = min(breadth) + (max(breadth) - min(breadth)) * share
    ends = []
    for here, there in zip(quarter.cell, [*quarter.cell[1:], *quarter.cell[:1]], strict=True):
        before, after = _along(here, across) - at, _along(there, across) - at
        if (before <= 0) != (after <= 0):
            ends.append(_along(_between(here, there, before / (before - after)), along))
    inset = (max(ends) - min(ends)) * (1 - INSET) / 2
    first, last = min(ends) + inset, max(ends) - inset
    if random.random() < 0.5:
        first, last = last, first
    bend, spots = random.uniform(-6, 6), []
    for step in range(5):
        far = first + (last - first) * step / 4
        aside = at + bend * math.sin(step * math.pi / 4)
        x, y = along[0] * far + across[0] * aside, along[1] * far + across[1] * aside
        spots.append(_moved(quarter.origin, x, y))
    return spots
