"""Whose time it is and what it is spent on. What may happen to it is in `actions`; who sees it in `permissions`.

An entry is confidential exactly while `is_confidential`; then only those in `readers` see it, whatever else they are.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.localtime import ISTANBUL, clock_text, moment_text, today
from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.core.words.text import official_name
from backend.journal.models import AuditEntry
from backend.programme.briefing import DepartmentNote as DepartmentNote
from backend.programme.briefing import Preparation as Preparation
from backend.programme.choices import BLOCKING, LIVE, Kind, Office, Status, Weekday
from backend.programme.locks import lock
from backend.programme.triggers import BLOCKS, kept_people

USER = settings.AUTH_USER_MODEL
NO_OVERLAP = "no_two_entries_at_a_time"
ONE_STAND_IN = "one_stand_in_at_a_time"


class PrincipalQuerySet(models.QuerySet["Principal"]):
    def in_order(self) -> PrincipalQuerySet:
        return self.order_by("position", "id")

    def mayor(self) -> Principal | None:
        """The mayor in office, with their account; None while none is named."""
        rows = self.filter(office=Office.MAYOR, is_active=True, person__isnull=False)
        return rows.select_related("person").in_order().first()


class Principal(PublicId):
    """Principal with a programme: the mayor, a deputy mayor, a council member who acts as mayor.

    Its keepers are grants (`permissions`).
    """

    office = models.CharField(_("office"), max_length=14, choices=Office)
    name = models.CharField(_("name"), max_length=120)
    person = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="principals",
        verbose_name=_("member of staff"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in office"), default=True)
    slot_minutes = models.PositiveSmallIntegerField(_("usual length in minutes"), default=30)
    preparation_minutes = models.PositiveSmallIntegerField(_("usual preparation in minutes"), default=0)
    follow_up_minutes = models.PositiveSmallIntegerField(_("usual follow-up in minutes"), default=0)
    daily_maximum = models.PositiveSmallIntegerField(_("appointments a day at most"), null=True, blank=True)
    applicants_move = models.BooleanField(_("applicants move their appointments themselves"), default=False)
    publishes_busy = models.BooleanField(
        _("everybody may see when the principal is busy"), default=False, db_default=False
    )

    objects = PrincipalQuerySet.as_manager()

    class Meta:
        verbose_name = _("principal")
        verbose_name_plural = _("principals")
        default_permissions = ()
        permissions = [
            ("keep_programme", _("Keeps the programme")),
            ("read_programme", _("Reads the programme")),
            ("press_programme", _("Sees what the programme shows to the press unit")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5, slot_minutes__lte=480), name="slot_of_a_sensible_length"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> str:
        """Who holds the office, as papers write the name; empty while no account is named."""
        return official_name(self.person.first_name, self.person.last_name) if self.person else ""


class WorkingHours(models.Model):
    """From when to when a principal works on a weekday; several rows for a day with a break."""

    principal = models.ForeignKey(Principal, models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        default_permissions = ()
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="hours_end_after_they_begin"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hours_on_a_day_of_the_week"),
            models.UniqueConstraint(fields=["principal", "weekday", "starts"], name="hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock_text(self.starts)}–{clock_text(self.ends)}"


class PublicDayRule(PublicId):
    """When a principal's halk günü takes place: every week on this day, between these dates, except on holidays."""

    principal = models.ForeignKey(Principal, models.CASCADE, related_name="public_day_rules")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    slot_minutes = models.PositiveSmallIntegerField(_("minutes for each"), default=10)
    capacity = models.PositiveSmallIntegerField(_("people at most"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    valid_from = models.DateField(_("from day"))
    valid_until = models.DateField(_("until day"), null=True, blank=True)

    class Meta:
        verbose_name = _("public day rule")
        verbose_name_plural = _("public day rules")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="public_day_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(capacity__gte=1, slot_minutes__gte=1, weekday__lte=6),
                name="public_day_receives_somebody",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="public_day_rule_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock_text(self.starts)}–{clock_text(self.ends)}"


class StandInQuerySet(models.QuerySet["StandIn"]):
    def between(self, first: dt.date, last: dt.date) -> StandInQuerySet:
        """Those of which at least one day lies in these days."""
        return self.filter(valid_from__lte=last, valid_until__gte=first)

    def acting_mayor(self, user_id: int | None, day: dt.date | None = None) -> StandInQuerySet:
        """Those by which this person acts as mayor on a day (default: today), with the mayor's powers (5393 m.40)."""
        day = day or today()
        return self.between(day, day).filter(deputy__person=user_id, principal__office=Office.MAYOR)


class StandIn(PublicId):
    """From which to which day another principal stands in for one (vekâlet, 5393 m.40); never two at a time."""

    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="stand_ins", verbose_name=_("principal")
    )
    deputy = models.ForeignKey(
        Principal, models.PROTECT, related_name="stands_in", verbose_name=_("who stands in")
    )
    valid_from = models.DateField(_("from day"))
    valid_until = models.DateField(_("until day"))
    appointed_at = models.DateTimeField(_("granted at"), default=timezone.now, editable=False)
    appointed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("granted by")
    )

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        default_permissions = ()
        constraints = [
            ExclusionConstraint(
                name=ONE_STAND_IN,
                expressions=[
                    (
                        Func(F("principal"), F("principal"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="stand_in_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(principal=F("deputy")), name="nobody_stands_in_for_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%d.%m.%Y}–{self.valid_until:%d.%m.%Y}"


class EntryQuerySet(SearchableQuerySet, models.QuerySet["Entry"]):
    """The filters that everybody shares."""

    lookup = "entries"
    kinds = ("kind",)

    def blocking(self) -> EntryQuerySet:
        return self.filter(status__in=BLOCKING)

    def live(self) -> EntryQuerySet:
        return self.filter(status__in=LIVE)

    def between(self, from_: dt.datetime, until: dt.datetime) -> EntryQuerySet:
        """Those that touch the half-open span, without their buffers."""
        return self.filter(starts_at__lt=until, ends_at__gt=from_)

    def taking(self, from_: dt.datetime, until: dt.datetime) -> EntryQuerySet:
        """Those whose time, with their buffers, overlaps the half-open span."""
        return self.blocking().filter(blocks_from__lt=until, blocks_until__gt=from_)

    def on(self, day: dt.date) -> EntryQuerySet:
        """Those that begin on a local day."""
        start = dt.datetime.combine(day, dt.time(), ISTANBUL)
        return self.filter(starts_at__gte=start, starts_at__lt=start + dt.timedelta(days=1))


class Entry(PublicId):
    """One entry of a principal's programme: from when to when, with what before and after it.

    `blocks_from` and `blocks_until` are the same with preparation, travel and follow-up; the database keeps them,
    and refuses two entries of a principal that take up the same moment. Ranges are half-open: they may touch.
    """

    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="entries", verbose_name=_("principal")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, editable=False)
    title = models.CharField(_("heading"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    preparation_minutes = models.PositiveSmallIntegerField(_("preparation in minutes"), default=0)
    travel_minutes = models.PositiveSmallIntegerField(_("travel in minutes"), default=0)
    follow_up_minutes = models.PositiveSmallIntegerField(_("follow-up in minutes"), default=0)
    blocks_from = models.DateTimeField(editable=False)
    blocks_until = models.DateTimeField(editable=False)
    hold_expires_at = models.DateTimeField(_("hold ends"), null=True, blank=True, editable=False)
    series = models.UUIDField(_("series"), null=True, editable=False)
    series_pattern = models.JSONField(_("pattern of the series"), null=True, editable=False)
    series_on = models.DateField(_("day in the series"), null=True, editable=False)
    is_exception = models.BooleanField(_("differs from its series"), default=False, editable=False)
    is_requested = models.BooleanField(_("on request"), default=False, editable=False)
    is_confidential = models.BooleanField(_("confidential"), default=False, editable=False)
    readers = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    staff = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    outcome = models.TextField(_("what came of it"), blank=True, editable=False)
    outside_uid = models.CharField(max_length=300, blank=True, editable=False)
    outside_sequence = models.PositiveIntegerField(default=0, editable=False)
    planned_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)
    planned_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("entered by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("title", "place")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme entry")
        verbose_name_plural = _("programme entries")
        default_permissions = ()
        triggers = [BLOCKS]
        constraints = [
            # int8range instead of btree_gist: the principal is compared without an extension of the server.
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[
                    (
                        Func(F("principal"), F("principal"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("blocks_from"), F("blocks_until"), Value("[)"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status__in=BLOCKING),
                deferrable=Deferrable.IMMEDIATE,  # a series moves in one statement, onto its own old places
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="entry_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.HELD, hold_expires_at__isnull=False)
                | (~Q(status=Status.HELD) & Q(hold_expires_at__isnull=True)),
                name="a_hold_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=True) | Q(readers=[]), name="readers_of_what_is_confidential"
            ),
            # Who asked for it, and the office that took the request, know of it: it cannot be a secret any more.
            models.CheckConstraint(
                condition=Q(is_confidential=False) | Q(is_requested=False),
                name="what_was_asked_for_is_no_secret",
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=True, series_on__isnull=True, series_pattern__isnull=True)
                | Q(series__isnull=False, series_on__isnull=False, series_pattern__isnull=False),
                name="a_series_has_its_days",
            ),
            models.UniqueConstraint(fields=["series", "series_on"], name="once_a_day_in_a_series"),
            models.UniqueConstraint(
                fields=["principal", "outside_uid"], condition=~Q(outside_uid=""), name="imported_once"
            ),
        ]
        indexes = [
            models.Index(fields=["principal", "starts_at", "id"], name="entry_of_principal"),
            models.Index(fields=["starts_at", "id"], name="entry_by_time"),
            models.Index(fields=["hold_expires_at"], condition=Q(status=Status.HELD), name="entry_on_hold"),
            GinIndex(fields=["staff"], name="entry_staff"),
            GinIndex(fields=["readers"], name="entry_readers"),
            GinIndex(fields=["words"], name="entry_words"),
            similar_index("title", "entry_alike"),
        ]

    def __str__(self) -> str:
        return moment_text(self.starts_at)

    def acquire_lock(self, *named: object) -> None:
        """Before the row is locked for an action: the lock of its programme, and of those that the action names."""
        lock(self.principal_id, *(row.pk for row in named if isinstance(row, Principal)))


class Participant(PublicId):
    """Who takes part: a member of staff, who then sees the entry, or a guest by name."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("member of staff")
    )
    name = models.CharField(_("name"), max_length=160, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        default_permissions = ()
        ordering = ["id"]
        triggers = [kept_people("staff", "programme_participant")]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""), name="a_participant_is_somebody"
            ),
            models.UniqueConstraint(
                fields=["entry", "user"], condition=Q(user__isnull=False), name="a_participant_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user) if self.user_id else self.name


class NamedReader(models.Model):
    """Named reader of a confidential entry, which is hidden from all others."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="named_readers")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    named_at = models.DateTimeField(_("named at"), default=timezone.now)
    named_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("named by")
    )

    class Meta:
        verbose_name = _("named reader")
        verbose_name_plural = _("named readers")
        default_permissions = ()
        ordering = ["id"]
        triggers = [kept_people("readers", "programme_namedreader")]
        constraints = [models.UniqueConstraint(fields=["entry", "user"], name="a_reader_named_once")]

    def __str__(self) -> str:
        return str(self.user)


class PressItem(PublicId):
    """What the press unit may know of an entry: its own words, and the time, which follows the entry."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="press_item")
    principal = models.ForeignKey(Principal, models.PROTECT, related_name="+", verbose_name=_("principal"))
    title = models.CharField(_("heading"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    note = models.TextField(_("note for the press"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("press view of an entry")
        verbose_name_plural = _("press view")
        default_permissions = ()
        indexes = [models.Index(fields=["starts_at", "id"], name="press_by_time")]

    def __str__(self) -> str:
        return self.title


class EntryLine(AuditEntry):
    """The story of an entry: one line a verb. Old and new values stand in `details`."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=10, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an entry")
        verbose_name_plural = _("story lines of entries")
        default_permissions = ()
        indexes = [models.Index(fields=["entry", "-at", "-id"], name="line_of_entry")]

    def __str__(self) -> str:
        return self.verb
