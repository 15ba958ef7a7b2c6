"""Tickets that the web signs and the database checks (`app.verified`): for what, about what, and when."""

from __future__ import annotations

import hashlib
import hmac
import time

from django.conf import settings


def sign(purpose: str, payload: str) -> str:
    """A ticket for one purpose. Hand it to the database as a parameter, never in the text of a statement."""
    # The database's clock judges it, so it is not the one that tests freeze.
    body = f"{int(time.clock_gettime(time.CLOCK_REALTIME))}.{payload}"
    return f"{_mac(_key(settings.SECRET_KEY), f'{purpose}.{body}')}.{body}"


def pads() -> list[tuple[bytes, bytes]]:
    """The keys that `app.verified` accepts, as the two pads of HMAC: of SECRET_KEY, and of its predecessors."""
    keys = [_key(secret).ljust(64, b"\0") for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return [(bytes(b ^ 0x36 for b in key), bytes(b ^ 0x5C for b in key)) for key in keys]


def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"tickets for the database", "sha256")


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
