"""What is prepared for a meeting: talking points and logistics, and the notes that departments are asked for.

Imported by `models`, where the other tables of the programme are.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId
from backend.organization.models import Department
from backend.programme.choices import AWAITED, NoteStatus

USER = settings.AUTH_USER_MODEL


class Preparation(models.Model):
    """The keeper's preparation of an entry. Participants do not read it."""

    entry = models.OneToOneField("programme.Entry", models.CASCADE, related_name="preparation")
    talking_points = models.TextField(_("talking points"), blank=True)
    logistics = models.TextField(_("logistics"), blank=True)
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now)
    prepared_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("prepared by")
    )

    class Meta:
        verbose_name = _("preparation of an entry")
        verbose_name_plural = _("preparations of entries")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.entry_id)


class DepartmentNoteQuerySet(models.QuerySet["DepartmentNote"]):
    """The filters that everybody shares."""

    def awaited(self) -> DepartmentNoteQuerySet:
        return self.filter(status__in=AWAITED)

    def late(self) -> DepartmentNoteQuerySet:
        return self.awaited().filter(due_at__lte=timezone.now())


class DepartmentNote(PublicId):
    """The note (bilgi notu) that a department is asked for before a meeting: a question, until when, the answer.

    The department sees this row and not the entry. `is_withheld` where the entry became confidential: then it sees it
    no more.
    """

    entry = models.ForeignKey("programme.Entry", models.CASCADE, related_name="department_notes")
    principal = models.ForeignKey(
        "programme.Principal", models.PROTECT, related_name="+", verbose_name=_("principal")
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    question = models.CharField(_("question"), max_length=1000)
    due_at = models.DateTimeField(_("to be written by"))
    status = models.CharField(
        _("status"), max_length=9, choices=NoteStatus, default=NoteStatus.ASKED, editable=False
    )
    text = models.TextField(_("note"), blank=True, editable=False)
    former = models.TextField(_("former text"), blank=True, editable=False)
    remark = models.TextField(_("remark"), blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("asked by")
    )
    written_at = models.DateTimeField(_("written at"), null=True, editable=False)
    written_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("written by")
    )
    chased_at = models.DateTimeField(null=True, editable=False)
    is_withheld = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DepartmentNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("department's note")
        verbose_name_plural = _("departments' notes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["entry", "department"], name="a_department_asked_once"),
            models.CheckConstraint(
                condition=~Q(status=NoteStatus.WRITTEN) | ~Q(text=""), name="a_written_note_says_something"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="note_by_time"),
            models.Index(fields=["department", "due_at", "id"], name="note_of_department"),
        ]

    def __str__(self) -> str:
        return self.question

    @property
    def is_late(self) -> bool:
        return self.status in AWAITED and self.due_at <= timezone.now()
