"""Publishing from where applications come: cells of one fixed grid, never of few, counted anew every night.

One grid, whose cells are not chosen by the asker, leaves no two cells of which one could be taken from the other;
rounding down to fives hides what a night adds. The numbers of a mahalle (`complaints.reporting.publishing`) count the
same applications, and those without an exact point besides, of which nothing is published: what a mahalle has more than
its cells may always be they, so that a cell left out may always be empty.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Count

from backend.complaints.models import Complaint
from backend.complaints.reporting.publishing import FEW
from backend.core.localtime import midnight, today
from backend.map.counting import cell_of
from backend.map.grid import PUBLISHED
from backend.map.models import PublishedCell
from backend.places.choices import APPROXIMATE

STEP = 5
MOST_CELLS = 2000
"""A district of 60 km² has about 300."""


def shown(received: int) -> int | None:
    """Return the number that is published of a cell; None: the cell is left out."""
    return None if received < FEW else received // STEP * STEP


def publish(on: dt.date | None = None) -> int:
    """Count the twelve whole months before a day (today) and replace what was published; how many cells."""
    ends = (on or today()).replace(day=1)
    begins = ends.replace(year=ends.year - 1)
    rows = (
        Complaint.objects.filter(
            registered_at__gte=midnight(begins),
            registered_at__lt=midnight(ends),
            latitude__isnull=False,
            longitude__isnull=False,
        )
        .exclude(point_source__in=APPROXIMATE)
        .annotate(column=cell_of("longitude", PUBLISHED), row=cell_of("latitude", PUBLISHED))
    )
    counted = rows.order_by().values("column", "row").annotate(received=Count("pk")).filter(received__gte=FEW)
    cells = [
        PublishedCell(
            column=one["column"],
            row=one["row"],
            received=received,
            begins_on=begins,
            ends_on=ends - dt.timedelta(days=1),
        )
        for one in counted.order_by("-received", "column", "row")[:MOST_CELLS]
        if (received := shown(one["received"])) is not None
    ]
    with transaction.atomic():
        PublishedCell.objects.all().delete()
        PublishedCell.objects.bulk_create(cells, batch_size=1000)
    return len(cells)
