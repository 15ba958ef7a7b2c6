"""Files that a citizen brings before they send anything in: kept under a name of the portal's, and then with it."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.addresses import line_of, network_of
from backend.documents.intake import accept as accept_file
from backend.organization.models import User
from backend.submissions.actions import are_left, keyed_digest
from backend.submissions.choices import Status
from backend.submissions.keeping import delete
from backend.submissions.models import ShareUse, SubmissionFile

SHORTEST, LONGEST = 22, 100
"""Letters of the name of a bundle, which is the key to its files."""
MOST_FILES = 10
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MOST_OF_SENDER, MOST_OF_NETWORK = 60, 180
"""So many files are looked at in an hour for one access line, and for one network, removed and refused ones too."""
MOST_BYTES_OF_SENDER, MOST_BYTES_OF_NETWORK = 1024**3, 2 * 1024**3
"""So much is kept within a day for one access line, and for one network: no few of them use up what all have."""
MOST_BYTES = 20 * 1024**3
"""Of all that was not sent in yet, or waits for its code or the office: the disk has an end."""
WAITS = dt.timedelta(days=1)
"""So long a file waits for what it is sent in with."""


@transaction.atomic
def bring(
    bundle: str, *, by: User, address: str, file: IO[bytes], name: str = ""
) -> SubmissionFile | DomainError:
    """Check a file as one of a case is, and keep it; the same file twice is one.

    What the check refuses is returned and not raised, so that the attempt stays counted: TOO_LARGE, UNSUPPORTED,
    INVALID, TIMEOUT. OVER_LIMIT for more than ten of a bundle, or above the shares.
    """
    digest = _digest(bundle, by)
    use = ShareUse(
        sender=keyed_digest("sender", line_of(address)), network=keyed_digest("network", network_of(address))
    )
    _require_shares(use)  # before the work, which a flood would have done otherwise
    try:
        accepted = accept_file(file, name)
    except DomainError as refused:
        use.save(force_insert=True)
        return refused
    with connection.cursor() as cursor:
        for lock in (use.network, digest):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 9))", [lock])
    theirs = SubmissionFile.objects.filter(bundle=digest)
    there = theirs.filter(sha256=accepted.sha256).first()
    use.size = 0 if there else len(accepted.content)
    _require_shares(use)
    use.save(force_insert=True)
    if there:
        if there.submission_id is None:  # it was sent again, for what comes yet
            there.uploaded_at = timezone.now()
            there.save(update_fields=["uploaded_at"])
        return there
    if not are_left([(theirs, MOST_FILES)]):
        message = _("At most %(count)s files can be added.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"count": MOST_FILES}, "file")
    return SubmissionFile.keep(accepted, by=by, bundle=digest)


def _require_shares(use: ShareUse) -> None:
    """OVER_LIMIT above a share, the narrowest first."""
    used, now = ShareUse.objects.filter(contact=""), timezone.now()
    of_sender, of_network = used.filter(sender=use.sender), used.filter(network=use.network)
    lately = {"used_at__gt": now - HOUR}
    if not are_left(
        [(of_sender.filter(**lately), MOST_OF_SENDER), (of_network.filter(**lately), MOST_OF_NETWORK)]
    ):
        message = _("Too many files were sent within the hour. Try again later, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE}, "file")
    today = {"used_at__gt": now - DAY}
    standing = Q(submission=None) | Q(submission__status=Status.WAITING)
    shares: list[tuple[QuerySet[Any], int]] = [
        (of_sender.filter(**today), MOST_BYTES_OF_SENDER),
        (of_network.filter(**today), MOST_BYTES_OF_NETWORK),
        (SubmissionFile.objects.filter(standing), MOST_BYTES),
    ]
    if any((rows.aggregate(size=Sum("size"))["size"] or 0) + use.size > most for rows, most in shares):
        message = _("No more files are taken at the moment. Go on without them, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE}, "file")


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
