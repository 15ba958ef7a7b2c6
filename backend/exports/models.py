"""Export of a list as a file: the request, its progress, and the file for some days."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.core.models import LongRun
from backend.documents.models import OwnedFile
from backend.documents.table_writer import TableFormat


class Export(LongRun, OwnedFile):
    """One export of one person, whom alone it concerns. `asked` is tab, filters, search and order as their list had
    them; it is emptied at the end, for what was searched for may be a citizen's name (KVKK m.4). `run` counts the
    runs, so that a worker of an earlier one can write nothing any more. `rights` are those with which it was asked
    for: a file does not outlive them, nor the sight of the rows in it (`row_keys`; of a table inside a page, `page`
    says which one). Both are asked again at download (`permissions.exports.access.require_theirs`)."""

    silent_after = dt.timedelta(seconds=60)

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", pgettext_lazy("run", "Failed")
        STOPPED = "STOPPED", _("Stopped")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name=_("member of staff")
    )
    list_name = models.CharField(_("list"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    format = models.CharField(_("format"), max_length=4, choices=TableFormat)
    asked = models.JSONField(default=dict, editable=False)
    rights = models.JSONField(default=list, editable=False)
    row_keys = models.JSONField(default=list, editable=False)
    page = models.JSONField(default=dict, editable=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    run = models.PositiveIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    rows_total = models.PositiveIntegerField(_("rows"), null=True, editable=False)
    rows_written = models.PositiveIntegerField(_("rows written"), default=0, editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    fault = models.TextField(_("why it failed"), blank=True, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        default_permissions = ()
        indexes = [models.Index(fields=["user", "-asked_at", "-id"], name="export_newest_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status__in=["WAITING", "RUNNING"]), name="export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "RUNNING"]) | Q(ended_at__isnull=False, asked={}),
                name="export_ends_and_forgets",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def share(self) -> int | None:
        """Progress in percent; None while the number of rows is unknown."""
        return min(99, 100 * self.rows_written // self.rows_total) if self.rows_total else None
