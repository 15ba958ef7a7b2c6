"""The closed lists of letters. What stands on paper is Turkish in every language (`law.articles.MARKS`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Register(models.TextChoices):
    """The books of letters, each with its own numbers (gelen, giden, iç)."""

    OUTGOING = "OUTGOING", _("Outgoing letters")
    INTERNAL = "INTERNAL", _("Internal letters")
    INCOMING = "INCOMING", _("Incoming letters")


class Kind(models.TextChoices):
    """What a letter is."""

    OFFICIAL = "OFFICIAL", _("Official letter")
    COVER = "COVER", _("Cover letter")
    REPLY = "REPLY", _("Reply")
    REMINDER = "REMINDER", _("Reminder (tekit)")
    APPROVAL = "APPROVAL", _("Approval (olur)")
    OFFICE = "OFFICE", _("Letter of the mayor's office")
    CONGRATULATION = "CONGRATULATION", _("Congratulation letter")
    THANKS = "THANKS", _("Letter of thanks")
    CONDOLENCE = "CONDOLENCE", _("Condolence")
    INVITATION = "INVITATION", _("Invitation letter")


PERSONAL = frozenset({Kind.OFFICE, Kind.CONGRATULATION, Kind.THANKS, Kind.CONDOLENCE, Kind.INVITATION})
"""Kinds that the mayor writes as a person (makam mektubu): no number and no subject on the paper."""


class Status(models.TextChoices):
    """Where a letter is on its way; of an incoming one what became of it."""

    DRAFT = "DRAFT", _("Being written")
    INITIALS = "INITIALS", _("Waiting for initials")
    SIGNATURE = "SIGNATURE", _("Waiting for the signature")
    APPROVAL = "APPROVAL", _("Waiting for the olur")
    SIGNED = "SIGNED", _("Signed, to be registered")
    REGISTERED = "REGISTERED", _("Registered, to be sent")
    SENT = "SENT", _("Sent")
    DELIVERED = "DELIVERED", _("Delivered")
    CANCELLED = "CANCELLED", _("Given up")
    REFUSED = "REFUSED", _("Olur refused")
    RECEIVED = "RECEIVED", _("Received, open")
    ANSWERED = "ANSWERED", _("Answered")
    FILED = "FILED", _("Filed")


WRITABLE = (Status.DRAFT,)
ON_THE_WAY = (Status.INITIALS, Status.SIGNATURE, Status.APPROVAL)
ISSUED = (Status.REGISTERED, Status.SENT, Status.DELIVERED)
"""Issued outgoing and internal letters, which their addressees may read."""


class AnswerKind(models.TextChoices):
    """What an incoming letter asks for, and so how long an answer may take (m.33)."""

    NONE = "NONE", _("No answer expected")
    DOCUMENT = "DOCUMENT", _("A document: five working days")
    OPINION = "OPINION", _("Information or an opinion: fifteen working days")
    DATED = "DATED", _("By the day that it names")


class DeliveryMethod(models.TextChoices):
    """How a letter reaches its addressee."""

    EMAIL = "EMAIL", _("E-mail")
    POST = "POST", _("Post")
    HAND = "HAND", _("By hand (zimmet)")
    KEP = "KEP", _("KEP, recorded by hand")
    SYSTEM = "SYSTEM", _("In this system")


class StepRole(models.TextChoices):
    """Whose initials a letter bears."""

    INITIALS = "INITIALS", _("Initials (paraf)")
    COORDINATION = "COORDINATION", _("Coordination")


class PhrasePart(models.TextChoices):
    """Where an approved phrase stands."""

    OPENING = "OPENING", _("First sentence")
    BODY = "BODY", _("In the text")
    CLOSING = "CLOSING", _("Last sentence (closing)")
    REPLY = "REPLY", _("In the reply to an application")
    MESSAGE = "MESSAGE", _("In a message to the applicant")
    NOTE = "NOTE", _("In an internal note on an application")


class ClosingWord(models.TextChoices):
    """What a closing says."""

    ARZ = "ARZ", _("arz")
    RICA = "RICA", _("rica")
    ARZ_VE_RICA = "ARZ_VE_RICA", _("arz ve rica")
    SAYGI = "SAYGI", _("respects (saygı)")


class Form(models.TextChoices):
    """How it looks on paper."""

    OFFICIAL = "OFFICIAL", _("Official form")
    PERSONAL = "PERSONAL", _("Form of the mayor's office")


class Confidentiality(models.TextChoices):
    """The degree of confidentiality. ÖZEL was dropped in 2022."""

    NONE = "NONE", _("Not confidential")
    SERVICE = "SERVICE", _("For service use only")
    SECRET = "SECRET", _("Secret")
    TOP_SECRET = "TOP_SECRET", _("Top secret")


class Urgency(models.TextChoices):
    """The degree of urgency: there are only these two."""

    NONE = "NONE", _("No urgency")
    URGENT = "URGENT", _("Urgent (ACELE)")
    DATED = "DATED", _("Dated (GÜNLÜDÜR)")


class Medium(models.TextChoices):
    """Where the original lives: the first letter of the number."""

    ELECTRONIC = "E", _("Electronic")
    PAPER = "Z", _("On paper because it must be")
    EXTRAORDINARY = "O", _("On paper in an extraordinary case")


class AddresseeKind(models.TextChoices):
    """To whom a letter goes."""

    DEPARTMENT = "DEPARTMENT", _("Department of the municipality")
    MAYORALTY = "MAYORALTY", _("The mayor's office")
    BODY = "BODY", _("Public body")
    COMPANY = "COMPANY", _("Company, association or foundation")
    PERSON = "PERSON", _("Person")


class Purpose(models.TextChoices):
    """Why an addressee gets it (dağıtım)."""

    ACTION = "ACTION", _("For action")
    INFORMATION = "INFORMATION", _("For information")


class Office(models.TextChoices):
    """The office whose rank a letter is signed with."""

    MAYOR = "MAYOR", _("Mayor")
    DEPUTY_MAYOR = "DEPUTY_MAYOR", _("Deputy mayor")
    HEAD = "HEAD", _("Head of a department")


class Capacity(models.TextChoices):
    """Capacity of a signatory."""

    OWN = "OWN", _("In their own name")
    ON_BEHALF = "ON_BEHALF", _("On behalf (a.)")
    ACTING = "ACTING", _("Acting (V.)")
