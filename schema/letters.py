"""Asking for letters, checking what is typed, writing and saying what may be said to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.letters import actions, checking, models
from backend.letters.law import addressing, check_text, checker, references
from backend.letters.law.parts import Draft
from backend.letters.moves import Verb
from backend.organization.models import Department, FilePlanCode, OutsideBody, User
from permissions import letters as doors
from permissions import scope
from permissions.letters_made import SOURCES
from schema import letter_inputs as inputs
from schema.connection import Connection, Keyset, Page, paged
from schema.letter_types import FilePlanCode as FilePlanCodeType
from schema.letter_types import Letter, LetterKind, LetterRegister, LetterStatus
from schema.nodes import key_of, load, must_load, one, row_again
from schema.organization import After, Before, First, Last, Search
from schema.programme import listed
from schema.results import Payload, answered
from schema.scalars import cleaned, values
from schema.verbs import optional, says

NEWEST = Keyset("letter", "drafted_at", dt.datetime, descending=True)
CODES = Keyset("sdp", "code", str)
Row = models.Letter


def _written_to(value: str) -> Any:
    """The letters to a citizen whom the viewer may see; none to another."""
    try:
        citizen = scope.get(Citizen, key_of(Citizen, value))
    except DomainError:
        return []
    return doors.written_to(contacts.family(citizen)).values("pk")


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
    handed_out_on: dt.date | None = optional("Of which one was given out by hand on this day (zimmet).")
    my_turn: bool | None = optional("Only what waits for the viewer's initials or signature.")
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
    said = inputs.facts(input)
    return checking.draft(**said)


def _closing(draft: Draft) -> LetterClosing:
    found = checking.proposal(draft)
    return LetterClosing(
        text=found.text, reasons=list(found.reasons), phrases=list(found.usual), article=found.article
    )


Typed = Annotated[inputs.LetterCheckInput, strawberry.argument(description="The letter as it is typed.")]


@strawberry.type
class LetterQueries:
    @strawberry.field(description="The letters that the viewer sees, the newest first.")
    def letters(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
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
            rows = rows.filter(turn_of=viewer.user_id)
        if fields.get("awaiting_answer"):
            rows = rows.awaiting_answer()
        return listed(rows, NEWEST, Page.of(first, after, last, before), info)

    @strawberry.field(description="The letter with this number. Null if it is hidden or missing.")
    def letter(
        self,
        info: strawberry.Info,
        reference: Annotated[str, strawberry.argument(description="Its register number, such as GD-2027/4.")],
    ) -> Letter | None:
        scope.require_viewer()
        number = cleaned(reference)
        return one(scope.visible(Row).filter(reference=number).exclude(reference=""), info)

    @strawberry.field(description="The codes of the file plan that may be used today, in their order.")
    def file_plan_codes(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[FilePlanCodeType]:
        scope.require_viewer()
        rows: Any = FilePlanCode.objects.valid()
        return paged(rows, CODES, Page.of(first, after, last, before), info)

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


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The letter, as the viewer sees it afterwards.")
class LetterPayload(Payload):
    letter: Letter | None = row_again(
        Row, "The letter; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="Whether it was recorded.")
class LetterSubstitutePayload(Payload):
    pass


def _department(value: Any) -> Any:
    return key_of(Department, value, "department") if value else None


def _draft(input: inputs.LetterDraftInput) -> dict[str, Any]:
    said = inputs.facts(input)
    with doors.drafting(_department(input.department)) as (viewer, department):
        return {"key": actions.draft(department, by=viewer.user, **said).key}


def _make(input: inputs.LetterMakeInput) -> dict[str, Any]:
    named = {name: value for name in SOURCES if (value := getattr(input, name))}
    if len(named) != 1:
        raise DomainError(ErrorCode.REQUIRED, _("Name exactly one of what the letter is made."), "complaint")
    ((name, value),) = named.items()
    model, begin = SOURCES[name]
    return {"key": begin(key_of(model, value, name)).key}


def _write(input: inputs.LetterWriteInput) -> dict[str, Any]:
    said = inputs.facts(input, keep_null=True)
    said = {name: "" if value is None and name not in _NULLABLE else value for name, value in said.items()}
    with scope.acting(Verb.WRITE, Row, key_of(Row, input.id), version=input.version or None) as row:
        actions.write(row, by=scope.current_viewer().user, **said)
    return {"key": row.key}


_NULLABLE = {"due_on", "file_code", "signatory"}


def _receive(input: inputs.LetterReceiveInput) -> dict[str, Any]:
    said = {k: v for k, v in values(input, "department", "to", "body_of_sender").items() if v is not None}
    said["to"] = [must_load(Department, one, "to") for one in input.to or []]
    said["body_of_sender"] = load(OutsideBody, input.body_of_sender, "body_of_sender")
    with doors.drafting(_department(input.department)) as (viewer, department):
        return {"key": actions.receive(department, by=viewer.user, **said).key}


def _of_addressee(act: Callable[..., Any]) -> Callable[..., Any]:
    def said(letter: Row, *, by: Any, addressee: str = "", **facts: Any) -> None:
        if addressee:
            facts["addressee"] = str(key_of(models.Addressee, addressee, "addressee"))
        act(letter, by=by, **facts)

    return said


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    return says(verb, act, Row, LetterPayload, input_type, description, **edges)


def _begun(verb: Verb, act: Callable[..., Row], input: inputs.LetterInput) -> dict[str, Any]:
    """Say a verb that begins another letter, and answer with that one."""
    with scope.acting(verb, Row, key_of(Row, input.id), version=input.version or None) as row:
        return {"key": act(row, by=scope.current_viewer().user).key}


def _substitute(input: inputs.LetterSubstituteInput) -> dict[str, Any]:
    person = must_load(User, input.person, "person")
    stands_in = must_load(User, input.substitute, "substitute")
    days = {"valid_from": input.valid_from, "valid_until": input.valid_until}
    with doors.substituting() as viewer:
        actions.substitute(person, substitute=stands_in, by=viewer.user, **days)
    return {}


@strawberry.type
class LetterMutations:
    @strawberry.mutation(description="Begin a letter in the name of a department in which the viewer works.")
    def letter_draft(self, input: inputs.LetterDraftInput) -> LetterPayload:
        return answered(LetterPayload, lambda: _draft(input))

    @strawberry.mutation(description="Make a letter of what the viewer sees, linked with it.")
    def letter_make(self, input: inputs.LetterMakeInput) -> LetterPayload:
        return answered(LetterPayload, lambda: _make(input))

    @strawberry.mutation(description="Register a letter that came in.")
    def letter_receive(self, input: inputs.LetterReceiveInput) -> LetterPayload:
        return answered(LetterPayload, lambda: _receive(input))

    @strawberry.mutation(description="Write on: what is given is set, lists replace what stood.")
    def letter_write(self, input: inputs.LetterWriteInput) -> LetterPayload:
        return answered(LetterPayload, lambda: _write(input))

    @strawberry.mutation(
        description="Begin the answer to an incoming letter; the payload has the new letter."
    )
    def letter_reply(self, input: inputs.LetterInput) -> LetterPayload:
        return answered(LetterPayload, lambda: _begun(Verb.REPLY, doors.reply, input))

    @strawberry.mutation(description="Begin a reminder (tekit); the payload has the new letter.")
    def letter_remind(self, input: inputs.LetterInput) -> LetterPayload:
        return answered(LetterPayload, lambda: _begun(Verb.REMIND, actions.remind, input))

    @strawberry.mutation(description="Record who initials and signs in somebody's place.")
    def letter_substitute(self, input: inputs.LetterSubstituteInput) -> LetterSubstitutePayload:
        return answered(LetterSubstitutePayload, lambda: _substitute(input))

    letter_submit = _said(Verb.SUBMIT, actions.submit, inputs.LetterInput, "Put it forward for signature.")
    letter_initial = _said(Verb.INITIAL, actions.initial, inputs.LetterInitialInput, "Initial it.")
    letter_sign = _said(Verb.SIGN, actions.sign, inputs.LetterInput, "Sign it.")
    letter_send_back = _said(
        Verb.SEND_BACK, actions.send_back, inputs.LetterSendBackInput, "Send it back to the writer."
    )
    letter_register = _said(
        Verb.REGISTER, actions.register, inputs.LetterInput, "Give it its number and freeze its paper."
    )
    letter_record_number = _said(
        Verb.RECORD_NUMBER,
        actions.record_number,
        inputs.LetterRecordNumberInput,
        "Record its number in the municipality's own document system.",
    )
    letter_dispatch = _said(
        Verb.DISPATCH,
        _of_addressee(actions.dispatch),
        inputs.LetterDispatchInput,
        "Send it to one addressee, or to all departments.",
    )
    letter_confirm = _said(
        Verb.CONFIRM, _of_addressee(actions.confirm), inputs.LetterConfirmInput, "Record that it arrived."
    )
    letter_cancel = _said(Verb.CANCEL, actions.cancel, inputs.LetterCancelInput, "Give it up.")
    letter_refer = _said(
        Verb.REFER, actions.refer, inputs.LetterReferInput, "Refer it to a department.", to=Department
    )
    letter_file = _said(Verb.FILE, actions.file, inputs.LetterFileInput, "File it without an answer.")
