"""A number of the municipality to which citizens write, with what its gateway proves itself by."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from backend.core import sealing
from backend.core.models import PublicId
from backend.mailboxes.choices import Channel, Purpose
from backend.organization.models import Department

ABOUT = b"message line secret"
OF_A_MAILBOX = models.Q(
    channel="MAIL",
    mailbox__isnull=False,
    uid_validity__isnull=False,
    uid__isnull=False,
    line__isnull=True,
)
OF_A_LINE = ~models.Q(channel="MAIL") & models.Q(
    mailbox__isnull=True, uid_validity__isnull=True, uid__isnull=True, line__isnull=False
)
"""What a message has of the one and of the other."""


class MessageLineQuerySet(models.QuerySet["MessageLine"]):
    """The filters that everybody shares."""

    def active(self) -> MessageLineQuerySet:
        return self.filter(is_active=True)

    def sending(self) -> str:
        """The key of the line by whose gateway our SMS leave; "" for none."""
        return str(self.active().filter(sends=True).values_list("key", flat=True).first() or "")


class MessageLine(PublicId):
    """A number of a unit for SMS or WhatsApp. `account`: how the provider names it, where that is not the number."""

    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    number = models.CharField(_("number"), max_length=20)
    account = models.CharField(_("number's ID at the provider"), max_length=60, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="message_lines", verbose_name=_("department")
    )
    purpose = models.CharField(
        _("what its messages become"), max_length=12, choices=Purpose, default=Purpose.COMPLAINTS
    )
    secret = models.BinaryField(editable=False)
    """What the gateway proves itself with, sealed: a bearer token, or the key of its signatures."""
    token = models.BinaryField(default=b"", editable=False)
    """What we prove ourselves with at the provider, sealed; empty where the gateway has a setting for that."""
    template = models.CharField(_("template for the first word"), max_length=60, blank=True)
    """The approved template of WhatsApp with one parameter, by which we write outside of the twenty-four hours."""
    sends = models.BooleanField(_("our SMS leave by its gateway"), default=False)
    """Of SMS, one at most: only its calls report of what we sent. A line of WhatsApp sends what answers it."""
    is_active = models.BooleanField(_("in use"), default=True)
    heard_at = models.DateTimeField(_("last heard from at"), null=True, editable=False)
    """When the gateway last called us."""
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    objects = MessageLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("message line")
        verbose_name_plural = _("message lines")
        default_permissions = ()
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "number"], name="a_number_is_one_line"),
            models.UniqueConstraint(
                fields=["channel"], condition=models.Q(sends=True), name="sms_leave_by_one_line"
            ),
            models.CheckConstraint(condition=~models.Q(channel="MAIL"), name="a_mailbox_is_no_line"),
        ]

    def __str__(self) -> str:
        return self.name

    def seal_secret(self, secret: str) -> None:
        """Take another secret of the gateway; the caller saves the row."""
        self.secret = sealing.seal(secret, ABOUT)

    def read_secret(self) -> str:
        """WrongKeyError where it was sealed with another key."""
        return sealing.unseal(self.secret, ABOUT)

    def seal_token(self, token: str) -> None:
        """Take another token for the provider; the caller saves the row."""
        self.token = sealing.seal(token, ABOUT)

    def read_token(self) -> str:
        """ "" where there is none. WrongKeyError where it was sealed with another key."""
        return sealing.unseal(self.token, ABOUT) if self.token else ""

    @property
    def verification(self) -> str:
        """The word by which a provider and we know each other when it is first pointed to us (WhatsApp's verify
        token)."""
        return salted_hmac("message_line.verification", self.key.hex, algorithm="sha256").hexdigest()[:32]
