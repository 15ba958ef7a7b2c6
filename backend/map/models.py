"""What is published of the map: of a fixed grid, from where how many applications came, never of few."""

from __future__ import annotations

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
