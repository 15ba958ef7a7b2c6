"""One kind of list for every table: tabs, search, a few named filters, columns, and pages that cost a page.

Nothing but what is named here can be asked: there is no lookup through a parameter of the address, and
the number of queries does not grow with the rows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol, runtime_checkable
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from admin_ui.core.dates import day_text, moment_text
from admin_ui.core.lists.filters import Choice, Dates, Rows, Text, day_of
from permissions.plans import querysets as plans
from permissions.plans.querysets import Writing

__all__ = ["Choice", "Column", "Dates", "Listing", "Rows", "Tab"]

Cell = Text | bool | int | float | Decimal | dt.date | None
TAB_COUNTED = 99
"""Upper limit of the number on a tab."""
COUNTED = 10_000
"""Upper limit of counting: on a million rows a count costs more than the page."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, the value of a row, and the fields by which it sorts.

    A file holds the value: a day, a moment, a number or text (of safe HTML the words). A page draws it as text of the
    reader's language, with a dash for None, or by `html` where words or colours are added to it.
    """

    title: Text
    value: Callable[[Any], Cell]
    order: tuple[str, ...] = ()
    css: str = ""
    html: Callable[[Any], Cell] | None = None
    on_wish: bool = False  # put away until somebody wishes it

    def show(self, row: Any) -> Cell:
        """Return what a page draws of a row."""
        return drawn(self.value(row)) if self.html is None else self.html(row)


def drawn(value: Cell) -> Cell:
    """Return a value as a page draws it."""
    if isinstance(value, dt.datetime):
        return moment_text(value)
    if isinstance(value, dt.date):
        return day_text(value)
    return "–" if value is None else value


@dataclass(frozen=True)
class Tab:
    """A saved filter."""

    name: str
    title: Text
    apply: Callable[[Any], Any]
    is_for: Callable[[], bool] = lambda: True
    is_everything: bool = False
    """Where a search looks when no tab was chosen."""
    is_counted: bool = True  # its number is shown; not of what grows without end


@runtime_checkable
class Screen(Protocol):
    """What exports and saved filters ask of a screen over a table (`screen.ScopedAdmin`)."""

    gate: ClassVar[Callable[[], bool]]

    @property
    def opts(self) -> Any: ...
    @property
    def model(self) -> Any: ...
    @property
    def filters(self) -> Sequence[Choice | Dates]: ...
    @property
    def can_be_exported(self) -> bool: ...
    def listing(self, request: HttpRequest) -> Listing: ...
    def url(self, page: str, *args: object) -> str: ...


def name_of(screen: Screen) -> str:
    """Return the name under which exports and saved filters know the list of a screen."""
    return f"{screen.opts.app_label}_{screen.opts.model_name}"


@dataclass
class Listing:
    """One page of a list, ready for the template `admin_ui/list.html`."""

    request: HttpRequest
    build: Callable[[], Rows]
    """Builds the rows for the viewer of the moment."""
    columns: Sequence[Column]
    url_of: Callable[[Any], str] | None
    tabs: Sequence[Tab] = ()
    filters: Sequence[Choice | Dates] = ()
    search: Callable[[Any, str], Any] | None = None
    search_hint: Text = ""
    order: tuple[str, ...] = ("pk",)
    page_size: int = 50
    count_limit: int = COUNTED
    search_order: tuple[str, ...] = ()
    """What a search sorts by, if it has an order of its own."""
    search_limit: int = COUNTED
    """How many rows a search tells at most."""
    empty: Text = ""
    """Text of an empty list."""
    take: Callable[[Any, tuple[str, ...], int], Any] | None = None
    """Reads the first rows of a queryset cheaply; default: by slicing."""
    is_read_by_keys: bool = False
    """Whether the keys up to the limit are looked for once, to count them and to read a page: where finding is dear."""
    on_page: Callable[[list[Any]], object] | None = None
    withholds: Callable[[Sequence[Any], dt.datetime], bool] | None = None
    """Whether columns may have shown more of rows with these keys at that time than they would now; for files."""
    hidden: frozenset[int] = frozenset()  # places of columns put away; the first one and files keep all
    is_dense: bool = False
    kept_as: str = ""
    """The name under which the statements of its tabs are kept for all who see alike (`permissions.plans`): where what
    `build` and the tabs make depends on the viewer of the moment, and on nothing of the request."""
    opens_filled: bool = False
    """Whether it opens on the first counted tab that has a row, where none was chosen."""

    @cached_property
    def rows(self) -> Rows:
        """The rows that the viewer of this request sees, before tab, filters and search."""
        return self.build()

    @cached_property
    def tab(self) -> Tab | None:
        offered = [tab for tab in self.tabs if tab.is_for()]
        chosen = next((tab for tab in offered if tab.name == self.request.GET.get("tab", "")), None)
        if chosen is None and self.is_searched and self.query:
            chosen = self.everything
        if chosen is None and self.opens_filled:
            chosen = next((tab for tab in offered if self.tab_counts[tab.name]), self.everything)
        return chosen or (offered[0] if offered else None)

    @cached_property
    def everything(self) -> Tab | None:
        return next((tab for tab in self.tabs if tab.is_everything), None)

    @property
    def is_tab_chosen(self) -> bool:
        return self.tab is not None and self.tab.name == self.request.GET.get("tab")

    @property
    def elsewhere(self) -> str:
        """The address of the same search in everything, where it looks in less."""
        if not (self.query and self.everything) or self.tab is self.everything:
            return ""
        return self.address(tab=self.everything.name)

    @cached_property
    def query(self) -> str:
        return self.request.GET.get("q", "").strip()[:200]

    @cached_property
    def active_parameters(self) -> dict[str, str]:
        """The filters in force, as they stand in the address."""
        values: dict[str, str] = {}
        for item in self.filters:
            values |= item.read(self.request.GET)
        return values

    @property
    def asked(self) -> dict[str, str]:
        """All that the address asks for but the page: what opens the same list again."""
        tab = {"tab": self.tab.name} if self.tab and self.is_tab_chosen else {}
        query = {"q": self.query} if self.query and self.is_searched else {}
        sort = {"sort": self.request.GET["sort"]} if self.sort[0] >= 0 else {}
        return tab | query | self.active_parameters | sort

    @property
    def kept(self) -> str:
        """Tab and filters in force, as a saved filter keeps them: without what was searched for."""
        tab = {"tab": self.tab.name} if self.tab and self.is_tab_chosen else {}
        return urlencode(tab | self.active_parameters)

    @property
    def offered(self) -> str:
        """`kept` without values that no filter offers, so that text from the URL is not stored."""
        choices = {item.name: item for item in self.filters if isinstance(item, Choice)}
        pairs = parse_qsl(self.kept)
        return urlencode([(n, value) for n, value in pairs if n not in choices or choices[n].offers(value)])

    @cached_property
    def sort(self) -> tuple[int, bool]:
        """(column, descending); column -1 is the list's own order."""
        text = self.request.GET.get("sort", "")
        number = text.removeprefix("-")
        if number.isdecimal() and int(number) < len(self.columns) and self.columns[int(number)].order:
            return int(number), text.startswith("-")
        return -1, False

    @cached_property
    def ordering(self) -> tuple[str, ...]:
        column, descending = self.sort
        own = self.search_order if self.query and self.search_order else self.order
        fields = own if column < 0 else (*self.columns[column].order, "pk")
        turned = (name[1:] if name.startswith("-") else f"-{name}" for name in fields)
        return tuple(turned) if descending else fields

    @cached_property
    def found(self) -> Rows:
        rows = self.in_tab()
        for item in self.filters:
            rows = item.narrow(rows, item.read(self.request.GET))
        if self.query and self.search:
            rows = self.search(rows, self.query)
        return rows

    def in_tab(self) -> Rows:
        """The rows of the tab, for the viewer of the moment."""
        return self.tab.apply(self.of_viewer()) if self.tab else self.of_viewer()

    def of_viewer(self) -> Rows:
        """The rows for the viewer of the moment, who is a placeholder while a statement is made to be kept."""
        return self.build() if self.kept_as else self.rows

    @property
    def plan(self) -> str:
        """The name of what is kept of this tab; "" where the address asks for more than it."""
        if not self.kept_as or self.is_narrowed or self.is_read_by_keys:
            return ""
        return f"list {self.kept_as} {self.tab.name if self.tab else ''}"

    @cached_property
    def count(self) -> int:
        """How many there are, counted up to the limit and one more."""
        if self.is_read_by_keys:
            return len(self._first)
        if self.plan:
            counted = plans.fetch(f"{self.plan} count {self.limit}", self._write_count)
            return counted[0][0] if counted else 0
        return self.counted_rows(self.found).count()

    def counted_rows(self, rows: Rows) -> Rows:
        """The rows that are counted of these."""
        return rows.order_by()[: self.limit + 1]

    def _write_count(self, writing: Writing) -> str:
        return plans.write_count(writing, self.counted_rows(self.in_tab()))

    @property
    def limit(self) -> int:
        return min(self.count_limit, self.search_limit) if self.query else self.count_limit

    @property
    def is_searched(self) -> bool:
        return self.search is not None

    @property
    def is_capped(self) -> bool:
        return self.count > self.limit

    @property
    def counted(self) -> int:
        return min(self.count, self.limit)

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.counted // self.page_size))

    @cached_property
    def page(self) -> int:
        text = self.request.GET.get("page", "1")
        return min(max(int(text) if text.isdecimal() and len(text) < 8 else 1, 1), self.pages)

    @cached_property
    def objects(self) -> list[Any]:
        first, last = (self.page - 1) * self.page_size, self.page * self.page_size
        if not self.count:
            return []
        if self.is_read_by_keys:
            objects = list(self.found.filter(pk__in=self._first[first:last]).order_by(*self.ordering))
        elif self.plan and not first:
            name = f"{self.plan} {self.ordering} {last}"
            objects = plans.rows(name, lambda: self._firsts(self.in_tab(), last))
        else:
            objects = list(self._firsts(self.found, last)[first:])
        if self.on_page:
            self.on_page(objects)
        return objects

    def _firsts(self, rows: Rows, last: int) -> Rows:
        """The first rows of these, in this order."""
        return self.take(rows, self.ordering, last) if self.take else rows.order_by(*self.ordering)[:last]

    @cached_property
    def _first(self) -> list[int]:
        return self.first_keys(self.limit + 1)

    def first_keys(self, limit: int) -> list[int]:
        """The primary keys of the first rows, in this order."""
        return list(self._firsts(self.found, limit).values_list("pk", flat=True))

    # -- for the template --------------------------------------------------------------------------
    def address(self, **changes: object) -> str:
        """The address of this list with some parameters changed; None takes one away."""
        parameters: dict[str, object] = {
            "tab": self.request.GET.get("tab") or None,
            "q": self.query or None,
            **self.active_parameters,
            "sort": self.request.GET.get("sort") or None,
        }
        parameters |= changes
        kept = {name: value for name, value in parameters.items() if value is not None}
        return f"?{urlencode(kept)}"

    def some_of(self, tab: Tab, *_values: object) -> list[Rows]:
        """Disjoint parts of a tab's rows, each cut behind the limit."""
        return [tab.apply(self.of_viewer()).order_by()[: TAB_COUNTED + 1]]

    def counting_values(self) -> list[object]:
        """What of this request `some_of` needs to know besides the tab."""
        return []

    @cached_property
    def tab_counts(self) -> Counter[str]:
        """How many rows each tab has, to one more than the limit; one statement for all."""
        counted = [tab for tab in self.tabs if tab.is_for() and tab.is_counted and not tab.is_everything]

        def write(writing: Writing, *values: object) -> str:
            parts = ((tab.name, part) for tab in counted for part in self.some_of(tab, *values))
            return " UNION ALL ".join(
                filter(None, (plans.write_count(writing, p, name) for name, p in parts))
            )

        values = self.counting_values()
        if self.kept_as:
            names = " ".join(tab.name for tab in counted)
            found = plans.fetch(f"list {self.kept_as} tabs {names}", write, *values)
        else:
            found = plans.fetch_once(write, *values)
        counts: Counter[str] = Counter()
        for name, number in found:
            counts[name] += number
        return counts

    def tab_links(self) -> list[dict[str, object]]:
        offered = [tab for tab in self.tabs if tab.is_for()]
        return [
            {
                "title": tab.title,
                "url": self.address(tab=tab.name),
                "active": tab is self.tab,
                "count": f"{TAB_COUNTED}+" if (n := self.tab_counts[tab.name]) > TAB_COUNTED else n or "",
            }
            for tab in offered
        ]

    @property
    def shown(self) -> list[tuple[int, Column]]:
        return [(i, column) for i, column in enumerate(self.columns) if not i or i not in self.hidden]

    def heads(self) -> list[dict[str, Any]]:
        column, descending = self.sort
        items = []
        for index, item in self.shown:
            sorted_here = index == column
            name = f"-{index}" if sorted_here and not descending else str(index)
            url = self.address(sort=name) if item.order else ""
            state = ("descending" if descending else "ascending") if sorted_here else ""
            items.append({"title": item.title, "url": url, "state": state, "css": item.css})
        return items

    def body(self) -> list[dict[str, object]]:
        return [
            {
                "object": row,
                "url": self.url_of(row) if self.url_of else "",
                "cells": [(column, column.show(row)) for _place, column in self.shown],
            }
            for row in self.objects
        ]

    def fields(self) -> list[dict[str, object]]:
        """The filters as form fields."""
        items = []
        for item in self.filters:
            data: dict[str, object] = {"name": item.name, "title": item.title, "kind": item.kind}
            if isinstance(item, Choice):
                data["options"], data["value"] = (
                    list(item.options()),
                    self.active_parameters.get(item.name, ""),
                )
            else:
                data["from"], data["to"] = item.names
                data["from_label"] = _("%(filter)s: from") % {"filter": item.title}
                data["to_label"] = _("%(filter)s: until") % {"filter": item.title}
                data["first"], data["last"] = (day_of(self.active_parameters.get(n, "")) for n in item.names)
                data["wrong"] = item.wrong(self.request.GET)
            items.append(data)
        return items

    @cached_property
    def has_rows(self) -> bool:
        """Whether there is anything in any tab."""
        return bool(self.rows.order_by()[:1].exists())

    @property
    def why_empty(self) -> Text:
        """Nothing fits what was asked for, nothing is in this tab, or there is nothing yet."""
        if self.is_narrowed:
            return _("Nothing fits what you asked for. Reset the filters, or search in another way.")
        if self.tab and not self.tab.is_everything and self.has_rows:
            return _("Nothing is in this tab at the moment. Choose another tab to see the rest.")
        return self.empty

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.active_parameters)

    @property
    def reset(self) -> str:
        return f"?tab={self.tab.name}" if self.tab else "?"

    @property
    def previous(self) -> str:
        return self.address(page=self.page - 1) if self.page > 1 else ""

    @property
    def following(self) -> str:
        return self.address(page=self.page + 1) if self.page < self.pages else ""
