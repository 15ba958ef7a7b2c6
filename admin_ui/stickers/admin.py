"""The register of places with a QR code: a list, one form that adds or corrects one, and the sheets to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.lists.neighbourhoods import in_neighbourhood
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import RegisterAdmin, page, pdf_answer
from backend.organization.models import Category, Department, Neighbourhood
from backend.stickers import actions, paper
from backend.stickers.models import Sticker
from permissions.core import scope


class StickerForm(OfficeForm):
    label = forms.CharField(
        label=gettext_lazy("Place or object"),
        max_length=120,
        help_text=gettext_lazy("As the sticker says it, such as “Cumhuriyet Parkı, çocuk oyun alanı”."),
    )
    neighbourhood = forms.ModelChoiceField(
        label=gettext_lazy("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("none"),
    )
    street = forms.CharField(label=gettext_lazy("Street"), max_length=120, required=False)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=20, required=False)
    description = forms.CharField(
        label=gettext_lazy("Description of the place"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as “okulun karşısındaki durak” or “direk no 114”."),
    )
    latitude = forms.FloatField(label=gettext_lazy("Latitude"), required=False)
    longitude = forms.FloatField(label=gettext_lazy("Longitude"), required=False)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.filter(is_active=True, parent__isnull=False).order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("the citizen chooses"),
        help_text=gettext_lazy("What reports there are about; the citizen can choose another one."),
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("as the category says"),
        help_text=gettext_lazy("It is proposed first when an application from there is routed."),
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Without this tick the code opens the ordinary form: the sticker was withdrawn."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments: Any = self.fields["department"]
        departments.queryset = Department.objects.open().in_order()


def _status(row: Sticker) -> str:
    if not row.is_active:
        return badge(gettext_lazy("withdrawn"), "grey")
    if row.printed_at is None:
        return badge(gettext_lazy("to be printed"), "orange")
    return badge(gettext_lazy("in use"), "green")


def _status_text(row: Sticker) -> Any:
    if not row.is_active:
        return gettext_lazy("withdrawn")
    return gettext_lazy("to be printed") if row.printed_at is None else gettext_lazy("in use")


def _applications(row: Sticker) -> str:
    url = reverse("admin:complaints_complaint_changelist")
    return format_html(
        '<a class="ok-link" href="{}?tab=all&amp;sticker={}">{}</a>', url, row.code, gettext_lazy("Show")
    )


def _categories() -> Iterable[tuple[str, str]]:
    rows = Category.objects.filter(parent__isnull=False).order_by("name_sort", "id")
    return [(row.code, row.name) for row in rows]


def _departments() -> Iterable[tuple[str, str]]:
    return [(row.code, row.short_name) for row in Department.objects.in_order()]


class SheetsForm(OfficeForm):
    """Which stickers are printed, and where on the first sheet they begin."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which ones"),
        choices=(
            ("new", gettext_lazy("Those that are to be printed")),
            ("all", gettext_lazy("All in use")),
        ),
        initial="new",
    )
    neighbourhood = forms.ModelChoiceField(
        label=gettext_lazy("Neighbourhood"),
        queryset=Neighbourhood.objects.order_by("name_sort", "id"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("all of them"),
    )
    code = forms.CharField(
        label=gettext_lazy("Only this code"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("For one that was lost or damaged, such as 7G2K-0QXM."),
    )
    free = forms.IntegerField(
        label=gettext_lazy("Places on the first sheet that are used already"),
        min_value=0,
        max_value=paper.A_SHEET - 1,
        initial=0,
    )

    def rows(self) -> QuerySet[Sticker]:
        """Return what is to be printed, in order of neighbourhoods."""
        wish = self.cleaned_data
        rows = scope.visible(Sticker.objects.in_use())
        if wish["code"].strip():
            rows = rows.of_code(wish["code"])
        elif wish["which"] == "new":
            rows = rows.to_print()
        if wish["neighbourhood"] is not None:
            rows = rows.filter(neighbourhood=wish["neighbourhood"])
        return rows.select_related("neighbourhood").order_by("neighbourhood__name_sort", "label_sort", "pk")


@admin.register(Sticker)
class StickerAdmin(RegisterAdmin):
    gate = page_access.members
    form_of, keep = StickerForm, staticmethod(actions.save_sticker)
    new_title, new_icon = gettext_lazy("Add a place"), "qr_code_2"
    columns = (
        Column(gettext_lazy("Place or object"), lambda row: row.label, ("label_sort",), "ok-wide"),
        Column(
            gettext_lazy("Neighbourhood"),
            lambda row: row.neighbourhood and row.neighbourhood.name,
            ("neighbourhood__name_sort",),
        ),
        Column(gettext_lazy("Where"), lambda row: or_dash(row.place)),
        Column(gettext_lazy("Code"), lambda row: row.code, css="ok-nowrap"),
        Column(gettext_lazy("Category"), lambda row: row.category and row.category.name),
        Column(gettext_lazy("Department"), lambda row: row.department and row.department.short_name),
        Column(gettext_lazy("Status"), _status_text, css="ok-nowrap", html=_status),
        Column(
            gettext_lazy("Printed on"),
            lambda row: row.printed_at,
            ("printed_at",),
            "ok-nowrap",
            on_wish=True,
        ),
        Column(gettext_lazy("Applications"), lambda row: row.url, css="ok-nowrap", html=_applications),
    )
    tabs = (
        Tab("used", gettext_lazy("In use"), lambda rows: rows.in_use()),
        Tab("print", gettext_lazy("To be printed"), lambda rows: rows.to_print()),
        Tab("withdrawn", gettext_lazy("Out of use"), lambda rows: rows.filter(is_active=False)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        in_neighbourhood(),
        Choice(
            "category",
            gettext_lazy("Category"),
            _categories,
            lambda rows, code: rows.filter(category__code=code),
        ),
        Choice(
            "department",
            gettext_lazy("Department"),
            _departments,
            lambda rows, code: rows.filter(department__code=code),
        ),
    )
    order = ("label_sort", "pk")
    related = ("neighbourhood", "category", "department")
    searches = True
    finds_in = ("label", "street", "description", "code", "neighbourhood__name")
    intro = gettext_lazy(
        "Parks, street lamps, bus shelters: each has a sticker with a QR code of its own. Who scans it reports what is"
        " wrong there with the place filled in. The code never changes; a lost sticker is printed again."
    )
    empty = gettext_lazy(
        "No place has a QR code yet. Add the places and objects about which people report most, then print the sheets."
    )

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        buttons = super().buttons(request)
        if not buttons:
            return []
        sheets = {"title": gettext_lazy("Print sheets"), "url": self.url("sheets"), "icon": "print"}
        return [*buttons, sheets]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("sheets/", self.sheets, "sheets"), *super().more_urls()]

    def sheets(self, request: StaffRequest) -> HttpResponse:
        """Ask which stickers are printed, and give them out as PDF; that they were printed is remembered."""
        page_access.require(Sticker, scope.Action.CHANGE)
        form = SheetsForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            rows = list(form.rows()[: paper.MOST])
            if rows:
                with scope.elevated_for(Sticker, scope.Action.CHANGE) as viewer:
                    actions.note_printed(rows, by=viewer.user)
                return pdf_answer(paper.sheets(rows, form.cleaned_data["free"]), "Karekod etiketleri")
            messages.info(request, gettext_lazy("Nothing of that is to be printed."))
            return HttpResponseRedirect(self.url("sheets"))
        waiting = scope.visible(Sticker.objects.to_print()).count()
        waiting_text = ngettext("%(count)s is to be printed.", "%(count)s are to be printed.", waiting)
        context = {
            "title": gettext_lazy("Print sheets"),
            "parents": [self.crumb()],
            "form": form,
            "submit": gettext_lazy("Make the PDF"),
            "intro": format_html(
                "{} {}",
                waiting_text % {"count": waiting},
                gettext_lazy("Eight of 105 × 74 mm on a sheet of A4, at most 400 at once; print at 100 %."),
            ),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)
