"""What the router of the demo learned: a version from the older cases, which proposed for the newer ones, and one from
all of them."""

from __future__ import annotations

import importlib.util

from django.db.models import OuterRef, Subquery

from backend.complaints.choices import ANSWERED
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.triage import scoring, training
from backend.triage.models import RouterProposal, RouterVersion

OLDER = 0.6
"""This share of the answered cases is learned from first; for the others it is proposed."""
MOST_PROPOSED = 1000


def load_once() -> None:
    """Learn twice and publish the score, unless it was done before. Of few cases nothing is learned."""
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
    if training.learn(until=began) is None:
        return
    with system():
        scoring.keep(answered.filter(closed_at__gte=began)[:MOST_PROPOSED])
        scoring.propose_for_new()
        registered = Complaint.objects.filter(pk=OuterRef("complaint")).values("registered_at")
        RouterProposal.objects.update(proposed_at=Subquery(registered))
        RouterVersion.objects.update(trained_at=began, put_in_force_at=began)
        scoring.settle()
        scoring.count()
    training.learn()
