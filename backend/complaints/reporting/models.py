"""What reports keep so as not to read every case: the days of each, their sums by month, and what changed since.

`reporting/keeping.py` fills them. The tables name cases and departments by key and have no foreign keys: a change of a
case writes one line here and waits for no other one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.organization.models import Category, Department, Neighbourhood

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _counted(name: _StrPromise) -> ArrayField:
    return ArrayField(models.IntegerField(), default=list, db_default=[], verbose_name=name)


def _link(model: type[models.Model], name: _StrPromise) -> models.ForeignKey:
    return models.ForeignKey(
        model,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=name,
    )


class ReportFact(models.Model):
    """The days of one case as they were when its month was summed; see `reports.Part` for what they mean."""

    complaint_id = models.BigIntegerField(_("application"), primary_key=True)
    department = _link(Department, _("responsible department"))
    category = _link(Category, _("category"))
    neighbourhood = _link(Neighbourhood, _("neighbourhood"))
    channel = models.CharField(_("channel"), max_length=16)
    regime = models.CharField(_("legal regime"), max_length=20)
    collaborators = ArrayField(models.BigIntegerField(), verbose_name=_("collaborating departments"))
    received_on = models.DateField(_("registered on"))
    closed_on = models.DateField(_("closed on"), null=True)
    answered_on = models.DateField(_("answered on"), null=True)
    late_from = models.DateField(_("late from"), null=True)
    late_until = models.DateField(_("late until"), null=True)
    is_solved = models.BooleanField(_("solved"))
    is_countable = models.BooleanField(_("counted in the share"))
    is_late = models.BooleanField(_("answered late"))
    calendar = models.IntegerField(_("calendar days"), null=True)
    working = models.IntegerField(_("working days"), null=True)
    rating = models.SmallIntegerField(_("rating by the citizen"), null=True)

    class Meta:
        verbose_name = _("figures of an application")
        verbose_name_plural = _("figures of applications")
        default_permissions = ()
        indexes = [
            models.Index(fields=["received_on"], name="reportfact_by_received"),
            models.Index(fields=["closed_on"], name="reportfact_by_closed"),
            models.Index(fields=["answered_on"], name="reportfact_by_answered"),
            models.Index(fields=["late_from"], name="reportfact_by_late_from"),
            models.Index(fields=["late_until"], name="reportfact_by_late_until"),
        ]

    def __str__(self) -> str:
        return str(self.complaint_id)


class ReportCell(models.Model):
    """The sums of a month: of the whole house, or of the cases for which one department (or none) is responsible.

    `division` and `key` say of which part: a division of reports, "total", "day" or "contributing"; no key: have none.
    """

    is_whole = models.BooleanField(_("whole house"))
    department = _link(Department, _("responsible department"))
    month = models.DateField(_("month"))
    division = models.CharField(_("division"), max_length=16)
    key = models.CharField(_("part"), max_length=20, null=True)  # noqa: DJ001 - null: those that have none
    received = models.IntegerField(_("received"))
    closed = models.IntegerField(_("closed"))
    solved = models.IntegerField(_("solved"))
    countable = models.IntegerField(_("counted in the share"))
    answered = models.IntegerField(_("answered"))
    answered_late = models.IntegerField(_("answered late"))
    rated = models.IntegerField(_("rated"))
    stars = models.IntegerField(_("sum of ratings"))
    late_from = models.IntegerField(_("late from"))
    late_until = models.IntegerField(_("late until"))
    calendar_days = _counted(_("calendar days"))
    calendar_counts = _counted(_("answers after so many calendar days"))
    working_days = _counted(_("working days"))
    working_counts = _counted(_("answers after so many working days"))

    class Meta:
        verbose_name = _("figures of a month")
        verbose_name_plural = _("figures of months")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["is_whole", "department", "month", "division", "key"],
                nulls_distinct=False,
                name="a_part_of_a_month_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.division} {self.key}"


class ReportChange(models.Model):
    """A case that changed since its month was summed: a line for each department that has it or had it before."""

    complaint_id = models.BigIntegerField(_("application"))
    department = _link(Department, _("responsible department"))

    class Meta:
        verbose_name = _("change for the figures")
        verbose_name_plural = _("changes for the figures")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.complaint_id)
