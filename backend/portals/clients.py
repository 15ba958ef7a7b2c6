"""Actions on clients of third parties: register, change, issue secrets, close."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import email_address, phone_number
from backend.core.words.text import clean
from backend.journal.actions import record
from backend.organization.models import User
from backend.portals.models import ApiToken, Client, ClientSecret, Scope, token_digest

SECRET_PREFIX = "oks_"  # noqa: S105 - how a secret begins
LONGEST_OVERLAP = 90
"""Days that a former secret may still work after a new one was made."""
LIMITS = ("requests_per_minute", "cost_per_minute", "cost_per_document")
LARGEST = 10_000_000


class EssentialFields(TypedDict, total=False):
    name: str
    contact_name: str
    contact_email: str
    scopes: Iterable[str]


class Facts(TypedDict, total=False):
    """What has a usual value for a client."""

    contact_phone: str
    requests_per_minute: int
    cost_per_minute: int
    cost_per_document: int
    documents_only: bool
    open311: bool


class ChangeFields(EssentialFields, Facts, total=False): ...


CHANGEABLE = tuple(ChangeFields.__annotations__)


@transaction.atomic
def register_client(
    *,
    account: User,
    name: str,
    contact_name: str,
    contact_email: str,
    scopes: Iterable[str],
    by: User | None,
    **facts: Unpack[Facts],
) -> tuple[Client, str]:
    """A new client and its first secret, which is shown this once.

    INVALID, naming the field, for the account of a person, of a program that was closed, or that is a client already.
    """
    account = User.objects.select_for_update().get(pk=account.pk)
    if not account.is_program:
        message = _("This is the account of a person. Choose or open the account of a program.")
        raise DomainError(ErrorCode.INVALID, message, field="account")
    if not account.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed. Reopen it first."), field="account")
    if Client.objects.filter(account=account).exists():
        message = _("This account has a client already. Change that one, or open another account.")
        raise DomainError(ErrorCode.DUPLICATE, message, field="account")
    values = {"name": name, "contact_name": contact_name, "contact_email": contact_email, "scopes": scopes}
    client = Client(account=account, created_by=by)
    _put(client, values | facts)
    client.save()
    record(verb="client_registered", about=client, by=by, note=", ".join(client.scopes))
    return client, _new_secret(client, by)[1]


@transaction.atomic
def change_client(client: Client, *, by: User | None, **changes: Unpack[ChangeFields]) -> None:
    """Change the passed fields; a revoked scope is at once removed from issued tokens.

    INVALID names the field; CONFLICT for a closed client.
    """
    _require_open(client)
    before = {name: getattr(client, name) for name in CHANGEABLE}
    _put(client, changes)
    changed = [name for name in CHANGEABLE if getattr(client, name) != before[name]]
    if changed:
        client.version += 1
        client.save()
        record(verb="client_changed", about=client, by=by, note=_told(client, changed))


def _told(client: Client, changed: list[str]) -> str:
    """What changed, for the journal: the contact by the name of the field alone."""
    personal = {"contact_name", "contact_email", "contact_phone"}
    items = [name if name in personal else f"{name}={getattr(client, name)}" for name in changed]
    return ", ".join(items)


@transaction.atomic
def rotate_secret(client: Client, *, by: User | None, overlap_days: int = 7) -> tuple[ClientSecret, str]:
    """A new secret, shown this once; those that are live end in `overlap_days` (0: at once) or as they would anyway."""
    _require_open(client)
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        message = _("The former secret may work for 0 to %(most)s days more.") % {"most": LONGEST_OVERLAP}
        raise DomainError(ErrorCode.INVALID, message, field="overlap_days")
    Client.objects.select_for_update().get(pk=client.pk)  # two who rotate at once make one after the other
    now = timezone.now()
    end = now + dt.timedelta(days=overlap_days)
    for former in client.secrets.live(now):
        former.expires_at = min(former.expires_at or end, end)
        former.save(update_fields=["expires_at"])
    made, secret = _new_secret(client, by)
    record(verb="secret_rotated", about=client, by=by, note=f"{made.prefix}…, {overlap_days}")
    return made, secret


@transaction.atomic
def revoke_secret(secret: ClientSecret, *, by: User | None, with_tokens: bool = True) -> None:
    """The secret works no more; `with_tokens` (usual): nor do the tokens that the client has. A second call changes
    nothing."""
    now = timezone.now()
    if not ClientSecret.objects.filter(pk=secret.pk, revoked_at__isnull=True).update(revoked_at=now):
        return
    if with_tokens:
        ApiToken.objects.filter(client=secret.client_id, revoked_at__isnull=True).update(revoked_at=now)
    record(verb="secret_revoked", about=secret.client, by=by, note=f"{secret.prefix}…")


@transaction.atomic
def close_client(client: Client, *, by: User | None) -> None:
    """No secret and no token of it works from now on; what it brought stays, its account too. A second call changes
    nothing."""
    now = timezone.now()
    if not Client.objects.filter(pk=client.pk, closed_at__isnull=True).update(closed_at=now):
        return
    client.secrets.filter(revoked_at__isnull=True).update(revoked_at=now)
    client.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    record(verb="client_closed", about=client, by=by)


@transaction.atomic
def reopen_client(client: Client, *, by: User | None) -> str:
    """The client may ask again, with the secret that is returned this once; the former ones stay revoked.

    CONFLICT for a client that is open.
    """
    if not Client.objects.filter(pk=client.pk, closed_at__isnull=False).update(closed_at=None):
        raise DomainError(ErrorCode.CONFLICT, _("This client is open."))
    client.refresh_from_db()
    record(verb="client_reopened", about=client, by=by)
    return _new_secret(client, by)[1]


def _new_secret(client: Client, by: User | None) -> tuple[ClientSecret, str]:
    secret = SECRET_PREFIX + secrets.token_urlsafe(32)
    made = ClientSecret.objects.create(
        client=client, prefix=secret[:10], digest=token_digest(secret), created_by=by
    )
    return made, secret


def _require_open(client: Client) -> None:
    if client.closed_at is not None:
        raise DomainError(ErrorCode.CONFLICT, _("This client was closed. Reopen it first."))


def _put(client: Client, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in CHANGEABLE:
            raise TypeError(f"a client has no {name}")
        setattr(client, name, clean(value) if isinstance(value, str) else value)
    _check_contact(client)
    _check_limits(client)
    client.scopes = sorted(set(client.scopes))
    if not client.scopes or set(client.scopes) - set(Scope.values):
        raise DomainError(ErrorCode.INVALID, _("Choose at least one of the listed scopes."), field="scopes")


def _check_contact(client: Client) -> None:
    for name, most in (("name", 120), ("contact_name", 120), ("contact_email", 254)):
        if not 0 < len(getattr(client, name)) <= most:
            raise _invalid(name, _("Fill this in, with at most %(most)s letters.") % {"most": most})
    client.contact_phone = phone_number(str(client.contact_phone or ""), "contact_phone")
    email_address(client.contact_email, "contact_email")


def _check_limits(client: Client) -> None:
    for name in LIMITS:
        if not 0 < getattr(client, name) <= LARGEST:
            raise _invalid(name, _("A whole number from 1 to %(most)s.") % {"most": LARGEST})
    most = settings.GRAPHQL_LIMITS["cost"]
    if client.cost_per_document > most:
        message = _("No document may cost more than %(most)s.") % {"most": most}
        raise _invalid("cost_per_document", message)
    if client.cost_per_minute < client.cost_per_document:
        raise _invalid("cost_per_minute", _("A minute must allow at least what one document may cost."))


def _invalid(field: str, message: Any) -> DomainError:
    return DomainError(ErrorCode.INVALID, message, field=field)
