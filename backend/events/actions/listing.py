"""The list of guests: groups read anew, people put on it, corrected; frozen for print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Unpack

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required, short
from backend.core.words.text import official_name
from backend.events import moves, sources
from backend.events.actions.parameters import MOST_COMPANIONS, CorrectGuestFields, Reason
from backend.events.actions.places import move_up, next_reserve, places_of, require_room, room
from backend.events.actions.step import move, move_guest, row_of
from backend.events.choices import UPCOMING, Answer, GuestStatus, Source
from backend.events.models import Event, Guest, GuestGroup, GuestLine, GuestOrigin
from backend.events.moves import GuestVerb, Verb, event_action, guest_action
from backend.events.sources import Found
from backend.events.story import EventType, GuestEventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.partners.choices import ListStatus
from backend.partners.models import ContactList

MOST_GUESTS = 20_000
GUEST_TEXTS = {"title": 160, "organisation": 160, "delegation": 120, "office_note": 300}
THAWED = Q(frozen_at=None)


@dataclass
class Gathered:
    """What reading the groups anew did, or would do."""

    added: list[Guest] = field(default_factory=list)
    to_reserve: list[Guest] = field(default_factory=list)
    taken_off: list[Guest] = field(default_factory=list)
    gone_but_invited: list[Guest] = field(default_factory=list)
    """No longer in their groups, but the invitation left or the answer came: the office decides."""


@event_action(Verb.PUT_GROUP, event=EventType.GROUP_PUT, source=UPCOMING)
def put_group(
    event: Event,
    *,
    by: User | None,
    group: Annotated[
        GuestGroup | None, Field(_("Group"), api="The group to change.", empty=_("a new group"))
    ] = None,
    title: Annotated[str | None, Field(_("Name of the group"), api="Its name.", max_length=120)] = None,
    source: Annotated[Source | None, Field(_("Source"), api="What it is read from.", empty="–")] = None,
    selector: dict[str, Any] | None = None,
    until_place: Annotated[
        int | None,
        Field(
            _("Up to which place of the order"),
            api="Of the offices of the order of precedence those up to this place.",
            help=_("Only for offices of the order of precedence; empty: all of them."),
            min_value=1,
            max_value=30_000,
        ),
    ] = None,
    contact_list: Annotated[
        ContactList | None,
        Field(
            _("List of partners"),
            api="Which list of partners, for that source.",
            help=_("Only for a list of partners: persons with a role at one of its organisations today."),
            empty="–",
        ),
    ] = None,
    with_spouse: Annotated[
        bool | None, Field(_("With their spouses"), api="Invited with their spouses.")
    ] = None,
    companions_allowed: Annotated[
        int | None,
        Field(
            _("Companions at most"),
            api="How many companions a guest may bring at first.",
            min_value=0,
            max_value=MOST_COMPANIONS,
        ),
    ] = None,
    is_vip: Annotated[
        bool | None, Field(_("Received by the protocol"), api="Received by the protocol.")
    ] = None,
    is_reserve: Annotated[
        bool | None, Field(_("Put on the reserve list"), api="Put on the reserve list.")
    ] = None,
) -> GuestGroup:
    """Add a group of guests, or change one.

    Who is on the list already stays as they are.

    `until_place`: of the offices of the order of precedence those up to this place. `contact_list`: the list of
    partners, for that source alone: REQUIRED without it, INVALID for one that is archived.
    """
    moves.require(Verb.PUT_GROUP, event.status)
    row = row_of(event, GuestGroup.objects, group, "group") if group else GuestGroup(event=event)
    row.title = required(row.title if title is None else title, "title", _("Name the group."), 120)
    row.source = choice(Source, source or row.source or Source.PEOPLE, "source")
    row.selector = row.selector if selector is None else selector
    if until_place is not None:
        row.selector = {**row.selector, "until": until_place}
    row.contact_list = _list_of(row, contact_list)
    values = {"with_spouse": with_spouse, "is_vip": is_vip, "is_reserve": is_reserve}
    for name, value in values.items():
        if value is not None:
            setattr(row, name, value)
    row.companions_allowed = _companions(companions_allowed, row.companions_allowed, row.with_spouse)
    if group is None:
        row.position = event.groups.count()
    row.save()
    move(event, Verb.PUT_GROUP, by=by, details={"group": row.title})
    return row


def _list_of(row: GuestGroup, named: ContactList | None) -> ContactList | None:
    if row.source != Source.PARTNERS:
        return None
    if named is not None and named.status != ListStatus.IN_USE:
        raise DomainError(ErrorCode.INVALID, _("This list is archived. Choose another."), "contact_list")
    if (outcome := named or row.contact_list) is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose the list of partners."), "contact_list")
    return outcome


def _companions(count: int | None, before: int, with_spouse: bool) -> int:
    outcome = before if count is None else count
    if not 0 <= outcome <= MOST_COMPANIONS:
        message = _("Between no companion and %(count)s.") % {"count": MOST_COMPANIONS}
        raise DomainError(ErrorCode.INVALID, message, "companions_allowed")
    return max(outcome, 1) if with_spouse else outcome


@event_action(Verb.DROP_GROUP, event=EventType.GROUP_DROPPED, source=UPCOMING, traits=Trait.DESTRUCTIVE)
def drop_group(
    event: Event, *, by: User | None, group: Annotated[GuestGroup, Field(_("Group"), api="The group.")]
) -> Event:
    """Take a group off; its guests stay."""
    moves.require(Verb.DROP_GROUP, event.status)
    row = row_of(event, GuestGroup.objects, group, "group")
    row.delete()
    move(event, Verb.DROP_GROUP, by=by, details={"group": row.title})
    return event


@event_action(
    Verb.SYNC_GUESTS,
    event=EventType.GATHERED,
    source=UPCOMING,
    applies=THAWED,
    traits=Trait.PRIMARY,
    hint=_("Whoever the groups name now is put on the list; who left and was not invited leaves."),
)
def sync_guests(event: Event, *, by: User | None, lists: sources.Lists | None = None) -> Gathered:
    """Read the groups anew: who is new is listed, who left leaves.

    Who is new is put on the list, or on the reserve where it is full; whose title changed gets it; who is in no group
    any more and was not invited leaves. WRONG_STATE once the list is frozen.

    `lists`: the people of the groups that are lists of partners, as `by` may see them.
    """
    moves.require(Verb.SYNC_GUESTS, event.status)
    require_thawed(event)
    listing, result = Listing(event, by), Gathered()
    for group in event.groups.all():
        read = sources.read(group, by, lists or {})
        listing.put(group, read)
        if sources.loses_people(group, lists or {}):
            families = contacts.families({one.person.pk for one in read})
            persons = {record for family in families.values() for record in family}
            gone = GuestOrigin.objects.filter(group=group).exclude(guest__person__in=persons)
            _leave(list(gone.select_related("guest", "guest__person")), by, result)
    GuestGroup.objects.filter(event=event).update(gathered_at=timezone.now())
    listing.save()
    result.added, result.to_reserve = listing.added(GuestStatus.LISTED), listing.added(GuestStatus.RESERVE)
    details = {"added": len(result.added), "reserve": len(result.to_reserve), "left": len(result.taken_off)}
    move(event, Verb.SYNC_GUESTS, by=by, details=details)
    move_up(event, by=by)
    return result


def require_thawed(event: Event) -> None:
    if event.frozen_at is not None:
        message = _("The guest list is frozen for print. Open it again first.")
        raise DomainError(ErrorCode.WRONG_STATE, message)


def _by_record(guests: Iterable[Guest]) -> dict[int, Guest]:
    """Guests by their record, and by all records merged with it."""
    there = {guest.person_id: guest for guest in guests}
    merged = {pk for pk, guest in there.items() if guest.person.merged_into_id is not None}
    for pk, family in (contacts.families(merged) if merged else {}).items():
        for record in family:
            there.setdefault(record, there[pk])
    return there


class Listing:
    """People put on the list of one event, many at once: everything is written by `save`."""

    def __init__(self, event: Event, by: User | None) -> None:
        self.event, self.by = event, by
        self.there = _by_record(Guest.objects.filter(event=event).select_related("person"))
        self.free, self.reserve = room(event), next_reserve(event)
        self.new: list[Guest] = []
        self.origins: list[tuple[Guest, GuestGroup]] = []

    def put(self, group: GuestGroup, found: Iterable[Found]) -> None:
        """Those of a group: each person once, whatever other groups name them."""
        for one in found:
            guest = self.there.get(one.person.pk)
            if guest is None:
                guest = self.add(group, one)
            elif guest.pk and not guest.title_is_own and guest.printed_at is None:
                _refresh(guest, one)
            self.origins.append((guest, group))

    def add(self, group: GuestGroup | None, found: Found, **facts: Any) -> Guest:
        """A new guest, with a place or on the reserve."""
        if len(self.there) >= MOST_GUESTS:
            message = _("At most %(count)s guests are possible.") % {"count": MOST_GUESTS}
            raise DomainError(ErrorCode.OVER_LIMIT, message)
        begins: dict[str, Any] = {"is_vip": False, "with_spouse": False, "companions_allowed": 0}
        if group is not None:
            begins = {name: getattr(group, name) for name in begins}
        begins |= {"title": found.title, "organisation": found.organisation, "rank": found.rank}
        guest = Guest(event=self.event, person=found.person, **(begins | facts))
        guest.companions_allowed = _companions(None, guest.companions_allowed, guest.with_spouse)
        guest.places = places_of(guest)
        full = self.free is not None and guest.places > self.free
        if full or (group is not None and group.is_reserve):
            guest.status, guest.reserve_position, guest.places = GuestStatus.RESERVE, self.reserve, 0
            self.reserve += 1
        elif self.free is not None:
            self.free -= guest.places
        if self.event.frozen_at is not None:
            guest.printed_name = name_on_paper(guest)
        self.there[found.person.pk] = guest
        self.new.append(guest)
        return guest

    def added(self, status: GuestStatus) -> list[Guest]:
        return [guest for guest in self.new if guest.status == status]

    def save(self) -> None:
        Guest.objects.bulk_create(self.new, batch_size=1000)
        GuestOrigin.objects.bulk_create(
            [GuestOrigin(guest=guest, group=group) for guest, group in self.origins],
            ignore_conflicts=True,
            batch_size=1000,
        )
        GuestLine.objects.bulk_create(
            [
                GuestLine(guest=guest, verb=GuestEventType.LISTED, actor=self.by, to_status=guest.status)
                for guest in self.new
            ],
            batch_size=1000,
        )


def _refresh(guest: Guest, found: Found) -> None:
    """Update from the source; a title entered here stays."""
    fresh = {"title": found.title, "organisation": found.organisation, "rank": found.rank}
    changed = {name: value for name, value in fresh.items() if value and getattr(guest, name) != value}
    if changed:
        Guest.objects.filter(pk=guest.pk).update(**changed)


def _leave(origins: list[GuestOrigin], by: User | None, result: Gathered) -> None:
    for origin in origins:
        guest = origin.guest
        origin.delete()
        if guest.status == GuestStatus.LEFT or GuestOrigin.objects.filter(guest=guest).exists():
            continue
        if guest.messaged_at or guest.printed_at or guest.answer != Answer.WAITING:
            result.gone_but_invited.append(guest)
            continue
        move_guest(guest, GuestVerb.REMOVE, by=by, places=0, reserve_position=None)
        result.taken_off.append(guest)


@transaction.atomic
def add_guest(
    event: Event,
    *,
    by: User | None,
    person: Citizen,
    group: GuestGroup | None = None,
    **facts: Unpack[CorrectGuestFields],
) -> Guest:
    """Put one person on the list, or on the reserve where it is full. DUPLICATE where they are on it already."""
    moves.require(Verb.SYNC_GUESTS, event.status)
    if person.merged_into_id is not None:
        raise DomainError(
            ErrorCode.INVALID, _("This record was merged into another. Choose that one."), "person"
        )
    if person.deceased_on is not None:
        raise DomainError(ErrorCode.INVALID, _("This person has died."), "person")
    if Guest.objects.filter(event=event, person=person).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This person is on the list already."), "person")
    row = row_of(event, GuestGroup.objects, group, "group") if group else None
    values = checked_facts(dict(facts))
    outcome = Found(person, values.pop("title", ""), values.pop("organisation", ""), values.pop("rank", None))
    listing = Listing(event, by)
    guest = listing.add(row, outcome, **values)
    if row is not None:
        listing.origins.append((guest, row))
    listing.save()
    return guest


def name_on_paper(guest: Guest) -> str:
    """The name as a card writes it: `Ayşe YILMAZ`."""
    return official_name(guest.person.first_name, guest.person.last_name)[:200]


def checked_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a guest as they are kept. TypeError for what is none."""
    if unknown := set(facts) - set(CorrectGuestFields.__annotations__):
        raise TypeError(f"not facts of a guest: {', '.join(sorted(unknown))}")
    checked = {name: value for name, value in facts.items() if value is not None}
    for name, longest in GUEST_TEXTS.items():
        if name in checked:
            checked[name] = short(checked[name], name, longest)
    if "companions_allowed" in checked:
        _companions(checked["companions_allowed"], 0, False)
    return checked


@guest_action(
    GuestVerb.CORRECT,
    event=GuestEventType.CORRECTED,
    source=(GuestStatus.LISTED, GuestStatus.RESERVE),
    traits=Trait.PRIMARY,
)
def correct_guest(guest: Guest, *, by: User | None, **facts: Unpack[CorrectGuestFields]) -> Guest:
    """Set facts right.

    A title entered here stays when the groups are read anew; companions beyond the free places are OVER_LIMIT, fewer
    than were announced INVALID.
    """
    guest_action.require(GuestVerb.CORRECT, guest.status)
    changed = {
        name: value for name, value in checked_facts(dict(facts)).items() if getattr(guest, name) != value
    }
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    if changed.get("with_spouse"):
        changed["companions_allowed"] = max(changed.get("companions_allowed", guest.companions_allowed), 1)
    if changed.get("companions_allowed", guest.companions) < guest.companions:
        message = _("This guest announced %(count)s companions already.") % {"count": guest.companions}
        raise DomainError(ErrorCode.INVALID, message, "companions_allowed")
    require_room(guest, **changed)
    if {"title", "organisation"} & set(changed):
        changed["title_is_own"] = True
    fields = sorted(set(changed) - {"title_is_own"})
    changed["places"] = places_of(guest, **changed)
    move_guest(guest, GuestVerb.CORRECT, by=by, details={"fields": fields}, **changed)
    move_up(guest.event, by=by)
    return guest


@event_action(
    Verb.FREEZE,
    event=EventType.FROZEN,
    source=UPCOMING,
    applies=THAWED,
    hint=_("Names and titles stay as they will be printed, whatever changes elsewhere."),
)
def freeze(event: Event, *, by: User | None) -> Event:
    """The names are as they will be printed.

    Nothing that changes elsewhere changes them any more.
    """
    moves.require(Verb.FREEZE, event.status)
    if event.frozen_at is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("The guest list is frozen already."))
    guests = list(Guest.objects.filter(event=event, printed_name="").select_related("person"))
    for guest in guests:
        guest.printed_name = name_on_paper(guest)
    Guest.objects.bulk_update(guests, ["printed_name"], batch_size=1000)
    move(event, Verb.FREEZE, by=by, details={"count": len(guests)}, frozen_at=timezone.now())
    return event


@event_action(Verb.UNFREEZE, event=EventType.UNFROZEN, source=UPCOMING, applies=~THAWED)
def unfreeze(event: Event, *, by: User | None, reason: Reason) -> Event:
    """Names are read anew.

    From the persons; what was printed stays as it was printed.
    """
    moves.require(Verb.UNFREEZE, event.status)
    if event.frozen_at is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("The guest list is not frozen."))
    reason = required(reason, "reason", _("Write why it is opened again."))
    Guest.objects.filter(event=event, printed_at__isnull=True).update(printed_name="")
    move(event, Verb.UNFREEZE, by=by, note=reason, frozen_at=None)
    return event


def in_several_groups(event: Event) -> QuerySet[Guest]:
    """Guests whom more than one group names: each is on the list once."""
    guests = Guest.objects.filter(event=event).annotate(groups=Count("origins"))
    return guests.filter(groups__gt=1).select_related("person").order_by("id")


def perhaps_the_same(event: Event) -> list[list[Guest]]:
    """Guests with different records but one name or one telephone number: perhaps one person twice."""
    guests = (
        Guest.objects.filter(event=event)
        .exclude(status=GuestStatus.LEFT)
        .select_related("person")
        .order_by("id")
    )
    by_sign: dict[str, dict[int, Guest]] = {}
    for guest in guests:
        for sign in {guest.person.name_fold, str(guest.person.phone or "")} - {""}:
            by_sign.setdefault(sign, {})[guest.pk] = guest
    mapping = {tuple(rows): list(rows.values()) for rows in by_sign.values() if len(rows) > 1}
    return list(mapping.values())


@transaction.atomic
def note_printed(guests: list[Guest], *, by: User | None) -> None:
    """Their cards were printed, with these names: they stay so, whatever changes."""
    now = timezone.now()
    for guest in guests:
        guest.printed_at, guest.printed_name = now, guest.printed_name or name_on_paper(guest)
    Guest.objects.bulk_update(guests, ["printed_at", "printed_name"], batch_size=1000)
    GuestLine.objects.bulk_create(
        [
            GuestLine(
                guest=one, verb=GuestEventType.PRINTED, actor=by, from_status=one.status, to_status=one.status
            )
            for one in guests
        ],
        batch_size=1000,
    )
