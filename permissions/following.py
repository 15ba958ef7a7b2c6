"""Following what happens: a happening is a row's number, and each follower's eyes decide what it means to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.journal.happenings import News
from backend.organization.models import User
from permissions import scope
from permissions.public import STEPS, plain_code
from permissions.public_cases import brought_by


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


def brought(code: str, by: User) -> int | None:
    """The number of the case of this tracking code, if the account brought it in."""
    plain = plain_code(code)
    with system():
        rows = brought_by(by).filter(tracking_code=plain) if plain else Complaint.objects.none()
        return rows.values_list("pk", flat=True).first()


def is_for_the_citizen(verbs: Iterable[str]) -> bool:
    """Whether a citizen reads any of it: what goes on inside the house is told to no portal."""
    return any(verb in STEPS for verb in verbs)
