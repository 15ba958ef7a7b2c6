"""Which street and door of the register a text means, and what lies nearest to a point.

Everybody reads the register; nothing here reads a case.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import FloatField, Func, Max, Value
from django.db.models.functions import Greatest

from backend.configuration.office import configured
from backend.core.words.text import clean, search_form
from backend.organization.models import Neighbourhood
from backend.places import geometry
from backend.places.address import LONGEST, Mentions, StreetMention, mentions, same_number
from backend.places.choices import PointSource, StreetKind
from backend.places.models import BOX, POINT, Boundary, Door, Landmark, Street
from backend.places.nearby import PROPOSED, landmark_meant, several_meant

FOUND = 5
"""Places at most that a text is answered with."""
ALIKE = 0.42
"""So alike, of the pieces of three letters, is a misspelt name of a street to the right one."""
CANDIDATES = 40
NEAREST = 16
"""Doors that are compared in metres: in degrees, east and west count a quarter too much."""
BESIDE = 60.0
"""A point is at a door or on a street within so many metres; farther off it is in the neighbourhood alone."""
SURE, LIKELY = 0.85, 0.5
"""From so sure on a place may be filled in, from so sure on it is worth asking."""


@dataclass(frozen=True)
class Place:
    """A place of the register, and how sure it is that it is meant (0 to 1)."""

    neighbourhood: Neighbourhood | None
    street: Street | None = None
    door: Door | None = None
    number: str = ""
    """As it was written, also where the register has no such door."""
    spot: str = ""
    """What was added: "caminin yanı"."""
    latitude: float | None = None
    longitude: float | None = None
    source: PointSource = PointSource.NONE
    confidence: float = 0.0
    words: str = ""
    """The words of the text in which it was read."""
    metres: float | None = None
    """How far it is from the point that was asked for."""
    landmark: Landmark | None = None
    """What it is next to, where its point is taken from that."""

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE

    @property
    def line(self) -> str:
        """The street part of the address: "Aydın Sokak No: 12, caminin yanı"."""
        number = self.door.number if self.door else self.number
        street = " ".join(filter(None, [self.street.name if self.street else "", number and f"No: {number}"]))
        return ", ".join(filter(None, [street, self.spot]))


def address_of(text: str, neighbourhood: Neighbourhood | None = None) -> list[Place]:
    """Return the places that a text may mean, the likeliest first, at most five.

    `neighbourhood` is what is known besides. Four questions to the database, however long the text.
    """
    text = clean(text)[:LONGEST]
    places = list(Neighbourhood.objects.all())
    read = mentions(text, {search_form(place.name): place.code for place in places})
    by_code = {place.code: place for place in places}
    named = by_code.get(read.neighbourhood)
    is_sure = bool(neighbourhood) or read.is_neighbourhood_sure
    found = list(_meant(text, read, _streets(read), neighbourhood or named, is_sure=is_sure))
    found.sort(key=lambda place: (-place.confidence, place.street.pk if place.street else 0))
    found = _with_doors(found[:FOUND])
    found = _with_landmark(text, found, neighbourhood or named, is_sure=is_sure)
    if named is not None and all(place.street is None and place.confidence < LIKELY for place in found):
        span = read.neighbourhood_span or (0, 0)
        sure = 0.6 if read.is_neighbourhood_sure else 0.4
        found.append(_centre(Place(named, spot=read.spot, confidence=sure, words=text[span[0] : span[1]])))
    found.sort(key=lambda place: -place.confidence)
    return found


def _streets(read: Mentions) -> list[tuple[Street, StreetMention, str, float]]:
    """The streets of the register that may be meant: (street, its mention, the name as written, how alike)."""
    names = {name for mention in read.streets for name in mention.names}
    if not names:
        return []
    exact: dict[str, list[Street]] = {}
    for street in Street.objects.filter(name_key__in=names).select_related("neighbourhood"):
        exact.setdefault(street.name_key, []).append(street)
    found: list[tuple[Street, StreetMention, str, float]] = []
    unknown: list[StreetMention] = []
    for mention in read.streets:
        name = next((name for name in mention.names if name in exact), None)
        if name is None:
            if mention.kind is not StreetKind.OTHER:
                unknown.append(mention)
            continue
        found += [(street, mention, name, 1.0) for street in exact[name]]
    return found + (_alike(unknown) if unknown else [])


def _alike(unknown: Iterable[StreetMention]) -> list[tuple[Street, StreetMention, str, float]]:
    """The streets whose names are written nearly so, found by the index of pieces of three letters."""
    written = {name: mention for mention in unknown for name in mention.names if len(name) > 2}
    if not written:
        return []
    likeness = [TrigramSimilarity("name_key", name) for name in written]
    most = Greatest(*likeness) if len(likeness) > 1 else likeness[0]
    near = Street.objects.none()
    for name in written:
        near |= Street.objects.filter(name_key__trigram_similar=name)
    keys = (
        near.values("name_key")
        .annotate(most=Max(most))
        .filter(most__gte=ALIKE)
        .order_by("-most")[:CANDIDATES]
    )
    alike = {row["name_key"]: row["most"] for row in keys}
    found = []
    for street in Street.objects.filter(name_key__in=alike).select_related("neighbourhood"):
        name = max(written, key=lambda each: _shared(each, street.name_key))
        found.append((street, written[name], name, float(alike[street.name_key])))
    return found


def _shared(one: str, other: str) -> float:
    pieces = [{f"  {text} "[at : at + 3] for at in range(len(text) + 1)} for text in (one, other)]
    return len(pieces[0] & pieces[1]) / len(pieces[0] | pieces[1])


def _meant(
    text: str,
    read: Mentions,
    streets: list[tuple[Street, StreetMention, str, float]],
    neighbourhood: Neighbourhood | None,
    *,
    is_sure: bool,
) -> Iterable[Place]:
    """Each street as a place, as sure as its name, its kind and its neighbourhood make it."""
    best = max((likeness for *_rest, likeness in streets), default=0.0)
    close = [row for row in streets if row[3] >= best - 0.15]
    right_kind = [row for row in close if row[1].kind in (row[0].kind, StreetKind.OTHER)]
    for street, mention, name, likeness in right_kind or close:
        here = neighbourhood is not None and street.neighbourhood_id == neighbourhood.pk
        others = [row for row in (right_kind or close) if row[1] is mention and row[0].pk != street.pk]
        is_there = here or any(
            neighbourhood is not None and row[0].neighbourhood_id == neighbourhood.pk for row in others
        )
        if is_there:
            share = (1.0 if is_sure else 0.8) if here else (0.05 if is_sure else 0.2)
        else:
            share = (1.0 if neighbourhood is None else 0.6) / (len(others) + 1)
        confidence = (0.95 if likeness == 1.0 else 0.35 + 0.6 * likeness) * share
        confidence *= 1.0 if mention.kind == street.kind else 0.85
        span = mention.spans[name]
        yield Place(
            street.neighbourhood,
            street,
            number=mention.number,
            spot=read.spot,
            confidence=confidence,
            words=text[span[0] : span[1]],
        )


def _with_doors(places: list[Place]) -> list[Place]:
    """Each place with the point of its door, else of the middle of its street, else of its neighbourhood."""
    wanted = {place.street.pk for place in places if place.street and place.number}
    doors: dict[int, dict[str, Door]] = {}
    for door in Door.objects.filter(street__in=wanted):
        doors.setdefault(door.street_id, {})[door.number] = door
    return [_pointed(place, doors.get(place.street.pk if place.street else 0, {})) for place in places]


def _pointed(place: Place, doors: dict[str, Door]) -> Place:
    street = place.street
    if street is None:
        return _centre(place)
    if place.number and (known := same_number(place.number, doors)):
        door = doors[known]
        sure = min(place.confidence * 1.03, 1.0)
        found = replace(place, door=door, source=PointSource.DOOR, confidence=sure)
        return replace(found, latitude=door.latitude, longitude=door.longitude)
    sure = place.confidence * (0.92 if place.number else 0.95)
    if street.latitude is None:
        return _centre(replace(place, confidence=sure))
    found = replace(place, source=PointSource.STREET, confidence=sure)
    return replace(found, latitude=street.latitude, longitude=street.longitude)


def _with_landmark(
    text: str, found: list[Place], neighbourhood: Neighbourhood | None, *, is_sure: bool
) -> list[Place]:
    """The same with the point of the landmark that the text names, where that says more than the street."""
    best = next(iter(found), None)
    if best is not None and (best.door is not None or best.confidence < LIKELY):
        return found
    street = best.street if best else None
    line: geometry.Line = street.line if street else []
    if street and not line and street.longitude is not None and street.latitude is not None:
        line = [(street.longitude, street.latitude)]
    known = best.neighbourhood if best else neighbourhood
    named = landmark_meant(text, known, line, is_sure=best is not None or is_sure)
    if named is None:
        return found
    landmark, words = named.landmark, text[named.start : named.end]
    place = replace(
        best or Place(None, confidence=1.0, words=words),
        neighbourhood=best.neighbourhood if best else landmark.neighbourhood,
        landmark=landmark,
        spot=words,
        source=PointSource.LANDMARK,
        latitude=landmark.latitude,
        longitude=landmark.longitude,
    )
    place = replace(place, confidence=min(place.confidence, named.confidence))
    if best is not None and named.confidence < SURE:
        return [*found, place][:FOUND]
    return [place, *found[1:]]


def which_landmark(text: str, neighbourhood: Neighbourhood) -> list[Place]:
    """Return the places next to the landmarks of a neighbourhood of which a text may mean any, each in words that name
    it; none where the text leaves nothing open."""
    found, side = several_meant(clean(text)[:LONGEST], neighbourhood)
    return [
        Place(
            neighbourhood,
            spot=f"{landmark.name} {side}",
            latitude=landmark.latitude,
            longitude=landmark.longitude,
            source=PointSource.LANDMARK,
            confidence=PROPOSED,
            landmark=landmark,
        )
        for landmark in found
    ]


def _centre(place: Place) -> Place:
    middle = place.neighbourhood
    if middle is None or middle.latitude is None:
        return place
    found = replace(place, source=PointSource.NEIGHBOURHOOD)
    return replace(found, latitude=middle.latitude, longitude=middle.longitude)


def located(neighbourhood: Neighbourhood | None, place: str) -> Place:
    """Return where an address is: the door, else the landmark next to it, else the middle of the street, else the
    centre of the neighbourhood.

    NONE as its source where nothing is known, or where several streets may be meant.
    """
    if place:
        best = next(iter(address_of(place, neighbourhood)), None)
        if best and best.confidence >= LIKELY and (best.street or best.landmark):
            return best
    return _centre(Place(neighbourhood)) if neighbourhood else Place(None)


# -- what is nearest ----------------------------------------------------------------------------------------------
def place_at(latitude: float, longitude: float) -> Place | None:
    """Return what lies at a point: its door, its street, its neighbourhood. None outside the district.

    A district without outlines and bounds on record has no outside: then the nearest door or street says where it is.
    """
    point = (longitude, latitude)
    neighbourhood = neighbourhood_at(latitude, longitude)
    if neighbourhood is None and is_outside(latitude, longitude):
        return None
    door, metres = nearest_door(point)
    if door is not None and metres <= BESIDE:
        place = Place(door.street.neighbourhood, door.street, door, door.number, metres=metres)
    else:
        street, metres = _nearest_street(point)
        near = street if street is not None and metres <= BESIDE else None
        place = Place(near.neighbourhood if near else neighbourhood, near, metres=metres if near else None)
    return replace(
        place,
        neighbourhood=neighbourhood or place.neighbourhood,
        latitude=latitude,
        longitude=longitude,
        source=PointSource.ENTERED,
        confidence=1.0,
    )


def nearest_door(point: geometry.Point) -> tuple[Door | None, float]:
    """Return the door that is nearest to [longitude, latitude], and how many metres off it is."""
    rows = Door.objects.select_related("street__neighbourhood").order_by(distance(POINT, point))[:NEAREST]
    return _nearest([(door, geometry.metres(point, (door.longitude, door.latitude))) for door in rows])


def _nearest_street(point: geometry.Point) -> tuple[Street | None, float]:
    """The street whose line comes nearest; of the rectangles around streets the nearest are compared."""
    rows = Street.objects.filter(west__isnull=False).select_related("neighbourhood")
    rows = rows.order_by(distance(BOX, point, "point(%s, %s)::box"))[:CANDIDATES]
    return _nearest([(street, geometry.metres_to_line(point, street.line)) for street in rows if street.line])


def _nearest[Row](measured: list[tuple[Row, float]]) -> tuple[Row | None, float]:
    return min(measured, key=lambda one: one[1], default=(None, math.inf))


def distance(shape: Func, point: geometry.Point, wanted: str = "point(%s, %s)") -> Func:
    """Return the distance by which the GiST index hands rows out, nearest first."""
    return Func(
        shape,
        Func(
            Value(float(point[0])),
            Value(float(point[1])),
            template=wanted.replace("%s, %s", "%(expressions)s"),
        ),
        template="(%(expressions)s)",
        arg_joiner=" <-> ",
        output_field=FloatField(),
    )


# -- the district -------------------------------------------------------------------------------------------------
def neighbourhood_at(latitude: float, longitude: float) -> Neighbourhood | None:
    """Return the neighbourhood in whose outline a point lies."""
    point = (longitude, latitude)
    around = Boundary.objects.filter(
        west__lte=longitude, east__gte=longitude, south__lte=latitude, north__gte=latitude
    ).select_related("neighbourhood")
    for row in around.order_by("pk"):
        if any(geometry.inside(point, polygon) for polygon in row.rings):
            return row.neighbourhood
    return None


def is_outside(latitude: float | None, longitude: float | None) -> bool:
    """Tell whether a point lies outside the district: in no outline on record, or outside the box of the settings.

    Without either nothing is known of the district, and nothing is outside.
    """
    if latitude is None or longitude is None:
        return False
    if Boundary.objects.exists():
        return neighbourhood_at(latitude, longitude) is None
    corners = configured.DISTRICT_BOX
    return bool(corners) and not geometry.Box(*map(float, corners.split(","))).holds((longitude, latitude))
