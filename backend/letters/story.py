"""The words of the story: what a `LetterLine.verb` may say, each with the label that a person reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    DRAFTED = "drafted", _("Draft begun")
    RECEIVED = "received", _("Letter received and registered")
    WRITTEN = "written", _("Draft changed")
    SUBMITTED = "submitted", _("Put forward")
    INITIALLED = "initialled", _("Initialled")
    SIGNED = "signed", _("The letter was signed")
    APPROVED = "approved", _("Olur approved")
    REFUSED = "refused", _("Olur refused")
    CARRIED_OUT = "carried_out", _("Carried out")
    SENT_BACK = "sent_back", _("Sent back")
    REGISTERED = "registered", _("Registered")
    NUMBER_RECORDED = "number_recorded", _("Official number recorded")
    DISPATCHED = "dispatched", _("Sent to an addressee")
    RECALLED = "recalled", _("Sending taken back")
    CONFIRMED = "confirmed", _("Delivery recorded")
    CANCELLED = "cancelled", _("Given up")
    REFERRED = "referred", _("Referred to a department")
    FILED = "filed", _("Filed without an answer")
    REPLIED = "replied", _("Answer begun")
    ANSWERED = "answered", _("Answered by a letter")
    REMINDED = "reminded", _("Reminder begun")
    MESSAGED = "messaged", _("Message about it written")
    MESSAGE_TAKEN_BACK = "message_taken_back", _("Message taken back before it left")
    COMMENTED = "commented", _("Internal note")
    WROTE = "wrote", _("The other side wrote by e-mail")
    MAIL_TAKEN_OUT = "mail_taken_out", _("An e-mail was taken out of the conversation")
    NOT_DELIVERED = "not_delivered", _("Message could not be delivered")
    ATTACHED = "attached", _("File attached")
    JOINED_EVENT = "joined_event", _("Taken into the file of an event")
    LEFT_EVENT = "left_event", _("Taken out of the file of an event")
