"""Transition table of a batch of greetings: the states in which each verb is allowed, and the state it leads to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.greetings.choices import Status
from backend.journal.action_table import ActionTable


class Verb(models.TextChoices):
    """Everything that may be done to a batch. The same word is the action, the mutation and the permission."""

    START = "START", _("Send")
    SEND_TEST = "SEND_TEST", _("Send me a test")
    STOP = "STOP", _("Stop")
    DECIDE = "DECIDE", _("Decide on the flagged")
    WRITE = "WRITE", _("Change the text")
    ADD = "ADD", _("Add recipients")
    REMOVE = "REMOVE", _("Take a recipient off")
    CANCEL = "CANCEL", _("Give the batch up")


batch_action = ActionTable(Verb, Status)

allows, require = batch_action.allows, batch_action.require
