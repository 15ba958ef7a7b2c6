"""The closed lists of applications under KVKK m.11."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    """Where an application stands."""

    OPEN = "OPEN", _("To be answered")
    ANSWERED = "ANSWERED", _("Answered")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


class Right(models.TextChoices):
    """What may be asked (KVKK m.11/1), in the order of the law."""

    KNOW = "KNOW", _("Whether their data is processed (a)")
    INFORMATION = "INFORMATION", _("Information about it (b)")
    PURPOSE = "PURPOSE", _("The purpose, and whether it is kept to (c)")
    THIRD_PARTIES = "THIRD_PARTIES", _("To whom it was passed on (ç)")
    CORRECT = "CORRECT", _("Correction of what is incomplete or wrong (d)")
    ERASE = "ERASE", _("Deletion or destruction (e)")
    NOTIFY = "NOTIFY", _("Telling third parties of a correction or deletion (f)")
    OBJECT = "OBJECT", _("Objection to a result of automatic analysis (g)")
    DAMAGES = "DAMAGES", _("Compensation of damage (ğ)")


class Channel(models.TextChoices):
    """How it came or was answered (Tebliğ m.5, m.6)."""

    IN_PERSON = "IN_PERSON", _("In writing, in person")
    POST = "POST", _("In writing, by post or notary")
    KEP = "KEP", _("By registered e-mail (KEP)")
    E_SIGNATURE = "E_SIGNATURE", _("With a secure electronic or mobile signature")
    EMAIL = "EMAIL", _("From the e-mail address on record")
    SYSTEM = "SYSTEM", _("By a form or program made for it")


class Identity(models.TextChoices):
    """How the applicant's identity was verified (Tebliğ m.5: only the person gets an answer)."""

    DOCUMENT = "DOCUMENT", _("Identity document shown")
    SIGNATURE = "SIGNATURE", _("Signature and facts compared with the record")
    KEP = "KEP", _("KEP account of the person")
    E_SIGNATURE = "E_SIGNATURE", _("Secure electronic or mobile signature")
    EMAIL = "EMAIL", _("E-mail address on record, confirmed")
    SYSTEM = "SYSTEM", _("Signed in to the program")
    PROXY = "PROXY", _("Power of attorney or custody shown")


class Outcome(models.TextChoices):
    """What came of it (KVKK m.13/3)."""

    GRANTED = "GRANTED", _("Granted")
    PARTLY = "PARTLY", _("Partly granted")
    REFUSED = "REFUSED", _("Refused with reasons")


class Ground(models.TextChoices):
    """Why it was refused, wholly or in part; the reasons themselves stand in the answer."""

    LAW = "LAW", _("Another law asks that it is kept (KVKK art. 5, 7)")
    EXEMPT = "EXEMPT", _("Outside the law (KVKK art. 28)")
    OTHERS = "OTHERS", _("It would tell of other persons")
    IDENTITY = "IDENTITY", _("Identity or power of attorney was not proven")
    NO_DATA = "NO_DATA", _("No data of the person is kept")
    UNFOUNDED = "UNFOUNDED", _("The facts asserted are not so")
    OTHER = "OTHER", _("Another ground, stated in the answer")


class Sending(models.TextChoices):
    """By what way the answer left the house (KVKK m.13/2, Tebliğ m.6): what proves that it was in time."""

    KEP = "KEP", _("By registered e-mail (KEP)")
    POST = "POST", _("By registered post")
    BY_HAND = "BY_HAND", _("Handed over against a signature")
    EMAIL = "EMAIL", _("To the e-mail address on record")
    SYSTEM = "SYSTEM", _("In the program with which it came")


NUMBERED = frozenset({Sending.KEP, Sending.POST})
"""Ways whose number is the proof."""


class Warned(models.IntegerChoices):
    """What the house was warned of already; bits."""

    NEAR = 1, _("The last day is near")
    LATE = 2, _("The last day has passed")
    UNSENT = 4, _("The answer is not recorded as sent")
