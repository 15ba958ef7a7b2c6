"""Substitutes who initial and sign letters, with their days."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core import page_access
from admin_ui.core.screen import page
from admin_ui.letters.forms import SubstituteForm
from backend.core.localtime import today
from backend.letters import actions
from backend.letters.models import Letter, Substitution
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access


def show(request: HttpRequest) -> HttpResponse:
    """Those of today and to come; the office records new ones."""
    page_access.require(Letter, Action.BEGIN)
    may_record = page_access.holds(Substitution, Action.REGISTER)
    form = SubstituteForm(request.POST or None) if may_record else None
    if form is not None and request.method == "POST" and form.is_valid():
        cleaned = dict(form.cleaned_data)
        with form.refusals():
            with access.substituting() as viewer:
                actions.substitute(cleaned.pop("person"), by=viewer.user, **cleaned)
            messages.success(request, _("The substitution is recorded."))
            return HttpResponseRedirect(reverse("admin:letters_letter_substitutes"))
    rows = scope.visible(Substitution).filter(valid_until__gte=today())
    context = {
        "title": _("Who signs in whose place"),
        "parents": [(_("Letters"), reverse("admin:letters_letter_changelist"))],
        "form": form,
        "rows": rows.select_related("person", "substitute").order_by("valid_from", "pk")[:100],
    }
    return page(admin.site, request, "admin_ui/letter_substitutes.html", context)
