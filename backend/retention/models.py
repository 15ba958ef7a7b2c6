"""Retention rules, legal holds, and the record of each destruction (KVKK m.7, Silme Yönetmeliği).

Actions are in `actions`; the places of personal data in `places`.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.models import PublicId, Sourced
from backend.events.models import Event
from backend.journal.models import AuditEntry
from backend.retention.choices import ItemStatus, Kind, Method, Skipped, Status
from backend.retention.subject_models import OPEN_ERASURES as OPEN_ERASURES
from backend.retention.subject_models import ErasureJob as ErasureJob
from backend.retention.subject_models import SubjectRequest as SubjectRequest
from backend.retention.subject_models import SubjectRequestLine as SubjectRequestLine
from backend.retention.subject_models import by_whom

USER = settings.AUTH_USER_MODEL


class RetentionRule(Sourced, PublicId):
    """So many years after an event a kind of record is deleted, destroyed or anonymised. `version` rises with each
    change, so that a list which was frozen under an older one is not carried out."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    regime = models.CharField(
        _("legal regime"),
        max_length=20,
        choices=Regime,
        blank=True,
        help_text=_("Of complaints and petitions only; empty: all that have no rule of their own."),
    )
    years = models.PositiveSmallIntegerField(_("years"))
    method = models.CharField(_("method"), max_length=9, choices=Method)
    source = models.CharField(_("legal source"), max_length=300)
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        default_permissions = ()
        ordering = ["kind", "regime"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "regime"], name="a_retention_rule_a_kind"),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=101), name="kept_for_some_years"),
            models.CheckConstraint(
                condition=Q(regime="") | Q(kind=Kind.CASE), name="only_cases_have_a_regime"
            ),
        ]

    def __str__(self) -> str:
        regime = f" · {self.get_regime_display()}" if self.regime else ""
        return f"{self.get_kind_display()}{regime}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As ever; a rule that is changed, by hand or by a file, is another version."""
        if self.pk:
            self.version += 1
        super().save(*args, **kwargs)


class HoldQuerySet(models.QuerySet["LegalHold"]):
    """The filters that everybody shares."""

    def standing(self) -> HoldQuerySet:
        return self.filter(lifted_at__isnull=True)


class LegalHold(PublicId):
    """Nothing of this is destroyed until the hold is lifted: a lawsuit, an inspection, an objection. It stands on one
    case, request, event or person, with all that is theirs; on none of them: on the whole kind."""

    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, related_name="+", verbose_name=_("complaint")
    )
    request = models.ForeignKey(
        AppointmentRequest, models.PROTECT, null=True, related_name="+", verbose_name=_("request")
    )
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+", verbose_name=_("event"))
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="+", verbose_name=_("citizen")
    )
    reason = models.CharField(_("reason"), max_length=300)
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now, editable=False)
    placed_by = by_whom(_("placed by"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)
    lifted_by = by_whom(_("lifted by"))
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(complaint__isnull=True, request__isnull=True, event__isnull=True)
                | Q(complaint__isnull=True, request__isnull=True, citizen__isnull=True)
                | Q(complaint__isnull=True, event__isnull=True, citizen__isnull=True)
                | Q(request__isnull=True, event__isnull=True, citizen__isnull=True),
                name="a_hold_stands_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lift_reason=""), name="a_lifted_hold_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="hold_newest"),
            *(
                models.Index(
                    fields=[on],
                    name=f"hold_on_{on}",
                    condition=Q(lifted_at__isnull=True, **{f"{on}__isnull": False}),
                )
                for on in ("complaint", "request", "event", "citizen")
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RunQuerySet(models.QuerySet["DestructionRun"]):
    """The filters that everybody shares."""

    def under_way(self) -> RunQuerySet:
        return self.exclude(status__in=(Status.DONE, Status.REJECTED))


class DestructionRun(PublicId):
    """Periodic destruction (Silme Yönetmeliği m.11): list, author, approver and result. The database refuses its
    deletion; the law demands three years (m.7/3)."""

    reference = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.PREPARED, editable=False
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now, editable=False)
    prepared_by = by_whom(_("prepared by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = by_whom(_("approved by"))
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    items = models.PositiveIntegerField(_("lines"), default=0, editable=False)
    settled = models.PositiveIntegerField(_("settled lines"), default=0, editable=False)
    run = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("destruction run")
        verbose_name_plural = _("destruction runs")
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="a_destruction_stays_on_record", operation=pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(prepared_by__isnull=True)
                | ~Q(approved_by=F("prepared_by")),
                name="nobody_approves_their_own_run",
            ),
        ]
        indexes = [
            models.Index(fields=["-prepared_at", "-id"], name="destruction_newest"),
            models.Index(fields=["-ended_at"], name="destruction_done", condition=Q(status="DONE")),
        ]

    def __str__(self) -> str:
        return self.reference


class DestructionItem(PublicId):
    """One line of the list, frozen when it was prepared: what, why, since when due. It names no person; `subject` is
    the number of the row, `label` what the house calls it (2026/12), `day` a whole day of a log."""

    destruction = models.ForeignKey(DestructionRun, models.PROTECT, related_name="list")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    method = models.CharField(_("method"), max_length=9, choices=Method)
    subject = models.BigIntegerField(null=True)
    subject_key = models.UUIDField(_("key of the record"), null=True)
    label = models.CharField(_("number of the record"), max_length=40, blank=True)
    day = models.DateField(_("day"), null=True)
    rule = models.ForeignKey(RetentionRule, models.PROTECT, related_name="+", verbose_name=_("rule"))
    rule_version = models.PositiveIntegerField()
    ground = models.CharField(_("ground"), max_length=300)
    due_on = models.DateField(_("due since"))
    status = models.CharField(_("status"), max_length=7, choices=ItemStatus, default=ItemStatus.LISTED)
    skipped = models.CharField(_("why left out"), max_length=12, choices=Skipped, blank=True)
    rows = models.PositiveIntegerField(_("records"), default=0)
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("line of a destruction")
        verbose_name_plural = _("lines of a destruction")
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(name="a_line_stays_on_record", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_settled_line_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=("DONE", "SKIPPED")),
            ),
        ]
        indexes = [
            models.Index(fields=["destruction", "id"], name="destruction_list"),
            models.Index(
                fields=["destruction", "id"], name="destruction_to_settle", condition=Q(status="LISTED")
            ),
            models.Index(fields=["destruction", "kind", "status"], name="destruction_counts"),
        ]

    def __str__(self) -> str:
        return self.label or (f"{self.day:%d.%m.%Y}" if self.day else "")


class DestructionLine(AuditEntry):
    """The story of a run: one line a verb."""

    destruction = models.ForeignKey(DestructionRun, models.PROTECT, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=8, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=8, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a destruction")
        verbose_name_plural = _("story lines of destructions")
        default_permissions = ()
        indexes = [models.Index(fields=["destruction", "-at", "-id"], name="line_of_destruction")]

    def __str__(self) -> str:
        return self.verb
