"""ASGI application: accepts a request through Django in a thread, then streams without one.

A subscriber costs a coroutine and a few kilobytes: no thread, no database connection, no queue. Unread events stay in
the change feed; a client that does not read for a while gets an error and is disconnected.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.core.signals import request_started
from django.http import HttpResponse
from django.urls import set_script_prefix
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schema.stream.endpoint import Opened
from schema.stream.hub import Hub
from schema.stream.subscriber import COMPLETE, HEARTBEAT, Subscriber, too_slow

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
Headers = list[tuple[bytes, bytes]]
BODY_SECONDS = 20
GAP_SECONDS = 0.25
"""After a look of its own a subscriber waits so long for the next: what happens meanwhile comes together, if no round
sends it."""
LAST_WORD = 3
"""So many times as long a client has to read the last event."""
PATH = "/graphql/stream/"


class _Reply(NamedTuple):
    """An answer that is all there is."""

    status: int
    headers: Headers
    body: bytes


class TooSlowError(Exception):
    """The client does not read what was sent."""


class TooLargeError(Exception):
    """The request has a larger body than a subscription needs."""


class Application(BaseHandler):
    """For one server: `hub` begins and ends with it."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self.hub = Hub()
        self._coming = 0
        """So many are at the door."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            self._coming += 1
            try:
                outcome = await self._answer(scope, receive)
            finally:
                self._coming -= 1
            scope["headers"].clear()  # the server keeps them as long as the connection: no secret stays there
            if isinstance(outcome, _Reply):
                await _begin(send, outcome)
            else:
                await self._tell(*outcome, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive) -> _Reply | tuple[Subscriber, Headers]:
        """The subscriber with the headers; or the whole answer, mostly a refusal."""
        shared, limits = _shared_with(scope), settings.STREAM_LIMITS
        if scope["path"] != PATH:
            return _refused(
                scope,
                404,
                "BAD_REQUEST",
                _("There is no such address here. For subscriptions use /graphql/stream/."),
            )
        if scope["method"] == "OPTIONS" and shared:
            return _Reply(204, shared, b"")
        if len(self.hub) + self._coming > limits["connections"] or self.hub.closing.is_set():
            return _refused(scope, 503, "BUSY", _("Too many follow already. Ask again in a moment."))
        try:
            body = await asyncio.wait_for(_body(scope, receive), BODY_SECONDS)
        except TooLargeError:
            message = _(
                "The body of a subscription may have 16 kB. Send less, or name a registered document."
            )
            return _refused(scope, 413, "TOO_LARGE", message)
        except (TimeoutError, ConnectionError):
            return _refused(scope, 408, "BAD_REQUEST", _("The request did not arrive completely."))
        response = await self.hub.run_accepting(self._django, scope, body)
        headers = [*shared, *((name.lower(), value) for name, value in _headers(response))]
        if not isinstance(response, Opened):
            return _Reply(response.status_code, headers, response.content)
        if self.hub.of_account(response.subscriber.account) >= limits["of_one_account"]:
            message = _("This account follows too much at once. End a subscription before you begin another.")
            return _refused(scope, 429, "OVER_LIMIT", message)
        return response.subscriber, headers

    def _django(self, scope: Message, body: bytes) -> HttpResponse:
        """The whole of Django's middleware around the view, as in every other process."""
        set_script_prefix("")
        request_started.send(sender=type(self), scope=scope)
        request = ASGIRequest(scope, BytesIO(body))
        request.follows = True  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.close()
        return response

    async def _tell(self, subscriber: Subscriber, headers: Headers, receive: Receive, send: Send) -> None:
        left = asyncio.create_task(_until_left(receive))
        try:
            with self.hub.joined(subscriber, partial(_write, send)) as seat:
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                first, subscriber.first = subscriber.first, b""
                await _write(send, HEARTBEAT + first)
                del first
                due = _next_heartbeat()
                while (
                    not subscriber.is_over
                    and await _woken(seat.woken, left, due)
                    and not self.hub.closing.is_set()
                ):
                    if not seat.woken.is_set() and seat.is_confirmed():
                        await _write(send, HEARTBEAT)
                        due = _next_heartbeat()
                        continue
                    if seat.fault is not None:
                        raise seat.fault
                    seat.woken.clear()
                    async with self.hub.news(subscriber, seat) as result:
                        # No output for an empty look: a heartbeat would reveal a hidden event.
                        if result or time.monotonic() >= due:
                            await _write(send, result or HEARTBEAT)
                            due = _next_heartbeat()
                    if subscriber.is_behind:
                        seat.woken.set()
                    await asyncio.wait({left}, timeout=GAP_SECONDS)
            # Without `complete` the client comes again: this process ends, the subscription does not.
            last = COMPLETE if subscriber.followed.is_over else b""
            await _write(send, last, more_body=False)
        except TooSlowError:
            with contextlib.suppress(TooSlowError):
                await _write(send, too_slow(), more_body=False, times=LAST_WORD)
        finally:
            left.cancel()


def _next_heartbeat() -> float:
    return time.monotonic() + float(settings.STREAM_LIMITS["heartbeat_seconds"])


async def _woken(woken: asyncio.Event, left: asyncio.Task[None], due: float) -> bool:
    """Wait until a look is worth it, or a heartbeat is `due`. False: the client has gone."""
    waiting = asyncio.create_task(woken.wait())
    try:
        seconds = max(due - time.monotonic(), 0)
        await asyncio.wait({waiting, left}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    return not left.done()


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes, *, more_body: bool = True, times: int = 1) -> None:
    """Send, or TooSlowError: uvicorn waits while more than its small buffer lies unread."""
    message = {"type": "http.response.body", "body": body, "more_body": more_body}
    sending = asyncio.Task(send(message), loop=asyncio.get_running_loop(), eager_start=True)
    if sending.done():  # the rule: a client that reads
        sending.result()
        return
    try:
        await asyncio.wait_for(sending, settings.STREAM_LIMITS["slow_seconds"] * times)
    except TimeoutError:
        raise TooSlowError from None


async def _body(scope: Message, receive: Receive) -> bytes:
    """What was sent; TooLargeError at once where it says that it is too large, and otherwise as soon as it is."""
    most = settings.STREAM_LIMITS["body_bytes"]
    if int(dict(scope["headers"]).get(b"content-length", 0)) > most:
        raise TooLargeError
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > most:
            raise TooLargeError
        parts.append(part)
    return b"".join(parts)


async def _begin(send: Send, reply: _Reply) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})


_GUARDS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
]
if settings.SECURE_HSTS_SECONDS:
    _GUARDS += [
        (b"strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains".encode())
    ]
"""What Django's middleware says in all other answers."""


def _refused(scope: Message, status: int, code: str, message: Promise) -> _Reply:
    """Refusal outside of Django, in the requester's language."""
    language = translation.get_language_from_request(ASGIRequest(scope, BytesIO()))
    with translation.override(language):
        body = orjson.dumps({"errors": [{"message": str(message), "extensions": {"code": code}}]})
    kind = [(b"content-type", b"application/json; charset=utf-8"), (b"cache-control", b"no-store"), *_GUARDS]
    again = [(b"retry-after", b"5")] if status in {429, 503} else []
    return _Reply(status, [*kind, *again, *_shared_with(scope)], body)


def _headers(response: HttpResponse) -> Headers:
    items = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    items = [(name, value) for name, value in items if name.lower() != b"content-length"]
    return items + [
        (b"set-cookie", morsel.OutputString().encode("ascii")) for morsel in response.cookies.values()
    ]


def _shared_with(scope: Message) -> Headers:
    """Headers for a page of another origin that a setting names; none for all others (CORS)."""
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    if origin not in settings.STREAM_ORIGINS:
        return []
    return [
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", b"content-type, x-csrftoken, last-event-id"),
        (b"access-control-max-age", b"600"),
        (b"vary", b"origin"),
    ]
