"""The table of moves: which verb is possible for an agreement in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.agreements.choices import Status
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to an agreement. The same word is the action, the mutation and the permission."""

    SIGN = "SIGN", _("Record that it was signed")
    ADD_OBLIGATION = "ADD_OBLIGATION", _("Add an obligation")
    FULFIL = "FULFIL", _("Mark an obligation as fulfilled")
    RENEW = "RENEW", _("Renew")
    ATTACH = "ATTACH", _("Attach a file")
    CORRECT = "CORRECT", _("Correct the agreement")
    ADD_PARTY = "ADD_PARTY", _("Add a party")
    REMOVE_PARTY = "REMOVE_PARTY", _("Take a party off")
    DROP = "DROP", _("Take an obligation off")
    END = "END", _("End it")


agreement_action = ActionTable(Verb, Status)

allows, require = agreement_action.allows, agreement_action.require
