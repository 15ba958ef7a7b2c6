"""Saying that one has a case open, and forgetting it. No journal mentions it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.validation import choice
from backend.organization.models import User
from backend.presence.models import FORGOTTEN, Presence, Writes


@transaction.atomic
def be_here(complaint: Complaint, *, by: User, writes: str = "") -> None:
    """Keep for a minute that this person has the case open, and what they write. A window that only shows the case
    does not take back what another one writes. INVALID for anything else."""
    now = timezone.now()
    row = Presence(complaint=complaint, user=by, seen_at=now)
    changed = ["seen_at"]
    if writes:
        row.writes, row.writing_at = choice(Writes, writes, "writes"), now
        changed += ["writes", "writing_at"]
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["complaint", "user"], update_fields=changed
    )


@transaction.atomic
def leave(complaint: Complaint, *, by: User) -> None:
    """Forget at once that this person has the case open; another window of theirs says it again."""
    Presence.objects.filter(complaint=complaint, user=by).delete()


def forget() -> int:
    """Delete who was not there for a minute. Returns how many."""
    return Presence.objects.filter(seen_at__lte=timezone.now() - FORGOTTEN).delete()[0]
