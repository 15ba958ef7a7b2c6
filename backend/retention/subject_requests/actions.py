"""What may happen to an application under KVKK m.11: one keyword-only function a verb, each one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.law import clock
from backend.complaints.law.deadlines import Clock, Regime, compute
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import StateMachine
from backend.organization.calendar import working_calendar
from backend.organization.models import User
from backend.retention.models import SubjectRequest, SubjectRequestLine
from backend.retention.subject_requests import moves
from backend.retention.subject_requests.choices import (
    NUMBERED,
    Channel,
    Ground,
    Identity,
    Outcome,
    RequestStatus,
    Right,
    Sending,
)
from backend.retention.subject_requests.moves import Verb, subject_request_action
from backend.retention.subject_requests.story import EventType

SEQUENCE = "subject_request"
FACTS = frozenset({"requester", "contact", "channel", "rights", "text", "received_on"})
OLDEST = dt.timedelta(days=366)

_saying = StateMachine(line=SubjectRequestLine, of="request", moves=subject_request_action)
move, write_line = _saying.move, _saying.write_line


class CorrectFields(TypedDict, total=False):
    requester: Annotated[str, Field(api="Who asks.")]
    contact: Annotated[str, Field(api="Where the answer goes.")]
    channel: Annotated[Channel, Field(api="How it came.")]
    rights: Annotated[list[Right], Field(api="What is asked.")]
    text: Annotated[str, Field(api="In the person's words.")]
    received_on: Annotated[dt.date, Field(api="The local day of its receipt.")]


def dates(received_on: dt.date) -> dict[str, dt.date]:
    """The thirtieth day after the local day of receipt, which is not counted (6698 m.13/2), and the last working day
    until then: by the clock of the law that cases have."""
    law = Clock(Regime.KVKK_REQUEST, received_on, policy=clock.policy())
    result = compute(law, working_calendar())
    assert result.raw is not None  # noqa: S101 - the law gives this regime a date
    assert result.target is not None  # noqa: S101
    return {"due_on": result.raw, "target_on": result.target}


@transaction.atomic
def register(
    *,
    by: User | None,
    channel: str,
    rights: Iterable[str],
    text: str,
    requester: str = "",
    contact: str = "",
    citizen: Citizen | None = None,
    identity: str = "",
    received_on: dt.date | None = None,
    complaint: Complaint | None = None,
) -> SubjectRequest:
    """Register an application, received on a local day (default today). Name and address default to those of the
    person's record. REQUIRED, INVALID; WRONG_STATE for an anonymised person; DUPLICATE for a case in the
    register."""
    if citizen is not None:
        _standing(citizen)
        requester = clean(requester) or citizen.full_name
        contact = clean(contact) or citizen.address or citizen.email or str(citizen.phone)
    result = _checked(
        {
            "requester": requester,
            "contact": contact,
            "channel": channel,
            "rights": rights,
            "text": text,
            "received_on": received_on or today(),
        }
    )
    if complaint is not None:
        Complaint.objects.select_for_update(of=("self",), no_key=True).get(pk=complaint.pk)
        if other := SubjectRequest.objects.filter(complaint=complaint).first():
            message = _("This application stands in the register already: %(reference)s.")
            raise DomainError(ErrorCode.DUPLICATE, message % {"reference": other.reference}, "complaint")
    year = today().year
    row = SubjectRequest(recorded_by=by, citizen=citizen, complaint=complaint, **result)
    row.identity = choice(Identity, identity, "identity") if identity else ""
    row.reference = f"KVKK-{year}/{NumberSequence.take(SEQUENCE, year)}"
    row.save(force_insert=True)
    write_line(row, EventType.REGISTERED, by=by, from_status="")
    return row


@subject_request_action(Verb.CORRECT, event=EventType.CORRECTED, source=RequestStatus.OPEN)
def correct(
    request: SubjectRequest,
    *,
    by: User | None,
    note: Annotated[str, Field(api="A remark.")] = "",
    **facts: Unpack[CorrectFields],
) -> SubjectRequest:
    """Set facts right.

    Another day of receipt gives other dates, and the story keeps the old ones. INVALID.
    """
    moves.require(Verb.CORRECT, request.status)
    result = _checked(dict(facts))
    changed = {name: value for name, value in result.items() if getattr(request, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    kept = ("received_on", "due_on", "channel", "rights")
    before = {name: _said(getattr(request, name)) for name in kept if name in changed}
    if "due_on" in changed:
        changed["warned"] = 0
    move(request, Verb.CORRECT, by=by, note=clean(note), details={"before": before}, **changed)
    return request


@subject_request_action(
    Verb.IDENTIFY, event=EventType.IDENTIFIED, source=RequestStatus.OPEN, traits=Trait.PRIMARY
)
def identify(
    request: SubjectRequest,
    *,
    by: User | None,
    identity: Annotated[str, Field(_("How the identity was checked"), api="How."), Identity],
    note: Annotated[
        str,
        Field(
            _("Note"),
            api="A remark.",
            help=_("Who looked at it. No number of a document is needed."),
            max_length=300,
        ),
    ] = "",
) -> SubjectRequest:
    """Record how the identity was checked.

    INVALID.
    """
    how = choice(Identity, identity, "identity")
    move(
        request,
        Verb.IDENTIFY,
        by=by,
        note=short(note, "note", 300),
        details={"identity": how.value},
        identity=how,
    )
    return request


@subject_request_action(
    Verb.LINK,
    event=EventType.LINKED,
    source=RequestStatus.OPEN,
    applies=Q(citizen__isnull=True),
    traits=Trait.PRIMARY,
)
def link(
    request: SubjectRequest,
    *,
    by: User | None,
    citizen: Annotated[Citizen, Field(api="Which person.")],
) -> SubjectRequest:
    """Name the record of the person.

    Their report and anonymising are then one step away. WRONG_STATE for who was anonymised.
    """
    _standing(citizen)
    move(request, Verb.LINK, by=by, citizen=citizen)
    return request


@subject_request_action(
    Verb.ANSWER,
    event=EventType.ANSWERED,
    source=RequestStatus.OPEN,
    target=RequestStatus.ANSWERED,
    traits=Trait.PRIMARY,
    hint=_("It cannot be changed afterwards. The letter is made of it."),
)
def answer(
    request: SubjectRequest,
    *,
    by: User | None,
    outcome: Annotated[str, Field(_("Outcome"), api="What came of it."), Outcome],
    ground: Annotated[
        str,
        Field(
            _("Ground of refusal"), api="Why it is refused, wholly or in part.", empty=_("nothing is refused")
        ),
        Ground,
    ] = "",
    answer: Annotated[
        str,
        Field(
            _("Answer"),
            api="The information or the measure, or why not.",
            help=_("As it will stand in the letter: the information or the measure, or why not."),
            rows=8,
        ),
    ],
    answer_channel: Annotated[str, Field(_("How it is answered"), api="How it is answered."), Channel],
    answered_on: Annotated[
        dt.date | None,
        Field(_("Answered on"), api="On which local day; today by default.", help=_("Empty: today.")),
    ] = None,
) -> SubjectRequest:
    """Answer it: the head of the office, in a browser.

    Granted, or refused with its ground and reasons (KVKK m.13/3), on a local day (default today). REQUIRED, INVALID;
    WRONG_STATE if a person who was never identified would learn anything but that (Tebliğ m.5): also that no data is
    kept, or that a law asks for it, is information for the person alone.
    """
    moves.require(Verb.ANSWER, request.status)
    what = choice(Outcome, outcome, "outcome")
    text = required(
        answer, "answer", _("Write the answer: the information or the measure, or why not (KVKK art. 13).")
    )
    way = choice(Channel, answer_channel, "answer_channel")
    why = choice(Ground, ground, "ground") if ground else None
    if what is Outcome.GRANTED:
        why = None
    elif why is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose the ground of the refusal."), "ground")
    if not request.identity:
        if what is not Outcome.REFUSED:
            message = _("Record first how the identity was checked: no other person may learn of this data.")
            raise DomainError(ErrorCode.WRONG_STATE, message, "outcome")
        if why is not Ground.IDENTITY:
            message = _(
                "Record first how the identity was checked, or refuse on the ground that it was not proven: this ground"
                " tells a stranger of the data."
            )
            raise DomainError(ErrorCode.WRONG_STATE, message, "ground")
    day = answered_on or today()
    if not request.received_on <= day <= today():
        message = _("The answer lies between the day of receipt and today.")
        raise DomainError(ErrorCode.INVALID, message, "answered_on")
    move(
        request,
        Verb.ANSWER,
        by=by,
        details={"outcome": what.value, "ground": why.value if why else ""},
        outcome=what,
        ground=why or "",
        answer=text,
        answer_channel=way,
        answered_on=day,
        answered_by=by,
        ended_at=timezone.now(),
    )
    return request


@subject_request_action(
    Verb.SEND,
    event=EventType.SENT,
    source=RequestStatus.ANSWERED,
    traits=Trait.PRIMARY,
    hint=_("Said again it sets right what was recorded; the story keeps both."),
)
def send(
    request: SubjectRequest,
    *,
    by: User | None,
    sent_on: Annotated[
        dt.date | None,
        Field(_("Sent on"), api="On which local day; today by default.", help=_("Empty: today.")),
    ] = None,
    way: Annotated[str, Field(_("How it was sent"), api="By what way."), Sending],
    number: Annotated[
        str,
        Field(
            _("Number of the sending"),
            api="Number of the KEP message or of the registered letter; for these it is required.",
            help=_("Of the KEP message or of the registered letter: with it the thirty days are proven."),
            max_length=60,
        ),
    ] = "",
) -> SubjectRequest:
    """Record that the answer was sent: how, and on which day.

    Record how and on which local day (default today) the answer was sent, which proves the thirty days (KVKK m.13/2,
    Tebliğ m.6). Repeating it corrects the record; the story keeps the former one. REQUIRED: the number of a KEP
    message or of a registered letter. INVALID for a day before the answer or in the future; DUPLICATE if nothing
    differs.
    """
    moves.require(Verb.SEND, request.status)
    how, sent_by_number = choice(Sending, way, "way"), short(number, "number", 60)
    if how in NUMBERED and not sent_by_number:
        message = _("Write the number of the KEP message or of the registered letter: it proves the sending.")
        raise DomainError(ErrorCode.REQUIRED, message, "number")
    day = sent_on or today()
    if request.answered_on is None or not request.answered_on <= day <= today():
        message = _("The answer was sent between the day of the decision and today.")
        raise DomainError(ErrorCode.INVALID, message, "sent_on")
    values: dict[str, Any] = {"sent_on": day, "sent_way": how.value, "sent_number": sent_by_number}
    before = {name: getattr(request, name) for name in values}
    if before == values:
        raise DomainError(ErrorCode.DUPLICATE, _("This sending is recorded already."), "sent_on")
    details = {"sent_on": str(day), "way": how.value, "number": sent_by_number}
    move(request, Verb.SEND, by=by, details=details, **values)
    return request


@subject_request_action(
    Verb.WITHDRAW,
    event=EventType.WITHDRAWN,
    source=RequestStatus.OPEN,
    target=RequestStatus.WITHDRAWN,
    traits=Trait.DESTRUCTIVE,
)
def withdraw(
    request: SubjectRequest,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="When and how it was withdrawn.", rows=2)],
) -> SubjectRequest:
    """The person does not ask any more.

    REQUIRED: when and how the person withdrew it.
    """
    why = required(reason, "reason", _("Write when and how the person withdrew it."))
    move(request, Verb.WITHDRAW, by=by, note=why, ended_at=timezone.now())
    return request


def _standing(citizen: Citizen) -> None:
    if citizen.anonymised_at:
        message = _("This person was anonymised: choose another record, or write who asks.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "citizen")


def _said(value: Any) -> Any:
    return value if isinstance(value, list) else str(value)


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - FACTS:
        raise TypeError(f"not facts of an application: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "requester" in checked:
        message = _("Write the name and surname of who asks (Tebliğ art. 5).")
        checked["requester"] = required(checked["requester"], "requester", message, 160)
    if "contact" in checked:
        checked["contact"] = short(checked["contact"], "contact", 300)
    if "channel" in checked:
        checked["channel"] = choice(Channel, checked["channel"], "channel")
    if "text" in checked:
        checked["text"] = required(checked["text"], "text", _("Write what the person asks for."))
    if "rights" in checked:
        asked = {choice(Right, one, "rights") for one in checked["rights"] or ()}
        if not asked:
            raise DomainError(ErrorCode.REQUIRED, _("Choose what is asked for."), "rights")
        checked["rights"] = [right.value for right in Right if right in asked]
    if "received_on" in checked:
        day = checked["received_on"]
        if day is None or not today() - OLDEST <= day <= today():
            message = _("The day of receipt lies in the last twelve months and not in the future.")
            raise DomainError(ErrorCode.INVALID, message, "received_on")
        checked |= dates(day)
    return checked
