"""Working on a case: start, wait, resume, note, file, a message to the citizen."""

from __future__ import annotations

from typing import IO, Annotated

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves, recalling
from backend.complaints.actions.notices import CARRIED, means_of_message, notify
from backend.complaints.actions.parameters import MeansOfMessage, NewFiles, Note, Proof, ToldOn
from backend.complaints.actions.staff import to_readers_of_note
from backend.complaints.actions.step import hold, journal_line, move
from backend.complaints.choices import OPEN, NoticeKind, PhotoStage, Status, WaitingFor
from backend.complaints.locating.photo_place import photo_place
from backend.complaints.models import Attachment, Comment, Complaint, Notice, NoticeFile
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.story import EventType
from backend.complaints.teamwork.mentions import mentioned
from backend.core.validation import choice, required
from backend.core.words.text import clean
from backend.documents.intake import AcceptedFile, accept_along
from backend.documents.intake import accept as accept_file
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.places.bounds import in_country
from backend.places.choices import DERIVED, PointSource

NOTE_HELP = _("No citizen ever reads it. @ and a user name mentions somebody, who is notified.")


@complaint_action(
    Verb.START,
    event=EventType.STARTED,
    source=Status.ACCEPTED,
    target=Status.IN_PROGRESS,
    traits=Trait.PRIMARY,
)
def start(complaint: Complaint, *, by: User | None) -> Complaint:
    """The work has begun."""
    move(complaint, Verb.START, by=by)
    return complaint


@complaint_action(
    Verb.PUT_ON_HOLD,
    event=EventType.PUT_ON_HOLD,
    source=(Status.ACCEPTED, Status.IN_PROGRESS),
    target=Status.WAITING,
)
def put_on_hold(
    complaint: Complaint,
    *,
    by: User | None,
    for_: Annotated[WaitingFor, Field(_("Waiting for"), api="What it waits for.")],
    note: Note = "",
) -> Complaint:
    """Put it on hold.

    Put on hold, saying for whom or what. The clock of the law runs on; the target of a service request stands still
    until it is resumed.
    """
    moves.require(Verb.PUT_ON_HOLD, complaint.status)
    reason = choice(WaitingFor, for_, "for_")
    move(
        complaint,
        Verb.PUT_ON_HOLD,
        by=by,
        note=clean(note),
        waiting_for=reason,
        details={"waiting_for": reason.value},
    )
    return complaint


@complaint_action(
    Verb.RESUME,
    event=EventType.RESUMED,
    source=Status.WAITING,
    target=Status.IN_PROGRESS,
    traits=Trait.PRIMARY,
)
def resume(
    complaint: Complaint,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="A remark for the story; no citizen reads it.", rows=3)] = "",
) -> Complaint:
    """Go on with it.

    What was waited for is there.
    """
    move(complaint, Verb.RESUME, by=by, note=clean(note))
    return complaint


@complaint_action(
    Verb.COMMENT,
    event=EventType.COMMENTED,
    source=tuple(Status),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    hands_over=to_readers_of_note,
)
def comment(
    complaint: Complaint,
    *,
    by: User,
    body: Annotated[str, Field(_("Internal note"), api="The note.", help=NOTE_HELP, rows=3)],
) -> Comment:
    """Add an internal note.

    No citizen ever reads it. `@user.name` mentions and notifies a colleague who may see the case; INVALID otherwise.
    """
    hold(complaint, Verb.COMMENT)
    text = required(body, "body", _("Write the note."))
    mentioned(text, complaint)
    result = Comment.objects.create(complaint=complaint, author=by, body=text)
    journal_line(complaint, EventType.COMMENTED, by=by)
    return result


@complaint_action(Verb.ATTACH, event=EventType.ATTACHED, source=OPEN, traits=Trait.CONCURRENT)
def attach(
    complaint: Complaint,
    *,
    by: User | None,
    file: Annotated[IO[bytes], Field(_("File"))],
    name: str = "",
    stage: str = "",
    use_place: bool = False,
) -> Attachment:
    """Add a file: what it is was read from its content, and a picture keeps no place it was taken at.

    `stage`: of a photo, whether it shows the place before or after the work (`PhotoStage`). `use_place`: who brings the
    photo wants the place where it was taken as the point of the case, unless it has one. Raises TOO_LARGE,
    UNSUPPORTED or INVALID.
    """
    shows = choice(PhotoStage, stage, "stage").value if stage else ""
    hold(complaint, Verb.ATTACH)
    taken = _taken_at(file) if use_place and complaint.point_source in ("", *DERIVED) else None
    attachment = keep(complaint, accept_file(file, name), by=by, stage=shows)
    if taken is not None:
        complaint.latitude, complaint.longitude = taken
        complaint.point_source = PointSource.PHOTO
        point = {"latitude": taken[0], "longitude": taken[1], "point_source": PointSource.PHOTO}
        Complaint.objects.filter(pk=complaint.pk).update(**point)
    return attachment


def _taken_at(file: IO[bytes]) -> tuple[float, float] | None:
    """Where a photo was taken, if that is a place in this country."""
    place = photo_place(file.read(settings.ATTACHMENT_MAX_BYTES))
    file.seek(0)
    return place if place and in_country(*place) else None


def keep(complaint: Complaint, accepted: AcceptedFile, *, by: User | None, stage: str = "") -> Attachment:
    """The attachment of a file that was accepted, and its line."""
    attachment = Attachment.keep(accepted, by=by, complaint=complaint, stage=stage)
    journal_line(
        complaint, EventType.ATTACHED, by=by, details={"type": accepted.content_type, "size": attachment.size}
    )
    return attachment


@complaint_action(
    Verb.MESSAGE,
    event=EventType.MESSAGED,
    source=tuple(Status),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    notifies=True,
)
def message(
    complaint: Complaint,
    *,
    by: User | None,
    body: Annotated[
        str,
        Field(
            _("Message to the citizen"),
            api="The text, without salutation.",
            help=_(
                "The tracking page shows it to the holder of the code and to the submitter: name no other person."
            ),
            rows=6,
        ),
    ],
    means: MeansOfMessage = None,
    proof: Proof = "",
    notified_on: ToldOn = None,
    new_files: NewFiles = (),
) -> Notice:
    """Write to the citizen.

    Send the citizen a message that is not the reply (a question, a date for a visit); returns the notice. Also
    allowed after the case has ended, for a message that could not be delivered. An e-mail or SMS waits for thirty
    seconds and can be taken back until then.
    """
    hold(complaint, Verb.MESSAGE)
    text = required(clean(body), "body", _("Write the message."))
    way = means or means_of_message(complaint)
    text = outbox.bounded(text, way)
    accepted = accept_along(new_files, "new_files")
    files = [keep(complaint, file, by=by) for file in accepted]
    held = holding.until() if way in CARRIED else None
    notice = notify(
        complaint,
        NoticeKind.MESSAGE,
        by=by,
        means=way,
        body=text,
        proof=proof,
        notified_on=notified_on,
        files=files,
        held=held,
    )
    for file in files:
        NoticeFile.objects.create(complaint=complaint, notice=notice, attachment=file)
    if held:
        recalling.when_it_leaves(notice)
    journal_line(
        complaint, EventType.MESSAGED, by=by, details={"means": notice.means, "notice": str(notice.key)}
    )
    return notice
