"""Access tokens of OAuth 2 for mailboxes (RFC 6749): by a person's consent with PKCE (RFC 7636), or by credentials.

They are kept sealed and renewed before they end. The address for them is asked as a webhook is: it must be public, no
redirection is followed, and its answer ends in time.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.sealing import WrongKeyError
from backend.core.session import system
from backend.journal.actions import record
from backend.mailboxes.choices import Fault, SignIn
from backend.mailboxes.imap.faults import CannotReadError
from backend.mailboxes.models import Mailbox
from backend.organization.models import User
from backend.portals.webhooks import addresses, sending

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

MARGIN, USUAL = dt.timedelta(minutes=3), dt.timedelta(hours=1)
"""So long before its end a token is renewed; so long it is presumed to live where the provider does not say."""
LONGEST, SHORTEST_LIFE, LONGEST_LIFE = 64 * 1024, 60, 10**7
_OF_CLIENT = frozenset({"invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type"})
_PASSING = frozenset({"server_error", "temporarily_unavailable", "slow_down"})
_OF_LINE = frozenset({"Connection", "Accept-Encoding", "Content-Length"})
"""Headers that belong to the line, not to the question."""


@dataclass(frozen=True)
class Known:
    """A well-known provider: where consent is asked, where tokens are, and for what."""

    authorize_url: str
    token_url: str
    scope: str


_MICROSOFT = "https://login.microsoftonline.com/organizations/oauth2/v2.0"
KNOWN = {
    "imap.gmail.com": Known(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
    ),
    "outlook.office365.com": Known(
        f"{_MICROSOFT}/authorize",
        f"{_MICROSOFT}/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    ),
}
"""By the IMAP server of a mailbox. Microsoft has client credentials at the address of one's own tenant only."""
OFFLINE = {"access_type": "offline", "prompt": "consent"}
"""What Google asks for, or it gives a token that cannot be renewed."""


@dataclass(frozen=True)
class Consent:
    """Where a person consents, and what proves afterwards that the answer is to this question. `version`: of the
    settings that it was asked for."""

    url: str
    state: str
    verifier: str
    version: int


def consent(mailbox: Mailbox, back: str) -> Consent:
    """Begin the consent to a mailbox; `back`: our page that the provider leads to then. WRONG_STATE where its client
    secret was stored under another key."""
    from authlib.common.security import generate_token

    verifier = generate_token(64)
    more = OFFLINE if mailbox.authorize_url == KNOWN["imap.gmail.com"].authorize_url else {}
    try:
        session = _session(mailbox, redirect_uri=back)
    except WrongKeyError:
        raise DomainError(ErrorCode.WRONG_STATE, Fault.KEY.label) from None
    url, state = session.create_authorization_url(
        mailbox.authorize_url, code_verifier=verifier, login_hint=mailbox.login, **more
    )
    return Consent(url, state, verifier, mailbox.version)


def connect(mailbox: Mailbox, *, by: User | None, code: str, verifier: str, version: int, back: str) -> None:
    """Take what the provider answered to a consent: from now on the mailbox is read by it.

    WRONG_STATE where the provider refuses, or gives what cannot be renewed, or the settings are no longer those that it
    was asked for: neither the code nor a secret goes to another address.
    """
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if mailbox.version != version:
        message = _("The settings were changed meanwhile. Press “Connect” again.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    try:
        token = _asked(
            mailbox,
            lambda session: session.fetch_token(mailbox.token_url, code=code, code_verifier=verifier),
            redirect_uri=back,
        )
    except CannotReadError as error:
        raise DomainError(ErrorCode.WRONG_STATE, Fault(error.fault).label) from None
    except WrongKeyError:
        raise DomainError(ErrorCode.WRONG_STATE, Fault.KEY.label) from None
    if not token.get("refresh_token"):
        message = _(
            "The provider gave no permission that lasts. Allow “offline access” there and connect it again."
        )
        raise DomainError(ErrorCode.WRONG_STATE, message)
    mailbox.fault, mailbox.failing_since = "", None
    _keep(mailbox, token)
    record(verb="mailbox_connected", about=mailbox, by=by)


def access(mailbox: Mailbox, *, refused: str = "") -> str:
    """A token that the server takes, renewed where it is about to end; `refused`: one that the server did not take.

    Two who ask at once renew it once. CannotReadError; WrongKeyError.
    """
    with system():
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        if row.version != mailbox.version:  # the next run goes by the new settings
            raise CannotReadError(Fault.LINE)
        token = row.read_secret("access_token")
        if token and token != refused and row.access_until and row.access_until > timezone.now() + MARGIN:
            return token
        got = _asked(row, _renewal(row))
        _keep(row, got)
        return str(got["access_token"])


def _renewal(row: Mailbox) -> Callable[[OAuth2Session], Any]:
    if row.sign_in == SignIn.CLIENT:
        scope = {"scope": row.scope} if row.scope else {}
        return lambda session: session.fetch_token(row.token_url, grant_type="client_credentials", **scope)
    refresh = row.read_secret()
    if not refresh:
        raise CannotReadError(Fault.CONSENT)
    return lambda session: session.refresh_token(row.token_url, refresh_token=refresh)


def _keep(row: Mailbox, token: dict[str, Any]) -> None:
    """Store a token, and the one to renew it with where the provider gave another."""
    row.seal_secret(str(token["access_token"]), "access_token")
    row.access_until = timezone.now() + dt.timedelta(seconds=token["expires_in"])
    if row.sign_in == SignIn.OAUTH2 and token.get("refresh_token"):
        row.seal_secret(str(token["refresh_token"]))
    row.save(update_fields=["access_token", "access_until", "secret", "fault", "failing_since"])


def _asked(mailbox: Mailbox, ask: Callable[[OAuth2Session], Any], **values: str) -> dict[str, Any]:
    """What the address for tokens answers. CannotReadError with what is to be done next."""
    from authlib.common.errors import AuthlibBaseError
    from requests import RequestException

    try:
        with _session(mailbox, **values) as session:
            token = ask(session)
        if not token.get("access_token"):
            raise CannotReadError(Fault.PROVIDER)
        lives = int(token.get("expires_in") or USUAL.total_seconds())
        return {**token, "expires_in": max(SHORTEST_LIFE, min(lives, LONGEST_LIFE))}
    except AuthlibBaseError as error:
        if error.error in _PASSING:
            raise CannotReadError(Fault.PROVIDER) from None
        is_of_client = error.error in _OF_CLIENT or mailbox.sign_in == SignIn.CLIENT
        raise CannotReadError(Fault.CLIENT if is_of_client else Fault.CONSENT) from None
    except (RequestException, DomainError, ValueError, TypeError, AttributeError, OverflowError):
        raise CannotReadError(Fault.PROVIDER) from None


def _session(mailbox: Mailbox, **values: str) -> OAuth2Session:
    """A session of the library that leaves the house by the guarded line alone."""
    from authlib.integrations.requests_client import OAuth2Session
    from requests import ConnectionError as NoConnection
    from requests import PreparedRequest, Response
    from requests.adapters import BaseAdapter

    class Guarded(BaseAdapter):
        """The line of webhooks: the address is judged, and nothing is followed."""

        def send(self, request: PreparedRequest, *_args: Any, **_options: Any) -> Response:
            body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
            headers = {name: str(value) for name, value in request.headers.items() if name not in _OF_LINE}
            answer = sending.post(addresses.target_of(str(request.url)), body, headers, kept=LONGEST)
            if answer.status is None or 300 <= answer.status < 400:
                raise NoConnection(answer.fault or "redirected")
            response = Response()
            response.status_code, response.raw = answer.status, io.BytesIO(answer.text.encode())
            response.url, response.request = str(request.url), request
            return response

        def close(self) -> None:
            """Nothing stays open."""

    session = OAuth2Session(
        mailbox.client_id,
        mailbox.read_secret("client_secret") or None,
        token_endpoint_auth_method="client_secret_post" if mailbox.client_secret else "none",
        scope=mailbox.scope or None,
        code_challenge_method="S256",
        **values,
    )
    session.trust_env = False
    session.mount("https://", Guarded())
    session.mount("http://", Guarded())
    return session
