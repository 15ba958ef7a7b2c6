"""Stored responses for repeated requests (`Idempotency-Key`).

A response is stored for a day, visible to its account only; it is written in the transaction of the request.
"""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import prepared

FIELD = "Idempotency-Key"


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
