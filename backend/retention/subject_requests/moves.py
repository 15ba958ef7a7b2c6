"""The table of moves: which verb may be said to an application in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.moves import Moves, leaving
from backend.retention.subject_requests.choices import RequestStatus


class Verb(models.TextChoices):
    """Everything that may be done to it. The same word is the action, the mutation and the permission."""

    CORRECT = "CORRECT", _("Correct the application")
    IDENTIFY = "IDENTIFY", _("Record how the identity was checked")
    LINK = "LINK", _("Name the record of the person")
    ANSWER = "ANSWER", _("Answer the application")
    SEND = "SEND", _("Record that the answer was sent")
    WITHDRAW = "WITHDRAW", _("Mark as withdrawn")


S = RequestStatus

MOVES = Moves(
    RequestStatus,
    _("“%(verb)s” is not possible while it is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.CORRECT: leaving(S.OPEN),
        Verb.IDENTIFY: leaving(S.OPEN),
        Verb.LINK: leaving(S.OPEN),
        Verb.ANSWER: leaving(S.OPEN, to=S.ANSWERED),
        Verb.SEND: leaving(S.ANSWERED),
        Verb.WITHDRAW: leaving(S.OPEN, to=S.WITHDRAWN),
    },
)

allows, require = MOVES.allows, MOVES.require
