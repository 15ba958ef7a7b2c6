"""What a client says of partners."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.contacts.types import Language
from schema.core.verbs import optional, required
from schema.partners.types import OrganisationKind


@strawberry.input(description="An organisation to record.")
class OrganisationRecordInput:
    kind: OrganisationKind = required("What it is.")
    name: str = required("Its full name, as letters name it.")
    short_name: str | None = optional("Its short name.")
    body: strawberry.ID | None = optional("The outside body that it is.")
    phone: str | None = optional("Telephone in any spelling.")
    email: str | None = optional("E-mail address.")
    website: str | None = optional("Web site.")
    address: str | None = optional("Address.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    city: str | None = optional("City.")
    country: str | None = optional("Country, where it is not Türkiye.")
    language: Language | None = optional("The language of letters to it; Turkish by default.")
    tags: list[str] | None = optional("Tags.")
    note: str | None = optional("What the office should know.")
    sister_since: dt.date | None = optional("Since when it is a sister municipality.")
    sister_decision: str | None = optional("The decision of the council on that.")
    liaisons: list[strawberry.ID] | None = optional("The departments that work with it, and see it.")
    accept_alike: bool | None = optional(
        "It is another organisation than those under such a name; without, they are named and nothing is recorded."
    )
