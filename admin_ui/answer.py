"""An applicant's answer by the link in their message: GET shows, POST decides, so that no mail scanner answers."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from permissions import public_appointments

SAID = {
    "accept": _("Thank you. Your appointment stands."),
    "refuse": _("Thank you. We will get in touch with you about another time."),
    "cancel": _("Your appointment has been cancelled. Thank you for telling us."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """404, with whom to call, for a link that is not ours or out of date; what is no longer possible is said, and
    nothing is changed."""
    said = None
    found = public_appointments.invitation(token)
    if found and request.method == "POST":
        said = public_appointments.answer(token, request.POST.get("answer", ""), request.POST.get("wish", ""))
    context = {
        "found": found,
        "said": SAID.get(said or ""),
        "answers": found.answers if found and not said else (),
        "too_late": found and ((request.method == "POST" and said is None) or not found.answers),
        "municipality": settings.MUNICIPALITY_NAME,
        "phone": settings.MUNICIPALITY_PHONE,
    }
    response = render(request, "admin_ui/answer.html", context, status=200 if found else 404)
    response["Referrer-Policy"] = "no-referrer"
    return response
