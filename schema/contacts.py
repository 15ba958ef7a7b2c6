"""The citizens: who calls, what is open for them; recording, correcting, merging. All shown are noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import strawberry
from django.db.models import Case, F, Func, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Trim
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions, models
from backend.core.errors import DomainError, ErrorCode
from backend.core.languages import Language as Languages
from backend.core.symbolic import symbolic
from backend.core.text import clean, search_form
from backend.organization.models import Neighbourhood as NeighbourhoodRow
from permissions import persons, scope
from permissions.rules import known_persons
from permissions.scope import Action
from schema.connection import Connection, Keyset, Page, paged
from schema.fields import column, expression, owned
from schema.nodes import Node, key_of, load, node_type, row_again
from schema.organization import After, Before, First, Last, Neighbourhood
from schema.results import Payload, answered
from schema.scalars import described_enum, values

Language = described_enum(Languages, "Language", "A language.")
BY_NAME = Keyset("citizen", "name_fold", str)
MASKED = Case(
    When(national_id_tail="", then=Value("")),
    default=Concat(Value("*" * 9), F("national_id_tail"), output_field=TextField()),
    output_field=TextField(),
)

# As `backend.core.text.official_name` writes it. ß is the one letter of names whose capital is two.
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

if TYPE_CHECKING:
    from schema.complaint_types import Complaint
    from schema.partner_types import OrganisationRole
    from schema.timeline import TimelineMoment


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
    open_complaints: list[Annotated[Complaint, strawberry.lazy("schema.complaint_types")]] = owned(
        "The open matters given with this record, the newest first, as far as the viewer sees them.",
        ["-registered_at", "-id"],
        "complaints",
        narrow=_open,
        default=10,
    )
    roles: list[Annotated[OrganisationRole, strawberry.lazy("schema.partner_types")]] = owned(
        "What they are at organisations, as far as the viewer sees that.", ["id"]
    )
    timeline: list[Annotated[TimelineMoment, strawberry.lazy("schema.timeline")]] = owned(
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


@strawberry.type
class ContactsQueries:
    @strawberry.field(
        description="Who it is: by telephone in any spelling, by the beginning of the name, or by T.C. kimlik"
        " no. Give exactly one. Merged records are answered by the one that stands for them."
    )
    def citizens(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        phone: Annotated[
            str | None, strawberry.argument(description="Telephone, however it is written.")
        ] = None,
        name: Annotated[
            str | None, strawberry.argument(description="Beginning of the name, then surname.")
        ] = None,
        national_id: Annotated[
            str | None, strawberry.argument(description="The whole T.C. kimlik no.")
        ] = None,
    ) -> Connection[Citizen]:
        scope.require_viewer()
        rows = scope.visible(_found(phone, name, national_id))
        page = Page.of(first, after, last, before)
        return paged(rows, BY_NAME, page, info)


@symbolic(str)
def _folded(name: str) -> str:
    return search_form(name)


def _found(phone: str | None, name: str | None, national_id: str | None) -> QuerySet[models.Citizen]:
    given = [text for text in (phone, name, national_id) if text is not None]
    if len(given) != 1:
        raise DomainError(
            ErrorCode.INVALID, _("Give a telephone number, a name or a T.C. kimlik no."), "phone"
        )
    if phone is not None:
        return actions.find_by_phone(phone)
    if national_id is not None:
        return actions.find_by_national_id(national_id)
    beginning = _folded(name or "")
    if not beginning:
        raise DomainError(ErrorCode.REQUIRED, _("Write the beginning of the name."), "name")
    return models.Citizen.objects.standing().filter(name_fold__startswith=beginning)


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
    national_id: str = strawberry.field(description="T.C. kimlik no, if given.", default="")
    note: str = strawberry.field(description="What the office should know.", default="")


@strawberry.input(description="Facts of a citizen to set right; what is left out stays as it is.")
class CitizenCorrectInput:
    id: strawberry.ID = strawberry.field(description="The citizen.")
    first_name: str | None = strawberry.field(description="Given name.", default=strawberry.UNSET)
    last_name: str | None = strawberry.field(description="Surname.", default=strawberry.UNSET)
    title: str | None = strawberry.field(
        description="Academic or professional title.", default=strawberry.UNSET
    )
    salutation: str | None = strawberry.field(
        description="How letters and greetings begin to this person, before that of an office.",
        default=strawberry.UNSET,
    )
    languages: list[Language] | None = strawberry.field(
        description="The languages that they speak; all of them.", default=strawberry.UNSET
    )
    phone: str | None = strawberry.field(description="Telephone in any spelling.", default=strawberry.UNSET)
    email: str | None = strawberry.field(description="E-mail address.", default=strawberry.UNSET)
    neighbourhood: strawberry.ID | None = strawberry.field(
        description="The neighbourhood.", default=strawberry.UNSET
    )
    address: str | None = strawberry.field(description="Address.", default=strawberry.UNSET)
    note: str | None = strawberry.field(description="What the office should know.", default=strawberry.UNSET)
    deceased_on: dt.date | None = strawberry.field(description="The day of death.", default=strawberry.UNSET)
    national_id: str | None = strawberry.field(
        description="T.C. kimlik no; the empty text forgets it.", default=strawberry.UNSET
    )


@strawberry.input(description="Two records of one person.")
class CitizenMergeInput:
    id: strawberry.ID = strawberry.field(description="The record that is merged away.")
    into: strawberry.ID = strawberry.field(description="The record that stands for both.")
    reason: str = strawberry.field(description="Why they are the same.", default="")


@strawberry.input(description="A merged record that shall stand for itself again.")
class CitizenUndoMergeInput:
    id: strawberry.ID = strawberry.field(description="The merged record.")


@strawberry.input(description="Whose T.C. kimlik no is to be shown, and why.")
class CitizenRevealNationalIdInput:
    id: strawberry.ID = strawberry.field(description="The citizen.")
    purpose: str = strawberry.field(description="What it is needed for; the read log keeps it.")


@strawberry.type(description="The citizen, as the viewer may see them afterwards.")
class CitizenPayload(Payload):
    citizen: Citizen | None = row_again(models.Citizen, "The record; null if the viewer may not see it.")


@strawberry.type(description="The whole number, or why not.")
class CitizenRevealNationalIdPayload(Payload):
    national_id: str | None = strawberry.field(description="The T.C. kimlik no.", default=None)


def recorded(input: CitizenRecordInput, by: Any) -> models.Citizen:
    """A new citizen from the input; the caller has the right to write."""
    fields = values(input, "neighbourhood")
    return persons.record(
        **fields, neighbourhood=load(NeighbourhoodRow, input.neighbourhood, "neighbourhood"), by=by
    )


def _with(action: str, id: str, act: Callable[[models.Citizen, Any], Any]) -> dict[str, Any]:
    """Run an action on a citizen that the viewer may see and to whom they may do it."""
    with scope.acting(action, models.Citizen, key_of(models.Citizen, id)) as citizen:
        act(citizen, scope.current_viewer().user)
    return {"key": citizen.key}


def _corrected(citizen: models.Citizen, input: CitizenCorrectInput, by: Any) -> None:
    fields = values(input, "id", "neighbourhood", "national_id")
    if input.neighbourhood is not strawberry.UNSET:
        fields["neighbourhood"] = load(NeighbourhoodRow, input.neighbourhood, "neighbourhood")
    actions.correct(citizen, by=by, **fields)
    if input.national_id is not strawberry.UNSET:
        actions.set_national_id(citizen, by=by, number=clean(input.national_id or ""))


@strawberry.type
class ContactsMutations:
    @strawberry.mutation(description="Record a person who turned to the municipality.")
    def citizen_record(self, input: CitizenRecordInput) -> CitizenPayload:
        def act() -> dict[str, Any]:
            with scope.registering() as viewer:
                return {"key": recorded(input, viewer.user).key}

        return answered(CitizenPayload, act)

    @strawberry.mutation(description="Set facts of a citizen right. The office only.")
    def citizen_correct(self, input: CitizenCorrectInput) -> CitizenPayload:
        return answered(
            CitizenPayload,
            lambda: _with(Action.CORRECT, input.id, lambda citizen, by: _corrected(citizen, input, by)),
        )

    @strawberry.mutation(
        description="Two records are one person: one stands for both from now on. Can be undone."
    )
    def citizen_merge(self, input: CitizenMergeInput) -> CitizenPayload:
        def act() -> dict[str, Any]:
            into = scope.get(models.Citizen, key_of(models.Citizen, input.into, "into"), field="into")
            _with(
                Action.MERGE,
                input.id,
                lambda citizen, by: actions.merge(citizen, into=into, by=by, reason=clean(input.reason)),
            )
            return {"key": into.key}

        return answered(CitizenPayload, act)

    @strawberry.mutation(description="A merged record stands for itself again.")
    def citizen_undo_merge(self, input: CitizenUndoMergeInput) -> CitizenPayload:
        return answered(
            CitizenPayload,
            lambda: _with(Action.MERGE, input.id, lambda citizen, by: actions.undo_merge(citizen, by=by)),
        )

    @strawberry.mutation(
        description="Show the whole T.C. kimlik no; the read log remembers who, when and why."
    )
    def citizen_reveal_national_id(
        self, input: CitizenRevealNationalIdInput
    ) -> CitizenRevealNationalIdPayload:
        def act() -> dict[str, Any]:
            key = key_of(models.Citizen, input.id)
            with scope.acting(Action.REVEAL, models.Citizen, key) as citizen:
                by = scope.current_viewer().user
                return {
                    "national_id": actions.reveal_national_id(citizen, by=by, purpose=clean(input.purpose))
                }

        return answered(CitizenRevealNationalIdPayload, act)
