"""The table of moves: which verb may be said to an entry of the programme in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.moves import Moves, leaving
from backend.programme.choices import LIVE, Status


class Verb(models.TextChoices):
    """Everything that may be done to an entry. The same word is the action, the mutation and the permission."""

    CONFIRM = "CONFIRM", _("Confirm")
    EXTEND_HOLD = "EXTEND_HOLD", _("Extend the hold")
    RELEASE = "RELEASE", _("End the hold")
    MOVE = "MOVE", _("Move")
    HAND_OVER = "HAND_OVER", _("Hand over to another principal")
    CORRECT = "CORRECT", _("Correct the entry")
    CANCEL = "CANCEL", _("Cancel the entry")
    RESTORE = "RESTORE", _("Take up again")
    FINISH = "FINISH", _("Record that it took place")
    MISS = "MISS", _("Record that it did not take place")
    INVITE = "INVITE", _("Add a participant")
    UNINVITE = "UNINVITE", _("Remove a participant")
    PREPARE = "PREPARE", _("Prepare the briefing")
    ASK_NOTE = "ASK_NOTE", _("Ask a department for its note")
    PROMISE = "PROMISE", _("Record a promise")
    CONCEAL = "CONCEAL", _("Make confidential")
    DISCLOSE = "DISCLOSE", _("End confidentiality")
    NAME_READER = "NAME_READER", _("Name a reader")
    UNNAME_READER = "UNNAME_READER", _("Take a reader off")
    SHOW_PRESS = "SHOW_PRESS", _("Show to the press unit")
    HIDE_PRESS = "HIDE_PRESS", _("Hide from the press unit")


S = Status

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while the entry is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.CONFIRM: leaving(S.HELD, to=S.CONFIRMED),
        Verb.EXTEND_HOLD: leaving(S.HELD),
        Verb.RELEASE: leaving(S.HELD, to=S.RELEASED),
        Verb.MOVE: leaving(*LIVE),
        Verb.HAND_OVER: leaving(*LIVE),
        Verb.CORRECT: leaving(*LIVE, S.DONE),
        Verb.CANCEL: leaving(*LIVE, to=S.CANCELLED),
        Verb.RESTORE: leaving(S.CANCELLED, S.RELEASED, S.NOT_HELD, S.DONE, to=S.CONFIRMED),
        Verb.FINISH: leaving(S.CONFIRMED, to=S.DONE),
        Verb.MISS: leaving(S.CONFIRMED, to=S.NOT_HELD),
        Verb.INVITE: leaving(*LIVE, S.DONE),
        Verb.UNINVITE: leaving(*LIVE, S.DONE),
        Verb.PREPARE: leaving(*LIVE, S.DONE),
        Verb.ASK_NOTE: leaving(*LIVE),
        Verb.PROMISE: leaving(S.CONFIRMED, S.DONE),
        Verb.CONCEAL: leaving(*Status),
        Verb.DISCLOSE: leaving(*Status),
        Verb.NAME_READER: leaving(*Status),
        Verb.UNNAME_READER: leaving(*Status),
        Verb.SHOW_PRESS: leaving(*LIVE, S.DONE),
        Verb.HIDE_PRESS: leaving(*Status),
    },
)

allows, require = MOVES.allows, MOVES.require
