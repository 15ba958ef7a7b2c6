"""Cases without a point get theirs: those that an import or an older version left, and all that the register may know
better once it has changed.

A part is a transaction of its own, so the job may be killed anywhere; the next run goes on where nothing was done yet.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from backend.complaints.locating.pointing import pointed
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.places.choices import DERIVED, PointSource
from backend.places.finding import located

PART = 200


@app.periodic(cron="20 1 * * *")
@app.task(name="complaints.locate", queue="upkeep", queueing_lock="complaints.locate")
def locate_nightly(timestamp: int = 0) -> None:
    locate_new()


@app.task(name="complaints.locate_again", queue="upkeep", queueing_lock="complaints.locate_again")
def locate_again() -> None:
    """After the register has changed: also what was found in it before."""
    locate_new()
    relocate()


def locate_new() -> int:
    """Give each case whose place was not looked for yet its point. Returns how many there were."""
    count = 0
    while done := _new_part():
        count += done
    return count


def _new_part() -> int:
    with system():
        rows = _locked(Complaint.objects.filter(point_source="").order_by("pk"))
        for row in rows:
            if row.anonymised_at is not None:
                point = {"point_source": PointSource.NONE}
            else:
                point = pointed(row.neighbourhood, row.place, row.latitude, row.longitude)
                for name in ("neighbourhood", "place"):  # what no citizen wrote is not put into an old case
                    del point[name]
            Complaint.objects.filter(pk=row.pk, point_source="").update(**point)
        return len(rows)


def relocate() -> int:
    """Look anew for what was found in the register. Returns how many cases have another point now."""
    last, moved = 0, 0
    while True:
        with system():
            derived = Q(point_source__in=DERIVED, anonymised_at=None, pk__gt=last)
            rows = _locked(Complaint.objects.filter(derived).order_by("pk"))
            if not rows:
                return moved
            for row in rows:
                last = row.pk
                moved += _moved(row)


def _moved(row: Complaint) -> int:
    found = located(row.neighbourhood, row.place)
    source = PointSource.NONE if found.latitude is None else found.source
    if (row.latitude, row.longitude, row.point_source) == (found.latitude, found.longitude, source):
        return 0
    mine = Complaint.objects.filter(pk=row.pk, point_source=row.point_source)
    return mine.update(latitude=found.latitude, longitude=found.longitude, point_source=source)


def _locked(rows: QuerySet[Complaint]) -> list[Complaint]:
    """The next part, without what is being changed at this moment."""
    return list(rows.select_related("neighbourhood").select_for_update(of=("self",), skip_locked=True)[:PART])
