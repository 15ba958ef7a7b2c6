"""Signatures after Standard Webhooks: HMAC-SHA256 over id, time and body, with the secret that only both sides know."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256

PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, as libraries of Standard Webhooks take them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(message_id: str, at: int, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """The three headers. One signature a secret: while it is changed over, the old and the new one both fit."""
    signed = f"{message_id}.{at}.".encode() + body
    signatures = [_signature(key, signed) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def _signature(secret: str, signed: bytes) -> str:
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
