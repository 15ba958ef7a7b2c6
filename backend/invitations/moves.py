"""The table of moves: which verb may be said to an invitation in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.invitations.choices import Status
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to an invitation. The same word is the action, the mutation and the permission."""

    ATTEND = "ATTEND", _("Attend")
    REPRESENT = "REPRESENT", _("Send a representative")
    DECLINE = "DECLINE", _("Decline with courtesy")
    CORRECT = "CORRECT", _("Correct the invitation")
    CANCEL = "CANCEL", _("Record that the host cancelled")
    REOPEN = "REOPEN", _("Decide anew")
    ORDER = "ORDER", _("Order flowers or a message")
    FULFIL = "FULFIL", _("Record that it was sent")
    DROP = "DROP", _("Take the order back")
    ATTACH = "ATTACH", _("Attach a file")


S = Status
DECIDED = (S.ATTENDING, S.REPRESENTED, S.DECLINED)

MOVES = Moves(
    Status,
    _(
        "“%(verb)s” is not possible while the invitation is “%(status)s”. Reload the page: it may have changed."
    ),
    {
        Verb.ATTEND: leaving(S.NEW, S.LAPSED, S.REPRESENTED, S.DECLINED, to=S.ATTENDING),
        Verb.REPRESENT: leaving(S.NEW, S.LAPSED, *DECIDED, to=S.REPRESENTED),
        Verb.DECLINE: leaving(S.NEW, S.LAPSED, S.ATTENDING, S.REPRESENTED, to=S.DECLINED),
        Verb.CORRECT: leaving(S.NEW, S.LAPSED, *DECIDED),
        Verb.CANCEL: leaving(S.NEW, S.LAPSED, *DECIDED, to=S.CANCELLED),
        Verb.REOPEN: leaving(S.DECLINED, S.CANCELLED, S.LAPSED, to=S.NEW),
        Verb.ORDER: leaving(*Status),
        Verb.FULFIL: leaving(*Status),
        Verb.DROP: leaving(*Status),
        Verb.ATTACH: leaving(*Status),
    },
)

allows, require = MOVES.allows, MOVES.require
