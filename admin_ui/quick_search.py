"""The command palette: what somebody types is looked up in the cases they see."""

import time

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.dataclasses import SearchResult

from backend.complaints.models import Complaint
from permissions import scope

ROWS = 10
TEMPLATE = "unfold/helpers/command_results.html"


def results(request: HttpRequest) -> HttpResponse:
    """The first cases that fit, the most recent target first."""
    text, began = request.GET.get("s", "").strip()[:200], time.monotonic()
    if not text:
        return HttpResponse()
    rows = scope.top(
        scope.search(Complaint.objects.all(), text).defer("body", "search_text"), ("-target_on", "-pk"), ROWS
    )
    found = [
        SearchResult(
            title=f"{row.reference} {row.subject}",
            description=str(row.get_status_display()),
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
