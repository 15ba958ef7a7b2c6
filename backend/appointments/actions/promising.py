"""Promises made in a meeting, and their fulfilment.

The responsible person may see the promise but not the meeting, so its story is written at the request or the entry,
which has other readers.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, TypedDict, Unpack

from django.utils.translation import gettext_lazy as _

from backend.appointments import moves, promise_moves
from backend.appointments.actions.parameters import (
    KeptByDepartment,
    KeptByPerson,
    PromisedText,
    PromisedUntil,
    WhyPromise,
)
from backend.appointments.actions.step import move, write_line
from backend.appointments.choices import PromiseStatus, Reminder, Status
from backend.appointments.models import AppointmentRequest, Promise
from backend.appointments.moves import Verb, appointment_action
from backend.appointments.promise_moves import PromiseVerb, promise_action
from backend.appointments.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import required
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import change
from backend.organization.models import Department, User
from backend.programme.actions import step as programme
from backend.programme.actions.step import through_its_request
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry
from backend.programme.moves import Verb as EntryVerb
from backend.programme.moves import entry_action
from backend.programme.story import EventType as EntryEventType

LONGEST = 500


class CorrectPromiseFields(TypedDict, total=False):
    text: Annotated[
        str | None, Field(_("What was promised"), api="What was promised.", rows=2, max_length=500)
    ]
    due_on: PromisedUntil
    department: KeptByDepartment
    person: Annotated[
        User | None, Field(_("Responsible person"), api="The person who is to keep it.", empty=_("none"))
    ]


@appointment_action(
    Verb.PROMISE,
    event=EventType.PROMISED,
    source=(Status.APPROVED, Status.ON_PUBLIC_DAY, Status.REDIRECTED, Status.TURNED, Status.SETTLED),
    traits=Trait.PRIMARY | Trait.CONCURRENT,
)
def promise(
    request: AppointmentRequest,
    *,
    by: User | None,
    text: PromisedText,
    due_on: PromisedUntil,
    department: KeptByDepartment = None,
    person: KeptByPerson = None,
) -> Promise:
    """Record what the applicant was promised.

    Until when, and who sees to it: a department, a person, both, or the office itself.
    """
    moves.require(Verb.PROMISE, request.status)
    text = _text(text)
    _checked(due_on, department, person)
    made = Promise.objects.create(
        request=request, text=text, due_on=due_on, department=department, person=person, made_by=by
    )
    move(request, Verb.PROMISE, by=by, details=_facts(made))
    return made


@entry_action(
    EntryVerb.PROMISE,
    event=EntryEventType.PROMISED,
    source=(EntryStatus.CONFIRMED, EntryStatus.DONE),
    applies=programme.ITS_OWN & programme.BEGUN,
    traits=Trait.PRIMARY | Trait.CONCURRENT,
    hint=_("It stands in the list of promises until it is kept; who is to keep it is reminded."),
)
def promise_at(
    entry: Entry,
    *,
    by: User | None,
    text: PromisedText,
    due_on: PromisedUntil,
    department: KeptByDepartment = None,
    person: KeptByPerson = None,
) -> Promise:
    """Record what was promised in a meeting; at a request it is appointmentPromise.

    Of a confidential meeting by its readers, who see to it themselves: no one else may learn of it.
    """
    through_its_request(entry, False)
    text = _text(text)
    _checked(due_on, department, person)
    if entry.is_confidential:
        _keeps_to_itself(department, person)
    made = Promise.objects.create(
        entry=entry, text=text, due_on=due_on, department=department, person=person, made_by=by
    )
    programme.move(entry, EntryVerb.PROMISE, by=by, details=_facts(made))
    return made


@promise_action(PromiseVerb.CORRECT, event=EventType.PROMISE_CORRECTED, source=PromiseStatus.OPEN)
def correct_promise(promise: Promise, *, by: User | None, **changes: Unpack[CorrectPromiseFields]) -> Promise:
    """Set facts right.

    Null takes a responsible one off. A new date is reminded of anew.
    """
    promise_moves.require(PromiseVerb.CORRECT, promise.status)
    facts: dict[str, Any] = dict(changes)
    if "text" in facts:
        facts["text"] = _text(facts["text"])
    changed = {name: value for name, value in facts.items() if getattr(promise, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    _checked(changed.get("due_on"), changed.get("department"), changed.get("person"))
    if promise.entry is not None and promise.entry.is_confidential:
        _keeps_to_itself(changed.get("department"), changed.get("person"))
    if "due_on" in changed:
        changed["reminded"] = Reminder.NONE
    before = _facts(promise)
    return _move(promise, PromiseVerb.CORRECT, by=by, before=before, **changed)


@promise_action(
    PromiseVerb.KEEP,
    event=EventType.PROMISE_KEPT,
    source=PromiseStatus.OPEN,
    target=PromiseStatus.KEPT,
    traits=Trait.PRIMARY,
)
def keep_promise(
    promise: Promise,
    *,
    by: User | None,
    on: Annotated[
        dt.date | None, Field(_("On which day"), api="On which day; default today.", help=_("Empty: today."))
    ] = None,
    note: Annotated[str, Field(_("What was done"), api="A remark for the story.", rows=3)] = "",
) -> Promise:
    """It was kept."""
    return _end(promise, PromiseVerb.KEEP, by, clean(note), on)


@promise_action(
    PromiseVerb.BREAK, event=EventType.PROMISE_BROKEN, source=PromiseStatus.OPEN, target=PromiseStatus.BROKEN
)
def break_promise(promise: Promise, *, by: User | None, note: WhyPromise) -> Promise:
    """It was not kept.

    And will not be.
    """
    note = required(note, "note", _("Write why it was not kept."))
    return _end(promise, PromiseVerb.BREAK, by, note, None)


@promise_action(
    PromiseVerb.WITHDRAW,
    event=EventType.PROMISE_WITHDRAWN,
    source=PromiseStatus.OPEN,
    target=PromiseStatus.WITHDRAWN,
    traits=Trait.DESTRUCTIVE,
    hint=_("It was recorded by mistake, or is no longer wanted."),
)
def withdraw_promise(promise: Promise, *, by: User | None, note: WhyPromise) -> Promise:
    """Take it back.

    It no longer stands: it was recorded by mistake, or the applicant no longer asks for it.
    """
    note = required(note, "note", _("Write why it is taken back."))
    return _end(promise, PromiseVerb.WITHDRAW, by, note, None)


@promise_action(
    PromiseVerb.REOPEN,
    event=EventType.PROMISE_REOPENED,
    source=(PromiseStatus.KEPT, PromiseStatus.BROKEN, PromiseStatus.WITHDRAWN),
    target=PromiseStatus.OPEN,
)
def reopen_promise(
    promise: Promise,
    *,
    by: User | None,
    note: Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)] = "",
) -> Promise:
    """It stands again.

    As if it had not ended.
    """
    return _move(
        promise,
        PromiseVerb.REOPEN,
        by=by,
        line_note=clean(note),
        ended_on=None,
        note="",
        reminded=Reminder.NONE,
    )


def _end(promise: Promise, verb: PromiseVerb, by: User | None, note: str, on: dt.date | None) -> Promise:
    on = on or today()
    if on > today():
        raise DomainError(ErrorCode.INVALID, _("This day lies in the future."), "on")
    return _move(promise, verb, by=by, line_note=note, ended_on=on, note=note)


def _move(
    promise: Promise,
    verb: PromiseVerb,
    *,
    by: User | None,
    line_note: str = "",
    before: dict[str, str] | None = None,
    **changes: Any,
) -> Promise:
    """Change the row if it still is as the caller knows it, and tell it in the request's story."""
    promise_moves.require(verb, promise.status)
    after = promise_action.after(verb, promise.status)
    change(promise, after, **changes)
    details: dict[str, Any] = _facts(promise) | ({"before": before} if before else {})
    result = promise_action[verb].event
    if promise.request is not None:
        write_line(promise.request, result, by=by, note=line_note, details=details)
    elif promise.entry is not None:
        programme.write_line(promise.entry, result, by=by, note=line_note, details=details)
    return promise


def _text(text: str) -> str:
    return required(text, "text", _("Write what was promised."), LONGEST)


def _checked(due_on: dt.date | None, department: Department | None, person: User | None) -> None:
    if due_on is not None and due_on < today():
        raise DomainError(ErrorCode.INVALID, _("The day must not lie in the past."), "due_on")
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    if person is not None and not person.is_active:
        raise DomainError(ErrorCode.INVALID, _("This account is closed."), "person")


def _keeps_to_itself(department: Department | None, person: User | None) -> None:
    if department or person:
        message = _("No other person is notified of a confidential meeting: leave this empty.")
        raise DomainError(ErrorCode.INVALID, message, "department" if department else "person")


def _facts(promise: Promise) -> dict[str, str]:
    """What the story says of it."""
    responsible = [str(who) for who in (promise.department, promise.person) if who is not None]
    return {
        "promise": promise.text,
        "due_on": promise.due_on.isoformat(),
        "responsible": ", ".join(responsible),
    }
