"""Events and ceremonies of a principal.

Guests are in `guests`, actions in `actions`. An event is not confidential: its parts are programme entries that are
changed here only.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from backend.core.localtime import today
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.core.triggers import denormalised_array
from backend.documents.models import StoredFile
from backend.events.choices import (
    UPCOMING,
    Audience,
    Duty,
    ItemKind,
    Kind,
    Status,
    TaskKind,
    TaskStatus,
)
from backend.events.guests import Arrival as Arrival
from backend.events.guests import Guest as Guest
from backend.events.guests import GuestGroup as GuestGroup
from backend.events.guests import GuestLine as GuestLine
from backend.events.guests import GuestOrigin as GuestOrigin
from backend.events.partners import EventPartner as EventPartner
from backend.events.published.models import EventPicture as EventPicture
from backend.events.published.models import PicturePermission as PicturePermission
from backend.events.published.models import PublishedEvent as PublishedEvent
from backend.journal.models import AuditEntry
from backend.organization.models import Department
from backend.programme.locks import lock
from backend.programme.models import Entry, Principal
from backend.protocol.models import Snapshot

USER = settings.AUTH_USER_MODEL


class EventQuerySet(SearchableQuerySet, models.QuerySet["Event"]):
    """The filters that everybody shares."""

    lookup = "events"
    numbers = ("ET",)
    kinds = ("kind",)

    def upcoming(self) -> EventQuerySet:
        """Those that are still to be held."""
        return self.filter(status__in=UPCOMING)


class Event(PublicId):
    """Event or ceremony, with the text of its invitation.

    `starts_at` and `ends_at` span its parts. `team` and `departments` are maintained by the database.
    `override_reason` and `legal_note` justify an opening within an election period (298 m.64).
    """

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("number of the event"), max_length=20, unique=True, editable=False)
    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="events", verbose_name=_("principal")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.PLANNED, editable=False
    )
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    weather_place = models.CharField(_("place in bad weather"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    template = models.CharField(_("template"), max_length=40, blank=True, editable=False)
    invitation_text = models.TextField(_("text of the invitation"), blank=True)
    dress_code = models.CharField(_("dress code"), max_length=120, blank=True)
    answer_by = models.DateField(_("answers by"), null=True, blank=True)
    answer_to = models.CharField(_("who takes answers"), max_length=120, blank=True)
    answer_phone = PhoneNumberField(_("telephone for answers"), blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    precedence = models.OneToOneField(
        Snapshot,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="event",
        verbose_name=_("order of precedence"),
    )
    frozen_at = models.DateTimeField(_("guest list frozen at"), null=True, editable=False)
    override_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    legal_note = models.TextField(_("legal note"), blank=True, editable=False)
    report = models.TextField(_("report"), blank=True, editable=False)
    team = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    departments = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    planned_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    planned_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("reference", "title", "place")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="event_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(override_reason="", legal_note="") | ~Q(override_reason="") & ~Q(legal_note=""),
                name="an_override_has_reason_and_legal_note",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="event_by_time"),
            models.Index(fields=["principal", "starts_at", "id"], name="event_of_principal"),
            models.Index(fields=["status", "starts_at", "id"], name="event_by_status"),
            GinIndex(fields=["team"], name="event_team"),
            GinIndex(fields=["departments"], name="event_departments"),
            GinIndex(fields=["words"], name="event_words"),
            similar_index("title", "event_alike"),
        ]

    def __str__(self) -> str:
        return self.reference

    def acquire_lock(self, *named: object) -> None:
        """Before the row is locked for an action: the lock of the programme in which its parts stand."""
        lock(self.principal_id, *(row.pk for row in named if isinstance(row, Principal)))


class EventPart(PublicId):
    """One part of an event, with its own time and place; `entry` is its time in the principal's programme.

    `is_main`: the one that the invitation names.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="parts")
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_main = models.BooleanField(_("stands on the invitation"), default=False)
    attends = models.BooleanField(_("the principal attends"), default=True)
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="event_part",
        verbose_name=_("programme entry"),
    )

    class Meta:
        verbose_name = _("part of an event")
        verbose_name_plural = _("parts of events")
        default_permissions = ()
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_part_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["event"], condition=Q(is_main=True), name="one_main_part_of_an_event"
            ),
        ]
        indexes = [models.Index(fields=["event", "starts_at", "id"], name="part_of_event")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(PublicId):
    """One step of a part, to the minute: what happens, who does it (an office or a name as it is announced).

    `rank`: the place of that office in the order of precedence, 1 the highest; speakers go from lower to higher.
    """

    part = models.ForeignKey(EventPart, models.CASCADE, related_name="items")
    event = models.ForeignKey(Event, models.CASCADE, related_name="items")
    kind = models.CharField(_("kind"), max_length=14, choices=ItemKind)
    title = models.CharField(_("title"), max_length=200)
    who = models.CharField(_("by whom"), max_length=160, blank=True)
    rank = models.PositiveSmallIntegerField(_("place in the order of precedence"), null=True, blank=True)
    starts_at = models.DateTimeField(_("at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=5)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of a programme")
        verbose_name_plural = _("steps of programmes")
        default_permissions = ()
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__lte=600), name="a_step_is_no_longer_than_a_day")
        ]
        indexes = [
            models.Index(fields=["event", "starts_at", "id"], name="item_of_event"),
            models.Index(fields=["part", "starts_at", "id"], name="item_of_part"),
        ]

    def __str__(self) -> str:
        return self.title


class EventTaskQuerySet(models.QuerySet["EventTask"]):
    def open(self) -> EventTaskQuerySet:
        return self.filter(status=TaskStatus.OPEN)

    def late(self) -> EventTaskQuerySet:
        """Not done, and the day has passed."""
        return self.open().filter(due_on__lt=today())


class EventTask(PublicId):
    """Something to be done or provided for an event: by which department, person or supplier, by when, at what cost."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="tasks")
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind, default=TaskKind.TASK)
    status = models.CharField(
        _("status"), max_length=7, choices=TaskStatus, default=TaskStatus.OPEN, editable=False
    )
    title = models.CharField(_("what is to be done"), max_length=200)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    person = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    supplier = models.CharField(_("supplier"), max_length=160, blank=True)
    due_on = models.DateField(_("to be done by"))
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    planned_cost = models.DecimalField(
        _("planned cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    actual_cost = models.DecimalField(
        _("actual cost"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, editable=False)
    done_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("done by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EventTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of an event")
        verbose_name_plural = _("tasks of events")
        default_permissions = ()
        ordering = ["due_on", "id"]
        triggers = [
            denormalised_array(
                "departments", "events_eventtask", of="events_event", by="event_id", value="department_id"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_cost__isnull=True) | Q(planned_cost__gte=0), name="planned_cost_of_a_task"
            ),
            models.CheckConstraint(
                condition=Q(actual_cost__isnull=True) | Q(actual_cost__gte=0), name="actual_cost_of_a_task"
            ),
            models.CheckConstraint(
                condition=Q(status=TaskStatus.DONE, done_at__isnull=False)
                | (~Q(status=TaskStatus.DONE) & Q(done_at__isnull=True)),
                name="a_task_done_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "due_on", "id"], name="task_of_event"),
            models.Index(fields=["due_on", "id"], name="task_by_date"),
            models.Index(
                fields=["department", "due_on", "id"],
                condition=Q(department__isnull=False),
                name="task_of_department",
            ),
            models.Index(
                fields=["person", "due_on", "id"],
                condition=Q(person__isnull=False),
                name="task_of_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        return self.status == TaskStatus.OPEN and self.due_on < today()


class TeamMember(PublicId):
    """A member of staff with a duty at an event, who then sees it and its guests."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="members")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    duty = models.CharField(_("duty"), max_length=9, choices=Duty)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("member of the team")
        verbose_name_plural = _("members of teams")
        default_permissions = ()
        ordering = ["id"]
        triggers = [denormalised_array("team", "events_teammember", of="events_event", by="event_id")]
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "duty"], name="a_duty_once_at_an_event")
        ]

    def __str__(self) -> str:
        return str(self.user)


class EventNote(PublicId):
    """Note for one audience of an event: a row of its own, since policies hide rows and not columns."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="notes")
    audience = models.CharField(_("for whom"), max_length=9, choices=Audience)
    text = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("note of an event")
        verbose_name_plural = _("notes of events")
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "audience"], name="a_note_an_audience"),
        ]

    def __str__(self) -> str:
        return self.get_audience_display()


class EventLine(AuditEntry):
    """The story of an event: one line a verb. Old and new values stand in `details`."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=9, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an event")
        verbose_name_plural = _("story lines of events")
        default_permissions = ()
        indexes = [models.Index(fields=["event", "-at", "-id"], name="line_of_event")]

    def __str__(self) -> str:
        return self.verb


class EventAttachment(StoredFile):
    """A file of an event: its programme as it was sent, permits, photographs."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="attachments")

    class Meta:
        verbose_name = _("attachment of an event")
        verbose_name_plural = _("attachments of events")
        default_permissions = ()
        indexes = [models.Index(fields=["event", "uploaded_at"], name="attachment_of_event")]


class ElectionPeriodQuerySet(models.QuerySet["ElectionPeriod"]):
    def to_come(self) -> ElectionPeriodQuerySet:
        """Those that are not over."""
        return self.filter(ends_on__gte=today())

    def touching(self, first: dt.date, last: dt.date) -> ElectionPeriodQuerySet:
        return self.filter(begins_on__lte=last, ends_on__gte=first)


class ElectionPeriod(PublicId):
    """From the beginning of propaganda to the day after a vote (298 m.49, m.64), with the decision it comes from."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("election"), max_length=160)
    begins_on = models.DateField(_("propaganda begins"))
    ends_on = models.DateField(_("day after the vote"))
    source = models.CharField(_("source"), max_length=200)

    objects = ElectionPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("election period")
        verbose_name_plural = _("election periods")
        default_permissions = ()
        ordering = ["begins_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("begins_on")), name="an_election_period_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return self.name
