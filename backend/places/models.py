"""The register of places: streets with their lines, doors and landmarks with their points, outlines of neighbourhoods.

Reference data: names of streets and numbers of houses, of no person. Points are in degrees (WGS 84); in a list each is
[longitude, latitude], as GeoJSON writes it. PostgreSQL's own types, `point` and `box`, have GiST indexes that find
what is nearest.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId, Sourced, sort_column
from backend.organization.models import Neighbourhood
from backend.places.choices import LandmarkKind, StreetKind
from backend.places.geometry import Box
from backend.places.imports import RegisterImport as RegisterImport

POINT = Func(F("longitude"), F("latitude"), function="point")
BOX = Func(
    Func(F("west"), F("south"), function="point"),
    Func(F("east"), F("north"), function="point"),
    function="box",
)


class Boxed(models.Model):
    """A row that takes up room: the smallest rectangle around it, null where its shape is not known."""

    west = models.FloatField(null=True, editable=False)
    south = models.FloatField(null=True, editable=False)
    east = models.FloatField(null=True, editable=False)
    north = models.FloatField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def box(self) -> Box | None:
        """The rectangle, None where the shape is not known."""
        corners = self.west, self.south, self.east, self.north
        return None if None in corners else Box(*corners)  # type: ignore[arg-type]


class Street(Sourced, Boxed, PublicId):
    """A street as far as it runs through one neighbourhood: a CSBM of the national address register (UAVT)."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    """The name without its kind, in the form in which two spellings are equal (`address.name_key`)."""
    kind = models.CharField(_("kind"), max_length=10, choices=StreetKind, default=StreetKind.STREET)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="streets", verbose_name=_("neighbourhood")
    )
    line = models.JSONField(_("line"), default=list, blank=True)
    """Its course as a list of [longitude, latitude]; empty where it is not known."""
    latitude = models.FloatField(_("latitude"), null=True, editable=False)
    longitude = models.FloatField(_("longitude"), null=True, editable=False)
    """Its middle: half way along its line, or among its doors."""
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        default_permissions = ()
        indexes = [
            models.Index(fields=["name_sort", "id"], name="street_by_name"),
            models.Index(fields=["name_key"], name="street_by_key"),
            GinIndex(OpClass(F("name_key"), name="gin_trgm_ops"), name="street_alike"),
            GistIndex(BOX, name="street_nearest"),
        ]

    def __str__(self) -> str:
        return self.name


class Door(PublicId):
    """An outer door (dış kapı) of a street, with its number."""

    street = models.ForeignKey(
        Street, models.CASCADE, related_name="doors", verbose_name=_("street"), db_index=False
    )
    number = models.CharField(_("number"), max_length=20)
    code = models.CharField(_("code"), max_length=40, blank=True)
    """Its code in the national address register, if that is known."""
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))

    class Meta:
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        default_permissions = ()
        indexes = [GistIndex(POINT, name="door_nearest")]
        constraints = [
            models.UniqueConstraint(fields=["street", "number"], name="a_number_once_a_street"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="a_door_once_a_code"),
        ]

    def __str__(self) -> str:
        return self.number


class Landmark(Sourced, PublicId):
    """A place that people name instead of an address: a mosque, a school, a park."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    """The name without the word for its kind, in the form in which two spellings are equal (`landmarks`)."""
    kind = models.CharField(_("kind"), max_length=10, choices=LandmarkKind, default=LandmarkKind.OTHER)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.PROTECT, related_name="landmarks", verbose_name=_("neighbourhood")
    )
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("landmark")
        verbose_name_plural = _("landmarks")
        default_permissions = ()
        indexes = [
            models.Index(fields=["name_sort", "id"], name="landmark_by_name"),
            models.Index(fields=["name_key"], name="landmark_by_key"),
            models.Index(fields=["kind", "neighbourhood"], name="landmark_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(Sourced, Boxed, PublicId):
    """The outline of a neighbourhood: polygons, each of rings of [longitude, latitude], the outer one first."""

    neighbourhood = models.OneToOneField(
        Neighbourhood, models.CASCADE, related_name="boundary", verbose_name=_("neighbourhood")
    )
    rings = models.JSONField(_("polygons"), default=list)

    class Meta:
        verbose_name = _("boundary of a neighbourhood")
        verbose_name_plural = _("boundaries of neighbourhoods")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.neighbourhood)
