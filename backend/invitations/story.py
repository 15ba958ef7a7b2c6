"""The words of the story: what an `InvitationLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.invitations.moves import Verb


class Happened(models.TextChoices):
    RECEIVED = "received", _("Received")
    ATTENDED = "attended", _("Attendance decided")
    REPRESENTED = "represented", _("A representative is sent")
    DECLINED = "declined", _("Declined with courtesy")
    CORRECTED = "corrected", _("Invitation corrected")
    CANCELLED = "cancelled", _("Cancelled by the host")
    REOPENED = "reopened", _("To be decided anew")
    LAPSED = "lapsed", _("Not answered in time")
    ORDERED = "ordered", _("Ordered")
    FULFILLED = "fulfilled", _("Sent")
    DROPPED = "dropped", _("Order taken back")
    ATTACHED = "attached", _("File attached")


TELLS = {
    Verb.ATTEND: Happened.ATTENDED,
    Verb.REPRESENT: Happened.REPRESENTED,
    Verb.DECLINE: Happened.DECLINED,
    Verb.CORRECT: Happened.CORRECTED,
    Verb.CANCEL: Happened.CANCELLED,
    Verb.REOPEN: Happened.REOPENED,
    Verb.ORDER: Happened.ORDERED,
    Verb.FULFIL: Happened.FULFILLED,
    Verb.DROP: Happened.DROPPED,
    Verb.ATTACH: Happened.ATTACHED,
}
