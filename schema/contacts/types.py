"""Citizens, as they are read."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import strawberry
from django.db.models import Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Trim

from backend.complaints.models import Complaint
from backend.contacts import actions, models
from backend.core.words.languages import Language as Languages
from backend.organization.models import Neighbourhood as NeighbourhoodRow
from backend.partners.models import Role
from backend.timeline.models import Moment
from permissions.complaints import persons
from permissions.complaints.rules import known_persons
from permissions.core import scope
from schema.core.fields import column, expression, owned
from schema.core.nodes import Edge, Node, load, node_type
from schema.core.scalars import described_enum, values
from schema.organization.types import Neighbourhood

Language = described_enum(Languages, "Language", "A language.")


MASKED = Case(
    When(national_id_tail="", then=Value("")),
    default=Concat(Value("*" * 9), F("national_id_tail"), output_field=TextField()),
    output_field=TextField(),
)


# As `backend.core.words.text.official_name` writes it. ß is the one letter of names whose capital is two.
SURNAME = Func(
    F("last_name"),
    output_field=TextField(),
    template="upper(translate(replace(%(expressions)s, 'ß', 'SS'), 'iı', 'İI') COLLATE \"pg_c_utf8\")",
)


LETTER_NAME = Trim(
    Func(
        F("first_name"),
        Value(" "),
        SURNAME,
        output_field=TextField(),
        template="%(expressions)s",
        arg_joiner=" || ",
    )
)


def _open(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Open cases, without those whose citizen the viewer may not know from them (case 13)."""
    return cases.filter(known_persons(scope.current_viewer()), closed_at__isnull=True)


@node_type(models.Citizen, "Citizen")
class Citizen(Node):
    """A person who turned to the municipality (vatandaş)."""

    reading_is_noted: ClassVar[str] = actions.READING

    first_name: str = column("Given name.")
    last_name: str = column("Surname.")
    title: str = column("Academic or professional title, such as Prof. Dr. or Av.; or empty.")
    salutation: str = column("How letters and greetings begin to this person; or empty.")
    languages: list[Language] = column("The languages that they speak.")
    phone_text: str = expression(
        "Telephone in international form (+90…), or empty.", Cast("phone", TextField()), name="phone"
    )
    email: str = column("E-mail address, or empty.")
    address: str = column("Address, or empty.")
    neighbourhood: Neighbourhood | None = column("The neighbourhood (mahalle).")
    masked_id: str = expression(
        "T.C. kimlik no, all but the last two digits hidden; empty if unknown.",
        MASKED,
        name="nationalIdMasked",
    )
    note: str = column("What the office should know.")
    deceased_on: dt.date | None = column("The day of death, if known.")
    created_at: dt.datetime = column("When it was recorded.")
    merged_into: Citizen | None = column("The record that stands for this one.")
    merged: list[Citizen] = owned("The records that this one stands for.", ["id"])
    open_complaints: list[Edge[Complaint]] = owned(
        "The open matters reported with this record, the newest first, as far as the viewer sees them.",
        ["-registered_at", "-id"],
        "complaints",
        narrow=_open,
        default=10,
    )
    roles: list[Edge[Role]] = owned("What they are at organisations, as far as the viewer sees that.", ["id"])
    timeline: list[Edge[Moment]] = owned(
        "Everything of all services about this record, the newest first, as far as the viewer sees it. For pages of it"
        " ask `timeline(person:)`.",
        ["-at", "-id"],
        "moments",
    )
    letter_name: str = expression("Name and surname as a letter writes them.", LETTER_NAME, name="fullName")

    @classmethod
    def get_queryset(cls, queryset: QuerySet[Any], info: Any) -> QuerySet[Any]:
        return scope.visible(queryset)

    @classmethod
    def is_type_of(cls, obj: Any, info: Any) -> bool:
        """Called for every citizen that an answer shows, by whatever path: the read log is filled here."""
        if not isinstance(obj, models.Citizen):
            return isinstance(obj, cls)
        info.context.note(cls.reading_is_noted, obj.pk)
        return True


# -- mutations ----------------------------------------------------------------------------------------------
@strawberry.input(
    description="A person to record. Only a name is required (3071 m.4 asks for no T.C. kimlik no)."
)
class CitizenRecordInput:
    first_name: str = strawberry.field(description="Given name.")
    last_name: str = strawberry.field(description="Surname.", default="")
    title: str = strawberry.field(description="Academic or professional title.", default="")
    salutation: str = strawberry.field(
        description="How letters and greetings begin to this person, before that of an office.", default=""
    )
    languages: list[Language] = strawberry.field(
        description="The languages that they speak.", default_factory=list
    )
    phone: str = strawberry.field(description="Telephone in any spelling.", default="")
    email: str = strawberry.field(description="E-mail address.", default="")
    neighbourhood: strawberry.ID | None = strawberry.field(
        description="The neighbourhood.", default=strawberry.UNSET
    )
    address: str = strawberry.field(description="Address.", default="")
    national_id: str = strawberry.field(description="T.C. kimlik no, if known.", default="")
    note: str = strawberry.field(description="What the office should know.", default="")
    accept_alike: bool = strawberry.field(
        description="Record them though somebody of this name or number is on record. `citizenRecord` asks for it.",
        default=False,
    )


def recorded(input: CitizenRecordInput, by: Any) -> models.Citizen:
    """A new citizen from the input; the caller has the right to write."""
    return persons.record(**_facts(input), by=by)


def new_applicant(input: CitizenRecordInput, by: Any) -> models.Citizen:
    """Who brings a case or a request, from the input: with `acceptAlike` another person than those on record. The
    caller has the right to write."""
    if input.accept_alike:
        return recorded(input, by)
    return persons.applicant(**_facts(input), by=by)


def _facts(input: CitizenRecordInput) -> dict[str, Any]:
    place = load(NeighbourhoodRow, input.neighbourhood, "neighbourhood")
    return values(input, "neighbourhood", "accept_alike") | {"neighbourhood": place}
