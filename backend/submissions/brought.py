"""Files that a citizen brings before they send anything in: kept under a name of the portal's, and then with it."""

from __future__ import annotations

import datetime as dt
from typing import IO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.addresses import line_of
from backend.documents.intake import accept as accept_file
from backend.organization.models import User
from backend.submissions.actions import are_left, keyed_digest
from backend.submissions.keeping import delete
from backend.submissions.models import SubmissionFile

SHORTEST, LONGEST = 22, 100
"""Letters of the name of a bundle, which is the key to its files."""
MOST_FILES = 10
MOST_OF_SENDER, HOUR = 60, dt.timedelta(hours=1)
MOST_BYTES = 4 * 1024**3
"""Of one bundle, of one access line within an hour, and of all that was not sent in yet."""
WAITS = dt.timedelta(days=1)
"""So long a file waits for what it is sent in with."""


@transaction.atomic
def bring(bundle: str, *, by: User, address: str, file: IO[bytes], name: str = "") -> SubmissionFile:
    """Check a file as one of a case is, and keep it; the same file twice is one.

    OVER_LIMIT for more than ten of a bundle, or above the shares; TOO_LARGE, UNSUPPORTED, INVALID.
    """
    digest = _digest(bundle, by)
    accepted = accept_file(file, name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 9))", [digest])
    theirs = SubmissionFile.objects.filter(bundle=digest)
    if there := theirs.filter(sha256=accepted.sha256).first():
        return there
    if not are_left([(theirs, MOST_FILES)]):
        message = _("At most %(count)s files can be added.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"count": MOST_FILES}, "file")
    sender = keyed_digest("sender", line_of(address))
    lately = SubmissionFile.objects.filter(sender=sender, uploaded_at__gt=timezone.now() - HOUR)
    size = SubmissionFile.objects.filter(submission=None).aggregate(size=Sum("size"))["size"] or 0
    if not are_left([(lately, MOST_OF_SENDER)]) or size + len(accepted.content) > MOST_BYTES:
        message = _("Too many files were sent within the hour. Try again later, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE}, "file")
    return SubmissionFile.keep(accepted, by=by, bundle=digest, sender=sender)


def waiting(bundle: str, *, by: User) -> QuerySet[SubmissionFile]:
    """The files of a bundle that were not sent in yet, in the order in which they came."""
    rows = SubmissionFile.objects.filter(bundle=_digest(bundle, by), submission=None)
    return rows.order_by("uploaded_at", "pk")


def remove(bundle: str, key: str | UUID, *, by: User) -> None:
    """Remove one of them, with its file; one that is not there changes nothing."""
    delete(waiting(bundle, by=by).filter(key=key))


def forget() -> int:
    """Delete what nothing was sent in with for a day; how many files."""
    return delete(SubmissionFile.objects.filter(submission=None, uploaded_at__lt=timezone.now() - WAITS))


def _digest(bundle: str, by: User) -> str:
    if not SHORTEST <= len(bundle) <= LONGEST:
        message = _("Name the files by a random text of your own, of %(shortest)s to %(longest)s letters.")
        raise DomainError(ErrorCode.INVALID, message % {"shortest": SHORTEST, "longest": LONGEST}, "files")
    return keyed_digest("bundle", str(by.pk), bundle)
