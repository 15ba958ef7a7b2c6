"""CİMER's desk as one person may work at it: what is to be entered, and the return of what was."""

from __future__ import annotations

from contextlib import nullcontext
from typing import BinaryIO

from django.db.models import Prefetch

from backend.complaints.importing import cimer_returns
from backend.complaints.importing.cimer_returns import Return
from backend.complaints.models import PENDING_REPLY, Complaint, ComplaintQuerySet, Notice
from backend.complaints.moves import Verb
from backend.core.session import dry_run
from permissions.complaints.rules import complaint_filter
from permissions.core import scope
from permissions.core.filters import NOTHING

VERB = Verb.RECORD_CIMER_ENTRY


def may_work() -> bool:
    """Whether there are cases whose entry the viewer may record."""
    return complaint_filter(scope.current_viewer(), VERB) != NOTHING


def to_enter() -> ComplaintQuerySet:
    """The cases whose reply the viewer may enter, each with it as `pending_replies`, the nearest last day first."""
    replies = Prefetch("notices", scope.visible(Notice).filter(PENDING_REPLY), to_attr="pending_replies")
    rows = scope.visible(scope.visible(Complaint.objects.to_enter()), action=VERB)
    return rows.select_related("responsible_department").prefetch_related(replies).order_by("target_on", "pk")


def read_return(file: BinaryIO, *, for_good: bool) -> Return:
    """Record what a returned file says was entered; otherwise only say what would come of it.

    A number of a case that the viewer does not see is answered like an unknown one. TableError, FORBIDDEN.
    """
    viewer = scope.require_viewer()
    entries = cimer_returns.read(file)
    numbers = {entry.number for entry in entries} - {""}
    cases = list(scope.visible(Complaint.objects.through_cimer()).filter(source_number__in=numbers))
    with (
        nullcontext() if for_good else dry_run(),
        scope.authorized_many(VERB, Complaint, [case.key for case in cases]) as locked,
    ):
        rows = {case.pk: case for case in cases} | {case.pk: case for case in locked}
        return cimer_returns.record(entries, rows.values(), may=[case.pk for case in locked], by=viewer.user)
