"""The table of moves: which verb is possible for a press release in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.news.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to a press release. The same word is the action, the mutation and the permission."""

    PUBLISH = "PUBLISH", _("Publish")
    EDIT = "EDIT", _("Change the text")
    ATTACH = "ATTACH", _("Add a photograph")
    DESCRIBE = "DESCRIBE", _("Change what a photograph says")
    DETACH = "DETACH", _("Take a photograph out")
    SEND = "SEND", _("Send to the press")
    SEND_TEST = "SEND_TEST", _("Send me a test")
    RECALL = "RECALL", _("Take back what was sent to the press")
    CORRECT = "CORRECT", _("Correct what is published")
    WITHDRAW = "WITHDRAW", _("Take it back from publication")
    REWRITE = "REWRITE", _("Write it anew")


release_action = ActionTable(Verb, Status)

allows, require = release_action.allows, release_action.require
