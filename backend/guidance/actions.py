"""Pinning pages and ticking off first steps. Only their owner's screen changes: no line of the journal."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import short
from backend.guidance.models import FirstStep, Pin
from backend.organization.models import User

MOST = 12
"""Pins of one person: what stands at once in a side bar."""
PUT_AWAY = "put-away"
"""The name under which a person has put the first steps away."""
_ROW = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/change/"
_FILTERS = r"\?[a-z0-9_]+=[\w.%+-]*(?:&[a-z0-9_]+=[\w.%+-]*)*"
_PAGE = re.compile(rf"/admin/[a-z_]+/[a-z_]+/(?:{_ROW}|(?:{_FILTERS})?)")
_SEARCHED = re.compile(r"[?&](?:q|page)=")


@transaction.atomic
def pin(*, by: User, page: str, title: str = "") -> Pin:
    """Put a list or a row into the side bar, behind what is pinned there already; one that is there stays in its place.

    INVALID for what is neither, and for an address with what was searched for. OVER_LIMIT beyond `MOST`.
    """
    page, title = short(page, "page", 500), short(title, "title", 80)
    if not _PAGE.fullmatch(page) or _SEARCHED.search(page):
        message = _("Only a list with its filters or a record can be pinned, not what was searched for.")
        raise DomainError(ErrorCode.INVALID, message, "page")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows cannot both pin the last one
    mine = Pin.objects.filter(user=by)
    if (there := mine.filter(page=page).first()) is not None:
        return there
    if mine.count() >= MOST:
        message = _("You have pinned %(count)s pages already. Take one away first.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"count": MOST}, "page")
    last = mine.aggregate(last=Max("position"))["last"] or 0
    return Pin.objects.create(user=by, page=page, title=title, position=last + 1)


def unpin(row: Pin) -> None:
    """Take a page out of the side bar."""
    row.delete()


@transaction.atomic
def move(row: Pin, *, by: User, place: int) -> Pin:
    """Put a pin at a place of the side bar, 1 for the first; the others keep their order."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = list(Pin.objects.filter(user=by).order_by("position", "pk"))
    others = [one for one in mine if one.pk != row.pk]
    others.insert(min(max(place, 1), len(mine)) - 1, row)
    for number, one in enumerate(others, 1):
        one.position = number
    Pin.objects.bulk_update(others, ["position"])
    return row


def tick(*, by: User, name: str) -> None:
    """Remember that a person has done one of the first steps, or put them away; the first time counts."""
    FirstStep.objects.get_or_create(user=by, name=short(name, "name", 40))


def begin_again(*, by: User) -> None:
    """Show the first steps again that a person had put away."""
    FirstStep.objects.filter(user=by, name=PUT_AWAY).delete()
