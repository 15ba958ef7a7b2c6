"""GraphQL API of the library: approved phrases and forms of address."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import Q

from backend.letters import actions, choices, models
from backend.organization.models import Category as CategoryRow
from backend.organization.models import Department as DepartmentRow
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import choice, column
from schema.core.nodes import Everybody, Node, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum, values
from schema.core.verbs import optional, required
from schema.letters.types import LetterKind
from schema.organization.types import Category, Department

LetterPhrasePart = described_enum(choices.PhrasePart, "LetterPhrasePart", "Where an approved phrase stands.")
LetterClosingWord = described_enum(choices.ClosingWord, "LetterClosingWord", "What a closing says.")
BY_CODE = Keyset("wording", "code", str)


@node_type(models.Phrase, "LetterPhrase")
class LetterPhrase(Node, Everybody):
    """What is approved for letters, or for the texts of applications (kalıp ifade)."""

    code: str = column("Its name in the files of the reference data.")
    part: LetterPhrasePart = column("Where it stands.")
    kinds: list[LetterKind] = column("In letters of which kinds; empty: of every kind.")
    says: LetterClosingWord | None = choice("What it says, if it is a closing.", "closing", name="closing")
    text: str = column("The sentence; of applications a piece of text with places such as {{başvuru no}}.")
    category: Category | None = column("Of applications: only of this subject.")
    department: Department | None = column("Of applications: only of this department.")
    position: int = column("Its place among the others.")
    valid_from: dt.date = column("The first day on which it may be used.")
    valid_to: dt.date | None = column("The last day; null while it is in use.")
    source: str = column("Who approved it, or where it stands.")


@node_type(models.FormOfAddress, "LetterFormOfAddress")
class LetterFormOfAddress(Node, Everybody):
    """How a letter greets the holder of an office (hitap)."""

    code: str = column("Its name in the files of the reference data.")
    office: str = column("The office, as it ends a title: Kaymakam.")
    salutation: str = column("The greeting, such as “Sayın Kaymakamım,”.")
    kinds: list[LetterKind] = column("In letters of which kinds; empty: of every kind.")
    valid_from: dt.date = column("The first day on which it is used.")
    valid_to: dt.date | None = column("The last day; null while it is in use.")
    source: str = column("Who approved it, or where it stands.")


Kind = Annotated[
    LetterKind | None, strawberry.argument(description="Only what may stand in letters of this kind.")
]


Part = Annotated[LetterPhrasePart | None, strawberry.argument(description="Only for this place.")]


def _for(rows: Any, kind: Any, part: Any = None) -> Any:
    """Those in use today, perhaps only for one kind and one place."""
    rows = rows.valid()
    rows = rows if part is None else rows.filter(part=part.value)
    return rows if kind is None else rows.filter(Q(kinds=[]) | Q(kinds__contains=[kind.value]))


@strawberry.type
class LetterWordingQueries:
    @connection_field(description="The approved phrases that are in use today.")
    def letter_phrases(
        self, info: strawberry.Info, page: Page, kind: Kind = None, part: Part = None
    ) -> Connection[LetterPhrase]:
        rows = _for(models.Phrase.objects.all(), kind, part)
        return listed(rows, BY_CODE, page, info)

    @connection_field(description="How holders of offices are greeted, as it is used today.")
    def letter_forms_of_address(
        self, info: strawberry.Info, page: Page, kind: Kind = None
    ) -> Connection[LetterFormOfAddress]:
        rows = _for(models.FormOfAddress.objects.all(), kind)
        return listed(rows, BY_CODE, page, info)


@strawberry.type(description="The phrase, as it is now.")
class LetterPhrasePayload(Payload):
    phrase: LetterPhrase | None = refetched_row(models.Phrase, "The phrase; null if nothing was done.")


@strawberry.type(description="The form of address, as it is now.")
class LetterFormOfAddressPayload(Payload):
    form_of_address: LetterFormOfAddress | None = refetched_row(
        models.FormOfAddress, "The form of address; null if nothing was done."
    )


@strawberry.input(description="An approved phrase, new or changed.")
class LetterPhraseSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    part: LetterPhrasePart = required("Where it stands.")
    text: str = required("The sentence.")
    closing: LetterClosingWord | None = optional("What it says; needed for a closing.")
    kinds: list[LetterKind] | None = optional("In letters of which kinds; nothing: of every kind.")
    category: strawberry.ID | None = optional("Of applications: only of this subject.")
    department: strawberry.ID | None = optional("Of applications: only of this department.")
    position: int | None = optional("Its place among the others; default 100.")
    valid_from: dt.date | None = optional("The first day on which it may be used; default today.")
    valid_to: dt.date | None = optional("The last day.")
    source: str = required("Who approved it, or where it stands.")


@strawberry.input(description="A form of address, new or changed.")
class LetterFormOfAddressSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    office: str = required("The office, as it ends a title: Kaymakam.")
    salutation: str = required("The greeting, such as “Sayın Kaymakamım,”.")
    kinds: list[LetterKind] | None = optional("In letters of which kinds; nothing: of every kind.")
    valid_from: dt.date | None = optional("The first day on which it is used; default today.")
    valid_to: dt.date | None = optional("The last day.")
    source: str = required("Who approved it, or where it stands.")


def _save(model: Any, act: Any, input: Any) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id").items() if value is not None}
    if "kinds" in fields:
        fields["kinds"] = [kind.value for kind in fields["kinds"]]
    for name, edge in (("category", CategoryRow), ("department", DepartmentRow)):
        if name in fields:
            fields[name] = must_load(edge, fields[name], name)
    with scope.elevated_for(model, Action.CHANGE) as viewer:
        row = must_load(model, input.id, "id") if input.id else None
        return {"key": act(row, by=viewer.user, **fields).key}


@strawberry.type
class LetterWordingMutations:
    @strawberry.mutation(description="Approve a phrase, or change one: the office.")
    def letter_phrase_save(self, input: LetterPhraseSaveInput) -> LetterPhrasePayload:
        return run_mutation(LetterPhrasePayload, lambda: _save(models.Phrase, actions.save_phrase, input))

    @strawberry.mutation(description="Set how the holder of an office is greeted; for the office.")
    def letter_form_of_address_save(self, input: LetterFormOfAddressSaveInput) -> LetterFormOfAddressPayload:
        return run_mutation(
            LetterFormOfAddressPayload,
            lambda: _save(models.FormOfAddress, actions.save_form_of_address, input),
        )
