"""Who asks for an appointment and what became of it; the halk günü. What may happen is in `actions`."""

from __future__ import annotations

import datetime as dt
import math

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.choices import (
    OPEN,
    Channel,
    DeclineGround,
    DeliveryMethod,
    Kind,
    NoticeKind,
    Outcome,
    PromiseStatus,
    Reminder,
    SessionStatus,
    Status,
    VisitStatus,
)
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.contacts.notices import notice_stays, shown_notice
from backend.core.localtime import today
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.documents.models import StoredFile
from backend.journal.models import AuditEntry
from backend.journal.triggers import notify_change_trigger, notify_trigger
from backend.organization.models import Department
from backend.outbox.models import Message
from backend.partners.models import Organisation, written_index
from backend.programme.models import Entry, Principal, PublicDayRule

USER = settings.AUTH_USER_MODEL


class RequestQuerySet(SearchableQuerySet, models.QuerySet["AppointmentRequest"]):
    """The filters that everybody shares."""

    lookup = "requests"
    numbers = ("RT",)
    kinds = ("kind",)

    def open(self) -> RequestQuerySet:
        return self.filter(status__in=OPEN)

    def undecided(self) -> RequestQuerySet:
        """Waiting for the office, or for the applicant's answer to a proposal."""
        return self.filter(status__in=[Status.NEW, Status.PROPOSED])


class AppointmentRequest(PublicId):
    """Request for an appointment with a principal (randevu talebi).

    `organisation` is the name as entered; `partner` the matching record, if known.
    """

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="requests", verbose_name=_("principal")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    status = models.CharField(_("status"), max_length=13, choices=Status, default=Status.NEW, editable=False)
    applicant = models.ForeignKey(
        Citizen,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointment_requests",
        verbose_name=_("applicant"),
    )
    requested_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("member of staff")
    )
    privacy_notice = shown_notice()
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    partner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointment_requests",
        verbose_name=_("partner"),
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    party_size = models.PositiveSmallIntegerField(_("number of people"), default=1)
    companion_names = models.CharField(
        _("names of companions"), max_length=300, blank=True, default="", db_default=""
    )
    wished_from = models.DateField(_("wished from"), null=True, blank=True)
    wished_until = models.DateField(_("wished until"), null=True, blank=True)
    wish = models.CharField(_("wish for a time"), max_length=200, blank=True)
    plate = models.CharField(_("car plate"), max_length=20, blank=True)
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="request",
        verbose_name=_("appointment"),
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("department")
    )
    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="appointment_requests",
        verbose_name=_("complaint"),
    )
    ground = models.CharField(
        _("reason stated"), max_length=10, choices=DeclineGround, blank=True, editable=False
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True, editable=False)
    outcome_note = models.TextField(_("what came of it"), blank=True, editable=False)
    coming_confirmed_at = models.DateTimeField(_("confirmed that they come"), null=True, editable=False)
    registered_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    registered_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("recorded by"),
    )
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("subject", "organisation")

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment request")
        verbose_name_plural = _("appointment requests")
        default_permissions = ()
        triggers = [notice_stays()]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="request_number_once_a_year"),
            models.CheckConstraint(condition=Q(party_size__gte=1), name="request_of_somebody"),
            models.CheckConstraint(
                condition=Q(wished_from__isnull=True)
                | Q(wished_until__isnull=True)
                | Q(wished_until__gte=F("wished_from")),
                name="wish_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.PROPOSED, Status.APPROVED]) | Q(entry__isnull=False),
                name="what_was_approved_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REDIRECTED) | Q(department__isnull=False),
                name="what_was_redirected_has_its_department",
            ),
        ]
        indexes = [
            models.Index(fields=["registered_at", "id"], name="request_newest"),
            models.Index(fields=["registered_by", "registered_at", "id"], name="request_brought"),
            models.Index(fields=["principal", "status", "registered_at", "id"], name="request_of_principal"),
            models.Index(fields=["department", "registered_at", "id"], name="request_of_department"),
            models.Index(fields=["applicant", "registered_at"], name="request_of_applicant"),
            written_index("organisation", "request_written"),
            models.Index(
                fields=["partner", "registered_at", "id"],
                condition=Q(partner__isnull=False),
                name="request_of_partner",
            ),
            GinIndex(fields=["words"], name="request_words"),
            similar_index("subject", "request_alike"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def who(self) -> str:
        """Who comes, as the programme names them: the organisation, else the person."""
        if self.organisation:
            return self.organisation
        if self.requested_by is not None:
            return str(self.requested_by)
        return self.visible_applicant.full_name if self.visible_applicant else ""

    @property
    def visible_applicant(self) -> Citizen | None:
        """The applicant, or None where there is none or the second wall hides them from the asker."""
        try:
            return self.applicant
        except Citizen.DoesNotExist:
            return None


class PromiseQuerySet(models.QuerySet["Promise"]):
    """The filters that everybody shares."""

    def open(self) -> PromiseQuerySet:
        return self.filter(status=PromiseStatus.OPEN)

    def late(self) -> PromiseQuerySet:
        return self.open().filter(due_on__lt=today())

    def due_within(self, days: int) -> PromiseQuerySet:
        """Open, and to be kept from today on within so many days."""
        return self.open().filter(due_on__gte=today(), due_on__lte=today() + dt.timedelta(days=days))


class Promise(PublicId):
    """Promise made in a meeting (verilen söz), with due date and responsible party: at a request, or at an entry
    without one. Without department and person the office itself is responsible. Its story is part of the
    request's or the entry's."""

    request = models.ForeignKey(
        AppointmentRequest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("appointment request"),
    )
    entry = models.ForeignKey(
        Entry,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("programme entry"),
    )
    text = models.CharField(_("promise"), max_length=500)
    due_on = models.DateField(_("to be kept by"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    person = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    status = models.CharField(
        _("status"), max_length=9, choices=PromiseStatus, default=PromiseStatus.OPEN, editable=False
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    note = models.TextField(_("what became of it"), blank=True, editable=False)
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    reminded = models.PositiveSmallIntegerField(choices=Reminder, default=Reminder.NONE, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises made")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status=PromiseStatus.OPEN, ended_on__isnull=True)
                | (~Q(status=PromiseStatus.OPEN) & Q(ended_on__isnull=False)),
                name="a_promise_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=False, entry__isnull=True)
                | Q(request__isnull=True, entry__isnull=False),
                name="a_promise_has_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="promise_by_date"),
            models.Index(fields=["due_on", "id"], condition=Q(status="OPEN"), name="promise_open"),
            models.Index(fields=["department", "due_on", "id"], name="promise_of_department"),
            models.Index(fields=["request", "due_on", "id"], name="promise_of_request"),
            models.Index(fields=["entry", "due_on", "id"], name="promise_of_entry"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_late(self) -> bool:
        return self.status == PromiseStatus.OPEN and self.due_on < today()


class RequestLine(AuditEntry):
    """The story of a request: one line a verb."""

    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=13, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=13, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a request")
        verbose_name_plural = _("story lines of requests")
        default_permissions = ()
        triggers = [notify_trigger("appointment_request", "request_id")]
        indexes = [models.Index(fields=["request", "-at", "-id"], name="line_of_request")]

    def __str__(self) -> str:
        return self.verb


class RequestNotice(PublicId):
    """Message sent to the applicant, with time and delivery method. The text contains no names."""

    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    body = models.TextField(_("text"))
    means = models.CharField(_("means"), max_length=10, choices=DeliveryMethod)
    notified_at = models.DateTimeField(_("notified at"), default=timezone.now)
    notified_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("notified by")
    )
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    held_until = models.DateTimeField(_("leaves at"), null=True, editable=False)
    """Until then its message waits and can be taken back; see `backend.outbox.holding`."""

    class Meta:
        verbose_name = _("notice to the applicant")
        verbose_name_plural = _("notices to the applicant")
        default_permissions = ()
        indexes = [models.Index(fields=["request", "notified_at", "id"], name="notice_of_request")]

    def __str__(self) -> str:
        return str(NoticeKind(self.kind).label)


class RequestAttachment(StoredFile):
    """A file that came with a request, or went with a notice to the applicant."""

    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="attachments")
    notice = models.ForeignKey(
        RequestNotice, models.SET_NULL, null=True, editable=False, related_name="files"
    )

    class Meta:
        verbose_name = _("attachment of a request")
        verbose_name_plural = _("attachments of requests")
        default_permissions = ()
        indexes = [models.Index(fields=["request", "uploaded_at"], name="attachment_of_request")]


class PublicDaySession(PublicId):
    """One halk günü: from when to when, in how many slots, for how many. It takes up time in the programme."""

    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="public_days", verbose_name=_("principal")
    )
    rule = models.ForeignKey(PublicDayRule, models.SET_NULL, null=True, related_name="sessions")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="public_day")
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    slot_minutes = models.PositiveSmallIntegerField(_("minutes for each"))
    capacity = models.PositiveSmallIntegerField(_("people at most"))
    places_online = models.PositiveSmallIntegerField(_("places on the web site"), default=0, db_default=0)
    place = models.CharField(_("place"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=9, choices=SessionStatus, default=SessionStatus.PLANNED, editable=False
    )

    class Meta:
        verbose_name = _("public day")
        verbose_name_plural = _("public days")
        default_permissions = ()
        triggers = [notify_change_trigger("public_day", "id", pgtrigger.Update)]
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "day"],
                condition=~Q(status=SessionStatus.CANCELLED),
                name="one_public_day_a_day",
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="public_day_for_somebody"),
        ]
        indexes = [models.Index(fields=["day", "id"], name="public_day_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"

    def slots(self) -> list[dt.datetime]:
        """The time slots, in order."""
        step, moment, result = dt.timedelta(minutes=self.slot_minutes), self.starts_at, []
        while moment + step <= self.ends_at:
            result.append(moment)
            moment += step
        return result or [self.starts_at]

    @property
    def visits_a_slot(self) -> int:
        """How many are called at one moment where there are more people than slots."""
        return math.ceil(self.capacity / len(self.slots()))


class Visit(PublicId):
    """Place of a visitor on a halk günü, and its state."""

    session = models.ForeignKey(PublicDaySession, models.PROTECT, related_name="visits")
    request = models.OneToOneField(AppointmentRequest, models.CASCADE, related_name="visit")
    at = models.DateTimeField(_("time"))
    is_booked = models.BooleanField(_("taken on the web site"), default=False, db_default=False)
    position = models.PositiveSmallIntegerField(_("position"))
    status = models.CharField(
        _("status"), max_length=8, choices=VisitStatus, default=VisitStatus.EXPECTED, editable=False
    )
    arrived_at = models.DateTimeField(_("arrived at"), null=True, editable=False)
    in_at = models.DateTimeField(_("called in at"), null=True, editable=False)
    out_at = models.DateTimeField(_("seen out at"), null=True, editable=False)

    class Meta:
        verbose_name = _("visit on a public day")
        verbose_name_plural = _("visits on public days")
        default_permissions = ()
        triggers = [
            notify_change_trigger(
                "public_day", "session_id", pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
            )
        ]
        ordering = ["at", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="one_place_for_one_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
