"""Keeping single streets, doors and landmarks of the register; whole files come by an import (`importing`)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import ErrorCode
from backend.core.validation import choice, refuse, required
from backend.core.words.text import line
from backend.journal.actions import record
from backend.organization.models import Neighbourhood, User
from backend.places.bounds import in_country
from backend.places.choices import LandmarkKind, StreetKind
from backend.places.landmarks import landmark_key
from backend.places.models import Door, Landmark, Street
from backend.places.words import door_number, name_key

BY_HAND = _("Entered by hand")


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
    code = line(code) or row.code or f"{neighbourhood.code}/{row.name_key}/{row.kind}"[:40]
    if len(code) > 40:
        refuse(ErrorCode.INVALID, _("At most %(longest)s letters.") % {"longest": 40}, "code")
    row.code = code
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
    if not in_country(latitude, longitude):
        message = _("This point lies outside Türkiye. Check the latitude and the longitude.")
        refuse(ErrorCode.INVALID, message, "latitude")
    row.latitude, row.longitude, row.code = latitude, longitude, line(code)
    if len(row.code) > 40:
        refuse(ErrorCode.INVALID, _("At most %(longest)s letters.") % {"longest": 40}, "code")
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
        landmark_key(row.name),
        choice(LandmarkKind, kind, "kind"),
        neighbourhood,
    )
    if not in_country(latitude, longitude):
        message = _("This point lies outside Türkiye. Check the latitude and the longitude.")
        refuse(ErrorCode.INVALID, message, "latitude")
    row.latitude, row.longitude = latitude, longitude
    code = line(code) or row.code or f"{neighbourhood.code}/{row.kind}/{row.name_key}"[:60]
    if len(code) > 60:
        refuse(ErrorCode.INVALID, _("At most %(longest)s letters.") % {"longest": 60}, "code")
    row.code = code
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        refuse(ErrorCode.DUPLICATE, _("There is a landmark with this code already."), "code")
    record(verb="landmark_saved", about=row, by=by, label=row.name)
    return row
