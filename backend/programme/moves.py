"""The table of moves: which verb may be said to an entry of the programme in which state, and where it leads."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.programme.choices import LIVE, Status


class Verb(models.TextChoices):
    """Everything that may be done to an entry. The same word is the action, the mutation and the permission."""

    CONFIRM = "CONFIRM", _("Confirm")
    EXTEND_HOLD = "EXTEND_HOLD", _("Extend the hold")
    RELEASE = "RELEASE", _("End the hold")
    MOVE = "MOVE", _("Move")
    CORRECT = "CORRECT", _("Correct the entry")
    CANCEL = "CANCEL", _("Cancel")
    RESTORE = "RESTORE", _("Take up again")
    FINISH = "FINISH", _("Record that it took place")
    MISS = "MISS", _("Record that it did not take place")
    INVITE = "INVITE", _("Add a participant")
    UNINVITE = "UNINVITE", _("Remove a participant")
    CONCEAL = "CONCEAL", _("Make confidential")
    DISCLOSE = "DISCLOSE", _("End confidentiality")
    NAME_READER = "NAME_READER", _("Name a reader")
    UNNAME_READER = "UNNAME_READER", _("Take a reader off")
    SHOW_PRESS = "SHOW_PRESS", _("Show to the press unit")
    HIDE_PRESS = "HIDE_PRESS", _("Hide from the press unit")


@dataclass(frozen=True)
class Move:
    """From these states the verb may be said; `to` is the state after it, None where it does not change."""

    sources: frozenset[str]
    to: Status | None = None


def _from(*sources: Status, to: Status | None = None) -> Move:
    return Move(frozenset(sources), to)


S = Status

MOVES: dict[Verb, Move] = {
    Verb.CONFIRM: _from(S.HELD, to=S.CONFIRMED),
    Verb.EXTEND_HOLD: _from(S.HELD),
    Verb.RELEASE: _from(S.HELD, to=S.RELEASED),
    Verb.MOVE: _from(*LIVE),
    Verb.CORRECT: _from(*LIVE, S.DONE),
    Verb.CANCEL: _from(*LIVE, to=S.CANCELLED),
    Verb.RESTORE: _from(S.CANCELLED, S.RELEASED, S.NOT_HELD, S.DONE, to=S.CONFIRMED),
    Verb.FINISH: _from(S.CONFIRMED, to=S.DONE),
    Verb.MISS: _from(S.CONFIRMED, to=S.NOT_HELD),
    Verb.INVITE: _from(*LIVE, S.DONE),
    Verb.UNINVITE: _from(*LIVE, S.DONE),
    Verb.CONCEAL: _from(*Status),
    Verb.DISCLOSE: _from(*Status),
    Verb.NAME_READER: _from(*Status),
    Verb.UNNAME_READER: _from(*Status),
    Verb.SHOW_PRESS: _from(*LIVE, S.DONE),
    Verb.HIDE_PRESS: _from(*Status),
}


def allows(verb: Verb, status: str) -> bool:
    return status in MOVES[verb].sources


def require(verb: Verb, status: str) -> None:
    """Raise WRONG_STATE, naming the state the entry is in, unless the verb may be said now."""
    if not allows(verb, status):
        raise DomainError(
            ErrorCode.WRONG_STATE,
            _(
                "“%(verb)s” is not possible while the entry is “%(status)s”. Reload the page: it may have changed."
            )
            % {"verb": verb.label, "status": Status(status).label},
        )
