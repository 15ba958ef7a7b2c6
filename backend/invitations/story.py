"""The words of the story: what an `InvitationLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    RECEIVED = "received", _("Received")
    ATTENDED = "attended", _("Attendance decided")
    REPRESENTED = "represented", _("A representative is sent")
    DECLINED = "declined", _("Declined with courtesy")
    CORRECTED = "corrected", _("Invitation corrected")
    PARTNER_LINKED = "partner_linked", _("Linked with the record of the host")
    CANCELLED = "cancelled", _("Cancelled by the host")
    REOPENED = "reopened", _("To be decided anew")
    LAPSED = "lapsed", _("Not answered in time")
    ORDERED = "ordered", _("Ordered")
    FULFILLED = "fulfilled", _("Sent")
    DROPPED = "dropped", _("Order taken back")
    ATTACHED = "attached", _("File attached")
