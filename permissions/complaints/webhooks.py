"""Webhooks: the right to know is checked when a message is written, and again when it is sent.

A portal (FOLLOW) gets events of the cases its own account brought in, in the citizen's words. A client with READ gets
events of the cases its account sees. A message names the case and its status, and nothing else: details are fetched
with the client's own rights. Unchanged public statuses are not repeated.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from backend.complaints.choices import ENDS
from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.journal import change_feed
from backend.journal.change_feed import Cursor, News, parse_cursor
from backend.outbox import actions as outbox
from backend.portals.models import Scope
from backend.portals.webhooks import actions
from backend.portals.webhooks.addresses import target_of
from backend.portals.webhooks.models import SwitchedOff, WebhookDelivery, WebhookEndpoint, WebhookEvent
from backend.portals.webhooks.sending import OURS, SECONDS, Answer, post
from permissions.complaints.public_status import READ_BY_THEM, public_status
from permissions.core import scope

QUEUED = "webhooks.carry"
BUDGET = dt.timedelta(seconds=45)
"""So long one round sends; what is left comes with the next."""
TURN, MOST_OF_TURN = dt.timedelta(seconds=5), 20
"""So long, and so many messages, an endpoint is sent to before the others come to their turn."""
logger = logging.getLogger(__name__)


def carry() -> int:
    """Write what happened for every endpoint that is on, then send what is due. How many were delivered."""
    for endpoint in _endpoints():
        try:
            while gather(endpoint):
                pass
        except Exception:  # the others go on; this one is retried in a minute
            logger.error({"event": "webhook_not_gathered", "endpoint": endpoint.pk}, exc_info=True)
    return send_due()


def soon() -> None:
    """Have it carried as soon as a worker is free. Where a round waits already, that one does it."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(QUEUED, queue="clock", lock=QUEUED, queueing_lock=QUEUED).defer()


def _endpoints() -> list[WebhookEndpoint]:
    with system():
        rows = WebhookEndpoint.objects.filter(
            off_at=None, client__closed_at=None, client__account__is_active=True
        )
        return list(rows.select_related("client__account").order_by("pk"))


def gather(endpoint: WebhookEndpoint) -> bool:
    """Write the messages of what happened since the endpoint was looked through. Whether there is more.

    Its place moves in the transaction that writes them: nothing is lost and nothing is written twice.
    """
    with system():
        locked = WebhookEndpoint.objects.select_for_update(skip_locked=True).filter(
            pk=endpoint.pk, off_at=None
        )
        row = locked.first()
        if row is None:
            return False
        row.client = endpoint.client
        place = parse_cursor(row.place)
        result = change_feed.since(place, "complaint", partly=True) if place else None
        if result is None:  # off for longer than happenings are kept
            logger.warning({"event": "webhook_began_anew", "endpoint": row.pk})
            row.missed_since, row.missed_until = _at(place), timezone.now()
            row.save(update_fields=["missed_since", "missed_until"])
            _notify_missing(row)
            result = [], change_feed.current_cursor()
        news, now = result
        for each in _first_of_each(news):
            _write(row, each)
        row.place = str(now)
        row.save(update_fields=["place"])
        return bool(now.then)


def _at(place: Cursor | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(place.at, dt.UTC) if place else None


def _first_of_each(news: list[News]) -> list[News]:
    """One event; a reassignment is reported through its story line."""
    return [event for event in news if event.verb]


def _write(endpoint: WebhookEndpoint, news: News) -> None:
    event = _event(news.verb)
    data = _data(endpoint, news) if event in endpoint.events else None
    if data is not None:
        actions.write(endpoint, event, data, change_event=news.id, case=news.subject_id)


def _event(verb: str) -> WebhookEvent:
    if verb in (EventType.SENT, EventType.CIMER_ENTERED):
        return WebhookEvent.COMPLAINT_ANSWERED
    return WebhookEvent.COMPLAINT_ENDED if verb in _ENDING else WebhookEvent.COMPLAINT_CHANGED


_ENDING = frozenset(
    {
        EventType.CLOSED,
        EventType.WITHDRAWN,
        EventType.MARKED_DUPLICATE,
        EventType.MARKED_NOT_EXAMINABLE,
        EventType.REJECTED,
        EventType.FEE_LAPSED,
    }
)


def _data(endpoint: WebhookEndpoint, news: News) -> dict[str, Any] | None:
    """What this client may know of it; None: nothing, not even that it happened."""
    row = Complaint.objects.filter(pk=news.subject_id).first()
    if row is None:
        return None
    if _brought(endpoint, row):
        data = _in_the_citizens_words(row)
        return None if _is_sent(endpoint, news, data) else data
    if _sees(endpoint, row):
        facts = {"status": row.status, "happened": news.verb.upper(), "isOver": row.status in ENDS}
        return {"reference": row.reference, **facts}
    return None


def _brought(endpoint: WebhookEndpoint, row: Complaint) -> bool:
    """Whether the client follows what its account brought in, and this is of that."""
    client = endpoint.client
    return Scope.FOLLOW in client.scopes and row.registered_by_id == client.account_id


def _in_the_citizens_words(row: Complaint) -> dict[str, Any]:
    with translation.override("tr"):
        values = public_status(row)
    number = {"sourceNumber": row.source_number} if row.source_number else {}
    return {"reference": row.reference, **number, **values}


def _is_sent(endpoint: WebhookEndpoint, news: News, data: dict[str, Any]) -> bool:
    """Whether the last message of the case had the same public status: internal changes are not reported. An
    answer and an end are events of their own. The first event of a case is always reported."""
    last = endpoint.deliveries.filter(case_id=news.subject_id).order_by("-created_at", "-pk").first()
    if last is None:
        return news.verb not in READ_BY_THEM and not data["isAwaited"]
    same_event = _event(news.verb) in (WebhookEvent.COMPLAINT_CHANGED, last.event)
    return same_event and json.loads(last.body)["data"] == data


def _sees(endpoint: WebhookEndpoint, row: Complaint) -> bool:
    """As the client's account, no further than the client's scopes: none without READ."""
    with scope.session(endpoint.client.account, endpoint.client.scopes):
        return scope.visible(Complaint).filter(pk=row.pk).exists()


# -- sending -------------------------------------------------------------------------------------------------
def send_due() -> int:
    """Send what is due for `BUDGET`, the longest waiting first, turn by turn: a long backlog or a slow server costs the
    others a turn. An endpoint that failed waits for the next round. How many were delivered."""
    end, delivered = timezone.now() + BUDGET, 0
    failed, used = set[int](), dict[int, float]()  # endpoint -> how much of its turn
    while (began := timezone.now()) < end:
        result = _next(failed | {endpoint for endpoint, share in used.items() if share >= 1})
        if result is None and used:  # no other request waits
            used.clear()
            result = _next(failed)
        if result is None:
            break
        endpoint = result.endpoint_id
        if _sent(result):
            delivered += 1
            used[endpoint] = used.get(endpoint, 0) + max(1 / MOST_OF_TURN, (timezone.now() - began) / TURN)
        else:
            failed.add(endpoint)
    return delivered


def _next(failed: set[int]) -> WebhookDelivery | None:
    """One that is due, claimed: until it is settled no other process sends it."""
    now = timezone.now()
    with system():
        due = WebhookDelivery.objects.due(now).exclude(endpoint__in=failed).order_by("next_at", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        # After this time other workers take over from a dead one.
        WebhookDelivery.objects.filter(pk=row.pk).update(next_at=now + dt.timedelta(seconds=6 * SECONDS))
        return WebhookDelivery.objects.select_related("endpoint__client__account").get(pk=row.pk)


def _sent(delivery: WebhookDelivery) -> bool:
    if not _may_be_sent(delivery):
        with system():
            actions.withhold(delivery)
        return True
    at = timezone.now()
    try:
        headers = actions.signed(delivery, at)
        answer = post(target_of(delivery.endpoint.url), delivery.body.encode(), headers)
    except Exception:  # the others are sent all the same; this is tried again like what was not taken
        logger.error({"event": "webhook_not_sent", "delivery": delivery.pk}, exc_info=True)
        answer = Answer(None, 0, fault=OURS)
    with system():
        if because := actions.settle(delivery, answer, at):
            _notify_contact(delivery.endpoint, because)
    return answer.is_done


def _may_be_sent(delivery: WebhookDelivery) -> bool:
    """Whether its client may still know of the case. A test says nothing of anybody."""
    endpoint = delivery.endpoint
    if endpoint.client.closed_at or not endpoint.client.account.is_active:
        return False
    if delivery.case_id is None:
        return True
    with system():
        row = Complaint.objects.filter(pk=delivery.case_id).first()
        return row is not None and (_brought(endpoint, row) or _sees(endpoint, row))


def _notify_contact(endpoint: WebhookEndpoint, because: SwitchedOff) -> None:
    since = endpoint.failing_since or timezone.now()
    context: dict[str, object] = {
        "is_gone": because is SwitchedOff.GONE,
        "days": settings.WEBHOOK_FAILING_DAYS,
        "since": since.astimezone(ISTANBUL),
    }
    _mail(endpoint, "webhook_off", context)


def _notify_missing(endpoint: WebhookEndpoint) -> None:
    since, until = endpoint.missed_since, endpoint.missed_until
    context: dict[str, object] = {
        "since": since.astimezone(ISTANBUL) if since else None,
        "until": until.astimezone(ISTANBUL) if until else None,
    }
    _mail(endpoint, "webhook_missed", context)


def _mail(endpoint: WebhookEndpoint, purpose: str, context: dict[str, object]) -> None:
    client = endpoint.client
    context |= {
        "client": client,
        "host": target_of(endpoint.url).host,
    }
    with translation.override("tr"):
        subject, body = outbox.render(f"portals/mail/{purpose}.txt", context)
    outbox.post(channel="EMAIL", address=client.contact_email, subject=subject, body=body, purpose=purpose)
