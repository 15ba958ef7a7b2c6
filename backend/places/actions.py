"""Keeping single streets, doors and landmarks of the register; whole files come by an import (`importing`)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import ErrorCode
from backend.core.validation import choice, refuse, required
from backend.core.words.text import line
from backend.journal.actions import record
from backend.organization.models import Neighbourhood, User
from backend.places import landmarks
from backend.places.bounds import in_country
from backend.places.choices import LandmarkKind, StreetKind
from backend.places.models import Door, Landmark, Street
from backend.places.words import door_number, name_key

BY_HAND = _("Entered by hand")
LONGEST_CODE = 40
"""Letters, of a street or a door."""


@transaction.atomic
def save_street(
    street: Street | None = None,
    *,
    by: User | None,
    name: str,
    neighbourhood: Neighbourhood,
    kind: str = StreetKind.STREET,
    code: str = "",
) -> Street:
    """Add a street or correct one. Without a code it gets one of its neighbourhood and name. REQUIRED, INVALID,
    DUPLICATE."""
    row = street or Street(source=str(BY_HAND))
    row.name = required(name, "name", _("Write the name of the street."), 120)
    row.name_key, row.kind, row.neighbourhood = (
        name_key(row.name),
        choice(StreetKind, kind, "kind"),
        neighbourhood,
    )
    code = line(code) or row.code or f"{neighbourhood.code}/{row.name_key}/{row.kind}"[:LONGEST_CODE]
    row.code = _short_enough(code, LONGEST_CODE)
    if Street.objects.filter(code=code).exclude(pk=row.pk).exists():
        refuse(ErrorCode.DUPLICATE, _("There is a street with this code already."), "code")
    row.save()
    record(verb="street_saved", about=row, by=by, label=row.name)
    return row


@transaction.atomic
def save_door(
    door: Door | None = None,
    *,
    by: User | None,
    street: Street,
    number: str,
    latitude: float,
    longitude: float,
    code: str = "",
) -> Door:
    """Add a door or correct one. REQUIRED, INVALID, DUPLICATE."""
    row = door or Door()
    row.street, row.number = (
        street,
        door_number(required(number, "number", _("Write the number of the door."), 20)),
    )
    _require_in_country(latitude, longitude)
    row.latitude, row.longitude = latitude, longitude
    row.code = _short_enough(line(code), LONGEST_CODE)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        refuse(
            ErrorCode.DUPLICATE,
            _("The street has this number already, or the code is another door's."),
            "number",
        )
    record(verb="door_saved", about=row, by=by, label=f"{street.name} {row.number}")
    return row


@transaction.atomic
def save_landmark(
    landmark: Landmark | None = None,
    *,
    by: User | None,
    name: str,
    neighbourhood: Neighbourhood,
    latitude: float,
    longitude: float,
    kind: str = LandmarkKind.OTHER,
    code: str = "",
) -> Landmark:
    """Add a landmark or correct one. Without a code it gets one of its neighbourhood, kind and name. REQUIRED, INVALID,
    DUPLICATE."""
    row = landmark or Landmark(source=str(BY_HAND))
    row.name = required(name, "name", _("Write the name of the landmark."), 120)
    row.name_key, row.kind, row.neighbourhood = (
        landmarks.landmark_key(row.name),
        choice(LandmarkKind, kind, "kind"),
        neighbourhood,
    )
    _require_in_country(latitude, longitude)
    row.latitude, row.longitude = latitude, longitude
    code = line(code) or row.code or landmarks.made_code(neighbourhood.code, row.kind, row.name)
    row.code = _short_enough(code, landmarks.LONGEST_CODE)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        refuse(ErrorCode.DUPLICATE, _("There is a landmark with this code already."), "code")
    record(verb="landmark_saved", about=row, by=by, label=row.name)
    return row


def _require_in_country(latitude: float, longitude: float) -> None:
    """INVALID for a point outside of Türkiye."""
    if not in_country(latitude, longitude):
        message = _("This point lies outside Türkiye. Check the latitude and the longitude.")
        refuse(ErrorCode.INVALID, message, "latitude")


def _short_enough(code: str, longest: int) -> str:
    """Return the code. INVALID for one that is too long."""
    if len(code) > longest:
        refuse(ErrorCode.INVALID, _("At most %(longest)s letters.") % {"longest": longest}, "code")
    return code
