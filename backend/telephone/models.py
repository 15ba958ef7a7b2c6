"""A call that rings or is spoken in at this moment, for whom it rings. It is forgotten when it ends (KVKK m. 4)."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId

LONGEST = dt.timedelta(hours=2)
"""After so long a call is forgotten even if the exchange never announced its end."""


class CallQuerySet(models.QuerySet["Call"]):
    def now(self) -> CallQuerySet:
        """Those that were not forgotten yet."""
        return self.filter(rang_at__gt=timezone.now() - LONGEST)


class Call(PublicId):
    """One call for one member of staff. `dialog` is a digest of what the exchange names it by; `number` is the
    caller's as it is kept, "" where it is withheld."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("member of staff")
    )
    dialog = models.CharField(max_length=32, editable=False)
    number = models.CharField(_("number"), max_length=40, blank=True, editable=False)
    rang_at = models.DateTimeField(_("rang at"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    is_noted = models.BooleanField(default=False, editable=False)
    """Whether the read log has it that the caller's record was shown with it."""
    is_closed = models.BooleanField(_("put away"), default=False, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "dialog"], name="a_call_once_for_a_person")]
        indexes = [models.Index(fields=["rang_at"], name="call_rang")]

    def __str__(self) -> str:
        return f"{self.rang_at:%d.%m.%Y}"
