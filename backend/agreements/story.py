"""The words of the story: what an `AgreementLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    DRAFTED = "drafted", _("Begun")
    CORRECTED = "corrected", _("Agreement corrected")
    PARTY_ADDED = "party_added", _("Party added")
    PARTY_REMOVED = "party_removed", _("Party taken off")
    OBLIGED = "obliged", _("Obligation added")
    FULFILLED = "fulfilled", _("Obligation fulfilled")
    DROPPED = "dropped", _("Obligation taken off")
    SIGNED = "signed", _("It was signed")
    RENEWED = "renewed", _("Renewed")
    ENDED = "ended", _("No longer in force")
    LAPSED = "lapsed", _("Its last day passed")
    WARNED = "warned", _("The house was warned")
    ATTACHED = "attached", _("File attached")
