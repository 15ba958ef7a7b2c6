"""An applicant's answer by the link in their message: GET shows, POST decides, so that no mail scanner answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.core.links.maps import map_url
from admin_ui.retention.privacy_notices import posted
from backend.configuration.office import configured
from backend.contacts import privacy
from backend.contacts.models import Purpose
from permissions.appointments import public as public_appointments

MESSAGES = {
    "accept": _("Thank you. Your appointment stands."),
    "come": _("Thank you. We expect you."),
    "refuse": _("Thank you. We will get in touch with you about another time."),
    "cancel": _("Your appointment has been cancelled. Thank you for telling us."),
    "chosen": _(
        "Thank you. The time you chose is kept for you. Your former time is free again; we will tell you as soon as"
        " the new one is confirmed."
    ),
    "moved": _("Thank you. Your appointment has been moved to the time you chose."),
    "taken": _(
        "We are sorry: another person has just chosen this time. Yours is unchanged. Please choose another one."
    ),
}


@never_cache
@require_http_methods(["GET", "HEAD"])
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The appointment for one's own calendar. 404 unless it stands."""
    content = public_appointments.calendar_file(token)
    if content is None:
        return answer(request, token)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="randevu.ics"'
    return response


def _map_of(request: HttpRequest, place: str) -> str:
    """Where to come on a map: by the address of the house where that is the place, else by the place's own words."""
    address = configured.MUNICIPALITY_ADDRESS
    return map_url(request, address if address and address in place else place)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """404, with a telephone number, for an unknown or expired link; an answer that is no longer possible changes
    nothing and is reported."""
    value = None
    result = public_appointments.invitation(token)
    if result and request.method == "POST":
        values = {name: request.POST.get(name, "") for name in ("wish", "at")}
        shown = posted(request, Purpose.APPOINTMENT)
        value = public_appointments.answer(token, request.POST.get("answer", ""), **values, notice=shown)
        result = value.invitation if value else result
    context = {
        "found": result,
        "minutes": result.minutes if result else None,
        "calendar_url": reverse("appointment_calendar", args=[token]) if result and result.stands else "",
        "message": MESSAGES.get(value.word) if value else None,
        "answers": result.answers if result else (),
        "notice": privacy.in_force(Purpose.APPOINTMENT) if result and result.answers else None,
        "too_late": result and ((request.method == "POST" and value is None) or not result.answers),
        "municipality": configured.MUNICIPALITY_NAME,
        "phone": configured.MUNICIPALITY_PHONE,
        "map_url": _map_of(request, result.place) if result else "",
    }
    response = render(request, "admin_ui/answer.html", context, status=200 if result else 404)
    # The link leaks to no other site; with "no-referrer" a browser sends Origin: null, and the form would be refused.
    response["Referrer-Policy"] = "same-origin"
    return response
