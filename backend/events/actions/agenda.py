"""The steps of a programme, to the minute, and who speaks in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import moment_text
from backend.core.validation import choice, required, short
from backend.events import moves
from backend.events.actions.step import move, row_of
from backend.events.choices import UPCOMING, ItemKind
from backend.events.models import AgendaItem, Event, EventPart
from backend.events.moves import Verb, event_action
from backend.events.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User

MOST_STEPS = 200


@dataclass(frozen=True)
class Step:
    """Step of an agenda, as input."""

    kind: str
    title: str
    starts_at: dt.datetime
    minutes: int = 5
    who: str = ""
    rank: int | None = None
    note: str = ""


def put_steps(part: EventPart, steps: Iterable[Step]) -> None:
    """The steps of a new part."""
    AgendaItem.objects.bulk_create(_checked(AgendaItem(part=part, event=part.event), step) for step in steps)


def _checked(item: AgendaItem, step: Step) -> AgendaItem:
    """The row as it is kept; INVALID where it does not lie within its part."""
    item.kind = choice(ItemKind, step.kind, "kind")
    item.title = required(step.title, "title", _("Write what it is."), 200)
    item.who, item.note = short(step.who, "who", 160), short(step.note, "note", 300)
    item.starts_at, item.minutes, item.rank = step.starts_at, step.minutes, step.rank
    if not 0 <= item.minutes <= 600:
        raise DomainError(ErrorCode.INVALID, _("A step lasts between no time and ten hours."), "minutes")
    if item.rank is not None and not 1 <= item.rank <= 1000:
        raise DomainError(ErrorCode.INVALID, _("The order of precedence begins with 1."), "rank")
    if not item.part.starts_at <= item.starts_at <= item.part.ends_at:
        message = _("This step does not lie within its part (%(from)s–%(until)s).")
        span = {"from": moment_text(item.part.starts_at), "until": moment_text(item.part.ends_at)}
        raise DomainError(ErrorCode.INVALID, message % span, "starts_at")
    return item


@event_action(Verb.PUT_ITEM, event=EventType.ITEM_PUT, source=UPCOMING, traits=Trait.PRIMARY)
def put_item(
    event: Event,
    *,
    by: User | None,
    item: Annotated[
        AgendaItem | None, Field(_("Step"), api="The step to change.", empty=_("a new step"))
    ] = None,
    part: Annotated[
        EventPart | None, Field(_("Part"), api="The part to which it is added.", empty=_("Choose the part."))
    ] = None,
    kind: Annotated[ItemKind | None, Field(_("Kind"), api="What happens.", empty="–")] = None,
    title: Annotated[
        str | None, Field(_("Name of the step"), api="What it is, in words.", max_length=200)
    ] = None,
    starts_at: Annotated[
        dt.datetime | None,
        Field(_("At"), api="When; default after the last step.", help=_("Empty: after the last step.")),
    ] = None,
    minutes: Annotated[
        int | None, Field(_("Minutes"), api="How long it lasts.", min_value=0, max_value=600)
    ] = None,
    who: Annotated[
        str | None, Field(_("By whom"), api="The office or the name that is announced.", max_length=160)
    ] = None,
    rank: Annotated[
        int | None,
        Field(
            _("Place in the order of precedence"),
            api="Their place in the order of precedence.",
            help=_("1 is the highest."),
            why=_("Speeches go from the lower to the higher: the highest speaks last."),
            min_value=1,
        ),
    ] = None,
    note: Annotated[str | None, Field(_("Note"), api="What is to be minded.", max_length=300)] = None,
) -> AgendaItem:
    """Add a step, or change one.

    Without a time it follows the last one.
    """
    moves.require(Verb.PUT_ITEM, event.status)
    if item is None:
        if part is None:
            raise DomainError(ErrorCode.REQUIRED, _("Choose the part."), "part")
        if event.items.count() >= MOST_STEPS:
            message = _("At most %(count)s steps are possible.") % {"count": MOST_STEPS}
            raise DomainError(ErrorCode.OVER_LIMIT, message, "title")
        row = AgendaItem(
            event=event, part=row_of(event, EventPart.objects, part, "part"), kind=ItemKind.OTHER
        )
        row.starts_at = starts_at or _after_the_last(row.part)
    else:
        row = row_of(event, AgendaItem.objects.select_related("part"), item, "item")
    value = Step(
        kind=row.kind if kind is None else kind,
        title=row.title if title is None else title,
        starts_at=starts_at or row.starts_at,
        minutes=row.minutes if minutes is None else minutes,
        who=row.who if who is None else who,
        rank=rank if rank is not None or item is None else row.rank,
        note=row.note if note is None else note,
    )
    _checked(row, value).save()
    move(event, Verb.PUT_ITEM, by=by, details={"item": row.title})
    return row


def _after_the_last(part: EventPart) -> dt.datetime:
    last = part.items.order_by("-starts_at", "-id").first()
    if last is None:
        return part.starts_at
    return min(last.starts_at + dt.timedelta(minutes=last.minutes), part.ends_at)


@event_action(Verb.DROP_ITEM, event=EventType.ITEM_DROPPED, source=UPCOMING, traits=Trait.DESTRUCTIVE)
def drop_item(
    event: Event, *, by: User | None, item: Annotated[AgendaItem, Field(_("Step"), api="The step.")]
) -> Event:
    """Take a step off.

    The others stay at their times.
    """
    moves.require(Verb.DROP_ITEM, event.status)
    row = row_of(event, AgendaItem.objects, item, "item")
    row.delete()
    move(event, Verb.DROP_ITEM, by=by, details={"item": row.title})
    return event


@event_action(Verb.ARRANGE_SPEAKERS, event=EventType.SPEAKERS_ARRANGED, source=UPCOMING)
def arrange_speakers(event: Event, *, by: User | None) -> Event:
    """Speakers from the lowest to the highest.

    Put the speakers of each part in order: from the lowest to the highest, who speaks last. Ties keep their order.

    They exchange their places: the first of them begins when the first speech began, with the lengths that each has.
    REQUIRED where a speaker's place in the order of precedence is not known.
    """
    moves.require(Verb.ARRANGE_SPEAKERS, event.status)
    names: list[str] = []
    for part in event.parts.all():
        speeches = list(part.items.filter(kind=ItemKind.SPEECH).order_by("starts_at", "id"))
        if nameless := [speeche.who or speeche.title for speeche in speeches if speeche.rank is None]:
            message = _("The place in the order of precedence is not known of: %(names)s.")
            raise DomainError(ErrorCode.REQUIRED, message % {"names": ", ".join(nameless)}, "rank")
        names += [one.who or one.title for one in _exchange(speeches)]
    if not names:
        raise DomainError(ErrorCode.INVALID, _("Nobody speaks at this event."))
    move(event, Verb.ARRANGE_SPEAKERS, by=by, details={"speakers": names})
    return event


def _exchange(speeches: list[AgendaItem]) -> list[AgendaItem]:
    """The speeches from the lowest rank (the greatest number) to the highest, at the places they have among them."""
    ordered = sorted(speeches, key=lambda one: -(one.rank or 0))
    gaps = [
        after.starts_at - (before.starts_at + dt.timedelta(minutes=before.minutes))
        for before, after in pairwise(speeches)
    ]
    moment = speeches[0].starts_at if speeches else None
    for place, one in enumerate(ordered):
        assert moment is not None  # noqa: S101 - there is a first speech
        one.starts_at = moment
        gap = gaps[place] if place < len(gaps) else dt.timedelta()
        moment = moment + dt.timedelta(minutes=one.minutes) + max(gap, dt.timedelta())
    AgendaItem.objects.bulk_update(ordered, ["starts_at"])
    return ordered
