"""What was proposed of each case, what it became, and how often that was right by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone, translation

from backend.complaints import catalogue as of_house
from backend.complaints.choices import ANSWERED
from backend.complaints.models import Complaint
from backend.configuration.office import configured
from backend.core.localtime import ISTANBUL, today
from backend.notifications import staff
from backend.organization.models import Category, Department, User
from backend.triage import serving
from backend.triage.models import RouterProposal, RouterScore, RouterVersion
from backend.triage.proposing import Proposal, propose

RECENT = dt.timedelta(days=7)
"""Of older cases nothing is proposed any more: they were imported, or the worker stood still."""
AT_ONCE = 500
LEAST_SHOWN = 20
"""Of fewer cases no share is published."""
MONTHS = 36
DRIFT, LEAST_JUDGED, LOOKED_BACK = 10, 50, dt.timedelta(days=30)
"""So many points below what was measured, of so many proposals of the last days, is notified."""
SPOKE = Q(category__isnull=False) | Q(unit__isnull=False)
RIGHT = (
    SPOKE
    & (Q(category__isnull=True) | Q(category=F("chosen_category")))
    & (Q(unit__isnull=True) | Q(unit=F("chosen_unit")))
)
"""Everything of which it spoke is as people decided."""


def propose_for_new(now: dt.datetime | None = None) -> int:
    """Keep what is proposed of the cases that came; how many. What was kept stays as it was."""
    since = (now or timezone.now()) - RECENT
    rows = Complaint.objects.filter(
        registered_at__gte=since, router_proposal__isnull=True, anonymised_at__isnull=True
    )
    cases = list(rows.order_by("registered_at", "pk").only("pk", "subject", "body", "place")[:AT_ONCE])
    return keep(cases) if cases else 0


def keep(cases: Iterable[Complaint]) -> int:
    """Propose for these cases and keep it."""
    catalogue, router = of_house.current(), serving.in_force()
    categories = dict(Category.objects.values_list("code", "pk"))
    units = dict(Department.objects.values_list("code", "pk"))

    def row(case: Complaint) -> RouterProposal:
        found = propose(
            f"{case.subject} {case.body}",
            catalogue,
            router,
            place=case.place,
            threshold=configured.ROUTER_THRESHOLD / 100,
            silent_units=configured.ROUTER_SILENT_UNITS,
        )
        category, unit = _spoken(found)
        return RouterProposal(
            complaint=case,
            router_id=found.router.pk if found.router else None,
            category_id=categories.get(category),
            unit_id=units.get(unit),
            priority=found.priority,
        )

    made = RouterProposal.objects.bulk_create(map(row, cases), ignore_conflicts=True, batch_size=200)
    return len(made)


def _spoken(found: Proposal) -> tuple[str, str]:
    """Category and unit that were proposed as the one; "" where several were named, or none."""
    if not found.is_learned and len(found.categories) != 1:
        return "", ""
    units = found.units if found.is_learned or len(found.units) == 1 else ()
    return (
        found.categories[0].code if found.categories else "",
        units[0].code if units else "",
    )


def settle() -> int:
    """Write down what the closed cases became; how many. What was withdrawn, sent on or a duplicate says nothing."""
    ended = Complaint.objects.filter(pk=OuterRef("complaint"))
    answered = ended.filter(status__in=ANSWERED)
    rows = RouterProposal.objects.filter(settled_at__isnull=True, complaint__closed_at__isnull=False)
    return rows.update(
        settled_at=Subquery(ended.values("closed_at")),
        chosen_category=Subquery(answered.values("category")),
        chosen_unit=Subquery(answered.values("responsible_department")),
    )


def count(on: dt.date | None = None) -> int:
    """Publish the score of the last months, in all and by category; how many rows."""
    first = (on or today()).replace(day=1)
    first = (first - dt.timedelta(days=31 * MONTHS)).replace(day=1)
    judged = RouterProposal.objects.filter(
        Q(chosen_category__isnull=False) | Q(chosen_unit__isnull=False), settled_at__date__gte=first
    ).annotate(month=TruncMonth("settled_at", tzinfo=ISTANBUL))
    names = {"cases": Count("pk"), "spoke": Count("pk", filter=SPOKE), "right": Count("pk", filter=RIGHT)}
    whole = judged.order_by().values("month").annotate(**names)
    parts = judged.order_by().values("month", "chosen_category").annotate(**names)
    with transaction.atomic():
        RouterScore.objects.all().delete()
        rows = [row for found in (*whole, *parts) if (row := _score(found)) is not None]
        RouterScore.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def _score(found: Any) -> RouterScore | None:
    if found["cases"] < LEAST_SHOWN or found.get("chosen_category", 0) is None:
        return None
    spoke, right = found["spoke"], found["right"]
    share = round(100 * right / spoke) if spoke >= LEAST_SHOWN else None
    return RouterScore(
        month=found["month"].date(),
        category_id=found.get("chosen_category"),
        cases=found["cases"] // 10 * 10,
        spoke_percent=round(100 * spoke / found["cases"]),
        right_percent=share,
        changed_percent=None if share is None else 100 - share,
    )


def tell_drift(now: dt.datetime | None = None) -> bool:
    """Notify the administrators, once a version, that the router in force is right less often than it was measured."""
    row = RouterVersion.objects.in_force().filter(drift_told_on__isnull=True).first()
    if row is None or row.right_percent is None:
        return False
    since = (now or timezone.now()) - LOOKED_BACK
    judged = RouterProposal.objects.filter(SPOKE, router__isnull=False, settled_at__gte=since)
    judged = judged.filter(Q(chosen_category__isnull=False) | Q(chosen_unit__isnull=False))
    found = judged.aggregate(spoke=Count("pk"), right=Count("pk", filter=RIGHT))
    if found["spoke"] < LEAST_JUDGED:
        return False
    share = round(100 * found["right"] / found["spoke"])
    if share > row.right_percent - DRIFT:
        return False
    RouterVersion.objects.filter(pk=row.pk).update(drift_told_on=today())
    managers = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    with translation.override("tr"):
        facts = {"number": row.number, "measured": row.right_percent, "now": share}
    staff.post(staff.recipients(None, *managers), "triage/drift", facts)
    return True
