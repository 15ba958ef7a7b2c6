"""What a member of staff wants to be reminded of: one case, on one day, for that person alone."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.models import PublicId
from backend.reminders.choices import Status


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def waiting(self) -> ReminderQuerySet:
        return self.filter(status=Status.WAITING)

    def due(self, on: dt.date | None = None) -> ReminderQuerySet:
        """Those whose day has come."""
        return self.waiting().filter(on__lte=on or today())


class Reminder(PublicId):
    """A case that a person comes back to on a day. No one else learns of it, and the story of the case does not."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member of staff")
    )
    complaint = models.ForeignKey(
        Complaint, models.CASCADE, related_name="reminders", verbose_name=_("application")
    )
    on = models.DateField(_("on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.WAITING)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    notified_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "complaint"],
                condition=Q(status=Status.WAITING),
                name="one_reminder_of_a_case",
            )
        ]
        indexes = [
            models.Index(fields=["user", "on", "id"], name="reminder_of_user"),
            models.Index(
                fields=["on"],
                condition=Q(status=Status.WAITING, notified_at__isnull=True),
                name="reminder_waiting",
            ),
            models.Index(fields=["complaint"], name="reminder_of_complaint"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}"

    @property
    def reference(self) -> str:
        """The number of its case."""
        return self.complaint.reference
