"""Co-operation protocols, joint projects and sister municipality protocols (5393 m.74, m.75): parties, dates,
obligations. What may happen is in `actions`."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.agreements.choices import Kind, Side, Status
from backend.core.localtime import today
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.core.triggers import denormalised_array
from backend.documents.models import StoredFile
from backend.journal.models import AuditEntry
from backend.organization.models import Department
from backend.partners.models import Organisation

USER = settings.AUTH_USER_MODEL


class AgreementQuerySet(SearchableQuerySet, models.QuerySet["Agreement"]):
    """The filters that everybody shares."""

    lookup = "agreements"
    numbers = ("İB",)
    kinds = ("kind",)

    def in_force(self) -> AgreementQuerySet:
        return self.filter(status=Status.IN_FORCE)

    def to_renew(self) -> AgreementQuerySet:
        """In force, and the day on which renewal is to be thought of has come."""
        return self.in_force().filter(warn_on__lte=today())


class Agreement(PublicId):
    """One agreement. `departments`, those with an obligation, is kept by the database."""

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("number of the agreement"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFT, editable=False)
    title = models.CharField(_("title"), max_length=200)
    subject = models.TextField(_("what is agreed"), blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("responsible department")
    )
    decision = models.CharField(_("decision of the council"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("days before the end to warn"), default=60)
    warn_on = models.DateField(_("to be thought of on"), null=True, editable=False)
    departments = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    warned = models.PositiveSmallIntegerField(default=0, editable=False)
    drafted_at = models.DateTimeField(_("begun at"), default=timezone.now, editable=False)
    drafted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("begun by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("reference", "title", "subject")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="agreement_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="agreement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.IN_FORCE) | Q(signed_on__isnull=False, valid_from__isnull=False),
                name="what_is_in_force_was_signed",
            ),
        ]
        indexes = [
            models.Index(fields=["drafted_at", "id"], name="agreement_newest"),
            models.Index(fields=["status", "drafted_at", "id"], name="agreement_by_status"),
            models.Index(fields=["warn_on", "id"], condition=Q(status="IN_FORCE"), name="agreement_to_warn"),
            models.Index(fields=["department", "drafted_at", "id"], name="agreement_of_department"),
            GinIndex(fields=["departments"], name="agreement_departments"),
            GinIndex(fields=["words"], name="agreement_words"),
            similar_index("title", "agreement_alike"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def days_left(self) -> int | None:
        """Calendar days until its last one; None where it has none."""
        return None if self.valid_until is None else (self.valid_until - today()).days


class AgreementParty(models.Model):
    """An organisation with which it was made."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreements", verbose_name=_("organisation")
    )

    class Meta:
        verbose_name = _("party of an agreement")
        verbose_name_plural = _("parties of agreements")
        default_permissions = ()
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["agreement", "organisation"], name="a_party_once")]

    def __str__(self) -> str:
        return str(self.organisation)


class Obligation(PublicId):
    """What one side has to do, until when, and which of our departments does it or looks after it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="obligations")
    side = models.CharField(_("whose"), max_length=6, choices=Side)
    text = models.CharField(_("obligation"), max_length=500)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_warned = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        default_permissions = ()
        ordering = ["id"]
        triggers = [
            denormalised_array(
                "departments",
                "agreements_obligation",
                of="agreements_agreement",
                by="agreement_id",
                value="department_id",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(done_on__isnull=True, due_on__isnull=False),
                name="obligation_open",
            )
        ]

    def __str__(self) -> str:
        return self.text


class AgreementLine(AuditEntry):
    """The story of an agreement: one line a verb."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=8, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=8, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an agreement")
        verbose_name_plural = _("story lines of agreements")
        default_permissions = ()
        indexes = [models.Index(fields=["agreement", "-at", "-id"], name="line_of_agreement")]

    def __str__(self) -> str:
        return self.verb


class AgreementAttachment(StoredFile):
    """A file of an agreement: the signed text, the decision of the council."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="attachments")

    class Meta:
        verbose_name = _("attachment of an agreement")
        verbose_name_plural = _("attachments of agreements")
        default_permissions = ()
        indexes = [models.Index(fields=["agreement", "uploaded_at"], name="attachment_of_agreement")]
