"""Programs that ask through GraphQL: their bearer tokens, and the answers they may ask for again."""

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.models import Keyed


class Scope(models.TextChoices):
    """What a token may do at most; its account's own permissions still decide which rows."""

    READ = "READ", _("Read")
    WRITE = "WRITE", _("Record and change")
    CONTACTS = "CONTACTS", _("See who the citizen is")


def token_digest(secret: str) -> str:
    """SHA-256 of the secret: it has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, at: dt.datetime | None = None) -> "ApiTokenQuerySet":
        """Neither revoked nor expired, of an active account."""
        return self.filter(revoked_at__isnull=True, user__is_active=True).filter(
            expires_at__gt=at or timezone.now()
        )

    def bearing(self, secret: str) -> "ApiTokenQuerySet":
        return self.filter(digest=token_digest(secret))


class ApiToken(Keyed):
    """A bearer token. Only the digest of its secret is kept; `prefix` is what people recognise it by."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("account")
    )
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
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


class GivenAnswer(models.Model):
    """What was answered to a request that bore an `Idempotency-Key`, for whoever sends the same again within a day.

    Written in the transaction of the request: what was undone was not answered.
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
        verbose_name = _("given answer")
        verbose_name_plural = _("given answers")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "idempotency_key"], name="given_answer_once")]
        indexes = [models.Index(fields=["at"], name="given_answer_age")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
