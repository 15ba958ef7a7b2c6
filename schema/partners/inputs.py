"""What a client says of partners."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.contacts.types import Language
from schema.core.verbs import optional, told
from schema.partners.types import OrganisationKind, OrganisationRoleKind


@strawberry.input(description="An organisation to record.")
class OrganisationRecordInput:
    kind: OrganisationKind = told("What it is.")
    name: str = told("Its full name, as letters name it.")
    short_name: str | None = optional("Its short name.")
    body: strawberry.ID | None = optional("The outside body that it is.")
    phone: str | None = optional("Telephone in any spelling.")
    email: str | None = optional("E-mail address.")
    website: str | None = optional("Web site.")
    address: str | None = optional("Address.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    city: str | None = optional("City.")
    country: str | None = optional("Country, where it is not Türkiye.")
    language: Language | None = optional("In which language it is written to; Turkish unless said.")
    tags: list[str] | None = optional("Tags.")
    note: str | None = optional("What the office should know.")
    sister_since: dt.date | None = optional("Since when it is a sister municipality.")
    sister_decision: str | None = optional("The decision of the council on that.")
    liaisons: list[strawberry.ID] | None = optional("The departments that work with it, and see it.")


@strawberry.input(description="An organisation, in the version that the client saw.")
class OrganisationInput:
    id: strawberry.ID = told("The organisation.")
    version: int | None = optional("The version that was looked at.")


@strawberry.input(description="A verb with a remark.")
class OrganisationRemarkInput(OrganisationInput):
    note: str | None = optional("A remark.")


@strawberry.input(description="Facts to set right; what is left out stays, null empties.")
class OrganisationCorrectInput(OrganisationInput):
    name: str | None = optional("Its full name.")
    short_name: str | None = optional("Its short name.")
    body: strawberry.ID | None = optional("The outside body that it is.")
    phone: str | None = optional("Telephone in any spelling.")
    email: str | None = optional("E-mail address.")
    website: str | None = optional("Web site.")
    address: str | None = optional("Address.")
    neighbourhood: strawberry.ID | None = optional("The neighbourhood.")
    city: str | None = optional("City.")
    country: str | None = optional("Country, where it is not Türkiye.")
    language: Language | None = optional("In which language it is written to.")
    tags: list[str] | None = optional("Tags; all of them.")
    note: str | None = optional("What the office should know.")
    sister_since: dt.date | None = optional("Since when it is a sister municipality.")
    sister_decision: str | None = optional("The decision of the council on that.")


@strawberry.input(description="What an organisation is.")
class OrganisationReclassifyInput(OrganisationInput):
    kind: OrganisationKind = told("What it is.")


@strawberry.input(description="A department that works with an organisation, or does no longer.")
class OrganisationDepartmentInput(OrganisationInput):
    department: strawberry.ID = told("Which department.")


@strawberry.input(description="What a person is at an organisation.")
class OrganisationAddRoleInput(OrganisationInput):
    person: strawberry.ID = told("Who.")
    kind: OrganisationRoleKind = told("What they are there.")
    title: str | None = optional("As a letter writes it below the name; empty: the word for the kind.")
    salutation: str | None = optional("How they are addressed.")
    phone: str | None = optional("Telephone there.")
    email: str | None = optional("E-mail address there.")
    valid_from: dt.date | None = optional("The first day.")
    valid_to: dt.date | None = optional("The last day.")


@strawberry.input(description="What a role says, set right; what is left out stays, null empties.")
class OrganisationCorrectRoleInput(OrganisationInput):
    role: strawberry.ID = told("Which role.")
    kind: OrganisationRoleKind | None = optional("What they are there.")
    title: str | None = optional("As a letter writes it below the name.")
    salutation: str | None = optional("How they are addressed.")
    phone: str | None = optional("Telephone there.")
    email: str | None = optional("E-mail address there.")
    valid_from: dt.date | None = optional("The first day.")
    valid_to: dt.date | None = optional("The last day.")


@strawberry.input(description="A role that ends.")
class OrganisationEndRoleInput(OrganisationInput):
    role: strawberry.ID = told("Which role.")
    on: dt.date | None = optional("The last day; today unless said.")


@strawberry.input(description="An organisation that closed down.")
class OrganisationCloseInput(OrganisationRemarkInput):
    on: dt.date | None = optional("When; today unless said.")


@strawberry.input(description="Two records of one organisation.")
class OrganisationMergeInput(OrganisationInput):
    into: strawberry.ID = told("The record that stands for both.")
    reason: str | None = optional("Why they are the same.")
