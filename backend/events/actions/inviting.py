"""Sending invitations and reminders: by e-mail or SMS with the guest's own link; the rest is printed or called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured
from backend.core.localtime import ISTANBUL
from backend.core.validation import choice
from backend.core.words.text import official_name
from backend.events import links, moves
from backend.events.actions.step import move, move_guest, write_guest_line
from backend.events.choices import GuestStatus, Status
from backend.events.models import Event, EventPart, Guest
from backend.events.moves import GuestVerb, Verb, event_action, guest_action
from backend.events.story import EventType, GuestEventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import Message
from backend.outbox.sms import sms_port

Carrier = Message.Channel
TEMPLATES = {"invitation": "events/mail/invitation.txt", "reminder": "events/mail/answer_reminder.txt"}


@dataclass
class Invited:
    """What a run of invitations did: to whom it went, and who has no address and is printed for or called."""

    sent: list[Guest] = field(default_factory=list)
    without_address: list[Guest] = field(default_factory=list)


def has_invited(event: Event) -> bool:
    """Whether invitations of this event have left already."""
    return Guest.objects.filter(event=event, messaged_at__isnull=False).exists()


@event_action(
    Verb.INVITE,
    event=EventType.INVITED,
    source=Status.ANNOUNCED,
    traits=Trait.PRIMARY,
    hint=_("Everybody on the list with such an address gets the invitation with their own link, each once."),
)
def invite(
    event: Event, *, by: User | None, carrier: Annotated[Carrier, Field(_("By what?"))] = Carrier.EMAIL
) -> Invited:
    """Write to everybody on the list to whom nothing was sent yet.

    A repetition sends nothing twice. UNSUPPORTED for SMS where no gateway is configured.
    """
    moves.require(Verb.INVITE, event.status)
    chosen = choice(Carrier, carrier, "carrier")
    outbox.require_channel(chosen)
    guests = (
        Guest.objects.filter(event=event, messaged_at__isnull=True)
        .listed()
        .living()
        .select_for_update(of=("self",))
    )
    result = Invited()
    facts = _of_event(event)
    for guest in guests.select_related("person").order_by("id"):
        sent = _send(guest, chosen, "invitation", facts, by)
        (result.sent if sent else result.without_address).append(guest)
    details = {"sent": len(result.sent), "without": len(result.without_address), "carrier": chosen.value}
    move(event, Verb.INVITE, by=by, details=details)
    return result


def invite_one(guest: Guest, *, by: User | None) -> bool:
    """Send the invitation of a promoted guest; False without an address, and for the dead."""
    if guest.person.deceased_on is not None:
        return False
    has_phone = bool(guest.person.phone) and sms_port().is_configured
    carrier = Carrier.EMAIL if guest.person.email or not has_phone else Carrier.SMS
    return _send(guest, carrier, "invitation", _of_event(guest.event), by)


def remind(event: Event, *, by: User | None) -> int:
    """Remind those who were written to and did not answer, once; how many."""
    guests = (
        Guest.objects.filter(event=event, messaged_at__isnull=False, reminded_at__isnull=True)
        .unanswered()
        .living()
    )
    facts, count = _of_event(event), 0
    for guest in guests.select_for_update(of=("self",), skip_locked=True).select_related("person"):
        carrier = Carrier.EMAIL if guest.person.email else Carrier.SMS
        if carrier == Carrier.SMS and not sms_port().is_configured:
            continue
        count += _send(guest, carrier, "reminder", facts, by)
    return count


def _send(guest: Guest, carrier: Carrier, what: str, facts: dict[str, Any], by: User | None) -> bool:
    person = guest.person
    phone = person.phone.as_e164 if person.phone else ""
    address = person.email if carrier == Carrier.EMAIL else phone
    if not address:
        return False
    context = facts | _of_guest(guest)
    subject, body = outbox.render(TEMPLATES[what], context)
    if carrier == Carrier.SMS:
        _none, body = outbox.render("events/mail/sms.txt", context)
    message = outbox.post(
        channel=carrier,
        address=address,
        subject=subject,
        body=body.strip() if carrier == Carrier.SMS else body,
        purpose=f"event_{what}",
    )
    now = timezone.now()
    changes = {"messaged_at": now, "message": message} if what == "invitation" else {"reminded_at": now}
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

    The earlier one is out of date. The guest is written to anew by INVITE.
    """
    move_guest(
        guest,
        GuestVerb.RENEW_LINK,
        by=by,
        note=reason.strip(),
        link=guest.link + 1,
        messaged_at=None,
        message=None,
    )
    return guest
