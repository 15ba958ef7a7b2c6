"""From a row of the council's file to a row that the importer reads: a small table, and what is wrong counted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

SOURCE = "meclis-ofisleri"
FIRST_DAY = dt.date(2010, 1, 1)
COLUMNS = ("Başvuru No", "Kayıt Tarihi", "Kategori", "Konu", "Adres", "Durum", "Kapanış Tarihi")
EMPTY_KINDS = ("", "Select One", "Please choose an issue...", "@getxlate.Udf_Code_Genera")

KINDS: dict[str, tuple[str, str]] = {
    "Housing and Buildings": ("kacak-yapi", "yapi-kontrol"),
    "HOUSING AND BUILDINGS": ("kacak-yapi", "yapi-kontrol"),
    "Transportation": ("kaldirim-ve-bordur", "fen-isleri"),
    "Sanitation": ("cop-toplama", "temizlik-isleri"),
    "Parks": ("park-bakimi", "park-ve-bahceler"),
    "Environment": ("hava-kirliligi", "iklim-degisikligi-ve-sifir-atik"),
    "Quality of Life": ("gurultu", "zabita"),
    "QUALITY OF LIFE": ("gurultu", "zabita"),
    "Public Safety": ("kaldirim-isgali", "zabita"),
    "Consumer Affairs": ("fiyat-ve-etiket", "zabita"),
    "Consumer Complaints": ("fiyat-ve-etiket", "zabita"),
    "Land Use and Zoning": ("imar-durumu", "imar-ve-sehircilik"),
    "Land Use": ("imar-durumu", "imar-ve-sehircilik"),
    "Utilities": ("sokak-aydinlatmasi", "fen-isleri"),
}
"""Kind of the file -> code of our category, and of the department that had what has ended."""


@dataclass
class Tally:
    """What was found in the file, by reason."""

    read: int = 0
    ready: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)


def records(rows: Iterable[Mapping[str, str]], tally: Tally) -> Iterator[tuple[str, ...]]:
    """Yield what the importer reads of each row that can be taken; `tally` counts the rest, and what was mended."""
    seen: set[str] = set()
    for row in rows:
        tally.read += 1
        key = row["unique_key"].strip()
        opened, closed = _day(row["opendate"]), _day(row["closedate"])
        if not key:
            tally.refused["no key"] += 1
        elif key in seen:
            tally.refused["key repeated"] += 1
        elif opened is None:
            tally.refused["no day of receipt, or none that can be"] += 1
        else:
            seen.add(key)
            tally.ready += 1
            yield _record(row, key, opened, closed, tally)


def _record(
    row: Mapping[str, str], key: str, opened: dt.date, closed: dt.date | None, tally: Tally
) -> tuple[str, ...]:
    kind, words = row["complaint_type"].strip(), row["descriptor"].strip()
    if kind in EMPTY_KINDS:
        tally.noted["no kind: without a category"] += 1
    elif kind not in KINDS:
        tally.noted["kind without a category of ours: in the subject alone"] += 1
    if closed is None:
        tally.noted["no end: open"] += 1
    elif closed < opened:
        tally.noted["end before its beginning: ended on the day of receipt"] += 1
        closed = opened
    category = KINDS.get(kind, ("", ""))[0]
    subject = words or (kind if kind not in EMPTY_KINDS else "") or "Belirtilmedi"
    place = ", ".join(filter(None, (row["community_board"].strip(), row["city"].strip(), row["zip"].strip())))
    status = "Kapatıldı" if closed else ""
    return key, opened.isoformat(), category, subject, place, status, closed.isoformat() if closed else ""


def _day(text: str) -> dt.date | None:
    """The day of a cell; None for none, and for one that cannot be."""
    try:
        day = dt.date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= dt.date.today() else None  # noqa: DTZ011 - a day without a time


def as_table(part: Iterable[tuple[str, ...]]) -> io.BytesIO:
    """The records as the file of a call centre."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows(part)
    return io.BytesIO(text.getvalue().encode())
