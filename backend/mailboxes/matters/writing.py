"""Writing about a letter, to a partner, and internal notes in a conversation: verbs of the matters themselves.

What is written to the applicant of a case or a request is declared there. A letter is answered by a letter (RYY): a
message about one bears no number, and none is written about a confidential one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Annotated, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.appointments.actions.step import move as move_request
from backend.appointments.choices import Status as RequestStatus
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb as RequestVerb
from backend.appointments.moves import appointment_action
from backend.appointments.story import EventType as RequestEvent
from backend.core.validation import finished, required, short
from backend.core.words.languages import Language
from backend.core.words.text import clean, line
from backend.documents.intake import accept_along
from backend.documents.models import stored
from backend.journal.action_table import Field, Trait
from backend.letters.actions.step import move as move_letter
from backend.letters.choices import Confidentiality, Register
from backend.letters.choices import Status as LetterStatus
from backend.letters.models import Letter
from backend.letters.moves import Verb as LetterVerb
from backend.letters.moves import letter_action
from backend.letters.story import EventType as LetterEvent
from backend.mailboxes.choices import MessageMethod
from backend.mailboxes.matters.recipients import recipient, subject_of
from backend.mailboxes.models import EDGES, Matter, WrittenFile, WrittenMessage
from backend.notifications import staff
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.partners.actions.step import move as move_organisation
from backend.partners.actions.step import require_own
from backend.partners.choices import Status as OrganisationStatus
from backend.partners.models import Organisation, Role
from backend.partners.moves import Verb as OrganisationVerb
from backend.partners.moves import organisation_action
from backend.partners.story import EventType as OrganisationEvent

LONGEST = 10_000
Body = Annotated[
    str,
    Field(
        _("Message"),
        api=f"The text, without greeting and signature; by SMS and WhatsApp at most {outbox.LONGEST_SMS} letters.",
        rows=6,
        max_length=LONGEST,
    ),
]
Note = Annotated[str, Field(_("Internal note"), api="The note.", rows=3, max_length=LONGEST)]
Subject = Annotated[
    str,
    Field(
        _("Subject"),
        api="The subject of an e-mail; left out, that of what is answered.",
        help=_("Empty: that of the message which is answered."),
        max_length=200,
    ),
]
By = Annotated[
    str,
    Field(
        _("How"),
        api="How it is sent; left out, the way by which they wrote last.",
        empty=_("as they wrote"),
    ),
    MessageMethod,
]
To = Annotated[
    str,
    Field(
        _("To"),
        api="The e-mail address or mobile number; left out, that of who wrote last, or the one on record.",
        help=_("Empty: to who wrote last, or the address on record."),
        max_length=254,
    ),
]
NewFiles = Annotated[Sequence[IO[bytes]], Field(_("New files"))]
WITH_OTHERS = (
    *(LetterStatus.REGISTERED, LetterStatus.SENT, LetterStatus.DELIVERED),
    *(LetterStatus.RECEIVED, LetterStatus.ANSWERED, LetterStatus.FILED),
)
"""The states of a letter that the other side knows, or wrote itself."""


# -- messages ----------------------------------------------------------------------------------------------------
@letter_action(
    LetterVerb.MESSAGE,
    event=LetterEvent.MESSAGED,
    source=WITH_OTHERS,
    applies=Q(confidentiality=Confidentiality.NONE) & ~Q(register=Register.INTERNAL),
    traits=Trait.CONCURRENT,
    notifies=True,
    hint=_(
        "A letter is answered by a letter. This is a message about it, such as a question or a date: it bears no"
        " number and ends no time limit."
    ),
)
def write_about_letter(
    letter: Letter,
    *,
    by: User | None,
    body: Body,
    subject: Subject = "",
    means: By = "",
    to: To = "",
    new_files: NewFiles = (),
) -> WrittenMessage:
    """Write a message about a letter to its other side, which bears no number.

    It waits for thirty seconds and can be taken back until then. An e-mail stands in the thread of the letter, and its
    reply joins the conversation.
    """
    written = _send(letter, by=by, body=body, subject=subject, means=means, to=to, files=new_files)
    move_letter(
        letter, LetterVerb.MESSAGE, by=by, details={"means": written.means, "written": str(written.key)}
    )
    return written


@organisation_action(
    OrganisationVerb.MESSAGE,
    event=OrganisationEvent.MESSAGED,
    source=OrganisationStatus.ACTIVE,
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    notifies=True,
)
def write_to_organisation(
    organisation: Organisation,
    *,
    by: User | None,
    body: Body,
    subject: Subject = "",
    role: Annotated[
        Role | None,
        Field(
            _("To whom there"),
            api="To whom there; left out, to the organisation.",
            empty=_("the organisation"),
        ),
    ] = None,
    means: By = "",
    to: To = "",
    new_files: NewFiles = (),
) -> WrittenMessage:
    """Write to an organisation, or to a person there.

    It waits for thirty seconds and can be taken back until then. An e-mail begins a thread, and its reply joins the
    conversation.
    """
    if role is not None:
        require_own(organisation, role)
    written = _send(
        organisation, by=by, body=body, subject=subject, means=means, to=to, files=new_files, role=role
    )
    move_organisation(
        organisation,
        OrganisationVerb.MESSAGE,
        by=by,
        details={"means": written.means, "written": str(written.key)},
    )
    return written


def _send(
    matter: Letter | Organisation,
    *,
    by: User | None,
    body: str,
    subject: str,
    means: str,
    to: str,
    files: Sequence[IO[bytes]],
    role: Role | None = None,
) -> WrittenMessage:
    """Post a message that waits to be taken back, and keep it with its files."""
    text = finished(required(clean(body), "body", _("Write the message."), LONGEST))
    way, address = recipient(matter, means, short(to, "to", 254), role)
    outbox.require_carried(files, way)
    text = outbox.bounded(text, way)
    about = subject_of(matter, finished(line(short(subject, "subject", 200)), "subject"))
    if not about and way == MessageMethod.EMAIL:
        about = required("", "subject", _("Write the subject."))
    accepted = accept_along(files, "new_files")
    held = holding.until()
    written = WrittenMessage.objects.create(
        **{EDGES[type(matter)]: matter},
        role=role,
        subject=about if way == MessageMethod.EMAIL else "",
        body=text,
        means=way,
        address=address,
        author=by,
        held_until=held,
    )
    kept = [WrittenFile.keep(file, by=by, written=written) for file in accepted]
    first, whole = _composed(matter, about, text, way, [file.name for file in kept])
    written.message = outbox.post(
        channel=way,
        address=address,
        subject=first,
        body=whole,
        purpose="letter_message" if isinstance(matter, Letter) else "partner_message",
        files=[stored(file) for file in kept],
        not_before=held,
        matter=matter.key,
    )
    written.save(update_fields=["message"])
    return written


def _composed(
    matter: Matter, subject: str, text: str, way: MessageMethod, files: list[str]
) -> tuple[str, str]:
    unit = matter.department if isinstance(matter, Letter) else staff.private_office()
    is_turkish = not isinstance(matter, Organisation) or matter.language == Language.TR
    facts: dict[str, Any] = {
        "subject": subject,
        "body": text,
        "unit": unit.name if unit else "",
        "is_turkish": is_turkish,
        "files": files,
    }
    if way in outbox.SHORT:
        _nothing, short_text = outbox.render("mailboxes/mail/written_sms.txt", facts)
        return "", short_text.strip()
    return outbox.render("mailboxes/mail/written.txt", facts)


# -- taking back -------------------------------------------------------------------------------------------------
@letter_action(
    LetterVerb.UNSEND,
    event=LetterEvent.MESSAGE_TAKEN_BACK,
    source=WITH_OTHERS,
    applies=WrittenMessage.held("letter"),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    takes_back=(LetterVerb.MESSAGE,),
)
def take_back_of_letter(letter: Letter, *, by: User | None) -> WrittenMessage:
    """Take back one's messages about a letter that have not left yet; without any of one's own, the newest.

    It is as if they were never written. WRONG_STATE once they have left.
    """
    taken = _take_back(letter, by)
    move_letter(letter, LetterVerb.UNSEND, by=by)
    return taken


@organisation_action(
    OrganisationVerb.UNSEND,
    event=OrganisationEvent.MESSAGE_TAKEN_BACK,
    source=OrganisationStatus.ACTIVE,
    applies=WrittenMessage.held("organisation"),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    takes_back=(OrganisationVerb.MESSAGE,),
)
def take_back_of_organisation(organisation: Organisation, *, by: User | None) -> WrittenMessage:
    """Take back one's messages to an organisation that have not left yet; without any of one's own, the newest.

    It is as if they were never written. WRONG_STATE once they have left.
    """
    taken = _take_back(organisation, by)
    move_organisation(organisation, OrganisationVerb.UNSEND, by=by)
    return taken


def _take_back(matter: Letter | Organisation, by: User | None) -> WrittenMessage:
    """Remove what waits, with its files; the last of it, so that its text can be written on."""
    rows = WrittenMessage.objects.filter(holding.HELD, **{EDGES[type(matter)]: matter})
    found = rows.select_for_update(of=("self",)).select_related("message").order_by("at", "pk")
    waiting = holding.of_one(list(found), by, "author_id")
    holding.recall(row.message for row in waiting)
    last = waiting[-1]
    for row in waiting:
        for file in row.files.all():
            file.discard()
        WrittenMessage.objects.filter(pk=row.pk).delete()
    return last


# -- notes -------------------------------------------------------------------------------------------------------
@letter_action(
    LetterVerb.COMMENT, event=LetterEvent.COMMENTED, source=tuple(LetterStatus), traits=Trait.CONCURRENT
)
def note_on_letter(letter: Letter, *, by: User | None, body: Note) -> WrittenMessage:
    """Add an internal note to a letter.

    Only the house reads it.
    """
    note = _note(letter, body, by)
    move_letter(letter, LetterVerb.COMMENT, by=by, details={"written": str(note.key)})
    return note


@organisation_action(
    OrganisationVerb.COMMENT,
    event=OrganisationEvent.COMMENTED,
    source=tuple(OrganisationStatus),
    traits=Trait.CONCURRENT,
)
def note_on_organisation(organisation: Organisation, *, by: User | None, body: Note) -> WrittenMessage:
    """Add an internal note to an organisation.

    Only the house reads it.
    """
    note = _note(organisation, body, by)
    move_organisation(organisation, OrganisationVerb.COMMENT, by=by, details={"written": str(note.key)})
    return note


@appointment_action(
    RequestVerb.COMMENT, event=RequestEvent.COMMENTED, source=tuple(RequestStatus), traits=Trait.CONCURRENT
)
def note_on_request(request: AppointmentRequest, *, by: User | None, body: Note) -> WrittenMessage:
    """Add an internal note to a request.

    No applicant ever reads it.
    """
    note = _note(request, body, by)
    move_request(request, RequestVerb.COMMENT, by=by, details={"written": str(note.key)})
    return note


def _note(matter: Matter, body: str, by: User | None) -> WrittenMessage:
    text = required(clean(body), "body", _("Write the note."), LONGEST)
    return WrittenMessage.objects.create(**{EDGES[type(matter)]: matter}, is_note=True, body=text, author=by)
