"""Query and mutation fields of letters, including the checker."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.letters import checking, models
from backend.letters.law import addressing, check_text, checker, references
from backend.letters.law.parts import Draft
from backend.letters.templates_and_substitutes import waits_for
from backend.organization.models import FilePlanCode
from permissions.core import scope
from permissions.letters import access
from permissions.letters.sources import SOURCES
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed, paged
from schema.core.nodes import key_of, single_row
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional
from schema.letters import inputs
from schema.letters.types import FilePlanCode as FilePlanCodeType
from schema.letters.types import Letter, LetterKind, LetterRegister, LetterStatus

NEWEST = Keyset("letter", "drafted_at", dt.datetime, descending=True)


CODES = Keyset("sdp", "code", str)


Row = models.Letter


def _written_to(value: str) -> Any:
    """The letters to a citizen whom the viewer may see; none to another."""
    try:
        citizen = scope.get(Citizen, key_of(Citizen, value))
    except DomainError:
        return []
    return access.written_to(contacts.family(citizen)).values("pk")


def _waiting(rows: Any, fields: dict[str, Any]) -> Any:
    for name in ("to_be_carried_out", "awaiting_answer"):
        if fields.get(name):
            rows = getattr(rows, name)()
    return rows


@strawberry.input(description="Which letters: all of these must hold; within a list, any.")
class LetterFilter:
    register: list[LetterRegister] | None = optional("Of which books.")
    kind: list[LetterKind] | None = optional("What they are.")
    status: list[LetterStatus] | None = optional("Where they are.")
    complaint: strawberry.ID | None = optional("That answer this case.")
    entry: strawberry.ID | None = optional("That came of this meeting.")
    request: strawberry.ID | None = optional("That came of this request for an appointment.")
    invitation: strawberry.ID | None = optional("That came of this invitation.")
    instruction: strawberry.ID | None = optional("That carry this instruction out.")
    event: strawberry.ID | None = optional("That belong to this event.")
    addressee: strawberry.ID | None = optional("To this citizen, with the records merged into theirs.")
    handed_out_on: dt.date | None = optional("Only letters delivered by hand on this day (zimmet).")
    my_turn: bool | None = optional("Only what waits for the viewer's initials or signature.")
    to_be_carried_out: bool | None = optional("Only olur that were approved and not yet carried out.")
    awaiting_answer: bool | None = optional("Only incoming ones that are to be answered.")


@strawberry.type(description="A fault of a letter.")
class LetterFault:
    code: str = strawberry.field(description="A short name, always the same.")
    field: str = strawberry.field(description="The part that it is in.")
    message: str = strawberry.field(description="What is wrong, in the viewer's language.")
    remedy: str = strawberry.field(description="What to do.")
    article: str = strawberry.field(
        description="The article of the regulation; empty for the office's custom."
    )
    is_error: bool = strawberry.field(description="Whether it must be put right before the signature.")


@strawberry.type(description="The closing that follows from who signs and who is addressed.")
class LetterClosing:
    text: str = strawberry.field(description="The closing, such as “Arz ederim.”")
    reasons: list[str] = strawberry.field(description="Why, for each addressee.")
    phrases: list[str] = strawberry.field(description="Approved last sentences that end so.")
    article: str = strawberry.field(description="The article of the regulation.")


@strawberry.type(description="What the rules say of a letter that is being typed.")
class LetterCheck:
    faults: list[LetterFault] = strawberry.field(description="Every fault, in the order of the parts.")
    closing: LetterClosing = strawberry.field(description="The closing that is proposed.")
    addressee_lines: list[str] = strawberry.field(
        description="The lines of the muhatap, as they are printed."
    )
    reference_lines: list[str] = strawberry.field(description="The lines of the ilgi, in order of date.")
    salutation: str = strawberry.field(
        description="How its first person is greeted: by the office they hold, else by name."
    )
    phrases: list[str] = strawberry.field(
        description="Approved sentences for its beginning and its text, for this kind of letter."
    )


def _typed(input: inputs.LetterCheckInput) -> Draft:
    fields = inputs.facts(input)
    return checking.draft(**fields)


def _closing(draft: Draft) -> LetterClosing:
    result = checking.proposal(draft)
    return LetterClosing(
        text=result.text, reasons=list(result.reasons), phrases=list(result.usual), article=result.article
    )


Typed = Annotated[inputs.LetterCheckInput, strawberry.argument(description="The letter as it is typed.")]


@strawberry.type
class LetterQueries:
    @connection_field(description="The letters that the viewer sees, the newest first.")
    def letters(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        filter: Annotated[LetterFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[Letter]:
        viewer = scope.require_viewer()
        rows: Any = Row.objects.all()
        if search is not None:
            rows = rows.search(search)
        fields = values(filter) if filter else {}
        for name in ("register", "kind", "status"):
            if fields.get(name) is not None:
                rows = rows.filter(**{f"{name}__in": [choice.value for choice in fields[name]]})
        for name, (model, _begin) in SOURCES.items():
            if fields.get(name) is not None:
                seen = scope.visible(model).filter(key=key_of(model, fields[name], name))
                rows = rows.filter(**{f"{name}__in": seen})
        if fields.get("addressee") is not None:
            rows = rows.filter(pk__in=_written_to(fields["addressee"]))
        if (day := fields.get("handed_out_on")) is not None:
            rows = rows.filter(pk__in=models.Addressee.objects.handed_out(day).values("letter"))
        if fields.get("my_turn"):
            rows = rows.filter(waits_for(viewer.user_id))
        return listed(_waiting(rows, fields), NEWEST, page, info)

    @strawberry.field(description="The letter with this number. Null if it is hidden or missing.")
    def letter(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its register number, such as GD-2027/4.")],
    ) -> Letter | None:
        scope.require_viewer()
        number = cleaned(reference)
        return single_row(scope.visible(Row).filter(reference=number).exclude(reference=""), info)

    @connection_field(description="The codes of the file plan that may be used today, in their order.")
    def file_plan_codes(self, info: strawberry.Info, page: Page) -> Connection[FilePlanCodeType]:
        rows: Any = FilePlanCode.objects.valid()
        return paged(rows, CODES, page, info)

    @strawberry.field(
        description="Check a letter while it is typed: its faults, its closing, its muhatap and ilgi."
    )
    def letter_check(self, input: Typed) -> LetterCheck:
        scope.require_viewer()
        draft = _typed(input)
        return LetterCheck(
            faults=[
                LetterFault(
                    code=fault.code,
                    field=fault.field,
                    message=fault.message,
                    remedy=fault.remedy,
                    article=fault.article,
                    is_error=fault.is_error,
                )
                for fault in checker.faults(draft)
            ],
            closing=_closing(draft),
            addressee_lines=addressing.muhatap(draft.addressees, draft.known_bodies),
            reference_lines=[
                f"{letter}) {line}" if letter else line for letter, line in references.lines(draft.references)
            ],
            salutation=check_text.salutation(draft),
            phrases=checking.offered(draft),
        )

    @strawberry.field(description="The closing for these addressees under this signature, with its reasons.")
    def letter_closing(self, input: Typed) -> LetterClosing:
        scope.require_viewer()
        return _closing(_typed(input))
