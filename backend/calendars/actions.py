"""What a person may do with their feeds and reminders."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.calendars.models import Feed, ReminderChoice, View, feed_digest
from backend.calendars.reminding import remind_staff
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required
from backend.journal.actions import record
from backend.organization.models import User
from backend.programme.models import Principal
from backend.programme.reminders import Moment

__all__ = ["choose_reminders", "make_feed", "remind_staff", "revoke_feed"]

FEEDS = 10


@transaction.atomic
def make_feed(*, by: User, name: str, view: str, principal: Principal | None = None) -> tuple[Feed, str]:
    """Create a feed for the user and its secret, which is shown once.

    Without a principal it covers all programmes visible to its owner; a feed of busy times needs one (REQUIRED).
    OVER_LIMIT beyond ten live ones.
    """
    chosen = choice(View, view, "view")
    name = required(name, "name", _("Write what the feed is for, for example: my telephone."), 80)
    if chosen is View.BUSY and principal is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose whose busy times the feed shows."), "principal")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows cannot both make the last one
    if Feed.objects.filter(user=by).live().count() >= FEEDS:
        message = _("You have %(count)s feeds already. Revoke one first.") % {"count": FEEDS}
        raise DomainError(ErrorCode.OVER_LIMIT, message)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(
        user=by, name=name, view=chosen, principal=principal, digest=feed_digest(secret)
    )
    record(verb="feed_made", about=feed, by=by, note=str(chosen.label))
    return feed, secret


@transaction.atomic
def revoke_feed(feed: Feed, *, by: User) -> None:
    """The address stops working at once. A second call changes nothing."""
    if Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record(verb="feed_revoked", about=feed, by=by)


@transaction.atomic
def choose_reminders(*, by: User, moments: Iterable[str]) -> ReminderChoice:
    """Set reminders for kept programmes and the user's own; none at all is a valid choice."""
    chosen = sorted({choice(Moment, moment, "moments") for moment in moments}, key=list(Moment).index)
    row, _created = ReminderChoice.objects.update_or_create(user=by, defaults={"moments": chosen})
    return row
