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

LARGEST = 3 * 1024 * 1024
"""Bytes of one call, as WhatsApp documents it; a thousand SMS are a tenth of it."""
LONGEST_CHALLENGE = 200


def _plain(status: int, error: str = "", **headers: str) -> HttpResponse:
    """In English: these sentences are for the developer of a gateway."""
    response = JsonResponse({"error": error} if error else {}, status=status, headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def _refused(_request: HttpRequest, refusal: Refusal, **_arguments: Any) -> HttpResponse:
    return _plain(refusal.status, "Not now. Call again later.")


@csrf_exempt  # a browser's cookie is not asked for
def _message_line(request: HttpRequest, key: UUID) -> HttpResponse:
    try:
        if request.method == "GET":
            return _challenged(request, key)
        if request.method != "POST":
            return _plain(405, "GET or POST.", Allow="GET, POST")
        if (body := _body(request)) is None:
            return _plain(413, f"At most {LARGEST} bytes, sent whole.")
        if (signature := request.headers.get("X-Hub-Signature-256")) is not None:
            public.take_signed(key, signature, body)
        else:
            kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
            public.take_texts(key, secret.strip() if kind.lower() == "bearer" else "", body)
    except public.Refused:
        return _plain(403, "There is no such line, or this is not its secret.")
    except public.Unreadable as error:
        return _plain(400, str(error))
    except public.NotKept:
        return _plain(500, "Not all of it could be kept. Send the same call again.")
    return _plain(200)


def _challenged(request: HttpRequest, key: UUID) -> HttpResponse:
    """WhatsApp is pointed to us: it gets its own word back, as text, if it brings ours."""
    public.answer_challenge(key, request.GET.get("hub.verify_token", ""))
    challenge = request.GET.get("hub.challenge", "")
    if request.GET.get("hub.mode") != "subscribe" or not challenge.isascii() or not challenge.isalnum():
        return _plain(400, "hub.mode is subscribe, hub.challenge letters and digits.")
    response = HttpResponse(challenge[:LONGEST_CHALLENGE], content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response


def _body(request: HttpRequest) -> bytes | None:
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST:
            return None
        body = request.body
    except (ValueError, RequestDataTooBig, UnreadablePostError):
        return None
    return body if len(body) <= LARGEST else None


message_line = unscoped(refusing_as(_refused)(_message_line))
