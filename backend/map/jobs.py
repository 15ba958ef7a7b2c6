"""What is kept and published of the map, counted anew every night."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from backend.core.session import system, without_timeout
from backend.map import keeping, publishing

_log = logging.getLogger(__name__)


@app.periodic(cron="5 1 * * *")
@app.task(name="map.publish_cells", queue="upkeep", queueing_lock="map.publish_cells")
def publish_cells_daily(timestamp: int) -> None:
    with system():
        without_timeout()
        publishing.publish()


@app.periodic(cron="35 1 * * *")
@app.task(name="map.keep_cells", queue="upkeep", queueing_lock="map.keep_cells")
def keep_cells_at_night(timestamp: int) -> None:
    """Sum up the changes of the day. What differs from the cases is logged, as a number only, and mended with it."""
    with system():
        without_timeout()
        if differing := keeping.differing():
            _log.error("Numbers of the map differed in %s groups; they are counted anew.", differing)
        keeping.count_anew()
