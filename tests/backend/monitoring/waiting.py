"""What waits in an installation, made old: jobs, messages, webhooks, imports."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from backend.core.session import system
from backend.outbox.models import Message
from backend.portals.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.cast import Cast
from tests.permissions.walls.world import make_client


def heartbeat(seconds: int = 0) -> None:
    """A worker gave a sign so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds],
        )


def job(task: str, seconds: int, *, lock: str | None = None, status: str = "todo") -> None:
    """A job that could have begun so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, lock, status)"
            " VALUES ('clock', %s, '{}', %s, %s) RETURNING id",
            [task, lock, status],
        )
        [number] = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s) WHERE job_id = %s",
            [seconds, number],
        )


def scheduled(task: str, seconds: int) -> None:
    """A job of the schedule that last came so long ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp)"
            " VALUES (%s, extract(epoch FROM now())::bigint - %s)",
            [task, seconds],
        )


def message(seconds: int, *, channel: str = "EMAIL", status: str = "WAITING") -> Message:
    """A message written so long ago."""
    at = timezone.now() - dt.timedelta(seconds=seconds)
    with system():
        return Message.objects.create(
            channel=channel,
            address="ayse@ornek.example",
            body="Gizli",
            purpose="deneme",
            status=status,
            created_at=at,
            sent_at=at if status == "SENT" else None,
        )


def delivery(cast: Cast, name: str, seconds: int) -> WebhookEndpoint:
    """A webhook of a client, and a delivery that has been due for so long."""
    client = make_client(cast, name, cast.portal)
    with system():
        endpoint = WebhookEndpoint.objects.get(client=client)
        WebhookDelivery.objects.filter(endpoint=endpoint).update(
            status="WAITING", next_at=timezone.now() - dt.timedelta(seconds=seconds)
        )
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=None)
    return endpoint
