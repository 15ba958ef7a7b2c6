"""Telephone numbers as they are kept, from any spelling."""

from __future__ import annotations

import re
from contextlib import suppress

import phonenumbers
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean

_DIGITS = re.compile(r"\d")
_SHORT = 4  # a Turkish number with at most this many digits is a short code: 112, 153, 185

NO_NUMBER = _(
    "This is no valid telephone number. Write it as 0xxx xxx xx xx, from abroad with + and the country code."
)


def normal_phone(text: str) -> str:
    """The number in E.164 (`+902163111111`) from any spelling, "" from "". INVALID for what is none."""
    text = clean(text or "")
    if not text:
        return ""
    digits = "".join(_DIGITS.findall(text))
    if 0 < len(digits) <= _SHORT:
        message = _("%(number)s is a short code, not a telephone number.") % {"number": digits}
        raise DomainError(ErrorCode.INVALID, message, "phone")
    try:
        number = phonenumbers.parse(text, "TR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise DomainError(ErrorCode.INVALID, NO_NUMBER, "phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def numbers_of_gateway(spelled: str) -> list[str]:
    """What a gateway may mean by a number (E.164): as it is spelled, or with the “+” that it left out."""
    found = []
    for spelling in (spelled, f"+{spelled}"):
        with suppress(DomainError):
            found += [number] if (number := normal_phone(spelling)) else []
    return found
