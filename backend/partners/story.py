"""The words of the story: what an `OrganisationLine.verb` may say. Of people it has nothing: whoever sees the
organisation reads it, and who has a role there is seen by fewer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.partners.moves import Verb


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


TELLS = {
    Verb.CORRECT: Happened.CORRECTED,
    Verb.ADD_LIAISON: Happened.LIAISON_ADDED,
    Verb.RELEASE_LIAISON: Happened.LIAISON_RELEASED,
    Verb.RECLASSIFY: Happened.RECLASSIFIED,
    Verb.CLOSE: Happened.CLOSED,
    Verb.REOPEN: Happened.REOPENED,
    Verb.MERGE: Happened.MERGED,
    Verb.UNDO_MERGE: Happened.MERGE_UNDONE,
}
