"""Search across everything: what somebody types is looked up in all that they see, in one list, the best fit first.

Each kind goes through its own rule (`scope.visible`) and its own functions of the second wall
(`permissions.search.lookups`); who stands behind a case or a request is found only where the viewer may know them
from it. Words are found by their beginnings, numbers and telephone numbers however they are written; where nothing
is found, what is written nearly so.
"""

from permissions.search.hits import Hit as Hit
from permissions.search.kinds import SOURCES as SOURCES
from permissions.search.kinds import Field as Field
from permissions.search.kinds import Kind as Kind
from permissions.search.searching import MOST as MOST
from permissions.search.searching import search as search

__all__ = ["MOST", "SOURCES", "Field", "Hit", "Kind", "search"]
