"""Query and mutation fields of partner lists and their members."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from backend.organization.models import Department
from backend.partners import lists as actions
from backend.partners.models import ContactList as Row
from backend.partners.moves import contact_list_action
from permissions.core import scope
from permissions.core.scope import Action
from permissions.partners import access as partners
from schema.core.action_mutations import action_mutations
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import encode, key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.verbs import action_kwargs, optional, required
from schema.partners.types import ContactList, OrganisationKind, OrganisationRoleKind

BY_TITLE = Keyset("contact-list", "title_sort", str)
MOST = 100


@strawberry.type(description="A member of a list today, with what letters and invitations need.")
class ContactListRecipient:
    name: str = strawberry.field(description="The person with academic title, or the organisation.")
    title: str = strawberry.field(description="What they are at the organisation, or empty.")
    salutation: str = strawberry.field(description="How they are addressed, or empty.")
    email: str = strawberry.field(description="Where they are written to, or empty.")
    organisation_name: str = strawberry.field(description="The organisation, or empty.")
    person_id: strawberry.ID | None = strawberry.field(description="The id of the person, if it is one.")
    organisation_id: strawberry.ID | None = strawberry.field(description="The id of the organisation.")


def _recipient(one: actions.Recipient) -> ContactListRecipient:
    where = one.organisation
    return ContactListRecipient(
        name=one.name,
        title=one.role.title if one.role else "",
        salutation=one.role.salutation if one.role else "",
        email=one.email,
        organisation_name=where.name if where else "",
        person_id=encode("Citizen", one.person.key) if one.person else None,
        organisation_id=encode("Organisation", where.key) if where else None,
    )


@strawberry.type
class PartnerListQueries:
    @connection_field(description="The lists of partners that the viewer sees, by title.")
    def contact_lists(self, info: strawberry.Info, page: Page) -> Connection[ContactList]:
        return listed(Row.objects.all(), BY_TITLE, page, info)

    @strawberry.field(
        description="Who is on a list today, members and whom the rule finds, as far as the viewer sees them. Null if"
        " the list is hidden or missing."
    )
    def contact_list_recipients(
        self,
        id: Annotated[strawberry.ID, strawberry.argument(description="The list.")],
        first: Annotated[int, strawberry.argument(description="How many at most (up to 100).")] = MOST,
    ) -> list[ContactListRecipient] | None:
        scope.require_viewer()
        row = scope.visible(Row).filter(key=key_of(Row, id)).first()
        if row is None:
            return None
        return [_recipient(one) for one in partners.on_list(row, min(max(first, 0), MOST))]


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.input(description="A list to make.")
class ContactListMakeInput:
    title: str = required("Its title.")
    note: str | None = optional("What it is for.")
    department: strawberry.ID | None = optional("The department that uses it; the office's without one.")
    kinds: list[OrganisationKind] | None = optional("By rule: organisations of these kinds.")
    tags: list[str] | None = optional("By rule: with one of these tags.")
    role_kinds: list[OrganisationRoleKind] | None = optional("By rule: the people who are that there.")


@strawberry.type(description="The list, as the viewer sees it afterwards.")
class ContactListPayload(Payload):
    contact_list: ContactList | None = refetched_row(
        Row, "The list; null if it left the viewer's sight, or nothing was done."
    )


def _make(input: ContactListMakeInput) -> dict[str, Any]:
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.make(by=viewer.user, **action_kwargs(input, {"department": Department}))
    return {"key": row.key}


@strawberry.type
class PartnerListMutations:
    @strawberry.mutation(description="Make a list of partners. For the office.")
    def contact_list_make(self, input: ContactListMakeInput) -> ContactListPayload:
        return run_mutation(ContactListPayload, lambda: _make(input))


PartnerListActions = action_mutations(
    "ContactList", contact_list_action, Row, ContactListPayload, row="The list."
)
