"""Dry runs of the rules: ask for one, see how far it is, and what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import badge, or_dash
from admin_ui.core.listing import Choice, Column
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import ScopedAdmin, page
from admin_ui.routing.forms import TrialForm
from backend.complaints.choices import Priority
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.worker import worker_lives
from backend.routing import trials
from backend.routing.models import RoutingRule, RuleTrial
from permissions.core import scope
from permissions.core.scope import Action
from permissions.routing import access

FOLLOWED_SECONDS = 2
Status = RuleTrial.Status
TONES = {
    Status.WAITING: "orange",
    Status.RUNNING: "blue",
    Status.DONE: "green",
    Status.FAILED: "red",
    Status.STOPPED: "grey",
}


def _status(row: RuleTrial) -> str:
    text = _("No answer") if row.is_silent else row.get_status_display()
    return badge(text, "red" if row.is_silent else TONES[Status(row.status)])


def _period(row: RuleTrial) -> str:
    return f"{day_text(row.from_on)} – {day_text(row.until_on)}"


def _what(row: RuleTrial) -> str:
    return row.rule.name if row.rule else _("the list as it stands")


def _came_of_it(row: RuleTrial) -> str:
    if row.status != Status.DONE:
        return "–"
    return _("%(changed)s of %(cases)s would get another department") % row.result


@admin.register(RuleTrial)
class RuleTrialAdmin(ScopedAdmin):
    gate = staticmethod(lambda: page_access.holds(RuleTrial, Action.VIEW))
    columns = (
        Column(gettext_lazy("Period"), _period, css="ok-nowrap"),
        Column(gettext_lazy("What was tried"), _what, css="ok-wide"),
        Column(gettext_lazy("Asked for"), lambda row: row.asked_at, ("asked_at",), "ok-nowrap"),
        Column(gettext_lazy("By"), lambda row: or_dash(row.user)),
        Column(gettext_lazy("Status"), lambda row: row.get_status_display(), html=_status, css="ok-nowrap"),
        Column(gettext_lazy("Result"), _came_of_it, css="ok-wide"),
    )
    filters = (Choice.of("status", gettext_lazy("Status"), Status),)
    order = ("-asked_at", "-pk")
    detail_template = "admin_ui/rule_trial.html"
    empty = gettext_lazy(
        "Nothing was tried yet. Choose a past period and see what the rules would have decided."
    )

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).select_related("rule", "user")

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(RuleTrial, Action.REGISTER):
            return []
        return [{"title": _("New dry run"), "url": self.url("new"), "icon": "science"}]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", self.new_view, "new"),
            self.route("<uuid:key>/stop/", require_POST(self.stop_view), "stop"),
        ]

    def new_view(self, request: StaffRequest) -> HttpResponse:
        """Ask for a dry run; `?rule=KEY` names the rule that is tried."""
        page_access.require(RuleTrial, Action.REGISTER)
        form = TrialForm(request.POST or None, initial={"rule": request.GET.get("rule", "")})
        if request.method == "POST" and form.is_valid():
            with form.refusals():
                with scope.elevated_for(RuleTrial, Action.REGISTER):
                    row = trials.start_trial(by=request.user, **form.cleaned_data)
                return HttpResponseRedirect(self.url("change", row.key))
        context = {
            "title": _("New dry run"),
            "parents": [_rules(), self.crumb()],
            "form": form,
            "submit": _("Try it"),
            "intro": _(
                "The rules are compared with the applications that came in a past period. Nothing is changed; the page"
                " shows how many would have gone to another department."
            ),
        }
        return page(self.admin_site, request, "admin_ui/form.html", context)

    def stop_view(self, request: StaffRequest, key: UUID) -> HttpResponse:
        """Stop one that waits or runs; one that has ended stays."""
        try:
            with scope.authorized(Action.CHANGE, RuleTrial, key) as row:
                trials.stop_trial(row, by=request.user)
        except DomainError as error:
            if error.code == ErrorCode.NOT_FOUND:
                raise
            messages.warning(request, str(error))
        return HttpResponseRedirect(self.url("change", key))

    def details(self, request: HttpRequest, row: RuleTrial) -> dict[str, object]:
        result = row.result
        ways = result.get("ways", [])
        seen = access.sample_of(row)
        units = access.names_of(key for old, new, *_rest in [*ways, *row_units(seen)] for key in (old, new))
        keys = [rule for rule, _n in result.get("rules", [])] + [rule for *_case, rule in seen]
        rules = scope.visible(RoutingRule).in_bulk(keys)
        none = _("no department")
        return {
            "title": _("Dry run %(period)s") % {"period": _period(row)},
            "parents": [_rules(), self.crumb()],
            "status": _status(row),
            "what": _what(row),
            "follow": FOLLOWED_SECONDS if row.is_open else 0,
            "is_without_worker": row.status == Status.WAITING and not worker_lives(),
            "can_change": row.is_open and scope.can(Action.CHANGE, row),
            "ways": [(units.get(old, none), units.get(new, none), n) for old, new, n in ways],
            "priorities": [
                (Priority(old).label, Priority(new).label, n) for old, new, n in result.get("priorities", [])
            ],
            "rules": [(rules[pk].name, n) for pk, n in result.get("rules", []) if pk in rules],
            "sample": [
                {
                    "reference": case.reference,
                    "subject": case.subject,
                    "url": reverse("admin:complaints_complaint_change", args=[case.key]),
                    "old": units.get(old or 0, none),
                    "new": units.get(new, none),
                    "rule": rules[rule].name if rule in rules else "",
                }
                for case, old, new, rule in seen
            ],
            "unseen": len(row.sample) - len(seen),
        }


def row_units(sample: Sequence[tuple[object, int | None, int, int]]) -> list[tuple[int | None, int]]:
    """The units that a sample names."""
    return [(old, new) for _case, old, new, _rule in sample]


def _rules() -> tuple[str, str]:
    return _("Routing rules"), reverse("admin:routing_routingrule_changelist")
