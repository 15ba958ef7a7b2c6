"""Where a photo says that it was taken, to be proposed to who sends it: read, answered and forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from backend.complaints.locating.photo_place import is_sensible, stated_place
from permissions.places.public import place_at


@dataclass(frozen=True)
class TakenAt:
    """A point within the district, or why none is proposed; neither where the photo says nothing."""

    point: tuple[float, float] | None = None
    remark: str = ""


def taken_at(file: IO[bytes]) -> TakenAt:
    """Read where the photo was taken, if it is one, before its copy without that is all there is."""
    file.seek(0)
    point = stated_place(file.read(settings.ATTACHMENT_MAX_BYTES))
    if point is None:
        return TakenAt()
    if not is_sensible(*point):
        return TakenAt(remark=_("The place that the photo gives is wrong, so it is not proposed."))
    if place_at(*point) is None:
        return TakenAt(remark=_("The photo was taken outside our district, so its place is not proposed."))
    return TakenAt(point)
