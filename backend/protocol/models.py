"""Offices of the state protocol (makam), who holds them when, and in which order they stand.

A rank belongs to the office, never to the person. What may happen is in `actions`, what the order says in `law`.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.localtime import today
from backend.core.models import PublicId, fold_column, sort_column
from backend.core.words.text import tr_fold
from backend.protocol.choices import Capacity, ListKind, Sphere

USER = settings.AUTH_USER_MODEL
ONE_HOLDER, ONE_ACTING = "an_office_has_one_holder_a_day", "an_office_has_one_acting_a_day"


class OfficeQuerySet(models.QuerySet["Office"]):
    def in_use(self) -> OfficeQuerySet:
        return self.filter(is_active=True)

    def search(self, text: str) -> OfficeQuerySet:
        """Those in whose title or institution every word stands, in Turkish spelling."""
        result = self
        for word in tr_fold(text).split()[:5]:
            result = result.filter(fold__contains=word)
        return result


class Office(PublicId):
    """A makam: what is invited, addressed and ranked. Who holds it is in `Holding`.

    `is_collective`: several hold it at a time (milletvekilleri, meclis üyeleri); otherwise one at a time.
    """

    code = models.SlugField(_("code"), max_length=80, unique=True)
    title = models.CharField(_("full title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=120)
    institution = models.CharField(_("institution"), max_length=200, blank=True)
    sphere = models.CharField(_("belongs to"), max_length=14, choices=Sphere, default=Sphere.OTHER)
    address_form = models.CharField(
        _("form of address"), max_length=120, blank=True, help_text=_("As a letter begins: Sayın Kaymakamım,")
    )
    is_collective = models.BooleanField(_("held by several at a time"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    fold = fold_column("title", "institution")
    title_sort = sort_column("title")

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office of the protocol")
        verbose_name_plural = _("offices of the protocol")
        default_permissions = ()
        indexes = [
            models.Index(fields=["title_sort", "id"], name="office_by_title"),
            models.Index(fields=["sphere", "title_sort", "id"], name="office_by_sphere"),
        ]

    def __str__(self) -> str:
        return self.title


class HoldingQuerySet(models.QuerySet["Holding"]):
    def on(self, day: dt.date | None = None) -> HoldingQuerySet:
        """Those of a day (default: today in local time)."""
        day = day or today()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


def _days() -> Func:
    return Func(F("valid_from"), F("valid_until"), Value("[]"), function="daterange")


def _office() -> Func:
    """As a range, so that no extension is needed."""
    return Func(F("office"), F("office"), Value("[]"), function="int8range")


class Holding(PublicId):
    """From which to which day a person holds an office: itself (asaleten) or in its holder's place (vekâleten).

    Of an office that one holds at a time there is one holder a day, and one who acts; the database sees to both.
    No holding on a day: the office is vacant.
    """

    office = models.ForeignKey(
        Office, models.PROTECT, related_name="holdings", verbose_name=_("office of the protocol")
    )
    person = models.ForeignKey(Citizen, models.PROTECT, related_name="offices_held", verbose_name=_("person"))
    capacity = models.CharField(_("how"), max_length=11, choices=Capacity, default=Capacity.SUBSTANTIVE)
    valid_from = models.DateField(_("from day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    is_alone = models.BooleanField(default=True, editable=False)
    appointed_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    appointed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of an office")
        verbose_name_plural = _("holders of offices")
        default_permissions = ()
        constraints = [
            ExclusionConstraint(
                name=ONE_HOLDER,
                expressions=[
                    (_office(), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(capacity=Capacity.SUBSTANTIVE, is_alone=True),
            ),
            ExclusionConstraint(
                name=ONE_ACTING,
                expressions=[
                    (_office(), RangeOperators.OVERLAPS),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(capacity=Capacity.ACTING, is_alone=True),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="holding_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-valid_from", "-id"], name="holding_of_office"),
            models.Index(fields=["person", "-valid_from"], name="holding_of_person"),
        ]

    def __str__(self) -> str:
        end = f"{self.valid_until:%d.%m.%Y}" if self.valid_until else ""
        return f"{self.valid_from:%d.%m.%Y}–{end}"

    def is_of(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class PrecedenceListQuerySet(models.QuerySet["PrecedenceList"]):
    def in_force(self, kind: str, on: dt.date | None = None) -> PrecedenceList | None:
        """The list of that kind on a day (default: today): the one that began last."""
        return self.filter(kind=kind, valid_from__lte=on or today()).order_by("-valid_from").first()


class PrecedenceList(PublicId):
    """A version of an order of precedence (öndegelim): where it comes from, and since when it holds.

    It holds until the next one of its kind begins. `version` rises whenever its order is rewritten.
    """

    kind = models.CharField(_("for"), max_length=8, choices=ListKind)
    name = models.CharField(_("name"), max_length=160)
    source = models.CharField(_("source"), max_length=400)
    valid_from = models.DateField(_("holds from"))
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )

    objects = PrecedenceListQuerySet.as_manager()

    class Meta:
        verbose_name = _("order of precedence")
        verbose_name_plural = _("orders of precedence")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="one_order_of_a_kind_begins_a_day")
        ]
        indexes = [models.Index(fields=["-valid_from", "-id"], name="precedence_newest")]

    def __str__(self) -> str:
        return self.name


class Rank(models.Model):
    """A place in an order: offices that share it are equal (ties), and stand in `position`. Never by name."""

    place = models.PositiveSmallIntegerField(_("place"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        abstract = True


class PrecedenceEntry(Rank):
    """The place of an office in a list."""

    precedence = models.ForeignKey(PrecedenceList, models.CASCADE, related_name="entries")
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="ranks", verbose_name=_("office of the protocol")
    )

    class Meta:
        verbose_name = _("place in an order of precedence")
        verbose_name_plural = _("places in orders of precedence")
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["precedence", "office"], name="an_office_once_an_order"),
            models.UniqueConstraint(
                fields=["precedence", "position"],
                name="a_position_once_an_order",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}"


class Snapshot(PublicId):
    """The order as an event took it: a copy that no later change of the list reaches (acceptance case 24).

    What took it names it by a key of its own (an event: one to one). It says nothing of what it is for.
    """

    precedence = models.ForeignKey(
        PrecedenceList, models.PROTECT, related_name="snapshots", verbose_name=_("order of precedence")
    )
    list_version = models.PositiveIntegerField(_("version of the list"))
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now, editable=False)
    taken_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("taken by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("order of precedence of an event")
        verbose_name_plural = _("orders of precedence of events")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.taken_at:%d.%m.%Y}"


class SnapshotLine(Rank, PublicId):
    """Office in the order of an event, with its titles at that time.

    `listed_place` is the place in the list, None for a manually added office; a changed place has its reason (`why`).
    """

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="lines")
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("office of the protocol")
    )
    title = models.CharField(_("full title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=120)
    listed_place = models.PositiveSmallIntegerField(_("place in the list"), null=True)
    why = models.CharField(_("reason of the change"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("place in the order of an event")
        verbose_name_plural = _("places in the orders of events")
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "office"], name="an_office_once_a_snapshot"),
            models.UniqueConstraint(
                fields=["snapshot", "position"],
                name="a_position_once_a_snapshot",
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.title
