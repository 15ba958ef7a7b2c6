"""Recording an event, and what becomes of it as a whole: announced, held, closed, cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.models import NumberSequence
from backend.core.validation import choice, required, short
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean
from backend.events import elections, moves
from backend.events.actions.agenda import put_steps
from backend.events.actions.inviting import recall_waiting
from backend.events.actions.parameters import Note, Reason
from backend.events.actions.parts import PlannedPart, enter, leave_programme, span_of
from backend.events.actions.publishing import sync_published, withdraw_published
from backend.events.actions.step import move, write_line
from backend.events.choices import UPCOMING, Kind, Status
from backend.events.models import Event, EventPart
from backend.events.moves import Verb, event_action
from backend.events.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme import actions as programme
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Principal

SEQUENCE = "event"
MOST_PARTS = 20
TEXTS = {"place": 200, "weather_place": 200, "dress_code": 120, "answer_to": 120}
LONG_TEXTS = ("description", "invitation_text")


class CorrectFields(TypedDict, total=False):
    title: Annotated[str | None, Field(_("Name of the event"), api="Its title.", max_length=200)]
    kind: Annotated[
        Kind | None,
        Field(
            _("Kind"),
            api="What it is.",
            why=_("Openings and layings of foundation stones alone are held back by an election period."),
            law="298 m. 64",
        ),
    ]
    place: Annotated[str | None, Field(_("Place"), api="Where.", max_length=200)]
    weather_place: Annotated[
        str | None, Field(_("Place in bad weather"), api="Where in bad weather.", max_length=200)
    ]
    description: Annotated[str | None, Field(_("Description"), api="What is to be known of it.", rows=3)]
    invitation_text: Annotated[
        str | None, Field(_("Text of the invitation"), api="The text of the invitation.", rows=3)
    ]
    dress_code: Annotated[str | None, Field(_("Dress code"), api="What is worn.", max_length=120)]
    capacity: Annotated[
        int | None,
        Field(
            _("Places"), api="How many places there are.", help=_("Empty: they are not counted."), min_value=1
        ),
    ]
    answer_by: Annotated[
        dt.date | None, Field(_("Answers by"), api="By when answers are wanted.", name="answerUntil")
    ]
    answer_to: Annotated[str | None, Field(_("Who takes answers"), api="Who takes answers.", max_length=120)]
    answer_phone: Annotated[
        str | None, Field(_("Telephone for answers"), api="The telephone for answers.", max_length=40)
    ]


@transaction.atomic
def plan(
    principal: Principal,
    *,
    by: User | None,
    parts: Sequence[PlannedPart],
    override_reason: str = "",
    legal_note: str = "",
    accept_unusual: bool = False,
    template: str = "",
    **facts: Any,
) -> Event:
    """Record an event with its parts; those that the principal attends enter the programme.

    Raises CollisionError with the nearest free times, UnusualError (unless accepted), UNUSUAL for an opening within an
    election period without a reason (298 m.64), REQUIRED, INVALID.
    """
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This programme is no longer kept."), "principal")
    values = _checked({"kind": Kind.OTHER, "title": "", **facts})
    if not 1 <= len(parts) <= MOST_PARTS:
        message = _("An event has between one and %(count)s parts.") % {"count": MOST_PARTS}
        raise DomainError(ErrorCode.REQUIRED, message, "parts")
    days = [local_date(part.starts_at) for part in parts]
    values |= elections.checked_override(values["kind"], days, override_reason, legal_note)
    event = Event(
        principal=principal,
        starts_at=min(part.starts_at for part in parts),
        ends_at=max(part.ends_at for part in parts),
        template=template,
        planned_by=by,
        year=today().year,
        **values,
    )
    if event.ends_at <= event.starts_at:
        raise DomainError(ErrorCode.INVALID, _("The end must lie after the beginning."), "ends_at")
    event.acquire_lock()
    event.number = NumberSequence.take(SEQUENCE, event.year)
    event.reference = f"ET-{event.year}/{event.number}"
    event.save(force_insert=True)
    main = next((one for one in parts if one.is_main), parts[0])
    for one in parts:
        part = enter(event, one, is_main=one is main, by=by, accept_unusual=accept_unusual)
        put_steps(part, one.steps)
    note = event.override_reason
    write_line(event, EventType.PLANNED, by=by, from_status="", note=note)
    return event


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none."""
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of an event: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "kind" in checked:
        checked["kind"] = choice(Kind, checked["kind"], "kind")
    if "title" in checked:
        checked["title"] = required(checked["title"], "title", _("Write what it is."), 200)
    for name, longest in TEXTS.items():
        if name in checked:
            checked[name] = short(checked[name], name, longest)
    for name in LONG_TEXTS:
        if name in checked:
            checked[name] = clean(checked[name] or "")
    if "answer_phone" in checked:
        checked["answer_phone"] = normal_phone(checked["answer_phone"] or "")
    if checked.get("capacity") is not None and not 1 <= checked["capacity"] <= 100_000:
        raise DomainError(ErrorCode.INVALID, _("At least one place, at most 100,000."), "capacity")
    return checked


@event_action(Verb.CORRECT, event=EventType.CORRECTED, source=UPCOMING)
def correct(event: Event, *, by: User | None, **facts: Unpack[CorrectFields]) -> Event:
    """Set facts right.

    The story names the fields. Times are those of the parts (`put_part`).
    """
    moves.require(Verb.CORRECT, event.status)
    changed = {name: value for name, value in _checked(dict(facts)).items() if getattr(event, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    if "kind" in changed and not event.override_reason:
        elections.checked_override(changed["kind"], span_of(event), "", "")
    if changed.get("answer_by") and changed["answer_by"] > local_date(event.ends_at):
        message = _("Answers are wanted before the event is over.")
        raise DomainError(ErrorCode.INVALID, message, "answer_by")
    move(event, Verb.CORRECT, by=by, details={"fields": sorted(changed)}, **changed)
    sync_published(event)
    return event


@event_action(
    Verb.ANNOUNCE,
    event=EventType.ANNOUNCED,
    source=Status.PLANNED,
    target=Status.ANNOUNCED,
    traits=Trait.PRIMARY,
)
def announce(event: Event, *, by: User | None, note: Note = "") -> Event:
    """The programme is decided.

    Invitations may go, the press unit sees it. REQUIRED without a place.
    """
    moves.require(Verb.ANNOUNCE, event.status)
    if not event.place:
        raise DomainError(
            ErrorCode.REQUIRED, _("Write where it takes place before it is announced."), "place"
        )
    move(event, Verb.ANNOUNCE, by=by, note=clean(note))
    return event


@event_action(
    Verb.HOLD, event=EventType.HELD, source=Status.ANNOUNCED, target=Status.HELD, traits=Trait.PRIMARY
)
def hold(event: Event, *, by: User | None, note: Note = "") -> Event:
    """It took place.

    Not before it began; what stands in the programme ends with it.
    """
    moves.require(Verb.HOLD, event.status)
    if event.starts_at > timezone.now():
        raise DomainError(ErrorCode.OUT_OF_TIME, _("It has not begun yet."))
    for part in EventPart.objects.filter(event=event, entry__status=EntryStatus.CONFIRMED).select_related(
        "entry"
    ):
        if part.entry is not None and part.starts_at <= timezone.now():
            programme.finish(part.entry, by=by, of_request=True)
    move(event, Verb.HOLD, by=by, note=clean(note))
    return event


@event_action(
    Verb.CLOSE, event=EventType.CLOSED, source=Status.HELD, target=Status.CLOSED, traits=Trait.PRIMARY
)
def close(
    event: Event,
    *,
    by: User | None,
    report: Annotated[
        str, Field(_("What is to be remembered"), api="What is to be remembered of it.", rows=5)
    ],
) -> Event:
    """The file is complete.

    With what is to be remembered. Tasks that are still to be done hinder it (WRONG_STATE).
    """
    moves.require(Verb.CLOSE, event.status)
    text = required(report, "report", _("Write what is to be remembered of it."))
    if count := event.tasks.open().count():
        message = _("%(count)s tasks are still to be done: record that they are done, or not needed.")
        raise DomainError(ErrorCode.WRONG_STATE, message % {"count": count})
    move(event, Verb.CLOSE, by=by, report=text)
    return event


@event_action(
    Verb.CANCEL, event=EventType.CANCELLED, source=UPCOMING, target=Status.CANCELLED, traits=Trait.DESTRUCTIVE
)
def cancel(event: Event, *, by: User | None, reason: Reason) -> Event:
    """It will not be; its times are free again.

    The public calendar says so, and invitations that still wait are taken back.
    """
    moves.require(Verb.CANCEL, event.status)
    reason = required(reason, "reason", _("Write why it is cancelled."))
    for part in EventPart.objects.filter(event=event).select_related("entry"):
        leave_programme(part, by=by, reason=reason)
    recalled = recall_waiting(event, by=by)
    move(event, Verb.CANCEL, by=by, note=reason, details={"recalled": recalled} if recalled else None)
    withdraw_published(event)
    return event


@event_action(Verb.REOPEN, event=EventType.REOPENED, source=Status.CLOSED, target=Status.HELD)
def reopen(event: Event, *, by: User | None, reason: Reason) -> Event:
    """Take a closed file up again."""
    moves.require(Verb.REOPEN, event.status)
    reason = required(reason, "reason", _("Write why it is opened again."))
    move(event, Verb.REOPEN, by=by, note=reason)
    return event
