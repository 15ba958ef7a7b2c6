"""The T.C. kimlik no at rest: sealed with AES-GCM, found by a keyed index.

Neither is readable from the database alone. A plain hash would be no protection: the nine free digits are
tried through in minutes (handbook 1.4).
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError
from stdnum.tr import tckimlik

from backend.core import sealing
from backend.core.errors import DomainError, ErrorCode

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
    return sealing.seal(number, _ABOUT)


def unseal(sealed: bytes | memoryview) -> str:
    """The number again. INTERNAL if the key is not the one it was sealed with, or the bytes were changed."""
    try:
        return sealing.unseal(sealed, _ABOUT)
    except sealing.WrongKeyError:
        message = _("The number cannot be read: NATIONAL_ID_KEY is not the key it was sealed with.")
        raise DomainError(ErrorCode.INTERNAL, message) from None


def index(number: str) -> str:
    """What a checked number is found by: the same for the same number and key, useless without the key."""
    return hmac.new(sealing.key(_ABOUT, "index"), number.encode(), sha256).hexdigest()
