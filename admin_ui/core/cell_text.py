"""The cells of a list for a file: values as they are, and the words of what is only markup."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from django.utils.safestring import SafeData

from admin_ui.core.listing import Column
from backend.documents.table_files import Cell

_LINES = frozenset({"br", "p", "div", "li", "tr"})
_EMPTY = frozenset({"br", "img", "hr", "input", "wbr"})


def cell(column: Column, row: Any) -> Cell:
    """Return the value of a row for a file; None where a list draws a dash. A moment is exact to the minute."""
    value = column.value(row)
    if isinstance(value, dt.datetime):
        return value.replace(second=0, microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    text = text_of(value) if isinstance(value, SafeData) else str(value).strip()
    return None if text in ("", "–") else text


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
