"""A file that the worker brings in: kept until its end, with how far the work on it is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.models import LongRun
from backend.documents.models import StoredFile


class ImportedFile(LongRun, StoredFile):
    """One uploaded file and its latest run by the worker: first a dry run, then for good. `file` is empty once the
    file was deleted; `run` counts the runs, so that a worker of an earlier one can write nothing any more."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", pgettext_lazy("run", "Failed")
        STOPPED = "STOPPED", _("Stopped")

    is_dry_run = models.BooleanField(_("dry run"), default=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    run = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    rows_total = models.PositiveIntegerField(_("rows"), null=True, editable=False)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0, editable=False)
    rows_written = models.PositiveIntegerField(_("rows written"), default=0, editable=False)
    fault = models.TextField(_("why it failed"), blank=True, editable=False)
    is_written = models.BooleanField(_("written"), default=False, editable=False)

    class Meta(StoredFile.Meta):
        abstract = True

    @property
    def share(self) -> int | None:
        """Progress in percent; None while the number of rows is unknown."""
        if not self.rows_total:
            return None
        rounds = 1 if self.is_dry_run else 2
        return min(99, 100 * (self.rows_read + self.rows_written) // (rounds * self.rows_total))
