"""How long what is kept, what stops its destruction, and the record of each destruction (KVKK m.7, Silme Yönetmeliği).

What may happen is in `actions`; where a person's data stands is in `places`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.deadlines import Regime
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.models import Keyed
from backend.events.models import Event
from backend.journal.models import Line
from backend.retention.choices import ForgettingStatus, ItemStatus, Kind, Method, Skipped, Status
from backend.retention.subject_requests.choices import (
    Channel,
    Ground,
    Identity,
    Outcome,
    RequestStatus,
    Right,
)

USER = settings.AUTH_USER_MODEL


def _by(label: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=label
    )


class RetentionRule(Keyed):
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


class LegalHold(Keyed):
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
    placed_by = _by(_("placed by"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True, editable=False)
    lifted_by = _by(_("lifted by"))
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


class DestructionRun(Keyed):
    """One periodic destruction (Silme Yönetmeliği m.11): its list, who prepared, who approved, what came of it. The
    database refuses to delete it; it must be kept for three years at least (m.7/3) and is kept for good."""

    reference = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.PREPARED, editable=False
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now, editable=False)
    prepared_by = _by(_("prepared by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = _by(_("approved by"))
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


class DestructionItem(Keyed):
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


class DestructionLine(Line):
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


class SubjectRequestQuerySet(models.QuerySet["SubjectRequest"]):
    """The filters that everybody shares."""

    def open(self) -> SubjectRequestQuerySet:
        return self.filter(status=RequestStatus.OPEN)

    def late(self, on: dt.date | None = None) -> SubjectRequestQuerySet:
        """Unanswered behind their last day (default today, local)."""
        return self.open().filter(due_on__lt=on or today())

    def soon(self, days: int, on: dt.date | None = None) -> SubjectRequestQuerySet:
        """Unanswered, and the target lies within so many days or behind us."""
        return self.open().filter(target_on__lte=(on or today()) + dt.timedelta(days=days))


class SubjectRequest(Keyed):
    """A person's application about their own data (KVKK m.11, m.13): free of charge, answered within thirty days from
    its receipt, which no law lengthens. `due_on` is the thirtieth day, `target_on` the last working day until then.

    It is the proof that the person was answered, so anonymising them leaves it as it is (`places.RETAINED`); its own
    retention rule ends it.
    """

    reference = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=9, choices=RequestStatus, default=RequestStatus.OPEN, editable=False
    )
    citizen = models.ForeignKey(
        Citizen,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("record of the person"),
    )
    requester = models.CharField(_("who asks"), max_length=160)
    contact = models.CharField(_("address for the answer"), max_length=300, blank=True)
    identity = models.CharField(
        _("how the identity was checked"), max_length=12, choices=Identity, blank=True
    )
    channel = models.CharField(_("how it came"), max_length=12, choices=Channel)
    rights = ArrayField(models.CharField(max_length=13, choices=Right), verbose_name=_("what is asked"))
    text = models.TextField(_("in the person's words"))
    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("application with which it came"),
    )
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("last day"), editable=False)
    target_on = models.DateField(_("target date"), editable=False)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, blank=True)
    ground = models.CharField(_("ground of refusal"), max_length=10, choices=Ground, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answer_channel = models.CharField(_("how it was answered"), max_length=12, choices=Channel, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, editable=False)
    answered_by = _by(_("answered by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = _by(_("recorded by"))
    warned = models.PositiveSmallIntegerField(default=0, editable=False)
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("application under KVKK art. 11")
        verbose_name_plural = _("applications under KVKK art. 11")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["complaint"], name="a_case_is_one_subject_request"),
            models.CheckConstraint(condition=~Q(rights=[]), name="a_subject_request_asks_something"),
            models.CheckConstraint(
                condition=Q(status=RequestStatus.ANSWERED, answered_on__isnull=False) & ~Q(outcome="")
                | ~Q(status=RequestStatus.ANSWERED) & Q(answered_on__isnull=True, outcome=""),
                name="an_answered_subject_request_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=(Outcome.PARTLY, Outcome.REFUSED)) | ~Q(ground=""),
                name="a_refusal_of_a_subject_request_has_a_ground",
            ),
        ]
        indexes = [
            models.Index(fields=["target_on", "id"], name="subject_request_by_target"),
            models.Index(fields=["target_on", "id"], condition=Q(status="OPEN"), name="subject_request_open"),
            models.Index(fields=["-received_on", "-id"], name="subject_request_newest"),
            models.Index(fields=["ended_at"], name="subject_request_ended"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_late(self) -> bool:
        return self.status == RequestStatus.OPEN and self.due_on < today()

    @property
    def asked(self) -> list[str]:
        """What is asked, in words."""
        return [str(Right(one).label) for one in self.rights]


class SubjectRequestLine(Line):
    """The story of an application: one line a verb."""

    request = models.ForeignKey(SubjectRequest, models.PROTECT, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=9, choices=RequestStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=RequestStatus, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an application under KVKK art. 11")
        verbose_name_plural = _("story lines of applications under KVKK art. 11")
        default_permissions = ()
        indexes = [models.Index(fields=["request", "-at", "-id"], name="line_of_subject_request")]

    def __str__(self) -> str:
        return self.verb


OPEN_FORGETTING = (ForgettingStatus.WAITING, ForgettingStatus.RUNNING)


class ForgettingQuerySet(models.QuerySet["Forgetting"]):
    """The filters that everybody shares."""

    def open(self) -> ForgettingQuerySet:
        return self.filter(status__in=OPEN_FORGETTING)


class Forgetting(Keyed):
    """A person is anonymised by the worker: who asked for it and why, how far it is, what came of it. It names the
    record, which names nobody afterwards, and is kept as what proves it (Silme Yönetmeliği m.7/3)."""

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="+", verbose_name=_("record of the person")
    )
    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        null=True,
        related_name="forgettings",
        verbose_name=_("application under KVKK art. 11"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(
        _("status"), max_length=7, choices=ForgettingStatus, default=ForgettingStatus.WAITING
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    asked_by = _by(_("asked for by"))
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    run = models.PositiveIntegerField(default=0)
    searched = models.PositiveIntegerField(_("tables searched"), default=0)
    tables = models.PositiveIntegerField(_("tables"), default=0)
    struck = models.PositiveIntegerField(_("texts changed"), default=0)
    left = models.PositiveIntegerField(_("texts left to be looked at"), default=0)
    files = models.PositiveIntegerField(_("files left to be looked at"), default=0)
    fault = models.CharField(_("why not"), max_length=600, blank=True)

    objects = ForgettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("anonymising of a person")
        verbose_name_plural = _("anonymised persons")
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="a_forgetting_stays_on_record", operation=pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"],
                condition=Q(status__in=("WAITING", "RUNNING")),
                name="forgotten_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="forgetting_newest")]

    def __str__(self) -> str:
        return f"{self.asked_at:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_FORGETTING

    @property
    def percent(self) -> int:
        """How much of the database was searched."""
        return 100 * self.searched // self.tables if self.tables else 0
