"""Closed cases to learn from: invented complaints about three categories, each answered by its unit."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from backend.complaints.actions.registering import tracking_code
from backend.complaints.choices import Channel, Kind, Outcome, Status
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.core.localtime import local_date
from backend.core.session import system
from backend.organization.models import Category
from permissions.demo.triage.corpus import Invented, invent
from tests.cast import Cast
from tests.factories import make_category

ABOUT = {"sokak-aydinlatmasi": "fen", "agac-budama": "park", "cop-toplama": "cleaning"}
"""Category -> the unit of the cast that answers it."""
LAMP = "direk yanmıyo kaç gündür zifiri karanlık kızlar korkuyo"
TREE = "fırtınada devrilecek çürük gövdesi yan yattı dallar balkona girdi"
_numbers = itertools.count(1)


def texts(count: int, seed: int = 7, about: Iterable[str] = tuple(ABOUT)) -> list[Invented]:
    """So many complaints about these categories, in the order of time."""
    wanted = set(about)
    found = [one for one in invent(count * 45 // len(wanted), seed, timezone.now()) if one.category in wanted]
    return found[-count:]


def categories() -> dict[str, Category]:
    return {code: make_category(code, code.replace("-", " ").title()) for code in ABOUT}


def close(cast: Cast, complaints: Iterable[Invented], **facts: Any) -> list[Complaint]:
    """Closed cases of these complaints, answered by the unit of their category."""
    known = categories()
    rows = []
    for one in complaints:
        number = next(_numbers)
        rows.append(
            Complaint(
                **{
                    "year": 1900,
                    "number": number,
                    "reference": f"1900/{number}",
                    "tracking_code": tracking_code(),
                    "kind": Kind.COMPLAINT,
                    "channel": Channel.PHONE,
                    "regime": Regime.SERVICE_REQUEST,
                    "subject": one.text[:200],
                    "category": known[one.category],
                    "responsible_department": getattr(cast, ABOUT[one.category]),
                    "priority": one.priority,
                    "registered_at": one.at,
                    "registered_on": local_date(one.at),
                    "target_on": local_date(one.at),
                    "status": Status.CLOSED,
                    "outcome": Outcome.SOLVED,
                    "closed_at": one.at + dt.timedelta(hours=1),
                }
                | facts
            )
        )
    with system():
        return Complaint.objects.bulk_create(rows)
