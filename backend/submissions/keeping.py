"""Files of a submission: handed over to its case, and deleted with what is stored of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from backend.complaints.actions.working import keep
from backend.complaints.models import Complaint
from backend.documents import scanning
from backend.documents.intake import AcceptedFile
from backend.organization.models import User
from backend.submissions.models import SubmissionFile


def hand_over(files: QuerySet[SubmissionFile], complaint: Complaint, *, by: User | None) -> int:
    """Give the case a copy of each file, and keep the former ones no longer; how many.

    A file that waits for the virus scanner waits with the case; one that was found infected is left out.
    """
    count = 0
    for row in files.order_by("uploaded_at", "pk"):
        storage, name = row.file.storage, str(row.file.name)
        if not storage.exists(name):
            continue
        with row.file.open("rb") as stream:
            content = stream.read()
        awaits = storage.exists(f"{scanning.WAITING}/{name}")
        keep(complaint, AcceptedFile(content, row.name, row.content_type, row.sha256, awaits), by=by)
        count += 1
    delete(files)
    return count


def delete(files: Iterable[SubmissionFile]) -> int:
    """Delete rows, and what is stored of them once that is certain; how many."""
    rows = list(files)
    for row in rows:
        row.discard()
    return len(rows)
