"""Many houses: one code that serves several municipalities, each with a database, secrets and files of its own.

    with houses.inside(house):       # settings, connections, storages and memories are this house's
        Complaint.objects.count()

OZELKALEM_HOUSES names the file that lists them (`registry`); without it nothing of this is there, and `current()` is
None. With it a request belongs to the house whose host name it asks (`web`), a process of `manage.py houses run` to one
house for good, and all else to none: then there is no database to ask, and nothing is another house's by mistake.
"""

from backend.houses.current import become, current, inside, name
from backend.houses.kept import PerHouse
from backend.houses.registry import House, HousesError, NoHouseError, by_host, every, is_on, named

__all__ = [
    "House",
    "HousesError",
    "NoHouseError",
    "PerHouse",
    "become",
    "by_host",
    "current",
    "every",
    "inside",
    "is_on",
    "name",
    "named",
]
