"""The table of moves: which verb may be said to an engagement in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.engagements.choices import Status
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to an engagement. The same word is the action, the mutation and the permission."""

    CORRECT = "CORRECT", _("Correct the file")
    INVITE = "INVITE", _("Add a participant")
    UNINVITE = "UNINVITE", _("Take a participant off")
    SET_AGENDA = "SET_AGENDA", _("Write the agenda")
    EQUIP = "EQUIP", _("Travel, vehicle and gift")
    SCHEDULE = "SCHEDULE", _("Enter into the programme")
    HOLD = "HOLD", _("It took place")
    MINUTE = "MINUTE", _("Write the minutes")
    DECIDE = "DECIDE", _("Record a decision")
    INSTRUCT = "INSTRUCT", _("Make an instruction of a decision")
    ATTACH = "ATTACH", _("Attach a file")
    CANCEL = "CANCEL", _("Cancel it")
    REOPEN = "REOPEN", _("Prepare it again")


S = Status

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while it is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.CORRECT: leaving(S.PLANNED, S.HELD),
        Verb.INVITE: leaving(S.PLANNED, S.HELD),
        Verb.UNINVITE: leaving(S.PLANNED, S.HELD),
        Verb.SET_AGENDA: leaving(S.PLANNED, S.HELD),
        Verb.EQUIP: leaving(S.PLANNED, S.HELD),
        Verb.SCHEDULE: leaving(S.PLANNED),
        Verb.HOLD: leaving(S.PLANNED, to=S.HELD),
        Verb.MINUTE: leaving(S.PLANNED, S.HELD, to=S.HELD),
        Verb.DECIDE: leaving(S.PLANNED, S.HELD),
        Verb.INSTRUCT: leaving(S.PLANNED, S.HELD),
        Verb.ATTACH: leaving(*Status),
        Verb.CANCEL: leaving(S.PLANNED, to=S.CANCELLED),
        Verb.REOPEN: leaving(S.HELD, S.CANCELLED, to=S.PLANNED),
    },
)

allows, require = MOVES.allows, MOVES.require
