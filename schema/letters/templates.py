"""Letter templates with placeholders, and substitutes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.core.localtime import today
from backend.letters import actions, models
from backend.letters.actions.templates import filled
from backend.letters.actions.writing import Recipient
from backend.letters.choices import Kind
from permissions.core import scope
from permissions.core.scope import Action
from permissions.letters import access
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, key_of, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import cleaned, values
from schema.core.verbs import optional, required
from schema.letters.mutations import LetterPayload
from schema.letters.types import LetterKind
from schema.organization.types import StaffMember

BY_NAME = Keyset("template", "name", str)
BY_DAY = Keyset("substitution", "valid_from", dt.date)


@node_type(models.LetterTemplate, "LetterTemplate")
class LetterTemplate(Node, Everybody):
    """An approved text with places to fill in (yazı şablonu): `{{ad}}`, `{{#ad}}…{{/ad}}`, `{{^ad}}…{{/ad}}`."""

    name: str = column("Its name.")
    kind: LetterKind = column("What a letter of it is.")
    subject: str = column("The subject.")
    salutation: str = column("The greeting.")
    body: str = column("The text.")
    closing: str = column("The closing.")
    is_active: bool = column("Whether it is in use.")


@node_type(models.Substitution, "LetterSubstitution")
class LetterSubstitution(Node, Everybody):
    """Who initials and signs in place of an absent person (imza vekâleti)."""

    person: StaffMember = column("Who is away.")
    substitute: StaffMember = column("Who stands in.")
    valid_from: dt.date = column("The first day.")
    valid_until: dt.date = column("The last day.")


@strawberry.type
class LetterStandingQueries:
    @connection_field(description="The approved texts that are in use, by name.")
    def letter_templates(self, info: strawberry.Info, page: Page) -> Connection[LetterTemplate]:
        rows = models.LetterTemplate.objects.filter(is_active=True)
        return listed(rows, BY_NAME, page, info)

    @connection_field(description="Who initials and signs in whose place, today and to come.")
    def letter_substitutions(self, info: strawberry.Info, page: Page) -> Connection[LetterSubstitution]:
        rows = models.Substitution.objects.filter(valid_until__gte=today())
        return listed(rows, BY_DAY, page, info)


@strawberry.type(description="The template, as it is now.")
class LetterTemplatePayload(Payload):
    template: LetterTemplate | None = refetched_row(
        models.LetterTemplate, "The template; null if nothing was done."
    )


@strawberry.input(description="An approved text, new or changed.")
class LetterTemplateSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    name: str = required("Its name.")
    kind: LetterKind = required("What a letter of it is.")
    body: str = required("The text.")
    subject: str | None = optional("The subject.")
    salutation: str | None = optional("The greeting.")
    closing: str | None = optional("The closing.")
    is_active: bool | None = optional("Whether it is in use; default yes.")


@strawberry.input(description="What stands in a place of a template.")
class LetterTemplateValueInput:
    name: str = required("The name of the place.")
    value: str = required("What stands there.")


@strawberry.input(description="A letter of a template, to a person.")
class LetterFromTemplateInput:
    template: strawberry.ID = required("Which template.")
    places: list[LetterTemplateValueInput] = required(
        "What stands in its places; what is left out stays marked."
    )
    name: str | None = optional("The first name of whom it goes to.")
    surname: str | None = optional("Their surname.")
    title: str | None = optional("The office they hold: the greeting of a template follows from it.")
    address: str | None = optional("Where it is sent.")


def _save(input: LetterTemplateSaveInput) -> dict[str, Any]:
    fields = {name: value for name, value in values(input, "id").items() if value is not None}
    with scope.elevated_for(models.LetterTemplate, Action.CHANGE) as viewer:
        template = must_load(models.LetterTemplate, input.id, "id") if input.id else None
        return {"key": actions.save_template(template, by=viewer.user, **fields).key}


def _begin(input: LetterFromTemplateInput) -> dict[str, Any]:
    key = key_of(models.LetterTemplate, input.template, "template")
    template = scope.get(models.LetterTemplate, key, field="template")
    places = {cleaned(one.name): cleaned(one.value) for one in input.places}
    person = {
        name: cleaned(getattr(input, name))
        for name in ("name", "surname", "title", "address")
        if getattr(input, name)
    }
    for place, value in (("ad", "name"), ("soyad", "surname"), ("makam", "title")):
        places.setdefault(place, person.get(value, ""))
    to = [Recipient(kind="PERSON", **person)] if "name" in person else []
    with access.drafting() as (viewer, own):
        facts: dict[str, Any] = {**filled(template, places), "addressees": to}
        if template.kind == Kind.APPROVAL:
            facts |= access.olur(own)
        return {"key": actions.draft(own, by=viewer.user, **facts).key}


@strawberry.type
class LetterStandingMutations:
    @strawberry.mutation(description="Keep an approved text: the office.")
    def letter_template_save(self, input: LetterTemplateSaveInput) -> LetterTemplatePayload:
        return run_mutation(LetterTemplatePayload, lambda: _save(input))

    @strawberry.mutation(description="Begin a letter of a template.")
    def letter_from_template(self, input: LetterFromTemplateInput) -> LetterPayload:
        return run_mutation(LetterPayload, lambda: _begin(input))
