"""What the register says to anybody, portals among them: where an address is, what lies at a point."""

from __future__ import annotations

from django.utils.translation import gettext as _

from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.core.validation import refuse
from backend.places import finding
from backend.places.address import LONGEST
from backend.places.bounds import in_country
from backend.places.finding import Place
from permissions.portals.public_lists import neighbourhood_with


def address_of(text: str, neighbourhood: str = "") -> list[Place]:
    """Return the places that a text may mean, the likeliest first. INVALID for a text or a code that is none."""
    if len(text) > LONGEST:
        refuse(ErrorCode.INVALID, _("The text is too long."), "text")
    with system():
        return finding.address_of(text, neighbourhood_with(neighbourhood))


def place_at(latitude: float, longitude: float) -> Place | None:
    """Return what lies at a point; None outside the district."""
    if not in_country(latitude, longitude):
        return None
    with system():
        return finding.place_at(latitude, longitude)
