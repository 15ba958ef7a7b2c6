"""Answers of guests, by their link or on the telephone; calls and answers are recorded separately."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.events.actions.parameters import Note
from backend.events.actions.places import move_up, places_of, require_room
from backend.events.actions.step import move_guest
from backend.events.choices import ATTENDING, UPCOMING, Answer, Call, GuestStatus, Via
from backend.events.models import Event, Guest
from backend.events.moves import GuestVerb, guest_action
from backend.events.story import GuestEventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User

SAID = ("answer", "companions", "companion_names", "representative", "plate", "diet", "note")
TEXTS = {"companion_names": 300, "representative": 160, "plate": 20, "diet": 120, "note": 500}


class AttendanceFields(TypedDict, total=False):
    companions: Annotated[int, Field(_("Companions"), api="How many companions.", min_value=0)]
    companion_names: Annotated[str, Field(_("Names of companions"), api="Whom.", max_length=300)]
    representative: Annotated[
        str,
        Field(
            _("Represented by"),
            api="Who comes in their place: with REPRESENTED.",
            why=_(
                "The rank is that of the office: who comes in its place is announced as its representative."
            ),
            max_length=160,
        ),
    ]
    plate: Annotated[str, Field(_("Number plate"), api="The number plate of their car.", max_length=20)]
    diet: Annotated[
        str,
        Field(
            _("Diet"),
            api="What they do not eat.",
            why=_(
                "Only what the kitchen has to know: what someone does not eat may tell of health or faith."
            ),
            law="6698 m. 6",
            max_length=120,
        ),
    ]


class AnswerFields(AttendanceFields, total=False):
    note: Annotated[str, Field(_("Note of the guest"), api="A remark of the guest.", max_length=500)]


def may_answer(event: Event) -> bool:
    """Whether a guest may still answer by the link: until the day named, and the event is still to come."""
    is_open = event.answer_by is None or today() <= event.answer_by
    return event.status in UPCOMING and is_open and event.ends_at > timezone.now()


@guest_action(
    GuestVerb.ANSWER, event=GuestEventType.ANSWERED, source=GuestStatus.LISTED, traits=Trait.PRIMARY
)
def answer(
    guest: Guest,
    *,
    by: User | None,
    answer: Annotated[Answer, Field(_("Answer"), api="The answer.")],
    via: str = Via.OTHER,
    **fields: Unpack[AnswerFields],
) -> Guest:
    """Record what a guest answered.

    Or answered anew; the story keeps what it was before. The reserve moves up by itself.

    REQUIRED without the name of a representative, INVALID for one with another answer, OVER_LIMIT for more companions
    than allowed or than there are places, WRONG_STATE once the event is over.
    """
    guest_action.require(GuestVerb.ANSWER, guest.status)
    if guest.event.status not in UPCOMING:
        raise DomainError(ErrorCode.WRONG_STATE, _("This event takes no answers any more."))
    values = _checked(guest, choice(Answer, answer, "answer"), dict(fields))
    require_room(guest, **values)
    before = {name: getattr(guest, name) for name in SAID if getattr(guest, name) != values[name]}
    times: dict[str, Any] = {"answered_at": timezone.now(), "answered_via": choice(Via, via, "via")}
    if values["answer"] == Answer.WAITING:
        times = {"answered_at": None, "answered_via": ""}
    details = {"answer": values["answer"], "via": str(via), "before": before}
    guest.note = values.pop("note")
    guest.save(update_fields=["note"])  # a column of the guest: notes of a move belong to the story
    move_guest(
        guest, GuestVerb.ANSWER, by=by, details=details, places=places_of(guest, **values), **times, **values
    )
    move_up(guest.event, by=by)
    return guest


def _checked(guest: Guest, answer: Answer, fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(SAID):
        raise TypeError(f"not part of an answer: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {
        name: short(fields.get(name) or "", name, longest) for name, longest in TEXTS.items()
    }
    companions = int(fields.get("companions") or 0)
    if answer not in ATTENDING:
        companions, values["companion_names"] = 0, ""
    if not 0 <= companions <= guest.companions_allowed:
        message = _("At most %(count)s companions are possible.") % {"count": guest.companions_allowed}
        raise DomainError(ErrorCode.OVER_LIMIT, message, "companions")
    if answer == Answer.REPRESENTED:
        refusal = _("Write who comes in your place.")
        values["representative"] = required(values["representative"], "representative", refusal)
    elif values["representative"] not in (
        "",
        guest.representative,
    ):  # what a form still shows is no statement
        refusal = _("A representative is named: answer that one is sent, or leave the name empty.")
        raise DomainError(ErrorCode.INVALID, refusal, "representative")
    else:
        values["representative"] = ""
    return values | {"answer": answer, "companions": companions}


@guest_action(GuestVerb.CALL, event=GuestEventType.CALLED, source=GuestStatus.LISTED, traits=Trait.PRIMARY)
def call(
    guest: Guest,
    *,
    by: User,
    result: Annotated[Call, Field(_("What came of it"), api="What came of it.")],
    note: Note = "",
) -> Guest:
    """Record a telephone call.

    What came of it; that the guest answered is recorded by `answer`.
    """
    outcome = choice(Call, result, "result")
    move_guest(
        guest,
        GuestVerb.CALL,
        by=by,
        note=clean(note),
        details={"result": outcome.value},
        call=outcome,
        calls=guest.calls + 1,
        called_at=timezone.now(),
        called_by=by,
    )
    return guest


@transaction.atomic
def call_and_answer(
    guest: Guest, *, by: User, answer: Answer, note: str = "", **fields: Unpack[AttendanceFields]
) -> Guest:
    """Reached on the telephone, and answered there: two facts in one step. What is not spoken of stays as it was."""
    known = {name: getattr(guest, name) for name in TEXTS if name != "representative"}
    values: dict[str, Any] = {**known, **fields}
    call(guest, by=by, result=Call.REACHED, note=note)
    return _answer(guest, by=by, answer=answer, via=Via.PHONE, **values)


_answer = answer
