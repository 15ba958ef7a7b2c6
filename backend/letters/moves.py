"""The table of moves: which verb may be said to a letter in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.moves import Moves, leaving
from backend.letters.choices import ISSUED, ON_THE_WAY, WRITABLE, Status


class Verb(models.TextChoices):
    """Everything that may be done to a letter. The same word is the action, the mutation and the permission."""

    WRITE = "WRITE", _("Write on")
    SUBMIT = "SUBMIT", _("Put forward for signature")
    INITIAL = "INITIAL", _("Initial")
    SIGN = "SIGN", _("Sign the letter")
    SEND_BACK = "SEND_BACK", _("Send back to the writer")
    REGISTER = "REGISTER", _("Register with a number")
    RECORD_NUMBER = "RECORD_NUMBER", _("Record the official number")
    DISPATCH = "DISPATCH", _("Send to an addressee")
    CONFIRM = "CONFIRM", _("Record the delivery")
    CANCEL = "CANCEL", _("Give the letter up")
    REFER = "REFER", _("Refer to a department")
    FILE = "FILE", _("File without an answer")
    REPLY = "REPLY", _("Write the answer")
    REMIND = "REMIND", _("Write a reminder (tekit)")
    ATTACH = "ATTACH", _("Attach a file")


S = Status

MOVES = Moves(
    Status,
    _("“%(verb)s” is not possible while the letter is “%(status)s”. Reload the page: it may have changed."),
    {
        Verb.WRITE: leaving(*WRITABLE),
        Verb.SUBMIT: leaving(*WRITABLE, to=S.INITIALS),  # to the signature where nobody initials
        Verb.INITIAL: leaving(S.INITIALS),  # the last one leads to the signature
        Verb.SIGN: leaving(S.SIGNATURE, to=S.SIGNED),
        Verb.SEND_BACK: leaving(*ON_THE_WAY, to=S.DRAFT),
        Verb.REGISTER: leaving(S.SIGNED, to=S.REGISTERED),
        Verb.RECORD_NUMBER: leaving(*ISSUED),
        Verb.DISPATCH: leaving(S.REGISTERED, S.SENT),  # to the last addressee: SENT
        Verb.CONFIRM: leaving(S.REGISTERED, S.SENT),  # by the last addressee: DELIVERED
        Verb.CANCEL: leaving(*WRITABLE, *ON_THE_WAY, to=S.CANCELLED),
        Verb.REFER: leaving(S.RECEIVED),
        Verb.FILE: leaving(S.RECEIVED, S.ANSWERED, to=S.FILED),
        Verb.REPLY: leaving(S.RECEIVED, *ISSUED),
        Verb.REMIND: leaving(S.SENT, S.DELIVERED),
        Verb.ATTACH: leaving(*WRITABLE, *ON_THE_WAY, S.RECEIVED),
    },
)

allows, require = MOVES.allows, MOVES.require
