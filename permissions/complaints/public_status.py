"""Where a case stands for the citizen, in a few words that change whenever the citizen reads something else."""

from __future__ import annotations

import hashlib
import json

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions import citizens
from backend.complaints.choices import ENDS
from backend.complaints.models import Complaint
from backend.complaints.story import Happened
from permissions.complaints.public import STANDING, STEPS

READ_BY_THEM: dict[str, str | Promise] = STEPS | {Happened.MESSAGED: _("The municipality wrote to you")}
"""The lines that change what a citizen reads: the steps, and what is written to them."""
ONCE = frozenset({Happened.ROUTED, Happened.STARTED})
"""Of these only the first is shown: that it goes to another unit inside the house is nobody's business."""


def standing(complaint: Complaint) -> dict[str, object]:
    """What stands now, under the role of the house: `happened` is the last that the citizen reads, `changedAt` when
    that was. The same twice: nothing that they read has changed."""
    lines = complaint.lines.filter(verb__in=READ_BY_THEM).order_by("at", "id").values_list("verb", "at")
    seen: set[str] = set()
    verb, at = "", None
    for one, moment in lines:
        if one not in ONCE or one not in seen:
            verb, at = one, moment
        seen.add(one)
    return {
        "status": str(STANDING[complaint.status]),
        "happened": str(READ_BY_THEM[verb]) if verb else "",
        "changedAt": at.isoformat(timespec="seconds") if at else None,
        "isAwaited": citizens.is_awaited(complaint),
        "isOver": complaint.status in ENDS,
    }


def standing_digest(complaint: Complaint) -> str:
    """`standing`, to be compared with another time and not to be read: 32 characters, whatever language is spoken."""
    with translation.override("tr"):
        said = json.dumps(standing(complaint), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]
