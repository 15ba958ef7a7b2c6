"""What waits on the morning desk of instructions: for the office to decide, for a department to acknowledge and do."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui.core.listing import DESK_ROWS, Waiting
from admin_ui.instructions.wording import due
from backend.instructions.models import Instruction
from permissions.core import scope

COUNTED = 1000


def panels() -> list[Waiting]:
    """Panels for the office and keepers: decisions, late and unacknowledged instructions. For a department: its
    open instructions."""
    viewer = scope.current_viewer()
    rows = scope.visible(Instruction.objects.all())
    if viewer.sees_all or viewer.kept:
        return [
            _panel(
                rows.to_decide(),
                "decide",
                _("Instructions to be decided"),
                _("Nothing waits for a decision."),
                "orange",
            ),
            _panel(rows.late(), "late", _("Late instructions"), _("No instruction is late."), "red"),
            _panel(
                rows.unacknowledged(),
                "unacknowledged",
                _("Instructions not acknowledged"),
                _("Every instruction is acknowledged."),
                "blue",
            ),
        ]
    waiting = _panel(
        rows.unacknowledged(), "unacknowledged", _("Instructions to be acknowledged"), "", "orange"
    )
    doing = _panel(rows.carried(), "open", _("Instructions to be carried out"), "", "blue")
    return [one for one in (waiting, doing) if one.count]


def _panel(rows: Any, tab: str, title: str | Promise, done: Any, tone: str) -> Waiting:
    count = rows[:COUNTED].count()
    shown = rows.select_related("department").order_by("due_on", "pk")[:DESK_ROWS] if count else []
    first = [
        {
            "url": reverse("admin:instructions_instruction_change", args=[row.key]),
            "reference": row.reference,
            "subject": row.subject,
            "who": row.department.short_name,
            "when": due(row),
        }
        for row in shown
    ]
    url = f"{reverse('admin:instructions_instruction_changelist')}?tab={tab}"
    return Waiting(title, done, tone, url, count, first)
