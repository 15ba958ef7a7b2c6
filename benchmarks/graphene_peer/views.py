"""GraphQLView behind the product's bearer tokens."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from graphene_django.settings import graphene_settings
from graphene_django.views import GraphQLView
from graphql import DocumentNode, execute, parse, validate

from backend.portals.models import ApiToken
from permissions.core.viewer import CONTACTS
from permissions.models import DepartmentGrant


class TokenView(GraphQLView):
    """As one writes it: the token's account becomes `request.user`."""

    @classmethod
    def as_view(cls, **kwargs: Any) -> Any:
        view = super().as_view(**kwargs)
        view.csrf_exempt = True
        return view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        secret = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = ApiToken.objects.live().bearing(secret).select_related("user").first()
        if token is None:
            return JsonResponse({"errors": [{"message": "no such token"}]}, status=401)
        request.user = token.user
        held = DepartmentGrant.dated.live().filter(user=token.user, user__is_superuser=False)
        grants = list(
            held.values_list("permission__codename", "content_object_id", "content_object__is_private_office")
        )
        request.is_office = any(office and name != CONTACTS for name, _pk, office in grants)  # type: ignore[attr-defined]
        request.contacts = {pk for name, pk, _office in grants if name == CONTACTS}  # type: ignore[attr-defined]
        request.knows_everybody = request.is_office and any(  # type: ignore[attr-defined]
            office and name == CONTACTS for name, _pk, office in grants
        )
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


@lru_cache(maxsize=500)
def _document(text: str) -> tuple[DocumentNode, list[Any]]:
    document = parse(text)
    return document, validate(graphene_settings.SCHEMA.graphql_schema, document)


class TunedView(TokenView):
    """Documents are parsed and validated once, and JSON is written by orjson."""

    def execute_graphql_request(
        self,
        request: HttpRequest,
        data: Any,
        query: str,
        variables: Any,
        operation_name: str | None,
        show_graphiql: bool = False,
    ) -> Any:
        document, errors = _document(query)
        if errors:
            return super().execute_graphql_request(request, data, query, variables, operation_name)
        return execute(
            graphene_settings.SCHEMA.graphql_schema,
            document,
            context_value=request,
            variable_values=variables,
            operation_name=operation_name,
        )

    def json_encode(self, request: HttpRequest, d: Any, pretty: bool = False) -> str:
        return orjson.dumps(d).decode()
