"""Recording an instruction, confirming its text, setting it right, filing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.core.words.until import until_named
from backend.documents.intake import accept as accept_file
from backend.instructions import moves
from backend.instructions.actions.notifications import notify_department
from backend.instructions.actions.parameters import Note
from backend.instructions.actions.secrecy import put_readers
from backend.instructions.actions.step import move, require_active, require_open, write_line
from backend.instructions.choices import CARRIED, OPEN, Form, Priority, Setting, Status
from backend.instructions.models import Collaboration, Instruction, InstructionAttachment
from backend.instructions.moves import Verb, instruction_action
from backend.instructions.story import EventType
from backend.invitations.models import Invitation
from backend.journal.action_table import Field, Trait
from backend.letters.models import Letter
from backend.organization.calendar import working_calendar
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal

SEQUENCE = "instruction"
LISTS: dict[str, Any] = {"form": Form, "setting": Setting, "priority": Priority}
LONGEST_SUBJECT = 70
LEEWAY = dt.timedelta(minutes=5)


class CorrectFields(TypedDict, total=False):
    text: Annotated[
        str | None,
        Field(
            _("What is to be done"),
            api="What is to be done; a new text is not confirmed any more.",
            help=_("A new text has to be confirmed again; the department is notified."),
            rows=4,
        ),
    ]
    subject: Annotated[
        str | None,
        Field(
            _("Subject"),
            api="What it is about, in a line.",
            help=_("Empty: the beginning of the text."),
            max_length=200,
        ),
    ]
    person: Annotated[
        User | None,
        Field(
            _("Responsible person"),
            api="The person who is to do it.",
            empty=_("none"),
            why=_("This person is notified besides the head of the department, who is in any case."),
        ),
    ]
    due_on: Annotated[dt.date | None, Field(_("Last day"), api="By when.")]
    priority: Annotated[
        str | None,
        Field(
            _("Priority"),
            api="How pressing it is.",
            why=_(
                "Where neither a last day nor the text says until when, the usual day of the priority stands."
            ),
        ),
        Priority,
    ]
    form: Annotated[
        str | None,
        Field(
            _("Oral or in writing?"),
            api="Oral or written.",
            why=_("An oral instruction has no paper: who heard it and when is its proof."),
        ),
        Form,
    ]
    setting: Annotated[str | None, Field(_("On what occasion?"), api="On what occasion."), Setting]
    place: Annotated[str | None, Field(_("Place"), api="Where.", max_length=200)]
    said_at: Annotated[
        dt.datetime | None,
        Field(_("When was it issued?"), api="When it was issued.", help=_("Empty: just now.")),
    ]
    heard_by: Annotated[User | None, Field(_("Who heard it?"), api="Who heard it.", empty=_("I myself"))]


@transaction.atomic
def give(
    principal: Principal,
    *,
    by: User,
    department: Department,
    collaborators: Iterable[Department] = (),
    confirmed: bool = False,
    is_confidential: bool = False,
    readers: Iterable[User] = (),
    entry: Entry | None = None,
    request: AppointmentRequest | None = None,
    promise: Promise | None = None,
    invitation: Invitation | None = None,
    event: Any = None,
    complaint: Complaint | None = None,
    letter: Letter | None = None,
    **facts: Unpack[CorrectFields],
) -> Instruction:
    """Record an instruction of a principal, and notify the head of the department.

    Defaults: the moment is now, the recorder heard it, the due date is the one that the text names or follows from the
    priority, the subject is the beginning of the text. `confirmed`: the text was read back to its author. A
    confidential one is read only by `by`, the principal, `readers` and the departments addressed. REQUIRED, INVALID.
    """
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This principal is no longer in office."), "principal")
    values = _checked({"text": "", **{name: value for name, value in facts.items() if value is not None}})
    values.setdefault("said_at", timezone.now())
    is_own = principal.person_id == by.pk  # written by its author: nothing to read back
    values.setdefault("heard_by", None if is_own else by)
    is_confirmed = confirmed or is_own
    values["subject"] = values.get("subject") or beginning(values["text"])
    priority = values.setdefault("priority", Priority.NORMAL)
    values.setdefault("due_on", until_named(values["text"]) or usual_date(priority))
    helpers = {collaborator.pk: require_open(collaborator, "collaborators") for collaborator in collaborators}
    helpers.pop(require_open(department).pk, None)
    instruction = Instruction(
        principal=principal,
        department=department,
        is_confidential=is_confidential,
        readers=[by.pk] if is_confidential else [],
        confirmed_at=timezone.now() if is_confirmed else None,
        confirmed_by=by if is_confirmed else None,
        entry=entry,
        request=request,
        promise=promise,
        invitation=invitation,
        event=event,
        complaint=complaint,
        letter=letter,
        given_by=by,
        year=today().year,
        **values,
    )
    instruction.number = NumberSequence.take(SEQUENCE, instruction.year)
    instruction.reference = f"TL-{instruction.year}/{instruction.number}"
    instruction.save(force_insert=True)
    if is_confidential:
        put_readers(instruction, [principal.person, *readers], by=by)
    Collaboration.objects.bulk_create(
        Collaboration(instruction=instruction, department=helper) for helper in helpers.values()
    )
    details = {"department": department.short_name}
    write_line(instruction, EventType.GIVEN, by=by, from_status="", details=details)
    notify_department(instruction, "GIVE")
    return instruction


def usual_date(priority: str) -> dt.date:
    """By when it is to be done where none was set: a working day (the settings of the office)."""
    days = configured.instruction_days(str(priority))
    return working_calendar().add_working_days(today(), days, with_leave=True)


def beginning(text: str) -> str:
    """The text's first line, as a subject: cut between words."""
    line = text.strip().split("\n", 1)[0].strip()
    if len(line) <= LONGEST_SUBJECT:
        return line
    return line[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0] + "…"


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none."""
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of an instruction: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    for field, enumeration in LISTS.items():
        if field in checked:
            checked[field] = choice(enumeration, checked[field], field)
    if "text" in checked:
        checked["text"] = required(checked["text"], "text", _("Write what is to be done."))
    if "subject" in checked:
        checked["subject"] = short(checked["subject"], "subject", 200)
    if "place" in checked:
        checked["place"] = short(checked["place"], "place", 200)
    if "said_at" in checked and checked["said_at"] > timezone.now() + LEEWAY:
        raise DomainError(ErrorCode.INVALID, _("This moment lies in the future."), "said_at")
    if "due_on" in checked and checked["due_on"] < today():
        raise DomainError(ErrorCode.INVALID, _("The day must not lie in the past."), "due_on")
    for field in ("person", "heard_by"):
        require_active(checked.get(field), field)
    return checked


@instruction_action(
    Verb.CONFIRM,
    event=EventType.CONFIRMED,
    source=OPEN,
    applies=Q(confirmed_at=None),
    traits=Trait.PRIMARY,
    hint=_("For example on the telephone: so that the text says what was meant."),
)
def confirm(
    instruction: Instruction,
    *,
    by: User,
    text: Annotated[
        str,
        Field(
            _("The text as it was confirmed"),
            api="The text as it was confirmed, where it is another.",
            help=_("Read it back to who gave the instruction; set right what they set right."),
            rows=4,
        ),
    ] = "",
    note: Note = "",
) -> Instruction:
    """Record that the principal confirmed the text.

    Confirm that the text, perhaps corrected, was read back to its author, who agreed. INVALID if it was confirmed so.
    """
    moves.require(Verb.CONFIRM, instruction.status)
    message = clean(text) or instruction.text
    if instruction.confirmed_at is not None and message == instruction.text:
        raise DomainError(ErrorCode.WRONG_STATE, _("This text was confirmed already."))
    details = {"text": instruction.text} if message != instruction.text else {}
    move(
        instruction,
        Verb.CONFIRM,
        by=by,
        note=clean(note),
        details=details,
        text=message,
        confirmed_at=timezone.now(),
        confirmed_by=by,
    )
    return instruction


@instruction_action(Verb.CORRECT, event=EventType.CORRECTED, source=(*CARRIED, Status.REFUSED))
def correct(
    instruction: Instruction,
    *,
    by: User,
    note: Annotated[str, Field(_("Why it is corrected"), api="A remark for the story.", rows=2)] = "",
    **facts: Unpack[CorrectFields],
) -> Instruction:
    """Set facts right.

    The story has the old ones. A new text loses its confirmation; a new text or date is notified to the department.
    Null removes the responsible person, and resets the date to the usual one.
    """
    moves.require(Verb.CORRECT, instruction.status)
    if facts.get("due_on", today()) is None:
        facts["due_on"] = usual_date(facts.get("priority") or instruction.priority)
    if facts.get("due_on") == instruction.due_on:
        del facts["due_on"]  # one that has passed may stay
    if not facts.get("said_at", instruction.said_at):
        del facts["said_at"]
    changed = {f: value for f, value in _checked(dict(facts)).items() if getattr(instruction, f) != value}
    if changed.get("subject") == "":
        changed["subject"] = beginning(changed.get("text") or instruction.text)
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    before = {field: _as_text(getattr(instruction, field)) for field in sorted(changed)}
    if "text" in changed:
        changed |= {"confirmed_at": None, "confirmed_by": None}
    if "due_on" in changed:
        changed["warned"] = 0
    move(instruction, Verb.CORRECT, by=by, note=clean(note), details={"before": before}, **changed)
    if {"text", "due_on"} & set(changed):
        notify_department(instruction, Verb.CORRECT)
    return instruction


def _as_text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


@instruction_action(Verb.ATTACH, event=EventType.ATTACHED, source=OPEN)
def attach(
    instruction: Instruction, *, by: User | None, file: Annotated[IO[bytes], Field(_("File"))], name: str = ""
) -> InstructionAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, instruction.status)
    result = keep_file(instruction, by=by, file=file, name=name)
    move(instruction, Verb.ATTACH, by=by, details={"size": result.size})
    return result


def keep_file(
    instruction: Instruction, *, by: User | None, file: IO[bytes], name: str = ""
) -> InstructionAttachment:
    """Through the gate, without a line of its own."""
    accepted = accept_file(file, name)
    return InstructionAttachment.keep(accepted, by=by, instruction=instruction)
