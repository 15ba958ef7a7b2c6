"""What counts once until a moment, however many come at the same time."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256

from django.utils import timezone

from backend.organization.sign_on.models import UsedOnce


def use(what: str, until: dt.datetime) -> bool:
    """Use something that counts once until then; False if it was used."""
    digest = _digest(what)
    UsedOnce.objects.filter(digest=digest, until__lte=timezone.now()).delete()
    _row, is_first = UsedOnce.objects.get_or_create(digest=digest, defaults={"until": until})
    return is_first


def give_back(*used: str) -> None:
    """Let what was used count again."""
    UsedOnce.objects.filter(digest__in=map(_digest, used)).delete()


def forget() -> None:
    """Remove what does not count any more."""
    UsedOnce.objects.filter(until__lte=timezone.now()).delete()


def _digest(what: str) -> str:
    return sha256(what.encode()).hexdigest()
