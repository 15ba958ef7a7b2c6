"""Preparing a meeting: talking points and logistics; asking departments for their notes, and chasing them.

A department learns that it is asked, what, by when and for whom: nothing of the entry. So it is not asked about a
confidential one, whose being there is a secret already.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import change
from backend.notifications import staff
from backend.notifications.staff import Mails
from backend.organization.models import Department, User
from backend.programme import moves, note_moves
from backend.programme.actions.step import OPEN, TO_COME, move, write_line
from backend.programme.choices import LIVE, NoteStatus, Status
from backend.programme.keepers import keepers
from backend.programme.models import DepartmentNote, Entry, Preparation
from backend.programme.moves import Verb, entry_action
from backend.programme.note_moves import NoteVerb, note_action
from backend.programme.story import EventType

LONGEST_QUESTION = 1000
LONGEST = 20_000


@entry_action(Verb.PREPARE, event=EventType.PREPARED, source=(*LIVE, Status.DONE), traits=Trait.PRIMARY)
def prepare(
    entry: Entry,
    *,
    by: User | None,
    talking_points: Annotated[
        str | None, Field(_("Talking points"), api="Points to make in the conversation.", rows=6)
    ] = None,
    logistics: Annotated[str | None, Field(_("Logistics"), api="What is to be arranged.", rows=3)] = None,
) -> Entry:
    """Write the talking points and the arrangements.

    What is left out (None) stays.
    """
    moves.require(Verb.PREPARE, entry.status)
    values = {"talking_points": talking_points, "logistics": logistics}
    texts = {name: _long(text, name) for name, text in values.items() if text is not None}
    Preparation.objects.update_or_create(
        entry=entry, defaults={**texts, "prepared_at": timezone.now(), "prepared_by": by}
    )
    move(entry, Verb.PREPARE, by=by)
    return entry


@entry_action(
    Verb.ASK_NOTE,
    event=EventType.NOTE_ASKED,
    source=LIVE,
    applies=OPEN & TO_COME,
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    hint=_("The head of the department is notified by e-mail, and again once it is late."),
)
def ask_note(
    entry: Entry,
    *,
    by: User | None,
    department: Annotated[Department, Field(_("Department"), api="Which department.")],
    question: Annotated[
        str,
        Field(
            _("What the note is to say"),
            api="What the note is to say; at most 1000 letters. The department reads this.",
            help=_("The department reads this and nothing of the entry."),
            rows=3,
            max_length=1000,
        ),
    ],
    due_at: Annotated[
        dt.datetime,
        Field(_("To be written by"), api="By when, before the entry begins; without an offset local time."),
    ],
) -> DepartmentNote:
    """Ask a department for its note.

    By a time before the entry begins; the department's head is notified.

    INVALID about a confidential entry, DUPLICATE where the department is asked already: then it is asked again.
    """
    moves.require(Verb.ASK_NOTE, entry.status)
    if entry.is_confidential:
        message = _(
            "A department cannot be asked about a confidential entry: it would learn that there is one."
        )
        raise DomainError(ErrorCode.INVALID, message, "department")
    if not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    if DepartmentNote.objects.filter(entry=entry, department=department).exists():
        message = _("This department has been asked already. Ask it again at its note.")
        raise DomainError(ErrorCode.DUPLICATE, message, "department")
    note = DepartmentNote.objects.create(
        entry=entry,
        principal=entry.principal,
        department=department,
        question=_question(question),
        due_at=_due(entry, due_at),
        asked_by=by,
    )
    move(entry, Verb.ASK_NOTE, by=by, details=_facts(note))
    _notify(note, "note_asked")
    return note


@note_action(
    NoteVerb.WRITE,
    event=EventType.NOTE_WRITTEN,
    source=(NoteStatus.ASKED, NoteStatus.RETURNED, NoteStatus.WRITTEN),
    target=NoteStatus.WRITTEN,
    traits=Trait.PRIMARY,
)
def write_note(
    note: DepartmentNote, *, by: User | None, text: Annotated[str, Field(_("Note"), api="The note.", rows=10)]
) -> DepartmentNote:
    """Write the note.

    The department's answer. Written again, the text before stays readable.
    """
    text = required(text, "text", _("Write the note."), LONGEST)
    return _move(
        note, NoteVerb.WRITE, by=by, text=text, former=note.text, written_at=timezone.now(), written_by=by
    )


@note_action(
    NoteVerb.RETURN,
    event=EventType.NOTE_RETURNED,
    source=NoteStatus.WRITTEN,
    target=NoteStatus.RETURNED,
    traits=Trait.PRIMARY,
)
def return_note(
    note: DepartmentNote,
    *,
    by: User | None,
    remark: Annotated[str, Field(_("What is missing"), api="What is missing.", rows=3)],
    due_at: Annotated[
        dt.datetime,
        Field(_("To be written by"), api="By when it is to be written anew; without an offset local time."),
    ],
) -> DepartmentNote:
    """Return it with a question.

    To be written anew by a time.
    """
    remark = required(remark, "remark", _("Write what is missing."), LONGEST_QUESTION)
    due_at = _due(note.entry, due_at)
    returned = _move(note, NoteVerb.RETURN, by=by, remark=remark, due_at=due_at, chased_at=None)
    _notify(returned, "note_asked")
    return returned


@note_action(
    NoteVerb.ASK_AGAIN,
    event=EventType.NOTE_ASKED_AGAIN,
    source=(NoteStatus.ASKED, NoteStatus.RETURNED, NoteStatus.WITHDRAWN),
    target=NoteStatus.ASKED,
)
def ask_note_again(
    note: DepartmentNote,
    *,
    by: User | None,
    question: Annotated[
        str,
        Field(
            _("What the note is to say"), api="Another question; default the same.", rows=3, max_length=1000
        ),
    ] = "",
    due_at: Annotated[
        dt.datetime, Field(_("To be written by"), api="By when; without an offset local time.")
    ],
) -> DepartmentNote:
    """Ask for it once more.

    By another time, with another question if one is passed.
    """
    if note.entry.is_confidential or note.entry.status not in LIVE:
        raise DomainError(ErrorCode.WRONG_STATE, _("There is nothing to ask for about this entry any more."))
    changes: dict[str, Any] = {"due_at": _due(note.entry, due_at), "chased_at": None, "is_withheld": False}
    if clean(question):
        changes["question"] = _question(question)
    asked = _move(note, NoteVerb.ASK_AGAIN, by=by, **changes)
    _notify(asked, "note_asked")
    return asked


@note_action(
    NoteVerb.WITHDRAW,
    event=EventType.NOTE_WITHDRAWN,
    source=(NoteStatus.ASKED, NoteStatus.RETURNED),
    target=NoteStatus.WITHDRAWN,
    traits=Trait.DESTRUCTIVE,
)
def withdraw_note(
    note: DepartmentNote,
    *,
    by: User | None,
    remark: Annotated[str, Field(_("Note"), api="The remark made with it.", rows=2)] = "",
) -> DepartmentNote:
    """Ask for it no longer."""
    return _move(note, NoteVerb.WITHDRAW, by=by, remark=clean(remark))


def chase_notes() -> int:
    """Tell departments and keepers of the notes that were not written in time, each once; how many."""
    rows = DepartmentNote.objects.late().filter(chased_at__isnull=True, entry__status__in=LIVE)
    matches = list(
        rows.select_related("department", "principal")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("due_at", "pk")
    )
    mails: Mails = defaultdict(list)
    for note in matches:
        values = {
            "department": note.department.short_name,
            "principal": note.principal.name,
            "due_at": note.due_at.astimezone(ISTANBUL),
            "about": note,
        }
        people = staff.recipients(None, *keepers(note.principal_id))
        for one in dict.fromkeys([*staff.heads(note.department.current()), *people]):
            mails[one].append(values)
    for one, named in mails.items():
        staff.post([one], "programme/notes_late", {"rows": named})
    DepartmentNote.objects.filter(pk__in=[note.pk for note in matches]).update(chased_at=timezone.now())
    return len(matches)


def _move(note: DepartmentNote, verb: NoteVerb, *, by: User | None, **changes: Any) -> DepartmentNote:
    """Change the row if it still is as the caller knows it, and tell it in the entry's story."""
    note_moves.require(verb, note.status)
    after = note_action.after(verb, note.status)
    change(note, after, **changes)
    write_line(note.entry, note_action[verb].event, by=by, details=_facts(note))
    return note


def _notify(note: DepartmentNote, template: str) -> None:
    """Notify the head of the department, without content of the entry or of the question."""
    context = {"principal": note.principal.name, "due_at": note.due_at.astimezone(ISTANBUL)}
    staff.post(staff.heads(note.department.current()), f"programme/{template}", context, note)


def _facts(note: DepartmentNote) -> dict[str, str]:
    """What the story says: participants read it too, so nothing of question and answer."""
    return {"who": str(note.department), "until": note.due_at.isoformat()}


def _question(text: str) -> str:
    return required(text, "question", _("Write what the note is to say."), LONGEST_QUESTION)


def _long(text: str, field: str) -> str:
    text = clean(text)
    if len(text) > LONGEST:
        raise DomainError(ErrorCode.TOO_LARGE, _("This text is too long."), field)
    return text


def _due(entry: Entry, due_at: dt.datetime) -> dt.datetime:
    if due_at <= timezone.now():
        raise DomainError(ErrorCode.INVALID, _("The time must lie in the future."), "due_at")
    if due_at > entry.starts_at:
        message = _("The note must be there before the entry begins.")
        raise DomainError(ErrorCode.INVALID, message, "due_at")
    return due_at
