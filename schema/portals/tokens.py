"""The tokens of programs: issue, list, revoke. The secret is shown once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.organization.models import User
from backend.portals import models
from backend.portals.actions import issue_token, revoke_token
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, key_of, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum, values
from schema.organization.types import StaffMember

ApiScope = described_enum(models.Scope, "ApiScope", "What a token may do at most.")
NEWEST = Keyset("token", "created_at", dt.datetime, descending=True)


@node_type(models.ApiToken, "ApiToken")
class ApiToken(Node, Scoped):
    """A bearer token of a program. Only a digest of its secret is kept."""

    name: str = column("What it is for.")
    prefix: str = column("How its secret begins.")
    user: StaffMember = column("The account it acts as.")
    scopes: list[ApiScope] = column("What it may do at most.")
    created_at: dt.datetime = column("When it was issued.")
    expires_at: dt.datetime = column("Until when it is valid.")
    revoked_at: dt.datetime | None = column("When it was revoked.")
    last_used_at: dt.datetime | None = column("When it was last used, to the minute.")


@strawberry.input(description="A token to issue.")
class ApiTokenIssueInput:
    name: str = strawberry.field(description="What it is for.")
    scopes: list[ApiScope] = strawberry.field(description="What it may do at most.")
    expires_at: dt.datetime = strawberry.field(description="Until when it is valid.")
    user: strawberry.ID = strawberry.field(description="The account it acts as.")


@strawberry.input(description="A token to revoke.")
class ApiTokenRevokeInput:
    id: strawberry.ID = strawberry.field(description="The token.")


@strawberry.type(description="The token.")
class ApiTokenPayload(Payload):
    api_token: ApiToken | None = refetched_row(models.ApiToken, "The token as it stands.")


@strawberry.type(description="The new token with its secret, which is never shown again.")
class ApiTokenIssuePayload(ApiTokenPayload):
    secret: str | None = strawberry.field(
        description="The secret, for `Authorization: Bearer …`.", default=None
    )


@strawberry.type
class PortalQueries:
    @connection_field(description="One's own tokens; all of them for users who manage them.")
    def api_tokens(self, info: strawberry.Info, page: Page) -> Connection[ApiToken]:
        rows = scope.visible(models.ApiToken)
        return paged(rows, NEWEST, page, info)


def _issue(input: ApiTokenIssueInput) -> dict[str, Any]:
    """For managers of all tokens only, and never by token."""
    user = must_load(User, input.user, "user")
    with scope.elevated_for(models.ApiToken, Action.REVOKE) as viewer:
        token, secret = issue_token(user=user, by=viewer.user, **values(input, "user"))
    return {"key": token.key, "secret": secret}


@strawberry.type
class PortalMutations:
    @strawberry.mutation(description="Issue a bearer token for a program.")
    def api_token_issue(self, input: ApiTokenIssueInput) -> ApiTokenIssuePayload:
        return run_mutation(ApiTokenIssuePayload, lambda: _issue(input))

    @strawberry.mutation(description="Revoke a token: it stops working at once.")
    def api_token_revoke(self, input: ApiTokenRevokeInput) -> ApiTokenPayload:
        def act() -> dict[str, Any]:
            key = key_of(models.ApiToken, input.id)
            with scope.authorized(Action.REVOKE, models.ApiToken, key) as token:
                revoke_token(token, by=scope.require_user())
            return {"key": key}

        return run_mutation(ApiTokenPayload, act)
