"""The closed lists of appointment requests and the halk günü."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Channel of the request."""

    PHONE = "PHONE", _("Telephone")
    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    WEB = "WEB", _("Web form")
    PORTAL = "PORTAL", _("Portal")
    IN_PERSON = "IN_PERSON", _("In person")
    INTERNAL = "INTERNAL", _("From the house")


class Kind(models.TextChoices):
    """What for (handbook 4.2)."""

    COURTESY = "COURTESY", _("Courtesy visit")
    REQUEST = "REQUEST", _("Job or request")
    COMPLAINT = "COMPLAINT", _("Complaint")
    ORGANISATION = "ORGANISATION", _("Institution or association")
    PROJECT = "PROJECT", _("Presentation of a project")
    PRESS = "PRESS", _("Press")
    INVITATION = "INVITATION", _("Invitation")
    PROTOCOL = "PROTOCOL", _("Official visit")
    STAFF = "STAFF", _("Staff")
    INVESTOR = "INVESTOR", _("Investor")


class Status(models.TextChoices):
    """Where a request stands."""

    NEW = "NEW", _("To be decided")
    PROPOSED = "PROPOSED", _("A time was proposed")
    APPROVED = "APPROVED", _("Approved")
    ON_PUBLIC_DAY = "ON_PUBLIC_DAY", _("On the public day")
    REDIRECTED = "REDIRECTED", _("Sent to a department")
    TURNED = "TURNED", _("Turned into a complaint")
    SETTLED = "SETTLED", _("Settled")
    NO_SHOW = "NO_SHOW", _("Did not come")
    CANCELLED = "CANCELLED", _("Appointment cancelled")
    DECLINED = "DECLINED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn by the applicant")


OPEN = (Status.NEW, Status.PROPOSED, Status.APPROVED, Status.ON_PUBLIC_DAY, Status.REDIRECTED)
UNDECIDED = (Status.NEW, Status.PROPOSED)


class DeclineGround(models.TextChoices):
    """Why a request is declined, as the applicant reads it: each has its sentence in the mail, OTHER a free one."""

    PROGRAMME = "PROGRAMME", _("Busy programme")
    DEPARTMENT = "DEPARTMENT", _("A department can settle it")
    NOT_OURS = "NOT_OURS", _("Outside the municipality's duties")
    PENDING = "PENDING", _("An inquiry, tender or lawsuit is pending")
    ANSWERED = "ANSWERED", _("The matter was answered before")
    UNCLEAR = "UNCLEAR", _("The subject is not clear")
    OTHER = "OTHER", _("Another reason, in own words")


class NoticeKind(models.TextChoices):
    """Kind of message to the applicant; the name of the mail template."""

    RECEIVED = "RECEIVED", _("Receipt")
    APPROVED = "APPROVED", _("Appointment approved")
    PROPOSED = "PROPOSED", _("Proposal of a time")
    MOVED = "MOVED", _("New time")
    HANDOVER = "HANDOVER", _("Another principal receives them")
    CANCELLED = "CANCELLED", _("Cancellation")
    DECLINED = "DECLINED", _("Courteous refusal")
    REDIRECTED = "REDIRECTED", _("Redirection")
    TURNED = "TURNED", _("Taken as a complaint")
    PUBLIC_DAY = "PUBLIC_DAY", _("Invitation to the public day")
    REMINDER = "REMINDER", _("Reminder")
    CHOSEN = "CHOSEN", _("Receipt of the chosen time")
    MESSAGE = "MESSAGE", _("Message")


class DeliveryMethod(models.TextChoices):
    """How the applicant was notified."""

    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    WHATSAPP = "WHATSAPP", _("WhatsApp")
    PHONE = "PHONE", _("By telephone")
    IN_PERSON = "IN_PERSON", _("In person")
    UNTOLD = "UNTOLD", _("Not notified")


class SessionStatus(models.TextChoices):
    PLANNED = "PLANNED", _("Planned")
    CLOSED = "CLOSED", _("Took place")
    CANCELLED = "CANCELLED", _("Cancelled")


class VisitStatus(models.TextChoices):
    """State of a visit."""

    EXPECTED = "EXPECTED", _("Expected")
    ARRIVED = "ARRIVED", _("Arrived")
    IN = "IN", _("Inside")
    OUT = "OUT", _("Out")
    NO_SHOW = "NO_SHOW", _("Did not come")


class PromiseStatus(models.TextChoices):
    """Where a promise stands."""

    OPEN = "OPEN", _("Open promise")
    KEPT = "KEPT", _("Kept")
    BROKEN = "BROKEN", _("Not kept")
    WITHDRAWN = "WITHDRAWN", _("Taken back")


class Reminder(models.IntegerChoices):
    """Of what the house was reminded last."""

    NONE = 0, _("not yet")
    NEAR = 1, _("the date is near")
    LATE = 2, _("the date has passed")


class Outcome(models.TextChoices):
    """What came of a conversation."""

    SOLVED = "SOLVED", _("Solved in the conversation")
    PROMISED = "PROMISED", _("Promised")
    TAKEN_UP = "TAKEN_UP", _("Taken up by a department")
    INFORMED = "INFORMED", _("Informed")
    NOT_POSSIBLE = "NOT_POSSIBLE", _("Not possible")
