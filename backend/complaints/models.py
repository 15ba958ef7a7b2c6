"""The complaint and all that hangs on it. What may happen to it is in `actions`; who sees it is in `permissions`."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Func, Q, Value, When
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import (
    ENDS,
    HIGHEST_RATING,
    LOWEST_RATING,
    OPEN,
    UNSIGNED,
    AwaitingParty,
    Channel,
    ContestedAt,
    ContestResult,
    DeliveryMethod,
    Kind,
    NotExaminable,
    NoticeKind,
    NoticeStatus,
    Outcome,
    PhotoStage,
    Priority,
    RefusalGround,
    RoutingEnd,
    RoutingRole,
    Status,
    WaitingFor,
)
from backend.complaints.file_import import FileImport as FileImport
from backend.complaints.law.cimer import NORMAL, cimer_number
from backend.complaints.law.conditions import ASKS_INFORMATION, THROUGH_CIMER
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.letters import DryRun
from backend.complaints.moves import awaiting_party
from backend.complaints.posts.models import SocialPost as SocialPost
from backend.complaints.reporting.models import ReportCell as ReportCell
from backend.complaints.reporting.models import ReportChange as ReportChange
from backend.complaints.reporting.models import ReportFact as ReportFact
from backend.complaints.reporting.published import OpenFigure as OpenFigure
from backend.complaints.teamwork.models import ChecklistItem as ChecklistItem
from backend.complaints.teamwork.models import ChecklistTemplateItem as ChecklistTemplateItem
from backend.complaints.triggers import (
    ADDS_TO_FIGURES,
    ADDS_TO_MAP,
    CHANGES_FIGURES,
    CHANGES_MAP,
    COLLABORATORS,
    COPIES_IN_COLLABORATIONS,
    COPIES_OF_THE_CASE,
    LEAVES_FIGURES,
    LEAVES_MAP,
    LOST_TELLS,
)
from backend.configuration.office import configured
from backend.contacts.models import Citizen
from backend.contacts.notices import notice_stays, shown_notice
from backend.core.localtime import today
from backend.core.models import PublicId, SearchableQuerySet, TrFold, TrPlaceWords, word_column
from backend.core.symbolic import symbolic
from backend.core.words.text import prefix_query
from backend.documents.models import StoredFile
from backend.journal.models import AuditEntry
from backend.journal.triggers import notify_trigger
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody
from backend.outbox.models import Message
from backend.places.choices import PointSource
from backend.stickers.models import Sticker

USER = settings.AUTH_USER_MODEL
FACTS = [
    "kind",
    "channel",
    "regime",
    "matter",
    "priority",
    "category",
    "subject",
    "body",
    "neighbourhood",
    "place",
    "applicant",
    "on_behalf_of",
    "identity_hidden",
    "signature_given",
    "source_number",
    "cimer_due_on",
    "responsible_department",
    "raw_due_on",
    "legal_due_on",
    "target_on",
]
"""What the history keeps of a case; its states are in its lines."""
REFERENCE = re.compile(r"(\d{4}(?=\s*/)|20\d\d)(?:\s*[/–-]\s*|\s+)(\d{1,9})")


@symbolic(str)
def reference_in(text: str) -> str | None:
    """The number of a case (`2027/15`) that a text consists of, however it is spaced, or None.

    Callers say `2027 15`, and many write `2027-15`.
    """
    named = REFERENCE.fullmatch(text.strip())
    return f"{int(named[1])}/{int(named[2])}" if named else None


STOPPED = Q(
    regime=Regime.SERVICE_REQUEST, waiting_since__isnull=False, target_on__gte=F("waiting_since")
) | Q(deadline_inputs__has_key="payment_due")
"""Cases whose target cannot pass now: a service request that waits, and one whose fee is unpaid (4982 m.11)."""


PRESSING = Q(priority=Priority.URGENT) | ~Q(danger="")
"""Urgent, or proposed as that."""
AGES = 36500
"""Days by which a case is put before or behind all others."""


def _moved(days: int) -> Any:
    """The target date so many days later."""
    return ExpressionWrapper(F("target_on") + Value(days), output_field=models.DateField())


class ComplaintQuerySet(SearchableQuerySet, models.QuerySet["Complaint"]):
    """The filters that everybody shares: GraphQL, the admin, jobs and figures chain on these."""

    lookup = "complaints"

    is_search = False
    """Whether the rows were narrowed to the matches of a text, which are few."""
    is_open = False
    """Whether the rows were narrowed to open cases."""
    words: str | None = None
    """The words to which the rows were narrowed (`permissions.core.matching`)."""
    statuses: tuple[Status, ...] = ()
    """The statuses to which open rows were narrowed; none: they were not."""

    def _clone(self) -> ComplaintQuerySet:
        clone: ComplaintQuerySet = super()._clone()  # type: ignore[misc]
        clone.is_search, clone.is_open, clone.words = self.is_search, self.is_open, self.words
        clone.statuses = self.statuses
        return clone

    def __or__(self, other: models.QuerySet[Complaint]) -> ComplaintQuerySet:
        """Join two sets of cases: what was narrowed of one does not hold of both."""
        joined: ComplaintQuerySet = super().__or__(other)
        joined.is_search, joined.is_open, joined.words, joined.statuses = False, False, None, ()
        return joined

    def matches(self, condition: Any) -> ComplaintQuerySet:
        """Narrow to the matches of a text."""
        rows = self.filter(condition)
        rows.is_search = True
        return rows

    def open(self) -> ComplaintQuerySet:
        rows = self.filter(closed_at__isnull=True)
        rows.is_open = True
        return rows

    def closed(self) -> ComplaintQuerySet:
        return self.filter(closed_at__isnull=False)

    def standing(self, *statuses: Status) -> ComplaintQuerySet:
        """Open, in one of these statuses."""
        rows = self.open().filter(status__in=statuses)
        rows.statuses = tuple(one for one in statuses if not self.statuses or one in self.statuses)
        return rows

    def by_status(self) -> list[ComplaintQuerySet]:
        """The rows in disjoint parts, where several statuses are named: each lies in the order of work in an index."""
        if len(self.statuses) < 2:
            return [self]
        return [self.filter(status=status) for status in self.statuses]

    def awaiting(self, turn: AwaitingParty) -> ComplaintQuerySet:
        """Open, and it is their move."""
        return self.standing(*(status for status in OPEN if awaiting_party(status) == turn))

    def assigned_to(self, user_id: int | None) -> ComplaintQuerySet:
        """Open, and this person is responsible for them within their unit."""
        return self.open().filter(assignee=user_id)

    def unrouted(self) -> ComplaintQuerySet:
        """Open, and waiting for the office to say whose it is."""
        return self.standing(Status.NEW, Status.TRIAGED, Status.RETURNED)

    def late(self, on: dt.date | None = None) -> ComplaintQuerySet:
        """Open and not yet replied after the target date. What waits, or for its fee, does not become late."""
        return self._unanswered().filter(target_on__lt=on or today())

    def due(self, on: dt.date | None = None) -> ComplaintQuerySet:
        return self._unanswered().filter(target_on=on or today())

    def pressing(self) -> ComplaintQuerySet:
        """Open, and urgent or proposed as that."""
        return self.open().filter(PRESSING)

    def _unanswered(self) -> ComplaintQuerySet:
        return self.open().exclude(status=Status.REPLIED).filter(~STOPPED)

    def returned_often(self) -> ComplaintQuerySet:
        """Open, and returned by departments so often that the office must decide (setting RETURNS_BEFORE_OFFICE)."""
        return self.open().filter(return_count__gte=configured.RETURNS_BEFORE_OFFICE)

    def to_enter(self) -> ComplaintQuerySet:
        """Open, and the approved reply is still to be entered in CİMER, through which the case came."""
        return self.open().filter(THROUGH_CIMER.q, status=Status.APPROVED)

    def to_send(self) -> ComplaintQuerySet:
        """Open, and the approved reply is still to be sent; what came through CİMER is entered there instead."""
        return self.open().filter(~THROUGH_CIMER.q, status=Status.APPROVED)

    def through_cimer(self) -> ComplaintQuerySet:
        return self.filter(THROUGH_CIMER.q)

    def with_cimer_number(self, number: str) -> ComplaintQuerySet:
        """What came through CİMER with this number, in any spelling."""
        return self.through_cimer().filter(source_number=cimer_number(number))

    def solved(self) -> ComplaintQuerySet:
        return self.filter(outcome=Outcome.SOLVED)

    def countable(self) -> ComplaintQuerySet:
        """What a share of solved cases is a share of: withdrawn, forwarded and duplicate are left out."""
        return self.closed().exclude(outcome__in=[Outcome.WITHDRAWN, Outcome.FORWARDED, Outcome.DUPLICATE])

    def numbered(self, text: str) -> ComplaintQuerySet | None:
        """The case that `text` names by its number (`2027/15`), or None if it names none."""
        reference = reference_in(text)
        return None if reference is None else self.filter(reference=reference)

    def search(self, text: str) -> ComplaintQuerySet:
        """Turkish search in subject, text and place by beginnings of words, or by number (`2027/15`).

        Finds the same for `isik`, `IŞIK` and `ışık`; a number of up to four digits among words is whole. Text without
        any letter or digit finds nothing. For a viewer a page of a list `permissions.complaints.access.search` asks the
        same at a fraction of the cost.
        """
        if (one := self.numbered(text)) is not None:
            return one
        query = prefix_query(text)
        if query is None:
            return self.none()
        return self.filter(words=SearchQuery(query, config="simple", search_type="raw"))


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange(*FACTS), row=pghistory.Old),
    pghistory.DeleteEvent(row=pghistory.Old),
    fields=FACTS,
    model_name="ComplaintEvent",
    meta={"default_permissions": ()},
)
class Complaint(PublicId):
    """One case, from the first call to the answer (Başvuru)."""

    dry_run: DryRun | None = None
    """Set on the row that an action gets where only its letters are wanted; no column."""

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, editable=False)
    tracking_code = models.CharField(_("tracking code"), max_length=14, unique=True, editable=False)

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    channel = models.CharField(_("channel"), max_length=16, choices=Channel)
    regime = models.CharField(_("legal regime"), max_length=20, choices=Regime)
    matter = models.CharField(_("matter"), max_length=12, choices=Matter, default=Matter.GENERAL)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, default=Priority.NORMAL)
    danger = models.CharField(
        _("danger"), max_length=80, blank=True, default="", db_default="", editable=False
    )
    """What proposes urgency, until somebody decides (`actions.mark_urgent`, or any other priority that is set)."""
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))

    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    place = models.CharField(_("place"), max_length=300, blank=True)
    sticker = models.ForeignKey(
        Sticker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("place with a QR code"),
        db_index=False,
    )
    """The sticker that was scanned to report it."""
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    point_source = models.CharField(
        _("where the point comes from"),
        max_length=16,
        choices=PointSource,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    """Which says how far off it may be; "" for a case whose place was not looked for yet."""

    applicant = models.ForeignKey(
        Citizen,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("applicant"),
        db_index=False,
    )
    on_behalf_of = models.ForeignKey(
        Citizen, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("on behalf of")
    )
    privacy_notice = shown_notice()
    identity_hidden = models.BooleanField(_("identity hidden"), default=False)
    signature_given = models.BooleanField(_("signed"), default=False)
    source = models.CharField(_("source system"), max_length=40, blank=True, editable=False)
    source_number = models.CharField(_("number in the source"), max_length=60, blank=True)
    source_account = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    """Whose number it is: the account's that registered it without seeing every case; null: the house's."""
    cimer_due_on = models.DateField(_("CİMER's date"), null=True, blank=True)

    registered_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)
    registered_on = models.DateField(_("registered on"), editable=False)
    registered_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("registered by"),
        db_index=False,
    )
    recorder_has_code = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether `registered_by` was shown the tracking code on recording it, and so may follow it (ADR 0101): not of a
    case that a file or a job brought, nor of one that came in by a form and that they only accepted."""
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.NEW, editable=False)
    waiting_for = models.CharField(
        _("waiting for"), max_length=10, choices=WaitingFor, blank=True, editable=False
    )
    waiting_since = models.DateField(_("waiting since"), null=True, editable=False)
    waits = ArrayField(DateRangeField(), default=list, db_default=[], editable=False, verbose_name=_("waits"))
    """The local days on which it waited and that are over: the day after it was put on hold to the day on which it went
    on. They are no working days of a service request; the clock of a law runs on."""
    responsible_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("responsible department"),
    )
    assignee = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("responsible person"),
        db_index=False,
    )
    """Who is responsible within the unit that has it; whoever leaves the unit is not any more."""
    collaborators = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        editable=False,
        verbose_name=_("collaborating departments"),
    )
    return_count = models.PositiveSmallIntegerField(_("returns"), default=0, editable=False)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0, editable=False)
    affected = models.PositiveIntegerField(
        _("others whom it affects"), default=0, db_default=0, editable=False
    )
    """How many others stated so (`backend.submissions.affected`)."""
    version = models.PositiveIntegerField(default=1, editable=False)

    raw_due_on = models.DateField(_("limit as counted"), null=True, editable=False)
    legal_due_on = models.DateField(_("legal date"), null=True, editable=False)
    target_on = models.DateField(_("target date"), editable=False)
    rises_on = models.GeneratedField(
        expression=Case(
            When(closed_at__isnull=False, then=_moved(AGES)),
            When(PRESSING, then=_moved(-AGES)),
            default=F("target_on"),
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("order of work"),
    )
    """The target date, ages earlier while it is open and urgent (or proposed as that), ages later when it is closed:
    the order of every list of work along one index."""
    deadline_inputs = models.JSONField(_("what made the dates"), default=dict, editable=False)
    result_owed = models.BooleanField(_("result owed"), default=False, editable=False)
    escalation = models.PositiveSmallIntegerField(_("escalation"), default=0, editable=False)

    replied_at = models.DateTimeField(_("replied at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True, editable=False)
    not_examinable_reason = models.CharField(
        _("reason (3071 m.6)"), max_length=20, choices=NotExaminable, blank=True, editable=False
    )
    is_partial = models.BooleanField(
        _("granted after parts were taken out (4982 m.9)"), default=False, db_default=False, editable=False
    )
    refusal_grounds = ArrayField(
        models.CharField(max_length=3, choices=RefusalGround),
        default=list,
        db_default=[],
        editable=False,
        verbose_name=_("grounds of refusal (4982)"),
    )
    contested_on = models.DateField(_("objection made on"), null=True, editable=False)
    contested_at = models.CharField(
        _("objection made to"),
        max_length=5,
        choices=ContestedAt,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    contest_result = models.CharField(
        _("result of the objection"),
        max_length=8,
        choices=ContestResult,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    contest_ended_on = models.DateField(_("objection decided on"), null=True, editable=False)
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        editable=False,
        verbose_name=_("duplicate of"),
    )
    linked_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="linked",
        editable=False,
        verbose_name=_("linked to"),
    )
    """Another person's case about the same matter, whose reply can be sent here too; it is itself linked to none."""
    apart_from = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)
    """The cases that were noted as another matter: the two are not proposed to each other again."""
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        editable=False,
        verbose_name=_("separated from"),
    )
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("rating by the citizen"), null=True, editable=False)
    rating_remark = models.TextField(
        _("what the citizen says to it"), blank=True, default="", db_default="", editable=False
    )
    rated_at = models.DateTimeField(_("rated at"), null=True, editable=False)
    words = word_column("subject", "body", "place")

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint or request")
        verbose_name_plural = _("complaints and requests")
        default_permissions = ()
        permissions = [("read_complaint", _("Reads this complaint and comments on it"))]
        triggers = [
            COPIES_IN_COLLABORATIONS,
            LOST_TELLS,
            ADDS_TO_FIGURES,
            CHANGES_FIGURES,
            LEAVES_FIGURES,
            ADDS_TO_MAP,
            CHANGES_MAP,
            LEAVES_MAP,
            notice_stays(),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="complaint_number_once_a_year"),
            models.UniqueConstraint(
                fields=["source", "source_number", "source_account"],
                condition=~Q(source_number=""),
                nulls_distinct=False,
                name="complaint_once_a_source",
            ),
            models.UniqueConstraint(
                fields=["source_number", "source_account"],
                condition=THROUGH_CIMER.q & ~Q(source_number=""),
                nulls_distinct=False,
                name="a_cimer_number_once",
            ),
            models.CheckConstraint(
                condition=~THROUGH_CIMER.q | Q(source_number__regex=NORMAL) | Q(anonymised_at__isnull=False),
                name="a_cimer_number_is_normalised",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDS, closed_at__isnull=False)
                | (~Q(status__in=ENDS) & Q(closed_at__isnull=True)),
                name="closed_exactly_in_the_ends",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(status=Status.DUPLICATE) & Q(duplicate_of__isnull=True)),
                name="a_duplicate_names_its_original",
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("id")), name="no_duplicate_of_itself"),
            models.CheckConstraint(condition=~Q(linked_to=F("id")), name="no_link_to_itself"),
            models.CheckConstraint(condition=~Q(split_from=F("id")), name="no_part_of_itself"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True, rated_at__isnull=True)
                | Q(rating__range=(LOWEST_RATING, HIGHEST_RATING), rated_at__isnull=False),
                name="rated_from_one_to_five",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(point_source=""), name="complaint_unplaced"),
            models.Index(fields=["responsible_department", "target_on", "id"], name="complaint_dep_target"),
            models.Index(
                fields=["responsible_department", "registered_at", "id"], name="complaint_dep_newest"
            ),
            models.Index(
                fields=["responsible_department", "status", "target_on", "id"], name="complaint_dep_status"
            ),
            # With what the policy asks, so that counting them reads nothing else.
            models.Index(
                fields=["responsible_department", "target_on", "id"],
                include=["collaborators"],
                condition=Q(closed_at__isnull=True),
                name="complaint_dep_open",
            ),
            models.Index(
                fields=["target_on", "id"], name="complaint_open", condition=Q(closed_at__isnull=True)
            ),
            # How many are open: of equal keys an index holds one, so a total reads a fifth of the pages.
            models.Index(
                fields=["closed_at"], name="complaint_open_number", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["target_on", "id"], name="complaint_target"),
            # The order of work: urgent ones, then by target date, then what is closed.
            models.Index(fields=["rises_on", "id"], name="complaint_rises"),
            models.Index(fields=["responsible_department", "rises_on", "id"], name="complaint_dep_rises"),
            models.Index(
                fields=["responsible_department", "id"],
                condition=PRESSING & Q(closed_at__isnull=True),
                name="complaint_pressing",
            ),
            models.Index(fields=["registered_at", "id"], name="complaint_newest"),
            # What an account brought in: the list of a portal.
            models.Index(fields=["registered_by", "registered_at", "id"], name="complaint_brought"),
            # What a member of staff recorded by hand, apart from the files that they brought (ADR 0101).
            models.Index(
                fields=["registered_by", "registered_at", "id"],
                condition=Q(recorder_has_code=True),
                name="complaint_recorded",
            ),
            models.Index(fields=["status", "target_on", "id"], name="complaint_status"),
            # What is open by where it stands, in the order of work: tabs count it, the office's queue and list read it.
            models.Index(
                fields=["status", "rises_on", "id"],
                name="complaint_open_rises",
                condition=Q(closed_at__isnull=True),
            ),
            # What is open of a topic, the newest first: whom else it affects.
            models.Index(
                fields=["category", "registered_at", "id"],
                condition=Q(closed_at__isnull=True),
                name="complaint_open_topic",
            ),
            # What lies near and was open lately; what is open at an address, or written alike (similarity).
            GistIndex(
                Func(F("longitude"), F("latitude"), function="point"),
                Func(Least("registered_at", "closed_at"), F("closed_at"), Value("[]"), function="tstzrange"),
                condition=Q(latitude__isnull=False, longitude__isnull=False),
                name="complaint_near",
            ),
            GinIndex(
                OpClass(TrPlaceWords("place"), name="gin_trgm_ops"),
                condition=Q(closed_at__isnull=True),
                name="complaint_address",
            ),
            GinIndex(
                OpClass(TrFold("subject"), name="gin_trgm_ops"),
                condition=Q(closed_at__isnull=True),
                name="complaint_alike",
            ),
            # What ended since a day and what has not: reports.
            models.Index(fields=["closed_at"], name="complaint_ended"),
            models.Index(fields=["responsible_department", "closed_at"], name="complaint_dep_ended"),
            models.Index(fields=["category", "registered_at", "id"], name="complaint_category"),
            models.Index(fields=["neighbourhood", "registered_at", "id"], name="complaint_neighbourhood"),
            # With what decides who may see a case: a frequent name is looked up in the index alone.
            models.Index(
                fields=["applicant", "registered_at", "id"],
                include=["identity_hidden", "responsible_department", "collaborators"],
                name="complaint_applicant",
            ),
            models.Index(
                fields=["return_count"],
                condition=Q(closed_at__isnull=True, return_count__gt=0),
                name="complaint_returned_often",
            ),
            models.Index(
                fields=["assignee", "target_on", "id"],
                condition=Q(assignee__isnull=False, closed_at__isnull=True),
                name="complaint_assignee",
            ),
            # Where they are: the part of a map.
            models.Index(
                fields=["longitude", "latitude"],
                condition=Q(longitude__isnull=False, latitude__isnull=False),
                name="complaint_place",
            ),
            models.Index(
                fields=["longitude", "latitude"],
                condition=Q(longitude__isnull=False, latitude__isnull=False, closed_at__isnull=True),
                name="complaint_open_place",
            ),
            # What few cases have is found by these; along a list one would read it to its end.
            models.Index(fields=["kind", "responsible_department"], name="complaint_kind"),
            models.Index(fields=["channel", "responsible_department"], name="complaint_channel"),
            models.Index(fields=["regime", "responsible_department"], name="complaint_regime"),
            models.Index(fields=["priority", "responsible_department"], name="complaint_priority"),
            models.Index(
                fields=["sticker", "responsible_department"],
                condition=Q(sticker__isnull=False),
                name="complaint_sticker",
            ),
            GinIndex(fields=["tags"], name="complaint_tags"),
            GinIndex(fields=["collaborators"], name="complaint_collaborators"),
            GinIndex(fields=["responsible_department", "words"], name="complaint_words"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def asks_information(self) -> bool:
        """Whether it runs under Law 4982."""
        return ASKS_INFORMATION(regime=self.regime, matter=self.matter)

    @property
    def came_through_cimer(self) -> bool:
        """Whether CİMER brought it, and so its reply is entered there."""
        return THROUGH_CIMER(channel=self.channel, regime=self.regime)

    @property
    def is_to_be_entered(self) -> bool:
        """Whether its approved reply is still to be entered in CİMER."""
        return self.status == Status.APPROVED and self.came_through_cimer

    @property
    def grounds_text(self) -> str:
        """The grounds of refusal in words."""
        return "; ".join(str(RefusalGround(ground).label) for ground in self.refusal_grounds)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_stopped(self) -> bool:
        """Whether its target cannot pass now: what `STOPPED` asks of the table."""
        since = self.waiting_since if self.regime == Regime.SERVICE_REQUEST else None
        return (since is not None and self.target_on >= since) or "payment_due" in self.deadline_inputs

    @property
    def lacks_elements(self) -> bool:
        """A petition without name, signature or address: registered, but not examinable (3071 m.4, m.6).

        Of an applicant whom the asker may not see only the signature is judged.
        """
        if self.regime != Regime.PETITION_3071:
            return False
        if not self.signature_given or self.applicant_id is None:
            return True
        applicant = self.visible_applicant
        return applicant is not None and not (applicant.last_name and applicant.address)

    @property
    def awaits_elements(self) -> bool:
        """Whether it cannot be answered on its merits before they are complete: a petition handed in as one.

        What was typed into a form of the web or a mail has no place for a signature. It keeps the petition's clock, the
        safer one, and may be answered as it is; that it lacks an element stays a reason of 3071 m.6 for who decides so.
        """
        return self.lacks_elements and self.channel not in UNSIGNED

    @property
    def visible_applicant(self) -> Citizen | None:
        """The applicant, or None where there is none or the second wall hides them from the asker."""
        try:
            return self.applicant
        except Citizen.DoesNotExist:
            return None


class RoutingQuerySet(models.QuerySet["Routing"]):
    def live(self) -> RoutingQuerySet:
        return self.filter(ended_at__isnull=True)


LIVE_TOGETHER = Q(role=RoutingRole.COLLABORATING, ended_at__isnull=True)


class Routing(models.Model):
    """A complaint lies with a department from `routed_at` until `ended_at`. Live rows are what makes it visible."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="routings")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    role = models.CharField(_("role"), max_length=14, choices=RoutingRole)
    routed_at = models.DateTimeField(_("routed at"), default=timezone.now)
    routed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("routed by")
    )
    note = models.TextField(_("note"), blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True)
    end = models.CharField(_("why it ended"), max_length=10, choices=RoutingEnd, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # Of a collaboration: copies of its case, kept by triggers, so that one index has what a department collaborates on
    # in the order of a list.
    case_target_on = models.DateField(null=True, editable=False)
    case_rises_on = models.DateField(null=True, editable=False)
    case_registered_at = models.DateTimeField(null=True, editable=False)
    case_is_open = models.BooleanField(null=True, editable=False)

    objects = RoutingQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing")
        verbose_name_plural = _("routings")
        default_permissions = ()
        triggers = [COLLABORATORS, COPIES_OF_THE_CASE]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(role=RoutingRole.RESPONSIBLE, ended_at__isnull=True),
                name="one_responsible_department",
            ),
            models.UniqueConstraint(
                fields=["complaint", "department"],
                condition=Q(ended_at__isnull=True),
                name="a_department_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "complaint"], name="routing_collaborating", condition=LIVE_TOGETHER
            ),
            models.Index(
                fields=["department", "case_target_on", "complaint"],
                name="routing_target",
                condition=LIVE_TOGETHER,
            ),
            models.Index(
                fields=["department", "case_rises_on", "complaint"],
                name="routing_rises",
                condition=LIVE_TOGETHER,
            ),
            models.Index(
                fields=["department", "case_registered_at", "complaint"],
                name="routing_newest",
                condition=LIVE_TOGETHER,
            ),
            models.Index(
                fields=["department", "case_target_on", "complaint"],
                name="routing_open",
                condition=LIVE_TOGETHER & Q(case_is_open=True),
            ),
            models.Index(fields=["department", "routed_at"], name="routing_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.role}"


class ComplaintLine(AuditEntry):
    """The story of a complaint: one line a verb."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=16, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=16, choices=Status, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line")
        verbose_name_plural = _("story lines")
        default_permissions = ()
        triggers = [notify_trigger("complaint", "complaint_id")]
        indexes = [models.Index(fields=["complaint", "-at", "-id"], name="line_of_complaint")]

    def __str__(self) -> str:
        return self.verb


class Comment(models.Model):
    """An internal note. No citizen ever reads it."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="comments")
    at = models.DateTimeField(_("at"), default=timezone.now)
    author = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"))
    body = models.TextField(_("note"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        default_permissions = ()
        indexes = [models.Index(fields=["complaint", "at", "id"], name="comment_of_complaint")]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at:%d.%m.%Y}"


IN_THE_MAKING = (NoticeStatus.DRAFT, NoticeStatus.SUBMITTED, NoticeStatus.APPROVED)
PENDING_REPLY = Q(kind=NoticeKind.RESULT, status__in=IN_THE_MAKING)
SENT_REPLY = Q(kind=NoticeKind.RESULT, status=NoticeStatus.SENT)
SENT_MESSAGE = Q(kind=NoticeKind.MESSAGE, status=NoticeStatus.SENT)


class Notice(PublicId):
    """Notice to the citizen, from draft to proof: `notified_at` and `means` state when and how it was delivered."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    status = models.CharField(_("status"), max_length=10, choices=NoticeStatus, default=NoticeStatus.DRAFT)
    body = models.TextField(_("text"))
    is_refusal = models.BooleanField(
        _("refuses, wholly or in part"), default=False, db_default=False, editable=False
    )
    """The reply refuses what was asked, wholly or in part: its text names the remedy (Anayasa m.40/2)."""
    drafted_at = models.DateTimeField(_("drafted at"), default=timezone.now)
    drafted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("drafted by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)
    approved_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    means = models.CharField(_("means"), max_length=10, choices=DeliveryMethod, blank=True)
    notified_at = models.DateTimeField(_("notified at"), null=True)
    notified_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("notified by")
    )
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")
    held_until = models.DateTimeField(_("leaves at"), null=True, editable=False)
    """Until then its message waits and can be taken back; see `backend.outbox.holding`."""
    on_tracking_page = models.BooleanField(default=True, db_default=True, editable=False)
    """False for messages of the time before there was a page that shows them: they were written for one mail."""

    class Meta:
        verbose_name = _("notice to the citizen")
        verbose_name_plural = _("notices to the citizen")
        default_permissions = ()
        indexes = [models.Index(fields=["complaint", "drafted_at", "id"], name="notice_of_complaint")]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(kind=NoticeKind.RESULT, status__in=["DRAFT", "SUBMITTED", "APPROVED"]),
                name="one_pending_reply",
            ),
            models.CheckConstraint(
                condition=~Q(status=NoticeStatus.SENT) | (Q(notified_at__isnull=False) & ~Q(means="")),
                name="a_sent_notice_has_its_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"

    @property
    def is_pending_reply(self) -> bool:
        """`PENDING_REPLY` of a row that is at hand."""
        return self.kind == NoticeKind.RESULT and self.status in IN_THE_MAKING

    @property
    def is_sent_reply(self) -> bool:
        """`SENT_REPLY` of a row that is at hand."""
        return self.kind == NoticeKind.RESULT and self.status == NoticeStatus.SENT


class Extension(models.Model):
    """Extension under 4982 m.11: thirty working days; written notice, with the reason, within the first fifteen."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="extension")
    granted_on = models.DateField(_("granted on"))
    reason = models.TextField(_("reason"))
    granted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("extended by")
    )
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.granted_on:%d.%m.%Y}"


UNPAID = Q(paid_on__isnull=True, lapsed_on__isnull=True)


class FeeNotice(models.Model):
    """A fee was asked for (4982): the clock stops; unpaid after fifteen working days the request is withdrawn."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="fee_notices")
    notified_on = models.DateField(_("notified on"))
    amount = models.DecimalField(_("amount in lira"), max_digits=10, decimal_places=2)
    due_on = models.DateField(_("to be paid by"))
    paid_on = models.DateField(_("paid on"), null=True)
    lapsed_on = models.DateField(_("lapsed on"), null=True)
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("fee notice")
        verbose_name_plural = _("fee notices")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fee_above_zero"),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(lapsed_on__isnull=True), name="fee_paid_or_lapsed"
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=UNPAID,
                name="one_fee_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ₺"


class Forwarding(models.Model):
    """Sent on to the body whose business it is; telling the citizen is a second act with its own proof (3071 m.5).

    An application under Law 4982 goes to where the information is kept, with written notice to the applicant (m.7/3).
    """

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="forwardings")
    body = models.ForeignKey(OutsideBody, models.PROTECT, related_name="+", verbose_name=_("body"))
    forwarded_on = models.DateField(_("forwarded on"))
    number = models.CharField(_("number of the letter"), max_length=60)
    forwarded_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    notice = models.OneToOneField(Notice, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("forwarding")
        verbose_name_plural = _("forwardings")
        default_permissions = ()
        indexes = [models.Index(fields=["complaint"], name="forwarding_of_complaint")]

    def __str__(self) -> str:
        return str(self.body)


class Attachment(StoredFile):
    """A file of a complaint."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="attachments")
    stage = models.CharField(
        _("before or after the work"), max_length=6, choices=PhotoStage, blank=True, default="", db_default=""
    )
    """Of a photo that a crew took: what it shows."""
    is_of_post = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it is the picture of a post: it names a person as the post does, and is seen by who may know them."""

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        default_permissions = ()
        indexes = [
            models.Index(fields=["complaint", "uploaded_at"], name="attachment_of_complaint"),
            models.Index(fields=["uploaded_at"], name="attachment_by_nobody", condition=Q(uploaded_by=None)),
        ]


class NoticeFileQuerySet(models.QuerySet["NoticeFile"]):
    def current(self) -> NoticeFileQuerySet:
        """Those that were not taken out again while the reply was drafted."""
        return self.filter(removed_at__isnull=True)


class NoticeFile(models.Model):
    """A file of a case that goes with a reply to the citizen, or went with it."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("attachment"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("taken out at"), null=True, editable=False)

    objects = NoticeFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a notice")
        verbose_name_plural = _("files of notices")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "attachment"],
                condition=Q(removed_at__isnull=True),
                name="a_file_once_with_a_notice",
            )
        ]
        indexes = [models.Index(fields=["complaint"], name="noticefile_of_complaint")]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.attachment_id}"
