"""Who is invited to an event, what they answered, and who came. Imported by `models`.

A guest is a person of `contacts` on the list of one event, once. Names and titles are read from there until the
list is frozen for print; what was printed stays as it was printed.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.contacts.notices import notice_stays, shown_notice
from backend.core.localtime import clock_text
from backend.core.models import PublicId, TrFold
from backend.core.words.text import clean, tr_fold
from backend.events.choices import ATTENDING, Answer, Call, GuestStatus, Source, Via
from backend.journal.models import AuditEntry
from backend.outbox.models import Message
from backend.partners.models import ContactList

USER = settings.AUTH_USER_MODEL


class GuestGroup(PublicId):
    """Where guests come from. Read anew each time the list is gathered, until it is frozen.

    `selector` names the rows of the source by their codes; `contact_list` is the list of partners. A guest of the group
    begins with its `companions_allowed`, `with_spouse` and `is_vip`.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="groups")
    title = models.CharField(_("title"), max_length=120)
    source = models.CharField(_("source"), max_length=11, choices=Source)
    selector = models.JSONField(default=dict, editable=False)
    contact_list = models.ForeignKey(
        ContactList,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("list of partners"),
    )
    companions_allowed = models.PositiveSmallIntegerField(_("companions at most"), default=0)
    with_spouse = models.BooleanField(_("with spouse"), default=False)
    is_vip = models.BooleanField(_("received by the protocol"), default=False)
    is_reserve = models.BooleanField(_("reserve"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    gathered_at = models.DateTimeField(_("gathered at"), null=True, editable=False)

    class Meta:
        verbose_name = _("group of guests")
        verbose_name_plural = _("groups of guests")
        default_permissions = ()
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["event", "position", "id"], name="group_of_event")]

    def __str__(self) -> str:
        return self.title


class GuestQuerySet(models.QuerySet["Guest"]):
    """The filters that everybody shares."""

    def listed(self) -> GuestQuerySet:
        return self.filter(status=GuestStatus.LISTED)

    def reserve(self) -> GuestQuerySet:
        """Those who wait for a place, in their order."""
        return self.filter(status=GuestStatus.RESERVE).order_by("reserve_position", "id")

    def living(self) -> GuestQuerySet:
        """Without those of whom a death was recorded since they were put on the list."""
        return self.filter(person__deceased_on=None)

    def attending(self) -> GuestQuerySet:
        return self.listed().filter(answer__in=ATTENDING)

    def unanswered(self) -> GuestQuerySet:
        return self.listed().filter(answer=Answer.WAITING)

    def to_call(self) -> GuestQuerySet:
        """No answer yet, and not reached on the telephone."""
        return self.unanswered().living().exclude(call=Call.REACHED)

    def search(self, text: str) -> GuestQuerySet:
        """By beginnings of words of the name, or of the title."""
        words = tr_fold(clean(text)).split()
        rows = self
        for word in words:
            named = Q(person__name_fold__startswith=word) | Q(person__name_fold__contains=f" {word}")
            rows = rows.filter(named | Q(title__icontains=word))
        return rows if words else self.none()

    def arrived(self) -> GuestQuerySet:
        return self.filter(arrived_at__isnull=False)

    def places_taken(self) -> int:
        """How many places these take."""
        return int(self.aggregate(all=Sum("places"))["all"] or 0)


class Guest(PublicId):
    """Guest of an event: calls, messages, prints, answers and arrivals are separate facts.

    `places` counts the places taken: those allowed until they answer, the actual ones afterwards, none if declined.
    `rank` is their place in the order of precedence at this event, 1 the highest.
    """

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="guests", verbose_name=_("event"))
    person = models.ForeignKey(Citizen, models.PROTECT, related_name="guest_of", verbose_name=_("person"))
    status = models.CharField(
        _("status"), max_length=7, choices=GuestStatus, default=GuestStatus.LISTED, editable=False
    )
    title = models.CharField(_("office or title"), max_length=160, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    delegation = models.CharField(_("delegation"), max_length=120, blank=True)
    title_is_own = models.BooleanField(default=False, editable=False)
    rank = models.PositiveSmallIntegerField(_("place in the order of precedence"), null=True, blank=True)
    is_vip = models.BooleanField(_("received by the protocol"), default=False)
    with_spouse = models.BooleanField(_("with spouse"), default=False)
    companions_allowed = models.PositiveSmallIntegerField(_("companions at most"), default=0)
    reserve_position = models.PositiveIntegerField(_("place on the reserve list"), null=True, editable=False)
    places = models.PositiveSmallIntegerField(_("places"), default=1, editable=False)
    office_note = models.CharField(_("note of the office"), max_length=300, blank=True)

    answer = models.CharField(
        _("answer"), max_length=11, choices=Answer, default=Answer.WAITING, editable=False
    )
    companions = models.PositiveSmallIntegerField(_("companions"), default=0, editable=False)
    companion_names = models.CharField(_("names of companions"), max_length=300, blank=True, editable=False)
    representative = models.CharField(_("represented by"), max_length=160, blank=True, editable=False)
    plate = models.CharField(_("number plate"), max_length=20, blank=True, editable=False)
    diet = models.CharField(_("diet"), max_length=120, blank=True, editable=False)
    note = models.CharField(_("note of the guest"), max_length=500, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answered_via = models.CharField(_("answered"), max_length=5, choices=Via, blank=True, editable=False)

    privacy_notice = shown_notice()
    link = models.PositiveSmallIntegerField(default=1, editable=False)
    messaged_at = models.DateTimeField(_("invitation sent at"), null=True, editable=False)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("message")
    )
    held_until = models.DateTimeField(_("leaves at"), null=True, editable=False)
    """Until then the invitation waits and can be taken back; see `backend.outbox.holding`."""
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    printed_at = models.DateTimeField(_("card printed at"), null=True, editable=False)
    printed_name = models.CharField(_("name as printed"), max_length=200, blank=True, editable=False)
    call = models.CharField(_("telephone call"), max_length=12, choices=Call, blank=True, editable=False)
    calls = models.PositiveSmallIntegerField(_("number of calls"), default=0, editable=False)
    called_at = models.DateTimeField(_("called at"), null=True, editable=False)
    called_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("called by")
    )
    arrived_at = models.DateTimeField(_("arrived at"), null=True, editable=False)
    arrived_with = models.PositiveSmallIntegerField(_("arrived with"), default=0, editable=False)
    thanked_at = models.DateTimeField(_("thanked at"), null=True, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    signed_up_at = models.DateTimeField(_("signed up at"), null=True, editable=False)
    """Who put themselves on the list by the public calendar, and when."""
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GuestQuerySet.as_manager()

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        default_permissions = ()
        triggers = [notice_stays()]
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="a_person_once_at_an_event"),
            models.CheckConstraint(
                condition=Q(answer=Answer.WAITING, answered_at__isnull=True)
                | (~Q(answer=Answer.WAITING) & Q(answered_at__isnull=False)),
                name="a_guest_who_answered_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(answer=Answer.REPRESENTED) & ~Q(representative=""))
                | (~Q(answer=Answer.REPRESENTED) & Q(representative="")),
                name="a_representative_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(companions__lte=F("companions_allowed")), name="no_more_companions_than_allowed"
            ),
            models.CheckConstraint(
                condition=Q(status=GuestStatus.RESERVE, reserve_position__isnull=False)
                | (~Q(status=GuestStatus.RESERVE) & Q(reserve_position__isnull=True)),
                name="the_reserve_has_an_order",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "status", "answer"], name="guest_of_event"),
            models.Index(fields=["event", "rank", "id"], name="guest_by_rank"),
            models.Index(fields=["event", "id"], name="guest_in_order"),
            models.Index(fields=["event", "arrived_at", "id"], name="guest_by_arrival"),
            models.Index(TrFold("organisation"), name="guest_written", condition=~Q(organisation="")),
        ]

    def __str__(self) -> str:
        return self.printed_name or str(self.person)

    def acquire_lock(self, *named: object) -> None:
        """Before the row is locked for an action: its event, whose places are counted and whose reserve moves up."""
        self.event.__class__._default_manager.select_for_update(of=("self",)).get(pk=self.event_id)

    @property
    def expected(self) -> int:
        """Number of people who come: the guest or a representative, and companions; 0 before acceptance."""
        return 1 + self.companions if self.answer in ATTENDING else 0


class GuestOrigin(models.Model):
    """That a guest is in a group. Who is in two is one guest with two origins."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="origins")
    group = models.ForeignKey(GuestGroup, models.CASCADE, related_name="origins")

    class Meta:
        verbose_name = _("origin of a guest")
        verbose_name_plural = _("origins of guests")
        default_permissions = ()
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["guest", "group"], name="a_guest_once_in_a_group")]

    def __str__(self) -> str:
        return str(self.group)


class GuestLine(AuditEntry):
    """The story of a guest: what they answered, what was changed, who called. Old values stand in `details`."""

    guest = models.ForeignKey(Guest, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=7, choices=GuestStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=7, choices=GuestStatus, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of a guest")
        verbose_name_plural = _("story lines of guests")
        default_permissions = ()
        indexes = [models.Index(fields=["guest", "-at", "-id"], name="line_of_guest")]

    def __str__(self) -> str:
        return self.verb


class Arrival(models.Model):
    """One scan or tick at the door. `client_id` is made by the device, so that a scan sent twice is one row."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="arrivals")
    guest = models.ForeignKey(Guest, models.CASCADE, related_name="arrivals")
    client_id = models.UUIDField(_("scan"), unique=True)
    at = models.DateTimeField(_("at"))
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    people = models.PositiveSmallIntegerField(_("people"), default=1)
    is_first = models.BooleanField(_("first scan"))
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["guest"], condition=Q(is_first=True), name="a_guest_arrives_once")
        ]
        indexes = [models.Index(fields=["event", "-at", "-id"], name="arrival_of_event")]

    def __str__(self) -> str:
        return clock_text(self.at)
