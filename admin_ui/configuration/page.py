"""The page of settings: one form in sections, what it will look like, and what was changed by whom."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from admin_ui.configuration.form import SettingsForm, in_force
from admin_ui.configuration.preview import looks
from admin_ui.core.screen import page
from backend.configuration import actions, memory
from backend.configuration.models import SettingChange
from backend.configuration.office import DECLARED
from permissions.configuration.access import may_change
from permissions.core import scope
from permissions.core.filters import Action

NEWEST = 30
"""Changes that stand in the page; the journal has all of them."""


def settings(request: HttpRequest) -> HttpResponse:
    """Show the settings, what they would look like (`look`), or keep them."""
    if not may_change():
        raise scope.not_found()
    form = SettingsForm(
        request.POST or None,
        request.FILES or None,
        initial={"revision": memory.revision(), **in_force()},
    )
    typed = {}
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            typed = actions.parsed(form.texts())
        else:
            with form.refusals():
                return _keep(request, form)
    context = {
        "title": _("Settings"),
        "form": form,
        "sections": list(form.sections()),
        "is_typed": bool(typed),
        "changes": [
            _change(row) for row in SettingChange.objects.select_related("by").order_by("-id")[:NEWEST]
        ],
        **(looks(typed) if typed or not form.is_bound or form.is_valid() else {}),
    }
    return page(admin.site, request, "admin_ui/settings.html", context)


def _keep(request: HttpRequest, form: SettingsForm) -> HttpResponse:
    with scope.elevated_for(SettingChange, Action.CHANGE) as viewer:
        rows = actions.change(
            form.texts(), by=viewer.user, revision=form.cleaned_data["revision"] if form.is_bound else None
        )
    if rows:
        sentence = ngettext(
            "%(count)s setting is in force, everywhere within a few seconds.",
            "%(count)s settings are in force, everywhere within a few seconds.",
            len(rows),
        )
        messages.success(request, sentence % {"count": len(rows)})
    else:
        messages.info(request, _("Everything is as it was: nothing was changed."))
    return HttpResponseRedirect(reverse("admin:settings"))


def _change(row: SettingChange) -> dict[str, object]:
    kind = DECLARED.get(row.name)
    return {"row": row, "label": kind.label if kind else row.name}
