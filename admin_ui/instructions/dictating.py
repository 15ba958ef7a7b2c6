"""A principal speaks an instruction; the secretariat records it. The words are text in a field, and stay here."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.forms import OfficeForm, text_area
from admin_ui.core.once import once
from admin_ui.core.page_access import StaffRequest
from backend.instructions import actions
from backend.instructions.actions.dictating import LONGEST
from backend.instructions.models import Dictation
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.scope import Action

SHOWN = 10


class DictationForm(OfficeForm):
    """What is to be done, in the words of the principal."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What is to be done?"),
        max_length=LONGEST,
        widget=text_area(4, **{"data-speech": ""}),
    )


@dataclass(frozen=True)
class Waiting:
    """One that waits to be recorded; `record_url`: where the viewer records it."""

    row: Dictation
    record_url: str
    discard_url: str


def begin() -> DictationForm | None:
    """The form of a principal; None for others."""
    return DictationForm(initial={"once": uuid.uuid4()}) if scope.current_viewer().principal_of else None


def waiting() -> list[Waiting]:
    """What was dictated to the viewer, the oldest first; a principal sees their own."""
    viewer = scope.current_viewer()
    if not (viewer.kept or viewer.is_office):
        return []
    rows = scope.visible(Dictation, action=Action.CHANGE).select_related("principal")
    new = reverse("admin:instructions_instruction_new")
    return [
        Waiting(row, f"{new}?dictation={row.key}", reverse("admin:dictation_discard", args=[row.key]))
        for row in rows.order_by("said_at", "pk")[:SHOWN]
    ]


def dictate(request: StaffRequest) -> HttpResponse:
    """Keep what the principal dictates, once."""
    home = HttpResponseRedirect(reverse("admin:index"))
    mine = scope.current_viewer().principal_of
    principal = Principal.objects.filter(pk__in=mine, is_active=True).order_by("pk").first()
    if principal is None:
        raise scope.not_found()
    if request.method != "POST":
        return home
    form = DictationForm(request.POST)
    if form.is_valid():
        with form.refusals():
            once(request, form, lambda: _keep(request, principal, form.cleaned_data["text"]))
            messages.success(request, _("The secretariat has it, and records it as an instruction."))
            return home
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return home


def _keep(request: StaffRequest, principal: Principal, text: str) -> dict[str, str]:
    with scope.authorized_to_create(Action.INSTRUCT, Principal, principal.key, field="principal") as owner:
        row = actions.dictate(owner, by=request.user, text=text)
    return {"key": str(row.key)}


def discard(request: StaffRequest, key: UUID) -> HttpResponse:
    """Discard what was form."""
    home = HttpResponseRedirect(reverse("admin:index"))
    if request.method != "POST":
        scope.get(Dictation, key)
        return home
    with scope.authorized(Action.CHANGE, Dictation, key) as row:
        actions.discard(row, by=request.user)
    messages.success(request, _("The dictated text is discarded."))
    return home
