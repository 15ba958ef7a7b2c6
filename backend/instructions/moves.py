"""The table of moves: which verb may be said to an instruction in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.instructions.choices import CARRIED, OPEN, Status
from backend.journal.moves import Moves, leaving


class Verb(models.TextChoices):
    """Everything that may be done to an instruction. The same word is the action, the mutation and the permission."""

    ACKNOWLEDGE = "ACKNOWLEDGE", _("Acknowledge")
    REPORT = "REPORT", _("Report the result")
    NOTE = "NOTE", _("Write a note")
    ASK_TIME = "ASK_TIME", _("Ask for more time")
    REFUSE = "REFUSE", _("Refuse with a reason")
    ACCEPT = "ACCEPT", _("Accept the result")
    SEND_BACK = "SEND_BACK", _("Send back")
    GRANT_TIME = "GRANT_TIME", _("Give more time")
    DENY_TIME = "DENY_TIME", _("Keep the date")
    INSIST = "INSIST", _("Insist")
    READDRESS = "READDRESS", _("Give to another department")
    CONFIRM = "CONFIRM", _("Record that the text was confirmed")
    CORRECT = "CORRECT", _("Correct the instruction")
    ADD_COLLABORATOR = "ADD_COLLABORATOR", _("Add a collaborating department")
    RELEASE_COLLABORATOR = "RELEASE_COLLABORATOR", _("Release a collaborating department")
    ATTACH = "ATTACH", _("Attach a file")
    CONCEAL = "CONCEAL", _("Make confidential")
    DISCLOSE = "DISCLOSE", _("End confidentiality")
    NAME_READER = "NAME_READER", _("Name a reader")
    UNNAME_READER = "UNNAME_READER", _("Take a reader off")
    WITHDRAW = "WITHDRAW", _("Withdraw the instruction")
    REOPEN = "REOPEN", _("Open again")


S = Status

MOVES = Moves(
    Status,
    _(
        "“%(verb)s” is not possible while the instruction is “%(status)s”. Reload the page: it may have changed."
    ),
    {
        Verb.ACKNOWLEDGE: leaving(S.GIVEN, to=S.ACKNOWLEDGED),
        Verb.REPORT: leaving(*CARRIED, to=S.DONE),
        Verb.NOTE: leaving(*OPEN),
        Verb.ASK_TIME: leaving(S.GIVEN, S.ACKNOWLEDGED, to=S.TIME_ASKED),
        Verb.REFUSE: leaving(*CARRIED, to=S.REFUSED),
        Verb.ACCEPT: leaving(S.DONE, to=S.ACCEPTED),
        Verb.SEND_BACK: leaving(S.DONE, to=S.ACKNOWLEDGED),
        Verb.GRANT_TIME: leaving(S.TIME_ASKED, to=S.ACKNOWLEDGED),
        Verb.DENY_TIME: leaving(S.TIME_ASKED, to=S.ACKNOWLEDGED),
        Verb.INSIST: leaving(S.REFUSED, to=S.GIVEN),
        Verb.READDRESS: leaving(*CARRIED, S.REFUSED, to=S.GIVEN),
        Verb.CONFIRM: leaving(*OPEN),
        Verb.CORRECT: leaving(*CARRIED, S.REFUSED),
        Verb.ADD_COLLABORATOR: leaving(*OPEN),
        Verb.RELEASE_COLLABORATOR: leaving(*OPEN),
        Verb.ATTACH: leaving(*OPEN),
        Verb.CONCEAL: leaving(*Status),
        Verb.DISCLOSE: leaving(*Status),
        Verb.NAME_READER: leaving(*Status),
        Verb.UNNAME_READER: leaving(*Status),
        Verb.WITHDRAW: leaving(*OPEN, to=S.WITHDRAWN),
        Verb.REOPEN: leaving(S.ACCEPTED, S.WITHDRAWN, to=S.GIVEN),
    },
)
"""What is reported at once, or needs more time, was acknowledged by that."""

allows, require = MOVES.allows, MOVES.require
