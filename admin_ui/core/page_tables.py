"""A table inside a page as something that can be taken along, through the gate of every list (`exporting`).

A table has the columns of a list and the rows that its page shows to this person, all of them and not the first ones.
The page is named by `of`, the key of its row; hidden and missing are the same. A cell is a value as it is, or the words
of what is only markup.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html.parser import HTMLParser
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeData
from django.utils.translation import gettext as _

from admin_ui.core.listing import Column
from backend.core.errors import DomainError, ErrorCode
from backend.documents.table_writer import Cell
from backend.exports import making
from permissions.core import scope
from permissions.core.access_log import exporting
from permissions.core.registry import RULES

OF = "of"
Text = str | Promise


@dataclass(frozen=True)
class PageTable:
    """`rows`: query or list of the rows visible to the viewer, for the page's row and the filters. `identity`:
    key of a list's row, since large files are written in slices. `most`: limit of the rows, mentioned in file and
    page. `asks`: available filters, as in the page's URL. `note`: persons shown, for the read log. `gate`: who
    may open the page. `back`: address of the page."""

    name: str
    title: Text
    columns: Sequence[Column]
    rows: Callable[[Any, Mapping[str, str]], Any]
    back: Callable[[Any], str]
    of: type[Model] | None = None
    asks: tuple[str, ...] = ()
    note: Callable[[Sequence[Any]], object] = lambda rows: None
    gate: Callable[[Any], bool] = lambda row: True
    identity: Callable[[Any], Hashable] = attrgetter("pk")
    most: int | None = None

    def load(self, asked: Mapping[str, str]) -> Any:
        """The row of the page. NOT_FOUND where the viewer may not open it."""
        row = scope.get(self.of, asked.get(OF, ""), field="list") if self.of else None
        if not self.gate(row):
            raise scope.not_found()
        return row

    def check(self, asked: Mapping[str, str]) -> None:
        """INVALID for what does not narrow this table: a file of more than was meant is not made."""
        known = ([OF] if self.of else []) + list(self.asks)
        if set(asked) - set(known):
            message = _("This list has no such filter. There are: %(known)s.")
            raise DomainError(ErrorCode.INVALID, message % {"known": ", ".join(known) or "–"}, "filters")


class ExportableTable:
    """A table as one person sees it (`backend.exports.lists.OpenList`)."""

    def __init__(self, table: PageTable, asked: Mapping[str, str]) -> None:
        table.check(asked)
        self.table, self.asked, self.row = table, dict(asked), table.load(asked)

    @property
    def most(self) -> int | None:
        return self.table.most

    @property
    def title(self) -> str:
        return str(self.table.title)

    @property
    def headings(self) -> Sequence[str]:
        return [str(column.title) for column in self.table.columns]

    @property
    def lines(self) -> Sequence[str]:
        """What the page is about: in the file, never in its name or in the journal."""
        return [str(getattr(self.row, "title", "") or self.row)] if self.row is not None else []

    @cached_property
    def found(self) -> Any:
        with exporting():
            return self.table.rows(self.row, self.asked)

    def keys(self, limit: int) -> list[Hashable]:
        if isinstance(self.found, QuerySet):
            return list(self.found.values_list("pk", flat=True)[:limit])
        return [self.table.identity(row) for row in self.found[:limit]]

    def cells(self, keys: Sequence[Hashable]) -> list[list[Cell]]:
        rows = self._rows(keys)
        with exporting():
            self.table.note(rows)
            return [[cell_of(column, row) for column in self.table.columns] for row in rows]

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(str(key) for key in self.keys(making.MOST_ROWS))

    def seen(self, keys: Sequence[Any]) -> list[Any]:
        """Those of the keys, as they are or as JSON kept them, whose rows are seen. One that left the table, because it
        is done, may be seen all the same; rows that are in no table of ours are looked for in that of the page."""
        rows = self.found
        if not isinstance(rows, QuerySet) or rows.model not in RULES:
            return [key for key in keys if str(key) in self._there]
        visible = scope.visible(rows.model._default_manager.filter(pk__in=list(keys)))
        there = set(visible.values_list("pk", flat=True))
        return [key for key in keys if key in there]

    def withholds(self, keys: Sequence[Any], since: dt.datetime) -> bool:
        return False

    @property
    def page(self) -> dict[str, str]:
        return self.asked

    def _rows(self, keys: Sequence[Hashable]) -> list[Any]:
        if isinstance(self.found, QuerySet):
            by_key = {row.pk: row for row in self.found.filter(pk__in=list(keys)).order_by()}
        else:
            by_key = {self.table.identity(row): row for row in self.found}
        return [by_key[key] for key in keys if key in by_key]


TABLES: dict[str, PageTable] = {}


def provide(*tables: PageTable) -> None:
    """Called once for each, when the admin starts."""
    TABLES.update({table.name: table for table in tables})


# -- cells ---------------------------------------------------------------------------------------------------
_LINES = frozenset({"br", "p", "div", "li", "tr"})
_EMPTY = frozenset({"br", "img", "hr", "input", "wbr"})
_LEFT_OUT = {("aria-hidden", "true"), ("class", "ok-hidden")}


def cell_of(column: Column, row: object) -> Cell:
    """Return the value of a row for a file; None where a list draws a dash. A moment is exact to the minute."""
    value = column.value(row)
    if isinstance(value, dt.datetime):
        return value.replace(second=0, microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    text = text_of(value) if isinstance(value, SafeData) else str(value).strip()
    return None if text in ("", "–") else text


def text_of(html: object) -> str:
    """The words of a piece of a page, without what is only drawn and what is only read out."""
    reader = _Reader()
    reader.feed(str(html))
    reader.close()
    lines = ("".join(reader.words)).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0
        """How deep we are inside something that is no word of a table: an icon, or what a mark says to the ear."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _EMPTY and (self.hidden or _LEFT_OUT & set(attrs)):
            self.hidden += 1
        self.words.append("\n" if tag in _LINES else " " if tag == "span" else "")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag not in _EMPTY:
            self.hidden -= 1
        self.words.append("\n" if tag in _LINES else "")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))
