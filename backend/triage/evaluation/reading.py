"""Labelled texts out of any file with a table: columns are found by their usual names or named by hand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from backend.core.table_reader.tables import TableError, csv_rows
from backend.core.words.text import clean, tr_tokens

USUAL = {
    "text": (
        "metin", "text", "body", "complaint", "sikayet", "aciklama", "icerik", "mesaj", "basvuru metni", "talep",
        "description", "content", "message", "sikayet metni", "detay",
    ),
    "subject": ("konu", "subject", "baslik", "title", "ozet", "sikayet basligi"),
    "label": (
        "kategori", "category", "label", "etiket", "sinif", "unit", "birim", "mudurluk", "department", "konu basligi",
        "class", "topic", "ilgili birim", "tur",
    ),
    "date": (
        "tarih", "date", "created", "opened", "created at", "basvuru tarihi", "kayit tarihi", "olusturma tarihi",
        "zaman", "timestamp", "opened at", "registered at", "sikayet tarihi",
    ),
}  # fmt: skip
"""Folded headings, the likeliest first. `subject` is put before the text where both are there."""
_LOCAL = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:\D+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?")
DATED = 0.9
"""Share of the lines that must have a date, or the order of the file is taken."""


@dataclass(frozen=True)
class Labelled:
    text: str
    label: str
    at: dt.datetime | None


@dataclass(frozen=True)
class Corpus:
    """The labelled texts in the order of time; `left_out` counts lines without a text or a label."""

    rows: list[Labelled]
    columns: dict[str, str]
    is_dated: bool
    left_out: int


def read(path: Path, *, text: str = "", label: str = "", date: str = "") -> Corpus:
    """The labelled texts of a CSV. TableError for a file that is no table, or without a column of texts or labels."""
    with path.open("rb") as file, closing(csv_rows(file)) as lines:
        heading = [clean(cell) for cell in next(lines)[1]]
        columns = _columns(heading, text=text, label=label, date=date)
        rows, left_out = [], 0
        for _line, cells in lines:
            row = _row(cells, columns)
            if row is None:
                left_out += 1
            else:
                rows.append(row)
    is_dated = bool(rows) and sum(row.at is not None for row in rows) >= DATED * len(rows)
    if is_dated:
        earliest = min(row.at for row in rows if row.at)
        rows.sort(key=lambda row: row.at or earliest)
    names = {role: heading[at] for role, at in columns.items()}
    return Corpus(rows, names, is_dated, left_out)


def _columns(heading: Sequence[str], **named: str) -> dict[str, int]:
    """Role -> place of its column. A named one must be there; texts and labels must be found."""
    folded = [tr_tokens(name) for name in heading]
    found: dict[str, int] = {}
    for role, usual in USUAL.items():
        wanted = [tr_tokens(named[role])] if named.get(role) else usual
        at = next((folded.index(name) for name in wanted if name in folded), None)
        if at is None and named.get(role):
            message = _("There is no column “%(name)s”. The file has: %(names)s.")
            raise TableError(message % {"name": named[role], "names": ", ".join(heading)})
        if at is not None and at not in found.values():
            found[role] = at
    for role in ("label", "text", "date"):
        if role not in found and (at := _like(folded, USUAL[role], found.values())) is not None:
            found[role] = at
    if "text" not in found and "subject" in found:
        found["text"] = found.pop("subject")
    if named.get("text"):
        found.pop("subject", None)  # who names the column of the texts means that alone
    for role, option in (("text", "--text"), ("label", "--label")):
        if role not in found:
            message = _("No column was found for %(option)s: name it. The file has: %(names)s.")
            raise TableError(message % {"option": option, "names": ", ".join(heading)})
    return found


def _like(folded: Sequence[str], usual: Sequence[str], taken: Collection[int]) -> int | None:
    """The first free heading one of whose words is a usual name: `complaint_text`, `kategori_adi`."""
    for name in usual:
        for at, heading in enumerate(folded):
            if at not in taken and name in heading.split():
                return at
    return None


def _row(cells: Sequence[str], columns: dict[str, int]) -> Labelled | None:
    def cell(role: str) -> str:
        at = columns.get(role)
        return clean(cells[at]) if at is not None and at < len(cells) else ""

    text = " ".join(filter(None, [cell("subject"), cell("text")]))
    label = " ".join(cell("label").split())
    return Labelled(text, label, moment(cell("date"))) if text and label else None


def moment(text: str) -> dt.datetime | None:
    """A date as files have it: ISO, or day, month and year; None for anything else. Only its order matters."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
        return found if found.tzinfo is None else found.astimezone(dt.UTC).replace(tzinfo=None)
    except ValueError:
        match = _LOCAL.match(text.strip())
    if match is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - of no zone, as the file
    except ValueError:
        return None
