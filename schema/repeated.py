"""A mutation that is sent again is not done again (`Idempotency-Key`): the same key and operation get the same answer.

It is told only to a token with the same scopes.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from graphql import GraphQLError, OperationType, get_operation_ast

from backend.core.errors import DomainError, ErrorCode
from permissions import scope
from permissions.repeated import FIELD
from schema.documents import documents

LONGEST = 255
STATUS: dict[str, int] = {ErrorCode.INVALID: 400, ErrorCode.CONFLICT: 409, ErrorCode.DUPLICATE: 422}


class Repeatable(NamedTuple):
    """A mutation under a key of whoever asks, and the SHA-256 of what it says."""

    key: str
    digest: str


def repeatable(request: HttpRequest, operation: dict[str, Any]) -> Repeatable | None:
    """None without a key, and for what changes nothing. INVALID for a key that is no plain text of 255 letters."""
    key, viewer = request.headers.get(FIELD), scope.current_viewer()
    if key is None or viewer.user is None or not _changes(operation):
        return None
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        message = _("The Idempotency-Key is a plain text of at most %(most)s letters, such as a UUID.")
        raise DomainError(ErrorCode.INVALID, message % {"most": LONGEST}, FIELD)
    said = orjson.dumps([sorted(viewer.scopes or ()), operation], option=orjson.OPT_SORT_KEYS)
    return Repeatable(key, hashlib.sha256(said).hexdigest())


def _changes(operation: dict[str, Any]) -> bool:
    try:
        document = documents.get(operation["query"]).document
    except GraphQLError:  # refused by who runs it, in its own words
        return False
    chosen = get_operation_ast(document, operation.get("operationName") or None)
    return chosen is not None and chosen.operation is OperationType.MUTATION
