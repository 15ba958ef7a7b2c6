"""Learning from the closed cases of the house. Nothing is written before the end: what is killed is run again."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from backend.complaints import catalogue as of_house
from backend.complaints.choices import ANSWERED, Priority, RoutingEnd
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint, Routing
from backend.complaints.suggestion import Catalogue, suggest
from backend.configuration.office import configured
from backend.core.operation.long_work import StopError
from backend.core.session import system, without_timeout
from backend.organization.models import Department
from backend.triage.catalogue import CATEGORY, PRIORITY, UNIT, words_of
from backend.triage.choices import OPEN, Standing
from backend.triage.learning.fitting import Example, Fitted, HeldOut, Progress, fit
from backend.triage.learning.weights import dump
from backend.triage.models import RouterVersion

MOST_CASES = 10_000
"""The newest so many are learned from: what fits a machine of 500 MB."""
LEAST_CASES = 100
"""From fewer nothing is learned; the words of the catalogue propose."""
KEPT_VERSIONS = 10
"""So many of the newest can be gone back to."""
QUESTIONS = (CATEGORY, UNIT, PRIORITY)
OPEN_RETURNED = 1000
"""So many open cases that a unit sent back speak against it."""
_FACTS = ("pk", "subject", "body", "category__code", "responsible_department_id", "priority", "registered_at")
_log = logging.getLogger("triage")


@dataclass(frozen=True)
class Learned:
    """What a training made: the version, and whether it is in force now."""

    row: RouterVersion
    is_in_force: bool


def learn(
    progress: Progress = lambda _step, _done, _of: None,
    *,
    until: dt.datetime | None = None,
    most: int | None = None,
    into: RouterVersion | None = None,
) -> Learned | None:
    """Learn from the newest closed cases and keep it as a version; None where there are too few. It comes into force if
    it is right at least as often as the words of the catalogue, and no one holds an earlier one. `until`: from what was
    closed before a moment, as it was known then. `most`: from so many of the newest, in place of `MOST_CASES`.
    `into`: the training that it becomes the version of; StopError if that was replaced."""
    with system():
        without_timeout()
        catalogue, examples = of_house.current(), collect(until, most)
    progress("collected", len(examples), len(examples))
    if len(examples) < LEAST_CASES:
        return None
    fitted = fit(examples, catalogue, QUESTIONS, words=words_of(catalogue), progress=progress)
    if fitted is None or CATEGORY not in fitted.weights.heads:
        return None
    with system():
        return keep(fitted, catalogue, len(examples), into)


def collect(until: dt.datetime | None = None, most: int | None = None) -> list[Example]:
    """The examples, the oldest first: cases that were answered, by what they were in the end; and open ones that a unit
    sent back, which say only whose they are not.

    What hides an identity, concerns personal data or was made anonymous is never learned from.
    """
    rows = Complaint.objects.filter(identity_hidden=False, anonymised_at__isnull=True)
    rows = rows.exclude(regime=Regime.KVKK_REQUEST)
    if until is not None:
        rows = rows.filter(closed_at__lt=until)
    closed = rows.closed().filter(status__in=ANSWERED).order_by("-closed_at", "-pk")
    open_ = rows.open().filter(return_count__gt=0).order_by("-pk")
    most = most or MOST_CASES
    found = [*closed.values_list(*_FACTS)[:most], *open_.values_list(*_FACTS)[:OPEN_RETURNED]]
    is_closed = set(closed.values_list("pk", flat=True)[:most])
    units = _units()
    returned = _returns([row[0] for row in found], units)
    found.sort(key=lambda row: (row[6], row[0]))
    examples = (_example(row, row[0] in is_closed, units, returned.get(row[0], ())) for row in found)
    return [example for example in examples if example.labels or example.against]


def _units() -> dict[int, str]:
    """Number of a unit -> the code of the one that has its work today; none for one that is gone."""
    rows = {row.pk: row for row in Department.objects.select_related("successor")}
    today = {pk: row.current() for pk, row in rows.items()}
    return {pk: row.code for pk, row in today.items() if row is not None}


def _returns(cases: Sequence[int], units: dict[int, str]) -> dict[int, tuple[str, ...]]:
    """Case -> the units that sent it back."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    rows = Routing.objects.filter(complaint__in=cases, end=RoutingEnd.RETURNED)
    for case, unit in rows.values_list("complaint_id", "department_id"):
        if unit in units:
            found[case][units[unit]] = None
    return {case: tuple(codes) for case, codes in found.items()}


def _example(
    row: tuple[Any, ...], is_closed: bool, units: dict[int, str], returned: tuple[str, ...]
) -> Example:
    _pk, subject, body, category, unit, priority, _at = row
    labels = {}
    if is_closed:
        labels[PRIORITY] = Priority.NORMAL.value if priority == Priority.NORMAL else Priority.HIGH.value
        labels |= {CATEGORY: category} if category else {}
        labels |= {UNIT: units[unit]} if unit in units else {}
    against = tuple(code for code in returned if code != labels.get(UNIT))
    return Example(f"{subject} {body}", labels, {UNIT: against} if against else {})


def keep(fitted: Fitted, catalogue: Catalogue, cases: int, into: RouterVersion | None = None) -> Learned:
    """Write a version down, and put it in force if it may be. Needs the session of the house."""
    content = dump(fitted.weights)
    heads = fitted.weights.heads
    threshold = configured.ROUTER_THRESHOLD
    measured = fitted.held_out.get(CATEGORY, [])
    spoken = [one for one in measured if one.sure * 100 >= threshold]
    first, words = _percent(measured), _words_right(measured, catalogue)
    is_good = first is not None and first >= (words or 0)
    with transaction.atomic():
        alone()
        before = RouterVersion.objects.in_force().first()
        takes_over = is_good and (before is None or not before.is_held)
        if takes_over and before is not None:
            RouterVersion.objects.filter(pk=before.pk).update(
                status=Standing.KEPT, version=before.version + 1
            )
        row = wanted(into) if into else RouterVersion(number=next_number())
        learned: dict[str, Any] = {
            "trained_at": timezone.now(),
            "version": row.version + 1 if into else 1,
            "status": Standing.IN_FORCE if takes_over else Standing.KEPT if is_good else Standing.WEAK,
            "cases": cases,
            "categories": len(heads[CATEGORY].labels),
            "units": len(heads[UNIT].labels) if UNIT in heads else 0,
            "threshold": threshold,
            "measured_on": len(measured),
            "spoke_percent": round(100 * len(spoken) / len(measured)) if measured else None,
            "right_percent": _percent(spoken),
            "first_right_percent": first,
            "words_right_percent": words,
            "weights": content,
            "digest": hashlib.sha256(content).hexdigest(),
            "put_in_force_at": timezone.now() if takes_over else None,
        }
        for name, value in learned.items():
            setattr(row, name, value)
        row.save()
        _empty_old()
    _log.info({"event": "router_learned", "count": cases, "reason": row.status.lower()})
    return Learned(row, takes_over)


def next_number() -> int:
    """The number of the next version. Needs `alone`."""
    return (RouterVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def wanted(training: RouterVersion) -> RouterVersion:
    """The row of a training that runs, locked; StopError where it was replaced by another run, or has failed."""
    running = RouterVersion.objects.filter(pk=training.pk, run=training.run, status=Standing.RUNNING)
    row = running.select_for_update(of=("self",)).first()
    if row is None:
        raise StopError
    return row


def alone() -> None:
    """One at a time chooses what is in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('triage_routerversion'))")


def _empty_old() -> None:
    """Take the weights of versions that are too old to go back to."""
    learned = RouterVersion.objects.exclude(status__in=(*OPEN, Standing.FAILED))
    newest = list(learned.order_by("-number").values_list("pk", flat=True)[:KEPT_VERSIONS])
    old = learned.exclude(pk__in=newest).exclude(status=Standing.IN_FORCE)
    old.filter(weights__isnull=False).update(weights=None, digest="", status=Standing.EMPTIED)


def _percent(answers: Iterable[HeldOut]) -> int | None:
    right = [one.label == one.example.labels[CATEGORY] for one in answers]
    return round(100 * sum(right) / len(right)) if right else None


def _words_right(answers: Sequence[HeldOut], catalogue: Catalogue) -> int | None:
    """How often the first category that the words name is the right one, of the same texts."""
    first = (suggest(one.example.text, catalogue).categories[:1] for one in answers)
    right = [found == (one.example.labels[CATEGORY],) for found, one in zip(first, answers, strict=True)]
    return round(100 * sum(right) / len(right)) if right else None
