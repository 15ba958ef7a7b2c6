"""What the router of the demo learned: a version that proposed for the newer cases, a training from too few that a
person asked for and another one took back, and one that runs while the demo begins."""

from __future__ import annotations

import importlib.util

from django.db.models import OuterRef, Subquery

from backend.complaints.choices import ANSWERED
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import User
from backend.triage import actions, runs, scoring, training
from backend.triage.choices import Standing
from backend.triage.models import RouterProposal, RouterVersion

OLDER = 0.6
"""This share of the answered cases is there when the first is learned; for the others it is proposed."""
FEW, LEARNED_FROM, PROPOSED_FOR = 200, 400, 200
"""So few that the demo begins in time; its worker learns from all of them meanwhile."""


def load_once() -> None:
    """Learn, publish the score, and go back to the better version, unless it was done before. Of few cases nothing is
    learned."""
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
    better = training.learn(until=began, most=LEARNED_FROM)
    if better is None:
        return
    with system():
        newer = list(answered.filter(closed_at__gte=began))
        scoring.keep(newer[:: len(newer) // PROPOSED_FOR + 1])
        scoring.propose_for_new()
        registered = Complaint.objects.filter(pk=OuterRef("complaint")).values("registered_at")
        RouterProposal.objects.update(proposed_at=Subquery(registered))
        RouterVersion.objects.filter(pk=better.row.pk).update(trained_at=began, put_in_force_at=began)
        scoring.settle()
        scoring.count()
    _try_few_and_go_back(better.row)


def _try_few_and_go_back(better: RouterVersion) -> None:
    """Let Bilgi İşlem train from few cases and take that, and the head of the office go back; then let them train from
    all."""
    with system():
        people = {one.username: one for one in User.objects.filter(username__in=("bilgiislem", "ozelkalem"))}
        asked = runs.start(by=people["bilgiislem"], cases=FEW)
    tried = runs.train(str(asked.key))
    with system():
        if tried is not None:
            if tried.status != Standing.IN_FORCE:
                actions.put_in_force(tried, by=people["bilgiislem"])
            better.refresh_from_db()
            actions.put_in_force(better, by=people["ozelkalem"])
        runs.start(by=people["bilgiislem"])
