"""Programs that ask through GraphQL: clients with their secrets, limits and trusted documents; bearer tokens; the
answers they may ask for again."""

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from backend.core.at_rest.columns import WriteOnlyField
from backend.core.models import PublicId


class Scope(models.TextChoices):
    """What a token may do at most; its account's own permissions still decide which rows.

    SUBMIT and FOLLOW are those of a portal: they need no permission of the account and open nothing but what that
    account itself brought, in the citizen's words. TRACK makes FOLLOW reach every case whose tracking code is named, as
    the municipality's own page does. Only the account of a program has them.
    """

    READ = "READ", _("Read")
    WRITE = "WRITE", _("Record and change")
    CONTACTS = "CONTACTS", _("See who the citizen is")
    SUBMIT = "SUBMIT", _("Bring in on behalf of citizens")
    FOLLOW = "FOLLOW", _("Follow what it brought, and answer for the citizen")
    TRACK = "TRACK", _("Follow every application by its tracking code")


FOR_PROGRAMS = frozenset({Scope.SUBMIT, Scope.FOLLOW, Scope.TRACK})
"""Scopes that act for citizens, reserved to programs."""


def token_digest(secret: str) -> str:
    """SHA-256 of the secret: it has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ClientQuerySet(models.QuerySet["Client"]):
    def open(self) -> "ClientQuerySet":
        return self.filter(closed_at__isnull=True)


class Client(PublicId):
    """A program of a third party, that asks as its account. The limits are what it may ask a minute, and at once.

    Closed, none of its secrets and tokens works any more; what it brought stays.
    """

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="client", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    contact_name = models.CharField(_("contact"), max_length=120)
    contact_email = models.EmailField(_("e-mail of the contact"))
    contact_phone = PhoneNumberField(_("phone of the contact"), blank=True)
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope.choices), verbose_name=_("scopes"))
    requests_per_minute = models.PositiveIntegerField(_("requests a minute"), default=120)
    cost_per_minute = models.PositiveIntegerField(_("cost a minute"), default=100_000)
    cost_per_document = models.PositiveIntegerField(_("cost of one document"), default=10_000)
    documents_only = models.BooleanField(_("trusted documents only"), default=False)
    open311 = models.BooleanField(_("Open311 as well"), default=False)  # for one of trusted documents only
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(requests_per_minute__gt=0, cost_per_document__gt=0)
                & Q(cost_per_minute__gte=models.F("cost_per_document")),
                name="client_may_ask",
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="client_newest")]

    def __str__(self) -> str:
        return self.name


class ClientSecretQuerySet(models.QuerySet["ClientSecret"]):
    def live(self, at: dt.datetime | None = None) -> "ClientSecretQuerySet":
        """Neither revoked nor past its end, of a client that is open."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=at or timezone.now()),
            revoked_at__isnull=True,
            client__closed_at__isnull=True,
        )

    def bearing(self, secret: str) -> "ClientSecretQuerySet":
        return self.filter(pk=Func(Value(token_digest(secret)), function="app.client_secret_of"))


class ClientSecret(PublicId):
    """What a client proves itself with when it asks for a token. Only the digest is kept.

    Two may be live at once: the former one until `expires_at`, so that a program changes over without a gap.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="secrets", verbose_name=_("client"))
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = WriteOnlyField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("issued at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    expires_at = models.DateTimeField(_("ends at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = ClientSecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("client secret")
        verbose_name_plural = _("client secrets")
        default_permissions = ()
        indexes = [models.Index(fields=["client", "-created_at", "-id"], name="client_secret_newest")]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class TrustedDocumentQuerySet(models.QuerySet["TrustedDocument"]):
    def live(self) -> "TrustedDocumentQuerySet":
        return self.filter(retired_at__isnull=True)


class TrustedDocument(PublicId):
    """A GraphQL document that a client registered, named by the SHA-256 of its text; its text never changes."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="documents", verbose_name=_("client"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    name = models.CharField(_("operation"), max_length=120, editable=False)
    text = models.TextField(_("text"), editable=False)
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    objects = TrustedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted document")
        verbose_name_plural = _("trusted documents")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["client", "sha256"], name="trusted_document_once"),
        ]
        indexes = [
            models.Index(fields=["client", "-registered_at", "-id"], name="trusted_document_newest"),
            models.Index(fields=["sha256"], name="trusted_document_sha"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:10]}…)"


class Use(models.Model):
    """What a client asked for within a time: requests that were taken, their cost, how many of them failed, and how
    many were refused because a limit was reached."""

    requests = models.PositiveIntegerField(_("requests"), default=0)
    cost = models.PositiveBigIntegerField(_("cost"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    refused = models.PositiveIntegerField(_("refused by a limit"), default=0)

    class Meta:
        abstract = True


class ClientMinute(Use):
    """The minute in which a client asks now, and those that no job has added up yet. All processes count here."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()

    class Meta:
        verbose_name = _("use in a minute")
        verbose_name_plural = _("uses in a minute")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["client", "minute"], name="client_minute_once")]

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M}"


class ClientHour(Use):
    """What a client used in an hour; kept for 400 days, so that a month is compared with that of a year before."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="hours")
    hour = models.DateTimeField()

    class Meta:
        verbose_name = _("use in an hour")
        verbose_name_plural = _("uses in an hour")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["client", "hour"], name="client_hour_once")]
        indexes = [models.Index(fields=["hour"], name="client_hour_age")]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H}"


class Outcome(models.TextChoices):
    """What became of it when a program asked for a token."""

    ISSUED = "ISSUED", _("Token issued")
    REVOKED = "REVOKED", _("Token revoked by the program")
    WRONG_SECRET = "WRONG_SECRET", _("Wrong, ended or revoked secret")
    UNKNOWN = "UNKNOWN", _("No such client")
    CLOSED = "CLOSED", _("The client is closed")
    SCOPE = "SCOPE", _("A scope that it may not have")
    THROTTLED = "THROTTLED", _("Too many wrong secrets")
    LIMITED = "LIMITED", _("Over a limit of the client")


class ClientAttempt(models.Model):
    """Attempt to get a token, and its result. `client` is empty for an unknown name, whose digest is stored to
    count wrong secrets. Kept for 30 days."""

    client = models.ForeignKey(Client, models.CASCADE, null=True, related_name="attempts")
    named = models.CharField(max_length=64, default="", editable=False)  # SHA-256
    at = models.DateTimeField(_("at"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    address = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        verbose_name = _("request for a token")
        verbose_name_plural = _("requests for a token")
        default_permissions = ()
        indexes = [
            models.Index(fields=["client", "-at", "-id"], name="client_attempt_newest"),
            models.Index(fields=["address", "-at"], name="client_attempt_address"),
            models.Index(fields=["at"], name="client_attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: dt.datetime | None = None) -> "ApiTokenQuerySet":
        """Neither revoked nor expired, of an active account and of no client that was closed."""
        return self.filter(
            revoked_at__isnull=True,
            user__is_active=True,
            client__closed_at__isnull=True,
            expires_at__gt=at or timezone.now(),
        )

    def bearing(self, secret: str) -> "ApiTokenQuerySet":
        return self.filter(pk=Func(Value(token_digest(secret)), function="app.token_of"))


class ApiToken(PublicId):
    """Bearer token.

    Only the digest of its secret is stored; `prefix` identifies it for people. With a `client` its requests are
    counted, and held to the client's limits.
    """

    client = models.ForeignKey(
        Client, models.PROTECT, null=True, blank=True, related_name="tokens", verbose_name=_("client")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = WriteOnlyField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope.choices), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("issued at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")), name="token_expires_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentResponse(models.Model):
    """Stored response of a request with an `Idempotency-Key`, for repetitions within a day.

    Written in the transaction of the request, so that rolled back requests leave none.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account")
    )
    idempotency_key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of the operation
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("stored answer")
        verbose_name_plural = _("stored answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "idempotency_key"], name="idempotent_response_once")
        ]
        indexes = [models.Index(fields=["at"], name="idempotent_response_age")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


from backend.portals.webhooks.models import (  # noqa: E402 - they hang on the clients above
    WebhookAttempt as WebhookAttempt,
)
from backend.portals.webhooks.models import WebhookDelivery as WebhookDelivery  # noqa: E402
from backend.portals.webhooks.models import WebhookEndpoint as WebhookEndpoint  # noqa: E402
