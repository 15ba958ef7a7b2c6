"""Every request is one transaction as somebody, and a session does not last for ever."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone

from permissions import scope

Handler = Callable[[HttpRequest], HttpResponse]

UNSCOPED = ("/graphql/", "/static/", "/health/", "/metrics")
"""Paths that open their own session (GraphQL: its token may say who) or touch no row of anybody."""


class ViewerMiddleware:
    """Opens `scope.session` as the signed-in user. An answer of 500 or more takes back all that was written."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNSCOPED):
            return self.get_response(request)
        if request.method == "POST":
            _read(request)
        user = request.user if request.user.is_authenticated else None
        with scope.session(user) as viewer:  # type: ignore[arg-type]
            request.viewer = viewer  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


def _read(request: HttpRequest) -> None:
    """Take the form before the transaction begins: a client that sends slowly holds nothing in the database.

    BadRequest if it does not arrive.
    """
    try:
        request.POST  # noqa: B018 - Django reads it when it is first looked at
    except UnreadablePostError:
        raise BadRequest from None


class SessionTimeoutMiddleware:
    """Signs out after idle and absolute limits (settings SESSION_IDLE_MINUTES, SESSION_ABSOLUTE_HOURS)."""

    STARTED, SEEN = "started_at", "seen_at"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            started = request.session.setdefault(self.STARTED, now)
            seen = request.session.get(self.SEEN, now)
            idle = now - seen > settings.SESSION_IDLE_MINUTES * 60
            if idle or now - started > settings.SESSION_ABSOLUTE_HOURS * 3600:
                logout(request)
            elif now - seen >= 60 or self.SEEN not in request.session:
                request.session[self.SEEN] = now
        return self.get_response(request)
