"""A file of addresses or of outlines on its way into the register of places."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.documents.importing.files import ImportedFile


class RegisterImport(ImportedFile):
    """One uploaded file, what would change or has changed, and which of its rows were left out for which reason."""

    class Kind(models.TextChoices):
        ADDRESSES = "ADDRESSES", _("Streets and doors (CSV or Excel)")
        LANDMARKS = "LANDMARKS", _("Landmarks (CSV, Excel or GeoJSON)")
        BOUNDARIES = "BOUNDARIES", _("Boundaries of neighbourhoods (GeoJSON)")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.CharField(_("source"), max_length=120)
    counts = models.JSONField(default=dict, editable=False)
    """What (streets, doors, landmarks, boundaries) -> how many are new, changed and the same."""
    examples = models.JSONField(default=dict, editable=False)
    refused = models.PositiveIntegerField(_("refused"), default=0, editable=False)
    reasons = models.JSONField(default=list, editable=False)
    """[reason, how many rows], the most frequent first."""
    remarks = models.JSONField(default=list, editable=False)
    """[row, reason] of the first rows that were left out."""

    class Meta:
        verbose_name = _("import into the register of places")
        verbose_name_plural = _("imports into the register of places")
        default_permissions = ()
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="register_import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["DONE", "FAILED", "STOPPED"]) | Q(ended_at__isnull=False),
                name="register_import_ends",
            )
        ]

    @property
    def changed(self) -> int:
        """How many rows of the register are new or other."""
        return sum(each.get("new", 0) + each.get("changed", 0) for each in self.counts.values())
