"""The closed lists of invitations received."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Occasion(models.TextChoices):
    """Occasion of an invitation."""

    WEDDING = "WEDDING", _("Wedding or engagement")
    CIRCUMCISION = "CIRCUMCISION", _("Circumcision feast")
    OPENING = "OPENING", _("Opening")
    DINNER = "DINNER", _("Dinner or iftar")
    ASSEMBLY = "ASSEMBLY", _("General assembly or congress")
    CEREMONY = "CEREMONY", _("Ceremony or commemoration")
    FAIR = "FAIR", _("Fair, exhibition or concert")
    SCHOOL = "SCHOOL", _("School event")
    FUNERAL = "FUNERAL", _("Funeral or condolence")
    OTHER = "OTHER", _("Other")


class Status(models.TextChoices):
    """What was decided."""

    NEW = "NEW", _("To be answered")
    ATTENDING = "ATTENDING", _("Will attend")
    REPRESENTED = "REPRESENTED", _("Represented")
    DECLINED = "DECLINED", _("Declined")
    CANCELLED = "CANCELLED", _("Cancelled by the host")
    LAPSED = "LAPSED", _("Not answered in time")


DECIDED = (Status.ATTENDING, Status.REPRESENTED, Status.DECLINED)


class DeclineGround(models.TextChoices):
    """Why an invitation is declined, as the host reads it: each has its words in the mail, OTHER free ones."""

    PROGRAMME = "PROGRAMME", _("Earlier engagement")
    AWAY = "AWAY", _("Out of town on that day")
    LATE = "LATE", _("The invitation came too late")
    ELECTION = "ELECTION", _("Rules of the election period")
    OTHER = "OTHER", _("Another reason, in own words")


class NoticeKind(models.TextChoices):
    """Kind of message to the host; the name of the mail template."""

    ATTEND = "ATTEND", _("Acceptance")
    REPRESENT = "REPRESENT", _("Who represents")
    DECLINE = "DECLINE", _("Courteous refusal")


class DeliveryMethod(models.TextChoices):
    """How the host was notified."""

    EMAIL = "EMAIL", _("E-mail")
    SMS = "SMS", _("SMS")
    PHONE = "PHONE", _("By telephone")
    IN_PERSON = "IN_PERSON", _("In person")
    UNTOLD = "UNTOLD", _("Not notified")


class Gift(models.TextChoices):
    """What is sent."""

    WREATH = "WREATH", _("Wreath")
    FLOWERS = "FLOWERS", _("Flowers")
    TELEGRAM = "TELEGRAM", _("Message of congratulation")
    CONDOLENCE = "CONDOLENCE", _("Message of condolence")
    PRESENT = "PRESENT", _("Present")
