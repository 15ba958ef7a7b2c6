"""The table of moves: which verb is possible for an inbound mail in which state, and where it leads."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.journal.action_table import ActionTable
from backend.mailboxes.choices import Status


class Verb(models.TextChoices):
    """Everything that may be done to an inbound mail at the desk."""

    MAKE_CASE = "MAKE_CASE", _("Register as an application")
    JOIN = "JOIN", _("Join to an application")
    TAKE_OUT = "TAKE_OUT", _("Take out of the conversation")
    ROUTE = "ROUTE", _("Pass on to another unit")
    SET_ASIDE = "SET_ASIDE", _("Set the mail aside")
    TAKE_UP = "TAKE_UP", _("Put back on the desk")


inbound_mail_action = ActionTable(
    Verb,
    Status,
    _("“%(verb)s” is not possible while the mail is “%(status)s”. Reload the page: it may have changed."),
)

allows, require = inbound_mail_action.allows, inbound_mail_action.require
