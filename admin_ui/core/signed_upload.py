"""Upload with preview: between the preview and “for good” the signed file stays in the page itself, not on the
server."""

from __future__ import annotations

import base64
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode
from backend.organization.models import User

KEPT_SECONDS = 3600
LONGEST_TICKET = 2_500_000  # letters; a form may have 3 MB


LARGEST = 1_500_000  # bytes, of a table


def content_of(file: UploadedFile) -> bytes:
    """The bytes of an uploaded table. TOO_LARGE at `file`."""
    if (file.size or 0) > LARGEST:
        raise DomainError(ErrorCode.TOO_LARGE, _("The file is too large. Divide it."), "file")
    return file.read()


def hold(salt: str, user: User, data: bytes, *facts: object) -> str:
    """Create a ticket with the file and its facts, bound to this user. TOO_LARGE at `file`."""
    held = [base64.b85encode(data).decode(), user.pk, *facts]
    ticket = signing.dumps(held, salt=salt, compress=True)
    if len(ticket) > LONGEST_TICKET:
        raise DomainError(ErrorCode.TOO_LARGE, _("The file is too large. Export a shorter period."), "file")
    return ticket


def held(salt: str, user: User, ticket: str) -> tuple[bytes, list[Any]] | None:
    """The file and facts of a ticket; None if it is expired, of another user, or invalid."""
    try:
        text, owner, *facts = signing.loads(ticket, salt=salt, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return (base64.b85decode(text), facts) if owner == user.pk else None
