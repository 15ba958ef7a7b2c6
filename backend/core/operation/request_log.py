"""One line of the log for each request: what was asked, by whom, how it ended and how long it took."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from backend.core.operation import logs, tracing

REQUEST_ID = re.compile(r"[0-9a-f]{32}")
NAMED = re.compile(r"\b(?:query|mutation|subscription)\s+([A-Za-z_]\w*)")
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
LONGEST_NAME = 63
log = logging.getLogger("request")


class RequestLogMiddleware:
    """Writes the line when the answer is there, whatever other middleware answered. Stands first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = perf_counter()
        token = logs.context.set({"request_id": _request_id(request)})
        try:
            with tracing.served(request) as span:
                response = self.get_response(request)
                tracing.answered(span, request, response.status_code)
                fault = getattr(request, "log_fault", None)
                line = {
                    "event": "request_failed" if fault else "request_finished",
                    "request": f"{request.method} {request.path}",
                    "status": response.status_code,
                    "duration_ms": round((perf_counter() - begun) * 1000, 1),
                    "bytes": _size(response),
                }
                log.log(_level(response.status_code), line, exc_info=fault)
                return response
        finally:
            logs.context.reset(token)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: object, _names: object
    ) -> None:
        """Name the operation after the view; one of GraphQL has a name of its own (`name_operation`)."""
        if request.resolver_match:
            logs.bind(operation=request.resolver_match.view_name)


def name_operation(operation: dict[str, Any]) -> None:
    """Name the request's operation of GraphQL: as the client named it, there or in the document."""
    name = operation.get("operationName")
    if not name and (found := NAMED.search(operation.get("query") or "")):
        name = found[1]
    if name and NAME.fullmatch(name):
        logs.bind(operation=name[:LONGEST_NAME])


def _request_id(request: HttpRequest) -> str:
    """The number that the reverse proxy gave it, so that both logs can be read together; else one of our own."""
    sent = request.headers.get("X-Request-ID", "")
    return sent if REQUEST_ID.fullmatch(sent) else secrets.token_hex(16)


def _size(response: HttpResponseBase) -> int | None:
    if not response.streaming:
        return len(response.content)  # type: ignore[attr-defined]
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _level(status: int) -> int:
    return logging.INFO if status < 400 else logging.WARNING if status < 500 else logging.ERROR


def _keep_fault(request: HttpRequest | None = None, **_signal: object) -> None:
    if request is not None:
        request.log_fault = sys.exc_info()  # type: ignore[attr-defined]


got_request_exception.connect(_keep_fault, dispatch_uid="request_log")
