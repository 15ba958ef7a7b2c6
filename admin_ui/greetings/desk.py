"""What may be written in the coming days: a panel of the desk and a page; one press begins the batch or the draft."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.display import days_left
from admin_ui.core.screen import page
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.greetings.models import Batch
from backend.greetings.suggestions import AHEAD, MOST_AHEAD, Suggestion
from backend.letters.models import Letter
from permissions.core import scope
from permissions.core.scope import Action
from permissions.greetings import access

SHOWN = 6


def panel() -> dict[str, object] | None:
    """For the desk of the office: the coming week, the nearest first; nothing for anybody else."""
    if not page_access.sees_all(Batch):
        return None
    result = access.coming(AHEAD)
    return {
        "rows": [_row(one) for one in result[:SHOWN]],
        "count": len(result),
        "url": reverse("admin:greetings_batch_suggestions"),
        **_pressed(),
    }


def _pressed() -> dict[str, object]:
    return {
        "take_url": reverse("admin:greetings_batch_take"),
        "may_take": page_access.holds(Batch, Action.REGISTER),
    }


def _row(one: Suggestion) -> dict[str, object]:
    text, tone = days_left(one.on)
    if one.on < today():
        text, tone = day_text(one.on), "orange"
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind.label,
        "on": one.on,
        "left": text,
        "tone": tone,
        "letter": one.letter_kind.label,
        "why": one.why,
        "audience": one.audience,
        "caution": one.caution,
        "press": _("Begin the letter") if one.is_for_one else _("Prepare the batch"),
        "url": _where(one),
    }


def _where(one: Suggestion) -> str:
    """What was begun for it already, as far as the viewer sees it."""
    if one.occasion is None:
        return ""
    if one.is_for_one:
        letter = scope.visible(Letter).filter(occasion=one.occasion).first()
        return reverse("admin:letters_letter_change", args=[letter.key]) if letter else ""
    batch = scope.visible(Batch).filter(occasion=one.occasion).order_by("pk").first()
    return reverse("admin:greetings_batch_change", args=[batch.key]) if batch else ""


def suggestions(request: HttpRequest) -> HttpResponse:
    """All of the coming month."""
    context = {
        "title": _("Suggested letters"),
        "parents": [(_("Greetings"), reverse("admin:greetings_batch_changelist"))],
        "rows": [_row(one) for one in access.coming(MOST_AHEAD)],
        "days": MOST_AHEAD,
        **_pressed(),
    }
    return page(admin.site, request, "admin_ui/greeting_suggestions.html", context)


def take(request: HttpRequest) -> HttpResponse:
    """Create the batch or the draft with one click; an existing one is reused."""
    try:
        _occasion, batch, letter = access.begin(request.POST.get("code", "")[:120])
    except DomainError as error:
        if error.code == ErrorCode.FORBIDDEN:
            raise
        messages.warning(request, str(error))
        return HttpResponseRedirect(reverse("admin:greetings_batch_suggestions"))
    if letter is not None:
        return HttpResponseRedirect(reverse("admin:letters_letter_change", args=[letter.key]))
    assert batch is not None  # noqa: S101 - one of the two
    page_of = "recipients" if not batch.recipients.exists() else "change"
    return HttpResponseRedirect(reverse(f"admin:greetings_batch_{page_of}", args=[batch.key]))
