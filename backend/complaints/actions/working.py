"""Working on a case: start, wait, resume, note, file."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions.step import hold, journal_line, move
from backend.complaints.choices import WaitingFor
from backend.complaints.models import Attachment, Comment, Complaint
from backend.complaints.moves import Verb
from backend.complaints.story import Happened
from backend.core.given import choice, required
from backend.core.words.text import clean
from backend.documents.intake import AcceptedFile
from backend.documents.intake import accept as accept_file
from backend.organization.models import User


@transaction.atomic
def start(complaint: Complaint, *, by: User | None) -> Complaint:
    """The work has begun."""
    move(complaint, Verb.START, by=by)
    return complaint


@transaction.atomic
def wait(complaint: Complaint, *, by: User | None, for_: str, note: str = "") -> Complaint:
    """Put on hold, saying for whom or what. The clock of the law runs on."""
    moves.require(Verb.WAIT, complaint.status)
    reason = choice(WaitingFor, for_, "for_")
    move(
        complaint,
        Verb.WAIT,
        by=by,
        note=clean(note),
        waiting_for=reason,
        details={"waiting_for": reason.value},
    )
    return complaint


@transaction.atomic
def resume(complaint: Complaint, *, by: User | None, note: str = "") -> Complaint:
    """What was waited for is there."""
    move(complaint, Verb.RESUME, by=by, note=clean(note))
    return complaint


@transaction.atomic
def comment(complaint: Complaint, *, by: User, body: str) -> Comment:
    """Add an internal note, in any state. No citizen ever reads it."""
    hold(complaint, Verb.COMMENT)
    text = required(body, "body", _("Write the note."))
    found = Comment.objects.create(complaint=complaint, author=by, body=text)
    journal_line(complaint, Happened.COMMENTED, by=by)
    return found


@transaction.atomic
def attach(complaint: Complaint, *, by: User | None, file: IO[bytes], name: str = "") -> Attachment:
    """Add a file: what it is was read from its content, and a picture keeps no place it was taken at.

    Raises TOO_LARGE, UNSUPPORTED or INVALID.
    """
    hold(complaint, Verb.ATTACH)
    return keep(complaint, accept_file(file, name), by=by)


def keep(complaint: Complaint, accepted: AcceptedFile, *, by: User | None) -> Attachment:
    """The attachment of a file that was accepted, and its line."""
    found = Attachment.keep(accepted, by=by, complaint=complaint)
    journal_line(
        complaint, Happened.ATTACHED, by=by, details={"type": accepted.content_type, "size": found.size}
    )
    return found
