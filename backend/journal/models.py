"""What happened, who did it, and who looked.

Each domain keeps its own story in a table made from `Line`, so that a line is visible exactly when its subject is.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing that happened: a verb in the past, who, when, and a note. Lines are only ever added."""

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        abstract = True


class AuditLog(AuditEntry):
    """The journal of the installation itself: grants, tokens, merges, reference data, imports."""

    verb = models.CharField(_("what"), max_length=40)
    subject_kind = models.CharField(_("of"), max_length=60)
    subject_id = models.BigIntegerField(_("number"), null=True)
    subject_label = models.CharField(_("which"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("journal record")
        verbose_name_plural = _("journal")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_log_newest"),
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_log_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_label}"


class AccessLog(models.Model):
    """Access to personal data: one row per answer, with the persons in it (KVKK m.12, m.18/4)."""

    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    # Written for nearly every answer, by a function of the database that takes the account from the seal: it need
    # not look it up and lock it each time. `access_log_of_reader` begins with it.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("who looked"),
    )
    subject_kind = models.CharField(_("what"), max_length=60)
    subject_ids = ArrayField(models.BigIntegerField(), verbose_name=_("whose"))
    purpose = models.CharField(_("where"), max_length=120)

    class Meta:
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("read log")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-at", "-id"], name="access_log_newest"),
            models.Index(fields=["reader", "-at"], name="access_log_of_reader"),
            GinIndex(fields=["subject_ids"], name="access_log_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.subject_kind} {len(self.subject_ids)}"


class TransactionNumber(models.Field):
    """The number of a transaction (`xid8`), which snapshots of PostgreSQL know."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class ChangeEvent(models.Model):
    """Change of a row, for its subscribers: which row, and nothing of its content.

    In partitions by week, each kept until its last day is a week past (ADR 0099). Written by triggers
    (`journal.triggers`), read by `journal.change_feed`; subscribers read the row itself with their own rights. No
    commit notifies: whoever follows looks by snapshot (ADR 0087).
    """

    transaction = TransactionNumber(db_default=models.Func(function="pg_current_xact_id"))
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=40, db_default="")
    lost_by = ArrayField(models.BigIntegerField(), db_default=[])
    """Departments that had the row until now."""

    class Meta:
        verbose_name = _("happening")
        verbose_name_plural = _("happenings")
        default_permissions = ()
        indexes = [models.Index(fields=["transaction"], name="change_event_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.verb}"
