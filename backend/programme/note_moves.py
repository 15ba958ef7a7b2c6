"""The table of moves of a department's note: which verb may be said to it in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.moves import Moves, leaving
from backend.programme.choices import NoteStatus


class NoteVerb(models.TextChoices):
    """Everything that may be done to a note. The same word is the action, the mutation and the permission."""

    WRITE = "WRITE", _("Write the note")
    RETURN = "RETURN", _("Return the note with a question")
    ASK_AGAIN = "ASK_AGAIN", _("Ask for the note again")
    WITHDRAW = "WITHDRAW", _("Ask for the note no longer")


S = NoteStatus

NOTE_MOVES = Moves(
    NoteStatus,
    _("“%(verb)s” is not possible while the note is “%(status)s”. Reload the page: it may have changed."),
    {
        NoteVerb.WRITE: leaving(S.ASKED, S.RETURNED, S.WRITTEN, to=S.WRITTEN),
        NoteVerb.RETURN: leaving(S.WRITTEN, to=S.RETURNED),
        NoteVerb.ASK_AGAIN: leaving(S.ASKED, S.RETURNED, S.WITHDRAWN, to=S.ASKED),
        NoteVerb.WITHDRAW: leaving(S.ASKED, S.RETURNED, to=S.WITHDRAWN),
    },
)
"""Asking again while it is awaited gives another time or question."""

allows, require = NOTE_MOVES.allows, NOTE_MOVES.require
