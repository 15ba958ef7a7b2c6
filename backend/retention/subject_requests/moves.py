"""The table of moves: which verb is possible for an application in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.retention.subject_requests.choices import RequestStatus


class Verb(models.TextChoices):
    """Everything that may be done to it. The same word is the action, the mutation and the permission."""

    IDENTIFY = "IDENTIFY", _("Record how the identity was checked")
    LINK = "LINK", _("Name the record of the person")
    ANSWER = "ANSWER", _("Answer the application")
    SEND = "SEND", _("Record that the answer was sent")
    CORRECT = "CORRECT", _("Correct the application")
    WITHDRAW = "WITHDRAW", _("Mark as withdrawn")


subject_request_action = ActionTable(Verb, RequestStatus)

allows, require = subject_request_action.allows, subject_request_action.require
