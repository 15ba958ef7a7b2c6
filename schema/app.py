"""The one schema. Permissions decide what it shows to whom; there is no second one for anybody."""

from __future__ import annotations

import logging
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from backend.core.errors import DomainError
from schema.complaint_queries import ComplaintQueries
from schema.contacts import ContactsMutations, ContactsQueries
from schema.documents import Gate
from schema.me import MeQueries
from schema.nodes import NodeQueries
from schema.organization import OrganizationMutations, OrganizationQueries

log = logging.getLogger("schema")


@strawberry.type(description="What can be asked.")
class Query(MeQueries, NodeQueries, ComplaintQueries, ContactsQueries, OrganizationQueries):
    pass


@strawberry.type(description="What can be done. Every refusal is told in `errors` of the payload.")
class Mutation(ContactsMutations, OrganizationMutations):
    pass


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Log what nobody foresaw: the kind of fault and where, never a message or value, which may name persons."""
        for error in errors:
            fault = error.original_error
            if fault is None or isinstance(fault, GraphQLError | DomainError):
                continue
            log.error("graphql_internal", exc_info=(type(fault), fault, fault.__traceback__))


schema = Schema(
    query=Query,
    mutation=Mutation,
    extensions=[Gate],
    config=StrawberryConfig(disable_field_suggestions=True, relay_max_results=100),
)
