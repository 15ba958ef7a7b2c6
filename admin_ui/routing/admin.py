"""The routing rules in their order: the list with its conflicts, moving up and down, the form, the versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet, Window
from django.db.models.functions import Lag, Lead
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.dates import moment_text
from admin_ui.core.display import badge, yes_no
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import RegisterAdmin
from admin_ui.routing import words
from admin_ui.routing.forms import RuleForm
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.organization.models import Department
from backend.routing import actions
from backend.routing.models import RoutingRule
from permissions.core import scope
from permissions.core.scope import Action
from permissions.routing import access


def may_see() -> bool:
    return page_access.holds(RoutingRule, Action.VIEW)


def _lines(texts: Sequence[str]) -> SafeString:
    """One below the other, in one piece: a narrow screen has it next to its heading."""
    return format_html("<div>{}</div>", format_html_join("", "<div>{}</div>", ((text,) for text in texts)))


def _mode(rule: RoutingRule) -> str:
    return _("by itself") if rule.is_automatic else _("proposes")


def _standing(rule: RoutingRule) -> str:
    """Whether it holds today, as a badge, and until when."""
    now = today()
    if not rule.is_active:
        found = badge(_("not in use"), "grey")
    elif rule.department is not None and not rule.department.is_open():
        found = badge(_("department closed"), "red")
    elif rule.valid_until and rule.valid_until < now:
        found = badge(_("over"), "grey")
    elif rule.valid_from and rule.valid_from > now:
        found = badge(_("not yet valid"), "orange")
    else:
        found = badge(_("in use"), "green")
    dates = words.validity(rule)
    return format_html("<div>{} <div class='ok-quiet'>{}</div></div>", found, dates) if dates else found


def _order(rule: Any) -> str:
    """The place, with the buttons that move the rule by one; each names the rule next to which it is put."""
    buttons = [
        ("up", rule.previous_key, "arrow_upward", _("Move “%(name)s” up")),
        ("down", rule.next_key, "arrow_downward", _("Move “%(name)s” down")),
    ]
    parts = [
        format_html(
            '<button type="submit" class="ok-button" form="order" id="{}-{}" name="{}" value="{}:{}" title="{}"'
            ' aria-label="{}"{}><span class="material-symbols-outlined" aria-hidden="true">{}</span></button>',
            way, rule.key, way, rule.key, other or "", text % {"name": rule.name}, text % {"name": rule.name},
            "" if other else SafeString(" disabled"), icon,
        )
        for way, other, icon, text in buttons
    ]  # fmt: skip
    may_move = page_access.holds(RoutingRule, Action.CHANGE)
    moving = format_html('<span class="ok-actions">{}{}</span>', *parts) if may_move else ""
    return format_html("{} {}", rule.position, moving)


@admin.register(RoutingRule)
class RoutingRuleAdmin(RegisterAdmin):
    gate = staticmethod(may_see)
    form_of, keep = RuleForm, staticmethod(actions.save_rule)
    form_template = "admin_ui/routing_rule.html"
    new_title, new_icon = gettext_lazy("Add a rule"), "alt_route"
    columns = (
        Column(gettext_lazy("Rule"), lambda row: row.name, css="ok-wide"),
        Column(gettext_lazy("Order"), lambda row: row.position, html=_order, css="ok-nowrap"),
        Column(
            gettext_lazy("If"),
            lambda row: "; ".join(words.conditions(row)),
            html=lambda row: _lines(words.conditions(row)),
            css="ok-wide",
        ),
        Column(
            gettext_lazy("Then"),
            lambda row: "; ".join(words.effects(row)),
            html=lambda row: _lines(words.effects(row)),
        ),
        Column(gettext_lazy("How it acts"), _mode, css="ok-nowrap"),
        Column(gettext_lazy("In use"), lambda row: yes_no(row.is_active), html=_standing, css="ok-nowrap"),
    )
    tabs = (
        Tab("used", gettext_lazy("In use"), lambda rows: rows.filter(is_active=True)),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "department",
            gettext_lazy("Department"),
            lambda: [(row.code, row.name) for row in Department.objects.open().in_order()],
            lambda rows, code: rows.filter(department__code=code),
        ),
    )
    order = ("position", "pk")
    related = ("department", "checklist")
    searches = True
    finds_in = ("name", "street", "department__name")
    intro = gettext_lazy(
        "The first rule from above that applies decides; department, priority and checklist each by itself. The law"
        " stands above the rules: the business of an outside body and an emergency are not routed by them, and signs of"
        " danger propose the priority."
    )
    empty = gettext_lazy(
        "No routing rule is in use, so proposals come from the categories alone. Add the first one, such as: parks of a"
        " neighbourhood to its department."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows know their neighbours in the order of what is shown, and the names of what they name."""
        by_place = [F("position").asc(), F("pk").asc()]
        return words.with_names(super().get_queryset(request)).annotate(
            previous_key=Window(Lag("key"), order_by=by_place),
            next_key=Window(Lead("key"), order_by=by_place),
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        answer: Any = super().changelist_view(request, extra_context)
        if hasattr(answer, "template_name"):
            found = access.current_conflicts()
            answer.template_name = "admin_ui/routing_rules.html"
            answer.context_data |= {
                "conflicts": [(one.is_hidden, words.conflict_sentence(one)) for one in found],
                "move_url": self.url("move"),
            }
        return answer

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        trials = reverse("admin:routing_ruletrial_changelist")
        try_out = {"title": _("Dry runs"), "url": trials, "icon": "science"}
        return [*super().buttons(request), try_out]

    def more_urls(self) -> list[URLPattern]:
        return [self.route("move/", require_POST(self.move_view), "move"), *super().more_urls()]

    def move_view(self, request: StaffRequest) -> HttpResponse:
        """Put a rule next to the one that its button named, whatever was moved meanwhile."""
        way = "up" if "up" in request.POST else "down"
        key, _colon, other = request.POST.get(way, "").partition(":")
        try:
            with scope.elevated_for(RoutingRule, Action.CHANGE) as viewer:
                rule, neighbour = scope.get(RoutingRule, key), scope.get(RoutingRule, other)
                sides = {"before": neighbour} if way == "up" else {"after": neighbour}
                actions.move_rule(rule, by=viewer.user, **sides)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.url("changelist"))
        return HttpResponseRedirect(f"{self.url('changelist')}#{way}-{key}")

    def start(self, row: RoutingRule | None) -> dict[str, object] | None:
        if row is None:
            return {"is_active": True}
        values: dict[str, Any] = super().start(row) or {}
        artery = {True: "yes", False: "no", None: ""}[row.on_main_artery]
        return {**values, "words": "\n".join(row.words), "on_main_artery": artery}

    def below_fields(self, request: HttpRequest, row: RoutingRule | None) -> dict[str, object]:
        if row is None:
            return {}
        pk = row.pk
        found = [one for one in access.current_conflicts() if one.concerns(pk)]
        return {
            "row": row,
            "conflicts": [(one.is_hidden, words.conflict_sentence(one)) for one in found],
            "trial_url": f"{reverse('admin:routing_ruletrial_new')}?rule={row.key}",
            "versions": [
                {
                    "at": moment_text(version.pgh_created_at),
                    "name": version.name,
                    "conditions": words.conditions(version),
                    "effects": words.effects(version),
                    "mode": _mode(version),
                    "is_active": version.is_active,
                    "validity": words.validity(version),
                }
                for version in access.versions(row, words.with_names)
            ],
        }
