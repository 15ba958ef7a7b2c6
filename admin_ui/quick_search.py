"""The command palette: what somebody types is looked up in the cases they see."""

import time
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.dataclasses import SearchResult

from admin_ui.complaints import listed
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from permissions import finding, scope

ROWS = 10
TEMPLATE = "unfold/helpers/command_results.html"


def _names(cases: list[Complaint]) -> dict[int, str]:
    """Who is behind each case that was found by a person; showing them is noted in the read log.

    Of a case that was found by its words nobody is named: the same person may be known from another and hidden here.
    """
    by_person: dict[int, Any] = {case.pk: case.applicant_id for case in cases if case.fit == finding.PERSON}  # type: ignore[attr-defined]
    if not by_person:
        return {}
    people = {citizen.pk: citizen for citizen in scope.visible(Citizen).filter(pk__in=by_person.values())}
    scope.note_reading(people, "admin: search")
    return {case: people[person].full_name for case, person in by_person.items() if person in people}


def results(request: HttpRequest) -> HttpResponse:
    """The first cases that fit, the best fit first, then the newest."""
    text, began = request.GET.get("s", "").strip()[:200], time.monotonic()
    if not text:
        return HttpResponse()
    cases = listed(finding.find(Complaint.objects.all(), text))
    rows = list(scope.top(cases, finding.ORDER, ROWS))
    known = _names(rows)
    found = [
        SearchResult(
            title=f"{row.reference} {row.subject}",
            description=" · ".join(filter(None, [str(row.get_status_display()), known.get(row.pk)])),
            link=reverse("admin:complaints_complaint_change", args=[row.key]),
            icon="inbox",
        )
        for row in rows
    ]
    paginator = Paginator(found, ROWS)
    context = {
        "page_obj": paginator,
        "results": paginator.page(1),
        "page_counter": 0,
        "execution_time": time.monotonic() - began,
        "command_show_history": False,
        "search_term": text,
    }
    return TemplateResponse(request, TEMPLATE, context, headers={"HX-Trigger": "search"})
