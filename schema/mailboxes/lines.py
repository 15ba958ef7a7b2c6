"""The address that the gateway of a line calls: what was written to the number, and how our messages fared."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from backend.core.operation.refusals import Refusal, refusing_as
from backend.core.session import unscoped
from permissions.mailboxes import public

LARGEST = 2 * 1024 * 1024
"""Bytes of one call; a thousand SMS are a fifth of it."""


def _plain(status: int, error: str = "", **headers: str) -> HttpResponse:
    """In English: these sentences are for the developer of a gateway."""
    response = JsonResponse({"error": error} if error else {}, status=status, headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def _refused(_request: HttpRequest, refusal: Refusal, **_arguments: Any) -> HttpResponse:
    return _plain(refusal.status, "Not now. Call again later.")


@csrf_exempt  # a browser's cookie is not asked for
def _message_line(request: HttpRequest, key: UUID) -> HttpResponse:
    if request.method != "POST":
        return _plain(405, "Only POST.", Allow="POST")
    try:
        length = int(request.headers.get("Content-Length") or 0)
        body = request.body if length <= LARGEST else None
    except (ValueError, RequestDataTooBig, UnreadablePostError):
        body = None
    if body is None or len(body) > LARGEST:
        return _plain(413, f"At most {LARGEST} bytes, sent whole.")
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    try:
        public.take_texts(key, secret.strip() if kind.lower() == "bearer" else "", body)
    except public.Refused:
        return _plain(403, "There is no such line, or this is not its secret.")
    except public.Unreadable as error:
        return _plain(400, str(error))
    except public.NotKept:
        return _plain(500, "Not all of it could be kept. Send the same call again.")
    return _plain(200)


message_line = unscoped(refusing_as(_refused)(_message_line))
