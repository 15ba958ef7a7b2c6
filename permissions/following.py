"""Following what happens: a happening is a row's number, and each follower's eyes decide what it means to them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal.happenings import News
from permissions import scope


def key_seen(case: int) -> UUID | None:
    """The key of this case if the viewer sees it now."""
    return scope.visible(Complaint).filter(pk=case).values_list("key", flat=True).first()


def key_lost(news: News, held: Collection[int]) -> UUID | None:
    """The key of a case that left the viewer's sight by this: one that they were shown on this connection (`held`), or
    that a department of theirs had until now. None for every other hidden case: that there is one is told to nobody.
    """
    if news.subject_id not in held and not news.lost_by & scope.current_viewer().departments:
        return None
    with system():
        return Complaint.objects.filter(pk=news.subject_id).values_list("key", flat=True).first()
