"""The numbers of the map's cells that are kept: counted anew from the cases, and compared with them."""

from __future__ import annotations

from django.db import connection

from backend.complaints.models import Complaint
from backend.complaints.triggers import on_map
from backend.map.models import KeptCell

_KEPT, _CASES = KeptCell._meta.db_table, Complaint._meta.db_table
_KEY = "departments, x, y, is_closed, is_urgent, target_on"
_SUMMED = f"{_KEY}, cases, longitudes, latitudes"
COUNTED = f"""
    SELECT {_KEY}, count(*), sum((longitude * 1e7)::bigint), sum((latitude * 1e7)::bigint)
      FROM (SELECT c.longitude, c.latitude, key.* FROM {_CASES} c, LATERAL (SELECT {on_map("c")}) AS key ({_KEY})
             WHERE c.longitude IS NOT NULL AND c.latitude IS NOT NULL) AS counted
     GROUP BY {_KEY}
"""  # noqa: S608 - constants
_STANDING = f"""
    SELECT {_KEY}, sum(cases), sum(longitudes), sum(latitudes) FROM {_KEPT} GROUP BY {_KEY} HAVING sum(cases) <> 0
"""  # noqa: S608


def count_anew() -> int:
    """Count every case and replace what is kept, while cases change: one statement, whose snapshot takes of each change
    both the case and its line, or neither. Returns how many lines it took."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM {_KEPT}) INSERT INTO {_KEPT} ({_SUMMED}) {COUNTED}"  # noqa: S608
        )
        return int(cursor.rowcount)


def differing() -> int:
    """Return of how many groups of cases the kept number is not what counting comes to."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH now AS ({COUNTED}), kept AS ({_STANDING}),
            wrong AS ((TABLE now EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE now))
            SELECT count(DISTINCT ({_KEY})) FROM wrong
            """  # noqa: S608
        )
        return int(cursor.fetchone()[0])
