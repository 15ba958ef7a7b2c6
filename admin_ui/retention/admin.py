"""Retention (KVKK m.7): the rules, and the holds that stop destruction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.listing import Column, Listing, Tab
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.retention.holds import HELD_ON
from backend.core.localtime import local_date
from backend.retention import actions
from backend.retention.choices import Kind
from backend.retention.models import (
    DestructionRun,
    LegalHold,
    RetentionRule,
)
from permissions.core import scope
from permissions.core.filters import Action


def may_see() -> bool:
    return page_access.sees_some(DestructionRun)


# -- rules ----------------------------------------------------------------------------------------------------
class RuleForm(OfficeForm):
    years = forms.IntegerField(label=gettext_lazy("Kept for how many years"), min_value=1, max_value=101)
    source = forms.CharField(
        label=gettext_lazy("Legal source"),
        max_length=300,
        widget=text_area(2),
        help_text=gettext_lazy("The law, or the decision and the line of the saklama planı."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("In force"), required=False)


@admin.register(RetentionRule)
class RetentionRuleAdmin(ScopedAdmin):
    searches = True
    finds_in = ("code", "kind", "regime", "source")
    gate = staticmethod(may_see)
    columns = (
        Column(gettext_lazy("What"), lambda row: row.get_kind_display(), css="ok-wide"),
        Column(gettext_lazy("Legal regime"), lambda row: or_dash(row.get_regime_display())),
        Column(gettext_lazy("Years"), lambda row: row.years, css="ok-number"),
        Column(gettext_lazy("Method"), lambda row: row.get_method_display()),
        Column(gettext_lazy("Legal source"), lambda row: row.source),
        Column(
            gettext_lazy("Status"),
            lambda row: badge(_("in force"), "green") if row.is_active else badge(_("not in force"), "grey"),
        ),
    )
    order = ("kind", "regime", "pk")
    intro = gettext_lazy(
        "How long what is kept, counted from which event, and what happens then. A law that asks for longer prevails"
        " (archive, saklama süreli standart dosya planı); a legal hold stops everything."
    )
    empty = gettext_lazy("No rule is kept yet: nothing is ever due. The rules come with the reference data.")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        listing.url_of = self.url_of if page_access.holds(RetentionRule, Action.CHANGE) else None
        return listing

    def more_urls(self) -> list[URLPattern]:
        return [self.route("<uuid:key>/change/", self.edit, "change")]

    def edit(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Change the years, the source, or whether it holds."""
        page_access.require(RetentionRule, Action.CHANGE)
        row = scope.get(RetentionRule, key)
        form = RuleForm(request.POST or None, initial={n: getattr(row, n) for n in RuleForm.base_fields})
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.authorized(Action.CHANGE, RetentionRule, key) as rule:
                    actions.save_rule(rule, by=scope.current_viewer().user, **form.cleaned_data)
                messages.success(request, _("It is kept."))
                return HttpResponseRedirect(self.url("changelist"))
        context = {"title": str(row), "parents": [self.crumb()], "form": form, "submit": _("Keep")}
        return page(self.admin_site, request, "admin_ui/form.html", context | {"intro": self.intro})


# -- holds ----------------------------------------------------------------------------------------------------
class HoldForm(OfficeForm):
    kind = forms.ChoiceField(label=gettext_lazy("On everything of this kind"), choices=Kind.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=text_area(2),
        help_text=gettext_lazy("The lawsuit, inspection or objection, with its number."),
    )


class ReasonForm(OfficeForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=text_area(2))


def _on(hold: LegalHold) -> str | Promise:
    """What the hold stands on, as a link where the viewer sees it; no name."""
    for name, field in (("case", "complaint"), ("request", "request"), ("event", "event")):
        if row := getattr(hold, field):
            return f"{_HELD_WORDS[name]} {row.reference}"
    return _HELD_WORDS["citizen"] if hold.citizen_id else _("everything of this kind")


_HELD_WORDS = {
    "case": gettext_lazy("application"),
    "request": gettext_lazy("request for an appointment"),
    "event": gettext_lazy("event"),
    "citizen": gettext_lazy("one person"),
}


@admin.register(LegalHold)
class LegalHoldAdmin(ScopedAdmin):
    searches = True
    finds_in = ("reason", "kind")
    gate = staticmethod(lambda: page_access.sees_some(LegalHold))
    columns = (
        Column(gettext_lazy("What"), lambda row: row.get_kind_display(), css="ok-wide"),
        Column(gettext_lazy("On"), _on),
        Column(gettext_lazy("Reason"), lambda row: row.reason),
        Column(
            gettext_lazy("Since"),
            lambda row: local_date(row.placed_at),
            ("placed_at",),
            "ok-nowrap",
        ),
        Column(gettext_lazy("By"), lambda row: or_dash(row.placed_by)),
        Column(
            gettext_lazy("Status"),
            lambda row: badge(_("lifted"), "grey") if row.lifted_at else badge(_("stands"), "red"),
        ),
    )
    tabs = (
        Tab("standing", gettext_lazy("Standing"), lambda rows: rows.standing()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    order = ("-placed_at", "-pk")
    intro = gettext_lazy(
        "Nothing on which a hold stands is destroyed or anonymised until it is lifted. A hold on a person covers all"
        " that is theirs. It is placed from the page of a run, of a person, or here on a whole kind."
    )
    empty = gettext_lazy("No hold stands. Place one on the page of a person, or here on a whole kind.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        return scope.visible(LegalHold).select_related("complaint", "request", "event", "placed_by")

    def listing(self, request: HttpRequest) -> Listing:
        listing = super().listing(request)
        if page_access.holds(LegalHold, Action.CHANGE):
            listing.url_of = lambda row: self.url("lift", row.key)
        return listing

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(LegalHold, Action.REGISTER):
            return []
        return [{"title": _("Place a hold"), "url": self.url("new"), "icon": "lock"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", self.place, "new"),
            self.route("on/<slug:what>/<uuid:key>/", self.place, "on"),
            self.route("<uuid:key>/lift/", self.lift, "lift"),
        ]

    def place(self, request: HttpRequest, what: str = "", key: UUID | None = None) -> HttpResponse:
        """On one record (`on/citizen/KEY/`), or on a whole kind."""
        page_access.require(LegalHold, Action.REGISTER)
        if what and what not in HELD_ON:
            raise scope.not_found()
        row = scope.get(HELD_ON[what][0], key) if what and key else None
        form = (ReasonForm if row else HoldForm)(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                kind = HELD_ON[what][1] if row else form.cleaned_data["kind"]
                with scope.elevated_for(LegalHold, Action.REGISTER) as viewer:
                    reason = form.cleaned_data["reason"]
                    actions.place_hold(by=viewer.user, kind=kind, reason=reason, on=row)
                messages.success(request, _("The hold stands."))
                return HttpResponseRedirect(self.url("changelist"))
        word = _HELD_WORDS[what] if what else ""
        title = _("Place a hold on: %(what)s") % {"what": word} if word else _("Place a hold")
        context = {
            "title": title,
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Place a hold"),
            "intro": self.intro,
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def lift(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Lift it, with a reason; the record of it stays."""
        page_access.require(LegalHold, Action.CHANGE)
        row = scope.get(LegalHold, key)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.authorized(Action.CHANGE, LegalHold, key) as hold:
                    actions.lift_hold(hold, by=scope.current_viewer().user, **form.cleaned_data)
                messages.success(request, _("The hold was lifted."))
                return HttpResponseRedirect(self.url("changelist"))
        context = {
            "title": _("Lift the hold"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Lift the hold"),
            "intro": f"{row.get_kind_display()}: {row.reason}",
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)
