"""The table of moves: which verb is possible for an inbound message in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.mailboxes.choices import Purpose, Status


class Verb(models.TextChoices):
    """Everything that may be done to an inbound message at the desk."""

    MAKE_CASE = "MAKE_CASE", _("Register as an application")
    MAKE_REQUEST = "MAKE_REQUEST", _("Register as an appointment request")
    MAKE_LETTER = "MAKE_LETTER", _("Register as an incoming letter")
    JOIN = "JOIN", _("Join to a matter")
    TAKE_OUT = "TAKE_OUT", _("Take out of the conversation")
    ROUTE = "ROUTE", _("Pass on to another unit")
    SET_ASIDE = "SET_ASIDE", _("Set the mail aside")
    TAKE_UP = "TAKE_UP", _("Put back on the desk")
    VOID_REFUSAL = "VOID_REFUSAL", _("Take the refusal back")


MAKES: dict[str, Verb] = {
    Purpose.COMPLAINTS: Verb.MAKE_CASE,
    Purpose.APPOINTMENTS: Verb.MAKE_REQUEST,
    Purpose.LETTERS: Verb.MAKE_LETTER,
}
"""The purpose of a mailbox -> the verb that is proposed first for its mails."""


def proposed(purpose: str | None) -> Verb:
    """The verb that is proposed first for a mail; an application where it is not known what its mailbox is for."""
    return MAKES.get(purpose or "", Verb.MAKE_CASE)


inbound_message_action = ActionTable(Verb, Status)

allows, require = inbound_message_action.allows, inbound_message_action.require
