"""Citizens who sign up for an event of the public calendar: guests of it, with a place or on the reserve."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.contacts import privacy
from backend.contacts.models import Citizen, PrivacyNotice, Purpose
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.words.text import clean, search_form
from backend.events import actions, links
from backend.events.actions.listing import Listing
from backend.events.actions.places import next_reserve, room
from backend.events.actions.step import write_guest_line
from backend.events.choices import Answer, GuestStatus, Via
from backend.events.models import Event, Guest, PublishedEvent
from backend.events.sources import Found
from backend.events.story import GuestEventType
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import Message

MOST_OF_CONTACT = 3
"""So many names of one telephone or e-mail address may sign up for one event."""
MOST_OF_HOUR, HOUR = 600, dt.timedelta(hours=1)


@dataclass(frozen=True)
class Places:
    """What anybody may know of signing up. `free` is None without a limit."""

    is_open: bool
    free: int | None
    most_people: int
    closes_at: dt.datetime


def places(published: PublishedEvent) -> Places:
    """Whether citizens may sign up now, and how many places are free."""
    event = published.event
    free = room(event)
    return Places(
        is_open=is_open(published),
        free=None if free is None else max(free, 0),
        most_people=published.most_people,
        closes_at=_closes_at(published),
    )


def is_open(published: PublishedEvent) -> bool:
    return (
        published.takes_sign_ups
        and not published.is_cancelled
        and published.starts_at > timezone.now()
        and actions.may_answer(published.event)
    )


def _closes_at(published: PublishedEvent) -> dt.datetime:
    """The last moment to sign up: the end of the day named for answers, or the beginning."""
    last = published.event.answer_by
    if last is None:
        return published.starts_at
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), ISTANBUL)
    return min(end, published.starts_at)


@transaction.atomic
def sign_up(
    published: PublishedEvent,
    *,
    by: User,
    person: Any,
    contact: tuple[str, str],
    name: str,
    people: int,
    privacy_notice: PrivacyNotice,
) -> Guest:
    """Put somebody on the list of an event who is not known yet, or on the reserve where it is full.

    `person` makes the record, once it is sure that one is needed; `contact` is their (e-mail, telephone). The same name
    and contact again is the same sign-up. WRONG_STATE where none is taken; INVALID, OVER_LIMIT.
    """
    event = Event.objects.select_for_update(of=("self",)).get(pk=published.event_id)
    published = PublishedEvent.objects.select_related("event").get(pk=published.pk)
    if not is_open(published):
        raise DomainError(ErrorCode.WRONG_STATE, _("This event takes no sign-ups, or no longer."), "event")
    if not 1 <= people <= published.most_people:
        message = _("One sign-up may bring at most %(count)s people.") % {"count": published.most_people}
        raise DomainError(ErrorCode.INVALID, message, "people")
    before = _of_contact(event, *contact)
    for guest in before:
        if search_form(guest.person.full_name) == search_form(name):
            return guest
    lately = Guest.objects.filter(event=event, signed_up_at__gt=timezone.now() - HOUR)
    if len(before) >= MOST_OF_CONTACT or lately.count() >= MOST_OF_HOUR:
        phone = {"phone": configured.MUNICIPALITY_PHONE}
        message = _("No more sign-ups are taken here for now. Call %(phone)s.") % phone
        raise DomainError(ErrorCode.OVER_LIMIT, message)
    record: Citizen = person()
    listing = Listing(event, by)
    guest = listing.add(None, Found(record, "", "", None), companions_allowed=people - 1)
    if guest.status == GuestStatus.LISTED and event.guests.reserve().exists():
        # Nobody passes by those who wait for more places than are free.
        guest.status, guest.reserve_position, guest.places = GuestStatus.RESERVE, next_reserve(event), 0
    guest.signed_up_at = timezone.now()
    guest.privacy_notice = privacy.checked(privacy_notice, Purpose.EVENT)
    listing.save()
    write_guest_line(guest, GuestEventType.SIGNED_UP, by=by)
    if guest.status == GuestStatus.LISTED:
        actions.answer(guest, by=None, answer=Answer.COMING, via=Via.LINK, companions=people - 1)
    _confirm(guest, published)
    return guest


@transaction.atomic
def sign_off(guest: Guest, *, by: User) -> Guest:
    """They do not come: their place is free for who waits longest. A second time nothing more is done."""
    if guest.status == GuestStatus.RESERVE:
        return actions.remove_guest(guest, by=by, reason=str(_("Took the sign-up back")))
    if guest.status == GuestStatus.LISTED and guest.answer != Answer.NOT_COMING:
        if not actions.may_answer(guest.event):
            raise DomainError(ErrorCode.WRONG_STATE, _("This event takes no answers any more."), "token")
        return actions.answer(guest, by=None, answer=Answer.NOT_COMING, via=Via.LINK)
    return guest


def with_positions(guests: QuerySet[Any]) -> QuerySet[Any]:
    """The guests with `waits_at`: which ones they are of those who wait; None for who has a place."""
    before = Guest.objects.filter(
        event=OuterRef("event"),
        status=GuestStatus.RESERVE,
        reserve_position__lte=OuterRef("reserve_position"),
    )
    count = before.order_by().values("event").annotate(count=Count("pk")).values("count")
    return guests.annotate(waits_at=Subquery(count))


def position(guest: Guest) -> int | None:
    """Which one a guest is of those who wait."""
    result: int | None = with_positions(Guest.objects.filter(pk=guest.pk)).get().waits_at
    return result


def _of_contact(event: Event, email: str, phone: str) -> list[Guest]:
    """Those who signed up with this contact and did not take it back."""
    by_contact = (Q(person__email__iexact=email) if email else Q()) | (
        Q(person__phone=phone) if phone else Q()
    )
    rows = Guest.objects.filter(by_contact, event=event, signed_up_at__isnull=False)
    rows = rows.exclude(status=GuestStatus.LEFT).exclude(answer=Answer.NOT_COMING)
    return list(rows.select_related("person", "event"))


def _confirm(guest: Guest, published: PublishedEvent) -> None:
    """Send by e-mail what they signed up for, with the link that is theirs alone."""
    if not guest.person.email:
        return
    language = outbox.language_of_asker()
    facts: dict[str, object] = {
        "language": language,
        "name": guest.person.full_name,
        "title": published.title,
        "at": timezone.localtime(published.starts_at),
        "place": published.place,
        "people": guest.companions_allowed + 1,
        "position": position(guest),
        "link": links.address_for(guest),
    }
    subject, body = outbox.render("events/mail/signed_up.txt", facts)
    outbox.post(
        channel=Message.Channel.EMAIL,
        address=guest.person.email,
        subject=subject,
        body=clean(body),
        purpose="event_sign_up",
        language=language,
    )
