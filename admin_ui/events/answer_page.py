"""A guest's answer by the link of their invitation: GET shows, POST decides, so that no mail scanner answers.

No script, no account; the card's QR leads here too.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from admin_ui.retention.privacy_notices import posted
from backend.configuration.office import configured
from backend.contacts import privacy
from backend.contacts.models import Purpose
from backend.events.choices import Answer
from permissions.events import public_guests
from permissions.events.public_guests import SAID

CHOICES = (
    (Answer.COMING, _("I will come")),
    (Answer.REPRESENTED, _("I send a representative")),
    (Answer.NOT_COMING, _("I cannot come")),
)
THANKS = {
    Answer.COMING: _("Thank you. We expect you with pleasure."),
    Answer.REPRESENTED: _("Thank you. We expect your representative with pleasure."),
    Answer.NOT_COMING: _("Thank you for telling us."),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """404, with whom to call, for a link that is not ours or out of date; a refusal keeps what was typed."""
    shown = public_guests.invitation(token)
    answered: public_guests.Answered | None = None
    typed: dict[str, str] = {}
    if shown is not None and request.method == "POST":
        typed = {name: request.POST.get(name, "")[:500] for name in SAID}
        answered = public_guests.answer(
            token, request.POST.get("answer", ""), typed, posted(request, Purpose.EVENT)
        )
        shown = answered.shown if answered else None
    is_taken = bool(answered and answered.is_taken)
    context: dict[str, object] = {
        "found": shown,
        "thanks": THANKS.get(Answer(shown.answer)) if shown and is_taken else None,
        "refused": answered.message if answered and not is_taken else "",
        "field": answered.field if answered and not is_taken else "",
        "choices": CHOICES,
        "notice": privacy.in_force(Purpose.EVENT) if shown and shown.may_answer else None,
        "chosen": request.POST.get("answer", "") if typed and not is_taken else shown.answer if shown else "",
        "given": typed if typed and not is_taken else shown.details if shown else {},
        "companions": _companions(shown, typed) if shown else [],
        "code": _code(request) if shown and shown.answer in ("COMING", "REPRESENTED") else "",
        "municipality": configured.MUNICIPALITY_NAME,
        "phone": (shown.answer_phone if shown else "") or configured.MUNICIPALITY_PHONE,
    }
    response = render(request, "admin_ui/guest_answer.html", context, status=200 if shown else 404)
    # The link leaks to no other site; with "no-referrer" a browser sends Origin: null, and the form would be refused.
    response["Referrer-Policy"] = "same-origin"
    return response


def _companions(shown: public_guests.PublicGuest, typed: dict[str, str]) -> list[tuple[int, bool]]:
    """(number, whether it is chosen)"""
    chosen = (typed or shown.details).get("companions", "0")
    return [(count, str(count) == (chosen or "0")) for count in range(shown.companions_allowed + 1)]


def _code(request: HttpRequest) -> str:
    """The page's own address as a QR code, for check-in."""
    import segno  # here: no command starts slower for it

    return segno.make(request.build_absolute_uri(request.path), error="m").svg_inline(
        scale=4, border=2, svgclass="ok-qr", omitsize=True
    )
