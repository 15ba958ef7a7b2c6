"""Instructions of a principal (talimat) and their progress; the actions are in `actions`.

A confidential instruction is visible to its named readers and the addressed departments alone.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.core.localtime import moment_text, today
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.core.triggers import denormalised_array
from backend.documents.models import StoredFile
from backend.instructions.choices import CARRIED, OPEN, TO_DECIDE, Form, Priority, Setting, Status
from backend.invitations.models import Invitation
from backend.journal.models import AuditEntry
from backend.letters.models import Letter
from backend.organization.models import Department
from backend.programme.models import Entry, Principal

USER = settings.AUTH_USER_MODEL


class InstructionQuerySet(SearchableQuerySet, models.QuerySet["Instruction"]):
    """The filters that everybody shares."""

    lookup = "instructions"
    numbers = ("TL",)

    def open(self) -> InstructionQuerySet:
        return self.filter(status__in=OPEN)

    def carried(self) -> InstructionQuerySet:
        """Those that a department still has to carry out."""
        return self.filter(status__in=CARRIED)

    def late(self) -> InstructionQuerySet:
        """To be carried out, and the date has passed."""
        return self.carried().filter(due_on__lt=today())

    def unacknowledged(self) -> InstructionQuerySet:
        return self.filter(status=Status.GIVEN)

    def to_decide(self) -> InstructionQuerySet:
        """Waiting for a decision of the office."""
        return self.filter(status__in=TO_DECIDE)


class Instruction(PublicId):
    """Instruction: author, text, time, place, assignee and due date.

    `due_on` is a local date and always set. `collaborators` and `readers` are maintained by the database.
    """

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("number of the instruction"), max_length=20, unique=True, editable=False)
    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="instructions", verbose_name=_("issued by")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.GIVEN, editable=False
    )
    form = models.CharField(_("oral or written"), max_length=7, choices=Form, default=Form.ORAL)
    setting = models.CharField(_("occasion"), max_length=11, choices=Setting, default=Setting.PHONE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    said_at = models.DateTimeField(_("issued at"))
    heard_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("heard by")
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    confirmed_at = models.DateTimeField(_("text confirmed at"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("confirmed with")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="instructions", verbose_name=_("responsible department")
    )
    person = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    due_on = models.DateField(_("to be done by"))
    priority = models.CharField(_("priority"), max_length=6, choices=Priority, default=Priority.NORMAL)
    is_confidential = models.BooleanField(_("confidential"), default=False, editable=False)
    readers = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    collaborators = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    asked_until = models.DateField(_("asked for until"), null=True, editable=False)
    result = models.TextField(_("result"), blank=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, editable=False)
    acknowledged_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("acknowledged by")
    )
    done_at = models.DateTimeField(_("reported at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("meeting"),
    )
    request = models.ForeignKey(
        AppointmentRequest,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("appointment request"),
    )
    promise = models.ForeignKey(
        Promise,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("promise"),
    )
    invitation = models.ForeignKey(
        Invitation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("invitation"),
    )
    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("application"),
    )
    letter = models.ForeignKey(
        Letter,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("letter"),
    )
    event = models.ForeignKey(
        "events.Event",  # which lies above
        models.PROTECT,
        null=True,
        editable=False,
        related_name="instructions",
        verbose_name=_("event"),
    )
    given_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    given_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    addressed_at = models.DateTimeField(_("with this department since"), default=timezone.now, editable=False)
    warned = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("reference", "subject", "text")

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="instruction_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(is_confidential=True) | Q(readers=[]),
                name="readers_of_a_confidential_instruction",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.TIME_ASKED, asked_until__isnull=False)
                | (~Q(status=Status.TIME_ASKED) & Q(asked_until__isnull=True)),
                name="who_asks_for_time_says_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.DONE, Status.ACCEPTED]) | ~Q(result=""),
                name="what_is_done_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.ACCEPTED, Status.WITHDRAWN], ended_at__isnull=False)
                | (~Q(status__in=[Status.ACCEPTED, Status.WITHDRAWN]) & Q(ended_at__isnull=True)),
                name="an_instruction_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_text_is_confirmed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="instruction_by_date"),
            models.Index(fields=["due_on", "id"], condition=Q(ended_at=None), name="instruction_open"),
            models.Index(fields=["-given_at", "-id"], name="instruction_newest"),
            models.Index(fields=["status", "due_on", "id"], name="instruction_by_status"),
            models.Index(fields=["department", "due_on", "id"], name="instruction_of_department"),
            models.Index(fields=["department", "-given_at", "-id"], name="instruction_dept_newest"),
            models.Index(fields=["principal", "due_on", "id"], name="instruction_of_principal"),
            models.Index(
                fields=["person", "due_on", "id"],
                condition=Q(person__isnull=False),
                name="instruction_of_person",
            ),
            GinIndex(fields=["collaborators"], name="instruction_collaborators"),
            GinIndex(fields=["readers"], name="instruction_readers"),
            GinIndex(fields=["words"], name="instruction_words"),
            similar_index("subject", "instruction_alike"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_late(self) -> bool:
        return self.status in CARRIED and self.due_on < today()

    @property
    def days_left(self) -> int:
        """Calendar days until its date; negative where it has passed."""
        return (self.due_on - today()).days


class Collaboration(models.Model):
    """A department that helps: it sees the instruction and may write notes."""

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="collaborations")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("collaborating department")
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        verbose_name = _("collaborating department")
        verbose_name_plural = _("collaborating departments")
        default_permissions = ()
        ordering = ["id"]
        triggers = [
            denormalised_array(
                "collaborators",
                "instructions_collaboration",
                of="instructions_instruction",
                by="instruction_id",
                value="department_id",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["instruction", "department"], name="a_collaborator_once")
        ]

    def __str__(self) -> str:
        return str(self.department)


class InstructionReader(models.Model):
    """Who reads a confidential instruction besides the departments it is addressed to."""

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="named_readers")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    named_at = models.DateTimeField(_("named at"), default=timezone.now)
    named_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("named by")
    )

    class Meta:
        verbose_name = _("named reader of an instruction")
        verbose_name_plural = _("named readers of instructions")
        default_permissions = ()
        ordering = ["id"]
        triggers = [
            denormalised_array(
                "readers",
                "instructions_instructionreader",
                of="instructions_instruction",
                by="instruction_id",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["instruction", "user"], name="an_instruction_reader_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


class InstructionLine(AuditEntry):
    """The story of an instruction: one line a verb. Old and new values stand in `details`."""

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=12, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=12, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an instruction")
        verbose_name_plural = _("story lines of instructions")
        default_permissions = ()
        indexes = [models.Index(fields=["instruction", "-at", "-id"], name="line_of_instruction")]

    def __str__(self) -> str:
        return self.verb


class InstructionAttachment(StoredFile):
    """A file of an instruction: what came with it, and what shows that it was done."""

    instruction = models.ForeignKey(Instruction, models.CASCADE, related_name="attachments")

    class Meta:
        verbose_name = _("attachment of an instruction")
        verbose_name_plural = _("attachments of instructions")
        default_permissions = ()
        indexes = [models.Index(fields=["instruction", "uploaded_at"], name="attachment_of_instruction")]


class Dictation(PublicId):
    """What a principal spoke or typed to become an instruction, until the secretariat has written it down. It goes with
    that, or when it is discarded."""

    principal = models.ForeignKey(Principal, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    text = models.TextField(_("text"))
    said_at = models.DateTimeField(_("issued at"), default=timezone.now, editable=False)
    said_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("dictated instruction")
        verbose_name_plural = _("dictated instructions")
        default_permissions = ()
        indexes = [models.Index(fields=["said_at", "id"], name="dictation_by_time")]

    def __str__(self) -> str:
        return moment_text(self.said_at)
