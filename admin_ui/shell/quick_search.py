"""Command palette: pages and verbs first, then all visible rows that match the entered text, a series once."""

import time

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from unfold.dataclasses import SearchResult

from admin_ui.complaints.admin import SEARCHED
from admin_ui.core.dates import moment_text
from admin_ui.shell.commands import commands
from permissions import search
from permissions.search import Field, Hit, Kind

ROWS, EACH = 40, 6
TEMPLATE = "unfold/helpers/command_results.html"
ICONS = {
    Kind.COMPLAINT: "inbox",
    Kind.CITIZEN: "person",
    Kind.LETTER: "drafts",
    Kind.INSTRUCTION: "assignment",
    Kind.ENTRY: "event_note",
    Kind.REQUEST: "event_available",
    Kind.INVITATION: "mail",
    Kind.EVENT: "celebration",
    Kind.ORGANISATION: "handshake",
    Kind.ENGAGEMENT: "groups",
    Kind.AGREEMENT: "contract",
}
TIMED = (Kind.ENTRY, Kind.INVITATION, Kind.EVENT, Kind.ENGAGEMENT)
"""Kinds that are known by when they are."""


def _link(hit: Hit) -> str:
    meta = search.SOURCES[hit.kind].model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[hit.key])


def _shown(hit: Hit) -> SearchResult:
    """What it is, and what was found where the heading does not show it already."""
    where = (
        ""
        if hit.matched in (Field.TITLE, Field.NUMBER, Field.PHONE) or hit.excerpt == hit.person
        else hit.excerpt
    )
    when = moment_text(localtime(hit.at)) if hit.kind in TIMED else ""
    parts = [str(hit.kind.label), hit.status_label, when, hit.person, where]
    return SearchResult(
        title=f"{hit.number} {hit.title}".strip(),
        description=" · ".join(filter(None, parts)),
        link=_link(hit),
        icon=ICONS[hit.kind],
    )


def _once(hits: list[Hit]) -> list[Hit]:
    """Of the entries of a series, which have one title, only the first."""
    kept: dict[object, Hit] = {}
    for hit in hits:
        kept.setdefault((hit.kind, hit.title) if hit.kind == Kind.ENTRY else (hit.kind, hit.row), hit)
    return list(kept.values())


def results(request: HttpRequest) -> HttpResponse:
    """Pages and verbs; then rows, what fits best first, then the newest; of each kind a few."""
    text, began = request.GET.get("s", "").strip()[:200], time.monotonic()
    if not text:
        return HttpResponse()
    hits = search.search(text, purpose=SEARCHED, first=ROWS, each=EACH)
    items = [*commands(request, text), *(_shown(hit) for hit in _once(hits))]
    paginator = Paginator(items, max(len(items), 1))
    context = {
        "page_obj": paginator,
        "results": paginator.page(1),
        "page_counter": 0,
        "execution_time": time.monotonic() - began,
        "command_show_history": False,
        "search_term": text,
    }
    return TemplateResponse(request, TEMPLATE, context, headers={"HX-Trigger": "search"})
