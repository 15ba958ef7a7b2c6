"""A person's own rights over their data: their applications under KVKK m.11, and the anonymising it may lead to.

Models of `retention`, which `models` names too.
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

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.models import PublicId
from backend.journal.models import AuditEntry
from backend.retention.choices import ErasureJobStatus
from backend.retention.subject_requests.choices import (
    Channel,
    Ground,
    Identity,
    Outcome,
    RequestStatus,
    Right,
    Sending,
)

USER = settings.AUTH_USER_MODEL


def by_whom(label: Any) -> models.ForeignKey[Any, Any]:
    """Who did it: a person of the house, whose account is never deleted."""
    return models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=label
    )


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

    def unsent(self) -> SubjectRequestQuerySet:
        """Answered, and it is not recorded that the answer was sent."""
        return self.filter(status=RequestStatus.ANSWERED, sent_on__isnull=True)


class SubjectRequest(PublicId):
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
    answered_by = by_whom(_("answered by"))
    sent_on = models.DateField(_("sent on"), null=True, editable=False)
    sent_way = models.CharField(
        _("how the answer was sent"), max_length=7, choices=Sending, blank=True, editable=False
    )
    sent_number = models.CharField(_("number of the sending"), max_length=60, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = by_whom(_("recorded by"))
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
                condition=Q(sent_on__isnull=True, sent_way="", sent_number="")
                | Q(status=RequestStatus.ANSWERED, sent_on__gte=F("answered_on")) & ~Q(sent_way=""),
                name="a_subject_request_is_sent_after_its_answer",
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
            models.Index(
                fields=["target_on", "id"],
                condition=Q(status="ANSWERED", sent_on__isnull=True),
                name="subject_request_unsent",
            ),
            models.Index(fields=["ended_at"], name="subject_request_ended"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_late(self) -> bool:
        return self.status == RequestStatus.OPEN and self.due_on < today()

    @property
    def days_late(self) -> int | None:
        """How many days after the last one the answer was sent; None as long as it is not recorded as sent."""
        return max((self.sent_on - self.due_on).days, 0) if self.sent_on else None

    @property
    def asked(self) -> list[str]:
        """What is asked, in words."""
        return [str(Right(right).label) for right in self.rights]


class SubjectRequestLine(AuditEntry):
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


OPEN_ERASURES = (ErasureJobStatus.WAITING, ErasureJobStatus.RUNNING)


class ErasureJobQuerySet(models.QuerySet["ErasureJob"]):
    """The filters that everybody shares."""

    def open(self) -> ErasureJobQuerySet:
        return self.filter(status__in=OPEN_ERASURES)


class ErasureJob(PublicId):
    """A person is anonymised by the worker: who asked for it and why, how far it is, what came of it. It names the
    record until it is done and not afterwards, since the application may name the person; it is kept as what proves it
    (Silme Yönetmeliği m.7/3). `family`: the records that were to be anonymised when it was asked for."""

    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="+", verbose_name=_("record of the person")
    )
    family = ArrayField(models.BigIntegerField(), default=list, editable=False)
    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        null=True,
        related_name="erasure_jobs",
        verbose_name=_("application under KVKK art. 11"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(
        _("status"), max_length=7, choices=ErasureJobStatus, default=ErasureJobStatus.WAITING
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    asked_by = by_whom(_("asked for by"))
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    run = models.PositiveIntegerField(default=0)
    searched = models.PositiveIntegerField(_("tables searched"), default=0)
    tables = models.PositiveIntegerField(_("tables"), default=0)
    struck = models.PositiveIntegerField(_("texts changed"), default=0)
    left = models.PositiveIntegerField(_("texts left to be looked at"), default=0)
    files = models.PositiveIntegerField(_("files left to be looked at"), default=0)
    fault = models.CharField(_("why not"), max_length=600, blank=True)

    objects = ErasureJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("anonymising of a person")
        verbose_name_plural = _("anonymised persons")
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="an_erasure_job_stays", operation=pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(
                fields=["citizen"],
                condition=Q(status__in=("WAITING", "RUNNING")),
                name="erasure_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="erasure_job_newest")]

    def __str__(self) -> str:
        return f"{self.asked_at:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_ERASURES

    @property
    def percent(self) -> int:
        """How much of the database was searched."""
        return 100 * self.searched // self.tables if self.tables else 0
