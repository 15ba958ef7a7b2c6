"""The place of a case on its page, and what is open near it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.panels import panel
from admin_ui.map.frame import map_data
from admin_ui.map.listing import point
from backend.complaints.models import Complaint
from backend.documents.charts import thousands
from backend.places.choices import APPROXIMATE
from permissions.core import scope
from permissions.map import cells


@panel("admin_ui/map/case.html", "place", Complaint)
def place(case: Complaint) -> dict[str, object]:
    """The map of a case that has a point. It reads no row: what is near is asked for once the map is looked at."""
    if case.latitude is None or case.longitude is None:
        return {}
    return {
        "is_approximate": case.point_source in APPROXIMATE,
        "case": case,
        "map_data": map_data(),
        "near_url": reverse("admin:complaints_complaint_near", args=[case.key]),
        "latitude": f"{case.latitude:.6f}",
        "longitude": f"{case.longitude:.6f}",
    }


def near(request: HttpRequest, key: UUID) -> JsonResponse:
    """The open cases near a case, as JSON; NOT_FOUND for a case that the viewer does not see."""
    case = scope.get(Complaint, key)
    found = cells.near(case)
    rows = [
        {**point(one.case, _url), "way": _("%(metres)s m") % {"metres": thousands(one.metres)}}
        for one in found
    ]
    return JsonResponse({"near": rows})


def _url(row: Complaint) -> str:
    return reverse(f"{admin.site.name}:complaints_complaint_change", args=[row.key])
