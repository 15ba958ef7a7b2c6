"""Dictated instructions: what a principal spoke and the secretariat still has to record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.instructions import actions, models
from backend.programme.models import Principal as PrincipalRow
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, key_of, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import required
from schema.organization.types import StaffMember
from schema.programme.types import Principal

BY_TIME = Keyset("dictation", "said_at", dt.datetime)


@node_type(models.Dictation, "Dictation")
class Dictation(Node, Scoped):
    """What a principal spoke or typed to become an instruction (söylenen talimat). It goes when it is recorded or
    discarded."""

    principal: Principal | None = column("Who dictated it.")
    text: str = column("What is to be done, as it was dictated.")
    said_at: dt.datetime = column("When.")
    said_by: StaffMember | None = column("Whose account it came from.")


@strawberry.type
class DictationQueries:
    @connection_field(description="Dictated instructions that wait to be recorded, the oldest first.")
    def dictations(self, info: strawberry.Info, page: Page) -> Connection[Dictation]:
        return listed(models.Dictation.objects.all(), BY_TIME, page, info)


@strawberry.input(description="An instruction as it was dictated.")
class DictationRecordInput:
    principal: strawberry.ID = required("Who says it.")
    text: str = required("What is to be done, 4,000 letters at most.")


@strawberry.input(description="A dictated instruction to discard.")
class DictationDiscardInput:
    id: strawberry.ID = required("Which one.")


@strawberry.type(description="The dictated instruction.")
class DictationPayload(Payload):
    dictation: Dictation | None = refetched_row(models.Dictation, "As it stands; null once there is none.")


def _record(input: DictationRecordInput) -> dict[str, Any]:
    key = key_of(PrincipalRow, input.principal, "principal")
    with scope.authorized_to_create(Action.INSTRUCT, PrincipalRow, key, field="principal") as principal:
        return {"key": actions.dictate(principal, by=scope.require_user(), text=input.text).key}


def _discard(input: DictationDiscardInput) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, models.Dictation, key_of(models.Dictation, input.id)) as row:
        actions.discard(row, by=scope.current_viewer().user)
    return {}


@strawberry.type
class DictationMutations:
    @strawberry.mutation(description="Keep what a principal dictates until it is recorded as an instruction.")
    def dictation_record(self, input: DictationRecordInput) -> DictationPayload:
        return run_mutation(DictationPayload, lambda: _record(input))

    @strawberry.mutation(description="Discard a dictated instruction.")
    def dictation_discard(self, input: DictationDiscardInput) -> DictationPayload:
        return run_mutation(DictationPayload, lambda: _discard(input))
