"""Event types of an `OrganisationLine`. None about people: every viewer of the organisation reads the story, but
fewer may see its people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventType(models.TextChoices):
    RECORDED = "recorded", _("Recorded")
    CORRECTED = "corrected", _("Record corrected")
    LIAISON_ADDED = "liaison_added", _("Department added")
    LIAISON_RELEASED = "liaison_released", _("Department released")
    RECLASSIFIED = "reclassified", _("It is something else")
    CLOSED = "closed", _("Closed down")
    REOPENED = "reopened", _("It exists after all")
    MESSAGED = "messaged", _("Written to")
    MESSAGE_TAKEN_BACK = "message_taken_back", _("Message taken back before it left")
    COMMENTED = "commented", _("Internal note")
    WROTE = "wrote", _("They wrote by e-mail")
    MAIL_TAKEN_OUT = "mail_taken_out", _("An e-mail was taken out of the conversation")
    NOT_DELIVERED = "not_delivered", _("Message could not be delivered")
    MERGED = "merged", _("Merged into another record")
    MERGE_UNDONE = "merge_undone", _("Merge undone")
