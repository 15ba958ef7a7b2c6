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
    MERGED = "merged", _("Merged into another record")
    MERGE_UNDONE = "merge_undone", _("Merge undone")
