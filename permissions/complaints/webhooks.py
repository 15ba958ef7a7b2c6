"""Webhooks: the right to know is checked when a message is written, and again when it is sent.

A portal (FOLLOW) gets events of the cases its own account brought in, in the citizen's words. A client with READ gets
events of the cases its account sees. A message names the case and its status, and nothing else: details are fetched
with the client's own rights. Unchanged public statuses are not repeated, and an import is reported once.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from backend.complaints.choices import ENDS
from backend.complaints.models import Complaint
from backend.complaints.recalling import LEFT, MESSAGE_LEFT
from backend.complaints.story import EventType
from backend.core.localtime import ISTANBUL
from backend.core.operation.worker import defer_once
from backend.core.session import system
from backend.journal import change_feed
from backend.journal.change_feed import Cursor, News, parse_cursor
from backend.journal.messages import FARED, KIND
from backend.outbox import actions as outbox
from backend.portals.models import Scope
from backend.portals.webhooks import actions
from backend.portals.webhooks.actions import Outgoing
from backend.portals.webhooks.addresses import target_of
from backend.portals.webhooks.models import SwitchedOff, WebhookDelivery, WebhookEndpoint, WebhookEvent
from backend.portals.webhooks.sending import OURS, SECONDS, Answer, post
from permissions.complaints.public import SENDINGS
from permissions.complaints.public_status import READ_BY_THEM, Read, public_status_of, read_of
from permissions.core import scope

QUEUED = "webhooks.carry"
BUDGET = dt.timedelta(seconds=45)
"""So long one round sends; what is left comes with the next."""
GATHERING = dt.timedelta(seconds=10)
"""So long one round writes what happened before it sends."""
TURN, MOST_OF_TURN = dt.timedelta(seconds=5), 20
"""So long, and so many messages, an endpoint is sent to before the others come to their turn."""
MOST_REGISTERED_SINGLY = 10
"""So many cases that were registered at once are reported one by one; more are an import, one message a batch."""
logger = logging.getLogger(__name__)


class MessageSource(Protocol):
    """What a service above adds: the messages of conversations."""

    def write(self, endpoint: WebhookEndpoint, news: list[News]) -> list[Outgoing]:
        """What this client may know of these happenings."""

    def may_be_sent(self, delivery: WebhookDelivery) -> bool:
        """Whether its client may still know of the message that a delivery names, of a case that it may know of."""


SOURCES: list[MessageSource] = []


def carry() -> int:
    """Write what happened for every endpoint that is on, then send what is due. How many were delivered."""
    gather_all()
    return send_due()


def gather_all() -> None:
    """Write what happened, a batch of each endpoint in turn, for `GATHERING`; what is left comes with the next round,
    after what is due was sent."""
    end, waiting = timezone.now() + GATHERING, _endpoints()
    while waiting:
        waiting = [endpoint for endpoint in waiting if _gathered(endpoint)]
        if timezone.now() >= end:
            return


def _gathered(endpoint: WebhookEndpoint) -> bool:
    try:
        return gather(endpoint)
    except Exception:  # the others go on; this one is retried in a minute
        logger.error({"event": "webhook_not_gathered", "endpoint": endpoint.pk}, exc_info=True)
        return False


def soon() -> None:
    """Have it carried as soon as a worker is free. Where a round waits already, that one does it."""
    defer_once(app.configure_task(QUEUED, queue="clock", lock=QUEUED, queueing_lock=QUEUED))


def _endpoints() -> list[WebhookEndpoint]:
    with system():
        rows = WebhookEndpoint.objects.filter(
            off_at=None, client__closed_at=None, client__account__is_active=True
        )
        return list(rows.select_related("client__account").order_by("pk"))


def gather(endpoint: WebhookEndpoint) -> bool:
    """Write the messages of a batch of what happened since the endpoint was looked through. Whether there is more.

    The statements are as many for one change as for a thousand. Its place moves in the transaction that writes them:
    nothing is lost and nothing is written twice.
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
        result = change_feed.since(place, "complaint", also=KIND, partly=True) if place else None
        if result is None:  # off for longer than happenings are kept
            logger.warning({"event": "webhook_began_anew", "endpoint": row.pk})
            row.missed_since, row.missed_until = _at(place), timezone.now()
            row.save(update_fields=["missed_since", "missed_until"])
            _notify_missing(row)
            result = [], change_feed.current_cursor()
        news, now = result
        actions.write_all(row, [*_messages(row, _first_of_each(news)), *_of_messages(row, news)])
        row.place = str(now)
        row.save(update_fields=["place"])
        return bool(now.then)


def _at(place: Cursor | None) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(place.at, dt.UTC) if place else None


def _first_of_each(news: list[News]) -> list[News]:
    """One event; a reassignment is reported through its story line, and how a message fared at the message."""
    return [event for event in news if event.kind == "complaint" and event.verb not in ("", FARED)]


def _of_messages(endpoint: WebhookEndpoint, news: list[News]) -> list[Outgoing]:
    heard = [event for event in news if event.kind == KIND]
    return [one for source in SOURCES for one in source.write(endpoint, heard)] if heard else []


def _event(verb: str) -> WebhookEvent:
    if verb in _ANSWERING:
        return WebhookEvent.COMPLAINT_ANSWERED
    return WebhookEvent.COMPLAINT_ENDED if verb in _ENDING else WebhookEvent.COMPLAINT_CHANGED


_LEFT = frozenset({LEFT, MESSAGE_LEFT})
_ANSWERING = frozenset({*SENDINGS, EventType.CIMER_ENTERED, LEFT})
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


def _messages(endpoint: WebhookEndpoint, news: list[News]) -> list[Outgoing]:
    """What this client may know of these changes, in their order. Of others not even that they happened."""
    rows = Complaint.objects.defer("body", "words").in_bulk({each.subject_id for each in news})
    own = {pk: row for pk, row in rows.items() if brought(endpoint, row)}
    read, last = read_of(own), _last_sent(endpoint, own)
    words = _in_the_citizens_words(own, read)
    seen = _seen(endpoint, rows.keys() - own.keys())
    together, result = _registered_together(news, seen), []
    for first, count in together.values():
        if WebhookEvent.COMPLAINT_IMPORTED in endpoint.events:
            case = first.subject_id
            facts = {"reference": rows[case].reference, "count": count}
            result.append(Outgoing(WebhookEvent.COMPLAINT_IMPORTED, facts, first.id, case))
    for each in news:
        event, case = _event(each.verb), each.subject_id
        if event not in endpoint.events:
            continue
        if case in own:
            waits = each.verb in SENDINGS and read[case].is_held
            if waits or _is_sent(each.verb, words[case], last.get(case)):
                continue
            last[case] = (event, words[case])
            result.append(Outgoing(event, words[case], each.id, case))
        elif case in seen and each.verb not in _LEFT and not _is_together(each, together):
            row = rows[case]
            facts = {"status": row.status, "happened": each.verb.upper(), "isOver": row.status in ENDS}
            result.append(Outgoing(event, {"reference": row.reference, **facts}, each.id, case))
    return result


def _is_together(each: News, together: Collection[str]) -> bool:
    return each.verb == EventType.REGISTERED and each.transaction in together


def _registered_together(news: list[News], seen: Collection[int]) -> dict[str, tuple[News, int]]:
    """Transaction -> its first case and how many, of those that registered more cases of these than people do."""
    registered = [each for each in news if each.verb == EventType.REGISTERED and each.subject_id in seen]
    counts = Counter(each.transaction for each in registered)
    first = {each.transaction: each for each in reversed(registered)}
    return {one: (first[one], count) for one, count in counts.items() if count > MOST_REGISTERED_SINGLY}


def brought(endpoint: WebhookEndpoint, row: Complaint) -> bool:
    """Whether the client follows what its account brought in, and this is of that."""
    client = endpoint.client
    return Scope.FOLLOW in client.scopes and row.registered_by_id == client.account_id


Sent = tuple[str, dict[str, Any]]
"""Event and data of a message."""


def _in_the_citizens_words(
    rows: Mapping[int, Complaint], read: Mapping[int, Read]
) -> dict[int, dict[str, Any]]:
    with translation.override("tr"):
        return {
            pk: {
                "reference": row.reference,
                **({"sourceNumber": row.source_number} if row.source_number else {}),
                **public_status_of(row, read[pk]),
            }
            for pk, row in rows.items()
        }


def _last_sent(endpoint: WebhookEndpoint, cases: Iterable[int]) -> dict[int, Sent]:
    """Case -> the last message of it."""
    own = endpoint.deliveries.filter(case_id__in=list(cases), event__startswith="complaint.")
    last = own.order_by("case_id", "-created_at", "-pk")
    rows = last.distinct("case_id").values_list("case_id", "event", "body")
    return {case: (event, json.loads(body)["data"]) for case, event, body in rows if case is not None}


def _is_sent(verb: str, data: dict[str, Any], last: Sent | None) -> bool:
    """Whether the last message of the case had the same public status: internal changes are not reported. An
    answer and an end are events of their own. The first event of a case is always reported."""
    if last is None:
        return verb not in _LEFT | READ_BY_THEM.keys() and not data["isAwaited"]
    same_event = _event(verb) in (WebhookEvent.COMPLAINT_CHANGED, last[0])
    return same_event and last[1] == data


def _seen(endpoint: WebhookEndpoint, cases: Iterable[int]) -> set[int]:
    """Those of the cases that the client's account sees, no further than the client's scopes: none without READ."""
    with scope.session(endpoint.client.account, endpoint.client.scopes):
        return set(scope.visible(Complaint).filter(pk__in=list(cases)).values_list("pk", flat=True))


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
        if row is None or not (brought(endpoint, row) or row.pk in _seen(endpoint, [row.pk])):
            return False
    return all(source.may_be_sent(delivery) for source in SOURCES)


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
