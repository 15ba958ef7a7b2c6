"""Middleware: every request is one transaction as its viewer, and sessions expire."""

import logging
import time
from collections.abc import Callable
from functools import partial

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from backend.core.operation import logs
from backend.core.session import ask_first, is_unscoped
from backend.core.standby import from_standby, is_on_standby, may_pass_by, note_write, writes
from backend.organization.models import User
from permissions.core import scope

STARTED, SEEN = "started_at", "seen_at"
WRITES_SECONDS = 3600.0
"""So long a process asks no standby for a view that wrote by GET: it may have been a rare case of it."""
Handler = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger(__name__)


class ViewerMiddleware:
    """Opens `scope.session` as the signed-in user, but for `unscoped` views. An answer of 500 or more takes back all
    that was written.

    What is asked by GET or HEAD is read on a standby, if there is one (`backend.core.standby`).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._writing: dict[str, float] = {}
        """Views that wrote by GET, and until when each goes to the primary at once."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _match(request)
        if match is not None and is_unscoped(match.func):
            return self.get_response(request)
        if request.method == "POST":
            read_form(request)
            if match is not None:
                ask_first(match.func, request)
        user = request.user if request.user.is_authenticated else None
        answer = partial(self._answer, request, user)
        if request.method not in ("GET", "HEAD"):
            return answer()
        if time.monotonic() < self._writing.get(match.view_name if match else "", 0.0):
            note_write(request)
            return answer()
        return from_standby(answer, lambda response: isinstance(response, _PassedBy))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_on_standby() or not may_pass_by(exception):
            return None
        if writes(exception):
            match = _match(request)
            name = match.view_name if match else ""
            self._writing[name] = time.monotonic() + WRITES_SECONDS
            note_write(request)
            logger.info("A view writes by GET", extra={"operation": name})
        return _PassedBy(status=503)

    def _answer(self, request: HttpRequest, user: User | None) -> HttpResponse:
        with scope.session(user) as viewer:
            request.viewer = viewer  # type: ignore[attr-defined]
            logs.bind(user_id=viewer.user_id)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


class _PassedBy(HttpResponse):
    """Stands for the answer of a standby that could not give one."""


def _match(request: HttpRequest) -> ResolverMatch | None:
    """The view of an address, before Django has found it; None where there is none."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def read_form(request: HttpRequest) -> None:
    """Take the form before the transaction begins: a client that sends slowly holds nothing in the database.

    BadRequest if it does not arrive.
    """
    try:
        request.POST  # noqa: B018 - Django reads it when it is first looked at
    except UnreadablePostError:
        raise BadRequest from None


def is_overdue(session: SessionBase) -> bool:
    """Whether this browser session is idle for too long, or too old."""
    now = _now()
    idle = now - session.get(SEEN, now) > settings.SESSION_IDLE_MINUTES * 60
    return bool(idle or now - session.get(STARTED, now) > settings.SESSION_ABSOLUTE_HOURS * 3600)


def _now() -> int:
    return int(timezone.now().timestamp())


class SessionTimeoutMiddleware:
    """Signs out after idle and absolute limits (settings SESSION_IDLE_MINUTES, SESSION_ABSOLUTE_HOURS).

    When and from where a session was last used is written at most once a minute, not with each page.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = _now()
            request.session.setdefault(STARTED, now)
            if is_overdue(request.session):
                logout(request)
            elif now - request.session.get(SEEN, now) >= 60 or SEEN not in request.session:
                request.session[SEEN] = now
                UserSession.objects.create_from_request(request)  # the page "My sessions"
        return self.get_response(request)
