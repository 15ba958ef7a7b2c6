"""Stored responses for repeated requests (`Idempotency-Key`).

A response is stored for a day, visible to its account only; it is written in the transaction of the request.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import prepared
from permissions.core.scope import current_viewer
from permissions.core.viewer import Viewer

FIELD = "Idempotency-Key"
LONGEST = 255


class Repeatable(NamedTuple):
    """Mutation under an idempotency key of the requester, and the SHA-256 of its content."""

    key: str
    digest: str


class StoredResponse(NamedTuple):
    """Stored response: status and JSON text."""

    status: int
    body: bytes


def stored_response(key: str, digest: str) -> StoredResponse | None:
    """What the viewer was answered under `key` within a day; None: the key is theirs until the transaction ends.

    CONFLICT while another request has the key; DUPLICATE where it was used for one with another `digest`.
    """
    with prepared("SELECT app.takes_key($1)", [key]) as cursor:
        if cursor.fetchone() != (True,):
            message = _("The first request with this Idempotency-Key still runs. Ask again in a moment.")
            raise DomainError(ErrorCode.CONFLICT, message, FIELD)
    with prepared("SELECT is_same, status, body FROM app.stored_response($1, $2)", [key, digest]) as cursor:
        row = cursor.fetchone()
    if row is None:
        return None
    is_same, status, body = row
    if not is_same:
        message = _("This Idempotency-Key was used for another request. Take a new one.")
        raise DomainError(ErrorCode.DUPLICATE, message, FIELD)
    return StoredResponse(status, body.encode())


def remember(key: str, digest: str, response: StoredResponse) -> None:
    """Keep what the viewer is answered."""
    sql = "SELECT app.remember_answer($1, $2, $3::int, $4)"
    with prepared(sql, [key, digest, response.status, response.body.decode()]):
        pass


def under_key(key: str, deed: Any) -> Repeatable:
    """What the viewer says under a key of theirs. INVALID for a key that is no plain text of 255 letters."""
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        message = _("The Idempotency-Key is a plain text of at most %(most)s letters, such as a UUID.")
        raise DomainError(ErrorCode.INVALID, message % {"most": LONGEST}, FIELD)
    value = orjson.dumps([_rights(current_viewer()), deed], option=orjson.OPT_SORT_KEYS)
    return Repeatable(key, hashlib.sha256(value).hexdigest())


def _rights(viewer: Viewer) -> list[list[Any]]:
    rights = (getattr(viewer, field.name) for field in fields(viewer) if field.name not in {"user", "client"})
    return [sorted(right or ()) for right in rights]
