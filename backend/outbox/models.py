"""Messages that leave the house. The row is written in the action's own transaction; a worker sends it after."""

import datetime as dt
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ACCOUNT_LINK = "account_link"
"""The purpose of a message with a link that opens an account: its text is forgotten once it has left."""

LISTED = "press_release"
"""The purpose of mails to a list, which each address can leave."""
CONTACT_CODE = "contact_code"
"""The purpose of a message with a code that proves a contact."""
CODE_LIVES = dt.timedelta(minutes=15)
"""So long such a code works; a message that could not leave by then is of no use, and wakes people at night."""


class Message(models.Model):
    """One message to one address. Its key is also its Message-ID, so that sending twice is seen to be the same."""

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("E-mail")
        SMS = "SMS", _("SMS")
        WHATSAPP = "WHATSAPP", _("WhatsApp")

    class Status(models.TextChoices):
        WAITING = "WAITING", _("Waiting to be sent")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Failed")
        RECALLED = "RECALLED", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    address = models.CharField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    calendar = models.TextField(_("calendar file"), blank=True, editable=False)
    files = models.JSONField(_("files"), default=list, db_default=[], blank=True, editable=False)
    """The stored files that a mail carries: where each is, its name and its type."""
    purpose = models.CharField(_("purpose"), max_length=60)
    language = models.CharField(max_length=2, default="tr", db_default="tr", editable=False)
    """Of its text, and so of its frame: the foot, and what a button says."""
    thread = models.CharField(
        _("thread"), max_length=32, blank=True, default="", db_default="", editable=False
    )
    """The tag of the matter and the address, of a message about one (`backend.outbox.threads`)."""
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    not_before = models.DateTimeField(_("leaves at"), null=True, editable=False)
    """It waits until then, by PostgreSQL's clock, and can be taken back; None: it leaves at once."""
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, editable=False)
    failed_at = models.DateTimeField(_("failed at"), null=True, editable=False)
    gateway = models.CharField(max_length=36, blank=True, default="", db_default="", editable=False)
    """By whom it was handed over last, who alone reports of it: the key of a line of ours, or the name of a port."""
    provider_id = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    """How the provider names a message that it took, in its reports; WhatsApp's name bears the telephone."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    last_error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outbox")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-created_at", "id"], name="message_newest"),
            models.Index(fields=["created_at"], condition=models.Q(status="WAITING"), name="message_waiting"),
            models.Index(fields=["created_at"], condition=models.Q(status="FAILED"), name="message_failed"),
            models.Index(
                fields=["thread", "sent_at"], condition=~models.Q(thread=""), name="message_of_thread"
            ),
            models.Index(
                fields=["address", "sent_at"], condition=~models.Q(thread=""), name="message_in_hour"
            ),
            models.Index(
                fields=["provider_id"], condition=~models.Q(provider_id=""), name="message_of_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.purpose}"


class SmsPart(models.Model):
    """A part of a text that a message centre has: it is not sent again, whatever becomes of the process that sent it.

    `reference`: what the parts of one text have in common; `provider_id`: how the centre names it, in its receipt;
    `outcome`: what that receipt says, "" before it.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="parts", editable=False)
    number = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    reference = models.PositiveSmallIntegerField()
    provider_id = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, blank=True, default="")
    outcome_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("part of a text message")
        verbose_name_plural = _("parts of text messages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="a_part_is_taken_once"),
        ]
        indexes = [
            models.Index(
                fields=["provider_id"], condition=~models.Q(provider_id=""), name="sms_part_of_provider"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"
