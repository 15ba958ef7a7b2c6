"""Files that a citizen brings before they send anything in, for portals; see `backend.submissions.brought`."""

from __future__ import annotations

from typing import IO

from django.db.models import QuerySet

from backend.core.errors import DomainError
from backend.core.session import system
from backend.documents import disarming, scanning
from backend.documents.intake import PICTURES
from backend.organization.models import User
from backend.submissions import brought
from backend.submissions.models import SubmissionFile
from permissions.submissions.proofs import line_asked_from


def bring(
    bundle: str, *, by: User, file: IO[bytes], name: str, address: str = ""
) -> SubmissionFile | DomainError:
    """`brought.bring`. `address`: as `line_asked_from`."""
    line = line_asked_from(address)
    with system():
        return brought.bring(bundle, by=by, address=line, file=file, name=name)


def waiting(bundle: str, *, by: User, key: str = "") -> list[SubmissionFile]:
    """The files of a bundle that were not sent in yet, or the one of a key."""
    with system():
        rows = brought.waiting(bundle, by=by)
        return list(rows.filter(key=key) if key else rows)


def to_send(bundle: str, *, by: User) -> QuerySet[SubmissionFile]:
    """The same, to be put to a submission; under the role of the house."""
    return brought.waiting(bundle, by=by)


def remove(bundle: str, key: str, *, by: User) -> None:
    """`brought.remove`."""
    with system():
        brought.remove(bundle, key, by=by)


def thumbnail(row: SubmissionFile) -> bytes | None:
    """A small JPEG of a picture; None for another file, and while the virus scanner has not seen it."""
    storage, name = row.file.storage, str(row.file.name)
    if row.content_type not in PICTURES or not storage.exists(name):
        return None
    try:
        scanning.require_scanned(storage, name)
    except DomainError:
        return None
    return bytes(disarming.thumbnail_of(row.file))
