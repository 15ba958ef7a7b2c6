"""The register of places: lists of streets, doors, landmarks and outlines; administrators keep single rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import or_dash
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.lists.neighbourhoods import in_neighbourhood
from admin_ui.core.screen import RegisterAdmin, ScopedAdmin
from backend.organization.models import Neighbourhood
from backend.places import actions
from backend.places.choices import LandmarkKind, StreetKind
from backend.places.models import Boundary, Door, Landmark, Street
from permissions.core import scope

MOST_OFFERED = 200


class StreetForm(OfficeForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("With its kind, such as “Gül Sokak”."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=StreetKind.choices, initial=StreetKind.STREET
    )
    neighbourhood = forms.ModelChoiceField(
        label=gettext_lazy("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort", "id"),
        to_field_name="code",
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Its number in the national address register (CSBM); empty: one is made."),
    )


class DoorForm(OfficeForm):
    street = forms.ModelChoiceField(
        label=gettext_lazy("Code of the street"),
        queryset=Street.objects.all(),
        to_field_name="code",
        widget=forms.TextInput,
        help_text=gettext_lazy("As the list of streets shows it."),
    )
    number = forms.CharField(label=gettext_lazy("Number"), max_length=20)
    latitude = forms.FloatField(label=gettext_lazy("Latitude"))
    longitude = forms.FloatField(label=gettext_lazy("Longitude"))
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, required=False)


class LandmarkForm(OfficeForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("With what it is, such as “Merkez Camii”."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=LandmarkKind.choices, initial=LandmarkKind.MOSQUE
    )
    neighbourhood = forms.ModelChoiceField(
        label=gettext_lazy("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort", "id"),
        to_field_name="code",
    )
    latitude = forms.FloatField(label=gettext_lazy("Latitude"))
    longitude = forms.FloatField(label=gettext_lazy("Longitude"))
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Its number where the data comes from; empty: one is made."),
    )


def _point(row: Any) -> str:
    return "" if row.latitude is None else f"{row.latitude:.5f}, {row.longitude:.5f}"


def _doors(row: Street) -> str:
    url = reverse("admin:places_door_changelist")
    return format_html('<a class="ok-link" href="{}?street={}">{}</a>', url, row.code, gettext_lazy("Show"))


class OfStreet(Choice):
    """Offers the first streets by name; any other one is reached from the list of streets, by its code."""

    def offers(self, value: str) -> bool:
        return Street.objects.filter(code=value).exists()


def _streets() -> Iterable[tuple[str, str]]:
    rows = Street.objects.select_related("neighbourhood").order_by("name_sort", "id")[:MOST_OFFERED]
    return [(row.code, f"{row.name} ({row.neighbourhood.name})") for row in rows]


NEIGHBOURHOOD = Column(
    gettext_lazy("Neighbourhood"), lambda row: row.neighbourhood.name, ("neighbourhood__name_sort",)
)
IN_NEIGHBOURHOOD = in_neighbourhood()


def _of_kind(rows: Any, value: str) -> Any:
    return rows.filter(kind=value)


ALL = (Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True, is_counted=False),)


class _Imported(RegisterAdmin):
    """A list whose rows mostly come by an import."""

    gate = page_access.members

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        buttons = super().buttons(request)
        upload = {
            "title": gettext_lazy("Import"),
            "url": reverse("admin:places_import"),
            "icon": "upload_file",
        }
        return [*buttons, upload] if buttons else []


@admin.register(Street)
class StreetAdmin(_Imported):
    form_of, keep = StreetForm, staticmethod(actions.save_street)
    new_title, new_icon = gettext_lazy("Add a street"), "add_road"
    columns = (
        Column(gettext_lazy("Name"), lambda row: row.name, ("name_sort",), "ok-wide"),
        Column(gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        NEIGHBOURHOOD,
        Column(gettext_lazy("Code"), lambda row: row.code, css="ok-nowrap"),
        Column(gettext_lazy("Middle"), lambda row: or_dash(_point(row)), css="ok-nowrap"),
        Column(gettext_lazy("Doors"), lambda row: row.code, css="ok-nowrap", html=_doors),
        Column(gettext_lazy("Source"), lambda row: or_dash(row.source), on_wish=True),
    )
    tabs = ALL
    filters = (
        IN_NEIGHBOURHOOD,
        Choice("kind", gettext_lazy("Kind"), lambda: StreetKind.choices, _of_kind),
    )
    order = ("name_sort", "pk")
    related = ("neighbourhood",)
    searches = True
    finds_in = ("name", "code", "neighbourhood__name")
    intro = gettext_lazy(
        "The streets of the district as far as each runs through one neighbourhood. By them an address in words"
        " is understood, and a case gets its point."
    )
    empty = gettext_lazy(
        "No street is on record yet. Import a table of the national address register (UAVT, MAKS), or add one."
    )


@admin.register(Door)
class DoorAdmin(_Imported):
    form_of, keep = DoorForm, staticmethod(actions.save_door)
    new_title, new_icon = gettext_lazy("Add a door"), "door_front"
    columns = (
        Column(gettext_lazy("Street"), lambda row: row.street.name, ("street__name_sort",), "ok-wide"),
        Column(gettext_lazy("Door number"), lambda row: row.number, css="ok-nowrap"),
        Column(gettext_lazy("Neighbourhood"), lambda row: row.street.neighbourhood.name),
        Column(gettext_lazy("Point"), _point, css="ok-nowrap"),
        Column(gettext_lazy("Code"), lambda row: or_dash(row.code), css="ok-nowrap"),
    )
    tabs = ALL
    filters = (
        in_neighbourhood("street__neighbourhood"),
        OfStreet(
            "street", gettext_lazy("Street"), _streets, lambda rows, code: rows.filter(street__code=code)
        ),
    )
    order = ("street_id", "number", "pk")
    related = ("street__neighbourhood",)
    searches = True
    finds_in = ("street__name", "number", "code")
    intro = gettext_lazy("The outer doors of the streets with their numbers and points.")
    empty = gettext_lazy(
        "No door is on record yet. Import a table of the national address register (UAVT, MAKS)."
    )


@admin.register(Landmark)
class LandmarkAdmin(_Imported):
    form_of, keep = LandmarkForm, staticmethod(actions.save_landmark)
    new_title, new_icon = gettext_lazy("Add a landmark"), "add_location"
    columns = (
        Column(gettext_lazy("Name"), lambda row: row.name, ("name_sort",), "ok-wide"),
        Column(gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        NEIGHBOURHOOD,
        Column(gettext_lazy("Point"), _point, css="ok-nowrap"),
        Column(gettext_lazy("Code"), lambda row: row.code, css="ok-nowrap", on_wish=True),
        Column(gettext_lazy("Source"), lambda row: or_dash(row.source), on_wish=True),
    )
    tabs = ALL
    filters = (
        IN_NEIGHBOURHOOD,
        Choice("kind", gettext_lazy("Kind"), lambda: LandmarkKind.choices, _of_kind),
    )
    order = ("name_sort", "pk")
    related = ("neighbourhood",)
    searches = True
    finds_in = ("name", "code", "neighbourhood__name")
    intro = gettext_lazy(
        "What people name instead of an address: “next to the mosque”, “opposite Merkez Camii”. Where exactly one fits,"
        " a case gets its point; where several fit, the nearest is proposed."
    )
    empty = gettext_lazy(
        "No landmark is on record yet. Import a table or GeoJSON of mosques, schools and parks, or add one."
    )


@admin.register(Boundary)
class BoundaryAdmin(ScopedAdmin):
    gate = page_access.members
    columns = (
        Column(
            gettext_lazy("Neighbourhood"),
            lambda row: row.neighbourhood.name,
            ("neighbourhood__name_sort",),
            "ok-wide",
        ),
        Column(gettext_lazy("Polygons"), lambda row: len(row.rings), css="ok-number"),
        Column(
            gettext_lazy("Points"),
            lambda row: sum(len(ring) for polygon in row.rings for ring in polygon),
            css="ok-number",
        ),
        Column(gettext_lazy("Source"), lambda row: or_dash(row.source)),
    )
    tabs = ALL
    order = ("neighbourhood__name_sort", "pk")
    searches = True
    finds_in = ("neighbourhood__name",)
    intro = gettext_lazy(
        "The outlines of the neighbourhoods. A point outside all of them lies outside the district: the case is"
        " recorded all the same, and its page says so."
    )
    empty = gettext_lazy("No outline is on record yet. Import the neighbourhoods as GeoJSON.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Boundary]:
        return scope.visible(Boundary).select_related("neighbourhood")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(Boundary, scope.Action.CHANGE):
            return []
        return [
            {"title": gettext_lazy("Import"), "url": reverse("admin:places_import"), "icon": "upload_file"}
        ]
