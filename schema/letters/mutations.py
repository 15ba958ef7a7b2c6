"""What may be done to letters: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.letters import actions
from backend.letters.moves import Verb, letter_action
from backend.organization.models import Department, OutsideBody, User
from permissions.core import scope
from permissions.letters import access
from permissions.letters.sources import SOURCES
from schema.contacts import message_types  # noqa: F401 - inputs name it
from schema.core.action_mutations import action_mutations
from schema.core.nodes import key_of, load, must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.letters import inputs
from schema.letters.queries import Row
from schema.letters.types import Letter


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The letter, as the viewer sees it afterwards.")
class LetterPayload(Payload):
    letter: Letter | None = refetched_row(
        Row, "The letter; null if it left the viewer's sight, or nothing was done."
    )


@strawberry.type(description="Whether it was recorded.")
class LetterSubstitutePayload(Payload):
    pass


def _department(value: Any) -> Any:
    return key_of(Department, value, "department") if value else None


def _draft(input: inputs.LetterDraftInput) -> dict[str, Any]:
    fields = inputs.facts(input)
    with access.drafting(_department(input.department)) as (viewer, department):
        return {"key": actions.draft(department, by=viewer.user, **fields).key}


def _make(input: inputs.LetterMakeInput) -> dict[str, Any]:
    named = {name: value for name in SOURCES if (value := getattr(input, name))}
    if len(named) != 1:
        raise DomainError(ErrorCode.REQUIRED, _("Name exactly one of what the letter is made."), "complaint")
    ((name, value),) = named.items()
    model, begin = SOURCES[name]
    return {"key": begin(key_of(model, value, name)).key}


def _write(input: inputs.LetterWriteInput) -> dict[str, Any]:
    fields = inputs.facts(input, keep_null=True)
    fields = {
        name: "" if value is None and name not in _NULLABLE else value for name, value in fields.items()
    }
    with scope.authorized(Verb.WRITE, Row, key_of(Row, input.id), version=input.version or None) as row:
        actions.write(row, by=scope.current_viewer().user, **fields)
    return {"key": row.key}


_NULLABLE = {"due_on", "file_code", "signatory", "approver"}


def _receive(input: inputs.LetterReceiveInput) -> dict[str, Any]:
    fields = {k: v for k, v in values(input, "department", "to", "body_of_sender").items() if v is not None}
    fields["to"] = [must_load(Department, one, "to") for one in input.to or []]
    fields["body_of_sender"] = load(OutsideBody, input.body_of_sender, "body_of_sender")
    with access.drafting(_department(input.department)) as (viewer, department):
        return {"key": actions.receive(department, by=viewer.user, **fields).key}


def _reply(input: inputs.LetterReplyInput) -> dict[str, Any]:
    with scope.authorized(Verb.REPLY, Row, key_of(Row, input.id), version=input.version or None) as row:
        by, department = scope.current_viewer().user, access.answering(row)
        return {"key": actions.reply(row, by=by, department=department).key}


def _remind(input: inputs.LetterRemindInput) -> dict[str, Any]:
    with scope.authorized(Verb.REMIND, Row, key_of(Row, input.id), version=input.version or None) as row:
        return {"key": actions.remind(row, by=scope.current_viewer().user).key}


def _substitute(input: inputs.LetterSubstituteInput) -> dict[str, Any]:
    person = must_load(User, input.person, "person")
    stands_in = must_load(User, input.substitute, "substitute")
    days = {"valid_from": input.valid_from, "valid_until": input.valid_until}
    with access.substituting() as viewer:
        actions.substitute(person, substitute=stands_in, by=viewer.user, **days)
    return {}


@strawberry.type
class LetterMutations:
    @strawberry.mutation(description="Begin a letter in the name of a department in which the viewer works.")
    def letter_draft(self, input: inputs.LetterDraftInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _draft(input))

    @strawberry.mutation(description="Make a letter of what the viewer sees, linked with it.")
    def letter_make(self, input: inputs.LetterMakeInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _make(input))

    @strawberry.mutation(description="Register a letter that came in.")
    def letter_receive(self, input: inputs.LetterReceiveInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _receive(input))

    @strawberry.mutation(
        description="Edit a draft: fields that are present are set, lists replace what stood."
    )
    def letter_write(self, input: inputs.LetterWriteInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _write(input))

    @strawberry.mutation(
        description="Begin the answer to an incoming letter; the payload has the new letter."
    )
    def letter_reply(self, input: inputs.LetterReplyInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _reply(input))

    @strawberry.mutation(description="Begin a reminder (tekit); the payload has the new letter.")
    def letter_remind(self, input: inputs.LetterRemindInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _remind(input))

    @strawberry.mutation(description="Record who initials and signs in place of an absent person.")
    def letter_substitute(self, input: inputs.LetterSubstituteInput) -> LetterSubstitutePayload:
        return run_mutation(LetterSubstitutePayload, lambda: _substitute(input))


LetterActions = action_mutations(
    "Letter",
    letter_action,
    Row,
    LetterPayload,
    row="The letter.",
    by_hand=dict.fromkeys((Verb.WRITE, Verb.REPLY, Verb.REMIND)),
)
"""Beside those above: a letter is written with lists of its own, and who answers or reminds is shown the new letter."""
