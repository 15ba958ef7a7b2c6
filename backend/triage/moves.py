"""What may be done to a version of the router."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.triage.choices import Standing


class Verb(models.TextChoices):
    """The same word is the action, the mutation and the permission."""

    PUT_IN_FORCE = "PUT_IN_FORCE", _("Put in force")
    FOLLOW_NEWEST = "FOLLOW_NEWEST", _("Follow the newest again")


router_action = ActionTable(Verb, Standing)
