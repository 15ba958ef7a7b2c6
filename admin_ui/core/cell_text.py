"""What a cell of a list says without its looks: text for a file, and the value behind a date or a number."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from django.utils.safestring import SafeData

from admin_ui.core.listing import Column
from backend.documents.table_files import Cell

_NOTHING = ("", "–")
_DATE = re.compile(r"(\d{2})[./](\d{2})[./](\d{4})")
_MOMENT = re.compile(_DATE.pattern + r" (\d{2}):(\d{2})")
"""As `dates` writes them, in Turkish and in English."""
_LINES = frozenset({"br", "p", "div", "li", "tr"})
_EMPTY = frozenset({"br", "img", "hr", "input", "wbr"})


def cell(column: Column, row: Any) -> Cell:
    """What the column holds of a row: real dates and numbers, else text; nothing where the list shows a dash."""
    if column.value is not None:
        found: Cell = column.value(row)
        return found
    shown = column.show(row)
    if shown is None or isinstance(shown, bool | int | float | Decimal | dt.date):
        return shown
    text = text_of(shown) if isinstance(shown, SafeData) else str(shown)
    return _read(text)


def _read(text: str) -> Cell:
    """The day or moment (of Türkiye) that a whole cell is, or its text."""
    text = text.strip()
    if text in _NOTHING:
        return None
    try:
        if found := _DATE.fullmatch(text):
            day, month, year = map(int, found.groups())
            return dt.date(year, month, day)
        if found := _MOMENT.fullmatch(text):
            day, month, year, hour, minute = map(int, found.groups())
            return dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the wall clock, as the list shows it
    except ValueError:
        pass
    return text


def text_of(html: Any) -> str:
    """The words of a piece of a page, without what is only drawn."""
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
        """How deep we are inside something that is not read out, such as an icon."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _EMPTY and (self.hidden or ("aria-hidden", "true") in attrs):
            self.hidden += 1
        self.words.append("\n" if tag in _LINES else " " if tag == "span" else "")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and tag not in _EMPTY:
            self.hidden -= 1
        self.words.append("\n" if tag in _LINES else "")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))
