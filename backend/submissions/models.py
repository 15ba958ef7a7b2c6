"""A submission of a person without an account, until its sender is proved: it has no number and is no case yet.

A petition counts from the day on which it was received (3071 m.7), so `received_at` becomes the case's day of receipt
whenever it is registered. What waits is never deleted: a code that did not arrive loses no petition.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.choices import Kind
from backend.complaints.models import Complaint
from backend.contacts.notices import notice_stays, shown_notice
from backend.core.localtime import moment_text
from backend.core.models import PublicId
from backend.documents.models import StoredFile
from backend.organization.models import Category, Neighbourhood
from backend.stickers.models import Sticker
from backend.submissions.choices import Status

USER = settings.AUTH_USER_MODEL
PERSONAL = ("subject", "body", "place", "first_name", "last_name", "phone", "email", "address")
"""The columns that are emptied once the case has them."""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """The filters that everybody shares."""

    def waiting(self) -> SubmissionQuerySet:
        return self.filter(status=Status.WAITING)

    def since(self, moment: dt.datetime) -> SubmissionQuerySet:
        return self.filter(received_at__gt=moment)


class Submission(PublicId):
    """One submission. `sender` and `network` are keyed digests of the address it came from; `content` is one of what
    was sent by whom, so that the same sent twice is one."""

    status = models.CharField(
        _("status"), max_length=9, choices=Status, default=Status.WAITING, editable=False
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    place = models.CharField(_("place"), max_length=300, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    sticker = models.ForeignKey(
        Sticker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("place with a QR code"),
        db_index=False,
    )
    is_anonymous = models.BooleanField(_("without a name"), default=False, editable=False)
    first_name = models.CharField(_("name"), max_length=80, blank=True)
    last_name = models.CharField(_("surname"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    identity_hidden = models.BooleanField(_("identity hidden"), default=False, db_default=False)
    privacy_notice = shown_notice()
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    is_code_sent = models.BooleanField(_("code sent"), default=False, editable=False)
    codes_sent = models.PositiveSmallIntegerField(_("codes sent"), default=0, db_default=0, editable=False)
    sender = models.CharField(max_length=32, editable=False)
    network = models.CharField(max_length=32, editable=False)
    content = models.CharField(max_length=32, editable=False)
    complaint = models.OneToOneField(
        Complaint,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("application"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("decided by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    is_repeated = False
    """Whether it was there already when it was sent just now: no row keeps this."""

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions awaiting verification")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["CONFIRMED", "ACCEPTED"], complaint__isnull=False)
                | Q(status__in=["WAITING", "REJECTED"], complaint__isnull=True),
                name="what_is_verified_is_a_case",
            ),
            models.CheckConstraint(
                condition=Q(status="WAITING") | Q(decided_at__isnull=False), name="a_decision_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at", "id"], name="submission_oldest"),
            models.Index(fields=["status", "received_at", "id"], name="submission_by_status"),
            models.Index(fields=["sender", "received_at"], name="submission_of_sender"),
            models.Index(fields=["network", "received_at"], name="submission_of_network"),
            models.Index(fields=["content", "received_at"], name="submission_same"),
        ]
        triggers = [notice_stays()]

    def __str__(self) -> str:
        return moment_text(self.received_at)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class ContactProof(PublicId):
    """A code that was sent to a telephone or an e-mail address for a portal, and the session that it opened.

    Keyed digests alone: neither who it is nor the code can be read from a row. `contact` is that of the telephone or
    e-mail address, `sender` and `network` are of where the request came from.
    """

    account = models.ForeignKey(USER, models.CASCADE, related_name="+", editable=False)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    contact = models.CharField(max_length=32, editable=False)
    sender = models.CharField(max_length=32, editable=False)
    network = models.CharField(max_length=32, editable=False)
    code_digest = models.CharField(max_length=32, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    proved_at = models.DateTimeField(_("proved at"), null=True, editable=False)
    session_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("proof of a contact")
        verbose_name_plural = _("proofs of contacts")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(proved_at__isnull=True, session_digest="")
                | (Q(proved_at__isnull=False) & ~Q(session_digest="")),
                name="a_session_follows_its_proof",
            ),
            models.UniqueConstraint(
                fields=["session_digest"], condition=~Q(session_digest=""), name="a_session_once"
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "asked_at"], name="proof_of_contact"),
            models.Index(fields=["sender", "asked_at"], name="proof_of_sender"),
            models.Index(fields=["network", "asked_at"], name="proof_of_network"),
            models.Index(fields=["asked_at"], name="proof_by_time"),
        ]

    def __str__(self) -> str:
        return moment_text(self.asked_at)


class ShareUse(PublicId):
    """What used up a share: a code that was sent (`contact` is where it went), or a file that was brought (`contact` is
    empty, `size` its bytes).

    Keyed digests alone. It stays where the code goes to another address later, and where the file is removed.
    """

    used_at = models.DateTimeField(_("used at"), default=timezone.now, editable=False)
    contact = models.CharField(max_length=32, blank=True, editable=False)
    sender = models.CharField(max_length=32, editable=False)
    network = models.CharField(max_length=32, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("use of a share")
        verbose_name_plural = _("uses of shares")
        default_permissions = ()
        indexes = [
            models.Index(fields=["contact", "used_at"], condition=~Q(contact=""), name="use_by_contact"),
            models.Index(fields=["sender", "used_at"], condition=Q(contact=""), name="use_by_sender"),
            models.Index(fields=["network", "used_at"], condition=Q(contact=""), name="use_by_network"),
            models.Index(fields=["used_at"], name="use_by_time"),
        ]

    def __str__(self) -> str:
        return moment_text(self.used_at)


class SubmissionFile(StoredFile):
    """A file that a citizen brought through a portal (`uploaded_by`) before they sent anything in.

    `bundle` is a keyed digest of what the portal calls it by until then; afterwards the submission has it, until the
    case has a copy.
    """

    bundle = models.CharField(max_length=32, editable=False)
    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        null=True,
        editable=False,
        related_name="files",
        verbose_name=_("submission"),
    )

    class Meta:
        verbose_name = _("file of a submission")
        verbose_name_plural = _("files of submissions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["bundle", "sha256"], name="a_file_once_in_a_bundle"),
        ]
        indexes = [
            models.Index(fields=["uploaded_at"], name="brought_by_time"),
        ]


class AffectedPerson(PublicId):
    """A person whom an open case of another affects too: informed once when it has ended, and then forgotten.

    The contact was proved by a code. `person` is a keyed digest of the name, so that a family's telephone shows each
    of them their own alone.
    """

    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        related_name="affected_people",
        editable=False,
        verbose_name=_("application"),
    )
    account = models.ForeignKey(USER, models.PROTECT, related_name="+", editable=False)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, editable=False)
    phone = models.CharField(_("phone"), max_length=20, blank=True, editable=False)
    person = models.CharField(max_length=32, editable=False)
    privacy_notice = shown_notice()
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now, editable=False)
    informed_at = models.DateTimeField(_("informed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("affected person")
        verbose_name_plural = _("persons affected by applications of others")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "email", "phone", "person"], name="affected_once_by_a_case"
            ),
        ]
        indexes = [
            models.Index(fields=["email", "phone"], name="affected_by_contact"),
            models.Index(fields=["informed_at", "id"], name="affected_informed"),
        ]
        triggers = [notice_stays()]

    def __str__(self) -> str:
        return moment_text(self.joined_at)
