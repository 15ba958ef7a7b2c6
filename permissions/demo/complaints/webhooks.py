"""Sample webhook of the portal with a week of deliveries: accepted, retried and abandoned ones."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import User
from backend.portals.clients import register_client
from backend.portals.models import Client, Scope
from backend.portals.webhooks import actions
from backend.portals.webhooks.models import CHOOSABLE, WebhookEndpoint, WebhookEvent
from backend.portals.webhooks.sending import Answer
from permissions.complaints.public_status import public_status

URL = "https://e-belediye.sancaktepe.example/webhooks/ozelkalem"
TAKEN = Answer(204, 84)
BUSY = Answer(503, 412, text="Bakım çalışması sürüyor.")
LATE = Answer(None, 10_000, fault="TIMEOUT")
COURSES = ((BUSY,) * 10, (TAKEN,), (BUSY, TAKEN), (TAKEN,), (LATE, BUSY, TAKEN), (TAKEN,), (TAKEN,))
"""How each delivery went, the oldest first."""


def load_once() -> None:
    """Nothing where the portal's client has a webhook already."""
    with system():
        client = _client()
        if client.webhook_endpoints.exists():
            return
        by = User.objects.get(username="bilgiislem")
        endpoint, _secret = actions.add_endpoint(
            client, url=URL, events=[one.value for one in CHOOSABLE], by=by
        )
        cases = Complaint.objects.order_by("-registered_at", "-pk")[: len(COURSES)]
        for days, (case, course) in enumerate(zip(reversed(cases), COURSES, strict=False)):
            _delivered(endpoint, case, course, timezone.now() - dt.timedelta(days=len(COURSES) - days))


def _client() -> Client:
    account = User.objects.get(username="portal")
    found = Client.objects.filter(account=account).first()
    if found is None:
        found, _secret = register_client(
            account=account,
            name="e-Belediye (örnek)",
            contact_name="Ece Bilgin",
            contact_email="e-belediye@sancaktepe.example",
            scopes=[Scope.READ],
            by=User.objects.get(username="bilgiislem"),
        )
    return found


def _delivered(
    endpoint: WebhookEndpoint, case: Complaint, course: tuple[Answer, ...], at: dt.datetime
) -> None:
    data = {"reference": case.reference, **public_status(case)}
    found = actions.write(endpoint, WebhookEvent.COMPLAINT_CHANGED, data, at=at)
    for number, answer in enumerate(course):
        actions.settle(found, answer, at + sum(actions.AGAIN[:number], dt.timedelta(seconds=2)))
