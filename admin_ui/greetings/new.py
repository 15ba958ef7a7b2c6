"""A new batch: its occasion, its text and how it goes out."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core import page_access
from admin_ui.core.once import once
from admin_ui.core.screen import page
from admin_ui.greetings.forms import NewBatchForm
from backend.greetings import actions
from backend.greetings.models import Batch
from backend.organization.models import User
from permissions.core import scope
from permissions.core.scope import Action
from permissions.greetings import access


def new(request: HttpRequest) -> HttpResponse:
    """The form; a batch that is taken leads to its recipients."""
    page_access.require(Batch, Action.REGISTER)
    if request.method != "POST":
        signs = access.mayor()
        return _page(request, NewBatchForm(initial={"signatory": signs.username if signs else None}))
    form = NewBatchForm(request.POST)
    if form.is_valid():
        with form.refusals():
            made = once(request, form, lambda: _record(request, form))
            return HttpResponseRedirect(reverse("admin:greetings_batch_recipients", args=[made["key"]]))
    return _page(request, form)


def _record(request: HttpRequest, form: NewBatchForm) -> dict[str, str]:
    by, cleaned = cast(User, request.user), form.cleaned_data
    with scope.elevated_for(Batch, Action.REGISTER):
        occasion = cleaned["occasion"]
        if occasion is None:
            names = ("name", "on", "kind", "letter_kind")
            occasion = actions.make_occasion(by=by, **{name: cleaned[name] for name in names})
        batch = actions.prepare(occasion, by=by, **form.facts())
    return {"key": str(batch.key)}


def _page(request: HttpRequest, form: NewBatchForm) -> HttpResponse:
    context = {
        "title": _("New batch of greetings"),
        "parents": [(_("Greetings"), reverse("admin:greetings_batch_changelist"))],
        "form": form,
        "submit": _("On to the recipients"),
    }
    return page(admin.site, request, "admin_ui/form.html", context)
