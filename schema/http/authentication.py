"""Who asks: the bearer of a token, or the person signed in to this browser. Never both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.functional import LazyObject
from django.utils.translation import gettext_lazy as _

from backend.core.at_rest.sessions import SessionKey
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation import logs
from backend.organization.models import User
from backend.portals.models import token_digest
from permissions.core import scope
from permissions.core.account_setup import missing_step
from permissions.core.middleware import is_overdue
from permissions.core.viewer import Viewer

BEARER = "bearer "
MAX_SECRET = 200


class _Csrf(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


@contextmanager
def session(request: HttpRequest) -> Iterator[Viewer]:
    """One transaction as the requester.

    A request with an `Authorization` header never counts as the browser's. Raises UNAUTHENTICATED for a token that is
    wrong, expired or revoked, and FORBIDDEN for a browser's request without its CSRF token or, where the installation
    requires one, without a second factor.
    """
    if "Authorization" not in request.headers:
        with scope.session(_person(request)) as viewer:
            logs.bind(user_id=viewer.user_id)
            yield viewer
        return
    secret = bearer_secret(request)
    with _token_session(token_digest(secret) if secret else "") as bearer:
        logs.bind(user_id=bearer.user_id)
        yield bearer


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sent a request, to be asked about later: the digest of a token or the key of a session. Neither the request
    nor the secret is kept for it."""

    token: str = ""
    session: str = ""

    @property
    def stored_session(self) -> str:
        """The digest by which the database knows the session."""
        return SessionKey(self.session).stored if self.session else ""


def asker_of(request: HttpRequest) -> Asker:
    """The requester authenticated by `session`."""
    secret = bearer_secret(request)
    return Asker(token=token_digest(secret)) if secret else Asker(session=request.session.session_key or "")


@contextmanager
def renewed_session(asker: Asker) -> Iterator[Viewer]:
    """A later transaction as the same requester: UNAUTHENTICATED if the token or the browser session ended
    meanwhile."""
    if asker.token:
        with _token_session(asker.token) as viewer:
            yield viewer
        return
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(asker.session)
    user = get_user(request)
    if not user.is_authenticated or is_overdue(request.session):
        raise DomainError(ErrorCode.UNAUTHENTICATED, _("Please sign in."))
    with scope.session(_allowed(user, request)) as viewer:
        yield viewer


@contextmanager
def _token_session(digest: str) -> Iterator[Viewer]:
    with scope.token_session_by_digest(digest) as viewer:
        if viewer is None:
            raise DomainError(ErrorCode.UNAUTHENTICATED, _("This token is not valid, or no longer."))
        yield viewer


def bearer_secret(request: HttpRequest) -> str | None:
    """The secret of the request's bearer token, if it can be one."""
    header = request.headers.get("Authorization") or ""
    secret = header[len(BEARER) :].strip()
    is_one = header.lower().startswith(BEARER) and secret.isascii() and 0 < len(secret) <= MAX_SECRET
    return secret if is_one else None


def _person(request: HttpRequest) -> User | None:
    user = request.user
    if not user.is_authenticated:
        return None
    _require_csrf(request)
    return _allowed(user, request)


def _allowed(user: Any, request: HttpRequest) -> User:
    """The account, unless it must do something first."""
    if step := missing_step(user, request.session):
        raise DomainError(ErrorCode.FORBIDDEN, step)
    account: Any = user
    while isinstance(account, LazyObject):  # the session's and allauth's middleware each wrap it
        account = account._wrapped
    return account


def _require_csrf(request: HttpRequest) -> None:
    check = _Csrf(lambda _request: None)  # type: ignore[arg-type]
    check.process_request(request)
    if check.process_view(request, lambda _request: None, (), {}) is not None:  # type: ignore[arg-type]
        message = _("The request lacks the token of this page (CSRF). Reload the page and try again.")
        raise DomainError(ErrorCode.FORBIDDEN, message)
