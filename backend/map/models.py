"""What is kept of the map: the numbers of its cells, and what of them is published, never of few."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PublishedCell(models.Model):
    """A cell of 1/`grid.PUBLISHED` degree from which enough applications came in the twelve whole months before.

    The number is rounded down to fives: two nights differ by whole fives, and say nothing of one application.
    """

    column = models.IntegerField(_("column"))
    row = models.IntegerField(_("row"))
    received = models.PositiveIntegerField(_("received"))
    begins_on = models.DateField(_("first day counted"))
    ends_on = models.DateField(_("last day counted"))

    class Meta:
        verbose_name = _("published cell of the map")
        verbose_name_plural = _("published cells of the map")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["column", "row"], name="a_cell_is_published_once"),
            models.CheckConstraint(
                condition=Q(received__gte=5) & Q(ends_on__gt=F("begins_on")),
                name="a_cell_of_few_is_not_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column}/{self.row}"


class KeptCell(models.Model):
    """So many cases of a cell of `grid.KEPT_ZOOM` that are counted alike, or a change of that.

    Triggers of the table of cases (`complaints.triggers`) add a line for each change, in its transaction; the sum of
    the lines is right at any moment. `keeping.count_anew` makes few of many.
    """

    departments = ArrayField(models.BigIntegerField(), verbose_name=_("departments"))
    """That have the cases, the responsible one and those that work on them together: who may see a case."""
    x = models.IntegerField(_("column"))
    y = models.IntegerField(_("row"))
    is_closed = models.BooleanField(_("closed"))
    is_urgent = models.BooleanField(_("urgent"))
    target_on = models.DateField(_("target date"), null=True)
    """By which they are late or due; null where they can be neither."""
    cases = models.IntegerField(_("applications"))
    longitudes = models.BigIntegerField(_("sum of longitudes"))
    latitudes = models.BigIntegerField(_("sum of latitudes"))
    """In parts of a degree (`counting.EXACT`)."""

    class Meta:
        verbose_name = _("kept number of the map")
        verbose_name_plural = _("kept numbers of the map")
        default_permissions = ()
        indexes = [models.Index(fields=["x", "y"], name="keptcell_by_place")]

    def __str__(self) -> str:
        return f"{self.x}/{self.y}"
