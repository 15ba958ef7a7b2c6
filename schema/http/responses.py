"""The answers of GraphQL over HTTP: status, media type, and errors that show no word of Python or SQL."""

from __future__ import annotations

import logging
import re
from typing import Any

import orjson
from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from backend.core.errors import DomainError, ErrorCode
from backend.core.operation import tracing
from backend.core.operation.refusals import RETRY_SECONDS, Refusal
from backend.core.session import is_passing, out_of_time, unavailable
from schema.core.results import camel
from schema.http.idempotency import STATUS as REPEATED
from schema.http.request_errors import BadRequest, malformed

JSON, RESPONSE = "application/json", "application/graphql-response+json"
PARTIAL = 294
"""Data beside errors (GraphQL over HTTP, “Partial success”): a code of that text's own, used under its type only."""
METHODS = "GET, POST, QUERY"
OUR_FAULT = gettext_lazy("Something went wrong on our side. It has been recorded.")
STATUS: dict[str, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.TOO_LARGE: 413,
}
GUESSES = re.compile(r"\s*Did you mean.*$", re.DOTALL)
Texts = dict[tuple[str | int, ...], bytes]
log = logging.getLogger("schema")


def refused(request: HttpRequest, error: BadRequest | DomainError | Error) -> HttpResponse:
    """The answer to a request that was not begun, or that the database ended."""
    if isinstance(error, BadRequest):
        status = error.status if _media_type(request) == RESPONSE else error.plain_json
        return _failed(request, str(error), error.code, status)
    if isinstance(error, DomainError):
        return _failed(request, str(error.message), str(error.code), (STATUS | REPEATED)[error.code])
    return _ended(request, error)


def not_here(
    request: HttpRequest, error: CannotGetOperationTypeError | InvalidOperationTypeError
) -> HttpResponse:
    if isinstance(error, CannotGetOperationTypeError):
        return refused(request, malformed(error.as_http_error_reason()))
    if error.operation_type is OperationType.SUBSCRIPTION:
        return _failed(request, _("Subscriptions are followed at /graphql/stream/."), "BAD_REQUEST", 405)
    # A method that is taken does not become another one by what it carries: 422, as the text has it for QUERY.
    status = 422 if request.method == "QUERY" else 405
    return _failed(request, _("By GET and QUERY only queries are taken."), "BAD_REQUEST", status)


def in_this_form(request: HttpRequest, refusal: Refusal, **_arguments: Any) -> HttpResponse | None:
    """A refusal from outside of the view (`core.operation.refusals`); a person who came to explore gets a page."""
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return None
    return _failed(request, refusal.message, refusal.code, refusal.status)


def _ended(request: HttpRequest, error: Error) -> HttpResponse:
    """The database ended the transaction, whatever was being done: nothing was written, so nothing is shown."""
    if late := out_of_time(error):
        log.warning({"event": "out_of_time", "request": request.path})
        return _failed(request, str(late.message), str(late.code), 503)
    if is_passing(error):
        log.warning({"event": "unavailable", "request": request.path, "error": type(error).__name__})
        gone = unavailable()
        return _failed(request, str(gone.message), str(gone.code), 503)
    log.error("graphql_internal", exc_info=error)
    return _failed(request, str(OUR_FAULT), "INTERNAL", 500)


def answer(request: HttpRequest, result: ExecutionResult, texts: Texts) -> HttpResponse:
    payload = payload_of(result, texts)
    body = orjson.dumps(payload, default=str)
    if "data" in payload:
        return executed(request, body)
    return respond(
        request, body, STATUS.get(payload["errors"][0]["extensions"]["code"]) or _faulty(request, result)
    )


def _faulty(request: HttpRequest, result: ExecutionResult) -> int:
    """The status of a document that was not run. Clients of plain JSON take another than 200 for a network fault."""
    if _media_type(request) == JSON:
        return 200
    faults = [error.original_error or error for error in result.errors or []]
    return 400 if any(isinstance(fault, GraphQLSyntaxError) for fault in faults) else 422


def executed(request: HttpRequest, body: bytes) -> HttpResponse:
    """The answer of an operation that ran: its text, which begins with what went wrong in it."""
    is_partial = body.startswith(b'{"errors"') and _media_type(request) == RESPONSE
    return respond(request, body, PARTIAL if is_partial else 200)


def payload_of(result: ExecutionResult, texts: Texts) -> dict[str, Any]:
    """What a client reads of a result. `data` is there where the operation ran."""
    errors = [_shown(error) for error in (result.errors or [])[: settings.GRAPHQL_LIMITS["errors"]]]
    executed = result.data is not None or any("path" in error for error in errors)
    payload: dict[str, Any] = {"errors": errors} if errors else {}
    if executed or not errors:
        payload["data"] = result.data
    _put_in_place(result.data, texts)
    return payload


def _put_in_place(data: dict[str, Any] | None, texts: Texts) -> None:
    """The rows that the database wrote, each where its field left room."""
    for (*way, last), text in texts.items():
        place: Any = data
        for step in way:
            place = place and place[step]
        if place:
            place[last] = orjson.Fragment(text)


def fault_of(error: GraphQLError) -> Exception | None:
    """The root cause of a GraphQLError."""
    fault = error.original_error
    while isinstance(fault, GraphQLError) and fault.original_error is not None:
        fault = fault.original_error
    return fault


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error as a client may see it: a code always, and no word of Python or SQL."""
    fault = fault_of(error)
    shown: dict[str, Any] = {}
    extensions: dict[str, Any] = dict(error.extensions or {})
    if isinstance(fault, DomainError):
        shown["message"] = str(fault.message)
        extensions["code"] = str(fault.code)
        if fault.field:
            extensions["field"] = camel(fault.field)
    elif fault is None or isinstance(fault, GraphQLError):
        shown["message"] = GUESSES.sub("", error.message)
        extensions.setdefault("code", "GRAPHQL_VALIDATION_FAILED")
    else:
        shown["message"] = str(OUR_FAULT)
        extensions = {"code": str(ErrorCode.INTERNAL)}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path:
        shown["path"] = error.path
    return shown | {"extensions": _with_trace(extensions)}


def _with_trace(extensions: dict[str, Any]) -> dict[str, Any]:
    """With the id of the trace, where one is recorded: who reports a fault can name it."""
    trace = tracing.trace_id()
    return extensions | {"traceId": trace} if trace else extensions


def _failed(request: HttpRequest, message: str, code: str, status: int) -> HttpResponse:
    shown = {"message": message, "extensions": _with_trace({"code": code})}
    response = _json(request, {"errors": [shown]}, status)
    if status == 405:
        _tell_methods(response)
    if status == 409:
        response["Retry-After"] = "1"
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def options(request: HttpRequest) -> HttpResponse:
    """What may be sent, and of that what a page of another site may (`pipeline.is_open`): no token, so no secret."""
    response = HttpResponse(status=204)
    _tell_methods(response)
    if {"Origin", "Access-Control-Request-Method"} <= request.headers.keys():
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = METHODS
        response["Access-Control-Allow-Headers"] = "Content-Type"
        response["Access-Control-Max-Age"] = "600"
    return response


def _tell_methods(response: HttpResponse) -> None:
    response["Allow"] = METHODS
    response["Accept-Query"] = f'"{JSON}"'  # RFC 10008


def _json(request: HttpRequest, payload: dict[str, Any], status: int) -> HttpResponse:
    return respond(request, orjson.dumps(payload, default=str), status)


def _media_type(request: HttpRequest) -> str:
    """GraphQL's own media type for clients that accept it at least equally; JSON otherwise."""
    named = RESPONSE in request.headers.get("Accept", "")
    return RESPONSE if named and request.get_preferred_type([RESPONSE, JSON]) == RESPONSE else JSON


def respond(request: HttpRequest, body: bytes, status: int) -> HttpResponse:
    content_type = f"{_media_type(request)}; charset=utf-8"
    reason = "Partial Success" if status == PARTIAL else None
    response = HttpResponse(body, status=status, reason=reason, content_type=content_type)
    patch_vary_headers(response, ["Accept"])
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
