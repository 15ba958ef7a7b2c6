"""The one schema. Permissions decide what it shows to whom; there is no second one for anybody."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import strawberry
from django.db import DatabaseError
from graphql import GraphQLError, get_named_type
from strawberry.schema.config import StrawberryConfig

from backend.core.errors import DomainError
from permissions.core.viewer import Viewer
from schema.core.documents import OperationGuard, documents, is_for_portals
from schema.core.graphql_adapter import graph, part_of
from schema.core.root_types import root_type
from schema.stream.subscriptions import Subscription

log = logging.getLogger("schema")


Query = root_type("Query", "Queries", "What can be asked.")
Mutation = root_type(
    "Mutation", "Mutations", "What can be done. Every refusal is reported in `errors` of the payload."
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


@cache
def portal_schema() -> Schema:
    """The part of the schema that portals use, to be looked at; operations run against the whole."""
    part = part_of(schema, is_for_portals)
    assert isinstance(part, Schema)  # noqa: S101 - a part is of the same class
    return part


def schema_for(viewer: Viewer, query: str, operation_name: str | None) -> Schema:
    """The schema against which an operation of the viewer runs: that of portals where a token that may not read the
    office's rows asks what there is."""
    if viewer.user is None or viewer.may("READ"):
        return schema
    try:
        introspects = documents.get(query).introspects(operation_name)
    except GraphQLError:  # reported in its own words when it is run
        return schema
    return portal_schema() if introspects else schema


for _field in graph(schema).mutation_type.fields.values():  # type: ignore[union-attr]
    _input = _field.args["input"]
    _input.description = get_named_type(_input.type).description
