"""The table of moves of a promise: which verb is possible for it in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import PromiseStatus
from backend.journal.action_table import ActionTable


class PromiseVerb(models.TextChoices):
    """Everything that may be done to a promise. The same word is the action, the mutation and the permission."""

    KEEP = "KEEP", _("Record that it was kept")
    BREAK = "BREAK", _("Record that it was not kept")
    CORRECT = "CORRECT", _("Correct the promise")
    WITHDRAW = "WITHDRAW", _("Take the promise back")
    REOPEN = "REOPEN", _("Open the promise again")


promise_action = ActionTable(PromiseVerb, PromiseStatus)

allows, require = promise_action.allows, promise_action.require
