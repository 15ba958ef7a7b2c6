"""The closed lists of the programme: what is stored is UPPER_SNAKE, what is read is the office's Turkish term."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Office(models.TextChoices):
    """Whose programme it is."""

    MAYOR = "MAYOR", _("Mayor")
    DEPUTY_MAYOR = "DEPUTY_MAYOR", _("Deputy mayor")
    COUNCIL_MEMBER = "COUNCIL_MEMBER", _("Member of the municipal council")


class Kind(models.TextChoices):
    """What an entry of the programme is."""

    APPOINTMENT = "APPOINTMENT", _("Appointment")
    MEETING = "MEETING", _("Meeting")
    EVENT = "EVENT", _("Event or ceremony")
    VISIT = "VISIT", _("Visit")
    TRAVEL = "TRAVEL", _("Travel")
    PRIVATE = "PRIVATE", _("Private time")
    PUBLIC_DAY = "PUBLIC_DAY", _("Public day")


IN_OFFICE_HOURS = (Kind.APPOINTMENT, Kind.MEETING, Kind.PUBLIC_DAY)
"""What is expected within working hours and warned of outside them; a ceremony is at home on a holiday."""

COUNTED = (Kind.APPOINTMENT, Kind.MEETING)
"""What the daily maximum counts."""


class Status(models.TextChoices):
    """Where an entry stands. The first three take up time; of those no two of a principal may overlap."""

    HELD = "HELD", _("Held")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    DONE = "DONE", _("Took place")
    NOT_HELD = "NOT_HELD", _("Did not take place")
    CANCELLED = "CANCELLED", _("Cancelled")
    RELEASED = "RELEASED", _("Hold ended")


BLOCKING = (Status.HELD, Status.CONFIRMED, Status.DONE)
LIVE = (Status.HELD, Status.CONFIRMED)


class NoteStatus(models.TextChoices):
    """Where a department's note for a meeting stands."""

    ASKED = "ASKED", _("Asked for")
    WRITTEN = "WRITTEN", _("Note is there")
    RETURNED = "RETURNED", _("Returned with a question")
    WITHDRAWN = "WITHDRAWN", _("No longer asked for")


AWAITED = (NoteStatus.ASKED, NoteStatus.RETURNED)
"""What a department is still to write."""


class Reach(models.TextChoices):
    """How much of a series a change is meant for."""

    THIS = "THIS", _("This one only")
    FOLLOWING = "FOLLOWING", _("This and the following ones")
    ALL = "ALL", _("All of the series")


class Frequency(models.TextChoices):
    """How a series goes on."""

    DAILY = "DAILY", _("Every working day")
    WEEKLY = "WEEKLY", _("Weekly")
    MONTHLY_BY_DAY = "MONTHLY_BY_DAY", _("Monthly, on the same day of the month")
    MONTHLY_BY_WEEKDAY = "MONTHLY_BY_WEEKDAY", _("Monthly, on the same weekday of the month")


class OnHoliday(models.TextChoices):
    """What becomes of an occurrence that falls on a day that is not worked."""

    SKIP = "SKIP", _("Leave out")
    MOVE = "MOVE", _("Move to the next working day")


class Caution(models.TextChoices):
    """Why a time is unusual. A person may still want it; then they say so."""

    PAST = "PAST", _("in the past")
    NOT_WORKED = "NOT_WORKED", _("not a working day")
    HALF_DAY = "HALF_DAY", _("after the end of a half day")
    OUTSIDE_HOURS = "OUTSIDE_HOURS", _("outside working hours")
    DAILY_MAXIMUM = "DAILY_MAXIMUM", _("daily maximum reached")
    AWAY = "AWAY", _("a substitute acts for the principal")


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
