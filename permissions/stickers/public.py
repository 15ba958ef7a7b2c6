"""What a sticker says to those who scan it: what it is and where it stands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.stickers.models import Sticker


def place_of(code: str) -> Sticker | None:
    """Return the place in use with this code, for anybody; None for a withdrawn or unknown code."""
    with system():
        return Sticker.objects.in_use().of_code(code).select_related("neighbourhood", "category").first()


def sticker_with(code: str) -> Sticker | None:
    """Return the place that a submission names, None of none; under the role of the house. INVALID.

    A withdrawn one counts: a citizen may have scanned it before.
    """
    if not code.strip():
        return None
    row = Sticker.objects.of_code(code).select_related("neighbourhood", "category").first()
    if row is None:
        message = _("There is no place with this code. Leave the code out and write where it is.")
        raise DomainError(ErrorCode.INVALID, message, "place_code")
    return row
