"""On the page of a case: what may be the same matter, each with its reasons and what can be done; and of linked cases
the one matter that they are: how many, whom one answers, and where."""

from __future__ import annotations

from typing import Any

from admin_ui.core.panels import panel
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from permissions.core import scope
from permissions.similarity import finding

SHOWN = 20


@panel("admin_ui/includes/matter.html", "head", Complaint)
def matter(row: Complaint) -> dict[str, object]:
    """The visible cases of the matter of a case, the one that the others are linked to first."""
    found = finding.matter_of(row)
    if found is None:
        return {}
    return {
        "row": row,
        "leader": found.leader,
        "is_leader": found.leader == row,
        "count": len(found.members),
        "open": sum(one.is_open for one in found.members),
        "affected": sum(one.affected for one in found.members),
        "members": found.members[:SHOWN],
        "may_answer": found.leader == row and Verb.ANSWER_LINKED in scope.allowed_actions(row),
    }


@panel("admin_ui/includes/similar.html", "matter", Complaint)
def similar(row: Complaint) -> dict[str, object]:
    """What may be the same matter as an open case, and what was set apart from it."""
    if not row.is_open:
        return {}
    able = scope.allowed_actions(row)
    proposals = [_proposal(row, one) for one in finding.similar_to(row)]
    apart = (
        list(scope.visible(Complaint).filter(pk__in=row.apart_from).order_by("pk")) if row.apart_from else []
    )
    if not proposals and not apart:
        return {}
    return {
        "row": row,
        "proposals": proposals,
        "apart": apart,
        "may": {verb.value: verb in able for verb in (Verb.LINK, Verb.MARK_DUPLICATE, Verb.SET_APART)},
        "may_take_back": Verb.UNSET_APART in able,
    }


def _proposal(row: Complaint, one: finding.Similar) -> dict[str, Any]:
    """The later one is linked to the earlier one, or ends as its duplicate."""
    other = one.complaint
    is_later = (row.registered_at, row.pk) > (other.registered_at, other.pk)
    later, earlier = (row, other) if is_later or not other.is_open else (other, row)
    return {"one": one, "other": other, "later": later, "earlier": earlier}
