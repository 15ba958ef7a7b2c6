"""Which frame a page is drawn in: the whole site, or alone, as the part of a page that a script asked for.

htmx names the element whose content it changes. Where that is the content of a page (`WORK`) or the row at the side of
the queue (`PANE`), the answer is that content and the messages, without side bar and scripts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

WORK = "work"
"""The id of the content of every page."""
PANE = "pane"
"""The id of the row at the side of the queue."""
_BARE = "ozelkalem.bare"


def target(request: HttpRequest) -> str:
    """Return the part that is asked for: WORK, PANE, or nothing where the whole page is."""
    if request.META.get(_BARE):
        return PANE
    if (
        request.headers.get("HX-Request") != "true"
        or request.headers.get("HX-History-Restore-Request") == "true"
    ):
        return ""
    name = request.headers.get("HX-Target", "")
    return name if name in (WORK, PANE) else ""


@contextmanager
def inside(request: HttpRequest) -> Iterator[None]:
    """Draw pages of this request as a piece of another page: without title and messages."""
    request.META[_BARE] = True
    try:
        yield
    finally:
        del request.META[_BARE]


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what the base template needs to know to draw a page alone; empty for a whole page."""
    if not (part := target(request)):
        return {}
    return {
        "frame": "admin_ui/part.html",
        "is_pane": part == PANE,
        "is_bare": bool(request.META.get(_BARE)),
    }
