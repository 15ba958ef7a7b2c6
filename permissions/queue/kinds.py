"""The closed lists of the queue: where its rows come from, what their days are, and whose they are."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QueueSource(TextChoices):
    """Where a row of the queue comes from; the order is that of the counters, and of rows that are otherwise equal."""

    ROUTE = "route", _("To be routed")
    APPROVE = "approve", _("To be approved")
    SEND = "send", _("To be sent")
    TO_ENTER = "to_enter", _("To be entered in CİMER")
    FORWARDED = "forwarded", _("Forwarded elsewhere")
    CLOSE = "close", _("To be closed")
    ACCEPT = "accept", _("To be accepted")
    REPLY = "reply", _("To be answered")
    URGENT = "urgent", _("Urgent applications")
    LATE_CASES = "late_cases", _("Late applications")
    LATE_ELSEWHERE = "late_elsewhere", _("Late at the departments")
    SUBMISSIONS = "submissions", _("To be verified")
    MAILS = "mails", _("E-mails to be registered")
    OLUR = "olur", _("Olur that wait for you")
    SIGN = "sign", _("Letters that wait for you")
    LETTERS = "letters", _("Letters to be answered")
    UNDELIVERED = "undelivered", _("Letters that did not arrive")
    REQUESTS = "requests", _("Appointment requests to be decided")
    OUTCOME = "outcome", _("Meetings without an outcome")
    INVITATIONS = "invitations", _("Invitations to be answered")
    DECIDE = "decide", _("Instructions to be decided")
    INSTRUCTIONS = "instructions", _("Instructions to be carried out")
    PROMISES = "promises", _("Promises due")
    REMINDERS = "reminders", _("My reminders")
    NOTES = "notes", _("Briefing notes to be written")


class Basis(TextChoices):
    """What the date of a row is, and so the reason of its place."""

    LAW = "LAW", _("Target date of a case, from its law or its time of service")
    DATE = "DATE", _("A day that somebody set")
    PROMISE = "PROMISE", _("The day of a promise")
    AGE = "AGE", _("No day is set: so many days after it began to wait")


class Filter(TextChoices):
    """A part of the queue that is no source."""

    URGENT = "URGENT", _("Urgent")
    LATE = "LATE", _("Over its day")
    TODAY = "TODAY", _("Due today")


class Whose(TextChoices):
    """Whose a row is within the unit; none of these where no person is responsible for such a thing."""

    MINE = "MINE", _("Mine")
    NOBODY = "NOBODY", _("No one's")
    UNIT = "UNIT", _("Of others in the unit")


RANKS = {Whose.MINE: 0, Whose.NOBODY: 1, Whose.UNIT: 2}
"""One's own stands before what has no responsible person, and that before what another person has."""
