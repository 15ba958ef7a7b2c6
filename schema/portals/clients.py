"""Clients of third parties: registration, changes, secrets (shown once), documents and usage."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
import strawberry_django

from backend.organization.models import User
from backend.portals import clients, models, trusted
from permissions.core import scope
from permissions.core.filters import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import column, owned
from schema.core.nodes import Node, Scoped, key_of, must_load, node_type, refetched_row, rows_of, single_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.organization.types import StaffMember
from schema.portals.tokens import ApiScope

NEWEST = Keyset("client", "created_at", dt.datetime, descending=True)
UNSET: Any = strawberry.UNSET
Id = Annotated[strawberry.ID, strawberry.argument(description="Which one.")]


@node_type(models.ClientSecret, "ClientSecret")
class ClientSecret(Node, Scoped):
    """What a client proves itself with. Only a digest of it is kept (gizli anahtar)."""

    prefix: str = column("How it begins.")
    created_at: dt.datetime = column("When it was made.")
    expires_at: dt.datetime | None = column("Until when it is taken, if a newer one was made.")
    revoked_at: dt.datetime | None = column("When it was revoked.")
    last_used_at: dt.datetime | None = column("When a token was last issued for it.")


@node_type(models.TrustedDocument, "TrustedDocument")
class TrustedDocument(Node, Scoped):
    """A document that a client may ask for by its SHA-256 (güvenilen belge)."""

    sha256: str = column("Its name: the SHA-256 of its text, in hexadecimal.", name="sha256")
    name: str = column("The name of its operation.")
    text: str = column("Its text.")
    registered_at: dt.datetime = column("When it was registered.")
    retired_at: dt.datetime | None = column("When it was retired.")


@strawberry_django.type(
    models.ClientHour, name="ClientHour", description="What a client used in an hour (saatlik kullanım)."
)
class ClientHour(Scoped):
    at: dt.datetime = column("When the hour began.", "hour")
    requests: int = column("Requests that were taken.")
    cost: int = column("What they cost together.")
    errors: int = column("How many of them ended with an error.")
    refused: int = column("Requests that were refused because of a limit.")


@node_type(models.Client, "Client")
class Client(Node, Scoped):
    """A program of a third party (istemci)."""

    name: str = column("Its name.")
    account: StaffMember = column("The account that it asks as.")
    contact_name: str = column("Whom to call about it.")
    contact_email: str = column("Their e-mail.")
    contact_phone: str = column("Their telephone.")
    scopes: list[ApiScope] = column("What it may ask for at most.")
    requests_per_minute: int = column("Requests that it may send in a minute.")
    cost_per_minute: int = column("What these may cost together.")
    cost_per_document: int = column("What one document may cost.")
    documents_only: bool = column("Whether it may ask trusted documents only.")
    open311: bool = column("Whether it may use Open311 as well, where it may ask trusted documents only.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    created_at: dt.datetime = column("When it was registered.")
    closed_at: dt.datetime | None = column("When it was closed.")
    secrets: list[ClientSecret] = owned("Its secrets, the newest first.", ["-created_at", "-id"])
    documents: list[TrustedDocument] = owned("Its documents, the newest first.", ["-registered_at", "-id"])
    hours: list[ClientHour] = owned("What it used, hour by hour, the newest first.", ["-hour"])


@strawberry.input(description="A client to register.")
class ClientCreateInput:
    account: strawberry.ID = strawberry.field(description="The account of the program.")
    name: str = strawberry.field(description="Its name.")
    contact_name: str = strawberry.field(description="Whom to call about it.")
    contact_email: str = strawberry.field(description="Their e-mail.")
    contact_phone: str | None = strawberry.field(description="Their telephone.", default=UNSET)
    scopes: list[ApiScope] = strawberry.field(description="What it may ask for at most.")
    requests_per_minute: int | None = strawberry.field(description="By default 120.", default=UNSET)
    cost_per_minute: int | None = strawberry.field(description="By default 100,000.", default=UNSET)
    cost_per_document: int | None = strawberry.field(description="By default 10,000.", default=UNSET)
    documents_only: bool | None = strawberry.field(description="Trusted documents only.", default=UNSET)
    open311: bool | None = strawberry.field(
        description="Open311 as well, where it may ask trusted documents only.", default=UNSET
    )


@strawberry.input(description="What changes of a client; what is left out stays.")
class ClientChangeInput:
    id: strawberry.ID = strawberry.field(description="The client.")
    version: int | None = strawberry.field(description="The version one looked at.", default=None)
    name: str | None = strawberry.field(description="Its name.", default=UNSET)
    contact_name: str | None = strawberry.field(description="Whom to call about it.", default=UNSET)
    contact_email: str | None = strawberry.field(description="Their e-mail.", default=UNSET)
    contact_phone: str | None = strawberry.field(description="Their telephone.", default=UNSET)
    scopes: list[ApiScope] | None = strawberry.field(
        description="What it may ask for at most.", default=UNSET
    )
    requests_per_minute: int | None = strawberry.field(description="Requests a minute.", default=UNSET)
    cost_per_minute: int | None = strawberry.field(description="Cost a minute.", default=UNSET)
    cost_per_document: int | None = strawberry.field(description="Cost of one document.", default=UNSET)
    documents_only: bool | None = strawberry.field(description="Trusted documents only.", default=UNSET)
    open311: bool | None = strawberry.field(
        description="Open311 as well, where it may ask trusted documents only.", default=UNSET
    )


@strawberry.input(description="A new secret for a client.")
class ClientSecretRotateInput:
    id: strawberry.ID = strawberry.field(description="The client.")
    overlap_days: int = strawberry.field(
        description="So many days the former secret still works; 0: it ends now.", default=7
    )


@strawberry.input(description="A secret to revoke.")
class ClientSecretRevokeInput:
    id: strawberry.ID = strawberry.field(description="The secret.")
    with_tokens: bool = strawberry.field(description="Whether the client's tokens end too.", default=True)


@strawberry.input(description="A client to close, or to open again.")
class ClientCloseInput:
    id: strawberry.ID = strawberry.field(description="The client.")


@strawberry.input(description="A client to open again.")
class ClientReopenInput:
    id: strawberry.ID = strawberry.field(description="The client.")


@strawberry.input(description="Documents to register.")
class ClientDocumentsRegisterInput:
    id: strawberry.ID = strawberry.field(description="The client.")
    file: str = strawberry.field(
        description="The text of `persisted-documents.json` of graphql-codegen: {SHA-256: document}."
    )


@strawberry.input(description="A document to retire.")
class ClientDocumentRetireInput:
    id: strawberry.ID = strawberry.field(description="The document.")


@strawberry.type(description="The client.")
class ClientPayload(Payload):
    client: Client | None = refetched_row(models.Client, "The client as it stands.")


@strawberry.type(description="The client, with a secret that is never shown again.")
class ClientSecretPayload(ClientPayload):
    secret: str | None = strawberry.field(
        description="The secret, with which it asks `/oauth/token`.", default=None
    )


@strawberry.type(description="The client, and what became of the file.")
class ClientDocumentsPayload(ClientPayload):
    registered: int | None = strawberry.field(description="Documents that are new.", default=None)
    known: int | None = strawberry.field(description="Documents that were registered before.", default=None)


@strawberry.type
class ClientQueries:
    @connection_field(description="The clients: all for users who manage them, its own for a program.")
    def clients(self, info: strawberry.Info, page: Page) -> Connection[Client]:
        rows = scope.visible(models.Client)
        return paged(rows, NEWEST, page, info)

    @strawberry.field(description="One client by its id.")
    def client(self, info: strawberry.Info, id: Id) -> Client | None:
        scope.require_viewer()
        key = key_of(models.Client, id)
        return single_row(rows_of(models.Client).filter(key=key), info)


def _given(input: Any, *without: str) -> dict[str, Any]:
    """What is left out and what is null stays as it is, or as usual."""
    return {name: value for name, value in values(input, *without).items() if value is not None}


def _create(input: ClientCreateInput) -> dict[str, Any]:
    account = must_load(User, input.account, "account")
    with scope.elevated_for(models.Client, Action.REGISTER) as viewer:
        fields = _given(input, "account")
        client, secret = clients.register_client(account=account, by=viewer.user, **fields)
    return {"key": client.key, "secret": secret}


def _change(input: ClientChangeInput) -> dict[str, Any]:
    key = key_of(models.Client, input.id)
    with scope.authorized(Action.CHANGE, models.Client, key, version=input.version) as client:
        clients.change_client(client, by=scope.require_viewer().user, **_given(input, "id", "version"))
    return {"key": key}


def _rotate(input: ClientSecretRotateInput) -> dict[str, Any]:
    key = key_of(models.Client, input.id)
    with scope.authorized(Action.CHANGE, models.Client, key) as client:
        by = scope.require_viewer().user
        _made, secret = clients.rotate_secret(client, by=by, overlap_days=input.overlap_days)
    return {"key": key, "secret": secret}


def _revoke(input: ClientSecretRevokeInput) -> dict[str, Any]:
    key = key_of(models.ClientSecret, input.id)
    with scope.authorized(Action.CHANGE, models.ClientSecret, key) as secret:
        clients.revoke_secret(secret, by=scope.require_viewer().user, with_tokens=input.with_tokens)
        return {"key": secret.client.key}


def _close(input: ClientCloseInput) -> dict[str, Any]:
    key = key_of(models.Client, input.id)
    with scope.authorized(Action.CHANGE, models.Client, key) as client:
        clients.close_client(client, by=scope.require_viewer().user)
    return {"key": key}


def _reopen(input: ClientReopenInput) -> dict[str, Any]:
    key = key_of(models.Client, input.id)
    with scope.authorized(Action.CHANGE, models.Client, key) as client:
        return {"key": key, "secret": clients.reopen_client(client, by=scope.require_viewer().user)}


def _register(input: ClientDocumentsRegisterInput) -> dict[str, Any]:
    key = key_of(models.Client, input.id)
    with scope.authorized(Action.CHANGE, models.Client, key) as client:
        result = trusted.register_documents(client, input.file, by=scope.require_viewer().user)
    known = sum(document.state == trusted.State.KNOWN for document in result)
    return {"key": key, "registered": len(result) - known, "known": known}


def _retire(input: ClientDocumentRetireInput) -> dict[str, Any]:
    key = key_of(models.TrustedDocument, input.id)
    with scope.authorized(Action.CHANGE, models.TrustedDocument, key) as document:
        trusted.retire_document(document, by=scope.require_viewer().user)
        return {"key": document.client.key}


@strawberry.type
class ClientMutations:
    @strawberry.mutation(
        description="Register a client for the account of a program; its secret is shown once."
    )
    def client_create(self, input: ClientCreateInput) -> ClientSecretPayload:
        return run_mutation(ClientSecretPayload, lambda: _create(input))

    @strawberry.mutation(description="Change a client's contact, scopes or limits.")
    def client_change(self, input: ClientChangeInput) -> ClientPayload:
        return run_mutation(ClientPayload, lambda: _change(input))

    @strawberry.mutation(description="Give a client a new secret; the former one works on for some days.")
    def client_secret_rotate(self, input: ClientSecretRotateInput) -> ClientSecretPayload:
        return run_mutation(ClientSecretPayload, lambda: _rotate(input))

    @strawberry.mutation(description="Revoke a secret: it stops working at once.")
    def client_secret_revoke(self, input: ClientSecretRevokeInput) -> ClientPayload:
        return run_mutation(ClientPayload, lambda: _revoke(input))

    @strawberry.mutation(description="Close a client: none of its secrets and tokens works any more.")
    def client_close(self, input: ClientCloseInput) -> ClientPayload:
        return run_mutation(ClientPayload, lambda: _close(input))

    @strawberry.mutation(description="Open a closed client again, with a new secret.")
    def client_reopen(self, input: ClientReopenInput) -> ClientSecretPayload:
        return run_mutation(ClientSecretPayload, lambda: _reopen(input))

    @strawberry.mutation(description="Register documents: all of a file, or none if one is invalid.")
    def client_documents_register(self, input: ClientDocumentsRegisterInput) -> ClientDocumentsPayload:
        return run_mutation(ClientDocumentsPayload, lambda: _register(input))

    @strawberry.mutation(description="Retire a document: from now on the client may not ask for it.")
    def client_document_retire(self, input: ClientDocumentRetireInput) -> ClientPayload:
        return run_mutation(ClientPayload, lambda: _retire(input))
