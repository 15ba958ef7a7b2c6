"""The closed lists of the register of places."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StreetKind(models.TextChoices):
    STREET = "STREET", _("Street (sokak)")
    AVENUE = "AVENUE", _("Avenue (cadde)")
    BOULEVARD = "BOULEVARD", _("Boulevard (bulvar)")
    SQUARE = "SQUARE", _("Square (meydan)")
    OTHER = "OTHER", _("Other")


class LandmarkKind(models.TextChoices):
    """What a landmark is; the words that people use for it are in `landmarks`."""

    MOSQUE = "MOSQUE", _("Mosque (cami)")
    SCHOOL = "SCHOOL", _("School (okul)")
    PARK = "PARK", _("Park")
    HEALTH = "HEALTH", _("Hospital or health centre (hastane, sağlık ocağı)")
    PHARMACY = "PHARMACY", _("Pharmacy (eczane)")
    MARKET = "MARKET", _("Market place (pazar)")
    CEMETERY = "CEMETERY", _("Cemetery (mezarlık)")
    SPORTS = "SPORTS", _("Stadium or sports hall (stat, spor salonu)")
    OFFICE = "OFFICE", _("Public office (muhtarlık, karakol, belediye)")
    STATION = "STATION", _("Station or stop (metro, durak)")
    BRIDGE = "BRIDGE", _("Bridge or underpass (köprü, alt geçit)")
    OTHER = "OTHER", _("Other")


class PointSource(models.TextChoices):
    """Where the point of a case comes from, which says how far off it may be."""

    ENTERED = "ENTERED", _("Given with the case")
    PHOTO = "PHOTO", _("From a photo")
    STICKER = "STICKER", _("From the QR code")
    DOOR = "DOOR", _("Door in the register")
    LANDMARK = "LANDMARK", _("Beside a landmark")
    STREET = "STREET", _("Middle of the street")
    NEIGHBOURHOOD = "NEIGHBOURHOOD", _("Centre of the neighbourhood")
    NONE = "NONE", _("No place is known")


DERIVED = (
    PointSource.DOOR,
    PointSource.LANDMARK,
    PointSource.STREET,
    PointSource.NEIGHBOURHOOD,
    PointSource.NONE,
)
"""Found by the register: they follow the address, where it is corrected."""

APPROXIMATE = (PointSource.LANDMARK, PointSource.STREET, PointSource.NEIGHBOURHOOD)
"""Points that many cases share and at which nothing need be: no distance is measured from them."""

ACCURACY: dict[str, int] = {
    PointSource.ENTERED: 15,
    PointSource.PHOTO: 15,
    PointSource.STICKER: 5,
    PointSource.DOOR: 10,
    PointSource.LANDMARK: 80,
    PointSource.STREET: 250,
    PointSource.NEIGHBOURHOOD: 1000,
}
"""So many metres off a point may usually be."""
