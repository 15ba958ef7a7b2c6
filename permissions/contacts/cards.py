"""What one should know of a person or an organisation before the call is taken: open promises, the last meeting, how
they are addressed. Each part as far as the viewer sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from backend.appointments.models import Promise
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.letters import library
from backend.letters.choices import Kind as LetterKind
from backend.partners import actions as partners
from backend.partners.models import Organisation, Role
from backend.timeline.choices import Kind
from backend.timeline.models import Moment, MomentQuerySet
from permissions.appointments import applicants
from permissions.contacts.picking import PURPOSE, Party
from permissions.core import scope

MOST, NEWEST = 5, 12
MEETINGS = (Kind.APPOINTMENT, Kind.VISIT, Kind.ENGAGEMENT)


@dataclass
class Card:
    """`promises`: the open ones, the nearest first, at most some (`are_more`). `speaks`: who heads an organisation."""

    row: Party
    promises: list[Promise] = field(default_factory=list)
    are_more: bool = False
    last: Moment | None = None
    address: str = ""
    speaks: str = ""
    note: str = ""

    @property
    def is_person(self) -> bool:
        return isinstance(self.row, Citizen)


def card_of(row: Party) -> Card:
    """The card of a visible row; a fixed number of statements."""
    family = _family(row)
    promises = _promises(row, family)
    card = Card(row, promises[:MOST], len(promises) > MOST, _last(row, family), note=row.note)
    if isinstance(row, Citizen):
        role = _roles().filter(person__in=family).order_by("kind", "pk").first()
        card.address = library.salutation(row, LetterKind.OFFICE, role.title if role else "")
        if role is not None and role.salutation and not row.salutation:
            card.address = role.salutation
    else:
        role = _roles().filter(organisation__in=family, kind="HEAD").order_by("pk").first()
        if role is not None:
            card.speaks = f"{role.person.titled_name} · {role.title}"
            card.address = role.salutation or library.salutation(role.person, LetterKind.OFFICE, role.title)
            scope.log_access([role.person_id], PURPOSE)
    if role is not None:
        scope.log_access([role.pk], PURPOSE, kind="partners.role")
    return card


def open_promises(row: Party) -> list[Promise]:
    """The open promises to a visible person or organisation, the nearest first; one more than a card shows."""
    return _promises(row, _family(row))


def _family(row: Party) -> set[int]:
    return contacts.family(row) if isinstance(row, Citizen) else partners.family(row)


def _roles():  # type: ignore[no-untyped-def]
    return scope.visible(Role.objects.current()).select_related("person", "organisation")


def _promises(row: Party, family: set[int]) -> list[Promise]:
    if isinstance(row, Citizen):
        made = Q(request__in=applicants.asked_by(family).order_by().values("pk"))
    else:
        made = Q(request__partner__in=family) | Q(entry__engagement__organisation__in=family)
    rows = scope.visible(Promise.objects.open()).filter(made).select_related("department", "person")
    return list(rows.order_by("due_on", "pk")[: MOST + 1])


def newest_moments(row: Party, family: set[int] | None = None) -> list[Moment]:
    """The newest moments of a visible row that the viewer sees, one more than its page shows: the card on top of the
    page and the timeline below it read them once."""
    read: list[Moment] | None = getattr(row, "newest_moments", None)
    if read is None:
        read = list(seen(moments_of(row, family))[: NEWEST + 1])
        vars(row)["newest_moments"] = read
    return read


def moments_of(row: Party, family: set[int] | None = None) -> MomentQuerySet:
    """All moments of a visible row and of what was merged with it."""
    family = _family(row) if family is None else family
    if isinstance(row, Citizen):
        return Moment.objects.about(Citizen.objects.filter(pk__in=family))
    return Moment.objects.with_organisation(Organisation.objects.filter(pk__in=family))


def seen(rows: MomentQuerySet) -> MomentQuerySet:
    """Of these moments those that the viewer sees, the newest first, with what a line shows."""
    return scope.visible(rows).select_related("organisation", "person", "guest").order_by("-at", "-id")


def _last(row: Party, family: set[int]) -> Moment | None:
    """The last meeting that was; looked for on its own only where none is among the newest moments."""
    newest, now = newest_moments(row, family), timezone.now()
    found = next((one for one in newest if one.kind in MEETINGS and one.at < now), None)
    if found is not None or len(newest) <= NEWEST:
        return found
    return seen(moments_of(row, family).filter(kind__in=MEETINGS, at__lt=now)).first()
