"""Token endpoint for programs (OAuth 2, client credentials).

It runs without a signed-in user, so it acts as the system. It does not distinguish failures: a wrong, an expired and
a revoked secret, and an unknown or closed client, get one answer. Wrong secrets are throttled.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from backend.core.session import system
from backend.portals.actions import CLIENT_PREFIX
from backend.portals.models import ApiToken, Client, ClientAttempt, ClientSecret, Outcome, token_digest

LIFETIME = 3600
"""Seconds that a token works."""
WRONG, WITHIN = 10, dt.timedelta(minutes=15)
"""So many wrong secrets of one name from one address within this time, and it waits until the time is over, whether a
client has the name or not."""
OF_ADDRESS = 100
"""The same of one address, whatever clients it names."""
REFUSED = (Outcome.WRONG_SECRET, Outcome.UNKNOWN, Outcome.CLOSED)
HERE = "127.0.0.1"
"""Where what runs in our own processes asks from."""
MOST_TOKENS = 100
"""Live tokens of one client: it asks for a new one when the former ends, and not for each request."""


class Refused(Exception):  # noqa: N818 - named as the client sees it
    """`error` as RFC 6749 names it; `wait`: after so many seconds the same may be tried again."""

    def __init__(self, error: str, wait: int = 0) -> None:
        super().__init__(error)
        self.error, self.wait = error, wait


@dataclass(frozen=True)
class Issued:
    """A token, shown this once."""

    secret: str
    scopes: tuple[str, ...]
    seconds: int = LIFETIME


def issue(client_id: str, secret: str, scopes: list[str] | None, address: str) -> Issued:
    """A token for the client whose secret this is. `scopes` None: all that it may have. `address`: the line it came by.

    Refused: `invalid_client`, `invalid_scope`, `slow_down` with the seconds to wait.
    """
    with system():
        result = _proven(client_id, secret, address)
        made = _issued(result, scopes, address) if isinstance(result, Client) else result
    if isinstance(made, Refused):  # after the transaction: what was noted is kept
        raise made
    return made


def revoke(client_id: str, secret: str, token: str, address: str) -> None:
    """Revoke the token if it is this client's; other tokens get the same answer. Refused as above."""
    with system():
        result = _proven(client_id, secret, address)
        if isinstance(result, Client):
            mine = ApiToken.objects.bearing(token).filter(client=result, revoked_at__isnull=True)
            if mine.update(revoked_at=timezone.now()):
                _note(result, Outcome.REVOKED, address)
    if isinstance(result, Refused):
        raise result


def _proven(client_id: str, secret: str, address: str) -> Client | Refused:
    """The client, if the secret is one of its live ones. What is refused takes the same statements for every name."""
    key = _key(client_id)
    named = token_digest(str(key or client_id))
    client = Client.objects.select_related("account").filter(key=key or UUID(int=0)).first()
    if wait := _wait(named, address):
        _note_throttled(client, address)
        return Refused("slow_down", wait)
    now = timezone.now()
    used = list(ClientSecret.objects.live(now).bearing(secret).filter(client=client.pk if client else 0))
    outcome = Outcome.WRONG_SECRET
    if client is None:
        outcome = Outcome.UNKNOWN
    elif client.closed_at is not None or not client.account.is_active:
        outcome = Outcome.CLOSED
    # The lock of this row orders us before or after revoking the secret, or closing the client.
    elif used and ClientSecret.objects.filter(pk=used[0].pk, revoked_at__isnull=True).update(
        last_used_at=now
    ):
        return client
    _note(client, outcome, address, named)
    return Refused("invalid_client")


def _issued(client: Client, scopes: list[str] | None, address: str) -> Issued | Refused:
    asked = sorted(set(client.scopes if scopes is None else scopes))
    if not asked or not set(asked) <= set(client.scopes):
        _note(client, Outcome.SCOPE, address)
        return Refused("invalid_scope")
    now = timezone.now()
    if client.tokens.live(now).count() >= MOST_TOKENS:
        _note(client, Outcome.LIMITED, address)
        return Refused("slow_down", 60)
    secret = CLIENT_PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        client=client,
        user=client.account,
        name="OAuth 2",
        prefix=secret[:10],
        digest=token_digest(secret),
        scopes=asked,
        created_at=now,
        expires_at=now + dt.timedelta(seconds=LIFETIME),
    )
    _note(client, Outcome.ISSUED, address)
    return Issued(secret, tuple(asked))


def _key(client_id: str) -> UUID | None:
    try:
        return UUID(client_id)
    except ValueError:
        return None


def _wait(named: str, address: str) -> int:
    """Seconds until this address may try again under this name (its digest): 0 if it may now."""
    now = timezone.now()
    wrong = ClientAttempt.objects.filter(address=address, at__gt=now - WITHIN, outcome__in=REFUSED)
    for rows, most in ((wrong.filter(named=named), WRONG), (wrong, OF_ADDRESS)):
        # The oldest of the last `most`: when that is out of sight, one may be tried.
        last = rows.order_by("-at").values_list("at", flat=True)[most - 1 : most].first()
        if last is not None:
            return max(1, int((last + WITHIN - now).total_seconds()) + 1)
    return 0


def _note(client: Client | None, outcome: Outcome, address: str, named: str = "") -> None:
    ClientAttempt.objects.create(client=client, outcome=outcome, address=address, named=named)


def _note_throttled(client: Client | None, address: str) -> None:
    """Record throttling at most once a minute, so that attackers cannot fill the table."""
    lately = timezone.now() - dt.timedelta(minutes=1)
    rows = ClientAttempt.objects.filter(client=client, address=address, outcome=Outcome.THROTTLED)
    if not rows.filter(at__gt=lately).exists():
        _note(client, Outcome.THROTTLED, address)


def issue_in_process(account: str) -> Issued | None:
    """A token for the open client of a program's account, for a surface of the product that runs in its own processes.

    It has no secret to prove; None where there is no such client, or it may have no more tokens.
    """
    with system():
        rows = Client.objects.open().select_related("account")
        client = rows.filter(account__username=account, account__is_active=True).first()
        made = None if client is None else _issued(client, None, HERE)
    return made if isinstance(made, Issued) else None
