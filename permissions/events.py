"""Doors to events that are more than one row: guests from lists of partners, as far as the viewer sees those."""

from __future__ import annotations

from backend.events import actions
from backend.events.actions import Gathered
from backend.events.choices import Source
from backend.events.models import Event, GuestGroup
from backend.events.sources import OfList
from backend.organization.models import User
from backend.partners.models import ContactList
from permissions import partners, scope


def gather(event: Event, *, by: User | None) -> Gathered:
    """`events.gather` with the people of the lists of partners that the viewer sees. In the block of `scope.acting`."""
    groups = GuestGroup.objects.filter(event=event, source=Source.PARTNERS, contact_list__isnull=False)
    seen = scope.visible(ContactList).in_bulk(groups.values_list("contact_list", flat=True))
    found = {}
    for group in groups:
        if group.contact_list_id in seen:
            read = partners.people_on(seen[group.contact_list_id], "guests of an event")
            found[group.pk] = OfList(read.people, read.is_whole)
    return actions.gather(event, by=by, lists=found)
