"""The table of moves: which verb may be said to a destruction run in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.moves import Moves, leaving
from backend.retention.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to a run. The same word is the action, the mutation and the permission."""

    APPROVE = "APPROVE", _("Approve the list")
    REJECT = "REJECT", _("Reject the list")
    START = "START", _("Carry out")
    STOP = "STOP", _("Stop")


S = Status

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while it is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.APPROVE: leaving(S.PREPARED, to=S.APPROVED),
        Verb.REJECT: leaving(S.PREPARED, S.APPROVED, S.STOPPED, to=S.REJECTED),
        Verb.START: leaving(S.APPROVED, S.STOPPED, to=S.RUNNING),
        Verb.STOP: leaving(S.RUNNING, to=S.STOPPED),
    },
)

allows, require = MOVES.allows, MOVES.require
