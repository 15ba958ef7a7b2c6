"""What was learned, what was proposed of each case and what people chose, and the score of that by month."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.core.models import LongRun, PublicId
from backend.organization.models import Category, Department
from backend.triage.choices import Standing


class RouterVersionQuerySet(models.QuerySet["RouterVersion"]):
    def in_force(self) -> RouterVersionQuerySet:
        return self.filter(status=Standing.IN_FORCE)


class RouterVersionManager(models.Manager["RouterVersion"]):
    def get_queryset(self) -> RouterVersionQuerySet:
        """Every version without its weights, which are megabytes; they are read when they are asked for."""
        return RouterVersionQuerySet(self.model, using=self._db).defer("weights")

    def in_force(self) -> RouterVersionQuerySet:
        return self.get_queryset().in_force()


STEPS = ("read", "judge", "fit")
"""What a training does, one after the other (`learning.fitting`)."""


class RouterVersion(LongRun, PublicId):
    """What was learned in one night, or when a person asked for it: then it is a training until that has ended.

    `weights` are arrays of numbers without any text of a case, NULL once it is too old to go back to. The shares are of
    the newest cases, which it had not seen when it was measured.
    """

    number = models.PositiveIntegerField(_("number"), unique=True, editable=False)
    trained_at = models.DateTimeField(_("trained at"), default=timezone.now, editable=False)
    status = models.CharField(_("status"), max_length=8, choices=Standing, default=Standing.KEPT)
    is_held = models.BooleanField(_("held until someone decides otherwise"), default=False, editable=False)
    """Someone went back to it: newer versions do not take its place by themselves."""
    version = models.PositiveIntegerField(default=1, editable=False)
    cases = models.PositiveIntegerField(_("cases learned from"), editable=False)
    categories = models.PositiveIntegerField(_("categories"), editable=False)
    units = models.PositiveIntegerField(_("units"), editable=False)
    threshold = models.PositiveSmallIntegerField(_("threshold, in percent"), editable=False)
    measured_on = models.PositiveIntegerField(_("measured on so many cases"), editable=False)
    spoke_percent = models.PositiveSmallIntegerField(_("spoke, in percent"), null=True, editable=False)
    right_percent = models.PositiveSmallIntegerField(_("right, in percent"), null=True, editable=False)
    words_right_percent = models.PositiveSmallIntegerField(
        _("first of the words right, in percent"), null=True, editable=False
    )
    first_right_percent = models.PositiveSmallIntegerField(
        _("first right, in percent"), null=True, editable=False
    )
    drift_told_on = models.DateField(null=True, editable=False)
    """When it was notified that it is right less often than it was measured."""
    weights = models.BinaryField(null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    put_in_force_at = models.DateTimeField(_("put in force at"), null=True, editable=False)
    put_in_force_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("put in force by"),
    )

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("asked for by"),
    )
    """Who let it be learned now; null for a night's."""
    run = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    """Counts the runs of a training, so that a worker of an earlier one writes nothing."""
    seen_at = models.DateTimeField(null=True, editable=False)
    step = models.CharField(max_length=9, blank=True, default="", db_default="", editable=False)
    step_done = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    step_total = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    fault = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)

    silent_after = dt.timedelta(minutes=10)
    """A step tells nothing while the numbers are reckoned."""

    objects = RouterVersionManager()

    class Meta:
        verbose_name = _("version of the router")
        verbose_name_plural = _("versions of the router")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=Q(status=Standing.IN_FORCE), name="one_router_is_in_force"
            ),
            models.CheckConstraint(
                condition=~Q(status=Standing.IN_FORCE) | Q(weights__isnull=False),
                name="the_router_in_force_has_its_weights",
            ),
        ]
        indexes = [models.Index(fields=["trained_at", "id"], name="router_newest")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def share(self) -> int:
        """How far a training is, in percent."""
        if self.step not in STEPS:
            return 0
        done = self.step_done / self.step_total if self.step_total else 0
        return round(100 * (STEPS.index(self.step) + done) / len(STEPS))


class RouterProposal(models.Model):
    """What the router in force proposed of a case when it came, and what the case became. NULL where it was silent.

    `router` is NULL where the words of the catalogue proposed, in the cold start.
    """

    complaint = models.OneToOneField(
        Complaint, models.CASCADE, related_name="router_proposal", verbose_name=_("application")
    )
    router = models.ForeignKey(
        RouterVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("version of the router")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("category proposed")
    )
    unit = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("unit proposed")
    )
    priority = models.CharField(_("priority proposed"), max_length=8, choices=Priority, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    """When the case was closed, and category and unit were final."""
    chosen_category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", verbose_name=_("category chosen")
    )
    chosen_unit = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("unit chosen")
    )

    class Meta:
        verbose_name = _("proposal of the router")
        verbose_name_plural = _("proposals of the router")
        default_permissions = ()
        indexes = [
            models.Index(fields=["settled_at"], name="router_settled"),
            models.Index(fields=["id"], condition=Q(settled_at__isnull=True), name="router_unsettled"),
        ]

    def __str__(self) -> str:
        return str(self.complaint_id)


class RouterScore(PublicId):
    """How often the router was right in a month: of all cases, or of a category. Published to everybody who works here:
    shares only, of so many cases that none of them can be made out (`scoring.LEAST_SHOWN`)."""

    month = models.DateField(_("month"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="+", verbose_name=_("category")
    )
    cases = models.PositiveIntegerField(_("cases, rounded down to tens"))
    spoke_percent = models.PositiveSmallIntegerField(_("spoke, in percent"))
    right_percent = models.PositiveSmallIntegerField(_("right, in percent"), null=True)
    changed_percent = models.PositiveSmallIntegerField(_("changed, in percent"), null=True)
    counted_at = models.DateTimeField(_("counted at"), default=timezone.now)

    class Meta:
        verbose_name = _("score of the router")
        verbose_name_plural = _("scores of the router")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["month", "category"], nulls_distinct=False, name="a_router_score_once_a_month"
            )
        ]
        indexes = [models.Index(fields=["month", "id"], name="router_score_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
