"""What is published of the map, counted anew every night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from backend.core.session import system, without_timeout
from backend.map import publishing


@app.periodic(cron="5 1 * * *")
@app.task(name="map.publish_cells", queue="upkeep", queueing_lock="map.publish_cells")
def publish_cells_daily(timestamp: int) -> None:
    with system():
        without_timeout()
        publishing.publish()
