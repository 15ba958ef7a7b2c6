"""Who may do what to the clients of third parties: those who look after the installation's doors."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from backend.portals.models import (
    ApiToken,
    Client,
    ClientAttempt,
    ClientHour,
    ClientMinute,
    ClientSecret,
    IdempotentResponse,
    TrustedDocument,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from permissions.core.filters import NOTHING, Action, Rule, all_if, either
from permissions.core.relations import own, own_or_administered
from permissions.core.viewer import Viewer


def manages_clients(viewer: Viewer) -> bool:
    """Bilgi işlem and the head of the office, in a browser: no token gives itself more."""
    if viewer.user is None or viewer.scopes is not None:
        return False
    return bool(viewer.user.is_superuser) or viewer.heads_office


def _managed(viewer: Viewer) -> Q:
    return all_if(manages_clients(viewer))


def _own_or_managed(viewer: Viewer) -> Q:
    """A program sees its own client: its limits."""
    theirs = Q(account=viewer.user_id) if viewer.user_id is not None else NOTHING
    return either([_managed(viewer), theirs])


CHANGED = (ClientSecret, TrustedDocument, WebhookEndpoint, WebhookDelivery)
LOOKED_AT = (ClientMinute, ClientHour, ClientAttempt, WebhookAttempt)

CLIENTS: dict[type[Any], dict[str, Rule]] = {
    Client: {Action.VIEW: _own_or_managed, Action.CHANGE: _managed, Action.REGISTER: _managed},
    **{model: {Action.VIEW: _managed, Action.CHANGE: _managed} for model in CHANGED},
    **{model: {Action.VIEW: _managed} for model in LOOKED_AT},
}
"""Clients' secrets, documents, figures and log, for managers of clients."""

RULES: dict[type[Any], dict[str, Rule]] = {
    ApiToken: {Action.VIEW: own_or_administered, Action.REVOKE: own_or_administered},
    IdempotentResponse: {Action.VIEW: own},
    **CLIENTS,
}
