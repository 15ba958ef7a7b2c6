"""Doors to events that are more than one row: guests from lists of partners, as far as the viewer sees those."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated
from backend.events import actions
from backend.events.actions import Gathered
from backend.events.choices import Source
from backend.events.models import Event, Guest, GuestGroup
from backend.events.moves import Verb
from backend.events.sources import Lists, OfList
from backend.letters.models import Letter
from backend.organization.models import User
from backend.outbox.plan import Plan
from backend.partners.models import ContactList
from permissions.core import scope
from permissions.partners import access as partners


def require_in_no_other_file(letter: Letter, event: Event) -> None:
    """WRONG_STATE where the letter belongs to another event that the viewer sees: it is named."""
    other = scope.visible(Event).filter(pk=letter.event_id or 0).exclude(pk=event.pk).first()
    if other is not None:
        message = _("This letter belongs to “%(event)s” (%(reference)s). Take it out of that file first.")
        words = {"event": other.title, "reference": other.reference}
        raise DomainError(ErrorCode.WRONG_STATE, message % words, "letter")


def link_letter(event: Event, *, by: User | None, letter: Letter) -> Event:
    """Link a letter to the event. WRONG_STATE if it belongs to another one, which is named for its viewers."""
    require_in_no_other_file(letter, event)
    return actions.link_letter(event, by=by, letter=letter)


def invitations(event: Event, carrier: str = "") -> Plan[Guest]:
    """`events.plan_invitations` for who may send them, FORBIDDEN for others. Whom it names is noted."""
    if not scope.can(Verb.INVITE, event):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    with elevated():
        plan = actions.plan_invitations(event, carrier)
    named = [guest.person_id for guest in (*plan.on_paper, *plan.unreachable)]
    scope.log_access([*named, *plan.shown], "guests of an event")
    return plan


def lists_of(event: Event) -> Lists:
    """The people of the event's lists of partners that the viewer sees. In the block of `scope.authorized`."""
    groups = GuestGroup.objects.filter(event=event, source=Source.PARTNERS, contact_list__isnull=False)
    seen = scope.visible(ContactList).in_bulk(groups.values_list("contact_list", flat=True))
    values = {}
    for group in groups:
        if group.contact_list_id in seen:
            read = partners.people_on(seen[group.contact_list_id], "guests of an event")
            values[group.pk] = OfList(read.people, read.is_whole)
    return values


def gather(event: Event, *, by: User | None) -> Gathered:
    """`events.sync_guests` with the people of the lists of partners that the viewer sees. In the block of
    `scope.authorized`."""
    return actions.sync_guests(event, by=by, lists=lists_of(event))
