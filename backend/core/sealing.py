"""Words that must be read again, at rest: sealed with AES-GCM under a key that is not in the database."""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


class WrongKeyError(Exception):
    """The key is not the one it was sealed with, or the bytes were changed."""


def seal(text: str, about: bytes) -> bytes:
    """Encrypt; twice the same text gives two different results. `about`: the purpose, which has a key of its own."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key(about, "seal")).encrypt(nonce, text.encode(), about)


def unseal(sealed: bytes | memoryview, about: bytes) -> str:
    """The text again; WrongKeyError."""
    sealed = bytes(sealed)
    try:
        return AESGCM(key(about, "seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], about).decode()
    except InvalidTag:
        raise WrongKeyError from None


def key(about: bytes, use: str) -> bytes:
    """The key of a purpose for one use, from NATIONAL_ID_KEY."""
    return _derived(settings.NATIONAL_ID_KEY, about, use)


@lru_cache(maxsize=16)
def _derived(secret: str, about: bytes, use: str) -> bytes:
    result: bytes = HKDF(algorithm=SHA256(), length=32, salt=None, info=about + use.encode()).derive(
        secret.encode()
    )
    return result


def keyring(purpose: str) -> MultiFernet:
    """A key for a purpose from SECRET_KEY, for what may be lost with it; what its predecessors wrote is read."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    keys = (hmac.digest(secret.encode(), f"at rest: {purpose}".encode(), "sha256") for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
