"""Destruction runs (Silme Yönetmeliği m.11): their list, approval by another person, carrying out, and the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, steps_of
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.core.stories import of_lines
from backend.core.localtime import local_date
from backend.retention import actions
from backend.retention.choices import ItemStatus, Kind, Method, Skipped, Status
from backend.retention.models import (
    DestructionItem,
    DestructionLine,
    DestructionRun,
)
from backend.retention.moves import destruction_action
from backend.retention.story import EventType
from permissions.core import scope
from permissions.core.filters import Action

TONES = {
    Status.PREPARED: "orange",
    Status.APPROVED: "blue",
    Status.RUNNING: "blue",
    Status.STOPPED: "orange",
    Status.DONE: "green",
    Status.REJECTED: "grey",
}
NAMED = 50


def may_see() -> bool:
    return page_access.sees_some(DestructionRun)


# -- runs -----------------------------------------------------------------------------------------------------
def _title(row: DestructionRun) -> str:
    return badge(row.get_status_display(), TONES[Status(row.status)])


def warning() -> str:
    """What the law asks for now (Silme Yönetmeliği m.11): a run at least every six months; "" for nothing."""
    if not actions.is_overdue():
        return ""
    last = actions.last_done_on()
    if last is None:
        return _(
            "No periodic destruction was ever carried out: the law asks for one at least every six months."
        )
    text = _("The last periodic destruction was on %(day)s: the law asks for one at least every six months.")
    return text % {"day": day_text(last)}


@admin.register(DestructionRun)
class DestructionRunAdmin(ActionAdmin[DestructionRun]):
    searches = True
    finds_in = ("reference", "status")
    gate = staticmethod(may_see)
    detail_template = "admin_ui/destruction.html"
    columns = (
        Column(gettext_lazy("Number"), lambda row: row.reference, ("prepared_at",), "ok-nowrap"),
        Column(gettext_lazy("Status"), _title),
        Column(gettext_lazy("Lines"), lambda row: f"{row.settled} / {row.items}", css="ok-number"),
        Column(gettext_lazy("Prepared by"), lambda row: or_dash(row.prepared_by)),
        Column(gettext_lazy("Approved by"), lambda row: or_dash(row.approved_by)),
        Column(
            gettext_lazy("Carried out"),
            lambda row: local_date(row.ended_at) if row.status == Status.DONE else None,
            css="ok-nowrap",
        ),
    )
    tabs = (
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
        Tab("way", gettext_lazy("Under way"), lambda rows: rows.under_way()),
    )
    order = ("-prepared_at", "-pk")
    empty = gettext_lazy(
        "Nothing was ever destroyed. Prepare a list of what is due; another person approves it before anything happens."
    )
    page_relations = ("prepared_by", "approved_by")
    steps = steps_of(destruction_action, {})

    def get_queryset(self, request: HttpRequest) -> QuerySet[DestructionRun]:
        return scope.visible(DestructionRun).select_related("prepared_by", "approved_by")

    @property
    def intro(self) -> str:  # type: ignore[override]
        return warning() or _(
            "Periodic destruction (Silme Yönetmeliği m.11): a list is prepared, another person approves it, it is"
            " carried out, and the record of it stays."
        )

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(DestructionRun, Action.REGISTER):
            return []
        return [{"title": _("Prepare a list"), "url": self.url("new"), "icon": "delete_sweep"}]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("new/", self.prepare, "new")]

    def get_urls(self) -> list[URLPattern]:
        return [self.route("new/", self.prepare, "new"), *super().get_urls()]

    def prepare(self, request: HttpRequest) -> HttpResponse:
        """Freeze the list of what is due today."""
        page_access.require(DestructionRun, Action.REGISTER)
        form = OfficeForm(request.POST or None)
        if request.method == "POST":
            form = OfficeForm(request.POST)
            form.is_valid()
            with form.refusals():
                with scope.elevated_for(DestructionRun, Action.REGISTER) as viewer:
                    row = actions.prepare(by=viewer.user)
                return HttpResponseRedirect(self.url("change", row.key))
        context = {
            "title": _("Prepare a list"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Prepare the list of what is due today"),
            "intro": _("Nothing is destroyed by this: the list waits for the approval of another person."),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def details(self, request: HttpRequest, row: DestructionRun) -> dict[str, object]:
        items = scope.visible(DestructionItem).filter(destruction=row)
        counts = items.values("kind", "method", "status", "skipped").annotate(
            lines=Count("pk"), done=Sum("rows")
        )
        return {
            "title": row.reference,
            "status": _title(row),
            "counts": [
                {
                    "kind": Kind(count["kind"]).label,
                    "method": Method(count["method"]).label,
                    "status": ItemStatus(count["status"]).label,
                    "why": Skipped(count["skipped"]).label if count["skipped"] else "",
                    "lines": count["lines"],
                    "rows": count["done"],
                }
                for count in counts.order_by("kind", "method", "status", "skipped")
            ],
            "items": list(items.select_related("rule").order_by("pk")[:NAMED]),
            "list_url": f"{reverse('admin:retention_destructionitem_changelist')}?run={row.key}",
            "story": of_lines(
                scope.visible(DestructionLine)
                .filter(destruction=row)
                .select_related("actor")
                .order_by("at", "pk"),
                EventType,
                lambda line: [],
            ),
            "percent": 100 * row.settled // row.items if row.items else 0,
        }


def _runs() -> list[tuple[str, str]]:
    rows = scope.visible(DestructionRun).order_by("-prepared_at")[:NAMED]
    return [(str(row.key), row.reference) for row in rows]


@admin.register(DestructionItem)
class DestructionItemAdmin(ScopedAdmin):
    searches = True
    finds_in = ("label", "kind", "ground")
    gate = staticmethod(may_see)
    columns = (
        Column(gettext_lazy("Destruction"), lambda row: row.destruction.reference, css="ok-nowrap"),
        Column(gettext_lazy("What"), lambda row: row.get_kind_display(), css="ok-wide"),
        Column(
            gettext_lazy("Record"),
            lambda row: row.day if row.day and not row.label else or_dash(str(row)),
        ),
        Column(gettext_lazy("Due since"), lambda row: row.due_on, css="ok-nowrap"),
        Column(gettext_lazy("Method"), lambda row: row.get_method_display()),
        Column(gettext_lazy("Ground"), lambda row: row.ground),
        Column(
            gettext_lazy("Status"),
            lambda row: row.get_skipped_display() if row.skipped else row.get_status_display(),
        ),
    )
    filters = (
        Choice(
            "run",
            gettext_lazy("Destruction"),
            _runs,
            lambda rows, key: rows.filter(destruction__key=key),
        ),
        Choice("kind", gettext_lazy("What"), lambda: Kind.choices, lambda rows, x: rows.filter(kind=x)),
    )
    tabs = (
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
        Tab("out", gettext_lazy("Left out"), lambda rows: rows.filter(status=ItemStatus.SKIPPED)),
    )
    order = ("destruction", "pk")
    intro = gettext_lazy(
        "The lists of all destructions. They name no person, and no user can change or delete them."
    )
    empty = gettext_lazy("No list was prepared yet. Prepare one: it only shows what is due.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DestructionItem]:
        return scope.visible(DestructionItem).select_related("destruction")
