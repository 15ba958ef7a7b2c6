"""Global search: one list of all visible rows that match, the best first.

Each kind goes through its own rule (`scope.visible`) and its own database functions (`permissions.core.lookups`);
the person behind a case or a request is a match only where the viewer may know them from it. Words match by their
beginnings, numbers and telephone numbers in any spelling; without matches, similar spellings are tried.
"""

from permissions.search.hits import Hit as Hit
from permissions.search.kinds import SOURCES as SOURCES
from permissions.search.kinds import Field as Field
from permissions.search.kinds import Kind as Kind
from permissions.search.searching import MOST as MOST
from permissions.search.searching import search as search

__all__ = ["MOST", "SOURCES", "Field", "Hit", "Kind", "search"]
