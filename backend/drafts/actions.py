"""Saving and discarding drafts. No row has changed yet, so the journal does not mention them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import short
from backend.drafts.models import Draft
from backend.organization.models import User

LONGEST = 50_000
"""Letters of one draft: more than any field of ours takes."""
MOST = 100
"""Drafts of one person; the oldest make room for a new one."""
KEPT = dt.timedelta(days=28)
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def page_of(address: str) -> str:
    """Return the page of an address. What follows a question mark may have been typed, so it is not kept. INVALID."""
    page = short(address.partition("?")[0].partition("#")[0], "page")
    if not page.startswith("/"):
        raise DomainError(ErrorCode.INVALID, _("A page is an address such as /admin/intake/."), "page")
    return page


def stamp(row: Draft) -> str:
    """Which state of a draft a window knows."""
    return row.saved_at.isoformat()


@transaction.atomic
def keep(*, by: User, page: str, field: str, text: str, seen: str | None = None) -> Draft | None:
    """Keep the text of a field until it is sent, in place of what was kept of it before.

    `seen`: the stamp of the draft that the window knows, "" for none; CONFLICT where another window has kept another
    text since, which then stays. An empty text discards the draft: None then. TOO_LARGE beyond `LONGEST`, INVALID for
    what is no page or field.
    """
    page, field = page_of(page), short(field, "field", 60)
    if not field:
        raise DomainError(ErrorCode.REQUIRED, _("Say which field it is."), "field")
    text = text.replace("\x00", "")
    if len(text) > LONGEST:
        message = _("A draft may have %(count)s letters at most. Keep a copy of what is longer yourself.")
        raise DomainError(ErrorCode.TOO_LARGE, message % {"count": LONGEST}, "text")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows cannot both save the last one
    if (
        seen is not None
        and (there := of_field(by, page, field))
        and stamp(there) != seen
        and there.text != text
    ):
        raise DomainError(ErrorCode.CONFLICT, _("This text is being written in another window, too."), "text")
    if not text.strip():
        Draft.objects.filter(user=by, page=page, field=field).delete()
        return None
    key = _KEY.search(page)
    row, is_new = Draft.objects.update_or_create(
        user=by,
        page=page,
        field=field,
        defaults={"text": text, "about": UUID(key[0]) if key else None, "saved_at": timezone.now()},
    )
    if is_new:
        newest = Draft.objects.filter(user=by).order_by("-saved_at", "-pk").values("pk")[:MOST]
        Draft.objects.filter(user=by).exclude(pk__in=newest).delete()
    return row


def of_field(by: User, page: str, field: str) -> Draft | None:
    """What this person is typing in a field of a page."""
    return Draft.objects.filter(user=by, page=page, field=field).first()


def discard(rows: Iterable[Draft]) -> int:
    """Delete drafts. Returns how many there were."""
    return Draft.objects.filter(pk__in=[row.pk for row in rows]).delete()[0]


def discard_sent(*, by: User, page: str) -> int:
    """Delete the drafts of a page whose form has just been carried out. Returns how many there were."""
    return Draft.objects.filter(user=by, page=page[:200]).delete()[0]


def remove_old(before: dt.datetime) -> int:
    """Delete what was last saved before this moment, and what belongs to a closed account. Returns how many."""
    return (
        Draft.objects.filter(saved_at__lt=before).delete()[0]
        + (Draft.objects.filter(user__is_active=False).delete()[0])
    )
