"""Days that are not worked: what the office corrects in the calculated table, and administrative leave."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import DayKind
from backend.core.models import PublicId


class AdministrativeLeave(models.Model):
    """A day of idari izin, announced ad hoc and late. It is no "resmî tatil" in 2429: by default it moves internal
    targets and the agenda, not statutory dates (setting LEAVE_MOVES_STATUTORY_DATES)."""

    day = models.DateField(_("day"), unique=True)
    half_day = models.BooleanField(_("from 13:00 only"), default=False)
    reason = models.CharField(_("reason or source"), max_length=200)

    class Meta:
        verbose_name = _("administrative leave")
        verbose_name_plural = _("administrative leave")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.reason}"


class HolidayCorrection(PublicId):
    """A line of the table of public holidays over the library that calculates them (2429): a day added, taken away,
    halved or confirmed, with the law or announcement that says so.

    Lines are only added; of several for one day the newest holds. `version` numbers the table from this line on: a date
    that was computed from it keeps the number.
    """

    version = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    day = models.DateField(_("day"))
    kind = models.CharField(_("what it is"), max_length=13, choices=DayKind)
    name = models.CharField(_("name of the holiday"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200)
    yearly = models.BooleanField(_("every year from then on"), default=False)
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )
    recomputed = ArrayField(
        models.BigIntegerField(), default=list, editable=False, verbose_name=_("applications recomputed")
    )
    """The open cases whose dates, or what made them, changed with it."""

    class Meta:
        verbose_name = _("correction of a public holiday")
        verbose_name_plural = _("corrections of public holidays")
        default_permissions = ()
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="a_holiday_correction_has_its_source"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(yearly=True, valid_to__gte=F("day")),
                name="a_yearly_holiday_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.name or self.get_kind_display()}"
