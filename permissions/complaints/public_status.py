"""Where a case stands for the citizen, in a few words that change whenever the citizen reads something else."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable

from django.utils import translation

from backend.complaints.actions import citizens
from backend.complaints.choices import ENDS
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.story import EventType
from permissions.complaints.public import STANDING, STEPS, PublicStep

READ_BY_THEM: dict[str, PublicStep] = STEPS | {EventType.MESSAGED: PublicStep.MESSAGED}
"""The lines that change what a citizen reads: the steps, and what is written to them."""
ONCE = frozenset({EventType.ROUTED, EventType.STARTED})
"""Only the first of these is public: internal rerouting stays internal."""


Lines = Iterable[tuple[str, dt.datetime]]


def public_status(complaint: Complaint) -> dict[str, object]:
    """`public_status_of` one case, read under the office's role."""
    return public_status_of(complaint, lines_of([complaint.pk]).get(complaint.pk, ()))


def lines_of(cases: Iterable[int]) -> dict[int, list[tuple[str, dt.datetime]]]:
    """Case -> (verb, moment) of its lines that a citizen reads, in order; in one statement."""
    result: dict[int, list[tuple[str, dt.datetime]]] = {}
    lines = ComplaintLine.objects.filter(complaint__in=list(cases), verb__in=READ_BY_THEM).order_by(
        "at", "id"
    )
    for case, verb, at in lines.values_list("complaint_id", "verb", "at"):
        result.setdefault(case, []).append((verb, at))
    return result


def public_status_of(complaint: Complaint, lines: Lines) -> dict[str, object]:
    """Public status of a case by the lines that a citizen reads (`lines_of`): `happened` is the last of them,
    `changedAt` its moment. Equal values mean that the citizen sees no change."""
    seen: set[str] = set()
    verb, at = "", None
    for one, moment in lines:
        if one not in ONCE or one not in seen:
            verb, at = one, moment
        seen.add(one)
    standing = STANDING[complaint.status]
    return {
        "status": str(standing.label),
        "statusCode": standing.value,
        "happened": str(READ_BY_THEM[verb].label) if verb else "",
        "happenedCode": READ_BY_THEM[verb].value if verb else None,
        "changedAt": at.isoformat(timespec="seconds") if at else None,
        "isAwaited": citizens.is_awaited(complaint),
        "isOver": complaint.status in ENDS,
    }


def public_status_digest(complaint: Complaint) -> str:
    """`standing`, to be compared with another time and not to be read: 32 characters, whatever language is spoken."""
    with translation.override("tr"):
        value = json.dumps(public_status(complaint), sort_keys=True)
    return hashlib.sha256(value.encode()).hexdigest()[:32]
