"""Idempotency of mutations (`Idempotency-Key`): the same key and operation get the stored answer, provided the
viewer still has the same rights. Answers in which nothing was done, or that were spoilt by a server fault, are
not stored: the request may be repeated."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from graphql import GraphQLError, OperationType, get_operation_ast
from strawberry.types import ExecutionResult

from backend.core.errors import DomainError, ErrorCode
from permissions.core import scope
from permissions.portals.idempotency import FIELD, Repeatable, under_key
from schema.core.documents import documents, root_fields

SECRETS = frozenset(
    {
        "apiTokenIssue",
        "calendarFeedMake",
        "clientCreate",
        "clientReopen",
        "clientSecretRotate",
        "portalContactCode",
        "portalContactProve",
        "webhookEndpointAdd",
        "webhookEndpointRotateSecret",
    }
)
"""What is answered with a secret, of which only a digest is kept."""
STATUS: dict[str, int] = {
    ErrorCode.INVALID: 400,
    ErrorCode.UNSUPPORTED: 400,
    ErrorCode.CONFLICT: 409,
    ErrorCode.DUPLICATE: 422,
    ErrorCode.INTERNAL: 500,
}


def repeatable(request: HttpRequest, operation: dict[str, Any]) -> Repeatable | None:
    """None without a key, and for what changes nothing. INVALID for a key that is no plain text of 255 letters,
    UNSUPPORTED for what is answered with a secret: nothing keeps that."""
    key, viewer = request.headers.get(FIELD), scope.current_viewer()
    changes = _changes(operation) if key is not None and viewer.user else frozenset()
    if key is None or not changes:
        return None
    if changes & SECRETS:
        message = _("This is answered with a secret, which is not kept: send it without an Idempotency-Key.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, FIELD)
    return under_key(key, operation)


def may_be_kept(result: ExecutionResult) -> bool:
    """Whether something was done: of several mutations at least one."""
    payloads = (result.data or {}).values()
    return any(not (isinstance(payload, dict) and payload.get("errors")) for payload in payloads)


def _changes(operation: dict[str, Any]) -> frozenset[str]:
    """The mutations of an operation, or nothing."""
    try:
        document = documents.get(operation["query"]).document
    except GraphQLError:  # refused by who runs it, in its own words
        return frozenset()
    chosen = get_operation_ast(document, operation.get("operationName") or None)
    if chosen is None or chosen.operation is not OperationType.MUTATION:
        return frozenset()
    return frozenset(root_fields(document, chosen))
