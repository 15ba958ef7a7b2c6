"""What guests answer, by their link or to somebody on the telephone; called and answered are facts of their own."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice, required, short
from backend.core.localtime import today
from backend.core.words.text import clean
from backend.events.actions.places import move_up, places_of, require_room
from backend.events.actions.step import move_guest
from backend.events.choices import ATTENDING, UPCOMING, Answer, Call, Via
from backend.events.models import Event, Guest
from backend.events.moves import GUEST_MOVES, GuestVerb
from backend.organization.models import User

SAID = ("answer", "companions", "companion_names", "representative", "plate", "diet", "note")
TEXTS = {"companion_names": 300, "representative": 160, "plate": 20, "diet": 120, "note": 500}


def may_answer(event: Event) -> bool:
    """Whether a guest may still answer by the link: until the day named, and the event is still to come."""
    is_open = event.answer_by is None or today() <= event.answer_by
    return event.status in UPCOMING and is_open and event.ends_at > timezone.now()


@transaction.atomic
def answer(guest: Guest, *, by: User | None, answer: str, via: str = Via.OTHER, **said: Any) -> Guest:
    """What the guest answered, or answered anew; the story keeps what it was before. The reserve moves up by itself.

    REQUIRED without the name of a representative, OVER_LIMIT for more companions than allowed or than there are places,
    WRONG_STATE once the event is over.
    """
    GUEST_MOVES.require(GuestVerb.ANSWER, guest.status)
    if guest.event.status not in UPCOMING:
        raise DomainError(ErrorCode.WRONG_STATE, _("This event takes no answers any more."))
    given = _checked(guest, choice(Answer, answer, "answer"), said)
    require_room(guest, **given)
    before = {name: getattr(guest, name) for name in SAID if getattr(guest, name) != given[name]}
    times: dict[str, Any] = {"answered_at": timezone.now(), "answered_via": choice(Via, via, "via")}
    if given["answer"] == Answer.WAITING:
        times = {"answered_at": None, "answered_via": ""}
    details = {"answer": given["answer"], "via": str(via), "before": before}
    guest.note = given.pop("note")
    guest.save(update_fields=["note"])  # a column of theirs: what is said along with a move is the story's
    move_guest(
        guest, GuestVerb.ANSWER, by=by, details=details, places=places_of(guest, **given), **times, **given
    )
    move_up(guest.event, by=by)
    return guest


def _checked(guest: Guest, answer: Answer, said: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(said) - set(SAID):
        raise TypeError(f"not part of an answer: {', '.join(sorted(unknown))}")
    given: dict[str, Any] = {
        name: short(said.get(name) or "", name, longest) for name, longest in TEXTS.items()
    }
    companions = int(said.get("companions") or 0)
    if answer not in ATTENDING:
        companions, given["companion_names"] = 0, ""
    if not 0 <= companions <= guest.companions_allowed:
        message = _("At most %(count)s companions are possible.") % {"count": guest.companions_allowed}
        raise DomainError(ErrorCode.OVER_LIMIT, message, "companions")
    if answer == Answer.REPRESENTED:
        nobody = _("Write who comes in your place.")
        given["representative"] = required(given["representative"], "representative", nobody)
    else:
        given["representative"] = ""
    return given | {"answer": answer, "companions": companions}


@transaction.atomic
def call(guest: Guest, *, by: User, result: str, note: str = "") -> Guest:
    """Somebody telephoned: what came of it. That the guest answered is recorded by `answer`."""
    found = choice(Call, result, "result")
    move_guest(
        guest,
        GuestVerb.CALL,
        by=by,
        note=clean(note),
        details={"result": found.value},
        call=found,
        calls=guest.calls + 1,
        called_at=timezone.now(),
        called_by=by,
    )
    return guest


@transaction.atomic
def call_and_answer(guest: Guest, *, by: User, answer: str, note: str = "", **said: Any) -> Guest:
    """Reached on the telephone, and answered there: two facts in one step. What is not spoken of stays as it was."""
    said = {name: getattr(guest, name) for name in TEXTS if name != "representative"} | said
    call(guest, by=by, result=Call.REACHED, note=note)
    return _answer(guest, by=by, answer=answer, via=Via.PHONE, **said)


_answer = answer
