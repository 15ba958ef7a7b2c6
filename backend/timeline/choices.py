"""What a moment of a timeline is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COMPLAINT = "COMPLAINT", _("Application")
    REQUEST = "REQUEST", _("Appointment request")
    APPOINTMENT = "APPOINTMENT", _("Appointment")
    VISIT = "VISIT", _("Visit on a public day")
    PROMISE = "PROMISE", _("Promise")
    LETTER = "LETTER", _("Letter")
    INSTRUCTION = "INSTRUCTION", _("Instruction")
    FORWARDING = "FORWARDING", _("Forwarded application")
    ENGAGEMENT = "ENGAGEMENT", _("Meeting or visit")
    AGREEMENT = "AGREEMENT", _("Agreement")
    ROLE = "ROLE", _("Role at an organisation")
    INVITATION = "INVITATION", _("Invitation received")
    EVENT = "EVENT", _("Event held together")
    INVITED = "INVITED", _("Invited to an event")
    ANSWERED = "ANSWERED", _("Answer to an invitation")
    GUEST = "GUEST", _("Guest of an event")
    CAME = "CAME", _("Came to an event")
    GREETING = "GREETING", _("Greeting")
