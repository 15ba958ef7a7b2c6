"""What may happen to an endpoint and its deliveries. `permissions.complaints.webhooks` sends: it knows who sees."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core import sealing
from backend.core.errors import DomainError, ErrorCode
from backend.journal import change_feed
from backend.journal.actions import record
from backend.organization.models import User
from backend.portals.models import Client
from backend.portals.webhooks import signing
from backend.portals.webhooks.addresses import require_public, target_of
from backend.portals.webhooks.models import (
    CHOOSABLE,
    DeliveryStatus,
    SwitchedOff,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from backend.portals.webhooks.sending import OURS, Answer

ABOUT = b"ozelkalem/webhook/1"
LONGEST_OVERLAP = 30
MOST = 5
"""Endpoints of a client."""
AGAIN = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""After which attempt how long it is waited: nine times again, three days in all."""
KEPT_DAYS = 90
GONE = 410


@transaction.atomic
def add_endpoint(
    client: Client, *, url: str, events: Iterable[str], by: User | None
) -> tuple[WebhookEndpoint, str]:
    """Create an endpoint and its secret, which is shown once.

    It gets events from now on. INVALID, naming the field, for an address that is not https with a public name, or
    without events.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    if client.closed_at:
        raise DomainError(ErrorCode.WRONG_STATE, _("This client is closed."))
    url = _checked(client, url, None)
    if client.webhook_endpoints.count() >= MOST:
        message = _("A client has at most %(most)s webhooks. Change one of them.") % {"most": MOST}
        raise DomainError(ErrorCode.OVER_LIMIT, message, field="url")
    secret = signing.new_secret()
    endpoint = WebhookEndpoint.objects.create(
        client=client,
        url=url,
        events=_events(events),
        secret=sealing.seal(secret, ABOUT),
        place=str(change_feed.current_cursor()),
        created_by=by,
    )
    record(verb="webhook_added", about=endpoint, by=by, note=client.name)
    return endpoint, secret


def _checked(client: Client, url: str, endpoint: WebhookEndpoint | None) -> str:
    url = url.strip()
    require_public(target_of(url))
    others = client.webhook_endpoints.filter(url=url)
    if (others.exclude(pk=endpoint.pk) if endpoint else others).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This client has a webhook at this address."), field="url")
    return url


def _events(events: Iterable[str]) -> list[str]:
    chosen = sorted(set(events))
    if not chosen or set(chosen) - {one.value for one in CHOOSABLE}:
        raise DomainError(ErrorCode.INVALID, _("Choose at least one of the listed events."), field="events")
    return chosen


@transaction.atomic
def change_endpoint(
    endpoint: WebhookEndpoint, *, by: User | None, url: str | None = None, events: Iterable[str] | None = None
) -> None:
    """Change the passed fields. Queued deliveries go to the new address."""
    if url is not None:
        endpoint.url = _checked(endpoint.client, url, endpoint)
    if events is not None:
        endpoint.events = _events(events)
    endpoint.save(update_fields=["url", "events"])
    record(verb="webhook_changed", about=endpoint, by=by, note=", ".join(endpoint.events))


@transaction.atomic
def rotate_webhook_secret(endpoint: WebhookEndpoint, *, by: User | None, overlap_days: int = 1) -> str:
    """A new secret, shown this once. For `overlap_days` (0: not at all) messages bear the former's signature too."""
    if not 0 <= overlap_days <= LONGEST_OVERLAP:
        message = _("The former secret may be used for 0 to %(most)s days more.") % {"most": LONGEST_OVERLAP}
        raise DomainError(ErrorCode.INVALID, message, field="overlap_days")
    secret = signing.new_secret()
    endpoint.former_secret = endpoint.secret if overlap_days else None
    endpoint.former_until = timezone.now() + dt.timedelta(days=overlap_days) if overlap_days else None
    endpoint.secret = sealing.seal(secret, ABOUT)
    endpoint.save(update_fields=["secret", "former_secret", "former_until"])
    record(verb="webhook_secret_rotated", about=endpoint, by=by, note=str(overlap_days))
    return secret


@transaction.atomic
def switch_off(
    endpoint: WebhookEndpoint, *, by: User | None, because: SwitchedOff = SwitchedOff.BY_HAND
) -> None:
    """Nothing is sent any more; what waits stays. A second call changes nothing."""
    now = timezone.now()
    if WebhookEndpoint.objects.filter(pk=endpoint.pk, off_at=None).update(off_at=now, off_because=because):
        endpoint.off_at, endpoint.off_because = now, because
        record(verb="webhook_off", about=endpoint, by=by, note=because)


@transaction.atomic
def switch_on(endpoint: WebhookEndpoint, *, by: User | None) -> None:
    """Switch deliveries on again and send what is queued. Events in between are not delivered."""
    if endpoint.client.closed_at:
        raise DomainError(ErrorCode.WRONG_STATE, _("This client is closed."))
    off = WebhookEndpoint.objects.filter(pk=endpoint.pk, off_at__isnull=False)
    if off.update(off_at=None, off_because="", failing_since=None, place=str(change_feed.current_cursor())):
        endpoint.off_at = None
        record(verb="webhook_on", about=endpoint, by=by)


@dataclass(frozen=True)
class Outgoing:
    """The message about one change of a case. `data`: nothing personal. `case`: the row id of the case, checked
    again when it is sent."""

    event: WebhookEvent
    data: dict[str, Any]
    change_event: int
    case: int


def write_all(endpoint: WebhookEndpoint, messages: Iterable[Outgoing]) -> None:
    """Queue deliveries in one statement; a change that was queued before is not queued again."""
    now = timezone.now()
    rows = (
        WebhookDelivery(
            endpoint=endpoint,
            change_event=each.change_event,
            **_fields(each.event, each.data, each.case, now),
        )
        for each in messages
    )
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)


def write(
    endpoint: WebhookEndpoint, event: WebhookEvent, data: dict[str, Any], at: dt.datetime | None = None
) -> WebhookDelivery:
    """Queue a delivery that is about no change."""
    fields = _fields(event, data, None, at or timezone.now())
    return WebhookDelivery.objects.create(endpoint=endpoint, **fields)


def _fields(event: WebhookEvent, data: dict[str, Any], case: int | None, now: dt.datetime) -> dict[str, Any]:
    payload = {"type": event.value, "timestamp": now.isoformat(timespec="seconds"), "data": data}
    return {
        "event": event,
        "body": json.dumps(payload, ensure_ascii=False, separators=(",", ":")),
        "next_at": now,
        "created_at": now,
        "case_id": case,
    }


def send_test(endpoint: WebhookEndpoint, *, by: User | None) -> WebhookDelivery:
    """A message that says nothing, to try an endpoint out."""
    _require_on(endpoint)
    result = write(endpoint, WebhookEvent.TEST, {"message": "Bu bir deneme iletisidir."})
    record(verb="webhook_tested", about=endpoint, by=by)
    return result


@transaction.atomic
def replay(delivery: WebhookDelivery, *, by: User | None) -> None:
    """Send it once more from the beginning, whatever became of it: the same text under the same id."""
    _require_on(delivery.endpoint)
    _again(WebhookDelivery.objects.filter(pk=delivery.pk))
    record(verb="webhook_replayed", about=delivery.endpoint, by=by, note=str(delivery.key))


@transaction.atomic
def replay_failed(endpoint: WebhookEndpoint, *, by: User | None, since: dt.datetime) -> int:
    """Send again all that failed since. How many."""
    _require_on(endpoint)
    rows = endpoint.deliveries.filter(status=DeliveryStatus.FAILED, created_at__gte=since)
    count = _again(rows)
    record(verb="webhook_replayed", about=endpoint, by=by, note=f"{count}")
    return count


def _again(rows: Any) -> int:
    count: int = rows.update(
        status=DeliveryStatus.WAITING, attempts=0, next_at=timezone.now(), delivered_at=None
    )
    return count


def _require_on(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_on:
        raise DomainError(ErrorCode.WRONG_STATE, _("This webhook is switched off. Switch it on first."))


def signed(delivery: WebhookDelivery, at: dt.datetime) -> dict[str, str]:
    """The headers of Standard Webhooks for an attempt now."""
    endpoint = delivery.endpoint
    sealed = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until and endpoint.former_until > at:
        sealed.append(endpoint.former_secret)
    keys = [sealing.unseal(one, ABOUT) for one in sealed]
    return signing.headers(f"msg_{delivery.key.hex}", int(at.timestamp()), delivery.body.encode(), keys)


@transaction.atomic
def settle(delivery: WebhookDelivery, answer: Answer, at: dt.datetime) -> SwitchedOff | None:
    """Note an attempt and decide when the next one is. What switched the endpoint off by this, if anything did."""
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=at,
        status=answer.status,
        fault=answer.fault,
        milliseconds=answer.milliseconds,
        text=answer.text,
    )
    delivery.attempts += 1
    if answer.is_done:
        delivery.status, delivery.delivered_at, delivery.next_at = DeliveryStatus.DELIVERED, at, None
    elif delivery.attempts > len(AGAIN):
        delivery.status, delivery.next_at = DeliveryStatus.FAILED, None
    else:
        delivery.next_at = at + AGAIN[delivery.attempts - 1]
    delivery.save(update_fields=["attempts", "status", "delivered_at", "next_at"])
    return _judged(delivery.endpoint, answer, at)


def _judged(endpoint: WebhookEndpoint, answer: Answer, at: dt.datetime) -> SwitchedOff | None:
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if answer.is_done:
        rows.filter(failing_since__isnull=False).update(failing_since=None)
        return None
    if answer.fault == OURS:
        return None
    rows.filter(failing_since=None).update(failing_since=at)
    endpoint.refresh_from_db(fields=["failing_since", "off_at"])
    if not endpoint.is_on:
        return None
    since = endpoint.failing_since or at
    is_failing = at - since > dt.timedelta(days=settings.WEBHOOK_FAILING_DAYS)
    because = SwitchedOff.GONE if answer.status == GONE else SwitchedOff.FAILING if is_failing else None
    if because:
        switch_off(endpoint, by=None, because=because)
    return because


def withhold(delivery: WebhookDelivery) -> None:
    """It is not sent: meanwhile its client may not follow any more."""
    delivery.status, delivery.next_at = DeliveryStatus.WITHHELD, None
    delivery.save(update_fields=["status", "next_at"])


def forget(until: dt.datetime) -> int:
    """Remove deliveries written before, with their attempts, but those that wait. How many."""
    rows = WebhookDelivery.objects.filter(created_at__lt=until).exclude(status=DeliveryStatus.WAITING)
    count = rows.count()
    rows.delete()
    return count
