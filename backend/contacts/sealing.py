"""The T.C. kimlik no at rest: sealed with AES-GCM, found by a keyed index.

Neither is readable from the database alone. A plain hash would be no protection: the nine free digits are
tried through in minutes (handbook 1.4).
"""

from __future__ import annotations

import hmac
import os
import re
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.tr import tckimlik

from backend.core.errors import DomainError, ErrorCode

_NONCE = 12
_ABOUT = b"ozelkalem/national-id/1"
_SPACE = re.compile(r"[\s.\-]+")


def checked(text: str) -> str:
    """The eleven digits, or INVALID. A right check digit proves no person."""
    digits = _SPACE.sub("", text)
    try:
        return str(tckimlik.validate(digits)) if digits.isascii() else _invalid()
    except ValidationError:
        return _invalid()


def _invalid() -> str:
    raise DomainError(ErrorCode.INVALID, _("This is no valid T.C. kimlik no."), "national_id")


def seal(number: str) -> bytes:
    """Encrypt a checked number; twice the same number gives two different results."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key("seal")).encrypt(nonce, number.encode(), _ABOUT)


def unseal(sealed: bytes | memoryview) -> str:
    """The number again. INTERNAL if the key is not the one it was sealed with, or the bytes were changed."""
    sealed = bytes(sealed)
    try:
        return AESGCM(_key("seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], _ABOUT).decode()
    except InvalidTag:
        message = _("The number cannot be read: NATIONAL_ID_KEY is not the key it was sealed with.")
        raise DomainError(ErrorCode.INTERNAL, message) from None


def index(number: str) -> str:
    """What a checked number is found by: the same for the same number and key, useless without the key."""
    return hmac.new(_key("index"), number.encode(), sha256).hexdigest()


def _key(purpose: str) -> bytes:
    return _derived(settings.NATIONAL_ID_KEY, purpose)


@lru_cache(maxsize=8)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_ABOUT + purpose.encode()).derive(
        secret.encode()
    )
