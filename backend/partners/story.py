"""The words of the story: what an `OrganisationLine.verb` may say. Of people it has nothing: whoever sees the
organisation reads it, and who has a role there is seen by fewer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Happened(models.TextChoices):
    RECORDED = "recorded", _("Recorded")
    CORRECTED = "corrected", _("Record corrected")
    LIAISON_ADDED = "liaison_added", _("Department added")
    LIAISON_RELEASED = "liaison_released", _("Department released")
    RECLASSIFIED = "reclassified", _("It is something else")
    CLOSED = "closed", _("Closed down")
    REOPENED = "reopened", _("It exists after all")
    MERGED = "merged", _("Merged into another record")
    MERGE_UNDONE = "merge_undone", _("Merge undone")
