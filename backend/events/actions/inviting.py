"""Sending invitations and reminders: by e-mail or SMS with the guest's own link; the rest is printed or called."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.validation import choice
from backend.core.words.text import official_name
from backend.events import links, moves
from backend.events.actions.step import move, move_guest, write_guest_line, write_line
from backend.events.choices import GuestStatus, Status
from backend.events.models import Event, EventPart, Guest
from backend.events.moves import GuestVerb, Verb, event_action, guest_action
from backend.events.story import EventType, GuestEventType
from backend.journal.action_table import Field, Trait
from backend.mailboxes.models import InboundMessage
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox import holding
from backend.outbox.models import Message
from backend.outbox.plan import Draft, Plan, planned
from backend.outbox.sms import sms_port

Carrier = Message.Channel
TEMPLATES = {"invitation": "events/mail/invitation.txt", "reminder": "events/mail/answer_reminder.txt"}


@dataclass
class Invited:
    """What a run of invitations did: to whom it went, and who has no address and is printed for or called.

    `held_until`: until then nothing has left, and `recall` takes all of it back.
    """

    sent: list[Guest] = field(default_factory=list)
    without_address: list[Guest] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    held_until: dt.datetime | None = None


def has_invited(event: Event) -> bool:
    """Whether invitations of this event have left already."""
    return Guest.objects.filter(event=event, messaged_at__isnull=False).exists()


def _uninvited(event: Event) -> QuerySet[Guest]:
    rows = Guest.objects.filter(event=event, messaged_at__isnull=True).listed().living()
    return rows.select_related("person").order_by("id")


def plan_invitations(event: Event, carrier: str = "") -> Plan[Guest]:
    """Tell what INVITE would send, to how many by what, and whom it would not reach. It changes nothing."""
    facts = _of_event(event)
    chosen = choice(Carrier, carrier, "carrier") if carrier else None

    def draft(guest: Guest, channel: str, address: str) -> Draft:
        return _written(guest, Carrier(channel), address, "invitation", facts)

    guests = list(_uninvited(event))
    refusing = _refusing(guests)
    return planned(
        guests,
        reach=lambda guest: _reach(guest, chosen, refusing),
        draft=draft,
        post=lambda guest: guest.person.address,
        person=lambda guest: guest.person_id,
    )


@event_action(
    Verb.INVITE,
    event=EventType.INVITED,
    source=Status.ANNOUNCED,
    traits=Trait.PRIMARY,
    hint=_("Everybody on the list gets the invitation with their own link, each once."),
)
def invite(
    event: Event,
    *,
    by: User | None,
    carrier: Annotated[
        Carrier | None, Field(_("By what?"), empty=_("by e-mail, and by SMS to those without one"))
    ] = None,
    send_at: Annotated[
        dt.datetime | None,
        Field(_("Send later"), help=_("Empty: now. Until then the invitations can be taken back.")),
    ] = None,
) -> Invited:
    """Write to everybody on the list to whom nothing was sent yet.

    By e-mail, and by SMS to those without one, or only by what is named. They wait for a minute, or until `send_at`,
    and can be taken back until then (`recall`). A repetition sends nothing twice. UNSUPPORTED for SMS where no gateway
    is configured.
    """
    moves.require(Verb.INVITE, event.status)
    chosen = choice(Carrier, carrier, "carrier") if carrier else None
    if chosen is not None:
        outbox.require_channel(chosen)
    if send_at is not None and send_at >= event.starts_at:
        raise DomainError(ErrorCode.INVALID, _("The event will have begun then."), "send_at")
    result, facts = Invited(held_until=holding.until(send_at, many=True)), _of_event(event)
    guests = list(_uninvited(event).select_for_update(of=("self",)))
    refusing = _refusing(guests)
    for guest in guests:
        channel, address = _reach(guest, chosen, refusing)
        if channel:
            way = Carrier(channel), address
            _send(guest, way, "invitation", facts, by, result.held_until, send_at)
            result.counts[channel] += 1
        (result.sent if channel else result.without_address).append(guest)
    if not result.sent:
        result.held_until = None
    details = {"sent": len(result.sent), "without": len(result.without_address), **result.counts}
    move(event, Verb.INVITE, by=by, details=details)
    return result


@event_action(
    Verb.RECALL,
    event=EventType.RECALLED,
    source=tuple(Status),
    applies=Q(Exists(Guest.objects.filter(holding.HELD, event=OuterRef("pk")))),
    traits=Trait.PRIMARY,
    takes_back=(Verb.INVITE,),
)
def recall(event: Event, *, by: User | None) -> Event:
    """Take back the invitations that have not left yet: all that wait.

    Each guest stands where they stood before, as if nothing was sent. WRONG_STATE once they have left.
    """
    moves.require(Verb.RECALL, event.status)
    rows = Guest.objects.filter(holding.HELD, event=event).select_for_update(of=("self",))
    waiting = list(rows.select_related("message").order_by("id"))
    holding.recall(guest.message for guest in waiting)
    _taken_back(waiting, by)
    move(event, Verb.RECALL, by=by, details={"count": len(waiting)})
    return event


def recall_waiting(event: Event, *, by: User | None) -> int:
    """Take back what still waits of the invitations of an event that will not be; how many."""
    rows = Guest.objects.filter(holding.HELD, event=event).select_for_update(of=("self",))
    held = list(rows.select_related("message").order_by("id"))
    kept = holding.recall_some(guest.message for guest in held)
    waiting = [guest for guest in held if guest.message_id in kept]
    _taken_back(waiting, by)
    return len(waiting)


def _taken_back(guests: list[Guest], by: User | None) -> None:
    """They stand where they stood before, as if nothing was sent."""
    rows = Guest.objects.filter(pk__in=[guest.pk for guest in guests])
    rows.update(messaged_at=None, message=None, held_until=None)
    for guest in guests:
        write_guest_line(guest, GuestEventType.RECALLED, by=by)


@event_action(
    Verb.SEND_TEST,
    event=EventType.TESTED,
    source=(Status.PLANNED, Status.ANNOUNCED),
    traits=Trait.CONCURRENT,
    hint=_("It comes to your own e-mail address, is marked as a test and counts nothing."),
)
def send_test(event: Event, *, by: User) -> Event:
    """Send the invitation to oneself, marked as a test.

    By e-mail, to the address of who asks. It has no guest's link and counts nothing. REQUIRED without an address.
    """
    moves.require(Verb.SEND_TEST, event.status)
    if not by.email:
        message = _("Your account has no e-mail address. Bilgi İşlem can record one.")
        raise DomainError(ErrorCode.REQUIRED, message)
    context = _of_event(event) | {
        "name": str(by),
        "with_spouse": False,
        "link": f"{settings.PUBLIC_URL.rstrip('/')}/davet/…/",
    }
    subject, body = outbox.render(TEMPLATES["invitation"], context)
    subject, body = outbox.marked_as_test(subject, body)
    outbox.post(
        channel=Carrier.EMAIL, address=by.email, subject=subject, body=body, purpose="event_invitation_test"
    )
    write_line(event, EventType.TESTED, by=by)
    return event


def invite_one(guest: Guest, *, by: User | None) -> bool:
    """Send the invitation of a promoted guest; False without an address, and for the dead."""
    if guest.person.deceased_on is not None:
        return False
    channel, address = _reach(guest, None, _refusing([guest]))
    return bool(channel) and _send(
        guest, (Carrier(channel), address), "invitation", _of_event(guest.event), by
    )


def remind(event: Event, *, by: User | None) -> int:
    """Remind those who were written to and did not answer, once; how many."""
    guests = (
        Guest.objects.filter(event=event, messaged_at__isnull=False, reminded_at__isnull=True)
        .unanswered()
        .living()
    )
    facts, count = _of_event(event), 0
    waiting = list(guests.select_for_update(of=("self",), skip_locked=True).select_related("person"))
    refusing = _refusing(waiting)
    for guest in waiting:
        channel, address = _reach(guest, None, refusing)
        if channel:
            count += _send(guest, (Carrier(channel), address), "reminder", facts, by)
    return count


def _reach(guest: Guest, chosen: Carrier | None, refusing: set[str]) -> tuple[str, str]:
    """(channel, address): by what is chosen, else by e-mail, else by SMS where messages can leave and are not refused;
    ("", "") by none."""
    person = guest.person
    if person.email and chosen in (None, Carrier.EMAIL):
        return Carrier.EMAIL, person.email
    phone = person.phone.as_e164 if person.phone else ""
    if phone in refusing:
        return "", ""
    may_sms = chosen == Carrier.SMS or (chosen is None and sms_port().is_configured and _takes_sms(phone))
    return (Carrier.SMS, phone) if phone and may_sms else ("", "")


def _takes_sms(phone: str) -> bool:
    """A number in Türkiye that is no mobile one takes none."""
    return not phone.startswith("+90") or phone.startswith("+905")


def _refusing(guests: Iterable[Guest]) -> set[str]:
    """The telephones of these guests by which messages were refused."""
    phones = {guest.person.phone.as_e164 for guest in guests if guest.person.phone}
    return InboundMessage.objects.refusing(phones).addresses() if phones else set()


def _written(guest: Guest, carrier: Carrier, address: str, what: str, facts: dict[str, Any]) -> Draft:
    """The message to a guest as it leaves."""
    context = facts | _of_guest(guest)
    subject, body = outbox.render(TEMPLATES[what], context)
    if carrier == Carrier.SMS:
        _none, body = outbox.render("events/mail/sms.txt", context)
        body = body.strip()
    return Draft(context["name"], carrier, address, subject, body)


def _send(
    guest: Guest,
    way: tuple[Carrier, str],
    what: str,
    facts: dict[str, Any],
    by: User | None,
    held: dt.datetime | None = None,
    send_at: dt.datetime | None = None,
) -> bool:
    """By the channel and to the address of `way`, which is one that exists."""
    carrier, address = way
    if carrier == Carrier.SMS:
        held = holding.by_day(held)
    draft = _written(guest, carrier, address, what, facts)
    message = outbox.post(
        channel=carrier,
        address=draft.address,
        subject=draft.subject,
        body=draft.body,
        purpose=f"event_{what}",
        not_before=held,
    )
    now = send_at or timezone.now()
    invited = {"messaged_at": now, "message": message, "held_until": held}
    changes: dict[str, Any] = invited if what == "invitation" else {"reminded_at": now}
    Guest.objects.filter(pk=guest.pk).update(**changes)
    for name, value in changes.items():
        setattr(guest, name, value)
    word = GuestEventType.MESSAGED if what == "invitation" else GuestEventType.REMINDED
    write_guest_line(guest, word, by=by, details={"carrier": carrier.value})
    return True


def _of_event(event: Event) -> dict[str, Any]:
    part = EventPart.objects.filter(event=event, is_main=True).first()
    return {
        "title": event.title,
        "at": (part or event).starts_at.astimezone(ISTANBUL),
        "place": (part.place if part else "") or event.place,
        "text": event.invitation_text,
        "dress_code": event.dress_code,
        "answer_by": event.answer_by,
        "answer_to": event.answer_to,
        "answer_phone": event.answer_phone.as_national
        if event.answer_phone
        else configured.MUNICIPALITY_PHONE,
        "host": list(filter(None, [event.principal.holder, event.principal.name])),
    }


def _of_guest(guest: Guest) -> dict[str, Any]:
    name = guest.printed_name or official_name(guest.person.first_name, guest.person.last_name)
    return {"name": name, "with_spouse": guest.with_spouse, "link": links.address_for(guest)}


@guest_action(GuestVerb.RENEW_LINK, event=GuestEventType.LINK_RENEWED, source=GuestStatus.LISTED)
def renew_link(guest: Guest, *, by: User | None, reason: str = "") -> Guest:
    """Make a new link.

    The earlier one is out of date. The guest is written to anew by INVITE; an invitation with the earlier link that
    has not left yet is taken back.
    """
    if Guest.objects.filter(holding.HELD, pk=guest.pk).exists():
        holding.recall([guest.message])
    move_guest(
        guest,
        GuestVerb.RENEW_LINK,
        by=by,
        note=reason.strip(),
        link=guest.link + 1,
        messaged_at=None,
        message=None,
        held_until=None,
    )
    return guest
