"""What goes out of the programmes to a person by itself: feeds for their own calendar, and reminders.

Both belong to one person, who alone sees and changes them; what they say is what this person may see on the day.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.at_rest.columns import WriteOnlyField
from backend.core.models import PublicId
from backend.programme.models import Principal
from backend.programme.reminders import Moment

USER = settings.AUTH_USER_MODEL


class View(models.TextChoices):
    """How much a feed says. A confidential entry is never more than a time that is taken."""

    FULL = "FULL", _("Everything you may see")
    BUSY = "BUSY", _("Only when it is taken")
    PRESS = "PRESS", _("The press view")


def feed_digest(secret: str) -> str:
    """SHA-256 of the secret: it has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class FeedQuerySet(models.QuerySet["Feed"]):
    def live(self) -> FeedQuerySet:
        return self.filter(revoked_at__isnull=True)


class Feed(PublicId):
    """A secret address from which a calendar program reads. Only the digest of the secret is kept."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="feeds", verbose_name=_("member of staff"))
    name = models.CharField(_("name"), max_length=80)
    view = models.CharField(_("what it shows"), max_length=5, choices=View)
    principal = models.ForeignKey(
        Principal, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("principal")
    )
    digest = WriteOnlyField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last read at"), null=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(view=View.BUSY) | Q(principal__isnull=False), name="busy_times_are_somebodys"
            )
        ]
        indexes = [models.Index(fields=["user", "-created_at", "id"], name="feed_of_user")]

    def __str__(self) -> str:
        return self.name


class ReminderChoice(models.Model):
    """Reminder preferences for kept or own programmes. Without a row: `USUAL`."""

    user = models.OneToOneField(USER, models.CASCADE, related_name="+", verbose_name=_("member of staff"))
    moments = ArrayField(
        models.CharField(max_length=11, choices=Moment), default=list, verbose_name=_("reminders")
    )

    class Meta:
        verbose_name = _("choice of reminders")
        verbose_name_plural = _("choices of reminders")
        default_permissions = ()

    def __str__(self) -> str:
        return ", ".join(self.moments)
