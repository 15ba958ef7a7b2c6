"""What the router of the demo learned: a version from the older cases, which proposed for the newer ones."""

from __future__ import annotations

import importlib.util

from django.db.models import OuterRef, Subquery

from backend.complaints.choices import ANSWERED
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.triage import jobs, scoring, training
from backend.triage.models import RouterProposal, RouterVersion

OLDER = 0.6
"""This share of the answered cases is learned from first; for the others it is proposed."""
LEARNED_FROM, PROPOSED_FOR = 400, 300
"""So few that the demo begins in time; its worker learns from all of them meanwhile."""


def load_once() -> None:
    """Learn and publish the score, unless it was done before. Of few cases nothing is learned."""
    if importlib.util.find_spec("sklearn") is None:
        return
    with system():
        if RouterVersion.objects.exists():
            return
        answered = Complaint.objects.closed().filter(status__in=ANSWERED).order_by("closed_at", "pk")
        moments = list(answered.values_list("closed_at", flat=True))
    if not moments:
        return
    began = moments[int(len(moments) * OLDER)]
    if training.learn(until=began, most=LEARNED_FROM) is None:
        return
    with system():
        newer = list(answered.filter(closed_at__gte=began))
        scoring.keep(newer[:: len(newer) // PROPOSED_FOR + 1])
        scoring.propose_for_new()
        registered = Complaint.objects.filter(pk=OuterRef("complaint")).values("registered_at")
        RouterProposal.objects.update(proposed_at=Subquery(registered))
        RouterVersion.objects.update(trained_at=began, put_in_force_at=began)
        scoring.settle()
        scoring.count()
        jobs.learn_at_night.configure().defer(timestamp=0)
