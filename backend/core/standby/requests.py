"""What a requester wrote last: a signed cookie for browsers, a header for programs."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.core.standby.connections import is_configured
from backend.core.standby.positions import MARGIN, current_position, position_of, positions, token_of

HEADER = "Ozelkalem-Position"
"""In an answer: what was written is before this. In a request: show nothing older; or LATEST."""
LATEST = "latest"
"""Ask the primary: of who has just heard, by an event or a webhook, that something is new."""
SAFE = ("GET", "HEAD", "OPTIONS", "QUERY")


@dataclass
class Request:
    """What a request says of the state it must see, and whether it wrote."""

    position: int = 0
    is_latest: bool = False
    by: HttpRequest | None = None
    only_reads: bool = False
    """Of a request by POST that is no writing one."""
    writes: bool = False
    """Of a request by GET that is a writing one."""


_current: ContextVar[Request | None] = ContextVar("request_of_standby", default=None)
_NONE = Request()


def current() -> Request:
    """What the present request says; nothing, outside of one."""
    return _current.get() or _NONE


def note_query(request: HttpRequest) -> None:
    """Say of a request by POST that it writes nothing; one within the process says nothing of the page that asks it."""
    state = current()
    if state.by is request:
        state.only_reads = True


def note_write(request: HttpRequest) -> None:
    """Say of a request by GET that it writes."""
    state = current()
    if state.by is request:
        state.writes = True


class PositionMiddleware:
    """Reads the position that a requester must see, and says with each answer to a writing request what it is now.

    Outside of all that writes with a request. Not used without DATABASE_READ_URL.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not is_configured():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.headers.get(HEADER, "")
        tokens = [token for token in (sent, request.COOKIES.get(settings.POSITION_COOKIE_NAME, "")) if token]
        state = Request(max(map(position_of, tokens), default=0), sent == LATEST, request)
        token = _current.set(state)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        if state.writes or (request.method not in SAFE and not state.only_reads):
            _say(request, response)
        return response


def _say(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say where the log is after what was written: with a refusal too, which may have counted something."""
    try:
        position = current_position()
    except Error:  # nothing is read while the database is away
        return
    if position is None:
        return
    positions.here().wrote(position)
    token = token_of(position)
    response.headers[HEADER] = token
    if "Authorization" not in request.headers:
        response.set_cookie(
            settings.POSITION_COOKIE_NAME,
            token,
            max_age=int(settings.READ_BEHIND_SECONDS) + MARGIN,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
