"""What may be done to agreements: inputs, payloads and mutations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry

from backend.agreements import actions
from backend.agreements.models import Agreement as Row
from backend.agreements.models import Obligation
from backend.agreements.moves import Verb
from backend.organization.models import Department
from backend.partners.models import Organisation
from permissions.core import scope
from permissions.core.scope import Action
from schema.agreements.types import Agreement, AgreementKind, AgreementSide
from schema.core.nodes import row_again
from schema.core.results import Payload, answered
from schema.core.verbs import given, optional, says, told


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.input(description="An agreement to begin.")
class AgreementDraftInput:
    kind: AgreementKind = told("What it is.")
    title: str = told("Its title.")
    department: strawberry.ID = told("The department that is responsible.")
    parties: list[strawberry.ID] = told("With whom it is made.")
    subject: str | None = optional("What is agreed.")
    decision: str | None = optional("The decision of the council.")
    notice_days: int | None = optional("So many days before the end the house is warned.")


@strawberry.input(description="An agreement, in the version that the client saw.")
class AgreementInput:
    id: strawberry.ID = told("The agreement.")
    version: int | None = optional("The version that was looked at.")


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class AgreementCorrectInput(AgreementInput):
    title: str | None = optional("Its title.")
    subject: str | None = optional("What is agreed.")
    department: strawberry.ID | None = optional("The department that is responsible.")
    decision: str | None = optional("The decision of the council.")
    notice_days: int | None = optional("So many days before the end the house is warned.")
    note: str | None = optional("A remark.")


@strawberry.input(description="A party.")
class AgreementPartyInput(AgreementInput):
    organisation: strawberry.ID = told("Which organisation.")


@strawberry.input(description="An obligation to add.")
class AgreementObligeInput(AgreementInput):
    side: AgreementSide = told("Whose it is.")
    text: str = told("What is to be done.")
    department: strawberry.ID | None = optional("Our department that does it, or looks after it.")
    due_on: dt.date | None = optional("By when.")


@strawberry.input(description="An obligation that was fulfilled.")
class AgreementFulfilInput(AgreementInput):
    obligation: strawberry.ID = told("Which one.")
    on: dt.date | None = optional("When; today unless said.")
    note: str | None = optional("What is to be known.")


@strawberry.input(description="An obligation that is none after all.")
class AgreementDropInput(AgreementInput):
    obligation: strawberry.ID = told("Which one.")


@strawberry.input(description="It was signed.")
class AgreementSignInput(AgreementInput):
    signed_on: dt.date = told("When.")
    valid_from: dt.date | None = optional("In force from; the day of signing unless said.")
    valid_until: dt.date | None = optional("In force until; for good unless said.")
    decision: str | None = optional("The decision of the council.")


@strawberry.input(description="It holds until a later day.")
class AgreementRenewInput(AgreementInput):
    valid_until: dt.date = told("The new last day.")
    note: str | None = optional("A remark.")


@strawberry.input(description="It ends.")
class AgreementEndInput(AgreementInput):
    reason: str = told("Why.")


@strawberry.type(description="The agreement, as the viewer sees it afterwards.")
class AgreementPayload(Payload):
    agreement: Agreement | None = row_again(
        Row, "The agreement; null if it left the viewer's sight, or nothing was done."
    )


def _draft(input: AgreementDraftInput) -> dict[str, Any]:
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.draft(
            by=viewer.user, **given(input, {"department": Department, "parties": Organisation})
        )
    return {"key": row.key}


def _said(verb: Verb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    keep_null = verb is Verb.CORRECT
    return says(verb, act, Row, AgreementPayload, input_type, description, keep_null=keep_null, **edges)


V, a = Verb, actions


@strawberry.type
class AgreementMutations:
    @strawberry.mutation(description="Begin an agreement. For the office.")
    def agreement_draft(self, input: AgreementDraftInput) -> AgreementPayload:
        return answered(AgreementPayload, lambda: _draft(input))

    agreement_correct = _said(
        V.CORRECT, a.correct, AgreementCorrectInput, "Set facts right.", department=Department
    )
    agreement_add_party = _said(
        V.ADD_PARTY, a.add_party, AgreementPartyInput, "One more party.", organisation=Organisation
    )
    agreement_remove_party = _said(
        V.REMOVE_PARTY, a.remove_party, AgreementPartyInput, "Not a party.", organisation=Organisation
    )
    agreement_oblige = _said(
        V.OBLIGE, a.oblige, AgreementObligeInput, "What one side has to do.", department=Department
    )
    agreement_fulfil = _said(V.FULFIL, a.fulfil, AgreementFulfilInput, "It was done.", obligation=Obligation)
    agreement_drop = _said(V.DROP, a.drop, AgreementDropInput, "It is no obligation.", obligation=Obligation)
    agreement_sign = _said(V.SIGN, a.sign, AgreementSignInput, "It was signed, and is in force.")
    agreement_renew = _said(V.RENEW, a.renew, AgreementRenewInput, "It holds until a later day.")
    agreement_end = _said(V.END, a.end, AgreementEndInput, "It ends.")
