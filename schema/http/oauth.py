"""OAuth 2 for programs: client credentials (RFC 6749 4.4), revocation (RFC 7009), metadata (RFC 8414)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, UnreadablePostError
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from backend.core.operation.refusals import Refusal, refusing_as
from backend.core.session import unscoped
from backend.core.words.addresses import client_address, line_of
from backend.portals.models import Scope
from permissions.portals import public as public_clients
from permissions.portals.public import Refused

FORM = "application/x-www-form-urlencoded"
LARGEST = 8 * 1024  # bytes
STATUS = {"invalid_client": 401, "slow_down": 429}
SAID = {
    "invalid_request": "Send a form with each parameter once, and prove the client in one way only.",
    "invalid_client": "The client is not known, or this is no secret of it that is still valid.",
    "invalid_scope": "The client may not have this scope.",
    "unsupported_grant_type": "Only client_credentials is taken.",
    "unsupported_token_type": "Only access tokens can be revoked.",
    "slow_down": "Too many attempts. Wait as long as Retry-After says.",
}
"""In English: these sentences are for the developer of a program (`error_description`, RFC 6749 5.2)."""


def _endpoint(view: Callable[[HttpRequest, QueryDict, tuple[str, str]], HttpResponse]) -> Any:
    """A form that a client sends with its credentials; a refusal is answered as RFC 6749 5.2 says."""

    @csrf_exempt  # a browser's cookie is not asked for
    def run(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            response: HttpResponse = JsonResponse({"error": "invalid_request"}, status=405)
            response["Allow"] = "POST"
            return _unkept(response)
        try:
            value = _form(request)
            response = view(request, value, _credentials(request, value))
        except Refused as refusal:
            body = {"error": refusal.error, "error_description": SAID[refusal.error]}
            response = JsonResponse(body, status=STATUS.get(refusal.error, 400))
            if refusal.error == "invalid_client":
                response["WWW-Authenticate"] = 'Basic realm="oauth", charset="UTF-8"'
            if refusal.wait:
                response["Retry-After"] = str(refusal.wait)
        return _unkept(response)

    return unscoped(refusing_as(_in_this_form)(run))


def _in_this_form(_request: HttpRequest, refusal: Refusal, **_arguments: Any) -> HttpResponse:
    """RFC 6749 4.1.2.1 has words for what 5.2 leaves to the status."""
    error = "temporarily_unavailable" if refusal.status == 503 else "server_error"
    return _unkept(JsonResponse({"error": error}, status=refusal.status))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@_endpoint
def token(request: HttpRequest, data: QueryDict, credentials: tuple[str, str]) -> HttpResponse:
    """`POST /oauth/token`: an access token that works for an hour."""
    if (kind := data.get("grant_type")) != "client_credentials":
        raise Refused("unsupported_grant_type" if kind else "invalid_request")
    scopes = data.get("scope", "").split() or None
    issued = public_clients.issue(*credentials, scopes, line_of(client_address(request)))
    return JsonResponse(
        {
            "access_token": issued.secret,
            "token_type": "Bearer",
            "expires_in": issued.seconds,
            "scope": " ".join(issued.scopes),
        }
    )


@_endpoint
def revoke(request: HttpRequest, data: QueryDict, credentials: tuple[str, str]) -> HttpResponse:
    """`POST /oauth/revoke`: 200 whether there was such a token or not (RFC 7009 2.2)."""
    if not data.get("token"):
        raise Refused("invalid_request")
    if data.get("token_type_hint") == "refresh_token":
        raise Refused("unsupported_token_type")
    public_clients.revoke(*credentials, data.get("token", ""), line_of(client_address(request)))
    return HttpResponse(status=200)


@unscoped
@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """`GET /.well-known/oauth-authorization-server`."""
    issuer = settings.PUBLIC_URL.rstrip("/")
    methods = ["client_secret_basic", "client_secret_post"]
    response = JsonResponse(
        {
            "issuer": issuer,
            "token_endpoint": issuer + reverse("oauth_token"),
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint": issuer + reverse("oauth_revoke"),
            "revocation_endpoint_auth_methods_supported": methods,
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": list(Scope.values),
        }
    )
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _form(request: HttpRequest) -> QueryDict:
    """The form, each parameter once (RFC 6749 3.2)."""
    if request.content_type != FORM:
        raise Refused("invalid_request")
    try:
        body = request.body if int(request.headers.get("Content-Length") or 0) <= LARGEST else b""
        data = QueryDict(body.decode("utf-8"), encoding="utf-8")
    except (ValueError, RequestDataTooBig, TooManyFieldsSent, UnreadablePostError):
        raise Refused("invalid_request") from None
    if not data or any(len(values) != 1 for _name, values in data.lists()):
        raise Refused("invalid_request")
    return data


def _credentials(request: HttpRequest, data: QueryDict) -> tuple[str, str]:
    """The name and the secret of the client, in the header or in the form, never in both."""
    header = request.headers.get("Authorization")
    if header is None:
        if not data.get("client_id"):
            raise Refused("invalid_client")
        return data.get("client_id", ""), data.get("client_secret", "")
    if "client_secret" in data:
        raise Refused("invalid_request")
    kind, _blank, value = header.partition(" ")
    try:
        name, colon, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused("invalid_client") from None
    if kind.lower() != "basic" or not colon:
        raise Refused("invalid_client")
    name, secret = unquote_plus(name), unquote_plus(secret)
    if data.get("client_id", name) != name:
        raise Refused("invalid_request")
    return name, secret
