"""Privacy notices (aydınlatma metni, KVKK m.10): immutable versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.localtime import today
from backend.core.models import PublicId, Sourced
from backend.core.words.languages import Language


class Purpose(models.TextChoices):
    """What the data is taken for: each purpose has a text of its own (KVKK m.4/2-c, m.10/1-b)."""

    GENERAL = "GENERAL", _("The work of the private office as a whole")
    CASE = "CASE", _("Complaints, requests and petitions")
    SUGGESTION = "SUGGESTION", _("Suggestions about events")
    APPOINTMENT = "APPOINTMENT", _("Appointments and the halk günü")
    EVENT = "EVENT", _("Invitations to events")


class PrivacyNoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    """The filters that everybody shares."""

    def in_force(self, on: dt.date | None = None) -> PrivacyNoticeQuerySet:
        """Of each purpose and language the newest that holds on a local day (default today)."""
        begun = PrivacyNotice.objects.filter(valid_from__lte=on or today())
        newest = begun.order_by("purpose", "language", "-valid_from", "-version").distinct(
            "purpose", "language"
        )
        return self.filter(pk__in=newest.values("pk"))


class PrivacyNotice(Sourced, PublicId):
    """One version of a text. The database refuses to change or delete it: records say that it was shown."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    purpose = models.CharField(_("for what"), max_length=12, choices=Purpose)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.TR)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("approved by"), max_length=300)
    written_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "language", "version"], name="a_version_of_a_notice_once"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="versions_begin_with_one"),
        ]
        indexes = [models.Index(fields=["-valid_from", "-id"], name="notice_newest")]
        triggers = [
            pgtrigger.Protect(name="a_version_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.language}, {self.version})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only ever once, as the database holds too."""
        if self.pk:
            message = _(
                "“%(notice)s” never changes: records say that it was shown. Add a new version instead."
            )
            raise ValidationError(message % {"notice": self.code})
        super().save(*args, **kwargs)


def shown_notice() -> models.ForeignKey[Any, Any]:
    """The column of a record that keeps which version was shown when its data was taken."""
    return models.ForeignKey(
        PrivacyNotice,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("privacy notice shown"),
    )


def notice_stays() -> pgtrigger.Protect:
    """Trigger that keeps the column of a shown notice unchanged."""
    return pgtrigger.Protect(
        name="notice_stays",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(
            old__privacy_notice__isnull=False, old__privacy_notice__df=pgtrigger.F("new__privacy_notice")
        ),
    )
