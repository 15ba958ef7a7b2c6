"""Greetings: occasions, batches of letters, and their recipients.

A person is greeted once per occasion: a constraint enforces it (`one_greeting_of_a_citizen`), however many batches
run.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.models import PublicId, TrFold
from backend.documents.models import StoredFile
from backend.greetings.choices import (
    UNDER_WAY,
    Basis,
    Channel,
    Decision,
    KeptKind,
    OccasionKind,
    Outcome,
    Reason,
    Source,
    Status,
    Wish,
)
from backend.journal.models import AuditEntry
from backend.letters.choices import Kind
from backend.letters.models import Letter, LetterTemplate
from backend.organization.models import Department, OutsideBody
from backend.outbox.models import Message
from backend.partners.models import Role

USER = settings.AUTH_USER_MODEL


class Occasion(PublicId):
    """What people are greeted for: a day of a year, a day of one person, later an event. `code` makes it the same
    occasion however often it is suggested or asked for."""

    code = models.CharField(_("code"), max_length=120, blank=True, editable=False)
    name = models.CharField(_("occasion"), max_length=160)
    kind = models.CharField(_("kind"), max_length=16, choices=OccasionKind)
    on = models.DateField(_("day"))
    letter_kind = models.CharField(_("letter"), max_length=14, choices=Kind)
    letter = models.OneToOneField(
        Letter,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="occasion",
        verbose_name=_("its one letter"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("occasion")
        verbose_name_plural = _("occasions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="an_occasion_once")
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="occasion_newest")]

    def __str__(self) -> str:
        return self.name


class BatchQuerySet(models.QuerySet["Batch"]):
    """The filters that everybody shares."""

    def preparing(self) -> BatchQuerySet:
        return self.filter(status=Status.PREPARING)

    def under_way(self) -> BatchQuerySet:
        return self.filter(status__in=UNDER_WAY)

    def to_decide(self) -> BatchQuerySet:
        """Batches with flagged recipients that are not decided."""
        flagged = Recipient.objects.filter(batch=models.OuterRef("pk"), outcome=Outcome.FLAGGED)
        return self.filter(models.Exists(flagged)).exclude(status=Status.CANCELLED)


class Batch(PublicId):
    """Letters for one occasion, to a list of recipients: one text, with the values of each in its places."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="batches", verbose_name=_("occasion"))
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.PREPARING, editable=False
    )
    template = models.ForeignKey(
        LetterTemplate, models.PROTECT, null=True, related_name="+", verbose_name=_("template")
    )
    subject = models.CharField(_("subject of the e-mail"), max_length=200, blank=True)
    salutation = models.CharField(_("salutation"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    closing = models.CharField(_("closing"), max_length=200, blank=True)
    sms_text = models.CharField(_("text of the SMS"), max_length=480, blank=True)
    channels = ArrayField(models.CharField(max_length=5, choices=Channel), verbose_name=_("channels"))
    signatory = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("signatory")
    )
    signatory_name = models.CharField(_("signatory's name"), max_length=160, blank=True)
    signatory_title = models.CharField(_("title of the signatory"), max_length=120, blank=True)
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now, editable=False)
    prepared_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("prepared by")
    )
    run = models.PositiveIntegerField(default=0, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    fault = models.TextField(_("why it failed"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of greetings")
        verbose_name_plural = _("batches of greetings")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(channels=[]), name="a_batch_has_a_channel"),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.DONE, Status.FAILED]) | Q(ended_at__isnull=False),
                name="a_batch_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["-prepared_at", "-id"], name="batch_newest"),
            models.Index(fields=["occasion", "-prepared_at"], name="batch_of_occasion"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it before it, or in hand."""
        return self.status in UNDER_WAY


class PrintRun(StoredFile):
    """The letters of a batch that go out on paper, as one PDF; frozen with its digest. What is decided later of
    the same batch makes another run."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="print_runs", verbose_name=_("batch"))
    letters = models.PositiveIntegerField(_("letters"))
    names_members = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether the text reveals a role at an association, a union or a party (KVKK m.6)."""

    class Meta:
        verbose_name = _("print run")
        verbose_name_plural = _("print runs")
        default_permissions = ()
        indexes = [models.Index(fields=["batch", "-uploaded_at"], name="print_run_of_batch")]


def _once(field: str) -> models.UniqueConstraint:
    """One greeting an occasion."""
    return models.UniqueConstraint(
        fields=["occasion", field], condition=Q(outcome=Outcome.SENT), name=f"one_greeting_of_a_{field}"
    )


class Recipient(PublicId):
    """To whom a batch goes, and what became of it. `occasion` is that of the batch, so that the database can hold one
    greeting an occasion. Name and address are kept as they stood when it was sent."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="recipients", verbose_name=_("batch"))
    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="+")
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="greetings", verbose_name=_("citizen")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    body = models.ForeignKey(
        OutsideBody, models.PROTECT, null=True, related_name="+", verbose_name=_("outside body")
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, related_name="+", verbose_name=_("role at an organisation")
    )
    """For what they are greeted there; who may not know them there sees nothing of the row."""
    source = models.CharField(_("taken from"), max_length=11, choices=Source)
    title = models.CharField(_("title or office"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome, default=Outcome.PENDING)
    reason = models.CharField(_("why"), max_length=13, choices=Reason, blank=True)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision, blank=True)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=400, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    print_run = models.ForeignKey(
        PrintRun, models.PROTECT, null=True, related_name="recipients", verbose_name=_("print run")
    )

    class Meta:
        verbose_name = _("recipient of a greeting")
        verbose_name_plural = _("recipients of greetings")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(citizen__isnull=False, department__isnull=True, body__isnull=True)
                | Q(citizen__isnull=True, department__isnull=False, body__isnull=True)
                | Q(citizen__isnull=True, department__isnull=True, body__isnull=False),
                name="a_recipient_is_one",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.SENT) | ~Q(channel=""), name="what_was_sent_has_a_channel"
            ),
            models.UniqueConstraint(fields=["batch", "citizen"], name="a_citizen_once_in_a_batch"),
            models.UniqueConstraint(fields=["batch", "department"], name="a_department_once_in_a_batch"),
            models.UniqueConstraint(fields=["batch", "body"], name="a_body_once_in_a_batch"),
            _once("citizen"),
            _once("department"),
            _once("body"),
        ]
        indexes = [
            models.Index(fields=["batch", "id"], name="recipient_of_batch"),
            models.Index(fields=["batch", "outcome", "id"], name="recipient_by_outcome"),
            models.Index(
                fields=["print_run", "id"], condition=Q(print_run__isnull=False), name="recipient_printed"
            ),
            models.Index(TrFold("organisation"), name="recipient_written", condition=~Q(organisation="")),
        ]

    def __str__(self) -> str:
        return self.name or str(self.citizen or self.department or self.body)


class BatchLine(AuditEntry):
    """The story of a batch: one line a verb. It names no recipient."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=9, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a batch")
        verbose_name_plural = _("story lines of batches")
        default_permissions = ()
        indexes = [models.Index(fields=["batch", "-at", "-id"], name="line_of_batch")]

    def __str__(self) -> str:
        return self.verb


class KeptDay(PublicId):
    """Day of a person recorded for greetings, with its legal basis (KVKK m.5).

    A birthday has no year: the age is not needed (m.4).
    """

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="kept_days", verbose_name=_("citizen"))
    kind = models.CharField(_("kind"), max_length=11, choices=KeptKind)
    of_what = models.CharField(_("of what"), max_length=120, blank=True)
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day of the month"))
    since = models.PositiveSmallIntegerField(_("since the year"), null=True)
    basis = models.CharField(_("basis"), max_length=13, choices=Basis)
    basis_note = models.CharField(_("where it is seen"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("day kept of a person")
        verbose_name_plural = _("days kept of persons")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["citizen", "kind", "of_what"], name="a_day_is_kept_once"),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31), name="a_day_of_the_year"
            ),
            models.CheckConstraint(
                condition=~Q(kind=KeptKind.BIRTHDAY) | Q(since__isnull=True), name="no_age_is_kept"
            ),
            models.CheckConstraint(condition=~Q(basis_note=""), name="a_kept_day_has_its_basis"),
        ]
        indexes = [models.Index(fields=["month", "day", "id"], name="kept_day_of_the_year")]

    def __str__(self) -> str:
        return f"{self.day:02}.{self.month:02}"


class Preference(PublicId):
    """Preference about greetings: consent to text messages, or an objection (KVKK m.5, m.11)."""

    citizen = models.OneToOneField(
        Citizen, models.PROTECT, related_name="greeting_preference", verbose_name=_("citizen")
    )
    wish = models.CharField(_("wish"), max_length=9, choices=Wish)
    notified_on = models.DateField(_("notified on"))
    proof = models.CharField(_("proof"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("wish about greetings")
        verbose_name_plural = _("wishes about greetings")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(proof=""), name="a_wish_has_its_proof"),
        ]

    def __str__(self) -> str:
        return str(self.get_wish_display())
