"""Letters on the morning desk: those whose turn the viewer has, and incoming ones that are to be answered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui.core.dates import day_text
from admin_ui.core.display import badge
from admin_ui.core.listing import DESK_ROWS, Waiting
from backend.core.localtime import today
from backend.letters.choices import Status
from backend.letters.models import Letter
from backend.letters.moves import Verb
from permissions.core import scope
from permissions.letters import access


def panels() -> list[Waiting]:
    """Panels that have content; an empty one is left out."""
    return [panel for panel in (_olur(), _turn(), _to_answer()) if panel.count]


def _turn() -> Waiting:
    rows = _waiting().exclude(status=Status.APPROVAL)
    return _of(rows, "turn", _("Letters that wait for you"), "orange")


def _olur() -> Waiting:
    rows = _waiting().filter(status=Status.APPROVAL)
    return _of(rows, "olur", _("Olur that wait for you"), "orange")


def _waiting() -> QuerySet[Letter]:
    mine = scope.visible(Letter, action=Verb.SIGN).filter(turn_of__isnull=False)
    return mine.order_by("drafted_at", "pk")


def _to_answer() -> Waiting:
    rows = Letter.objects.awaiting_answer()
    return _of(scope.visible(rows).order_by("answer_by", "pk"), "open", _("Letters to be answered"), "blue")


def _answer_by(row: Letter) -> str:
    if row.answer_by is None:
        return ""
    day = day_text(row.answer_by)
    return badge(day, "red") if row.answer_by < today() else day


def _of(rows: Any, tab: str, title: str | Promise, tone: str) -> Waiting:
    shown = list(rows.defer("body", "words")[:DESK_ROWS])
    access.log_access(shown, "admin: letters on the desk")
    first = [
        {
            "url": reverse("admin:letters_letter_change", args=[row.key]),
            "reference": row.reference or row.get_kind_display(),
            "subject": row.subject or row.get_kind_display(),
            "who": row.sender or row.to_names,
            "when": _answer_by(row),
            "when_label": _("answer by") if row.answer_by else "",
        }
        for row in shown
    ]
    url = f"{reverse('admin:letters_letter_changelist')}?tab={tab}"
    return Waiting(title, "", tone, url, rows[:1000].count(), first)
