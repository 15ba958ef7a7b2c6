"""The one schema. Permissions decide what it shows to whom; there is no second one for anybody."""

from __future__ import annotations

import logging
from typing import Any

import strawberry
from django.db import DatabaseError
from graphql import GraphQLError, get_named_type
from strawberry.schema.config import StrawberryConfig

from backend.core.errors import DomainError
from schema.agreements.mutations import AgreementMutations
from schema.agreements.queries import AgreementQueries
from schema.appointments.mutations import AppointmentMutations
from schema.appointments.portal import PortalAppointmentMutations, PortalAppointmentQueries
from schema.appointments.promises import PromiseMutations, PromiseQueries
from schema.appointments.queries import AppointmentQueries
from schema.briefing.mutations import BriefingMutations
from schema.briefing.queries import BriefingQueries
from schema.calendars.mutations import CalendarMutations
from schema.calendars.queries import CalendarQueries
from schema.complaints.bulk import BulkMutations, BulkQueries
from schema.complaints.imports import ImportMutations, ImportQueries
from schema.complaints.mutations import ComplaintActions, ComplaintMutations
from schema.complaints.portal import PortalCaseMutations, PortalCaseQueries
from schema.complaints.previews import PreviewQueries
from schema.complaints.public_lists import PublicListQueries
from schema.complaints.queries import ComplaintQueries
from schema.complaints.reports import ReportQueries
from schema.complaints.tracking import TrackingQueries
from schema.contacts.mutations import ContactsMutations
from schema.contacts.queries import ContactsQueries
from schema.core.nodes import NodeQueries
from schema.engagements.mutations import EngagementMutations
from schema.engagements.queries import EngagementQueries
from schema.events.elections import ElectionMutations, ElectionQueries
from schema.events.guests import GuestMutations
from schema.events.mutations import EventMutations
from schema.events.portal import PortalEventMutations, PortalEventQueries
from schema.events.queries import EventQueries
from schema.exports.mutations import ExportMutations
from schema.exports.queries import ExportQueries
from schema.greetings.mutations import GreetingMutations
from schema.greetings.queries import GreetingQueries
from schema.http.documents import Gate
from schema.instructions.mutations import InstructionActions, InstructionMutations
from schema.instructions.queries import InstructionQueries
from schema.invitations.mutations import InvitationMutations
from schema.invitations.queries import InvitationQueries
from schema.journal.queries import JournalQueries
from schema.letters.mutations import LetterMutations
from schema.letters.phrases import LetterWordingMutations, LetterWordingQueries
from schema.letters.queries import LetterQueries
from schema.letters.templates import LetterStandingMutations, LetterStandingQueries
from schema.notifications.mutations import NotificationMutations
from schema.notifications.queries import NotificationQueries
from schema.organization.departments import DepartmentMutations, DepartmentQueries
from schema.organization.grants import GrantMutations, GrantQueries
from schema.organization.me import MeQueries
from schema.organization.mutations import OrganizationMutations
from schema.organization.queries import OrganizationQueries
from schema.partners.lists import PartnerListMutations, PartnerListQueries
from schema.partners.mutations import PartnerMutations
from schema.partners.queries import PartnerQueries
from schema.portals.clients import ClientMutations, ClientQueries
from schema.portals.tokens import PortalMutations, PortalQueries
from schema.portals.webhooks import WebhookMutations, WebhookQueries
from schema.programme.grants import ProgrammeGrantMutations, ProgrammeGrantQueries
from schema.programme.mutations import ProgrammeMutations
from schema.programme.queries import ProgrammeQueries
from schema.protocol.mutations import ProtocolMutations
from schema.protocol.queries import ProtocolQueries
from schema.retention.mutations import RetentionMutations
from schema.retention.privacy_notices import PrivacyMutations, PrivacyQueries
from schema.retention.queries import RetentionQueries
from schema.retention.subject_requests import SubjectRequestMutations, SubjectRequestQueries
from schema.search.queries import SearchQueries
from schema.seating.mutations import SeatingMutations
from schema.seating.queries import SeatingQueries
from schema.stream.subscriptions import Subscription
from schema.timeline.queries import TimelineQueries

log = logging.getLogger("schema")


@strawberry.type(description="What can be asked.")
class Query(
    MeQueries,
    NodeQueries,
    ComplaintQueries,
    ReportQueries,
    PreviewQueries,
    ProgrammeQueries,
    ProgrammeGrantQueries,
    AppointmentQueries,
    PromiseQueries,
    BriefingQueries,
    InvitationQueries,
    LetterQueries,
    LetterStandingQueries,
    ElectionQueries,
    LetterWordingQueries,
    InstructionQueries,
    ProtocolQueries,
    GreetingQueries,
    EventQueries,
    PartnerQueries,
    PartnerListQueries,
    TimelineQueries,
    SearchQueries,
    EngagementQueries,
    AgreementQueries,
    SeatingQueries,
    TrackingQueries,
    PublicListQueries,
    PortalCaseQueries,
    PortalAppointmentQueries,
    PortalEventQueries,
    BulkQueries,
    ContactsQueries,
    PrivacyQueries,
    RetentionQueries,
    SubjectRequestQueries,
    OrganizationQueries,
    DepartmentQueries,
    GrantQueries,
    PortalQueries,
    WebhookQueries,
    ClientQueries,
    ImportQueries,
    ExportQueries,
    CalendarQueries,
    NotificationQueries,
    JournalQueries,
):
    pass


@strawberry.type(description="What can be done. Every refusal is told in `errors` of the payload.")
class Mutation(
    ComplaintMutations,
    ComplaintActions,
    ProgrammeMutations,
    ProgrammeGrantMutations,
    AppointmentMutations,
    PromiseMutations,
    BriefingMutations,
    InvitationMutations,
    LetterMutations,
    LetterStandingMutations,
    ElectionMutations,
    LetterWordingMutations,
    InstructionMutations,
    InstructionActions,
    ProtocolMutations,
    GreetingMutations,
    EventMutations,
    GuestMutations,
    PartnerMutations,
    PartnerListMutations,
    EngagementMutations,
    AgreementMutations,
    SeatingMutations,
    BulkMutations,
    ContactsMutations,
    PrivacyMutations,
    RetentionMutations,
    SubjectRequestMutations,
    OrganizationMutations,
    DepartmentMutations,
    GrantMutations,
    PortalMutations,
    PortalCaseMutations,
    WebhookMutations,
    PortalAppointmentMutations,
    PortalEventMutations,
    ClientMutations,
    ImportMutations,
    ExportMutations,
    CalendarMutations,
    NotificationMutations,
):
    pass


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Log what nobody foresaw: the kind of fault and where, never a message, which may name persons."""
        for error in errors:
            fault = error.original_error
            if fault is None or isinstance(fault, GraphQLError | DomainError | DatabaseError):
                continue  # the view ends the request on a fault of the database, and says so once
            log.error("graphql_internal", exc_info=(type(fault), fault, fault.__traceback__))


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[Gate],
    config=StrawberryConfig(disable_field_suggestions=True, relay_max_results=100),
)

for _field in schema._schema.mutation_type.fields.values():  # type: ignore[union-attr]
    _input = _field.args["input"]
    _input.description = get_named_type(_input.type).description
