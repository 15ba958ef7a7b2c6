"""Notifications of staff, row by row, and their preferences; both belong to one person.

A notification depends on its row: if the row becomes invisible, so does the notification
(`permissions/notifications/rules.py`, and the policy of the table).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, IntegerField, Q
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.localtime import clock_text
from backend.core.models import PublicId
from backend.journal.triggers import notify_trigger
from backend.notifications.kinds import NOTIFICATION_TYPES, Channel, Kind, Mode, NotificationType, usual

USER = settings.AUTH_USER_MODEL
ABOUT = (
    *("complaint", "instruction", "note", "promise", "agreement", "event", "subject_request"),
    *("letter", "request", "organisation"),
)
"""The columns of the rows that a notification may be about."""
SENT_BY = (Channel.EMAIL, Channel.SMS)
"""The channels by which something leaves the house."""
WAITING = ~Q(waits_for=[])


def _about(model: str, verbose_name: Any) -> Any:
    """A row that it may be about. By name: the domains that tell lie above."""
    return models.ForeignKey(
        model, models.CASCADE, null=True, editable=False, related_name="+", verbose_name=verbose_name
    )


class NotificationQuerySet(models.QuerySet["Notification"]):
    def in_page(self) -> NotificationQuerySet:
        return self.filter(in_page=True)

    def unseen(self) -> NotificationQuerySet:
        return self.filter(in_page=True, seen_at__isnull=True)

    def waiting(self) -> NotificationQuerySet:
        """Those of which some channel is still to be decided."""
        return self.filter(WAITING)


class Notification(PublicId):
    """Notification of one person about one row. At most one foreign key is set; without any it is about no row."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+", verbose_name=_("member of staff"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.CharField(_("text"), max_length=40)
    facts = models.JSONField(_("facts"), default=dict)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    complaint = _about("complaints.Complaint", _("application"))
    instruction = _about("instructions.Instruction", _("instruction"))
    note = _about("programme.DepartmentNote", _("briefing note"))
    promise = _about("appointments.Promise", _("promise"))
    agreement = _about("agreements.Agreement", _("agreement"))
    event = _about("events.Event", _("event"))
    subject_request = _about("retention.SubjectRequest", _("application under KVKK art. 11"))
    letter = _about("letters.Letter", _("letter"))
    request = _about("appointments.AppointmentRequest", _("appointment request"))
    organisation = _about("partners.Organisation", _("organisation"))
    in_page = models.BooleanField(_("in the page"), default=True)
    waits_for = ArrayField(
        models.CharField(max_length=5, choices=Channel), default=list, verbose_name=_("still to be sent by")
    )
    due_at = models.DateTimeField(_("looked at again at"), default=timezone.now, editable=False)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("seen at"), null=True, editable=False)
    mailed_at = models.DateTimeField(_("sent by e-mail at"), null=True, editable=False)
    texted_at = models.DateTimeField(_("sent by SMS at"), null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ()
        triggers = [notify_trigger("notification", "user_id", verb="kind", at="created_at")]
        constraints = [
            models.CheckConstraint(
                condition=LessThan(Func(*ABOUT, function="num_nonnulls", output_field=IntegerField()), 2),
                name="notification_is_about_one_row",
            )
        ]
        indexes = [
            models.Index(
                fields=["user", "-created_at", "-id"],
                condition=Q(in_page=True),
                name="notification_of_user",
            ),
            models.Index(
                fields=["user", "-created_at", "-id"],
                condition=Q(in_page=True, seen_at__isnull=True),
                name="notification_unseen",
            ),
            models.Index(fields=["due_at"], condition=WAITING, name="notification_waiting"),
            models.Index(fields=["seen_at"], name="notification_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.created_at:%d.%m.%Y}"

    @property
    def type(self) -> NotificationType:
        return NOTIFICATION_TYPES[self.text]


class Preference(models.Model):
    """Preferences of a person.

    Without a row, and for unnamed kinds: `USUAL`, and these hours. Hours are local. In quiet hours, which may cross
    midnight, only urgent messages are sent; equal hours mean none.
    """

    user = models.OneToOneField(USER, models.CASCADE, related_name="+", verbose_name=_("member of staff"))
    choices = models.JSONField(_("choices"), default=dict)
    quiet_from = models.TimeField(_("quiet from"), default=dt.time(22))
    quiet_until = models.TimeField(_("quiet until"), default=dt.time(7))
    digest_at = models.TimeField(_("time of the digest"), default=dt.time(8, 30))

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{clock_text(self.quiet_from)}–{clock_text(self.quiet_until)}"

    def mode(self, kind: str, channel: Channel) -> Mode:
        """Mode of this kind on this channel."""
        return Mode(self.choices.get(kind, {}).get(channel, usual(kind, channel)))
