"""The table of moves of a promise: which verb may be said to it in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import PromiseStatus
from backend.journal.moves import Moves, leaving


class PromiseVerb(models.TextChoices):
    """Everything that may be done to a promise. The same word is the action, the mutation and the permission."""

    KEEP = "KEEP", _("Record that it was kept")
    BREAK = "BREAK", _("Record that it was not kept")
    CORRECT = "CORRECT", _("Correct the promise")
    WITHDRAW = "WITHDRAW", _("Take the promise back")
    REOPEN = "REOPEN", _("Open the promise again")


S = PromiseStatus

PROMISE_MOVES = Moves(
    PromiseStatus,
    _("“%(verb)s” is not possible while the promise is “%(status)s”. Reload the page: it may have changed."),
    {
        PromiseVerb.KEEP: leaving(S.OPEN, to=S.KEPT),
        PromiseVerb.BREAK: leaving(S.OPEN, to=S.BROKEN),
        PromiseVerb.CORRECT: leaving(S.OPEN),
        PromiseVerb.WITHDRAW: leaving(S.OPEN, to=S.WITHDRAWN),
        PromiseVerb.REOPEN: leaving(S.KEPT, S.BROKEN, S.WITHDRAWN, to=S.OPEN),
    },
)

allows, require = PROMISE_MOVES.allows, PROMISE_MOVES.require
