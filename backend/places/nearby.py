"""Which landmark of the register a text means, and how sure that is; silent where none fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.organization.models import Neighbourhood
from backend.places import geometry, landmarks
from backend.places.landmarks import LandmarkMention
from backend.places.models import Landmark

MOST = 2000
"""Landmarks of the kinds that a text names; a district has some hundred."""
REACH = 400.0
"""Metres from a street within which the landmark that a text names is looked for."""
SEVERAL = 4
"""Landmarks among which a person is asked to choose."""
NAMED, ALONE, LIKELY, PROPOSED = 0.95, 0.9, 0.6, 0.45
"""How sure it is: by its name; the only one of its kind there; the only one of all; the nearest of several."""


@dataclass(frozen=True)
class Beside:
    """A landmark that a text means, and from where to where it says so."""

    landmark: Landmark
    confidence: float
    start: int
    end: int


def landmark_meant(
    text: str, neighbourhood: Neighbourhood | None, line: geometry.Line, *, is_sure: bool
) -> Beside | None:
    """Return the landmark that a text means: one question to the database, and none where it names no landmark.

    Exactly one that fits is found; of several the nearest is proposed, to the `line` of the street or else to the
    centre of the neighbourhood, where either is known. `is_sure`: of the neighbourhood.
    """
    read = landmarks.mentions(text)
    if not read:
        return None
    rows = Landmark.objects.filter(kind__in={mention.kind for mention in read}).select_related(
        "neighbourhood"
    )
    known = list(rows.order_by("pk")[:MOST])
    for mention in read:
        of_kind = [one for one in known if one.kind == mention.kind]
        named = next((found for name in mention.names if (found := _called(of_kind, name))), [])
        if not named and (mention.is_name or not mention.is_beside):
            continue  # another one, which the register does not have
        fitting = _there(named or of_kind, neighbourhood, line, is_sure=is_sure)
        meant = _one(fitting, mention, neighbourhood, line, named, is_sure=is_sure)
        if meant is not None:
            return meant
    return None


def several_meant(text: str, neighbourhood: Neighbourhood) -> tuple[list[Landmark], str]:
    """Return the landmarks of a neighbourhood of which a text may mean any, and how it says that something is next to
    it: "yanı" of "caminin yanı", where there are two mosques. None where one is named, or there are many."""
    for mention in landmarks.mentions(text):
        if mention.is_beside and not mention.is_name:
            rows = Landmark.objects.filter(kind=mention.kind, neighbourhood=neighbourhood)
            found = list(rows.select_related("neighbourhood").order_by("name_key", "pk")[: SEVERAL + 1])
            if 1 < len(found) <= SEVERAL:
                return found, text[mention.start : mention.end].split()[-1]
    return [], ""


def _called(rows: Sequence[Landmark], name: str) -> list[Landmark]:
    return [one for one in rows if one.name_key == name]


def _there(
    rows: list[Landmark], neighbourhood: Neighbourhood | None, line: geometry.Line, *, is_sure: bool
) -> list[Landmark]:
    """Those by the street, or in the neighbourhood; all of them where neither is known."""
    if line:
        return [one for one in rows if _away(one, line) <= REACH]
    here = [one for one in rows if neighbourhood is not None and one.neighbourhood_id == neighbourhood.pk]
    return here or ([] if is_sure and neighbourhood is not None else rows)


def _one(
    rows: list[Landmark],
    mention: LandmarkMention,
    neighbourhood: Neighbourhood | None,
    line: geometry.Line,
    named: list[Landmark],
    *,
    is_sure: bool,
) -> Beside | None:
    start = mention.start
    if named:
        start = mention.starts[mention.names.index(named[0].name_key)]
    if len(rows) == 1:
        is_placed = bool(line) or (is_sure and neighbourhood is not None)
        sure = NAMED if named else ALONE if is_placed else LIKELY
        return Beside(rows[0], sure, start, mention.end)
    around = line or _middle(neighbourhood)
    if not rows or not around:
        return None
    return Beside(min(rows, key=lambda one: _away(one, around)), PROPOSED, start, mention.end)


def _middle(neighbourhood: Neighbourhood | None) -> geometry.Line:
    if neighbourhood is None or neighbourhood.latitude is None or neighbourhood.longitude is None:
        return []
    return [(neighbourhood.longitude, neighbourhood.latitude)]


def _away(landmark: Landmark, line: geometry.Line) -> float:
    return geometry.metres_to_line((landmark.longitude, landmark.latitude), line)
