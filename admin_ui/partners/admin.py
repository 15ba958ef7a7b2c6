"""Partners: the list of organisations, and the page of one with its people, its story and its next steps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin, RowAction, steps_of
from admin_ui.core.display import badge, or_dash
from admin_ui.core.forms import ActionForm
from admin_ui.core.listing import Choice, Column, Tab
from admin_ui.core.once import once
from admin_ui.core.parts.messages import answering, taken_back
from admin_ui.core.screen import page
from admin_ui.core.stories import StoryItem, added, has_messages, in_order, of_lines
from admin_ui.journal import held
from admin_ui.partners import forms
from admin_ui.partners import importing as partner_import
from backend.core.models import SearchableQuerySet
from backend.core.validation import is_key
from backend.invitations.models import Invitation
from backend.letters.models import Letter
from backend.mailboxes.models import WrittenMessage
from backend.organization.models import Department, User
from backend.partners import actions
from backend.partners.choices import Kind, Status
from backend.partners.models import Liaison, Organisation, OrganisationLine, Role
from backend.partners.moves import Verb, organisation_action
from backend.partners.story import EventType
from permissions.core import scope
from permissions.core.filters import Action
from permissions.mailboxes.access import rehearsed_message
from permissions.partners import access

TONES = {Status.ACTIVE: "green", Status.CLOSED: "grey", Status.MERGED: "grey"}


def may_see() -> bool:
    """For whom partners are: the office, and who works in or oversees a department."""
    return page_access.sees_some(Organisation)


def _name(row: Organisation) -> str:
    short = f" ({row.short_name})" if row.short_name else ""
    mark = badge(row.get_status_display(), TONES[Status(row.status)]) if row.status != Status.ACTIVE else ""
    return format_html('<span class="ok-subject">{}</span>{} {}', row.name, short, mark)


def _place(row: Organisation) -> str:
    return ", ".join(filter(None, [row.city, row.country]))


@admin.register(Organisation)
class OrganisationAdmin(ActionAdmin[Organisation]):
    gate = staticmethod(may_see)
    detail_template = "admin_ui/organisation.html"
    columns = (
        Column(gettext_lazy("Name"), _name, ("name_sort",), "ok-wide"),
        Column(gettext_lazy("Kind of organisation"), lambda r: r.get_kind_display(), ("kind", "name_sort")),
        Column(gettext_lazy("Place"), lambda r: or_dash(_place(r))),
        Column(gettext_lazy("Phone"), lambda r: or_dash(str(r.phone)), css="ok-nowrap"),
        Column(gettext_lazy("E-mail"), lambda r: or_dash(r.email)),
        Column(gettext_lazy("Tags"), lambda r: or_dash(", ".join(r.tags))),
    )
    tabs = (
        Tab("active", gettext_lazy("Active"), lambda rows: rows.active()),
        Tab(
            "civil",
            gettext_lazy("Civil society"),
            lambda rows: rows.active().filter(kind__in=["ASSOCIATION", "FOUNDATION", "SPORTS_CLUB", "UNION"]),
        ),
        Tab(
            "public",
            gettext_lazy("Public bodies"),
            lambda rows: rows.active().filter(kind__in=["MUNICIPALITY", "INSTITUTION", "MUHTAR", "SCHOOL"]),
        ),
        Tab("sisters", gettext_lazy("Sister municipalities"), lambda rows: rows.active().sisters()),
        Tab("all", gettext_lazy("All"), lambda rows: rows, is_everything=True),
    )
    filters = (
        Choice(
            "kind",
            gettext_lazy("Kind of organisation"),
            lambda: Kind.choices,
            lambda rows, x: rows.filter(kind=x),
        ),
        Choice(
            "department",
            gettext_lazy("Department that works with it"),
            lambda: Department.objects.open().in_order().values_list("code", "short_name"),
            lambda rows, code: rows.filter(liaisons__department__code=code),
        ),
    )
    order = ("name_sort", "pk")
    searches = True
    is_kept = True
    search_hint = gettext_lazy("Name, short name, city or tag")
    empty = gettext_lazy(
        "No organisation is recorded yet. Associations, municipalities, institutions, schools and newspapers stand"
        " here with their people: record the first one."
    )
    page_relations = ("neighbourhood", "body", "merged_into", "recorded_by")
    steps = steps_of(
        organisation_action,
        {
            Verb.ADD_ROLE: forms.AddRoleForm,
            Verb.CORRECT: forms.CorrectForm,
            Verb.CORRECT_ROLE: forms.CorrectRoleForm,
            Verb.END_ROLE: forms.OfRoleForm,
            Verb.RELEASE_LIAISON: forms.ReleaseForm,
            Verb.RECLASSIFY: forms.ReclassifyForm,
            Verb.MERGE: forms.MergeForm,
            Verb.MESSAGE: forms.WriteForm,
        },
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return scope.visible(Organisation).defer("words", "note")

    def search(self, rows: SearchableQuerySet, text: str) -> SearchableQuerySet:
        return rows.search(text)

    def buttons(self, request: HttpRequest) -> Sequence[Mapping[str, object]]:
        if not page_access.holds(Organisation, Action.REGISTER):
            return []
        return [
            {"title": _("Record an organisation"), "url": self.url("new"), "icon": "add_business"},
            {"title": _("Bring a file"), "url": self.url("import"), "icon": "upload_file"},
        ]

    def more_urls(self) -> list[URLPattern]:
        return [
            self.route("new/", new, "new"),
            self.route("import/", partner_import.show, "import"),
        ]

    def begin(self, form: ActionForm, request: HttpRequest) -> None:
        if isinstance(form, forms.OfRoleForm):
            form.begin_with(request.GET.get("role", ""))
        if isinstance(form, forms.MergeForm) and is_key(key := request.GET.get("into", "")):
            form.initial["into"] = scope.get(Organisation, key, field="into")

    def details(self, request: HttpRequest, row: Organisation) -> dict[str, object]:
        roles = roles_at(row)
        able = scope.allowed_actions(row)
        family = actions.family(row)
        others = scope.visible(Organisation).filter(pk__in=family).exclude(pk=row.pk)
        liaisons = scope.visible(Liaison).filter(organisation=row).select_related("department")
        items = story(row)
        return {
            "title": row.title,
            "status": badge(row.get_status_display(), TONES[Status(row.status)]),
            "place": _place(row),
            "now": [role for role in roles if role.is_current],
            "former": [role for role in roles if not role.is_current],
            "can_correct_role": Verb.CORRECT_ROLE in able,
            "can_end_role": Verb.END_ROLE in able,
            "liaisons": [liaison.department.short_name for liaison in liaisons],
            "others": list(others),
            "begins": _begins(row) if row.status == Status.ACTIVE else [],
            "letter_url": reverse("admin:letters_letter_make", args=["organisation", row.key])
            if row.status == Status.ACTIVE and page_access.holds(Letter, Action.BEGIN)
            else "",
            "story": items,
            "has_messages": has_messages(items),
            **answering(self, request, row, Verb.MESSAGE),
        }

    preview = staticmethod(rehearsed_message)

    def leave(self, request: HttpRequest, row: Organisation, step: RowAction, made: object) -> HttpResponse:
        if isinstance(made, WrittenMessage) and step.verb == Verb.UNSEND and isinstance(request.user, User):
            taken_back(
                request.user, self.url_of(row).removesuffix("change/"), self.step("message"), made.body
            )
        return super().leave(request, row, step, made)

    def waits(self, row: Organisation) -> str:
        return str(held.written(row).get("held", ""))


def _begins(row: Organisation) -> list[tuple[str, str, str]]:
    """What one begins with it, for who may: words, address, icon."""
    links = []
    if page_access.registrars():
        links.append((_("Appointment"), "appointment_call", "event_available"))
    if page_access.may_record_instructions():
        links.append((_("Meeting or visit"), "engagements_engagement_new", "groups_2"))
    if page_access.may_some(Invitation, Action.REGISTER):
        links.append((_("Invitation from them"), "invitations_invitation_new", "mail"))
    return [(text, f"{reverse(f'admin:{name}')}?organisation={row.key}", icon) for text, name, icon in links]


def roles_at(row: Organisation) -> list[Role]:
    """The people there with their roles, those of merged records too; noted in the read log."""
    rows = scope.visible(Role).filter(organisation__in=actions.family(row)).select_related("person")
    matches = list(rows.order_by("kind", "pk")[:200])
    scope.log_access([role.person_id for role in matches], "admin: organisation")
    scope.log_access([role.pk for role in matches], "admin: organisation", kind="partners.role")
    return matches


def story(row: Organisation) -> list[StoryItem]:
    """What happened, the oldest first."""
    others = added(row)
    shown = {item.key for item in others}
    lines = scope.visible(OrganisationLine).filter(organisation=row).select_related("actor")
    items = [
        line
        for line in lines
        if not shown.intersection((line.details.get("mail"), line.details.get("written")))
    ]
    return in_order(of_lines(items, EventType, _facts), others)


def _facts(line: OrganisationLine) -> list[str]:
    result = [str(line.details["department"])] if line.details.get("department") else []
    for name, before in line.details.get("before", {}).items():
        field: Any = Organisation._meta.get_field(name)
        shown = dict(field.flatchoices).get(before, before or "–")
        result.append(f"{field.verbose_name}: {shown}")
    return result


def address(row: Organisation) -> str:
    return reverse("admin:partners_organisation_change", args=[row.key])


def new(request: HttpRequest) -> HttpResponse:
    """Record an organisation. What is there under such a name is shown once, as far as the viewer sees it."""
    page_access.require(Organisation, Action.REGISTER)
    if request.method != "POST":
        return _page(request, forms.NewOrganisationForm(initial={"once": uuid.uuid4()}))
    form = forms.NewOrganisationForm(request.POST)
    if form.is_valid():
        cleaned = form.facts()
        with form.refusals():
            made = once(request, form, lambda: _record(cleaned))
            messages.success(request, _("%(name)s is recorded.") % {"name": cleaned["name"]})
            return HttpResponseRedirect(reverse("admin:partners_organisation_change", args=[made["key"]]))
    return _page(request, form)


def _record(values: dict[str, object]) -> dict[str, str]:
    row = access.record(**values)
    return {"key": str(row.key), "reference": row.name}


def _page(request: HttpRequest, form: forms.NewOrganisationForm) -> HttpResponse:
    context = {
        "title": _("Record an organisation"),
        "parents": [(_("Organisations"), reverse("admin:partners_organisation_changelist"))],
        "form": form,
        "alike": [(row, address(row)) for row in form.alike],
    }
    return page(admin.site, request, "admin_ui/organisation_new.html", context)
