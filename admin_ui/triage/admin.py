"""The versions of the router, to go back to one, and its published score by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import date_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from backend.core.operation.worker import worker_lives
from backend.organization.models import Category
from backend.triage import actions, runs, training  # noqa: F401 - declares the verbs
from backend.triage.choices import Standing
from backend.triage.models import RouterScore, RouterVersion
from backend.triage.moves import router_action
from permissions.core import scope
from permissions.core.scope import Action

TONES = {
    Standing.IN_FORCE: "green",
    Standing.WEAK: "orange",
    Standing.WAITING: "orange",
    Standing.RUNNING: "blue",
    Standing.FAILED: "red",
}
FOLLOWED_SECONDS = 2
STEPS = {
    "read": gettext_lazy("Applications are being read."),
    "judge": gettext_lazy("It is being measured how sure it may be."),
    "fit": gettext_lazy("It is being learned."),
}


class TrainForm(OfficeForm):
    cases = forms.IntegerField(
        label=gettext_lazy("From so many of the newest answered applications"),
        min_value=training.LEAST_CASES,
        max_value=training.MOST_CASES,
        initial=training.MOST_CASES,
        help_text=gettext_lazy("Fewer take less time and memory."),
    )


def may_see_versions() -> bool:
    return page_access.sees_all(RouterVersion)


def _percent(value: int | None) -> str:
    return or_dash("" if value is None else _("%(share)s %%") % {"share": value})


def _status(row: RouterVersion) -> str:
    if row.is_silent:
        return badge(_("No answer"), "red")
    words = _("In force, held") if row.is_held else row.get_status_display()
    return badge(words, TONES.get(Standing(row.status), "grey"))


@admin.register(RouterVersion)
class RouterVersionAdmin(ActionAdmin[RouterVersion]):
    gate = may_see_versions
    detail_template = "admin_ui/router_version.html"
    columns = (
        Column(gettext_lazy("Version"), lambda row: row.number, ("number",), "ok-nowrap"),
        Column(gettext_lazy("Learned at"), lambda row: row.trained_at, css="ok-nowrap"),
        Column(gettext_lazy("Status"), lambda row: row.get_status_display(), css="ok-nowrap", html=_status),
        Column(gettext_lazy("From applications"), lambda row: row.cases),
        Column(
            gettext_lazy("Spoke"), lambda row: row.spoke_percent, html=lambda row: _percent(row.spoke_percent)
        ),
        Column(
            gettext_lazy("Of these right"),
            lambda row: row.right_percent,
            html=lambda row: _percent(row.right_percent),
        ),
        Column(
            gettext_lazy("First right"),
            lambda row: row.first_right_percent,
            html=lambda row: _percent(row.first_right_percent),
        ),
        Column(
            gettext_lazy("Words alone"),
            lambda row: row.words_right_percent,
            html=lambda row: _percent(row.words_right_percent),
        ),
    )
    tabs = (Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),)
    order = ("-number",)
    intro = gettext_lazy(
        "Each night the house learns from its closed applications whose a new one may be; nothing leaves it. A version"
        " is measured on the newest applications, which it had not seen, and comes into force where it is right more"
        " often than the words of the catalogue."
    )
    empty = gettext_lazy(
        "Nothing was learned yet: a hundred answered applications are needed. Until then the words of the catalogue"
        " propose."
    )
    steps = steps_of(router_action, {})

    def get_queryset(self, request: HttpRequest) -> QuerySet[RouterVersion]:
        return scope.visible(RouterVersion).select_related("put_in_force_by")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        url = reverse("admin:triage_routerscore_changelist")
        links = [{"title": _("Score by month"), "url": url, "icon": "monitoring"}]
        if page_access.holds(RouterVersion, Action.REGISTER):
            links.append({"title": _("Train now"), "url": self.url("train"), "icon": "model_training"})
        return links

    def more_urls(self) -> list[URLPattern]:
        return [*super().more_urls(), self.route("train/", self.train_view, "train")]

    def train_view(self, request: StaffRequest) -> HttpResponse:
        """Ask whether it shall be learned now; the training has the page of the version that it becomes."""
        page_access.require(RouterVersion, Action.REGISTER)
        form = TrainForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(RouterVersion, Action.REGISTER):
                    row = runs.start(by=request.user, **form.cleaned_data)
                return HttpResponseRedirect(self.url("change", row.key))
        context = {
            "title": _("Train now"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Train now"),
            "intro": _(
                "It is learned from the newest answered applications, which takes some minutes; nothing leaves the"
                " house. The result is a new version, and comes into force where it is right more often than the words"
                " of the catalogue."
            ),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def details(self, request: HttpRequest, row: RouterVersion) -> dict[str, object]:
        return {
            "title": _("Version %(number)s of the router") % {"number": row.number},
            "status": _status(row),
            "follow": FOLLOWED_SECONDS if row.is_open else 0,
            "is_without_worker": row.status == Standing.WAITING and not worker_lives(),
            "step": STEPS.get(row.step, _("Applications are being collected.")),
            "is_learned": not row.is_open and row.status != Standing.FAILED,
            "shares": [
                (_("Spoke"), _percent(row.spoke_percent)),
                (_("Of these right"), _percent(row.right_percent)),
                (_("First right, of all"), _percent(row.first_right_percent)),
                (_("First of the words right, of all"), _percent(row.words_right_percent)),
            ],
        }


def _categories() -> Iterable[tuple[str, str]]:
    rows = Category.objects.filter(parent__isnull=False).order_by("name_sort", "id")
    return [("none", _("All applications that ended")), *((row.code, row.name) for row in rows)]


def _of(rows: QuerySet[RouterScore], code: str) -> QuerySet[RouterScore]:
    return rows.filter(category__isnull=True) if code == "none" else rows.filter(category__code=code)


@admin.register(RouterScore)
class RouterScoreAdmin(ScopedAdmin):
    gate = page_access.members
    columns = (
        Column(
            gettext_lazy("Month"),
            lambda row: row.month,
            ("month",),
            "ok-nowrap",
            html=lambda row: date_text(row.month, "F Y"),
        ),
        Column(
            gettext_lazy("Category"),
            lambda row: row.category.name if row.category else _("All applications that ended"),
            css="ok-wide",
        ),
        Column(gettext_lazy("Applications (about)"), lambda row: row.cases),
        Column(
            gettext_lazy("Spoke"), lambda row: row.spoke_percent, html=lambda row: _percent(row.spoke_percent)
        ),
        Column(
            gettext_lazy("Of these right"),
            lambda row: row.right_percent,
            html=lambda row: _percent(row.right_percent),
        ),
        Column(
            gettext_lazy("Of these changed by people"),
            lambda row: row.changed_percent,
            html=lambda row: _percent(row.changed_percent),
        ),
    )
    tabs = (
        Tab(
            "whole",
            gettext_lazy("All applications that ended"),
            lambda rows: rows.filter(category__isnull=True),
        ),
        Tab("parts", gettext_lazy("By category"), lambda rows: rows.filter(category__isnull=False)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (Choice("category", gettext_lazy("Category"), _categories, _of),)
    order = ("-month", "pk")
    intro = gettext_lazy(
        "What was proposed of each application when it came, against what it became, in the month in which it ended. Of"
        " fewer than twenty no share is published."
    )
    empty = gettext_lazy(
        "Nothing is published yet: it is counted each night, from twenty answered applications of a month on."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RouterScore]:
        return scope.visible(RouterScore).select_related("category")
