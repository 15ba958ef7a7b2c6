"""What may happen to an API token."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.journal.actions import record
from backend.organization.models import User
from backend.portals.models import FOR_PROGRAMS, ApiToken, Client, Scope, token_digest

PREFIX, CLIENT_PREFIX = "okm_", "okc_"
"""How a token begins: the second is a client's, so that only those are counted."""


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Iterable[str], expires_at: dt.datetime, by: User | None
) -> tuple[ApiToken, str]:
    """Issue a token and its secret, which is shown once.

    For the account of a program, or for one's own: INVALID for another person's, whose rights `by` would get. A token
    of a client's account belongs to the client: counted, limited, and with its scopes only. Only the command line (no
    `by`) issues uncounted tokens, for any account. Speaking for citizens is reserved to programs.
    """
    _require_holder(user, by)
    scopes = sorted(set(scopes))
    if not scopes or set(scopes) - set(Scope.values):
        raise DomainError(ErrorCode.INVALID, _("Choose at least one of the listed scopes."), field="scopes")
    if FOR_PROGRAMS.intersection(scopes) and not user.is_program:
        message = _(
            "Only the account of a program speaks for citizens. Leave this scope out, or choose a program."
        )
        raise DomainError(ErrorCode.INVALID, message, field="scopes")
    if expires_at <= timezone.now():
        raise DomainError(ErrorCode.INVALID, _("The expiry must lie in the future."), field="expires_at")
    client = Client.objects.filter(account=user).first() if by is not None else None
    if client is not None and client.closed_at is not None:
        raise DomainError(
            ErrorCode.INVALID, _("The client of this account is closed. Reopen it first."), field="user"
        )
    if client is not None and not set(scopes) <= set(client.scopes):
        message = _("The client of this account may not have all of these scopes. Change the client first.")
        raise DomainError(ErrorCode.INVALID, message, field="scopes")
    secret = (CLIENT_PREFIX if client else PREFIX) + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        client=client,
        name=name,
        prefix=secret[:10],
        digest=token_digest(secret),
        scopes=scopes,
        expires_at=expires_at,
        created_by=by,
    )
    record(verb="token_issued", about=token, by=by, note=f"{user.username}: {', '.join(scopes)}")
    return token, secret


def _require_holder(user: User, by: User | None) -> None:
    if not user.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed. Reopen it first."), field="user")
    if by is not None and user.pk != by.pk and not user.is_program:
        message = _(
            "A token is issued for a program or for oneself, not for another person. Open an account for the program."
        )
        raise DomainError(ErrorCode.INVALID, message, field="user")


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """The token stops working at once. A second call changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record(verb="token_revoked", about=token, by=by, note=token.user.username)
