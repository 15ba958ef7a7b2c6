"""Who is meant, and what one should know of them: the picker of persons and organisations, and the card of one."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

import strawberry
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from strawberry_django.optimizer import optimize

from backend.appointments.models import AppointmentRequest as RequestRow
from backend.appointments.models import Promise as PromiseRow
from backend.contacts.models import Citizen as CitizenRow
from backend.invitations.models import Invitation as InvitationRow
from backend.partners.models import Organisation as OrganisationRow
from backend.timeline.models import Moment
from permissions.contacts import cards, picking, written
from permissions.contacts.written_people import WrittenPerson, unlinked_people
from permissions.core import scope
from schema.appointments.types import AppointmentRequest, Promise
from schema.contacts.types import Citizen
from schema.core.nodes import load, rows_of
from schema.core.scalars import at_most
from schema.invitations.types import Invitation
from schema.partners.types import Organisation
from schema.timeline.types import TimelineMoment

PURPOSE = "GraphQL: search"
MOST_LETTERS = 200


@dataclass
class Rows:
    """The rows of an answer, loaded once for each place in it, with what was selected of them there."""

    keys: dict[type[Model], list[int]]
    loaded: dict[tuple[str, ...], dict[int, Model]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Model]) -> Rows:
        keys: dict[type[Model], list[int]] = {}
        for row in rows:
            keys.setdefault(type(row), []).append(row.pk)
        return cls(keys)

    def read(self, model: type[Model], row: Model, info: strawberry.Info) -> Any:
        """The row as its type reads it, where it is one of this model."""
        if not isinstance(row, model):
            return None
        place = tuple(key for key in info.path.as_list() if isinstance(key, str))
        if place not in self.loaded:
            result: Any = optimize(rows_of(model).filter(pk__in=self.keys[model]), info)
            self.loaded[place] = {one.pk: one for one in result}
        return self.loaded[place].get(row.pk)


@strawberry.enum(description="What a party is.")
class PartyKind(enum.Enum):
    PERSON = strawberry.enum_value("person", description="A person (tr: kişi).")
    ORGANISATION = strawberry.enum_value("organisation", description="An organisation (tr: kurum, kuruluş).")


@strawberry.type(description="A person or an organisation that a text may mean.")
class Party:
    found: strawberry.Private[picking.Found]
    rows: strawberry.Private[Rows]

    @strawberry.field(description="Its name.")
    def name(self) -> str:
        return self.found.name

    @strawberry.field(description="What distinguishes it from its namesakes.")
    def detail(self) -> str:
        return self.found.detail

    @strawberry.field(description="The person, where it is one.")
    def person(self, info: strawberry.Info) -> Citizen | None:
        return cast(Citizen | None, self.rows.read(CitizenRow, self.found.row, info))

    @strawberry.field(description="The organisation, where it is one.")
    def organisation(self, info: strawberry.Info) -> Organisation | None:
        return cast(Organisation | None, self.rows.read(OrganisationRow, self.found.row, info))


@strawberry.type(description="A row that names an organisation in words and is not linked with its record.")
class UnlinkedRow:
    one: strawberry.Private[written.Written]
    rows: strawberry.Private[Rows]

    @strawberry.field(description="Its number.")
    def reference(self) -> str:
        return self.one.reference

    @strawberry.field(description="What was written.")
    def text(self) -> str:
        return self.one.text

    @strawberry.field(description="Whether the viewer may link it: `appointmentLinkPartner` and the like.")
    def may_link(self) -> bool:
        return self.one.may_link

    @strawberry.field(description="The request for an appointment, where it is one.")
    def request(self, info: strawberry.Info) -> AppointmentRequest | None:
        return cast(AppointmentRequest | None, self.rows.read(RequestRow, self.one.row, info))

    @strawberry.field(description="The invitation received, where it is one.")
    def invitation(self, info: strawberry.Info) -> Invitation | None:
        return cast(Invitation | None, self.rows.read(InvitationRow, self.one.row, info))


@strawberry.type(
    description="A person whom a list of guests or of greetings names with an organisation, and who has no role there."
)
class UnlinkedPerson:
    one: strawberry.Private[WrittenPerson]
    rows: strawberry.Private[Rows]

    @strawberry.field(description="What was written of their office.")
    def title(self) -> str:
        return self.one.title

    @strawberry.field(description="What was written of their organisation.")
    def text(self) -> str:
        return self.one.text

    @strawberry.field(description="Whether the viewer may record their role: `organisationAddRole`.")
    def may_link(self) -> bool:
        return self.one.may_link

    @strawberry.field(description="Who.")
    def person(self, info: strawberry.Info) -> Citizen | None:
        return cast(Citizen | None, self.rows.read(CitizenRow, self.one.person, info))


@strawberry.type(
    description="What one should know of somebody before the call is taken, as far as the viewer sees it."
)
class PartyCard:
    card: strawberry.Private[cards.Card]

    @strawberry.field(description="How they are addressed; of an organisation, how its head is; or empty.")
    def address(self) -> str:
        return self.card.address

    @strawberry.field(description="Who heads an organisation, with the title; or empty.")
    def speaks(self) -> str:
        return self.card.speaks

    @strawberry.field(description="What the office should know.")
    def note(self) -> str:
        return self.card.note

    @strawberry.field(description="The last meeting that was.")
    def last_meeting(self, info: strawberry.Info) -> TimelineMoment | None:
        if self.card.last is None:
            return None
        rows: Any = TimelineMoment.get_queryset(Moment.objects.filter(pk=self.card.last.pk), info)
        return cast(TimelineMoment | None, optimize(rows, info).first())

    @strawberry.field(description="The open promises to them, the nearest first, five at most.")
    def open_promises(self, info: strawberry.Info) -> list[Promise]:
        keys = [row.pk for row in self.card.promises]
        rows: Any = optimize(rows_of(PromiseRow).filter(pk__in=keys).order_by("due_on", "pk"), info)
        return list(rows)

    @strawberry.field(description="Whether there are more open promises than these.")
    def has_more_promises(self) -> bool:
        return self.card.are_more

    @strawberry.field(
        description="What names this organisation and is not linked with it: as long as there is any, what else is said"
        " of it may be incomplete."
    )
    def unlinked(self) -> list[UnlinkedRow]:
        row = self.card.row
        found = [] if isinstance(row, CitizenRow) else written.unlinked(row)
        rows = Rows.of(one.row for one in found)
        return [UnlinkedRow(one=one, rows=rows) for one in found]

    @strawberry.field(
        description="Whom lists of guests and of greetings name with this organisation and who have no role there,"
        " fifty at most."
    )
    def unlinked_people(self) -> list[UnlinkedPerson]:
        row = self.card.row
        found = [] if isinstance(row, CitizenRow) else unlinked_people(row)
        rows = Rows.of(one.person for one in found)
        return [UnlinkedPerson(one=one, rows=rows) for one in found]


@strawberry.type
class PartyQueries:
    @strawberry.field(
        description="The persons and the organisations that a text may mean, eight at most: by telephone in any"
        " spelling, by T.C. kimlik no, by the beginnings of a name; a person also by their organisation."
    )
    def parties(
        self,
        search: Annotated[str, strawberry.argument(description="What is looked for.")],
        kinds: Annotated[list[PartyKind] | None, strawberry.argument(description="Only these kinds.")] = None,
    ) -> list[Party]:
        scope.require_viewer()
        at_most(search, MOST_LETTERS, "search", _("This text is too long."))
        wanted = list(PartyKind) if kinds is None else kinds
        found = picking.find(
            search,
            persons=PartyKind.PERSON in wanted,
            organisations=PartyKind.ORGANISATION in wanted,
            purpose=PURPOSE,
        )
        rows = Rows.of(one.row for one in found)
        return [Party(found=one, rows=rows) for one in found]

    @strawberry.field(
        description="What one should know of a person or an organisation before the call is taken. Null unless exactly"
        " one is named; NOT_FOUND where the viewer does not see it."
    )
    def party_card(
        self,
        person: Annotated[strawberry.ID | None, strawberry.argument(description="A citizen.")] = None,
        organisation: Annotated[
            strawberry.ID | None, strawberry.argument(description="An organisation.")
        ] = None,
    ) -> PartyCard | None:
        scope.require_viewer()
        row: Any = None
        if organisation is None:
            row = load(CitizenRow, person, "person")
        elif person is None:
            row = load(OrganisationRow, organisation, "organisation")
        if isinstance(row, CitizenRow):
            scope.log_access([row.pk], PURPOSE)
        return PartyCard(card=cards.card_of(row)) if row else None
