"""Keeping the calls of this moment, and forgetting them. No journal and no log mentions a number."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from backend.organization.models import User
from backend.telephone.dialogs import Dialogs
from backend.telephone.models import LONGEST, Call


def extensions() -> list[str]:
    """The extensions of the staff whose accounts are open."""
    rows = User.objects.filter(is_active=True, is_staff=True).exclude(extension="")
    return sorted(rows.values_list("extension", flat=True))


@transaction.atomic
def follow(extension: str, found: Dialogs) -> int:
    """Keep what the exchange says of an extension, for who has it. Returns how many calls they have."""
    holder = User.objects.filter(is_active=True, is_staff=True, extension=extension).first()
    if holder is None:
        return 0
    here = Call.objects.filter(user=holder)
    for one in found.calls:
        if one.is_over:
            here.filter(dialog=one.name).delete()
            continue
        answered_at = timezone.now() if one.is_answered else None
        row = Call(user=holder, dialog=one.name, number=one.number, answered_at=answered_at)
        Call.objects.bulk_create([row], ignore_conflicts=True)
        if answered_at:
            here.filter(dialog=one.name, answered_at=None).update(answered_at=answered_at)
    if found.is_whole:
        here.exclude(dialog__in=[one.name for one in found.calls]).delete()
    return here.count()


def put_away(call: Call) -> None:
    """Take a call from the screen of its person; it is spoken in all the same."""
    Call.objects.filter(pk=call.pk).update(is_closed=True)


def note(call: Call) -> None:
    """Remember that the read log has it."""
    Call.objects.filter(pk=call.pk).update(is_noted=True)


def forget() -> int:
    """Delete what rang long ago. Returns how many."""
    return Call.objects.filter(rang_at__lte=timezone.now() - LONGEST).delete()[0]
