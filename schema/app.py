"""The one schema. Permissions decide what it shows to whom; there is no second one for anybody."""

from __future__ import annotations

import logging
from typing import Any

import strawberry
from django.db import DatabaseError
from graphql import GraphQLError, get_named_type
from strawberry.schema.config import StrawberryConfig

from backend.core.errors import DomainError
from schema.core.documents import OperationGuard
from schema.core.graphql_adapter import graph
from schema.core.root_types import root_type
from schema.stream.subscriptions import Subscription

log = logging.getLogger("schema")


Query = root_type("Query", "Queries", "What can be asked.")
Mutation = root_type(
    "Mutation", "Mutations", "What can be done. Every refusal is told in `errors` of the payload."
)


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Log unexpected errors: kind and place, never a message, which may contain names."""
        for error in errors:
            fault = error.original_error
            if fault is None or isinstance(fault, GraphQLError | DomainError | DatabaseError):
                continue  # the view ends the request on a fault of the database, and says so once
            log.error("graphql_internal", exc_info=(type(fault), fault, fault.__traceback__))


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[OperationGuard],
    config=StrawberryConfig(disable_field_suggestions=True, relay_max_results=100),
)

for _field in graph(schema).mutation_type.fields.values():  # type: ignore[union-attr]
    _input = _field.args["input"]
    _input.description = get_named_type(_input.type).description
