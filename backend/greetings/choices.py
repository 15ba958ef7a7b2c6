"""The closed lists of greetings. A kind of letter is that of `letters.choices`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.letters.choices import Kind


class OccasionKind(models.TextChoices):
    """Of what kind an occasion is."""

    NATIONAL_DAY = "NATIONAL_DAY", _("National or general holiday")
    RELIGIOUS_DAY = "RELIGIOUS_DAY", _("Religious holiday")
    PROFESSIONAL_DAY = "PROFESSIONAL_DAY", _("Day of a profession or a group")
    BIRTHDAY = "BIRTHDAY", _("Birthday")
    ANNIVERSARY = "ANNIVERSARY", _("Anniversary")
    BEREAVEMENT = "BEREAVEMENT", _("Bereavement")
    EVENT = "EVENT", _("Event")
    OTHER = "OTHER", _("Other occasion")


GREETS = (Kind.CONGRATULATION, Kind.THANKS, Kind.CONDOLENCE, Kind.INVITATION, Kind.OFFICE)
"""What a greeting may be, on paper and for the check against words of another occasion."""


class Channel(models.TextChoices):
    """Channel of a greeting."""

    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    PRINT = "PRINT", _("Printed letter")


class Status(models.TextChoices):
    """Where a batch stands."""

    PREPARING = "PREPARING", _("Being prepared")
    WAITING = "WAITING", _("Waiting for the worker")
    RUNNING = "RUNNING", _("Going out")
    STOPPED = "STOPPED", _("Stopped")
    FAILED = "FAILED", _("Failed")
    DONE = "DONE", _("Finished")
    CANCELLED = "CANCELLED", _("Given up")


UNDER_WAY = (Status.WAITING, Status.RUNNING)
AT_REST = (Status.PREPARING, Status.STOPPED, Status.FAILED, Status.DONE)


class Outcome(models.TextChoices):
    """What became of a recipient."""

    PENDING = "PENDING", _("Not sent yet")
    SENT = "SENT", _("Sent")
    NO_ADDRESS = "NO_ADDRESS", _("No address")
    DECEASED = "DECEASED", _("Deceased, left out")
    FLAGGED = "FLAGGED", _("To be decided")
    LEFT_OUT = "LEFT_OUT", _("Left out by decision")
    ALREADY_GREETED = "ALREADY_GREETED", _("Greeted already")
    REFUSED = "REFUSED", _("Refused")


class Reason(models.TextChoices):
    """Why a greeting was refused, or is to be decided on."""

    OBJECTED = "OBJECTED", _("does not want greetings")
    NO_CONSENT = "NO_CONSENT", _("no consent to text messages")
    MISSING_VALUE = "MISSING_VALUE", _("the text asks for a value that is not known of them")
    BEREAVED = "BEREAVED", _("recently bereaved")
    ALIKE = "ALIKE", _("may be the same person as another who is greeted")
    WRITTEN_TO = "WRITTEN_TO", _("a letter of this kind was sent to them around this day")


class Decision(models.TextChoices):
    """Decision on a flagged recipient."""

    SEND = "SEND", _("Send all the same")
    LEAVE_OUT = "LEAVE_OUT", _("Leave out")


class Source(models.TextChoices):
    """Where a recipient was taken from."""

    CITIZENS = "CITIZENS", _("Citizens")
    DEPARTMENTS = "DEPARTMENTS", _("Departments")
    BODIES = "BODIES", _("Outside bodies")
    FILE = "FILE", _("File")
    PARTNERS = "PARTNERS", _("Partner organisations")
    PROTOCOL = "PROTOCOL", _("Holders of offices")
    EVENT = "EVENT", _("Guests of an event")


class KeptKind(models.TextChoices):
    """Kind of a recorded day of a person."""

    BIRTHDAY = "BIRTHDAY", _("Birthday")
    ANNIVERSARY = "ANNIVERSARY", _("Anniversary")


class Basis(models.TextChoices):
    """Legal basis of a recorded day (KVKK m.5)."""

    CONSENT = "CONSENT", _("Explicit consent (m.5/1)")
    MADE_PUBLIC = "MADE_PUBLIC", _("Made public by themselves (m.5/2-d)")
    PUBLIC_OFFICE = "PUBLIC_OFFICE", _("Follows from a public office (m.5/2-f)")


class Wish(models.TextChoices):
    """A person's preference about being greeted."""

    CONSENT = "CONSENT", _("Wants greetings, by SMS too")
    OBJECTION = "OBJECTION", _("Wants no greetings")
