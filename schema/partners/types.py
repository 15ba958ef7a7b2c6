"""Partners: organisations, and what people are there. Who has a role is noted like every person that is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import strawberry_django
from django.db.models import TextField
from django.db.models.functions import Cast

from backend.agreements.models import AgreementParty
from backend.appointments.models import AppointmentRequest
from backend.engagements.models import Engagement
from backend.events.partners import EventPartner
from backend.invitations.models import Invitation
from backend.mailboxes.conversation import ConversationMessage
from backend.partners import choices, models, moves, story
from backend.timeline.models import Moment
from permissions.partners.rules import LISTS_TABLE, ORGANISATIONS_TABLE
from schema.contacts.types import Citizen, Language
from schema.core.fields import choice as optional_choice
from schema.core.fields import column, expression, owned, viewer_can
from schema.core.nodes import Edge, Node, Scoped, node_type
from schema.core.scalars import described_enum
from schema.organization.types import Department, Neighbourhood, OutsideBody, StaffMember

OrganisationKind = described_enum(choices.Kind, "OrganisationKind", "What an organisation is.")
OrganisationStatus = described_enum(choices.Status, "OrganisationStatus", "Where a record stands.")
OrganisationRoleKind = described_enum(
    choices.RoleKind, "OrganisationRoleKind", "The role of a person at an organisation."
)
OrganisationVerb = described_enum(moves.Verb, "OrganisationVerb", "What may be done to an organisation.")
ContactListStatus = described_enum(choices.ListStatus, "ContactListStatus", "Whether a list is in use.")
ContactListVerb = described_enum(moves.ListVerb, "ContactListVerb", "What may be done to a list.")
OrganisationEventType = described_enum(
    story.EventType, "OrganisationEventType", "What happened to an organisation."
)


@strawberry_django.type(
    models.OrganisationLine,
    name="OrganisationLine",
    description="One thing that happened to an organisation.",
)
class OrganisationLine(Scoped):
    verb: OrganisationEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("The remark made with it.")
    old_status: OrganisationStatus | None = optional_choice(
        "Where the record stood before.", "from_status", name="fromStatus"
    )
    new_status: OrganisationStatus | None = optional_choice(
        "Where it stood after.", "to_status", name="toStatus"
    )


@strawberry_django.type(
    models.Liaison, name="OrganisationLiaison", description="A department that works with an organisation."
)
class OrganisationLiaison(Scoped):
    department: Department = column("Which department.")
    added_at: dt.datetime = column("Since when.")


@node_type(models.Role, "OrganisationRole")
class OrganisationRole(Node, Scoped):
    """What a person is at an organisation from one day to another (görev). At an association, a foundation, a union or
    a party it is a membership, seen with a permission of its own (KVKK m.6)."""

    reading_is_noted: ClassVar[str] = "partners.role"

    organisation: Organisation | None = column("Where, if the viewer sees that.")
    person: Citizen | None = column("Who.")
    kind: OrganisationRoleKind = column("What they are there.")
    title: str = column("As a letter writes it below the name.")
    salutation: str = column("How they are addressed, or empty.")
    phone_text: str = expression(
        "Telephone there in international form (+90…), or empty.", Cast("phone", TextField()), name="phone"
    )
    email: str = column("E-mail address there, or empty.")
    valid_from: dt.date | None = column("The first day; null if it is not known.")
    valid_to: dt.date | None = column("The last day; null if it lasts.")

    @classmethod
    def is_type_of(cls, obj: Any, info: Any) -> bool:
        """Called for every role that an answer shows: the read log is filled here."""
        if not isinstance(obj, models.Role):
            return isinstance(obj, cls)
        info.context.note(cls.reading_is_noted, obj.pk)
        return True


@node_type(models.Organisation, "Organisation")
class Organisation(Node, Scoped):
    """With whom the municipality works (paydaş kurum): an association, a municipality, an institution, a school."""

    status: OrganisationStatus = column("Where the record stands.")
    kind: OrganisationKind = column("What it is.")
    name: str = column("Its full name, as letters name it.")
    short_name: str = column("Its short name, or empty.")
    body: OutsideBody | None = column("The outside body that it is, where it answers for a matter.")
    phone_text: str = expression(
        "Telephone in international form (+90…), or empty.", Cast("phone", TextField()), name="phone"
    )
    email: str = column("E-mail address, or empty.")
    website: str = column("Web site, or empty.")
    address: str = column("Address, or empty.")
    neighbourhood: Neighbourhood | None = column("The neighbourhood (mahalle).")
    city: str = column("City, or empty.")
    country: str = column("Country, where it is not Türkiye.")
    language: Language = column("In which language it is written to.")
    tags: list[str] = column("Tags (etiket).")
    note: str = column("What the office should know.")
    sister_since: dt.date | None = column("Since when it is a sister municipality (kardeş belediye).")
    sister_decision: str = column("The decision of the council on that.")
    is_membership: bool = column("Whether who has a role there is a member (KVKK m.6).")
    liaisons: list[OrganisationLiaison] = owned("The departments that work with it.", ["id"])
    roles: list[OrganisationRole] = owned(
        "The people with their roles, as far as the viewer sees them.", ["kind", "id"]
    )
    engagements: list[Edge[Engagement]] = owned(
        "The meetings and visits with it, the latest first.", ["-starts_at", "-id"]
    )
    agreements: list[Edge[AgreementParty]] = owned("The agreements that it is a party of.", ["-id"])
    appointment_requests: list[Edge[AppointmentRequest]] = owned(
        "The requests for appointments in its name, the newest first, as far as the viewer sees them. For pages of"
        " them ask `appointmentRequests(filter: {partner:})`.",
        ["-registered_at", "-id"],
    )
    invitations: list[Edge[Invitation]] = owned(
        "Its invitations, the latest first, as far as the viewer sees them. For pages of them ask"
        " `invitations(filter: {partner:})`.",
        ["-starts_at", "-id"],
    )
    events: list[Edge[EventPartner]] = owned(
        "The events that it has a part in, the last named first. For pages of them ask `events(filter: {partner:})`.",
        ["-id"],
    )
    timeline: list[Edge[Moment]] = owned(
        "Everything of all services with it, the newest first, as far as the viewer sees it. For pages of it ask"
        " `timeline(organisation:)`.",
        ["-at", "-id"],
        "moments",
    )
    merged_into: Organisation | None = column("The record that stands for this one.")
    merged: list[Organisation] = owned("The records that this one stands for.", ["id"])
    closed_on: dt.date | None = column("When it closed down.")
    recorded_at: dt.datetime = column("When it was recorded.")
    recorded_by: StaffMember | None = column("Who recorded it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    lines: list[OrganisationLine] = owned("The story, the newest first.", ["-at", "-id"])
    conversation: list[Edge[ConversationMessage]] = owned(
        "Every message in and out and the internal notes of all records that were merged, the newest first, as far as"
        " the viewer sees them. For pages of it ask `organisationConversation`.",
        ["-at", "-id"],
    )
    can = viewer_can(ORGANISATIONS_TABLE, OrganisationVerb)


@node_type(models.ListMember, "ContactListMember")
class ContactListMember(Node, Scoped):
    """A member put on a list, or left out of it; visible to viewers who see the person otherwise."""

    organisation: Organisation | None = column("The organisation, where it is one.")
    role: OrganisationRole | None = column("The person in their role, where it is one.")
    person: Citizen | None = column("The person, where it is one.")
    is_left_out: bool = column("Not on the list, whatever its rule finds.")
    added_at: dt.datetime = column("Since when.")
    added_by: StaffMember | None = column("Who added or left out the member.")


@node_type(models.ContactList, "ContactList")
class ContactList(Node, Scoped):
    """A list of partners for invitations and letters (liste): members, and whom a rule finds each time anew."""

    status: ContactListStatus = column("Whether it is in use.")
    title: str = column("Its title.")
    note: str = column("What it is for.")
    department: Department | None = column("The department that uses it; null for the office's.")
    kinds: list[OrganisationKind] = column(
        "By rule: organisations of these kinds; of any, if there are none."
    )
    tags: list[str] = column("By rule: with one of these tags.")
    role_kinds: list[OrganisationRoleKind] = column(
        "By rule: the people who are that there; the organisations themselves, if there are none."
    )
    members: list[ContactListMember] = owned("The members put on it, or left out.", ["id"])
    created_at: dt.datetime = column("When it was made.")
    created_by: StaffMember | None = column("Who made it.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    can = viewer_can(LISTS_TABLE, ContactListVerb)
