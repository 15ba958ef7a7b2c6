"""The table of moves: which verb may be said to an organisation in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.moves import Moves, leaving
from backend.partners.choices import ListStatus, Status


class Verb(models.TextChoices):
    """Everything that may be done to an organisation. The same word is the action, the mutation and the permission."""

    CORRECT = "CORRECT", _("Correct the record")
    ADD_ROLE = "ADD_ROLE", _("Add a person with their role")
    CORRECT_ROLE = "CORRECT_ROLE", _("Correct a role")
    END_ROLE = "END_ROLE", _("End a role")
    ADD_LIAISON = "ADD_LIAISON", _("Add a department that works with it")
    RELEASE_LIAISON = "RELEASE_LIAISON", _("Release a department")
    RECLASSIFY = "RECLASSIFY", _("Change what it is")
    CLOSE = "CLOSE", _("Mark as closed down")
    REOPEN = "REOPEN", _("It exists after all")
    MERGE = "MERGE", _("Merge into another record")
    UNDO_MERGE = "UNDO_MERGE", _("Undo the merge")


S = Status
_THERE = (S.ACTIVE, S.CLOSED)

MOVES = Moves(
    Status,
    _(
        "“%(verb)s” is not possible while the organisation is “%(status)s”. Reload the page: it may have changed."
    ),
    {
        Verb.CORRECT: leaving(*_THERE),
        Verb.ADD_ROLE: leaving(S.ACTIVE),
        Verb.CORRECT_ROLE: leaving(*Status),
        Verb.END_ROLE: leaving(*Status),
        Verb.ADD_LIAISON: leaving(*_THERE),
        Verb.RELEASE_LIAISON: leaving(*_THERE),
        Verb.RECLASSIFY: leaving(*_THERE),
        Verb.CLOSE: leaving(S.ACTIVE, to=S.CLOSED),
        Verb.REOPEN: leaving(S.CLOSED, to=S.ACTIVE),
        Verb.MERGE: leaving(*_THERE, to=S.MERGED),
        Verb.UNDO_MERGE: leaving(S.MERGED, to=S.ACTIVE),
    },
)

allows, require = MOVES.allows, MOVES.require


class ListVerb(models.TextChoices):
    """Everything that may be done to a list of partners."""

    CORRECT = "CORRECT", _("Correct the list")
    ADD = "ADD", _("Add to the list")
    LEAVE_OUT = "LEAVE_OUT", _("Leave somebody out")
    REMOVE = "REMOVE", _("Take off the list")
    ARCHIVE = "ARCHIVE", _("Archive")
    RESTORE = "RESTORE", _("Use again")


LIST_MOVES = Moves(
    ListStatus,
    _("“%(verb)s” is not possible while the list is “%(status)s”. Reload the page: it may have changed."),
    {
        ListVerb.CORRECT: leaving(ListStatus.IN_USE),
        ListVerb.ADD: leaving(ListStatus.IN_USE),
        ListVerb.LEAVE_OUT: leaving(ListStatus.IN_USE),
        ListVerb.REMOVE: leaving(ListStatus.IN_USE),
        ListVerb.ARCHIVE: leaving(ListStatus.IN_USE, to=ListStatus.ARCHIVED),
        ListVerb.RESTORE: leaving(ListStatus.ARCHIVED, to=ListStatus.IN_USE),
    },
)
