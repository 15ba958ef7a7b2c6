"""On the page of a case: who else has it open, and who writes. `presence.js` says it for the viewer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from admin_ui.core.panels import PAGES, panel
from backend.complaints.models import Complaint
from backend.presence.models import Presence, Writes
from permissions.core import scope
from permissions.presence import access

SECONDS = 20
"""So often a page that is looked at says that it is open."""
FORMS = {
    "draft": Writes.REPLY,
    "correct_reply": Writes.REPLY,
    "approve_and_send": Writes.REPLY,
    "comment": Writes.NOTE,
    "message": Writes.MESSAGE,
    "notify_progress": Writes.MESSAGE,
}
"""The form that a person types in -> what they write."""


def _words(rows: list[Presence]) -> dict[str, object]:
    writing = {row.pk: row.writes for row in rows if row.is_writing}
    return {
        "people": [
            {"name": str(row.user), "writes": Writes(writes).label if (writes := writing.get(row.pk)) else ""}
            for row in rows
        ],
        "replying": [str(row.user) for row in rows if writing.get(row.pk) == Writes.REPLY],
    }


@panel("admin_ui/includes/presence.html", "head", Complaint)
def presence_of(complaint: Complaint) -> dict[str, object]:
    """The others, for who works the case."""
    if not scope.can(access.WORKS, complaint):
        return {}
    url = reverse("admin:complaints_complaint_presence", args=[complaint.key])
    return {"presence_url": url, "presence_seconds": SECONDS, **_words(access.others(complaint))}


def beat(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that the viewer has the case open (POST; `gone`: no longer, `written`: their text was sent), and draw who
    else has."""
    if request.method == "POST" and "gone" in request.POST:
        access.left(key)
        return HttpResponse(status=204)
    if request.method == "POST":
        if "written" in request.POST:
            access.left(key)
        rows = access.beat(key, writes=FORMS.get(request.POST.get("form", ""), ""))
    else:
        rows = access.others(scope.get(Complaint, key))
    return render(request, "admin_ui/includes/presence_lines.html", _words(rows))


PAGES[Complaint].append(("<uuid:key>/presence/", beat, "presence"))
