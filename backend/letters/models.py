"""Incoming, outgoing and internal letters.

Actions are in `actions`. A letter is visible to the department that wrote it, and once issued to its addressees
(`departments`); a confidential one to its readers only.
"""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.documents.models import CheckedFileField, StoredFile, random_name
from backend.invitations.models import Invitation
from backend.journal.models import AuditEntry
from backend.journal.triggers import notify_trigger
from backend.letters.choices import (
    ISSUED,
    AnswerKind,
    Capacity,
    Confidentiality,
    Kind,
    Medium,
    Office,
    Register,
    Status,
    Urgency,
)
from backend.letters.rows import Addressee, Annex, LetterReference, Step
from backend.letters.templates_and_substitutes import LetterTemplate, Substitution
from backend.letters.wording import FormOfAddress, Phrase
from backend.organization.models import Department, FilePlanCode, OutsideBody
from backend.programme.models import Entry

__all__ = [
    "Addressee",
    "Annex",
    "FormOfAddress",
    "Letter",
    "LetterAttachment",
    "LetterLine",
    "LetterReference",
    "LetterTemplate",
    "Phrase",
    "Step",
    "Substitution",
]

USER = settings.AUTH_USER_MODEL


SIGNED_FACTS = (
    "kind",
    "subject",
    "salutation",
    "body",
    "closing",
    "confidentiality",
    "urgency",
    "due_on",
    "medium",
    "signatory_name",
    "signatory_title",
    "office",
    "capacity",
    "content_sha256",
)
"""Facts that are immutable after signing; enforced by the database too."""


APPROVED_FACTS = ("approver_name", "approver_title", "approver_capacity", "approved_at")
"""Facts of an olur that are immutable once it is approved."""


def _changed(*fields: str) -> pgtrigger.Q:
    """Whether one of them is not what it was."""
    result = pgtrigger.Q()
    for name in fields:
        result |= pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")})
    return result


class LetterQuerySet(SearchableQuerySet, models.QuerySet["Letter"]):
    """The filters that everybody shares."""

    lookup = "letters"
    numbers = ("GD", "İÇ", "GL")
    kinds = ("kind", "register")

    def unanswered(self, on: dt.date) -> LetterQuerySet:
        """Letters of ours that named a day for the answer, which is over, and none came: to be reminded (m.34)."""
        sent = self.filter(status__in=[Status.SENT, Status.DELIVERED], due_on__lt=on)
        replies = Letter.objects.filter(answers=OuterRef("pk"), number__isnull=False)
        return sent.exclude(kind=Kind.REMINDER).filter(~Exists(replies))

    def to_be_carried_out(self) -> LetterQuerySet:
        """Approved olur without a record yet that they were carried out."""
        return self.filter(approved_at__isnull=False, carried_out_on=None, status__in=ISSUED)

    def awaiting_answer(self) -> LetterQuerySet:
        """Incoming letters that are to be answered and are not."""
        return self.filter(register=Register.INCOMING, status=Status.RECEIVED, answer_by__isnull=False)


class Letter(PublicId):
    """A letter (yazı): outgoing, internal or incoming. Once signed nothing that stands on it changes."""

    register = models.CharField(_("register"), max_length=8, choices=Register, editable=False)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.OFFICIAL)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="letters", verbose_name=_("department")
    )
    departments = ArrayField(models.BigIntegerField(), default=list, editable=False)
    readers = ArrayField(models.BigIntegerField(), default=list, editable=False)

    # -- what stands on it --------------------------------------------------------------------------------------
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    salutation = models.CharField(_("salutation"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    closing = models.CharField(_("closing"), max_length=200, blank=True)
    file_code = models.ForeignKey(
        FilePlanCode,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file plan code"),
    )
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.NONE
    )
    urgency = models.CharField(_("urgency"), max_length=6, choices=Urgency, default=Urgency.NONE)
    due_on = models.DateField(_("answer wanted by"), null=True, blank=True)
    medium = models.CharField(_("medium"), max_length=1, choices=Medium, default=Medium.ELECTRONIC)
    to_names = models.CharField(_("addressees"), max_length=600, blank=True, editable=False)

    # -- who signs ----------------------------------------------------------------------------------------------
    signatory = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signatory")
    )
    signatory_name = models.CharField(_("signatory's name"), max_length=160, blank=True)
    signatory_title = models.CharField(_("title"), max_length=120, blank=True)
    office = models.CharField(_("office"), max_length=12, choices=Office, default=Office.MAYOR)
    capacity = models.CharField(_("signs"), max_length=9, choices=Capacity, default=Capacity.OWN)
    turn_of = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("whose turn it is")
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("signed by")
    )
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    # -- who approves an olur (m.20) -----------------------------------------------------------------------------
    approver = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approver of the olur")
    )
    approver_name = models.CharField(_("approver's name"), max_length=160, blank=True)
    approver_title = models.CharField(_("approver's title"), max_length=120, blank=True)
    approver_capacity = models.CharField(_("approves"), max_length=9, choices=Capacity, default=Capacity.OWN)
    approved_at = models.DateTimeField(_("olur approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("olur approved by")
    )
    carried_out_on = models.DateField(_("carried out on"), null=True, editable=False)

    # -- its number ---------------------------------------------------------------------------------------------
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    number = models.PositiveIntegerField(_("record number"), null=True, editable=False)
    reference = models.CharField(_("register number"), max_length=20, blank=True, editable=False)
    document_number = models.CharField(_("document number"), max_length=60, blank=True, editable=False)
    document_on = models.DateField(_("date of the document number"), null=True, editable=False)
    registered_on = models.DateField(_("date"), null=True, editable=False)
    registered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("registered by")
    )
    paper = CheckedFileField(
        _("file"), digest="paper_sha256", upload_to=random_name, blank=True, editable=False
    )
    paper_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    sealed_by = models.CharField(_("sealed by"), max_length=200, blank=True, editable=False)
    seal_is_trusted = models.BooleanField(_("seal is trusted"), default=False, editable=False)
    verification = models.CharField(_("verification code"), max_length=24, blank=True, editable=False)

    # -- incoming -----------------------------------------------------------------------------------------------
    body_of_sender = models.ForeignKey(
        OutsideBody,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("sending body"),
    )
    sender = models.CharField(_("sender"), max_length=200, blank=True)
    sender_number = models.CharField(_("sender's number"), max_length=60, blank=True)
    sent_on = models.DateField(_("sender's date"), null=True, blank=True)
    answer_kind = models.CharField(
        _("what it asks for"), max_length=8, choices=AnswerKind, default=AnswerKind.NONE
    )
    answer_by = models.DateField(_("answer due"), null=True, blank=True)

    # -- where it belongs ---------------------------------------------------------------------------------------
    answers = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="replies",
        verbose_name=_("answers the letter"),
    )
    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="letters",
        verbose_name=_("complaint"),
    )
    entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="letters",
        verbose_name=_("entry in the programme"),
    )
    request = models.ForeignKey(
        AppointmentRequest,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="letters",
        verbose_name=_("appointment request"),
    )
    invitation = models.ForeignKey(
        Invitation,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="letters",
        verbose_name=_("invitation"),
    )
    instruction = models.ForeignKey(
        "instructions.Instruction",  # which may come of a letter itself, and so lies above
        models.PROTECT,
        null=True,
        editable=False,
        related_name="letters",
        verbose_name=_("instruction"),
    )
    event = models.ForeignKey(
        "events.Event",  # which begins letters itself, and so lies above
        models.PROTECT,
        null=True,
        editable=False,
        related_name="letters",
        verbose_name=_("event"),
    )
    drafted_at = models.DateTimeField(_("begun at"), default=timezone.now, editable=False)
    drafted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("written by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("subject", "to_names", "sender", "document_number", "sender_number", "body")

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "number"], name="letter_number_once_a_year"),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="letter_reference_once"
            ),
            models.UniqueConstraint(
                fields=["document_number"],
                condition=~Q(document_number=""),
                name="letter_document_number_once",
            ),
            models.UniqueConstraint(
                fields=["verification"], condition=~Q(verification=""), name="letter_verification_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[Status.REGISTERED, Status.SENT, Status.DELIVERED], number__isnull=False
                )
                | Q(status__in=[Status.RECEIVED, Status.ANSWERED, Status.FILED], number__isnull=False)
                | Q(
                    status__in=[
                        Status.DRAFT,
                        Status.INITIALS,
                        Status.SIGNATURE,
                        Status.APPROVAL,
                        Status.SIGNED,
                        Status.REFUSED,
                        Status.CANCELLED,
                    ],
                    number__isnull=True,
                ),
                name="a_letter_has_its_number_from_registration_on",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(kind=Kind.APPROVAL), name="only_an_olur_is_approved"
            ),
            models.CheckConstraint(
                condition=Q(carried_out_on__isnull=True) | Q(approved_at__isnull=False),
                name="an_olur_is_carried_out_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=Q(confidentiality=Confidentiality.NONE) | ~Q(readers=[]),
                name="a_confidential_letter_has_a_reader",
            ),
        ]
        indexes = [
            models.Index(fields=["-drafted_at", "-id"], name="letter_newest"),
            models.Index(fields=["register", "status", "-drafted_at", "-id"], name="letter_of_register"),
            models.Index(fields=["department", "-drafted_at", "-id"], name="letter_of_department"),
            models.Index(
                fields=["answer_by", "id"], condition=Q(status=Status.RECEIVED), name="letter_to_answer"
            ),
            models.Index(fields=["-drafted_at", "-id"], condition=Q(kind=Kind.APPROVAL), name="letter_olur"),
            models.Index(
                fields=["turn_of", "-drafted_at"], condition=Q(turn_of__isnull=False), name="letter_by_turn"
            ),
            GinIndex(fields=["departments"], name="letter_departments"),
            GinIndex(fields=["readers"], name="letter_readers"),
            GinIndex(fields=["words"], name="letter_words"),
            similar_index("subject", "letter_alike"),
        ]

        triggers = [
            pgtrigger.Protect(
                name="signed_is_read_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__signed_at__isnull=False) & _changed(*SIGNED_FACTS),
            ),
            pgtrigger.Protect(
                name="approved_is_read_only",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_at__isnull=False) & _changed(*APPROVED_FACTS),
            ),
            pgtrigger.Protect(
                name="registered_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.subject or str(self.get_kind_display())

    @property
    def is_confidential(self) -> bool:
        return self.confidentiality != Confidentiality.NONE

    @property
    def shown_number(self) -> str:
        """The number that others cite: the sayı, or that of the sender."""
        return self.document_number or self.sender_number

    @property
    def shown_date(self) -> dt.date | None:
        return self.document_on or (
            self.sent_on if self.register == Register.INCOMING else self.registered_on
        )


class LetterLine(AuditEntry):
    """The story of a letter: one line a verb."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=10, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a letter")
        verbose_name_plural = _("story lines of letters")
        default_permissions = ()
        triggers = [notify_trigger("letter", "letter_id")]
        indexes = [models.Index(fields=["letter", "-at", "-id"], name="line_of_letter")]

    def __str__(self) -> str:
        return self.verb


class LetterAttachment(StoredFile):
    """A file of a letter: the scan of an incoming one, an annex of ours."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="attachments")

    class Meta:
        verbose_name = _("attachment of a letter")
        verbose_name_plural = _("attachments of letters")
        default_permissions = ()
        indexes = [models.Index(fields=["letter", "uploaded_at"], name="attachment_of_letter")]
