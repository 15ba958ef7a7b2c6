"""Who invites a principal to what, and what was decided. What may happen is in `actions`.

An invitation is seen as the entry it became: where that was made confidential, only by those who read it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from backend.core.models import PublicId, SearchableQuerySet, similar_index, word_column
from backend.documents.models import StoredFile
from backend.invitations.choices import DeclineGround, DeliveryMethod, Gift, NoticeKind, Occasion, Status
from backend.journal.models import AuditEntry
from backend.outbox.models import Message
from backend.partners.models import Organisation, written_index
from backend.programme.locks import lock
from backend.programme.models import Entry, Principal

USER = settings.AUTH_USER_MODEL


class InvitationQuerySet(SearchableQuerySet, models.QuerySet["Invitation"]):
    """The filters that everybody shares."""

    lookup = "invitations"
    numbers = ("DV",)
    kinds = ("occasion",)


class Invitation(PublicId):
    """Invitation of a principal (gelen davet), and the decision with author, time and reason.

    `host` is the name on the invitation; `partner` the matching record, if known.
    """

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveIntegerField(_("number"), editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    principal = models.ForeignKey(
        Principal, models.PROTECT, related_name="invitations", verbose_name=_("who is invited")
    )
    status = models.CharField(_("status"), max_length=11, choices=Status, default=Status.NEW, editable=False)
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion)
    title = models.CharField(_("what it is"), max_length=200)
    host = models.CharField(_("who invites"), max_length=160)
    partner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("partner"),
    )
    contact = models.CharField(_("whom to answer"), max_length=160, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    wish = models.CharField(_("what they wish"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    answer_by = models.DateField(_("answer wanted by"), null=True, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, editable=False, related_name="invitation", verbose_name=_("entry")
    )
    deputy = models.ForeignKey(
        Principal,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("representing principal"),
    )
    representative = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("representative")
    )
    representative_name = models.CharField(
        _("representative's name"), max_length=160, blank=True, editable=False
    )
    ground = models.CharField(
        _("reason stated"), max_length=9, choices=DeclineGround, blank=True, editable=False
    )
    reason = models.TextField(_("reason"), blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    registered_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    registered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("recorded by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    words = word_column("title", "host", "place")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="invitation_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="invitation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ATTENDING) | Q(entry__isnull=False),
                name="what_is_attended_is_in_the_programme",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REPRESENTED)
                | Q(deputy__isnull=False)
                | Q(representative__isnull=False)
                | ~Q(representative_name=""),
                name="a_representative_is_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="invitation_by_time"),
            models.Index(fields=["principal", "status", "starts_at", "id"], name="invitation_of_principal"),
            written_index("host", "invitation_written"),
            models.Index(
                fields=["partner", "starts_at", "id"],
                condition=Q(partner__isnull=False),
                name="invitation_of_partner",
            ),
            GinIndex(fields=["words"], name="invitation_words"),
            similar_index("title", "invitation_alike"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def who_represents(self) -> str:
        if self.deputy is not None:
            return self.deputy.name
        return str(self.representative) if self.representative else self.representative_name

    def acquire_lock(self, *named: object) -> None:
        """Before the row is locked for an action: the locks of the programmes that it may change."""
        others = [row.pk for row in named if isinstance(row, Principal)]
        lock(*filter(None, [self.principal_id, self.deputy_id, *others]))


class InvitationLine(AuditEntry):
    """The story of an invitation: one line a verb."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="lines")
    verb = models.CharField(_("what"), max_length=40)
    from_status = models.CharField(_("from"), max_length=11, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=11, choices=Status, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("story line of an invitation")
        verbose_name_plural = _("story lines of invitations")
        default_permissions = ()
        indexes = [models.Index(fields=["invitation", "-at", "-id"], name="line_of_invitation")]

    def __str__(self) -> str:
        return self.verb


class InvitationNotice(PublicId):
    """Message sent to the host, with time and delivery method."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=9, choices=NoticeKind)
    body = models.TextField(_("text"))
    means = models.CharField(_("means"), max_length=10, choices=DeliveryMethod)
    notified_at = models.DateTimeField(_("notified at"), default=timezone.now)
    notified_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("notified by")
    )
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("notice to the host")
        verbose_name_plural = _("notices to hosts")
        default_permissions = ()
        indexes = [models.Index(fields=["invitation", "notified_at", "id"], name="notice_of_invitation")]

    def __str__(self) -> str:
        return str(NoticeKind(self.kind).label)


class GiftOrder(PublicId):
    """Flowers, a wreath or a message: what, to where, by when, and whether it was sent."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="orders")
    gift = models.CharField(_("what is sent"), max_length=10, choices=Gift)
    text = models.CharField(_("text on it"), max_length=300, blank=True)
    address = models.CharField(_("to where"), max_length=200)
    due_at = models.DateTimeField(_("by when"))
    ordered_at = models.DateTimeField(_("ordered at"), default=timezone.now)
    ordered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("ordered by")
    )
    done_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    done_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by"))

    class Meta:
        verbose_name = _("order of flowers or a message")
        verbose_name_plural = _("orders of flowers and messages")
        default_permissions = ()
        ordering = ["due_at", "id"]

    def __str__(self) -> str:
        return str(Gift(self.gift).label)


class InvitationAttachment(StoredFile):
    """A file that came with an invitation."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="attachments")

    class Meta:
        verbose_name = _("attachment of an invitation")
        verbose_name_plural = _("attachments of invitations")
        default_permissions = ()
        indexes = [models.Index(fields=["invitation", "uploaded_at"], name="attachment_of_invitation")]
