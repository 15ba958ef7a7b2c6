"""Webhook endpoints of clients, deliveries and attempts."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import PublicId


class WebhookEvent(models.TextChoices):
    """Events of webhooks, as named in the payload."""

    COMPLAINT_CHANGED = "complaint.changed", _("A case goes on")
    COMPLAINT_ANSWERED = "complaint.answered", _("A case was answered")
    COMPLAINT_ENDED = "complaint.ended", _("A case ended")
    COMPLAINT_IMPORTED = "complaint.imported", _("Many cases came in at once")
    MESSAGE_RECEIVED = "message.received", _("The applicant wrote")
    MESSAGE_SENT = "message.sent", _("A message to the applicant left")
    MESSAGE_DELIVERED = "message.delivered", _("A message to the applicant was delivered")
    MESSAGE_FAILED = "message.failed", _("A message to the applicant could not be delivered")
    TEST = "webhook.test", _("Test")


CHOOSABLE = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)


class SwitchedOff(models.TextChoices):
    """Reason for switching an endpoint off."""

    BY_HAND = "BY_HAND", _("Switched off by hand")
    FAILING = "FAILING", _("It failed for days")
    GONE = "GONE", _("It answered that it is gone (410)")


class WebhookEndpoint(PublicId):
    """Webhook endpoint of a client. `place` is the cursor of processed events. `missed_since` to `missed_until`:
    the period without delivery."""

    client = models.ForeignKey(
        "portals.Client", models.PROTECT, related_name="webhook_endpoints", verbose_name=_("client")
    )
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(
        models.CharField(max_length=24, choices=[(one.value, one.label) for one in CHOOSABLE]),
        verbose_name=_("webhook events"),
    )
    secret = models.BinaryField(editable=False)
    former_secret = models.BinaryField(null=True, editable=False)
    former_until = models.DateTimeField(_("former secret ends at"), null=True, editable=False)
    place = models.TextField(editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    missed_since = models.DateTimeField(null=True, editable=False)
    missed_until = models.DateTimeField(null=True, editable=False)
    off_at = models.DateTimeField(_("switched off at"), null=True, editable=False)
    off_because = models.CharField(
        _("why it is off"), max_length=8, choices=SwitchedOff, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["client", "url"], name="webhook_address_once")]
        indexes = [models.Index(fields=["-created_at", "-id"], name="webhook_newest")]

    def __str__(self) -> str:
        return self.url

    @property
    def is_on(self) -> bool:
        return self.off_at is None


class DeliveryStatus(models.TextChoices):
    """How far a delivery is."""

    WAITING = "WAITING", _("To be sent")
    DELIVERED = "DELIVERED", _("Taken")
    FAILED = "FAILED", _("Given up")
    WITHHELD = "WITHHELD", _("Withheld")


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, at: dt.datetime | None = None) -> DeliveryQuerySet:
        """To be sent now: waiting, to an endpoint that is on."""
        return self.filter(
            status=DeliveryStatus.WAITING, next_at__lte=at or timezone.now(), endpoint__off_at__isnull=True
        )


class WebhookDelivery(PublicId):
    """One message to one endpoint. Its text is written once: what is sent again is the same, under the same id."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.PROTECT, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.CharField(_("webhook event"), max_length=24, choices=WebhookEvent)
    body = models.TextField(_("text"))
    change_event = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)  # a number and no edge: cases lie above
    created_at = models.DateTimeField(_("written at"), default=timezone.now, editable=False)
    status = models.CharField(
        _("status"), max_length=9, choices=DeliveryStatus, default=DeliveryStatus.WAITING, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_at = models.DateTimeField(_("next attempt at"), null=True, editable=False)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "change_event"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=~Q(status=DeliveryStatus.WAITING) | Q(next_at__isnull=False),
                name="webhook_waits_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_delivery_newest"),
            models.Index(
                fields=["next_at"], condition=Q(status=DeliveryStatus.WAITING), name="webhook_delivery_due"
            ),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
            models.Index(
                fields=["endpoint", "case_id", "-created_at", "-id"], name="webhook_delivery_of_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.created_at:%Y-%m-%d %H:%M}"


class WebhookAttempt(models.Model):
    """How one attempt ended. `text`: the first kilobyte of the answer, as the other side wrote it."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(_("at"), default=timezone.now)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    fault = models.CharField(_("fault"), max_length=20, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    text = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        default_permissions = ()
        indexes = [models.Index(fields=["delivery", "-at", "-id"], name="webhook_attempt_newest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status or self.fault}"
