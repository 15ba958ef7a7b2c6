"""What a request asks for: the operation in its body or its address. A malformed one is the client's fault: 4xx."""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _

from backend.core.errors import ErrorCode
from schema.http.request_errors import BadRequest, malformed

WITH_BODY = ("POST", "QUERY")
KINDS: dict[str, tuple[type, type]] = {
    name: (kind, type(None))
    for name, kind in {
        "documentId": str, "query": str, "variables": dict, "operationName": str, "extensions": dict,
    }.items()
}  # fmt: skip
CHARSET = re.compile(r'charset\s*=\s*"?([\w-]+)', re.IGNORECASE)


def operation_of(request: HttpRequest) -> dict[str, Any]:
    """What the request asks for, its parts of the right types; BadRequest says what is wrong."""
    if request.method in WITH_BODY:
        data = _posted(request)
    elif request.method == "GET" and ("Authorization" in request.headers or _names_document(request)):
        data = _in_address(request)
    else:
        raise BadRequest(_("Send the operation by POST; a query also by QUERY, or with a token by GET."), 405)
    if not isinstance(data, dict):
        raise malformed(_("Send one operation as a JSON object; batches are not taken."))
    for name, wanted in KINDS.items():
        if not isinstance(data.get(name), wanted):
            raise malformed(_("“%(name)s” has the wrong type.") % {"name": name})
    return data


def _names_document(request: HttpRequest) -> bool:
    """Whether the request names a document by id alone, which for public data needs no sign-in."""
    return "query" not in request.GET and bool({"documentId", "extensions"} & request.GET.keys())


def _in_address(request: HttpRequest) -> dict[str, Any]:
    data: dict[str, Any] = {name: request.GET[name] for name in KINDS if name in request.GET}
    for name in ("variables", "extensions"):
        if name in data:
            try:
                data[name] = orjson.loads(data[name] or "null")
            except orjson.JSONDecodeError:
                raise malformed(_("“%(name)s” is no valid JSON.") % {"name": name}) from None
    return data


def _posted(request: HttpRequest) -> Any:
    kind, _semicolon, parameters = request.headers.get("Content-Type", "").partition(";")
    if kind.strip().lower() != "application/json":
        raise BadRequest(_("Send JSON (Content-Type: application/json)."), 415)
    charset = CHARSET.search(parameters)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise BadRequest(_("Send JSON in UTF-8."), 415)
    try:
        return orjson.loads(_body(request))
    except orjson.JSONDecodeError:
        raise BadRequest(_("The request body is no valid JSON in UTF-8.")) from None


def _body(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except (RequestDataTooBig, RawPostDataException):
        raise _too_large() from None
    except UnreadablePostError:
        raise BadRequest(_("The request did not arrive completely."), 408) from None
    if len(body) > settings.GRAPHQL_LIMITS["body_bytes"]:
        raise _too_large()
    return body


def _too_large() -> BadRequest:
    return BadRequest(_("The request is too large."), 413, str(ErrorCode.TOO_LARGE))
