"""Where guests come from: each source read as it is now. What a group names stands in its `selector`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.localtime import local_date
from backend.core.words.text import tr_fold
from backend.events.choices import Source
from backend.events.models import Event, GuestGroup
from backend.organization.models import Department, User
from backend.partners.lists import Recipient
from backend.protocol.actions import take_snapshot
from backend.protocol.choices import Capacity, ListKind
from backend.protocol.holders import incumbents
from backend.protocol.models import Holding, PrecedenceList, Snapshot


@dataclass(frozen=True)
class Found:
    """A person as a source names them."""

    person: Citizen
    title: str = ""
    organisation: str = ""
    rank: int | None = None


STAFF = "Belediye personeli"


def person_of(user: User, by: User | None) -> Citizen:
    """The one record of a member of staff as a person; made where there is none with their name and address."""
    same_name = Citizen.objects.standing().filter(name_fold=tr_fold(f"{user.first_name} {user.last_name}"))
    known = (
        same_name.filter(email__iexact=user.email) if user.email else same_name.filter(email="", note=STAFF)
    )
    return known.order_by("pk").first() or contacts.record(
        first_name=user.first_name or user.username,
        last_name=user.last_name,
        email=user.email,
        note=STAFF,
        by=by,
    )


def _heads(group: GuestGroup, by: User | None) -> Iterator[Found]:
    """Heads of open departments today; `codes` selects some, by default all."""
    departments = Department.objects.open().order_by("name_sort")
    if codes := group.selector.get("codes"):
        departments = departments.filter(code__in=codes)
    for department in departments:
        if (head := department.head_on()) is not None and head.is_active:
            title = department.name.replace(" Müdürlüğü", " Müdürü")
            yield Found(person_of(head, by), title=title)


def order_of(event: Event, kind: str, by: User | None) -> Snapshot | None:
    """The order of precedence of an event: the copy it took, or, the first time, one of the list in force on its day.
    None where there is no such list. What becomes of the list later does not reach the event (acceptance case 24)."""
    if event.precedence is None:
        current = PrecedenceList.objects.in_force(kind, local_date(event.starts_at))
        if current is None:
            return None
        event.precedence = take_snapshot(current, by=by)
        Event.objects.filter(pk=event.pk).update(precedence=event.precedence)
    return event.precedence


def _offices(group: GuestGroup, by: User | None) -> Iterator[Found]:
    """Holders of the offices of the event's order on its day: acting ones first, none for vacant offices. `kind`
    is the list, `until` the last place, `codes` selects offices."""
    event = group.event
    snapshot = order_of(event, group.selector.get("kind", ListKind.DISTRICT), by)
    if snapshot is None:
        return
    lines = snapshot.lines.select_related("office").order_by("position")
    if until := group.selector.get("until"):
        lines = lines.filter(place__lte=until)
    if codes := group.selector.get("codes"):
        lines = lines.filter(office__code__in=codes)
    known = Holding.objects.select_related("person")
    result = incumbents([line.office for line in lines], local_date(event.starts_at), known)
    for line in lines:
        incumbency = result[line.office_id]
        for one in [incumbency.speaks] if incumbency.speaks else incumbency.holders:
            title = f"{line.title}{' V.' if one.capacity == Capacity.ACTING else ''}"
            yield Found(one.person, title[:160], line.office.institution[:160], line.place)


def _nobody(group: GuestGroup, by: User | None) -> Iterable[Found]:
    return ()


READERS: dict[str, Callable[[GuestGroup, User | None], Iterable[Found]]] = {
    Source.PEOPLE: _nobody,
    Source.FILE: _nobody,
    Source.OFFICES: _offices,
    Source.DEPARTMENTS: _heads,
}
"""People named one by one, and those of a file, are on the list by being put there."""

SYNCED = frozenset({Source.OFFICES, Source.DEPARTMENTS})
"""Sources from which people may disappear between two syncs."""


@dataclass(frozen=True)
class OfList:
    """Visible people of a partner list. `is_whole`: the reader sees all of them."""

    people: list[Recipient]
    is_whole: bool


Lists = Mapping[int, OfList]
"""Members of partner lists by group id, as far as the user of the sync sees them; a group without an entry stays
unchanged."""


def loses_people(group: GuestGroup, lists: Lists) -> bool:
    """Whether people whom the source no longer names leave the group; undecidable for a partially visible list."""
    if group.source == Source.PARTNERS:
        return group.pk in lists and lists[group.pk].is_whole
    return group.source in SYNCED


def _of_list(people: list[Recipient]) -> Iterator[Found]:
    for person in people:
        if person.person is not None:
            yield Found(
                person.person, person.title, person.organisation.name[:160] if person.organisation else ""
            )


def read(group: GuestGroup, by: User | None, lists: Lists) -> list[Found]:
    """People named by the source now, each once, as the record that represents them; without the deceased."""
    if group.source == Source.PARTNERS:
        named: Iterable[Found] = _of_list(lists[group.pk].people) if group.pk in lists else ()
    else:
        named = READERS[group.source](group, by)
    values: dict[int, Found] = {}
    for one in named:
        if one.person.merged_into_id is not None:
            one = replace(one, person=contacts.standing({one.person.pk}).get())
        if one.person.deceased_on is None:
            values.setdefault(one.person.pk, one)
    return list(values.values())
