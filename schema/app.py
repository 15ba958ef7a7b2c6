"""The one schema. Permissions decide what it shows to whom; there is no second one for anybody."""

from __future__ import annotations

import logging
from typing import Any

import strawberry
from django.db import DatabaseError
from graphql import GraphQLError, get_named_type
from strawberry.schema.config import StrawberryConfig

from backend.core.errors import DomainError
from schema.agreements import AgreementMutations, AgreementQueries
from schema.appointments import AppointmentMutations, AppointmentQueries
from schema.briefing import BriefingMutations, BriefingQueries
from schema.calendars import CalendarMutations, CalendarQueries
from schema.clients import ClientMutations, ClientQueries
from schema.complaint_bulk import BulkMutations, BulkQueries
from schema.complaint_mutations import ComplaintMutations
from schema.complaint_previews import PreviewQueries
from schema.complaint_queries import ComplaintQueries
from schema.contacts import ContactsMutations, ContactsQueries
from schema.departments import DepartmentMutations, DepartmentQueries
from schema.documents import Gate
from schema.elections import ElectionMutations, ElectionQueries
from schema.engagements import EngagementMutations, EngagementQueries
from schema.events import EventMutations, EventQueries
from schema.exports import ExportMutations, ExportQueries
from schema.grants import GrantMutations, GrantQueries
from schema.greetings import GreetingMutations, GreetingQueries
from schema.guests import GuestMutations
from schema.imports import ImportMutations, ImportQueries
from schema.instructions import InstructionMutations, InstructionQueries
from schema.invitations import InvitationMutations, InvitationQueries
from schema.journal import JournalQueries
from schema.letter_standing import LetterStandingMutations, LetterStandingQueries
from schema.letter_wording import LetterWordingMutations, LetterWordingQueries
from schema.letters import LetterMutations, LetterQueries
from schema.me import MeQueries
from schema.nodes import NodeQueries
from schema.notifications import NotificationMutations, NotificationQueries
from schema.organization import OrganizationMutations, OrganizationQueries
from schema.partner_lists import PartnerListMutations, PartnerListQueries
from schema.partners import PartnerMutations, PartnerQueries
from schema.portal_appointments import PortalAppointmentMutations, PortalAppointmentQueries
from schema.portal_cases import PortalCaseMutations, PortalCaseQueries
from schema.portal_events import PortalEventMutations, PortalEventQueries
from schema.portals import PortalMutations, PortalQueries
from schema.privacy import PrivacyMutations, PrivacyQueries
from schema.programme import ProgrammeMutations, ProgrammeQueries
from schema.programme_grants import ProgrammeGrantMutations, ProgrammeGrantQueries
from schema.promises import PromiseMutations, PromiseQueries
from schema.protocol import ProtocolMutations, ProtocolQueries
from schema.public_lists import PublicListQueries
from schema.reports import ReportQueries
from schema.retention import RetentionMutations, RetentionQueries
from schema.search import SearchQueries
from schema.seating import SeatingMutations, SeatingQueries
from schema.subject_requests import SubjectRequestMutations, SubjectRequestQueries
from schema.subscriptions import Subscription
from schema.timeline import TimelineQueries
from schema.tracking import TrackingQueries
from schema.webhooks import WebhookMutations, WebhookQueries

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
