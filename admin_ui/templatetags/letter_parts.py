"""What other pages show of letters: those of a case, a meeting and the like, and the button that begins one."""

from typing import Any

from django import template
from django.urls import reverse

from admin_ui.core import page_access
from backend.letters.models import Letter
from permissions.core import scope
from permissions.core.filters import Action

register = template.Library()


@register.inclusion_tag("admin_ui/includes/letters_of.html", takes_context=True)
def letters_of(context: Any, what: str, row: Any) -> dict[str, object]:
    """The visible letters of a row, the newest first, ten at most. `what`: the name of the link."""
    rows = Letter.objects.filter(**{what: row})
    if what == "request" and row.entry_id:  # a letter of the appointment is one of the request
        rows |= Letter.objects.filter(entry=row.entry_id)
    return {
        "letters": list(scope.visible(rows).defer("body", "words").order_by("-drafted_at")[:10]),
        "may_begin": page_access.holds(Letter, Action.BEGIN),
        "url": reverse("admin:letters_letter_make", args=[what, row.key]),
        "csrf_token": context.get("csrf_token"),
    }
