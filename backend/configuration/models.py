"""What was changed in the settings: the last line of a setting is its value, and all of them are its history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId


class SettingChange(PublicId):
    """One setting got another value. Lines are only ever added."""

    name = models.CharField(_("setting"), max_length=60)
    value = models.JSONField(_("value"), null=True)
    """None: what the installation begins with."""
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    """What people read of it, in Turkish."""
    revision = models.PositiveIntegerField(_("revision"), editable=False)
    """The same for all that was kept at once."""
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("change of a setting")
        verbose_name_plural = _("changes of settings")
        default_permissions = ()
        indexes = [
            models.Index(fields=["name", "-id"], name="setting_newest"),
            models.Index(fields=["-at", "-id"], name="setting_changes_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.revision}"
