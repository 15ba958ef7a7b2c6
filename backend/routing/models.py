"""The house's own rules of whose a case is, in order, and their trials on the past."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.complaints.choices import Priority
from backend.core.localtime import today
from backend.core.models import LongRun, PublicId
from backend.organization.models import Category, Department

LONGEST_WORD = 80


class Hours(models.TextChoices):
    """When a case comes in, by the office's hours (settings WORK_FROM and WORK_UNTIL) and its working days."""

    WORKING = "WORKING", _("Within working hours")
    OUTSIDE = "OUTSIDE", _("Outside working hours")


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def active(self) -> RoutingRuleQuerySet:
        return self.filter(is_active=True)

    def in_order(self) -> RoutingRuleQuerySet:
        return self.order_by("position", "pk")

    def not_over(self, on: dt.date | None = None) -> RoutingRuleQuerySet:
        """Those whose last day has not passed."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on or today()))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude_auto=True, exclude=["position"])),
    exclude=["position"],
    meta={"default_permissions": ()},
)
class RoutingRule(PublicId):
    """Conditions of a case, and what follows: unit, priority, checklist. The first rule that applies decides each.

    A condition that is empty holds of every case. Categories and neighbourhoods are named by their codes, which never
    change; a category holds of those below it too.
    """

    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveIntegerField(_("place in the order"), default=0, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    is_automatic = models.BooleanField(_("acts by itself"), default=False)
    """Whether it acts on what comes from outside; otherwise it proposes to the person who decides."""
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("last day"), null=True, blank=True)

    categories = ArrayField(
        models.SlugField(max_length=80), default=list, blank=True, verbose_name=_("categories")
    )
    neighbourhoods = ArrayField(
        models.SlugField(max_length=60), default=list, blank=True, verbose_name=_("neighbourhoods")
    )
    street = models.CharField(_("street"), max_length=120, blank=True)
    on_main_artery = models.BooleanField(_("on a main artery"), null=True, blank=True)
    words = ArrayField(
        models.CharField(max_length=LONGEST_WORD), default=list, blank=True, verbose_name=_("words")
    )
    channels = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, verbose_name=_("channels")
    )
    hours = models.CharField(_("hours"), max_length=8, choices=Hours, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("days of the week")
    )
    """From 1, Monday, to 7."""

    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, blank=True)
    checklist = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checklist of")
    )
    """The category whose list of things to be done a case gets besides that of its own."""

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        default_permissions = ()
        indexes = [models.Index(fields=["position", "id"], name="routing_rule_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=False) | ~Q(priority="") | Q(checklist__isnull=False),
                name="a_routing_rule_has_an_effect",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="a_routing_rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleTrial(LongRun, PublicId):
    """A dry run of the rules over a past period: what they would have decided, and what the cases have.

    It counts over all cases that are not withheld from the house; which cases its sample names, each reader is
    shown as far as they may see them. `run` counts the runs, so that a worker of an earlier one writes nothing.
    """

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", pgettext_lazy("run", "Failed")
        STOPPED = "STOPPED", _("Stopped")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by")
    )
    rule = models.ForeignKey(
        RoutingRule,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="trials",
        verbose_name=_("routing rule"),
    )
    """The one that is tried in its place, in use or not; null: the list as it stands."""
    from_on = models.DateField(_("first day"))
    until_on = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    run = models.PositiveIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    cases_total = models.PositiveIntegerField(_("cases to look at"), null=True, editable=False)
    cases_read = models.PositiveIntegerField(_("cases looked at"), default=0, editable=False)
    result = models.JSONField(_("result"), default=dict, editable=False)
    sample = models.JSONField(default=list, editable=False)
    """Of what would change: number of the case, unit now, unit by rule, rule; each by its number in its table."""
    fault = models.TextField(_("why it failed"), blank=True, editable=False)

    class Meta:
        verbose_name = _("dry run of routing rules")
        verbose_name_plural = _("dry runs of routing rules")
        default_permissions = ()
        indexes = [models.Index(fields=["-asked_at", "-id"], name="rule_trial_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="a_rule_trial_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "RUNNING"]) | Q(ended_at__isnull=False),
                name="rule_trial_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on:%d.%m.%Y} – {self.until_on:%d.%m.%Y}"

    @property
    def share(self) -> int | None:
        """Progress in percent; None while the number of cases is unknown."""
        return min(99, 100 * self.cases_read // self.cases_total) if self.cases_total else None
