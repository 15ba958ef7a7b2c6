"""The table of the directory's groups: what each gives here, who would get and lose what, whose account is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core import page_access
from admin_ui.core.display import PERMISSIONS, badge, permission_name, yes_no
from admin_ui.core.fields import DepartmentField
from admin_ui.core.forms import OfficeForm
from admin_ui.core.listing import Column, Tab
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import RegisterAdmin, page
from backend.core.session import dry_run
from backend.organization.models import DirectoryPerson, DirectoryRule
from backend.organization.sign_on import actions, ldap, providers
from backend.organization.sign_on.found import group_key, short_group
from permissions.core import scope
from permissions.core.filters import Action
from permissions.organization import directory

MOST = 500
"""Lines that a preview shows; it counts them all."""
TONES = {
    directory.EffectKind.GIVES: "green",
    directory.EffectKind.OPENS: "green",
    directory.EffectKind.REOPENS: "green",
    directory.EffectKind.TAKES: "orange",
    directory.EffectKind.REFUSES: "grey",
    directory.EffectKind.CLOSES: "red",
}


class RuleForm(OfficeForm):
    group = forms.CharField(
        label=gettext_lazy("Group of the directory"),
        max_length=400,
        widget=forms.TextInput(attrs={"list": "directory-groups", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "As the directory writes it, in full: “CN=Fen Memurları,OU=Gruplar,DC=belediye,DC=local”, or a name that"
            " the provider says. Groups that were read are offered as you type."
        ),
    )
    department = DepartmentField(label=gettext_lazy("Department"))
    permission = forms.ChoiceField(
        label=gettext_lazy("Permission"), widget=forms.RadioSelect, choices=list(PERMISSIONS.items())
    )
    takes_others = forms.BooleanField(
        label=gettext_lazy("Ends what was granted by hand"),
        required=False,
        help_text=gettext_lazy(
            "Who signs in by the directory and is not in the group loses this permission on the department also where"
            " it was granted by hand. Local accounts and vekâlet stay."
        ),
    )


def _group(row: DirectoryRule) -> str:
    return short_group(row.group)


@admin.register(DirectoryRule)
class DirectoryRuleAdmin(RegisterAdmin):
    gate = staticmethod(page_access.managers)
    form_of, keep, related = RuleForm, staticmethod(actions.save_rule), ("department",)
    form_template = "admin_ui/directory_rule.html"
    new_title, new_icon = gettext_lazy("Add a group"), "group_add"
    columns = (
        Column(gettext_lazy("Group"), _group, ("group",), "ok-wide"),
        Column(gettext_lazy("Department"), lambda row: row.department.short_name, ("department__name_sort",)),
        Column(gettext_lazy("Permission"), lambda row: permission_name(row.permission), ("permission",)),
        Column(gettext_lazy("Ends what was granted by hand"), lambda row: yes_no(row.takes_others)),
    )
    tabs = (Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),)
    order = ("department__name_sort", "permission", "pk")
    searches = True
    finds_in = ("group", "department__name")
    intro = gettext_lazy(
        "Who is in a group of the directory has the permission of its line, from the next sign-in or within a quarter"
        " of an hour; who leaves the group loses it. What was granted by hand stays. Accounts of Bilgi İşlem get"
        " nothing."
    )
    empty = gettext_lazy(
        "No group of the directory means anything here yet: who signs in by it gets nothing. Add the first group."
    )

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        look = {"title": _("Who gets and loses what"), "url": self.url("preview"), "icon": "preview"}
        return [*super().buttons(request), look]

    def more_urls(self) -> list[URLPattern]:
        return [
            *super().more_urls(),
            self.route("preview/", self.preview, "preview"),
            self.route("link/", self.link, "link"),
            self.route("unlink/", self.unlink, "unlink"),
            self.route("<uuid:key>/remove/", self.remove, "remove"),
        ]

    def below_fields(self, request: HttpRequest, row: DirectoryRule | None) -> dict[str, object]:
        reading = actions.reading_so_far()
        return {"groups": reading.groups if reading else [], "row": row}

    def edit(self, request: HttpRequest, key: UUID | None = None) -> HttpResponse:
        """Keep a line, or show what it would do first: it is kept, looked at, and taken back."""
        page_access.require(DirectoryRule, Action.CHANGE)
        form = RuleForm(request.POST or None)
        if request.method != "POST" or "look" not in request.POST or not form.is_valid():
            return super().edit(request, key)
        row = scope.get(DirectoryRule, key) if key else None
        found: list[directory.Effect] | None = None
        reading = ldap.read_if_possible()
        with form.refusals(), scope.elevated_for(DirectoryRule, Action.CHANGE) as viewer, dry_run():
            kept = actions.save_rule(row, by=viewer.user, **form.cleaned_data)
            found = directory.look(reading)
            unknown = _is_unknown(kept.group)
        context: dict[str, object] = {
            "title": str(row) if row else self.new_title,
            "parents": self.parents(),
            "form": form,
            "submit": _("Keep"),
            "intro": self.intro,
            **self.below_fields(request, row),
        }
        if found is not None:
            context |= {**_shown(found), "is_looking": True, "unknown": unknown}
        return page(self.admin_site, request, self.form_template, context)

    def remove(self, request: StaffRequest, key: UUID) -> HttpResponse:
        if request.method == "POST":
            row = scope.get(DirectoryRule, key)
            with scope.elevated_for(DirectoryRule, Action.CHANGE) as viewer:
                actions.remove_rule(row, by=viewer.user)
            messages.success(
                request,
                _(
                    "The line was removed. What it gave ends within a quarter of an hour; from many people at once it"
                    " is taken only when it is applied here."
                ),
            )
            return HttpResponseRedirect(self.url("preview"))
        return HttpResponseRedirect(self.url("changelist"))

    def preview(self, request: StaffRequest) -> HttpResponse:
        """Show what applying the table would do now; a POST does it."""
        if not directory.may_see():
            raise scope.not_found()
        may = page_access.holds(DirectoryRule, Action.CHANGE)
        reading = ldap.read_if_possible() if may else None
        if request.method == "POST":
            if ldap.is_configured() and reading is None:
                messages.error(request, _("The directory cannot be read at the moment: nothing was applied."))
                return HttpResponseRedirect(self.url("preview"))
            with scope.elevated_for(DirectoryRule, Action.CHANGE) as viewer:
                actions.reading()
                count = directory.apply(directory.look(reading), by=viewer.user)
                actions.let_go()
            done = ngettext("%(n)d thing was done.", "%(n)d things were done.", count) % {"n": count}
            messages.success(request, done)
            return HttpResponseRedirect(self.url("preview"))
        with scope.elevated_for(DirectoryRule, Action.CHANGE) if may else nullcontext(), dry_run():
            found, waiting = directory.look(reading), directory.waiting() if may else []
        context = {
            "title": _("Who gets and loses what"),
            "parents": [self.crumb()],
            "reading": actions.reading_so_far(),
            "is_read": ldap.is_configured(),
            "is_off": not (ldap.is_configured() or providers.is_configured()),
            "waiting": waiting,
            "may": may,
            **_shown(found),
        }
        return page(self.admin_site, request, "admin_ui/directory_preview.html", context)

    def link(self, request: StaffRequest) -> HttpResponse:
        """Link a person of the directory with the local account of the same user name; twice is once."""
        if request.method == "POST":
            person = scope.get(DirectoryPerson, request.POST.get("person", ""))
            with scope.elevated_for(DirectoryPerson, Action.CHANGE) as viewer:
                for waits, user in directory.waiting():
                    if waits.pk == person.pk:
                        actions.link(waits, user, by=viewer.user)
                        messages.success(request, _("Linked. They sign in by the directory from now on."))
        return HttpResponseRedirect(self.url("preview"))

    def unlink(self, request: StaffRequest) -> HttpResponse:
        """Make the account of a person of the directory a local one again."""
        if request.method != "POST":
            return HttpResponseRedirect(self.url("preview"))
        person = scope.get(DirectoryPerson, request.POST.get("person", ""))
        user = person.user
        with scope.elevated_for(DirectoryPerson, Action.CHANGE) as viewer:
            directory.unlink(person, by=viewer.user)
        if user is None:
            return HttpResponseRedirect(self.url("preview"))
        messages.success(request, _("The account is a local one again."))
        return HttpResponseRedirect(reverse("admin:organization_user_change", args=[user.key]))


def _is_unknown(group: str) -> bool:
    """Whether groups were read and this is none of them."""
    reading = actions.reading_so_far()
    known = reading.groups if reading else []
    return bool(known) and group_key(group) not in map(group_key, known)


def _shown(found: list[directory.Effect]) -> dict[str, object]:
    """The lines of a preview, and how many there are of each kind: of accounts, how many people."""
    of_people = {
        directory.EffectKind.OPENS: {one.person.pk for one in found if one.kind == directory.EffectKind.OPENS}
    }
    counts = {
        kind: len(of_people.get(kind, [one for one in found if one.kind == kind]))
        for kind in directory.EffectKind
    }
    lines = [
        {
            "effect": one,
            "kind": badge(one.kind.label, TONES[one.kind]),
            "permission": permission_name(one.permission) if one.permission else "",
        }
        for one in islice(found, MOST)
    ]
    return {
        "lines": lines,
        "sums": [(kind.label, count) for kind, count in counts.items() if count],
        "left_out": len(found) - len(lines),
    }
