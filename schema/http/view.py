"""GraphQL over HTTP: a strict door. A malformed request is the client's fault: 4xx, never 5xx."""

from __future__ import annotations

import hashlib
import logging
import re
from contextlib import AbstractContextManager
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import out_of_time
from permissions.core import scope
from permissions.core.viewer import Viewer
from permissions.portals.idempotency import Given, answered, remember
from schema.app import schema
from schema.core.results import camel
from schema.http import compiled
from schema.http.authentication import session
from schema.http.compiled import Timing
from schema.http.documents import Context, Shown
from schema.http.idempotency import STATUS as REPEATED
from schema.http.idempotency import may_be_kept, repeatable
from schema.http.metering import Metered
from schema.http.request_errors import BadRequest

JSON, RESPONSE = "application/json", "application/graphql-response+json"
OUR_FAULT = gettext_lazy("Something went wrong on our side. It has been recorded.")
BY_GET = (OperationType.QUERY,)
BY_POST = (OperationType.QUERY, OperationType.MUTATION)
KINDS = {"documentId": str, "query": str, "variables": dict, "operationName": str, "extensions": dict}
STATUS: dict[str, int] = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.TOO_LARGE: 413,
}
GUESSES = re.compile(r"\s*Did you mean.*$", re.DOTALL)
EXAMPLE = """query Inbox {
  complaints(first: 10, orderBy: {field: TARGET_ON}) {
    totalCount
    nodes {
      reference
      subject
      status
      targetOn
      responsibleDepartment {
        shortName
      }
      viewerCan
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
Texts = dict[tuple[str | int, ...], bytes]
log = logging.getLogger("schema")


@csrf_exempt  # the session's CSRF token is asked for in `authentication.session`; a bearer needs none
def graphql(request: HttpRequest) -> HttpResponse:
    """POST runs an operation, GET a query of a program with its token; to a person who is signed in, GET shows the page
    to explore. What a query by GET names stands in its address: ask by POST for whatever is personal."""
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "") and not request.GET:
        return explorer(request)
    metered = Metered(request)
    response = _answered(request, metered)
    metered.tell(response, failed=response.status_code >= 400 or response.content.startswith(b'{"errors"'))
    return response


def _answered(request: HttpRequest, metered: Metered) -> HttpResponse:
    try:
        operation = operation_of(request)
        metered.admit(operation)
        require_query(operation)
        if metered.may_be_kept:
            return _public(request, operation)
        return _run(request, operation)
    except (BadRequest, DomainError, DatabaseError) as error:
        return refused(request, error)


def require_query(operation: dict[str, Any]) -> None:
    """BadRequest for a request that asks nothing."""
    if not operation.get("query"):
        raise BadRequest(_("The request names no query."))


def refused(request: HttpRequest, error: BadRequest | DomainError | DatabaseError) -> HttpResponse:
    """The answer to a request that was not begun, or that the database ended."""
    if isinstance(error, BadRequest):
        return _failed(request, str(error), error.code, error.status)
    if isinstance(error, DomainError):
        return _failed(request, str(error.message), str(error.code), (STATUS | REPEATED)[error.code])
    return _ended(request, error)


def _public(request: HttpRequest, operation: dict[str, Any]) -> HttpResponse:
    """Public data by GET and by the name of its document: whoever asks is answered as nobody, and everybody on the way
    may keep the answer for a while."""
    if "Authorization" in request.headers:
        with session(request):  # a token that is not valid is refused here too
            pass
    response = _run(request, operation, nobody)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return response  # it may be given a cookie on the way out
    if response.status_code == 200 and not response.content.startswith(b'{"errors"'):
        response["Cache-Control"] = f"public, max-age={settings.GRAPHQL_PUBLIC_SECONDS}"
        patch_vary_headers(response, ["Accept-Language"])
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag, response=response) or response
    return response


def nobody(_request: HttpRequest) -> AbstractContextManager[Viewer]:
    """A session in which nobody asks, whoever sent the request."""
    return scope.session(None)


@ensure_csrf_cookie
def explorer(request: HttpRequest) -> HttpResponse:
    """The GraphiQL page from our own files."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
    response = render(request, "schema/graphiql.html", {"example": EXAMPLE})
    response["Cache-Control"] = "no-store"
    return response


def operation_of(request: HttpRequest) -> dict[str, Any]:
    """What the request asks for, its parts of the right types; BadRequest says what is wrong."""
    if request.method == "POST":
        data = _posted(request)
    elif request.method == "GET" and ("Authorization" in request.headers or _names_document(request)):
        data = _in_address(request)
    else:
        raise BadRequest(_("Send the operation by POST; by GET a query with a token."), 405)
    if not isinstance(data, dict):
        raise BadRequest(_("Send one operation as a JSON object; batches are not taken."))
    for name, wanted in KINDS.items():
        if not isinstance(data.get(name), wanted | None):
            raise BadRequest(_("“%(name)s” has the wrong type.") % {"name": name})
    return data


def _names_document(request: HttpRequest) -> bool:
    """Whether it asks for a document by its name alone, which nobody need sign in for if that gives public data."""
    return "query" not in request.GET and bool({"documentId", "extensions"} & request.GET.keys())


def _in_address(request: HttpRequest) -> dict[str, Any]:
    data: dict[str, Any] = {name: request.GET[name] for name in KINDS if name in request.GET}
    for name in ("variables", "extensions"):
        if name in data:
            try:
                data[name] = orjson.loads(data[name] or "null")
            except orjson.JSONDecodeError:
                raise BadRequest(_("“%(name)s” is no valid JSON.") % {"name": name}) from None
    return data


def _posted(request: HttpRequest) -> Any:
    kind, _semicolon, parameters = request.headers.get("Content-Type", "").partition(";")
    if kind.strip().lower() != "application/json":
        raise BadRequest(_("Send JSON (Content-Type: application/json)."), 415)
    charset = re.search(r'charset\s*=\s*"?([\w-]+)', parameters, re.IGNORECASE)
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
        raise BadRequest(_("The request did not arrive completely.")) from None
    if len(body) > settings.GRAPHQL_LIMITS["body_bytes"]:
        raise _too_large()
    return body


def _too_large() -> BadRequest:
    return BadRequest(_("The request is too large."), 413, str(ErrorCode.TOO_LARGE))


def _run(request: HttpRequest, operation: dict[str, Any], opened: Any = session) -> HttpResponse:
    timing = Timing()
    try:
        response = _in_session(request, operation, timing, compiled.answer, opened)
    except compiled.StatementFailedError:  # the transaction is lost with it
        response = _in_session(request, operation, timing, None, opened)
    if settings.ENVIRONMENT != "production":
        response["Server-Timing"] = timing.header()
    return response


def _in_session(
    request: HttpRequest, operation: dict[str, Any], timing: Timing, compiled_answer: Any, opened: Any
) -> HttpResponse:
    context = Context(operation.get("operationName") or None, operation["query"])
    if settings.GRAPHQL_COMPILED_READS:
        context.again = compiled.read_again
    with opened(request):
        timing.part("session")
        once = repeatable(request, operation)
        if once and (given := answered(*once)):
            return _respond(request, given.body, given.status)
        found = compiled_answer and compiled_answer(operation, timing)
        if found:
            note(found.shown)
            timing.part("readlog")
            return _respond(request, b'{"data":' + found.text + b"}", 200)
        try:
            result = schema.execute_sync(
                operation["query"],
                variable_values=operation.get("variables"),
                context_value=context,
                operation_name=context.operation_name,
                allowed_operation_types=BY_GET if request.method == "GET" else BY_POST,
            )
        except (CannotGetOperationTypeError, InvalidOperationTypeError) as error:
            return _not_here(request, error)
        for fault in map(fault_of, result.errors or []):
            if isinstance(fault, DatabaseError):
                raise fault
            if once and fault is not None and not isinstance(fault, DomainError | GraphQLError):
                # Ends the transaction: a key promises that all was done, or nothing.
                raise DomainError(ErrorCode.INTERNAL, OUR_FAULT)
        note(context.shown)
        response = _answer(request, result, context.texts)
        if once and response.status_code == 200 and may_be_kept(result):
            remember(*once, Given(response.status_code, response.content))
        timing.part("interpreter")
    return response


def _not_here(
    request: HttpRequest, error: CannotGetOperationTypeError | InvalidOperationTypeError
) -> HttpResponse:
    if isinstance(error, CannotGetOperationTypeError):
        return _failed(request, error.as_http_error_reason(), "BAD_REQUEST", 400)
    if error.operation_type is OperationType.SUBSCRIPTION:
        return _failed(request, _("Subscriptions are followed at /graphql/stream/."), "BAD_REQUEST", 405)
    return _failed(request, _("By GET only queries are taken."), "BAD_REQUEST", 405)


def note(shown: Shown) -> None:
    """Say in the read log whose data is shown."""
    for kind, numbers in sorted(shown.items()):
        scope.note_reading(numbers, purpose="GraphQL", kind=kind)


def _ended(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    """The database ended the transaction, whatever was being done: nothing was written, so nothing is shown."""
    if late := out_of_time(error):
        log.warning({"event": "out_of_time", "request": request.path})
        return _failed(request, str(late.message), str(late.code), 503)
    log.error("graphql_internal", exc_info=error)
    return _failed(request, str(OUR_FAULT), "INTERNAL", 500)


def _answer(request: HttpRequest, result: ExecutionResult, texts: Texts) -> HttpResponse:
    payload = payload_of(result, texts)
    errors, executed = payload.get("errors"), "data" in payload
    code = errors[0]["extensions"]["code"] if errors else ""
    # Whoever reads plain JSON only takes another status for a fault of the network (GraphQL over HTTP, section 6.4.1).
    faulty = 400 if _media_type(request) == RESPONSE else 200
    return _json(request, payload, 200 if executed or not errors else STATUS.get(code, faulty))


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
    """What was raised, below all that GraphQL wrapped around it."""
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
    return shown | {"extensions": extensions}


def _failed(request: HttpRequest, message: str, code: str, status: int) -> HttpResponse:
    response = _json(request, {"errors": [{"message": message, "extensions": {"code": code}}]}, status)
    if status == 405:
        response["Allow"] = "GET, POST"
    if status == 409:
        response["Retry-After"] = "1"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _json(request: HttpRequest, payload: dict[str, Any], status: int) -> HttpResponse:
    return _respond(request, orjson.dumps(payload, default=str), status)


def _media_type(request: HttpRequest) -> str:
    """GraphQL's own type for whoever names it and likes it no less; JSON for all others."""
    named = RESPONSE in request.headers.get("Accept", "")
    return RESPONSE if named and request.get_preferred_type([RESPONSE, JSON]) == RESPONSE else JSON


def _respond(request: HttpRequest, body: bytes, status: int) -> HttpResponse:
    content_type = f"{_media_type(request)}; charset=utf-8"
    response = HttpResponse(body, status=status, content_type=content_type)
    patch_vary_headers(response, ["Accept"])
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
