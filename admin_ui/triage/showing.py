"""What the router proposes, as a part of a page: each with its reason and the past cases that the viewer sees."""

from __future__ import annotations

from admin_ui.core import page_access
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from permissions.triage.suggestions import Suggested, Suggestions


def proposed(found: Suggestions) -> dict[str, object]:
    """The context of `includes/router_proposal.html`; empty where the router is silent."""
    if not found.is_learned:
        return {}
    return {
        "router_groups": [
            {"is_category": True, "items": _shown(found.categories)},
            {"is_category": False, "items": _shown(found.units)},
        ],
        "router_category": found.categories[0].row.code if found.categories else "",
        "router_unit": found.units[0].row.code
        if found.units and page_access.holds(Complaint, Verb.ROUTE)
        else "",
        "router_priority": Priority(found.priority).label if found.priority else "",
        "router_version": found.version,
    }


def _shown(items: list[Suggested]) -> list[dict[str, object]]:
    return [
        {
            "code": one.row.code,
            "name": getattr(one.row, "short_name", one.row.name),
            "sure": one.sure_percent,
            "words": one.words,
            "past": one.past,
        }
        for one in items
    ]
