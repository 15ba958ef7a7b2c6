"""Lists of partners: asking for them, who is on one today, and saying what may be said to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from backend.contacts.models import Citizen as CitizenRow
from backend.organization.models import Department
from backend.partners import lists as actions
from backend.partners.models import ContactList as Row
from backend.partners.models import ListMember, Role
from backend.partners.models import Organisation as OrganisationRow
from backend.partners.moves import ListVerb
from permissions.core import scope
from permissions.core.scope import Action
from permissions.partners import access as partners
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, listed
from schema.core.nodes import encode, key_of, row_again
from schema.core.results import Payload, answered
from schema.core.verbs import given, optional, says, told
from schema.partners.types import ContactList, OrganisationKind, OrganisationRoleKind

BY_TITLE = Keyset("contact-list", "title_sort", str)
MOST = 100


@strawberry.type(description="Somebody who is on a list today, as letters and invitations need it.")
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
    @strawberry.field(description="The lists of partners that the viewer sees, by title.")
    def contact_lists(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ContactList]:
        scope.require_viewer()
        return listed(Row.objects.all(), BY_TITLE, Page.of(first, after, last, before), info)

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
    title: str = told("Its title.")
    note: str | None = optional("What it is for.")
    department: strawberry.ID | None = optional("The department that uses it; the office's without one.")
    kinds: list[OrganisationKind] | None = optional("By rule: organisations of these kinds.")
    tags: list[str] | None = optional("By rule: with one of these tags.")
    role_kinds: list[OrganisationRoleKind] | None = optional("By rule: the people who are that there.")


@strawberry.input(description="A list, in the version that the client saw.")
class ContactListInput:
    id: strawberry.ID = told("The list.")
    version: int | None = optional("The version that was looked at.")


@strawberry.input(description="A list set right; what is left out stays, null empties.")
class ContactListCorrectInput(ContactListInput):
    title: str | None = optional("Its title.")
    note: str | None = optional("What it is for.")
    department: strawberry.ID | None = optional("The department that uses it.")
    kinds: list[OrganisationKind] | None = optional("By rule: organisations of these kinds.")
    tags: list[str] | None = optional("By rule: with one of these tags.")
    role_kinds: list[OrganisationRoleKind] | None = optional("By rule: the people who are that there.")


@strawberry.input(description="One organisation, one role or one person.")
class ContactListEntryInput(ContactListInput):
    organisation: strawberry.ID | None = optional("An organisation.")
    role: strawberry.ID | None = optional("A person in their role.")
    person: strawberry.ID | None = optional("A person.")


@strawberry.input(description="A member of a list.")
class ContactListRemoveInput(ContactListInput):
    member: strawberry.ID = told("Which one.")


@strawberry.type(description="The list, as the viewer sees it afterwards.")
class ContactListPayload(Payload):
    contact_list: ContactList | None = row_again(
        Row, "The list; null if it left the viewer's sight, or nothing was done."
    )


def _make(input: ContactListMakeInput) -> dict[str, Any]:
    with scope.elevated_for(Row, Action.REGISTER) as viewer:
        row = actions.make(by=viewer.user, **given(input, {"department": Department}))
    return {"key": row.key}


def _said(verb: ListVerb, act: Callable[..., Any], input_type: type, description: str, **edges: Any) -> Any:
    keep_null = verb is ListVerb.CORRECT
    return says(verb, act, Row, ContactListPayload, input_type, description, keep_null=keep_null, **edges)


V, a = ListVerb, actions
_ONE: dict[str, Any] = {"organisation": OrganisationRow, "role": Role, "person": CitizenRow}


@strawberry.type
class PartnerListMutations:
    @strawberry.mutation(description="Make a list of partners. For the office.")
    def contact_list_make(self, input: ContactListMakeInput) -> ContactListPayload:
        return answered(ContactListPayload, lambda: _make(input))

    contact_list_correct = _said(
        V.CORRECT, a.correct, ContactListCorrectInput, "Set a list right.", department=Department
    )
    contact_list_add = _said(V.ADD, a.add, ContactListEntryInput, "Put one on the list.", **_ONE)
    contact_list_leave_out = _said(
        V.LEAVE_OUT, a.leave_out, ContactListEntryInput, "Not on the list, whatever its rule finds.", **_ONE
    )
    contact_list_remove = _said(
        V.REMOVE, a.remove, ContactListRemoveInput, "Take a member off.", member=ListMember
    )
    contact_list_archive = _said(V.ARCHIVE, a.archive, ContactListInput, "It is not offered any more.")
    contact_list_restore = _said(V.RESTORE, a.restore, ContactListInput, "It is offered again.")
