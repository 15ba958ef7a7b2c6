"""How much of a series a change reaches: this one, this and the following, or all that is still to come."""

from __future__ import annotations

import uuid

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice
from backend.programme import moves
from backend.programme.choices import Reach
from backend.programme.models import Entry
from backend.programme.moves import Verb


def reached(entry: Entry, verb: Verb, reach: str) -> list[Entry]:
    """The entry and, by `reach`, those of its series that allow the verb, in order of time.

    Past ones are skipped, and individually changed ones keep their change; the entry itself always counts. An
    occurrence that is confidential for others is invisible here, and so left unchanged.
    """
    moves.require(verb, entry.status)
    how_much = choice(Reach, reach, "reach")
    if how_much is Reach.THIS:
        return [entry]
    if entry.series is None:
        raise DomainError(ErrorCode.INVALID, _("This entry belongs to no series."), "reach")
    rows = (
        Entry.objects.filter(
            series=entry.series, status__in=moves.entry_action[verb].sources, is_exception=False
        )
        .exclude(pk=entry.pk)
        .filter(ends_at__gt=timezone.now())
    )
    if how_much is Reach.FOLLOWING:
        rows = rows.filter(starts_at__gt=entry.starts_at)
    others = list(rows.select_for_update(of=("self",)))
    return sorted([entry, *others], key=lambda row: row.starts_at)


def part(entries: list[Entry], entry: Entry, reach: str) -> None:
    """What a change sets apart: one entry becomes an exception, the following ones a series of their own."""
    if entry.series is None:
        return
    if reach == Reach.THIS:
        entry.is_exception = True
    elif reach == Reach.FOLLOWING:
        own = uuid.uuid4()
        for row in entries:
            row.series = own
