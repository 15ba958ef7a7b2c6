"""Meetings with partners, and visits to them and to us, each as one file. What may happen is in `actions`.

An engagement is seen as its entry in the programme is: where that was made confidential, only by those who read it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core import symbolic
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.core.triggers import denormalised_array
from backend.documents.models import StoredFile
from backend.engagements.choices import Kind, Status
from backend.instructions.models import Instruction
from backend.journal.models import AuditEntry
from backend.organization.models import Department
from backend.partners.models import Organisation, Role
from backend.programme.locks import lock
from backend.programme.models import Entry, Principal

USER = settings.AUTH_USER_MODEL


class EngagementQuerySet(SearchableQuerySet, models.QuerySet["Engagement"]):
    """The filters that everybody shares."""

    lookup = "engagements"
    numbers = ("GZ",)
    kinds = ("kind",)

    def coming(self) -> EngagementQuerySet:
        """Upcoming meetings and visits."""
        return self.filter(status=Status.PLANNED, ends_at__gte=symbolic.now())

    def to_minute(self) -> EngagementQuerySet:
        """Over, and without minutes."""
        return self.filter(status__in=[Status.PLANNED, Status.HELD], ends_at__lt=symbolic.now(), minutes="")


class Engagement(PublicId):
    """A meeting or a visit: with whom, when, what about, how one gets there, and what came of it. `staff` is kept by
    the database."""

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("number of the file"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.PLANNED, editable=False
    )
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="engagements", verbose_name=_("who represents us")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
        verbose_name=_("organisation"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department that prepares it"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, editable=False, related_name="engagement", verbose_name=_("entry")
    )
    travel = models.TextField(_("travel"), blank=True)
    vehicle = models.CharField(_("vehicle"), max_length=120, blank=True)
    lodging = models.CharField(_("lodging"), max_length=200, blank=True)
    gift_given = models.CharField(_("gift that we give"), max_length=200, blank=True)
    gift_received = models.CharField(_("gift that we received"), max_length=200, blank=True)
    host_contact = models.CharField(_("the host's contact"), max_length=200, blank=True)
    minutes = models.TextField(_("minutes"), blank=True, editable=False)
    minuted_at = models.DateTimeField(_("minutes written at"), null=True, editable=False)
    minuted_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("minutes written by"),
    )
    staff = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now, editable=False)
    opened_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("opened by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("reference", "title", "place")

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting or visit")
        verbose_name_plural = _("meetings and visits")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="engagement_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="engagement_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(minutes="", minuted_at__isnull=True)
                | (~Q(minutes="") & Q(minuted_at__isnull=False)),
                name="minutes_say_when_they_were_written",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="engagement_by_time"),
            models.Index(fields=["status", "starts_at", "id"], name="engagement_by_status"),
            models.Index(fields=["organisation", "starts_at"], name="engagement_of_organisation"),
            models.Index(fields=["department", "starts_at", "id"], name="engagement_of_department"),
            models.Index(fields=["principal", "starts_at", "id"], name="engagement_of_principal"),
            GinIndex(fields=["staff"], name="engagement_staff"),
            GinIndex(fields=["words"], name="engagement_words"),
            similar_index("title", "engagement_alike"),
        ]

    def __str__(self) -> str:
        return self.reference

    def acquire_lock(self, *named: object) -> None:
        """Before the row is locked for an action: the lock of the programme that it may change."""
        lock(self.principal_id)


class Attendee(PublicId):
    """Who takes part: a member of staff, who then sees the file, a person in their role, or a name."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="attendees")
    user = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("member of staff")
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="engagements", verbose_name=_("role")
    )
    name = models.CharField(_("name"), max_length=160, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("participant of a meeting")
        verbose_name_plural = _("participants of meetings")
        default_permissions = ()
        ordering = ["id"]
        triggers = [
            denormalised_array(
                "staff", "engagements_attendee", of="engagements_engagement", by="engagement_id"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, role__isnull=True, name="")
                | Q(user__isnull=True, role__isnull=False, name="")
                | (Q(user__isnull=True, role__isnull=True) & ~Q(name="")),
                name="an_attendee_is_one_somebody",
            ),
            models.UniqueConstraint(fields=["engagement", "user"], name="an_attendee_once"),
            models.UniqueConstraint(fields=["engagement", "role"], name="an_attending_role_once"),
        ]

    def __str__(self) -> str:
        return str(self.user or self.role or self.name)


class AgendaItem(models.Model):
    """One point of the agenda."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("point"), max_length=300)

    class Meta:
        verbose_name = _("point of an agenda")
        verbose_name_plural = _("points of agendas")
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "position"], name="an_agenda_point_once")
        ]

    def __str__(self) -> str:
        return self.title


class Decision(PublicId):
    """What was decided; an instruction may be made of it, and both name one another."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("decision"))
    instruction = models.OneToOneField(
        Instruction,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="decision",
        verbose_name=_("instruction"),
    )
    decided_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        default_permissions = ()
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["engagement", "position"], name="a_decision_once")]

    def __str__(self) -> str:
        return self.text


class EngagementLine(AuditEntry):
    """The story of an engagement: one line a verb."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=9, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a meeting")
        verbose_name_plural = _("story lines of meetings")
        default_permissions = ()
        indexes = [models.Index(fields=["engagement", "-at", "-id"], name="line_of_engagement")]

    def __str__(self) -> str:
        return self.verb


class EngagementAttachment(StoredFile):
    """A file of an engagement: the invitation, a presentation, the signed minutes."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="attachments")

    class Meta:
        verbose_name = _("attachment of a meeting")
        verbose_name_plural = _("attachments of meetings")
        default_permissions = ()
        indexes = [models.Index(fields=["engagement", "uploaded_at"], name="attachment_of_engagement")]
