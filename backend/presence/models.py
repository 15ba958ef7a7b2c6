"""Who has a case open at this moment. Nothing of it is kept: a row is forgotten after a minute (KVKK m. 4)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint

FORGOTTEN = dt.timedelta(minutes=1)
"""After so long without a beat a person is not there any more."""


class Writes(models.TextChoices):
    """What a person writes on a case."""

    REPLY = "REPLY", _("a reply")
    NOTE = "NOTE", _("an internal note")
    MESSAGE = "MESSAGE", _("a message to the applicant")


class PresenceQuerySet(models.QuerySet["Presence"]):
    def now(self) -> PresenceQuerySet:
        """Those that were not forgotten yet."""
        return self.filter(seen_at__gt=timezone.now() - FORGOTTEN)


class Presence(models.Model):
    """A person who has a case open, and what they were writing within the last minute."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="+", verbose_name=_("application"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member of staff")
    )
    seen_at = models.DateTimeField(_("seen at"), default=timezone.now, editable=False)
    writes = models.CharField(_("writes"), max_length=7, choices=Writes, blank=True)
    writing_at = models.DateTimeField(_("wrote at"), null=True, editable=False)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["complaint", "user"], name="present_once_at_a_case")]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.seen_at:%d.%m.%Y}"

    @property
    def is_writing(self) -> bool:
        """Whether something was written within the last minute."""
        return self.writing_at is not None and self.writing_at > timezone.now() - FORGOTTEN
