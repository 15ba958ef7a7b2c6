"""Principals and their programmes: defaults, week, halk günü rules, keepers and acting principals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.display import badge, or_dash
from admin_ui.core.fields import whole_number
from admin_ui.core.listing import Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.journal import admin as journals
from admin_ui.programme import principal_forms
from admin_ui.programme import reading as programme_reading
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.journal.models import AuditLog
from backend.organization.models import User
from backend.programme import actions
from backend.programme.choices import Weekday
from backend.programme.models import Principal, PublicDayRule, StandIn
from permissions.core import grants, scope
from permissions.core.filters import Action
from permissions.models import PrincipalGrant

TOLD = 30


def may_change() -> bool:
    return page_access.holds(Principal, Action.CHANGE)


def may_look() -> bool:
    """For whom it stands in the side bar: who has to do with a programme, and who manages them."""
    return programme_reading.reads_a_programme() or may_change()


def may_give() -> bool:
    return page_access.holds(PrincipalGrant, Action.GIVE)


@dataclass(frozen=True)
class RowAction:
    """What may be done to a principal with a form: `run` is called with the principal and the form's values."""

    name: str
    title: str | Promise
    form: type[principal_forms.PrincipalForm]
    run: Callable[..., Any]
    gate: Callable[[], bool] = may_change


def _give(principal: Principal, *, by: User, permission: str, user: User, **facts: Any) -> None:
    grants.give_programme(user, permission, principal, by=by, **facts)


ROW_ACTIONS = {
    deed.name: deed
    for deed in (
        RowAction(
            "facts", gettext_lazy("Change what is usual"), principal_forms.FactsForm, actions.change_principal
        ),
        RowAction(
            "hours",
            gettext_lazy("Set the working hours"),
            principal_forms.HoursForm,
            actions.set_working_hours,
        ),
        RowAction(
            "public-day",
            gettext_lazy("Set the public day"),
            principal_forms.PublicDayForm,
            actions.set_public_day,
        ),
        RowAction(
            "stand-in",
            gettext_lazy("Appoint a stand-in"),
            principal_forms.StandInForm,
            actions.appoint_stand_in,
        ),
        RowAction("give", gettext_lazy("Give a permission"), principal_forms.GiveForm, _give, may_give),
    )
}


def _stands_in_now(row: Principal) -> str:
    return ", ".join(f"{one.deputy.name} ({one})" for one in row.now_standing_in)  # type: ignore[attr-defined]


@admin.register(Principal)
class PrincipalAdmin(ScopedAdmin):
    searches = True
    finds_in = ("name", "office")
    gate = page_access.members
    empty = gettext_lazy(
        "No programme is kept yet. Whose time the office keeps, the mayor's first, stands here: the"
        " head of the office establishes it."
    )
    columns = (
        Column(gettext_lazy("Name"), lambda row: row.name, css="ok-wide"),
        Column(gettext_lazy("Office"), lambda row: row.get_office_display()),
        Column(gettext_lazy("Member of staff"), lambda row: or_dash(row.person)),
        Column(gettext_lazy("Stands in today"), lambda row: or_dash(_stands_in_now(row))),
        Column(
            gettext_lazy("In office"),
            lambda row: badge(_("yes"), "green") if row.is_active else badge(_("no"), "grey"),
        ),
    )
    tabs = (
        Tab("active", gettext_lazy("In office"), lambda rows: rows.filter(is_active=True)),
        Tab("all", gettext_lazy("All"), lambda rows: rows),
    )
    order = ("position", "pk")
    detail_template = "admin_ui/principal.html"
    intro = gettext_lazy("Whose programmes are kept, and by whom; who stands in for them on which days.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Principal]:
        now = StandIn.objects.between(today(), today()).select_related("deputy")
        rows = super().get_queryset(request).select_related("person")
        return rows.prefetch_related(Prefetch("stand_ins", now, to_attr="now_standing_in"))

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not may_change():
            return []
        return [{"title": _("Establish a programme"), "url": self.url("new"), "icon": "add"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", self.new, "new"),
            self.route("<uuid:key>/end/", self.end, "end"),
            self.route("<uuid:key>/do/<slug:deed>/", self.act, "act"),
        ]

    def details(self, request: HttpRequest, row: Principal) -> dict[str, object]:
        deed = ROW_ACTIONS.get(request.GET.get("do", ""))
        deed = deed if deed and deed.gate() else None
        return self.shown(row, deed, deed.form(row) if deed else None)

    def shown(
        self, row: Principal, deed: RowAction | None, form: principal_forms.PrincipalForm | None
    ) -> dict[str, object]:
        held = scope.visible(PrincipalGrant.dated.select_related("user", "permission", "given_by"))
        held = held.filter(content_object=row).order_by("permission__codename", "-valid_from", "pk")
        now = today()
        return {
            "row": row,
            "week": [(label, principal_forms.spans_text(row, number)) for number, label in Weekday.choices],
            "rules": list(row.public_day_rules.order_by("-valid_from")),
            "stand_ins": list(row.stand_ins.select_related("deputy").order_by("-valid_from")[:TOLD]),
            "stands_in": list(
                row.stands_in.filter(valid_until__gte=now).select_related("principal").order_by("valid_from")
            ),
            "grants": list(held),
            "story": self.story(row),
            "today": now,
            "may_change": may_change(),
            "may_give": may_give(),
            "deed": deed,
            "form": form,
            "plans": scope.can(Action.PLAN, row),
        }

    def story(self, row: Principal) -> list[dict[str, object]]:
        """What was changed, for those who read the journal."""
        if not page_access.sees_all(AuditLog):
            return []
        lines = scope.visible(AuditLog).filter(subject_kind=Principal._meta.label_lower, subject_id=row.pk)
        return [
            {
                "at": line.at,
                "title": journals.verb_text(line.verb),
                "who": line.actor or _("automatic"),
                "note": journals.note_text(line),
            }
            for line in lines.select_related("actor").order_by("-at", "-id")[:TOLD]
        ]

    def new(self, request: HttpRequest) -> HttpResponse:
        """Create a programme; its keepers are granted separately."""
        page_access.require(Principal, Action.CHANGE)
        form = principal_forms.NewForm(None, request.POST or None)
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(Principal, Action.CHANGE) as viewer:
                    row = actions.establish(by=viewer.user, **form.values())
                messages.success(request, _("The programme is established. Now say who keeps it."))
                return HttpResponseRedirect(f"{self.url('change', row.key)}?do=give#do")
        context = {
            "title": _("Establish a programme"),
            "parents": [self.crumb()],
            "form": form,
            "submit": _("Establish"),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def act(self, request: HttpRequest, key: UUID, deed: str) -> HttpResponse:
        """Perform one action; a refusal is shown at its field and the input is kept."""
        known = ROW_ACTIONS.get(deed)
        if known is None:
            raise scope.not_found()
        row = scope.get(Principal, key)
        if request.method != "POST":
            return HttpResponseRedirect(f"{self.url('change', row.key)}?do={deed}#do")
        form = known.form(row, request.POST)
        if form.is_valid():
            with form.refusals():
                self.run(known, row, form)
                messages.success(request, _("“%(verb)s” is done.") % {"verb": known.title})
                return HttpResponseRedirect(self.url("change", row.key))
        elif not known.gate():
            raise scope.not_found()
        context = {"title": str(row), "parents": [self.crumb()], **self.shown(row, known, form)}
        return page(self.admin_site, request, self.detail_template, context)

    def run(self, deed: RowAction, row: Principal, form: principal_forms.PrincipalForm) -> None:
        if deed.gate is may_give:
            with scope.elevated_for(PrincipalGrant, Action.GIVE) as viewer:
                deed.run(row, by=viewer.user, **form.values())
            return
        with scope.authorized(Action.CHANGE, Principal, row.key) as locked:
            deed.run(locked, by=scope.current_viewer().user, **form.values())

    def end(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """End one thing at the press of its button: `rule`, `stand_in` or `grant`."""
        row = scope.get(Principal, key)
        by = request.user
        try:
            if rule := request.POST.get("rule"):
                with scope.authorized(Action.CHANGE, PublicDayRule, rule) as result:
                    actions.end_public_day(result, by=by)
            elif stand_in := request.POST.get("stand_in"):
                with scope.authorized(Action.CHANGE, StandIn, stand_in) as one:
                    actions.end_stand_in(one, by=by)
            elif number := whole_number(request.POST.get("grant", "")):
                with scope.elevated_for(PrincipalGrant, Action.TAKE):
                    grant = PrincipalGrant.dated.filter(pk=number, content_object=row).first()
                    if grant:
                        grants.take(grant, by=by, reason=request.POST.get("reason", "")[:200])
        except DomainError as error:
            if error.code in {ErrorCode.FORBIDDEN, ErrorCode.NOT_FOUND}:
                raise
            messages.error(request, str(error))
        else:
            if request.method == "POST":
                messages.success(request, _("It has ended."))
        return HttpResponseRedirect(reverse("admin:programme_principal_change", args=[row.key]))
