"""The map of the list of cases: the same tabs, filters and search, counted in cells from afar, and the cases themselves
where they are few. Two statements at most, however many there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core.display import date_text, is_running, time_left
from admin_ui.core.listing import Listing
from admin_ui.core.screen import page
from admin_ui.map.frame import map_data
from backend.complaints.models import Complaint
from backend.core.errors import DomainError
from backend.documents.charts import thousands
from backend.map import counting, grid
from backend.places.choices import APPROXIMATE
from permissions.map import cells

LEGEND = [
    ("late", "!", gettext_lazy("late")),
    ("due", "•", gettext_lazy("due today")),
    ("way", "→", gettext_lazy("on its way")),
    ("closed", "✓", gettext_lazy("closed")),
]
"""State on the map, its sign, its words."""
POINTS_FROM, FEW_POINTS = 15, 25
"""From this zoom on, and from afar if they are so few, cases are drawn one by one."""
UrlOf = Callable[[Any], str]


def show(
    request: HttpRequest, listing: Listing, parents: list[tuple[str, str]], address: str
) -> HttpResponse:
    """The page: tabs and filters of the list, and the map of what they leave. `address`: where the cells are."""
    query = listing.address().removeprefix("?")
    context = {
        "title": _("Map"),
        "parents": parents,
        "list": listing,
        "is_fullwidth": "1",
        "map_data": map_data(),
        "legend": LEGEND,
        "cells_url": f"{address}?{query}" if query else address,
        "list_url": f"{parents[0][1]}?{query}",
    }
    return page(admin.site, request, "admin_ui/map/list.html", context)


def answer(request: HttpRequest, listing: Listing, url_of: UrlOf) -> JsonResponse:
    """The part of the map that the address names, as JSON; what is no part of one is refused in words."""
    try:
        content = _part(listing, request.GET.get("bbox", ""), _zoom(request), url_of)
    except DomainError as error:
        return JsonResponse({"message": str(error)}, status=400)
    return JsonResponse(content)


def _asked(listing: Listing) -> Any:
    """What the list shows; all cases, narrowed by nothing, where it shows everything, for their numbers are kept."""
    is_everything = listing.tab is not None and listing.tab.is_everything and not listing.is_narrowed
    return Complaint.objects.all() if is_everything else listing.found


def heat(request: HttpRequest, rows: Any) -> JsonResponse:
    """How many of these cases come from each cell of the part that the address names, as JSON."""
    bbox, zoom = request.GET.get("bbox", ""), _zoom(request)
    try:
        per_degree = grid.scale(zoom)
        counted = list(cells.cells(rows, bbox, zoom))
    except DomainError as error:
        return JsonResponse({"message": str(error)}, status=400)
    found = [_cell(cell, per_degree) for cell in counted]
    return JsonResponse(
        {"heat": [{"box": one["box"], "value": one["total"], "label": one["label"]} for one in found]}
    )


def _zoom(request: HttpRequest) -> int:
    text = request.GET.get("zoom", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else -1


def _part(listing: Listing, bbox: str, zoom: int, url_of: UrlOf) -> dict[str, Any]:
    per_degree = grid.scale(zoom)
    counted = list(cells.cells(_asked(listing), bbox, zoom))
    total = sum(cell["total"] for cell in counted)
    is_few = total <= (cells.MOST_POINTS if zoom >= POINTS_FROM else FEW_POINTS)
    points = list(cells.points(listing.found, bbox, zoom)) if counted and is_few else []
    return {
        "cells": [] if is_few else [_cell(cell, per_degree) for cell in counted],
        "points": [point(row, url_of) for row in points],
        "total": total,
        "label": _sentence(total, len(counted) == counting.MOST_CELLS),
    }


def _sentence(total: int, is_cut: bool) -> str:
    words = ngettext(
        "%(count)s application with a place is in this part of the map.",
        "%(count)s applications with a place are in this part of the map.",
        total,
    )
    text = words % {"count": thousands(total)}
    cut = _("%(text)s Only the fullest places are drawn; go closer to see the rest.")
    return cut % {"text": text} if is_cut else text


def _cell(cell: dict[str, Any], per_degree: int) -> dict[str, Any]:
    """A cell as the script draws it."""
    column, row = cell["column"], cell["row"]
    counts = {name: cell[counting.COUNTED[name]] for name, _sign, _title in LEGEND}
    parts = [f"{thousands(counts[name])} {title}" for name, _sign, title in LEGEND if counts[name]]
    words = ngettext("%(count)s application", "%(count)s applications", cell["total"])
    return {
        **counts,
        "total": cell["total"],
        "at": [cell["middle_latitude"], cell["middle_longitude"]],
        "box": box_of(column, row, per_degree),
        "label": f"{words % {'count': thousands(cell['total'])}}: {', '.join(parts)}",
    }


def box_of(column: int, row: int, per_degree: int) -> list[float]:
    """The edges of a cell: south, west, north, east."""
    return [row / per_degree, column / per_degree, (row + 1) / per_degree, (column + 1) / per_degree]


def point(row: Any, url_of: UrlOf) -> dict[str, Any]:
    """A visible case as the script draws it: nothing of its applicant."""
    state = row.map_state
    target = date_text(row.target_on)
    if is_running(row):
        target = f"{target} · {time_left(row, row.target_on)[0]}"
    title = next(str(title) for name, _sign, title in LEGEND if name == state)
    return {
        "at": [row.latitude, row.longitude],
        "state": state,
        "reference": row.reference,
        "subject": row.subject,
        "place": _("near %(place)s") % {"place": row.place or row.neighbourhood}
        if row.point_source in APPROXIMATE
        else row.place,
        "status": row.get_status_display(),
        "target": target,
        "url": url_of(row),
        "label": f"{row.reference}, {title}: {row.subject}",
    }
