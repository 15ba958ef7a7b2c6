"""What other pages show of letters: those of a case, a meeting and the like, and the button that begins one."""

from functools import partial, reduce
from operator import or_
from typing import Any

from django import template
from django.db.models import Q, QuerySet
from django.urls import reverse

from admin_ui.core import page_access
from backend.letters.models import Letter
from permissions.core import scope
from permissions.core.filters import Action
from permissions.plans import querysets as plans

register = template.Library()


def _newest_of(edges: list[str], *keys: int) -> QuerySet[Letter]:
    of_any = reduce(or_, (Q(**{edge: key}) for edge, key in zip(edges, keys, strict=True)))
    return scope.visible(Letter.objects.filter(of_any)).defer("body", "words").order_by("-drafted_at")[:10]


@register.inclusion_tag("admin_ui/includes/letters_of.html", takes_context=True)
def letters_of(context: Any, what: str, row: Any) -> dict[str, object]:
    """The visible letters of a row, the newest first, ten at most. `what`: the name of the link."""
    # A letter of the appointment is one of the request.
    edges = {what: row.pk, **({"entry": row.entry_id} if what == "request" and row.entry_id else {})}
    name = f"letters of {' and '.join(edges)}"
    return {
        "letters": plans.rows(name, partial(_newest_of, list(edges)), *edges.values()),
        "may_begin": page_access.holds(Letter, Action.BEGIN),
        "url": reverse("admin:letters_letter_make", args=[what, row.key]),
        "csrf_token": context.get("csrf_token"),
    }
