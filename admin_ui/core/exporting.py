"""Every list as something that can be taken along: what `backend.exports` asks of it, and the button of a list.

A file holds what the list shows to this person at this moment, all its rows and not the page: the same tab, filters,
search and order, the same columns, the same people noted in the read log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.core.listing import COUNTED, Choice, Dates, Listing, Screen, name_of
from admin_ui.core.page_tables import OF, TABLES, ExportableTable, cell_of
from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import first_capital
from backend.documents import table_writer
from backend.documents.table_writer import Cell, TableFormat
from backend.exports.lists import OpenList
from backend.exports.models import Export
from backend.organization.models import User
from permissions.core import scope
from permissions.core.access_log import exporting
from permissions.core.registry import RULES
from permissions.exports import access as exports


def screens() -> dict[str, Screen]:
    """The lists that the viewer may look at, by name; their own exports are none to export."""
    return {name: one for name, one in _registered().items() if type(one).gate()}


def screen_called(name: str) -> Screen | None:
    """The list of this name, if the viewer may look at it; no other list's gate is asked."""
    screen = _registered().get(name)
    return screen if screen is not None and type(screen).gate() else None


@cache
def _registered() -> dict[str, Screen]:
    # Whether something answers to a protocol is asked attribute by attribute: once, not with each export.
    every = (one for one in admin.site._registry.values() if isinstance(one, Screen))
    return {name_of(one): one for one in every if one.model is not Export}


class ExportableList:
    """A list as one person sees it (`backend.exports.lists.OpenList`)."""

    def __init__(self, screen: Screen, listing: Listing) -> None:
        self.screen, self.listing = screen, listing

    @cached_property
    def title(self) -> str:
        return first_capital(self.screen.opts.verbose_name_plural)

    @property
    def headings(self) -> Sequence[str]:
        return [str(column.title) for column in self.listing.columns]

    @property
    def lines(self) -> Sequence[str]:
        lines = []
        if tab := self.listing.tab:
            lines.append(_("Tab: %(title)s") % {"title": tab.title})
        if self.listing.query and self.listing.is_searched:
            lines.append(_("Search: %(text)s") % {"text": self.listing.query})
        lines += [f"{title}: {text}" for title, text in _filters_in_words(self.listing)]
        return [" · ".join(lines)] if lines else []

    @property
    def asked(self) -> dict[str, str]:
        return self.listing.asked

    @property
    def most(self) -> int | None:
        return self.listing.limit if self.listing.limit < COUNTED else None

    def keys(self, limit: int) -> list[int]:
        return self.listing.first_keys(limit)

    def cells(self, keys: Sequence[object]) -> list[list[Cell]]:
        rows = self.listing.found.filter(pk__in=list(keys))
        if rows.model in RULES:
            rows = scope.visible(rows)
        by_key = {row.pk: row for row in rows.order_by()}
        items = [by_key[key] for key in keys if key in by_key]
        with exporting():
            if self.listing.on_page:
                self.listing.on_page(items)
            return [[cell_of(column, row) for column in self.listing.columns] for row in items]

    def seen(self, keys: Sequence[Any]) -> list[Any]:
        rows = self.screen.model._default_manager.filter(pk__in=list(keys))
        there = set((scope.visible(rows) if rows.model in RULES else rows).values_list("pk", flat=True))
        return [key for key in keys if key in there]

    def withholds(self, keys: Sequence[Any], since: dt.datetime) -> bool:
        return self.listing.withholds is not None and self.listing.withholds(keys, since)

    @property
    def page(self) -> dict[str, str]:
        return {}


def _filters_in_words(listing: Listing) -> list[tuple[Any, str]]:
    lines = []
    for item in listing.filters:
        data = item.read(listing.request.GET)
        if isinstance(item, Choice) and data:
            value = data[item.name]
            lines.append((item.title, str(dict(item.options()).get(value, value))))
        elif data:
            ends = (data.get(f"{item.name}_{end}", "") for end in ("from", "to"))
            lines.append((item.title, "–".join(".".join(reversed(end.split("-"))) for end in ends)))
    return lines


class AdminLists:
    """The admin's lists, registered with `backend.exports` at startup."""

    def session(self, user: User) -> AbstractContextManager[Any]:
        return scope.session(user)

    def open(self, name: str, asked: Mapping[str, str], user: User) -> OpenList:
        if name in TABLES:
            return ExportableTable(TABLES[name], asked)
        screen = screen_called(name)
        if screen is None or not screen.can_be_exported:
            known = sorted([*(one for one, each in screens().items() if each.can_be_exported), *TABLES])
            raise _unknown("list", _("There is no such list. There are: %(known)s."), known)
        request = HttpRequest()
        request.method, request.user = "GET", user
        request.GET = QueryDict(urlencode(asked))
        listing = screen.listing(request)
        _check(listing, asked)
        return ExportableList(screen, listing)


def _check(listing: Listing, asked: Mapping[str, str]) -> None:
    """INVALID for a tab or a filter that this list does not have: an export of more than was meant is not made."""
    tabs = [tab.name for tab in listing.tabs if tab.is_for()]
    if "tab" in asked and asked["tab"] not in tabs:
        raise _unknown("tab", _("This list has no such tab. There are: %(known)s."), tabs)
    if "q" in asked and not listing.is_searched:
        raise _unknown(
            "search", _("This list is not searched. There are filters: %(known)s."), _names(listing)
        )
    for name in asked:
        if name not in {"tab", "q", "sort", *_names(listing)}:
            raise _unknown(
                "filters", _("This list has no such filter. There are: %(known)s."), _names(listing)
            )
        if name not in {"tab", "q", "sort", *listing.active_parameters}:
            raise _unknown("filters", _("A day is written like 2026-11-26: %(known)s."), [name])
    for item in listing.filters:
        if isinstance(item, Choice) and item.name in asked and not item.offers(asked[item.name]):
            known = [value for value, _text in item.options()]
            raise _unknown("filters", _("This filter has no such value. There are: %(known)s."), known)


def _names(listing: Listing) -> list[str]:
    items = []
    for item in listing.filters:
        items += [f"{item.name}_from", f"{item.name}_to"] if isinstance(item, Dates) else [item.name]
    return items


def _unknown(field: str, message: str, known: Sequence[str]) -> DomainError:
    return DomainError(ErrorCode.INVALID, message % {"known": ", ".join(known) or "–"}, field)


def list_context(screen: Screen) -> dict[str, object]:
    """What the template of a list needs for the menu “Export”."""
    if not screen.can_be_exported or scope.current_viewer().user is None:
        return {}
    formats: list[tuple[str, str | Promise]] = list(TableFormat.choices)
    return {"export_url": reverse("admin:export", args=[name_of(screen)]), "export_formats": formats}


@require_POST
def take(request: HttpRequest, name: str) -> HttpResponse:
    """Take a list along: a small one comes at once, a large one leads to the page on which it is followed."""
    asked: dict[str, Any] = {
        key: value
        for key, value in request.POST.items()
        if key not in ("csrfmiddlewaretoken", "format") and value
    }
    table, screen = TABLES.get(name), screen_called(name)
    if table is None and screen is None:
        raise scope.not_found()
    back = table.back(table.load(asked)) if table else screen.url("changelist") if screen else ""
    try:
        row = exports.start(list_name=name, format=request.POST.get("format", ""), asked=asked)
    except DomainError as error:
        messages.error(request, str(error))
        shown = urlencode(
            {name: value for name, value in asked.items() if name not in ("q", OF)}
        )  # no names in a URL
        return HttpResponseRedirect(f"{back}?{shown}".rstrip("?"))
    return (
        HttpResponseRedirect(reverse("admin:exports_export_change", args=[row.key]))
        if row.is_open
        else answer(row)
    )


def answer(row: Export) -> HttpResponse:
    """The file of an export, to be saved."""
    with row.file.open("rb") as kept:
        return HttpResponse(kept.read(), headers=table_writer.headers(row.name, row.format))
