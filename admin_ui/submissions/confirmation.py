"""The page on which a sender writes the code that they were sent, by POST so that no address contains it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.core.forms import OfficeForm
from backend.configuration.office import configured
from permissions.submissions import public


class ConfirmForm(OfficeForm):
    code = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("Twelve letters and digits, in the message that you were sent."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """GET shows the form, or leads to the citizens' site, which has this page too; POST registers the submission."""
    if settings.WEBSITE and request.method != "POST":
        return redirect("apply_confirm")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    registered = None
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            registered = public.confirm(form.cleaned_data["code"])
    context = {
        "form": form,
        "registered": registered,
        "municipality": configured.MUNICIPALITY_NAME,
        "phone": configured.MUNICIPALITY_PHONE,
    }
    return render(request, "admin_ui/confirmation.html", context)
