"""A file of applications on its way into the register: kept until its end, with how far the work on it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.documents.importing.files import ImportedFile


class FileImport(ImportedFile):
    """One uploaded file of applications."""

    source = models.CharField(_("source"), max_length=40)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    skips_refused = models.BooleanField(_("leaves refused rows out"), default=False)
    added = models.PositiveIntegerField(_("new"), default=0, editable=False)
    already_there = models.PositiveIntegerField(_("already there"), default=0, editable=False)
    refused = models.PositiveIntegerField(_("refused"), default=0, editable=False)
    columns = models.JSONField(default=dict, editable=False)
    unused = models.JSONField(default=list, editable=False)
    remarks = models.JSONField(default=list, editable=False)
    report = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("import of a file")
        verbose_name_plural = _("imports")
        default_permissions = ()
        indexes = [models.Index(fields=["-uploaded_at", "-id"], name="file_import_newest")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["DONE", "FAILED", "STOPPED"]) | Q(ended_at__isnull=False),
                name="file_import_ends",
            )
        ]
