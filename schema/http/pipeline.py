"""The way of a GraphQL request through its stages, in their order.

ADMISSION: read → find_document → consume_quota → require_trusted → require_query, before anybody is known and any
transaction begins. Then a session is opened (authentication, scope), and the first stage of IN_SESSION that answers
ends the way: answer_again → compiled_read → interpreted. A stage refuses by raising.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from graphql import GraphQLError, get_operation_ast
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from backend.core import standby
from backend.core.errors import DomainError, ErrorCode
from backend.core.operation import tracing
from backend.core.operation.request_log import name_operation
from backend.core.session import is_passing
from backend.portals.models import token_digest
from permissions.core import scope
from permissions.core.viewer import Viewer
from permissions.portals.idempotency import Repeatable, StoredResponse, remember, stored_response
from schema.app import schema_for
from schema.core.documents import Context, DisclosedRows, documents
from schema.http import compiled, responses
from schema.http.authentication import bearer_secret, session
from schema.http.compiled import Timing
from schema.http.idempotency import may_be_kept, repeatable
from schema.http.metering import Metered
from schema.http.operations import operation_of
from schema.http.request_errors import BadRequest, malformed
from schema.http.responses import fault_of

READING = (OperationType.QUERY,)
"""What the safe methods run."""
ANY = (OperationType.QUERY, OperationType.MUTATION)
Opened = Callable[[HttpRequest], AbstractContextManager[Viewer]]


@dataclass
class Exchange:
    """One request, and what its stages know of it so far."""

    request: HttpRequest
    metered: Metered
    operation: dict[str, Any] = field(default_factory=dict)
    timing: Timing = field(default_factory=Timing)
    once: Repeatable | None = None
    """The key under which the same request is answered once."""

    @classmethod
    def of(cls, request: HttpRequest) -> Exchange:
        return cls(request, Metered(request))


# -- admission ------------------------------------------------------------------------------------------------
def read(exchange: Exchange) -> None:
    """Read the operation. BadRequest says what is wrong with it."""
    exchange.operation = operation_of(exchange.request)


def find_document(exchange: Exchange) -> None:
    """Put the text of a document that is named into the operation, and its name into the log."""
    exchange.metered.find_document(exchange.operation)
    name_operation(exchange.operation)


def consume_quota(exchange: Exchange) -> None:
    """Measure what a client of a third party asks, and count it."""
    exchange.metered.consume_quota(exchange.operation)


def require_trusted(exchange: Exchange) -> None:
    """BadRequest for a document that the client may not ask, and for a client over a limit."""
    exchange.metered.require_trusted(exchange.operation)


def require_query(exchange: Exchange) -> None:
    """BadRequest for a request that asks nothing."""
    if not exchange.operation.get("query"):
        raise malformed(_("The request names no query."))


ADMISSION: Sequence[Callable[[Exchange], None]] = (
    read,
    find_document,
    consume_quota,
    require_trusted,
    require_query,
)


# -- in a session ---------------------------------------------------------------------------------------------
def answer_again(exchange: Exchange) -> HttpResponse | None:
    """Answer a request that is sent again under its key as it was answered the first time."""
    exchange.once = once = repeatable(exchange.request, exchange.operation)
    if once and (value := stored_response(*once)):
        return responses.executed(exchange.request, value.body)
    return None


def compiled_read(exchange: Exchange) -> HttpResponse | None:
    """Answer by one statement, where the operation can be one."""
    outcome = compiled.answer(exchange.operation, exchange.timing)
    if outcome is None:
        return None
    note(outcome.shown)
    exchange.timing.part("readlog")
    return responses.executed(exchange.request, b'{"data":' + outcome.text + b"}")


def interpreted(exchange: Exchange) -> HttpResponse:
    """Answer by the resolvers. A fault of the database, or one of ours under a key, ends the transaction."""
    request, operation = exchange.request, exchange.operation
    context = Context(operation.get("operationName") or None, operation["query"])
    if settings.GRAPHQL_COMPILED_READS:
        context.refetch = compiled.read_again
    try:
        result = schema_for(scope.current_viewer(), operation["query"], context.operation_name).execute_sync(
            operation["query"],
            variable_values=operation.get("variables"),
            context_value=context,
            operation_name=context.operation_name,
            allowed_operation_types=ANY if request.method == "POST" else READING,
        )
    except (CannotGetOperationTypeError, InvalidOperationTypeError) as error:
        return responses.not_here(request, error)
    for fault in map(fault_of, result.errors or []):
        if fault is not None and (isinstance(fault, Error) or is_passing(fault)):
            raise fault
        if exchange.once and fault is not None and not isinstance(fault, DomainError | GraphQLError):
            # Ends the transaction: a key promises that all was done, or nothing.
            raise DomainError(ErrorCode.INTERNAL, responses.OUR_FAULT)
    note(context.shown)
    response = responses.answer(request, result, context.texts)
    if exchange.once and response.status_code < 300 and may_be_kept(result):
        remember(*exchange.once, StoredResponse(200, response.content))
    exchange.timing.part("interpreter")
    return response


IN_SESSION: Sequence[Callable[[Exchange], HttpResponse | None]] = (
    answer_again,
    compiled_read,
    interpreted,
)
WITHOUT_COMPILING = tuple(stage for stage in IN_SESSION if stage is not compiled_read)


# -- the way through them -------------------------------------------------------------------------------------
def answer(request: HttpRequest) -> HttpResponse:
    """Take a request through all stages; what a stage refuses becomes an answer."""
    exchange = Exchange.of(request)
    try:
        check_admission(exchange)
        response = _answer_public(exchange) if exchange.metered.may_be_kept else _answer_as(exchange, session)
    except (BadRequest, DomainError, Error) as error:
        if standby.is_on_standby() and standby.may_pass_by(error):
            raise  # inside of a page: all of it is asked of the primary
        response = responses.refused(request, error)
    if is_open(exchange):
        response["Access-Control-Allow-Origin"] = "*"
    exchange.metered.set_headers(response, failed=_is_failure(response))
    return response


def is_open(exchange: Exchange) -> bool:
    """Whether a page of any other site may read the answer: public data, asked for without a token.

    No browser shows it to a page that sends its cookies along: that would need Access-Control-Allow-Credentials.
    """
    query: str = exchange.operation.get("query") or ""
    if not query or "Authorization" in exchange.request.headers:
        return False
    try:
        return documents.get(query).is_public
    except GraphQLError:
        return False


def check_admission(exchange: Exchange) -> None:
    """Take a request through what comes before a session, for subscriptions too."""
    with tracing.span("graphql admission"):
        for stage in ADMISSION:
            stage(exchange)


def _answer_in_one_trip(exchange: Exchange) -> HttpResponse | None:
    """Answer a query of a program without a session, where it can be; None where it needs one."""
    secret = bearer_secret(exchange.request)
    if secret is None:
        return None
    with tracing.span("graphql one_trip"):
        text = compiled.answer_in_one_trip(token_digest(secret), exchange.operation, exchange.timing)
    return None if text is None else _read(exchange, text)


def _read(exchange: Exchange, text: bytes) -> HttpResponse:
    """The answer that the database wrote."""
    return _timed(exchange, responses.executed(exchange.request, b'{"data":' + text + b"}"))


def _timed(exchange: Exchange, response: HttpResponse) -> HttpResponse:
    if settings.ENVIRONMENT != "production":
        response["Server-Timing"] = exchange.timing.header()
    return response


def _answer_as(exchange: Exchange, opened: Opened) -> HttpResponse:
    if not standby.is_configured() or not is_query(exchange.operation):
        return _answer_here(exchange, opened)
    standby.note_query(exchange.request)
    return standby.from_standby(partial(_answer_here, exchange, opened))


def _answer_here(exchange: Exchange, opened: Opened) -> HttpResponse:
    if opened is session and (answered := _answer_in_one_trip(exchange)) is not None:
        return answered
    try:
        response = _in_session(exchange, opened, IN_SESSION)
    except compiled.StatementFailedError:  # the transaction is lost with it
        response = _in_session(exchange, opened, WITHOUT_COMPILING)
    return _timed(exchange, response)


def is_query(operation: dict[str, Any]) -> bool:
    """Whether the operation is none that writes."""
    try:
        node = get_operation_ast(
            documents.get(operation["query"]).document, operation.get("operationName") or None
        )
    except (GraphQLError, RecursionError):
        return False
    return node is not None and node.operation.value == OperationType.QUERY.value


def _in_session(
    exchange: Exchange, opened: Opened, stages: Sequence[Callable[[Exchange], HttpResponse | None]]
) -> HttpResponse:
    with opened(exchange.request):
        exchange.timing.part("session")
        return next(response for stage in stages if (response := _traced(stage, exchange)) is not None)


def _traced(stage: Callable[[Exchange], HttpResponse | None], exchange: Exchange) -> HttpResponse | None:
    with tracing.span(f"graphql {stage.__name__}"):
        return stage(exchange)


def _answer_public(exchange: Exchange) -> HttpResponse:
    """Answer public data for a GET by document id: anonymous for every requester, and cacheable for a while."""
    request = exchange.request
    if "Authorization" in request.headers:
        with session(request):  # a token that is not valid is refused here too
            pass
    response = _answer_as(exchange, without_viewer)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return response  # it may get a cookie on the way out
    if not _is_failure(response):
        response["Cache-Control"] = f"public, max-age={settings.GRAPHQL_PUBLIC_SECONDS}"
        patch_vary_headers(response, ["Accept-Language"])
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag, response=response) or response
    return response


def _is_failure(response: HttpResponse) -> bool:
    return response.status_code >= 400 or response.content.startswith(b'{"errors"')


def without_viewer(_request: HttpRequest) -> AbstractContextManager[Viewer]:
    """Anonymous session, whatever the credentials of the request."""
    return scope.session(None)


def note(shown: DisclosedRows) -> None:
    """Say in the read log whose data is shown."""
    for kind, numbers in sorted(shown.items()):
        scope.log_access(numbers, purpose="GraphQL", kind=kind)
