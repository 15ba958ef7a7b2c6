"""Grants: guardian object permissions, in tables with a direct foreign key (the generic ones are forty times slower).

Give and take them only through `permissions.core.grants`.
"""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.organization.models import Department
from backend.programme.models import Principal


class GrantQuerySet(models.QuerySet):
    def live(self, on: dt.date | None = None) -> GrantQuerySet:
        """Those that count on a day (default: today, local)."""
        on = on or today()
        return self.filter(valid_from__lte=on).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))


class DatedGrant(UserObjectPermissionBase):
    """A permission of one person on one row, from a day to a day (both included)."""

    valid_from = models.DateField(_("from"), default=today)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    given_at = models.DateTimeField(_("granted at"), default=timezone.now, editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("granted by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    dated = GrantQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("view",)


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
    meta={"default_permissions": ()},
)
class DepartmentGrant(DatedGrant):
    """Who works in a department, heads it, acts for its head, oversees it, and who sees its citizens' contact data."""

    content_object = models.ForeignKey(
        Department, models.CASCADE, related_name="grants", verbose_name=_("department")
    )
    is_acting = models.BooleanField(_("acting (vekâlet)"), default=False)
    by_directory = models.BooleanField(_("granted by the directory"), default=False, db_default=False)
    """It ends when the table of groups no longer gives it; what was granted by hand stays."""

    class Meta(DatedGrant.Meta):
        abstract = False
        unique_together = ()
        verbose_name = _("grant on a department")
        verbose_name_plural = _("grants on departments")
        indexes = [models.Index(fields=["user", "content_object"], name="grant_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="department_grant_ends_after_it_begins",
            ),
        ]


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
    meta={"default_permissions": ()},
)
class PrincipalGrant(DatedGrant):
    """Who keeps a programme, reads it, or sees what it shows to the press unit; with dates, so one can stand in."""

    content_object = models.ForeignKey(
        Principal, models.CASCADE, related_name="grants", verbose_name=_("principal")
    )

    class Meta(DatedGrant.Meta):
        abstract = False
        unique_together = ()
        default_permissions = ()  # type: ignore[assignment]
        verbose_name = _("grant on a programme")
        verbose_name_plural = _("grants on programmes")
        indexes = [models.Index(fields=["user", "content_object"], name="principal_grant_of_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="principal_grant_ends_after_it_begins",
            ),
        ]


class ComplaintGrant(DatedGrant):
    """One complaint shared with one person: they read it and comment on it."""

    content_object = models.ForeignKey(
        Complaint, models.CASCADE, related_name="grants", verbose_name=_("complaint")
    )

    class Meta(DatedGrant.Meta):
        abstract = False
        unique_together = ()
        default_permissions = ()  # type: ignore[assignment]
        verbose_name = _("shared complaint")
        verbose_name_plural = _("shared complaints")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"], name="a_complaint_shared_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="complaint_grant_ends_after_it_begins",
            ),
        ]
