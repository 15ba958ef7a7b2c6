"""Files that go with a reply: chosen with its draft, seen by who approves it, sent with the mail, shown to the citizen.

A file that only the house knew needs a word of consent, once; what the citizen brought or was sent before needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.working import keep
from backend.complaints.choices import NoticeStatus
from backend.complaints.models import Attachment, Complaint, Notice, NoticeFile
from backend.core.errors import DomainError, ErrorCode
from backend.documents import scanning
from backend.documents.intake import ALONG, MOST_ALONG, MOST_BYTES_ALONG, accept
from backend.organization.models import User

MOST, MOST_BYTES, LIMITS = MOST_ALONG, MOST_BYTES_ALONG, ALONG


def brought(complaint: Complaint) -> QuerySet[Attachment]:
    """What the citizen brought on their own page, or by the portal that brought the case in: no file of the house or of
    another program."""
    by_themselves = Q(uploaded_by=None) | Q(
        uploaded_by=complaint.registered_by_id, uploaded_by__is_staff=False
    )
    return complaint.attachments.filter(by_themselves).order_by("uploaded_at", "pk")


def internal(complaint: Complaint) -> QuerySet[Attachment]:
    """The files that only the house knows: not brought for the citizen, in no reply so far, no picture of a post."""
    along = NoticeFile.objects.filter(attachment=OuterRef("pk"))
    ours = complaint.attachments.filter(is_of_post=False).exclude(pk__in=brought(complaint).values("pk"))
    return ours.filter(~Exists(along)).order_by("uploaded_at", "pk")


def enclosed(notice: Notice | None) -> list[Attachment]:
    """The files that go with a notice, in the order in which they were chosen."""
    if notice is None:
        return []
    return [row.attachment for row in notice.files.current().select_related("attachment").order_by("pk")]


def enclose(
    notice: Notice,
    chosen: Sequence[Attachment],
    *,
    by: User | None,
    new: Iterable[IO[bytes]] = (),
    accept_internal: bool = False,
) -> None:
    """Let exactly these files go with a reply in the making, and new ones that are added to its case.

    NOT_FOUND for a file of another case, INVALID for the picture of a post, OVER_LIMIT for too many or too large ones,
    UNUSUAL for one that only the house knew, unless `accept_internal`; what `intake.accept` raises, at `new_files`.
    """
    complaint = notice.complaint
    wanted = list(dict.fromkeys(chosen))
    if any(file.complaint_id != complaint.pk for file in wanted):
        raise DomainError(ErrorCode.NOT_FOUND, _("This file is not one of the application's."), "enclosures")
    if any(file.is_of_post for file in wanted):
        message = _("The picture of a post names a person: it goes with no reply.")
        raise DomainError(ErrorCode.INVALID, message, "enclosures")
    _ask_about_internal(complaint, wanted, accept_internal)
    accepted = []
    for sent in new:
        try:
            accepted.append(accept(sent, getattr(sent, "name", "") or ""))
        except DomainError as refusal:
            raise DomainError(refusal.code, refusal.message, "new_files") from None
    _check_limits(
        len(wanted) + len(accepted), sum(f.size for f in wanted) + sum(len(f.content) for f in accepted)
    )
    wanted += [keep(complaint, file, by=by) for file in accepted]
    there = set(notice.files.current().values_list("attachment", flat=True))
    gone = notice.files.current().exclude(attachment__in=[file.pk for file in wanted])
    gone.update(removed_at=timezone.now())
    for file in wanted:
        if file.pk not in there:
            NoticeFile.objects.create(complaint=complaint, notice=notice, attachment=file)


def _ask_about_internal(complaint: Complaint, wanted: Sequence[Attachment], is_accepted: bool) -> None:
    if is_accepted or not wanted:
        return
    first = internal(complaint).filter(pk__in=[file.pk for file in wanted]).first()
    if first is not None:
        message = _(
            "“%(name)s” was only used inside the house so far, and may name other people. Confirm that the applicant"
            " is to get it, or leave it out."
        )
        raise DomainError(ErrorCode.UNUSUAL, message % {"name": first.name}, "accept_internal")


def _check_limits(count: int, size: int) -> None:
    if count > MOST or size > MOST_BYTES:
        message = _("At most %(count)s files, together %(size)s MB, can go with a reply.")
        words = {"count": MOST, "size": MOST_BYTES // 1024**2}
        raise DomainError(ErrorCode.OVER_LIMIT, message % words, "new_files")


def carry(former: Notice, to: Notice) -> None:
    """Let the files of one version of a reply go with the next."""
    for file in enclosed(former):
        NoticeFile.objects.create(complaint=to.complaint, notice=to, attachment=file)


def share(reply: Notice, to: Notice, *, by: User | None) -> None:
    """Let the files of the office that went with a reply go with one to a linked case, as files of that case. What the
    other applicant brought stays theirs."""
    theirs = set(brought(reply.complaint).values_list("pk", flat=True))
    for file in enclosed(reply):
        if file.pk not in theirs:
            with file.file.open("rb") as content:
                own = keep(to.complaint, accept(content, file.name), by=by)
            NoticeFile.objects.create(complaint=to.complaint, notice=to, attachment=own)


def ready(notice: Notice) -> list[Attachment]:
    """The files of a reply that is sent now. WRONG_STATE for one that waits for the virus scanner, or was removed."""
    files = enclosed(notice)
    for file in files:
        scanning.require_scanned(file.file.storage, str(file.file.name))
    return files


def sent_files(complaint: Complaint) -> QuerySet[NoticeFile]:
    """What went to the citizen with the notices of a case."""
    rows = NoticeFile.objects.current().filter(complaint=complaint, notice__status=NoticeStatus.SENT)
    return rows.select_related("attachment").order_by("pk")
