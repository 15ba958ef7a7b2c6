"""Halls as data, and who sits where at an event. What may happen is in `actions`, the rule in `protocol.seating`.

A plan has its own copy of a hall's rows: what is put up for one evening changes no hall, and no hall a printed plan.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId, sort_column
from backend.events.models import Event, Guest
from backend.protocol.choices import Representation
from backend.protocol.seating import Line as RuledLine
from backend.seating.choices import LineKind, SeatKind

USER = settings.AUTH_USER_MODEL


class Hall(PublicId):
    """A room or a square in which people are seated, kept for the next time."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    place = models.CharField(_("address"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    name_sort = sort_column("name")

    class Meta:
        verbose_name = _("hall")
        verbose_name_plural = _("halls")
        default_permissions = ()
        indexes = [models.Index(fields=["name_sort", "id"], name="hall_by_name")]

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    """A row or a table, from the front. `gaps`: numbers without a seat; `aisles`: behind which seat a way runs.

    Seats are numbered from the left of those who sit and look at the stage.
    """

    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("name"), max_length=20)
    kind = models.CharField(_("kind"), max_length=5, choices=LineKind, default=LineKind.ROW)
    seats = models.PositiveSmallIntegerField(_("seats"))
    gaps = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("numbers without a seat")
    )
    aisles = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("aisles behind")
    )
    is_front = models.BooleanField(_("front row"), default=False)

    class Meta:
        abstract = True

    @property
    def ruled(self) -> RuledLine:
        """As the rule looks at it."""
        return RuledLine(self.pk, self.seats, self.kind == LineKind.TABLE, frozenset(self.gaps))


class HallRow(Row):
    """A row or a table of a hall."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="rows")

    class Meta:
        verbose_name = _("row of a hall")
        verbose_name_plural = _("rows of halls")
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "label"], name="a_row_name_once_a_hall"),
            models.CheckConstraint(condition=Q(seats__range=(1, 200)), name="seats_of_a_row"),
        ]

    def __str__(self) -> str:
        return self.label


class SeatingPlan(PublicId):
    """Seating plan of an event.

    Frozen when printed: `digest` is the SHA-256 of the printed content. `hosts`: the principal sits in the middle as
    the host; `host_guest` is their guest row, found where they are on the list. `includes_unanswered`: unanswered
    guests get seats too.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="seating", verbose_name=_("event"))
    hall = models.ForeignKey(Hall, models.PROTECT, null=True, related_name="plans", verbose_name=_("hall"))
    hosts = models.BooleanField(_("the principal is the host"), default=True)
    host_guest = models.ForeignKey(
        Guest,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("the host on the list"),
    )
    includes_unanswered = models.BooleanField(_("also those who did not answer yet"), default=False)
    representation = models.CharField(
        _("representatives sit"), max_length=13, choices=Representation, default=Representation.AFTER_EQUALS
    )
    frozen_at = models.DateTimeField(_("frozen at"), null=True, editable=False)
    frozen_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("frozen by")
    )
    digest = models.CharField(_("digest"), max_length=64, blank=True, editable=False)
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now, editable=False)
    begun_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("begun by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("seating plan")
        verbose_name_plural = _("seating plans")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, digest="") | (Q(frozen_at__isnull=False) & ~Q(digest="")),
                name="a_frozen_plan_has_its_digest",
            )
        ]

    def __str__(self) -> str:
        return self.event.reference


class PlanRow(Row, PublicId):
    """A row or a table as it stands at one event."""

    plan = models.ForeignKey(SeatingPlan, models.CASCADE, related_name="rows")

    class Meta:
        verbose_name = _("row of a seating plan")
        verbose_name_plural = _("rows of seating plans")
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "label"], name="a_row_name_once_a_plan"),
            models.CheckConstraint(condition=Q(seats__range=(1, 200)), name="seats_of_a_plan_row"),
        ]

    def __str__(self) -> str:
        return self.label


class PlanSeat(PublicId):
    """Assigned or reserved seat.

    `companion`: 0 the guest, 1 the first companion. `by_hand`: assigned manually, so that seating by rule leaves it.
    """

    plan = models.ForeignKey(SeatingPlan, models.CASCADE, related_name="seats")
    row = models.ForeignKey(PlanRow, models.CASCADE, related_name="taken", verbose_name=_("row"))
    number = models.PositiveSmallIntegerField(_("seat"))
    kind = models.CharField(_("whose"), max_length=9, choices=SeatKind)
    guest = models.ForeignKey(Guest, models.CASCADE, null=True, related_name="seats", verbose_name=_("guest"))
    companion = models.PositiveSmallIntegerField(_("companion"), default=0)
    by_hand = models.BooleanField(_("assigned by hand"), default=False)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["row", "number"], name="a_seat_is_given_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["plan", "guest", "companion"],
                condition=Q(guest__isnull=False),
                name="a_guest_sits_once",
            ),
            models.UniqueConstraint(fields=["plan"], condition=Q(kind=SeatKind.HOST), name="one_host_a_plan"),
            models.CheckConstraint(
                condition=Q(kind__in=[SeatKind.GUEST, SeatKind.COMPANION], guest__isnull=False)
                | Q(kind__in=[SeatKind.HOST, SeatKind.BLOCKED], guest__isnull=True),
                name="a_seat_of_a_guest_names_one",
            ),
        ]
        indexes = [models.Index(fields=["plan", "row", "number"], name="seat_of_plan")]

    def __str__(self) -> str:
        return f"{self.row_id}-{self.number}"
