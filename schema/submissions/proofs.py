"""Proof of a contact for portals: a code to a telephone or an e-mail address, and the short session that it opens."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import strawberry

from backend.core.errors import DomainError
from backend.portals.models import Scope
from permissions.portals import access as portals
from permissions.submissions import proofs
from schema.core.results import Payload, run_mutation, to_user_errors
from schema.core.scalars import described_enum, values
from schema.core.verbs import optional, required

SESSION = "The session of `portalContactProve`."


class Way(enum.StrEnum):
    """How a code is sent."""

    EMAIL = "EMAIL"
    SMS = "SMS"


PortalContactWay = described_enum(
    Way,
    "PortalContactWay",
    "How a code is sent.",
    {"EMAIL": "By e-mail (tr: E-posta)", "SMS": "By text message (tr: SMS)"},
)


@strawberry.input(description="A citizen wishes to show that a telephone or an e-mail address is theirs.")
class PortalContactCodeInput:
    first_name: str = required("Given name. The session speaks for this name alone.")
    last_name: str | None = optional("Surname.")
    phone: str | None = optional("Telephone number, in any spelling; this or an e-mail address is needed.")
    email: str | None = optional("E-mail address: the code is sent there, if there is one.")
    address: str | None = optional(
        "The IP address from which the citizen asks, if it is not the one of this request: codes are limited by it."
    )


@strawberry.type(
    description="That a code is on its way; the same whether the office knows the contact or not."
)
class PortalContactCodePayload(Payload):
    proof: str | None = strawberry.field(
        description="To be sent along with the code; it is encrypted and says nothing.", default=None
    )
    way: PortalContactWay | None = strawberry.field(description="How the code was sent.", default=None)
    ends_at: dt.datetime | None = strawberry.field(description="Until when the code works.", default=None)


@strawberry.input(description="The code that the citizen was sent.")
class PortalContactProveInput:
    proof: str = required("The `proof` of `portalContactCode`.")
    code: str = required("The six digits, however they are spaced.")


@strawberry.type(description="A session for the proved contact. It works for this portal alone.")
class PortalContactProvePayload(Payload):
    session: str | None = strawberry.field(
        description="The session: keep it on your server, in no address and no log.", default=None
    )
    ends_at: dt.datetime | None = strawberry.field(description="Until when it works.", default=None)


@strawberry.input(description="The citizen is done.")
class PortalContactEndInput:
    session: str = required(SESSION)


@strawberry.type(description="That the session has ended.")
class PortalContactEndPayload(Payload):
    pass


def _ask(input: PortalContactCodeInput) -> dict[str, Any]:
    account = portals.account(Scope.FOLLOW)
    asked = proofs.ask(by=account, **{name: value or "" for name, value in _all(input).items()})
    return {"proof": asked.proof, "way": Way(asked.channel), "ends_at": asked.ends_at}


def _all(input: PortalContactCodeInput) -> dict[str, Any]:
    return {"last_name": "", "phone": "", "email": ""} | values(input)


def _prove(input: PortalContactProveInput) -> dict[str, Any]:
    outcome = proofs.prove(input.proof, input.code, by=portals.account(Scope.FOLLOW))
    if isinstance(outcome, DomainError):  # not raised: the attempt stays counted
        return {"errors": to_user_errors(outcome)}
    return {"session": outcome.text, "ends_at": outcome.ends_at}


def _end(input: PortalContactEndInput) -> dict[str, Any]:
    proofs.end(input.session, by=portals.account(Scope.FOLLOW))
    return {}


@strawberry.type
class PortalContactMutations:
    @strawberry.mutation(
        description="For a portal (FOLLOW): send a code to the citizen's telephone or e-mail address."
    )
    def portal_contact_code(self, input: PortalContactCodeInput) -> PortalContactCodePayload:
        return run_mutation(PortalContactCodePayload, lambda: _ask(input))

    @strawberry.mutation(
        description="For a portal (FOLLOW): open a session of one hour with the code. After five wrong attempts"
        " another code is needed."
    )
    def portal_contact_prove(self, input: PortalContactProveInput) -> PortalContactProvePayload:
        return run_mutation(PortalContactProvePayload, lambda: _prove(input))

    @strawberry.mutation(description="For a portal (FOLLOW): end the session at once.")
    def portal_contact_end(self, input: PortalContactEndInput) -> PortalContactEndPayload:
        return run_mutation(PortalContactEndPayload, lambda: _end(input))
