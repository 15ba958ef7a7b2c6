"""The words of the story: what an `AgreementLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.agreements.moves import Verb


class Happened(models.TextChoices):
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


TELLS = {
    Verb.CORRECT: Happened.CORRECTED,
    Verb.ADD_PARTY: Happened.PARTY_ADDED,
    Verb.REMOVE_PARTY: Happened.PARTY_REMOVED,
    Verb.OBLIGE: Happened.OBLIGED,
    Verb.FULFIL: Happened.FULFILLED,
    Verb.DROP: Happened.DROPPED,
    Verb.SIGN: Happened.SIGNED,
    Verb.RENEW: Happened.RENEWED,
    Verb.END: Happened.ENDED,
    Verb.ATTACH: Happened.ATTACHED,
}
