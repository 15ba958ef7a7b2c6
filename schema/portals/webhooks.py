"""Webhooks of clients: endpoints, deliveries, and the attempts of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry
import strawberry_django

from backend.organization.models import User
from backend.portals.models import Client as ClientRow
from backend.portals.webhooks import actions, models
from permissions.complaints.webhooks import soon
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import choice, column, owned
from schema.core.nodes import Node, Scoped, key_of, must_load, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum
from schema.core.verbs import optional, required

WebhookEvent = described_enum(models.WebhookEvent, "WebhookEvent", "What a client may be notified of.")
WebhookOff = described_enum(models.SwitchedOff, "WebhookOff", "Why a webhook is switched off.")
WebhookDeliveryStatus = described_enum(
    models.DeliveryStatus, "WebhookDeliveryStatus", "How far a delivery is."
)
NEWEST = Keyset("webhook", "created_at", dt.datetime, descending=True)


@strawberry_django.type(models.WebhookAttempt, name="WebhookAttempt", description="How one attempt ended.")
class WebhookAttempt(Scoped):
    at: dt.datetime = column("When.")
    status: int | None = column("The status of the answer; null where nothing was answered.")
    fault: str = column("Why nothing was answered: TIMEOUT, NO_CONNECTION, TLS, FORBIDDEN_ADDRESS, or OURS.")
    milliseconds: int = column("How long it took.")
    text: str = column("The first kilobyte of the answer, as the other side wrote it.")


@node_type(models.WebhookDelivery, "WebhookDelivery")
class WebhookDelivery(Node, Scoped):
    """One message to one webhook."""

    event: WebhookEvent = column("The event it reports.")
    body: str = column("What is sent, to the letter.")
    created_at: dt.datetime = column("When it was written.")
    status: WebhookDeliveryStatus = column("How far it is.")
    attempts: int = column("How often it was tried since it was sent last.")
    next_at: dt.datetime | None = column("When it is tried next.")
    delivered_at: dt.datetime | None = column("When it was taken.")
    tries: list[WebhookAttempt] = owned("How each attempt ended, the newest first.", ["-at", "-id"])


@node_type(models.WebhookEndpoint, "WebhookEndpoint")
class WebhookEndpoint(Node, Scoped):
    """An address of a client's own server (webhook), which is notified of what happens to the client's cases."""

    url: str = column("The address.")
    events: list[WebhookEvent] = column("The events it is notified of.")
    former_ends_at: dt.datetime | None = column(
        "Until when each message bears the former secret's signature too.", "former_until"
    )
    failing_since_at: dt.datetime | None = column("Since when no attempt has succeeded.", "failing_since")
    off_at: dt.datetime | None = column("When it was switched off.")
    why_off: WebhookOff | None = choice("Why.", "off_because", name="offBecause")
    created_at: dt.datetime = column("When it was made.")
    deliveries: list[WebhookDelivery] = owned("Its messages, the newest first.", ["-created_at", "-id"])


@strawberry.input(description="A webhook to add.")
class WebhookEndpointAddInput:
    account: strawberry.ID = required("The account of the client.")
    url: str = required("The address: https, with a public name; in the demo also http at the same machine.")
    events: list[WebhookEvent] = required("The events it is to be notified of.")


@strawberry.input(description="What to change of a webhook.")
class WebhookEndpointChangeInput:
    id: strawberry.ID = required("The webhook.")
    url: str | None = optional("The address.")
    events: list[WebhookEvent] | None = optional("The events it is to be notified of.")


@strawberry.input(description="A new secret for a webhook.")
class WebhookEndpointRotateSecretInput:
    id: strawberry.ID = required("The webhook.")
    overlap_days: int = strawberry.field(
        description="So many days each message bears the former secret's signature too.", default=1
    )


@strawberry.input(description="A webhook to tell nothing any more.")
class WebhookEndpointSwitchOffInput:
    id: strawberry.ID = required("The webhook.")


@strawberry.input(description="A webhook to tell again.")
class WebhookEndpointSwitchOnInput:
    id: strawberry.ID = required("The webhook.")


@strawberry.input(description="A webhook to try out.")
class WebhookEndpointTestInput:
    id: strawberry.ID = required("The webhook.")


@strawberry.input(description="A delivery to send again.")
class WebhookDeliveryReplayInput:
    id: strawberry.ID = required("The delivery.")


@strawberry.input(description="Failed deliveries to send again.")
class WebhookEndpointReplayFailedInput:
    id: strawberry.ID = required("The webhook.")
    since: dt.datetime = required("Those that were written since then.")


@strawberry.type(description="The webhook.")
class WebhookEndpointPayload(Payload):
    webhook_endpoint: WebhookEndpoint | None = refetched_row(
        models.WebhookEndpoint, "The webhook as it stands; null if nothing was done."
    )


@strawberry.type(description="The webhook with its secret, which is never shown again.")
class WebhookSecretPayload(WebhookEndpointPayload):
    secret: str | None = strawberry.field(
        description="The secret with which signatures are verified (Standard Webhooks).", default=None
    )


@strawberry.type(description="How many deliveries are sent again.")
class WebhookReplayPayload(WebhookEndpointPayload):
    count: int | None = strawberry.field(description="How many.", default=None)


@strawberry.type(description="The delivery.")
class WebhookDeliveryPayload(Payload):
    webhook_delivery: WebhookDelivery | None = refetched_row(
        models.WebhookDelivery, "The delivery as it stands; null if nothing was done."
    )


def _mutation(payload: Any, id: str, act: Callable[..., dict[str, Any] | None]) -> Any:
    """Webhook mutation, for managers of clients."""

    def run() -> dict[str, Any]:
        key = key_of(models.WebhookEndpoint, id)
        with scope.authorized(Action.CHANGE, models.WebhookEndpoint, key) as row:
            return {"key": key} | (act(row, by=scope.current_viewer().user) or {})

    return run_mutation(payload, run)


def _values(events: list[Any]) -> list[str]:
    return [event.value for event in events]


def _add(input: WebhookEndpointAddInput) -> dict[str, Any]:
    account = must_load(User, input.account, "account")
    client = scope.visible(ClientRow).filter(account=account).first()
    if client is None:
        raise scope.not_found("account")
    with scope.authorized_to_create(Action.CHANGE, ClientRow, client.key, field="account") as row:
        events = _values(input.events)
        result, secret = actions.add_endpoint(
            row, url=input.url, events=events, by=scope.current_viewer().user
        )
        return {"key": result.key, "secret": secret}


@strawberry.type
class WebhookQueries:
    @connection_field(
        description="The webhooks of all clients, for users who manage clients; the newest first."
    )
    def webhook_endpoints(self, info: strawberry.Info, page: Page) -> Connection[WebhookEndpoint]:
        rows = scope.visible(models.WebhookEndpoint)
        return paged(rows, NEWEST, page, info)


@strawberry.type
class WebhookMutations:
    @strawberry.mutation(description="Add a webhook to a client. Its secret is shown this once.")
    def webhook_endpoint_add(self, input: WebhookEndpointAddInput) -> WebhookSecretPayload:
        return run_mutation(WebhookSecretPayload, lambda: _add(input))

    @strawberry.mutation(description="Change the address of a webhook, or its events.")
    def webhook_endpoint_change(self, input: WebhookEndpointChangeInput) -> WebhookEndpointPayload:
        def act(row: models.WebhookEndpoint, by: Any) -> None:
            events = _values(input.events) if input.events else None
            actions.change_endpoint(row, by=by, url=input.url or None, events=events)

        return _mutation(WebhookEndpointPayload, input.id, act)

    @strawberry.mutation(description="Give a webhook a new secret, which is shown this once.")
    def webhook_endpoint_rotate_secret(self, input: WebhookEndpointRotateSecretInput) -> WebhookSecretPayload:
        def act(row: models.WebhookEndpoint, by: Any) -> dict[str, Any]:
            return {"secret": actions.rotate_webhook_secret(row, by=by, overlap_days=input.overlap_days)}

        return _mutation(WebhookSecretPayload, input.id, act)

    @strawberry.mutation(description="Tell a webhook nothing any more; what waits stays.")
    def webhook_endpoint_switch_off(self, input: WebhookEndpointSwitchOffInput) -> WebhookEndpointPayload:
        return _mutation(WebhookEndpointPayload, input.id, actions.switch_off)

    @strawberry.mutation(description="Tell a webhook again from now on; what waited is sent.")
    def webhook_endpoint_switch_on(self, input: WebhookEndpointSwitchOnInput) -> WebhookEndpointPayload:
        return _mutation(WebhookEndpointPayload, input.id, actions.switch_on)

    @strawberry.mutation(description="Send a webhook a message that says nothing, to try it out.")
    def webhook_endpoint_test(self, input: WebhookEndpointTestInput) -> WebhookEndpointPayload:
        def act(row: models.WebhookEndpoint, by: Any) -> None:
            actions.send_test(row, by=by)
            soon()

        return _mutation(WebhookEndpointPayload, input.id, act)

    @strawberry.mutation(description="Send again all that failed since: the same texts under the same ids.")
    def webhook_endpoint_replay_failed(self, input: WebhookEndpointReplayFailedInput) -> WebhookReplayPayload:
        def act(row: models.WebhookEndpoint, by: Any) -> dict[str, Any]:
            count = actions.replay_failed(row, by=by, since=input.since)
            soon()
            return {"count": count}

        return _mutation(WebhookReplayPayload, input.id, act)

    @strawberry.mutation(description="Send one delivery again: the same text under the same id.")
    def webhook_delivery_replay(self, input: WebhookDeliveryReplayInput) -> WebhookDeliveryPayload:
        def run() -> dict[str, Any]:
            key = key_of(models.WebhookDelivery, input.id)
            with scope.authorized(Action.CHANGE, models.WebhookDelivery, key) as row:
                actions.replay(row, by=scope.current_viewer().user)
            soon()
            return {"key": key}

        return run_mutation(WebhookDeliveryPayload, run)
