"""The table of moves of a department's note: which verb is possible for it in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.programme.choices import NoteStatus


class NoteVerb(models.TextChoices):
    """Everything that may be done to a note. The same word is the action, the mutation and the permission."""

    WRITE = "WRITE", _("Write the note")
    RETURN = "RETURN", _("Return the note with a question")
    ASK_AGAIN = "ASK_AGAIN", _("Ask for the note again")
    WITHDRAW = "WITHDRAW", _("Ask for the note no longer")


note_action = ActionTable(NoteVerb, NoteStatus)
"""Asking again while it is awaited gives another time or question."""

allows, require = note_action.allows, note_action.require
