"""Where a case stands for the citizen, in a few words that change whenever the citizen reads something else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import translation

from backend.complaints.actions import citizens
from backend.complaints.choices import ENDS
from backend.complaints.models import SENT_MESSAGE, SENT_REPLY, Complaint, ComplaintLine, Notice
from backend.complaints.story import EventType
from backend.outbox.holding import HELD, LEFT
from permissions.complaints.public import STEPS, UNDONE, Line, PublicStep, happened, standing_of

READ_BY_THEM: dict[str, PublicStep] = STEPS | {EventType.MESSAGED: PublicStep.MESSAGED}
"""The lines that change what a citizen reads: the steps, and what is written to them."""
_OF_LINE = Cast("key", TextField())
_LEFT_MESSAGES = Notice.objects.annotate(named=_OF_LINE).filter(
    SENT_MESSAGE, LEFT, complaint=OuterRef("complaint"), named=KeyTextTransform("notice", OuterRef("details"))
)
NOT_WITH_THEM = Q(verb=EventType.MESSAGED, details__has_key="notice") & ~Exists(_LEFT_MESSAGES)
"""The lines of messages that still wait, or were taken back."""
ONCE = frozenset({EventType.ROUTED, EventType.STARTED})
"""Only the first of these is public: internal rerouting stays internal."""


@dataclass(frozen=True)
class Read:
    """What a citizen reads of a case: its lines in order, and whether a reply of it still waits. Of its messages those
    that have left."""

    lines: list[Line] = field(default_factory=list)
    is_held: bool = False


def public_status(complaint: Complaint) -> dict[str, object]:
    """`public_status_of` one case, read under the office's role."""
    return public_status_of(complaint, read_of([complaint.pk])[complaint.pk])


def read_of(cases: Iterable[int]) -> dict[int, Read]:
    """Case -> what a citizen reads of it; in two statements."""
    keys = list(cases)
    held = set(
        Notice.objects.filter(SENT_REPLY, HELD, complaint__in=keys).values_list("complaint", flat=True)
    )
    lines: dict[int, list[Line]] = {key: [] for key in keys}
    known = Q(verb__in=[*READ_BY_THEM, EventType.RECALLED]) | UNDONE
    rows = ComplaintLine.objects.filter(known, complaint__in=keys).exclude(NOT_WITH_THEM)
    for case, verb, at in rows.order_by("at", "id").values_list("complaint_id", "verb", "at"):
        lines[case].append((verb, at))
    return {key: Read(happened(lines[key], key in held), key in held) for key in keys}


def public_status_of(complaint: Complaint, read: Read) -> dict[str, object]:
    """Public status of a case by what a citizen reads (`read_of`): `happened` is the last line, `changedAt` its
    moment. Equal values mean that the citizen sees no change."""
    seen: set[str] = set()
    verb, at = "", None
    for one, moment in read.lines:
        if one not in ONCE or one not in seen:
            verb, at = one, moment
        seen.add(one)
    standing = standing_of(complaint, read.is_held)
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
