"""The tables of moves: which verb may be said to an event, a task and a guest in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.events.choices import UPCOMING, GuestStatus, Status, TaskStatus
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to an event. The same word is the action, the mutation and the permission."""

    ANNOUNCE = "ANNOUNCE", _("Announce the event")
    HOLD = "HOLD", _("Record that it was held")
    CLOSE = "CLOSE", _("Close the file")
    CORRECT = "CORRECT", _("Correct the event")
    PUT_PART = "PUT_PART", _("Add or change a part")
    DROP_PART = "DROP_PART", _("Take a part off")
    PUT_ITEM = "PUT_ITEM", _("Add or change a step")
    DROP_ITEM = "DROP_ITEM", _("Take a step off")
    ARRANGE_SPEAKERS = "ARRANGE_SPEAKERS", _("Put the speakers in order")
    ADD_TASK = "ADD_TASK", _("Add a task")
    NAME_MEMBER = "NAME_MEMBER", _("Give somebody a duty")
    UNNAME_MEMBER = "UNNAME_MEMBER", _("Take a duty off")
    ADD_PARTNER = "ADD_PARTNER", _("Add an organisation")
    DROP_PARTNER = "DROP_PARTNER", _("Take an organisation off")
    LINK_LETTER = "LINK_LETTER", _("Add a letter to the file")
    UNLINK_LETTER = "UNLINK_LETTER", _("Take a letter out of the file")
    WRITE_NOTE = "WRITE_NOTE", _("Write a note")
    ATTACH = "ATTACH", _("Attach a file")
    PUT_GROUP = "PUT_GROUP", _("Add or change a group of guests")
    DROP_GROUP = "DROP_GROUP", _("Take a group off")
    GATHER = "GATHER", _("Read the guests anew")
    INVITE = "INVITE", _("Send the invitations")
    FREEZE = "FREEZE", _("Freeze the guest list for print")
    UNFREEZE = "UNFREEZE", _("Open the guest list again")
    CHECK_IN = "CHECK_IN", _("Check guests in")
    THANK = "THANK", _("Thank those who came")
    PUBLISH = "PUBLISH", _("Put into the public calendar")
    UNPUBLISH = "UNPUBLISH", _("Take out of the public calendar")
    CANCEL = "CANCEL", _("Cancel the event")
    REOPEN = "REOPEN", _("Open the event again")


class TaskVerb(models.TextChoices):
    """Everything that may be done to a task of an event."""

    FINISH = "FINISH", _("Record that it is done")
    RESUME = "RESUME", _("Record that it is not done")
    CORRECT = "CORRECT", _("Correct the task")
    DROP = "DROP", _("Take the task off")


class GuestVerb(models.TextChoices):
    """Everything that may be done to a guest."""

    ANSWER = "ANSWER", _("Record the answer")
    CALL = "CALL", _("Record a call")
    CORRECT = "CORRECT", _("Correct the guest")
    PROMOTE = "PROMOTE", _("Give a place")
    DEMOTE = "DEMOTE", _("Put on the reserve list")
    TAKE_OFF = "TAKE_OFF", _("Take off the list")
    PUT_BACK = "PUT_BACK", _("Put back on the list")
    RENEW_LINK = "RENEW_LINK", _("Make a new link")
    UNDO_ARRIVAL = "UNDO_ARRIVAL", _("Take the arrival back")


S, T, G = Status, TaskStatus, GuestStatus
_OPEN = (*UPCOMING, S.HELD)

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while the event is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.ANNOUNCE: leaving(S.PLANNED, to=S.ANNOUNCED),
        Verb.HOLD: leaving(S.ANNOUNCED, to=S.HELD),
        Verb.CLOSE: leaving(S.HELD, to=S.CLOSED),
        Verb.CORRECT: leaving(*UPCOMING),
        Verb.PUT_PART: leaving(*UPCOMING),
        Verb.DROP_PART: leaving(*UPCOMING),
        Verb.PUT_ITEM: leaving(*UPCOMING),
        Verb.DROP_ITEM: leaving(*UPCOMING),
        Verb.ARRANGE_SPEAKERS: leaving(*UPCOMING),
        Verb.ADD_TASK: leaving(*_OPEN),
        Verb.NAME_MEMBER: leaving(*_OPEN),
        Verb.UNNAME_MEMBER: leaving(*_OPEN),
        Verb.ADD_PARTNER: leaving(*_OPEN),
        Verb.DROP_PARTNER: leaving(*_OPEN),
        Verb.LINK_LETTER: leaving(*Status),
        Verb.UNLINK_LETTER: leaving(*Status),
        Verb.WRITE_NOTE: leaving(*_OPEN),
        Verb.ATTACH: leaving(*Status),
        Verb.PUT_GROUP: leaving(*UPCOMING),
        Verb.DROP_GROUP: leaving(*UPCOMING),
        Verb.GATHER: leaving(*UPCOMING),
        Verb.INVITE: leaving(S.ANNOUNCED),
        Verb.FREEZE: leaving(*UPCOMING),
        Verb.UNFREEZE: leaving(*UPCOMING),
        Verb.CHECK_IN: leaving(S.ANNOUNCED, S.HELD),
        Verb.THANK: leaving(S.HELD, S.CLOSED),
        Verb.PUBLISH: leaving(S.ANNOUNCED, S.HELD),
        Verb.UNPUBLISH: leaving(*Status),
        Verb.CANCEL: leaving(*UPCOMING, to=S.CANCELLED),
        Verb.REOPEN: leaving(S.CLOSED, to=S.HELD),
    },
)
"""What was cancelled stays so: its times were given away, and a new event is planned."""

TASK_MOVES = Moves(
    TaskStatus,
    _("“%(verb)s” is not possible while the task is “%(status)s”. Reload the page: it may have changed."),
    {
        TaskVerb.FINISH: leaving(T.OPEN, to=T.DONE),
        TaskVerb.RESUME: leaving(T.DONE, T.DROPPED, to=T.OPEN),
        TaskVerb.CORRECT: leaving(T.OPEN, T.DONE),
        TaskVerb.DROP: leaving(T.OPEN, to=T.DROPPED),
    },
)

GUEST_MOVES = Moves(
    GuestStatus,
    _("“%(verb)s” is not possible while the guest is “%(status)s”. Reload the page: it may have changed."),
    {
        GuestVerb.ANSWER: leaving(G.LISTED),
        GuestVerb.CALL: leaving(G.LISTED),
        GuestVerb.CORRECT: leaving(G.LISTED, G.RESERVE),
        GuestVerb.PROMOTE: leaving(G.RESERVE, to=G.LISTED),
        GuestVerb.DEMOTE: leaving(G.LISTED, to=G.RESERVE),
        GuestVerb.TAKE_OFF: leaving(G.LISTED, G.RESERVE, to=G.LEFT),
        GuestVerb.PUT_BACK: leaving(G.LEFT, to=G.LISTED),
        GuestVerb.RENEW_LINK: leaving(G.LISTED),
        GuestVerb.UNDO_ARRIVAL: leaving(G.LISTED),
    },
)

allows, require = MOVES.allows, MOVES.require
