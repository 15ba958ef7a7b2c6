"""Search across everything: what somebody types is looked up in all that they see, in one list, the best fit first.

Each kind goes through its own rule (`scope.visible`) and its own functions of the second wall (`permissions.lookups`);
who stands behind a case or a request is found only where the viewer may know them from it. Words are found by their
beginnings, numbers and telephone numbers however they are written; where nothing is found, what is written nearly so.
"""

from permissions.searching.hits import Hit as Hit
from permissions.searching.kinds import SOURCES as SOURCES
from permissions.searching.kinds import Field as Field
from permissions.searching.kinds import Kind as Kind
from permissions.searching.looking import MOST as MOST
from permissions.searching.looking import search as search

__all__ = ["MOST", "SOURCES", "Field", "Hit", "Kind", "search"]
