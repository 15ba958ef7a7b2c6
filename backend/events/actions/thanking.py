"""Thank-you letters: one batch for the event as an occasion, so that each guest is thanked once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date
from backend.events import moves
from backend.events.actions.step import move
from backend.events.choices import Status
from backend.events.models import Event, Guest
from backend.events.moves import Verb, event_action
from backend.events.story import EventType
from backend.greetings import actions as greetings
from backend.greetings.actions.occasions import fitting
from backend.greetings.choices import Channel, OccasionKind, Source
from backend.greetings.models import Batch
from backend.journal.action_table import Trait
from backend.letters.choices import Kind
from backend.organization.models import User


@event_action(
    Verb.THANK,
    event=EventType.THANKED,
    source=(Status.HELD, Status.CLOSED),
    traits=Trait.PRIMARY,
    hint=_(
        "Everybody who came is put into one batch of letters of thanks, each person once; it is looked at and sent"
        " under the greetings."
    ),
)
def thank(event: Event, *, by: User | None) -> Batch:
    """Put those who came into the event's batch of letters of thanks.

    It is looked at and started as any batch.

    A repetition adds who was missing: the occasion is the event, and thanks a person once. INVALID without arrivals.
    """
    moves.require(Verb.THANK, event.status)
    came = list(Guest.objects.filter(event=event).arrived().select_related("person").order_by("rank", "pk"))
    if not came:
        raise DomainError(ErrorCode.INVALID, _("Nobody came in yet who could be thanked."))
    occasion = greetings.make_occasion(
        by=by,
        name=event.title[:160],
        on=local_date(event.starts_at),
        kind=OccasionKind.EVENT,
        letter_kind=Kind.THANKS,
        code=f"event:{event.key}",
    )
    batch = occasion.batches.preparing().order_by("pk").first() or greetings.prepare(
        occasion,
        by=by,
        title=event.title[:120],
        channels=[Channel.EMAIL, Channel.PRINT],
        template=fitting(event.title, OccasionKind.EVENT, Kind.THANKS),
    )
    named = [
        greetings.Named(citizen=one.person, title=one.title[:120], organisation=one.organisation)
        for one in came
    ]
    added = greetings.add(batch, by=by, recipients=named, source=Source.EVENT)
    Guest.objects.filter(pk__in=[one.pk for one in came], thanked_at=None).update(thanked_at=timezone.now())
    move(event, Verb.THANK, by=by, details={"count": added.added})
    return batch
