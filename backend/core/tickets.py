"""Tickets: what the application tells PostgreSQL under its signature, so that SQL alone cannot say it.

Who asks, that a job acts for the house, that the rules allowed an action: the database believes none of it without an
HMAC-SHA-256 of a key derived from SECRET_KEY. `app.verified` in `permissions/sql/identity.sql` checks it with the keys
that `install_keys` leaves where only the owner of the database reads.
"""

from __future__ import annotations

import hmac
import time
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_BLOCK = 64  # of SHA-256, in bytes


def sign(purpose: str, payload: str) -> str:
    """Make a ticket for one purpose, valid from now for as many seconds as the function that takes it allows.

    Pass it as a parameter of the protocol (`session.prepared`): the text of a statement is visible to others.
    """
    issued = int(
        time.clock_gettime(time.CLOCK_REALTIME)
    )  # the database's clock, which no test and no demo stops
    message = f"{purpose}.{issued}.{payload}".encode()
    return f"{issued}.{hmac.digest(_key(settings.SECRET_KEY), message, 'sha256').hex()}.{payload}"


def install_keys(cursor: Any) -> None:
    """Tell the database the keys of this SECRET_KEY and its fallbacks. Run by the owner."""
    cursor.execute("DELETE FROM wall.ticket_key")
    cursor.executemany("INSERT INTO wall.ticket_key VALUES (%s, %s)", padded_keys())


def padded_keys() -> list[tuple[bytes, bytes]]:
    """Return the inner and outer key of HMAC, which PostgreSQL can compute with, of SECRET_KEY and each fallback."""
    keys = [
        _key(secret).ljust(_BLOCK, b"\0") for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return [(bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)) for key in keys]


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    result: bytes = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ozelkalem.tickets").derive(
        secret.encode()
    )
    return result
