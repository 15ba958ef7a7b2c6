"""The citizen's view of their case, by the code they were given: asked by POST, so that no address holds
a code.
"""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.forms import OfficeForm
from permissions import public


class CodeForm(OfficeForm):
    code = forms.CharField(
        label=_("Tracking code"),
        max_length=40,
        help_text=_(
            "Twelve letters and digits, for example 7G2K-0QXM-4TBN. It stands in the message you were sent."
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """GET shows the form, POST what `permissions.public` tells a citizen. A wrong code tells
    nothing.
    """
    form = CodeForm(request.POST if request.method == "POST" else None)
    found = None
    if request.method == "POST" and form.is_valid():
        found = public.tracked(form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("No application has this code. Check it letter by letter."))
    context = {
        "form": form,
        "found": found,
        "municipality": settings.MUNICIPALITY_NAME,
        "phone": settings.MUNICIPALITY_PHONE,
    }
    return render(request, "admin_ui/tracking.html", context)
