"""Pages and verbs that the palette finds before it looks for rows: what one may open, and what one may do on the row
that is open."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.dataclasses import SearchResult

from admin_ui.core import page_access
from admin_ui.core.actions import ActionAdmin
from admin_ui.letters import admin as letters
from admin_ui.shell.navigation import Entry, offered
from backend.core.errors import DomainError
from backend.core.words.text import clean, tr_tokens

MOST = 8
BEGIN: tuple[Entry, ...] = (
    Entry(gettext_lazy("New call"), "add_call", "intake", page_access.registrars),
    Entry(
        gettext_lazy("New appointment request"), "event_available", "appointment_call", page_access.registrars
    ),
    Entry(
        gettext_lazy("New instruction"),
        "assignment_add",
        "instructions_instruction_new",
        page_access.may_record_instructions,
    ),
    Entry(gettext_lazy("New letter"), "edit_document", "letters_letter_new", letters.may_see),
)
"""Forms that begin something."""


def commands(request: HttpRequest, text: str) -> list[SearchResult]:
    """Verbs of the open row, then pages, whose words begin as the text says."""
    wanted = tr_tokens(clean(text)).split()
    if not wanted:
        return []
    found = [*_verbs(request, wanted), *_pages(wanted)]
    return found[:MOST]


def _fits(title: object, wanted: list[str]) -> bool:
    words = tr_tokens(clean(str(title))).split()
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _pages(wanted: list[str]) -> Iterator[SearchResult]:
    begin = [entry for entry in BEGIN if entry.gate()]
    known = {entry.url_name for entry in begin}
    for entry in [*begin, *(one for one in offered() if one.url_name not in known)]:
        if _fits(entry.title, wanted):
            yield SearchResult(
                title=str(entry.title),
                description=_("Page"),
                link=entry.link,
                icon=entry.icon,
            )


def _verbs(request: HttpRequest, wanted: list[str]) -> Iterator[SearchResult]:
    """What may be done to the row whose page the palette was opened on."""
    page = _open_page(request)
    if page is None:
        return
    screen, key = page
    try:
        row = screen.load(key)
    except DomainError:
        return
    for step in screen.offered(row):
        if _fits(step.verb.label, wanted):
            name = str(getattr(row, "reference", "") or screen.opts.verbose_name)
            yield SearchResult(
                title=str(step.verb.label),
                description=name,
                link=f"{screen.url_of(row)}?do={step.slug}#do",
                icon="bolt",
            )


def _open_page(request: HttpRequest) -> tuple[ActionAdmin, UUID] | None:
    """The screen and the key of the row that the address of the open page names."""
    try:
        match = resolve(urlsplit(request.headers.get("HX-Current-URL", "")).path)
    except (Resolver404, ValueError):
        return None
    key = match.kwargs.get("key")
    if match.app_name != "admin" or not isinstance(key, UUID):
        return None
    screens = (screen for screen in admin.site._registry.values() if isinstance(screen, ActionAdmin))
    found = next((screen for screen in screens if match.url_name == screen.name_of("change")), None)
    return None if found is None or not type(found).gate() else (found, key)
