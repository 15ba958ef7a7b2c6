"""The closed lists of events: what is stored is UPPER_SNAKE, what is read is the office's Turkish term."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an event is. The kind decides whether the election period concerns it (298 m.64)."""

    NATIONAL_DAY = "NATIONAL_DAY", _("National day")
    COMMEMORATION = "COMMEMORATION", _("Commemoration")
    OPENING = "OPENING", _("Opening")
    GROUND_BREAKING = "GROUND_BREAKING", _("Ground-breaking")
    RECEPTION = "RECEPTION", _("Reception")
    CULTURE = "CULTURE", _("Cultural event")
    MEETING = "MEETING", _("Meeting or panel")
    OTHER = "OTHER", _("Other event")


GUARDED = (Kind.OPENING, Kind.GROUND_BREAKING)
"""What 298 m.64 forbids between the beginning of propaganda and the day after the vote."""


class Status(models.TextChoices):
    """Where an event stands."""

    PLANNED = "PLANNED", _("Being planned")
    ANNOUNCED = "ANNOUNCED", _("Announced")
    HELD = "HELD", _("Took place")
    CLOSED = "CLOSED", _("Closed")
    CANCELLED = "CANCELLED", _("Event cancelled")


UPCOMING = (Status.PLANNED, Status.ANNOUNCED)
OPEN = (*UPCOMING, Status.HELD)


class ItemKind(models.TextChoices):
    """What happens in one step of a programme."""

    WELCOME = "WELCOME", _("Welcoming")
    WREATH = "WREATH", _("Laying of a wreath")
    SILENCE = "SILENCE", _("Moment of silence")
    ANTHEM = "ANTHEM", _("National anthem")
    HALF_MAST = "HALF_MAST", _("Flag to half-mast")
    PRAYER = "PRAYER", _("Recitation of the Quran or prayer")
    CONGRATULATION = "CONGRATULATION", _("Receiving congratulations")
    SPEECH = "SPEECH", _("Speech")
    PERFORMANCE = "PERFORMANCE", _("Performance")
    PARADE = "PARADE", _("Parade or march")
    PRESENTATION = "PRESENTATION", _("Presentation of plaques")
    RIBBON = "RIBBON", _("Cutting of the ribbon")
    REFRESHMENT = "REFRESHMENT", _("Refreshments")
    OTHER = "OTHER", _("Other step")


class TaskKind(models.TextChoices):
    """What is to be done or provided."""

    TASK = "TASK", _("Task")
    SOUND = "SOUND", _("Sound system")
    STAGE = "STAGE", _("Stage and lectern")
    CHAIRS = "CHAIRS", _("Chairs")
    FLAGS = "FLAGS", _("Flags and banners")
    FLOWERS = "FLOWERS", _("Flowers")
    WREATH = "WREATH", _("Wreath")
    CATERING = "CATERING", _("Catering")
    BUS = "BUS", _("Buses and cars")
    SECURITY = "SECURITY", _("Security and traffic")
    HEALTH = "HEALTH", _("Ambulance")
    CLEANING = "CLEANING", _("Cleaning")
    PRINT = "PRINT", _("Printing")
    PRESS = "PRESS", _("Press and photographs")
    PLAQUE = "PLAQUE", _("Plaques and gifts")
    OTHER = "OTHER", _("Other provision")


class TaskStatus(models.TextChoices):
    """Where a task stands."""

    OPEN = "OPEN", _("To be done")
    DONE = "DONE", _("Task done")
    DROPPED = "DROPPED", _("Not needed")


class Duty(models.TextChoices):
    """What a member of the team does at an event."""

    CHIEF = "CHIEF", _("Chief of protocol")
    ORGANISER = "ORGANISER", _("Organiser")
    HOST = "HOST", _("Welcomes guests")
    CALLS = "CALLS", _("Calls guests")
    DOOR = "DOOR", _("Checks guests in")
    PRESS = "PRESS", _("Looks after the press")


class PartnerRole(models.TextChoices):
    """What an organisation is to an event."""

    HOST = "HOST", _("Hosts the event")
    CO_HOST = "CO_HOST", _("Holds it together with us")
    SPONSOR = "SPONSOR", _("Sponsors the event")
    GUEST = "GUEST", _("Takes part as a guest")


class Audience(models.TextChoices):
    """Whom a note is for."""

    HOST = "HOST", _("Note for the host")
    ORGANISER = "ORGANISER", _("Note for the organisers")
    PRESS = "PRESS", _("Note for the press unit")


class Source(models.TextChoices):
    """Where the guests of a group come from."""

    PEOPLE = "PEOPLE", _("People named one by one")
    OFFICES = "OFFICES", _("Offices of a list of precedence")
    PARTNERS = "PARTNERS", _("A list of partners")
    DEPARTMENTS = "DEPARTMENTS", _("Heads of departments")
    FILE = "FILE", _("A file")


class GuestStatus(models.TextChoices):
    """State of a guest on the list."""

    LISTED = "LISTED", _("On the list")
    RESERVE = "RESERVE", _("On the reserve list")
    LEFT = "LEFT", _("Taken off the list")


class Answer(models.TextChoices):
    """What a guest answered (LCV)."""

    WAITING = "WAITING", _("No answer yet")
    COMING = "COMING", _("Comes")
    REPRESENTED = "REPRESENTED", _("Sends a representative")
    NOT_COMING = "NOT_COMING", _("Does not come")


ATTENDING = (Answer.COMING, Answer.REPRESENTED)


class Via(models.TextChoices):
    """Channel of an answer."""

    LINK = "LINK", _("By the link")
    PHONE = "PHONE", _("By telephone")
    OTHER = "OTHER", _("Otherwise")


class Call(models.TextChoices):
    """What came of a telephone call."""

    REACHED = "REACHED", _("Reached")
    NO_ANSWER = "NO_ANSWER", _("Nobody answered")
    CALL_BACK = "CALL_BACK", _("To be called again")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
