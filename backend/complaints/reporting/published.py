"""Numbers that anybody may read: how many applications of a month, in all, by category and by mahalle. Imported by
`models`."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.organization.models import Category, Neighbourhood


class OpenFigure(models.Model):
    """The published numbers of a month: of everything, of a category, or of a mahalle; a number of few is NULL."""

    class Of(models.TextChoices):
        TOTAL = "TOTAL", _("All applications")
        CATEGORY = "CATEGORY", _("Category")
        NEIGHBOURHOOD = "NEIGHBOURHOOD", _("Neighbourhood")

    month = models.DateField(_("month"))
    of = models.CharField(_("of what"), max_length=13, choices=Of)
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="+", verbose_name=_("category")
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, null=True, related_name="+", verbose_name=_("neighbourhood")
    )
    received = models.PositiveIntegerField(_("received"), null=True)
    ended = models.PositiveIntegerField(_("ended"), null=True)
    solved_percent = models.PositiveSmallIntegerField(_("solved, in percent"), null=True)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("open figure")
        verbose_name_plural = _("open figures")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["month", "of", "category", "neighbourhood"],
                nulls_distinct=False,
                name="a_figure_once_a_month",
            ),
            models.CheckConstraint(
                condition=(Q(received__isnull=True) | Q(received=0) | Q(received__gte=5))
                & (Q(ended__isnull=True) | Q(ended=0) | Q(ended__gte=5)),
                name="few_are_not_counted_in_public",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.of}"
