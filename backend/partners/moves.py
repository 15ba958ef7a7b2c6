"""The table of moves: which verb is possible for an organisation in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.partners.choices import ListStatus, Status


class Verb(models.TextChoices):
    """Everything that may be done to an organisation. The same word is the action, the mutation and the permission."""

    MESSAGE = "MESSAGE", _("Write a message to them")
    UNSEND = "UNSEND", _("Take the message back")
    COMMENT = "COMMENT", _("Add an internal note")
    ADD_ROLE = "ADD_ROLE", _("Add a person with their role")
    CORRECT = "CORRECT", _("Correct the record")
    UNDO_MERGE = "UNDO_MERGE", _("Undo the merge")
    REOPEN = "REOPEN", _("It exists after all")
    CORRECT_ROLE = "CORRECT_ROLE", _("Correct a role")
    END_ROLE = "END_ROLE", _("End a role")
    ADD_LIAISON = "ADD_LIAISON", _("Add a department that works with it")
    RELEASE_LIAISON = "RELEASE_LIAISON", _("Release a department")
    RECLASSIFY = "RECLASSIFY", _("Change what it is")
    MERGE = "MERGE", _("Merge into another record")
    CLOSE = "CLOSE", _("Mark as closed down")


organisation_action = ActionTable(Verb, Status)

allows, require = organisation_action.allows, organisation_action.require


class ListVerb(models.TextChoices):
    """Everything that may be done to a list of partners."""

    ADD = "ADD", _("Add to the list")
    CORRECT = "CORRECT", _("Correct the list")
    RESTORE = "RESTORE", _("Use again")
    LEAVE_OUT = "LEAVE_OUT", _("Leave a member out")
    REMOVE = "REMOVE", _("Take off the list")
    ARCHIVE = "ARCHIVE", _("Archive")


contact_list_action = ActionTable(ListVerb, ListStatus)
