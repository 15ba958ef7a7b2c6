"""The table of moves: which verb may be said to an agreement in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.agreements.choices import Status
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to an agreement. The same word is the action, the mutation and the permission."""

    CORRECT = "CORRECT", _("Correct the agreement")
    ADD_PARTY = "ADD_PARTY", _("Add a party")
    REMOVE_PARTY = "REMOVE_PARTY", _("Take a party off")
    OBLIGE = "OBLIGE", _("Add an obligation")
    FULFIL = "FULFIL", _("Mark an obligation as fulfilled")
    DROP = "DROP", _("Take an obligation off")
    SIGN = "SIGN", _("Record that it was signed")
    RENEW = "RENEW", _("Renew")
    END = "END", _("End it")
    ATTACH = "ATTACH", _("Attach a file")


S = Status

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while it is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.CORRECT: leaving(S.DRAFT, S.IN_FORCE),
        Verb.ADD_PARTY: leaving(S.DRAFT),
        Verb.REMOVE_PARTY: leaving(S.DRAFT),
        Verb.OBLIGE: leaving(S.DRAFT, S.IN_FORCE),
        Verb.FULFIL: leaving(*Status),
        Verb.DROP: leaving(S.DRAFT, S.IN_FORCE),
        Verb.SIGN: leaving(S.DRAFT, to=S.IN_FORCE),
        Verb.RENEW: leaving(S.IN_FORCE, S.ENDED, to=S.IN_FORCE),
        Verb.END: leaving(S.DRAFT, S.IN_FORCE, to=S.ENDED),
        Verb.ATTACH: leaving(*Status),
    },
)

allows, require = MOVES.allows, MOVES.require
