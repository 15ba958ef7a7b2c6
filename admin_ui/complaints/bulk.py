"""One verb for many cases: what will happen is shown first, and only then done."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core import page_access
from admin_ui.core.fields import DepartmentField, PersonField
from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.screen import page
from backend.complaints import bulk as many
from backend.complaints.choices import Outcome
from backend.complaints.law.applicable import HAS_STEP_TO_UNDO
from backend.complaints.models import PENDING_REPLY, Complaint, Notice
from backend.complaints.moves import Verb
from backend.complaints.teamwork.assigning import members
from backend.core.errors import DomainError
from backend.organization.models import User
from permissions.core import scope


class BulkForm(OfficeForm):
    """What is asked once for all rows."""

    def prepare(self, rows: list[Complaint]) -> None:
        """Offer what these rows allow."""


class BulkRoute(BulkForm):
    to = DepartmentField(label=gettext_lazy("Department"))
    note = forms.CharField(label=gettext_lazy("Note for the department"), widget=text_area(2), required=False)


class BulkAssign(BulkForm):
    """Of the people of the units that have the cases, one."""

    person = PersonField(label=gettext_lazy("Responsible person"))
    note = forms.CharField(label=gettext_lazy("Note"), widget=text_area(2), required=False)

    def prepare(self, rows: list[Complaint]) -> None:
        field = cast("PersonField", self.fields["person"])
        people = User.objects.filter(pk__in=[person.pk for person in members(*rows)])
        field.queryset = people.order_by("first_name", "last_name", "pk")


class BulkClose(BulkForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[(way.value, way.label) for way in (Outcome.SOLVED, Outcome.INFORMED, Outcome.NOT_POSSIBLE)],
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=text_area(2), required=False)


class BulkTag(BulkForm):
    add = forms.CharField(
        label=gettext_lazy("Tags to add"), required=False, help_text=gettext_lazy("Separated by commas.")
    )
    remove = forms.CharField(
        label=gettext_lazy("Tags to remove"), required=False, help_text=gettext_lazy("Separated by commas.")
    )

    def clean(self) -> dict[str, object]:
        result = super().clean() or {}
        return {name: [w.strip() for w in text.split(",") if w.strip()] for name, text in result.items()}


class BulkPlain(BulkForm):
    """Nothing is asked."""


FORMS: dict[Verb, type[BulkForm]] = {
    Verb.ACCEPT: BulkPlain,
    Verb.APPROVE: BulkPlain,
    Verb.ROUTE: BulkRoute,
    Verb.ASSIGN: BulkAssign,
    Verb.CLOSE: BulkClose,
    Verb.TAG: BulkTag,
}
TAKEN_BACK = (Verb.ACCEPT, Verb.APPROVE, Verb.ROUTE, Verb.ASSIGN, Verb.CLOSE)


def bulk(request: StaffRequest) -> HttpResponse:
    """Three steps on one page: choose what, look at the effect, do it."""
    home = reverse("admin:complaints_complaint_changelist")
    if request.method != "POST":
        return HttpResponseRedirect(home)
    verb = next((item for item in [*FORMS, Verb.UNDO] if item.value == request.POST.get("verb")), None)
    if verb is None or not page_access.may_some(Complaint, verb):
        raise scope.not_found()
    keys = _keys(request)
    rows = list(
        scope.visible(Complaint, action=verb)
        .filter(key__in=keys[: many.LIMIT + 1])
        .select_related("applicant", "category", "responsible_department")
    )
    if not rows:
        messages.warning(request, _("Choose at least one application first."))
        return HttpResponseRedirect(home)
    asks = FORMS.get(verb, BulkPlain)
    step = request.POST.get("step") or ("look" if asks is BulkPlain else "")
    form = asks(request.POST if step else None)
    form.prepare(rows)
    effect, done = None, False
    if step and form.is_valid():
        try:
            effect, done = _effect(request, verb, rows, form.cleaned_data, step)
        except DomainError as error:
            form.refuse(error)
    undo = _undo(request, verb, effect.done) if done and effect else ""
    if done and effect and not effect.refused:
        messages.success(request, format_html("{} {}", _changed(effect), undo))
        return HttpResponseRedirect(home)
    context = {
        "title": verb.label,
        "parents": [(_("Applications"), home)],
        "verb": verb,
        "rows": rows,
        "form": form,
        "effect": effect,
        "done": done,
        "undo": undo,
        "replies": _replies(rows) if verb is Verb.APPROVE and not done else [],
    }
    return page(admin.site, request, "admin_ui/bulk.html", context)


def _replies(rows: list[Complaint]) -> list[tuple[Complaint, str]]:
    """What would be approved, to be read first."""
    pending = scope.visible(Notice).filter(PENDING_REPLY, complaint__in=rows)
    texts = dict(pending.values_list("complaint", "body"))
    return [(row, texts.get(row.pk, "")) for row in rows]


def _keys(request: HttpRequest) -> list[UUID]:
    items = []
    for text in ",".join(request.POST.getlist("key")).split(","):
        try:
            items.append(UUID(text))
        except ValueError:
            continue
    return items


def _effect(
    request: StaffRequest, verb: Verb, rows: list[Complaint], params: dict[str, object], step: str
) -> tuple[many.Effect, bool]:
    if step != "run":
        return many.preview(rows, verb, params), False
    with scope.authorized_many(verb, Complaint, [row.key for row in rows]) as allowed:
        return many.run(allowed, verb, by=request.user, params=params), True


def _changed(effect: many.Effect) -> str:
    count = len(effect.done)
    return ngettext("%(n)d application was changed.", "%(n)d applications were changed.", count) % {
        "n": count
    }


def _undo(request: HttpRequest, verb: Verb, done: list[Complaint]) -> str:
    """The button that takes back what was just done to many, of those for which that is possible."""
    if verb not in TAKEN_BACK or not done:
        return ""
    possible = scope.visible(Complaint).filter(HAS_STEP_TO_UNDO, pk__in=[row.pk for row in done])
    keys = list(possible.order_by("pk").values_list("key", flat=True))
    if not keys:
        return ""
    return format_html(
        '<form method="post" action="{}" data-once>{}<input type="hidden" name="verb" value="{}">'
        '<input type="hidden" name="step" value="run"><input type="hidden" name="key" value="{}">'
        '<button class="ok-button" type="submit">{}</button></form>',
        reverse("admin:complaints_complaint_bulk"),
        format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)),
        Verb.UNDO.value,
        ",".join(map(str, keys)),
        _("Undo"),
    )
