"""The life of a batch of greetings: which verb may be said in which state, and where it leads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.greetings.choices import UNDER_WAY, Status
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to a batch. The same word is the action, the mutation and the permission."""

    START = "START", _("Send")
    STOP = "STOP", _("Stop")
    WRITE = "WRITE", _("Change the text")
    ADD = "ADD", _("Add recipients")
    REMOVE = "REMOVE", _("Take a recipient off")
    DECIDE = "DECIDE", _("Decide on the flagged")
    CANCEL = "CANCEL", _("Give the batch up")


S = Status
_AT_REST = (S.PREPARING, S.STOPPED, S.FAILED, S.DONE)

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while the batch is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.START: leaving(*_AT_REST, to=S.WAITING),
        Verb.STOP: leaving(*UNDER_WAY, to=S.STOPPED),
        Verb.WRITE: leaving(S.PREPARING),
        Verb.ADD: leaving(S.PREPARING),
        Verb.REMOVE: leaving(S.PREPARING),
        Verb.DECIDE: leaving(*_AT_REST),
        Verb.CANCEL: leaving(S.PREPARING, to=S.CANCELLED),
    },
)

allows, require = MOVES.allows, MOVES.require
