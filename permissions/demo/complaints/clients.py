"""Two programs of third parties: the portal, and an application for telephones that asks trusted documents only."""

from __future__ import annotations

import datetime as dt
import json
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.organization.models import User
from backend.portals import clients, trusted
from backend.portals.models import Client, ClientAttempt, ClientHour, Outcome, Scope

DAYS = 60
_DOCUMENTS = (
    "query Takip($code: String!) {\n  complaintTracking(code: $code) {\n    status\n  }\n}",
    "query Ben {\n  me {\n    username\n    scopes\n  }\n}",
)
_ABOUT: tuple[tuple[str, dict[str, Any], int], ...] = (
    (
        "portal",
        {
            "name": "e-Belediye (örnek)",
            "contact_name": "Gökhan İnce",
            "contact_email": "gokhan.ince@e-belediye.example",
            "scopes": [Scope.READ, Scope.WRITE],
            "requests_per_minute": 600,
        },
        420,
    ),
    (
        "mobil",
        {
            "name": "e-Belediye mobil uygulaması (örnek)",
            "contact_name": "Şule Işık",
            "contact_email": "sule.isik@mobil.example",
            "scopes": [Scope.READ],
            "requests_per_minute": 300,
            "documents_only": True,
        },
        150,
    ),
)
"""(account, what is known of the client, requests in the hour of noon on a working day)."""


def load_once(seed: int) -> None:
    """Each client, unless it is there."""
    with system():
        by = User.objects.get(username="bilgiislem")
        for username, about, busy in _ABOUT:
            if Client.objects.filter(account__username=username).exists():
                continue
            client = _client(username, about, by)
            _use(client, busy, Random(f"{seed}-{username}"))  # noqa: S311 - repeatable, not secret


def _client(username: str, about: dict[str, Any], by: User) -> Client:
    named = {"first_name": "Mobil", "last_name": "Uygulama", "password": make_password(None)}
    account, _new = User.objects.get_or_create(username=username, defaults={"is_staff": False, **named})
    client, _secret = clients.register_client(account=account, by=by, **about)
    if client.documents_only:
        clients.rotate_secret(client, by=by, overlap_days=14)
        file = {trusted.sha256_of(text): text for text in _DOCUMENTS}
        trusted.register_documents(client, json.dumps(file, indent=2), by=by)
    return client


def _use(client: Client, busy: int, random: Random) -> None:
    """Hours of two months: little at night and at the weekend; on one day far too much, which the limit held off."""
    now = timezone.now().astimezone(ISTANBUL).replace(minute=0, second=0, microsecond=0)
    hours, attempts = [], []
    for n in range(1, DAYS * 24):
        hour = now - dt.timedelta(hours=n)
        share = max(0.04, 1 - abs(hour.hour - 13) / 9) * (0.45 if hour.weekday() >= 5 else 1)
        requests = int(busy * share * random.uniform(0.75, 1.25))
        is_flooded = n // 24 == 9 and 10 <= hour.hour <= 12
        hours.append(
            ClientHour(
                client=client,
                hour=hour,
                requests=requests,
                cost=requests * random.randint(600, 1400),
                errors=int(requests * random.uniform(0, 0.02)),
                refused=int(requests * random.uniform(2, 3)) if is_flooded else 0,
            )
        )
        if n < 24 * 7:
            outcome = Outcome.WRONG_SECRET if n == 30 else Outcome.ISSUED
            attempts.append(ClientAttempt(client=client, at=hour, outcome=outcome, address="192.0.2.20"))
    ClientHour.objects.bulk_create(hours)
    ClientAttempt.objects.bulk_create(attempts)
