"""The table of moves: which verb is possible for an entry of the programme in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.programme.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to an entry. The same word is the action, the mutation and the permission."""

    CONFIRM = "CONFIRM", _("Make it definite")
    MOVE = "MOVE", _("Move")
    FINISH = "FINISH", _("Record that it took place")
    MISS = "MISS", _("Record that it did not take place")
    RESTORE = "RESTORE", _("Take up again")
    CORRECT = "CORRECT", _("Correct the entry")
    INVITE = "INVITE", _("Add a participant")
    PREPARE = "PREPARE", _("Prepare the briefing")
    ASK_NOTE = "ASK_NOTE", _("Ask a department for its note")
    PROMISE = "PROMISE", _("Record a promise")
    CANCEL = "CANCEL", _("Cancel the entry")
    RELEASE = "RELEASE", _("End the hold")
    EXTEND_HOLD = "EXTEND_HOLD", _("Extend the hold")
    HAND_OVER = "HAND_OVER", _("Hand over to another principal")
    UNINVITE = "UNINVITE", _("Remove a participant")
    MARK_CONFIDENTIAL = "MARK_CONFIDENTIAL", _("Make confidential")
    REMOVE_CONFIDENTIALITY = "REMOVE_CONFIDENTIALITY", _("End confidentiality")
    NAME_READER = "NAME_READER", _("Name a reader")
    UNNAME_READER = "UNNAME_READER", _("Take a reader off")
    SHOW_PRESS = "SHOW_PRESS", _("Show to the press unit")
    HIDE_PRESS = "HIDE_PRESS", _("Hide from the press unit")


entry_action = ActionTable(Verb, Status)

allows, require = entry_action.allows, entry_action.require
