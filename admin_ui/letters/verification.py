"""Is this paper genuine? By the code or QR code printed on it: number, date and, if it is for all, the subject."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.core.forms import OfficeForm
from backend.configuration.office import configured
from permissions.letters import public as public_letters


class CodeForm(OfficeForm):
    code = forms.CharField(
        label=_("Verification code"),
        max_length=40,
        help_text=_("Sixteen letters and digits; it stands at the foot of the letter."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A form for the code; POST answers."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    code = form.cleaned_data["code"] if form.is_bound and form.is_valid() else None
    return _answer(request, form, code)


@never_cache
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code leads to."""
    return _answer(request, CodeForm(), code)


def _answer(request: HttpRequest, form: CodeForm, code: str | None) -> HttpResponse:
    result = public_letters.verified(code) if code is not None else None
    context = {
        "form": form,
        "found": result,
        "missing": code is not None and result is None,
        "municipality": configured.MUNICIPALITY_NAME,
        "phone": configured.MUNICIPALITY_PHONE,
    }
    status = 404 if context["missing"] and not form.is_bound else 200
    return render(request, "admin_ui/verification.html", context, status=status)
