"""Cases with their known duplicates from a file of a table, whatever its columns are called.

Either a row is a case and names the one that it repeats, or a row is a pair, its columns twice: `text_a`, `text_b` or
`original_text`, `duplicate_text`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from backend.core.localtime import ISTANBUL
from backend.core.table_reader.tables import TableError, csv_rows_of
from backend.core.words.text import tr_tokens

NAMES: dict[str, tuple[str, ...]] = {
    "key": (
        *("id", "key", "no", "number", "case_id", "case_number", "casenumber", "reference", "unique_key"),
        *("sr_number", "service_request_id", "ticket", "numara", "basvuru_no", "basvuru"),
    ),
    "original": (
        *("duplicate_of", "duplicate_of_id", "duplicateof", "original", "original_id", "parent", "parent_id"),
        *("parent_sr_number", "parent_case_id", "master", "merged_into", "asil", "mukerrer", "asil_basvuru"),
    ),
    "at": (
        *("date", "created", "opened", "created_at", "created_date", "createdat", "created_on", "opened_at"),
        *("open_dt", "open_date", "requested_datetime", "registered_at", "registered_on", "reported_at"),
        *("submitted_at", "datetime", "timestamp", "time", "tarih", "kayit_tarihi", "basvuru_tarihi"),
    ),
    "closed": ("closed", "closed_at", "closed_date", "closed_dt", "resolved_at", "kapanis", "kapanis_tarihi"),
    "category": (
        *(
            "category",
            "kind",
            "type",
            "case_type",
            "sr_type",
            "service_name",
            "request_type",
            "complaint_type",
        ),
        *("problem", "topic", "kategori", "konu_turu", "tur"),
    ),
    "latitude": ("latitude", "lat", "enlem", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "boylam", "x"),
    "point": ("location", "point", "coordinates", "geometry", "geom", "konum", "koordinat"),
    "place": (
        *("address", "place", "adres", "yer", "street_address", "incident_address", "location_street_name"),
        *("street", "sokak", "full_address"),
    ),
    "subject": ("subject", "title", "summary", "konu", "baslik", "case_title"),
    "text": (
        *("text", "body", "description", "details", "metin", "aciklama", "comment", "comments", "notes"),
        *("request_details", "descriptor", "message"),
    ),
}
"""Field -> what its column may be called, the likeliest first."""
DOUBLED = (
    ("{}_a", "{}_b"),
    ("original_{}", "duplicate_{}"),
    ("{}_original", "{}_duplicate"),
    ("{}_1", "{}_2"),
)
"""How the columns of a pair are called; the second one is the duplicate."""
DAYS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y %H.%M", "%d.%m.%Y", "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
    "%d/%m/%Y", "%d-%m-%Y %H:%M", "%d-%m-%Y",
)  # fmt: skip
SAMPLE = 2000
_FRACTION = re.compile(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Case:
    """A case of the file, as far as it is known; `original` names the one that it repeats."""

    key: str
    at: dt.datetime
    closed: dt.datetime | None = None
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None
    place: str = ""
    subject: str = ""
    text: str = ""
    original: str = ""


def read(path: Path, named: Mapping[str, str]) -> list[Case]:
    """Return the cases of the file in the order of their moments. `named`: columns that are called otherwise.

    TableError for a file without the columns or moments that are needed.
    """
    header, rows = _table(path)
    doubled = _doubled(header)
    if doubled and not named:
        return sorted(_of_pairs(rows, *doubled), key=lambda case: case.at)
    columns = _columns(header, named)
    for needed in ("key", "at", "original"):
        if needed not in columns:
            message = _("No column for “%(field)s” was found among: %(columns)s. Name it by --column.")
            raise TableError(message % {"field": needed, "columns": ", ".join(header)})
    moment = _reader(row[columns["at"]] for row in rows)
    cases = (_case(row, columns, moment) for row in rows)
    found = {case.key: case for case in cases if case is not None and case.key}
    return sorted(found.values(), key=lambda case: case.at)


def _table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    lines = csv_rows_of(path)
    header = [one.strip() for one in next(lines, (0, []))[1]]
    rows = [dict(zip(header, cells, strict=False)) for _number, cells in lines]
    if not rows:
        raise TableError(_("The file has no rows."))
    return header, rows


def _plain(header: str) -> str:
    """The name of a column in small letters with an underscore between its words, also of `CaseNumber`."""
    return tr_tokens(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)).replace(" ", "_")


def _columns(header: Iterable[str], named: Mapping[str, str]) -> dict[str, str]:
    """Field -> column of the file."""
    plain = {_plain(one): one for one in reversed(list(header))}
    found = {
        field: next((plain[name] for name in names if name in plain), "") for field, names in NAMES.items()
    }
    return {field: column for field, column in (found | dict(named)).items() if column}


def _doubled(header: list[str]) -> tuple[dict[str, str], dict[str, str]] | None:
    """The columns of the original and of the duplicate, if a row is a pair."""
    plain = {_plain(one): one for one in header}
    for first, second in DOUBLED:
        sides = []
        for pattern in (first, second):
            bare = {name: plain[full] for name in _all_names() if (full := pattern.format(name)) in plain}
            columns = _columns(bare, {})
            sides.append({field: bare[name] for field, name in columns.items()})
        if all("at" in side and len(side) > 2 for side in sides):
            return sides[0], sides[1]
    return None


def _all_names() -> Iterable[str]:
    return (name for names in NAMES.values() for name in names)


def _of_pairs(rows: list[dict[str, str]], first: dict[str, str], second: dict[str, str]) -> Iterable[Case]:
    moment = _reader(row[side["at"]] for row in rows for side in (first, second))
    found: dict[str, Case] = {}
    for row in rows:
        one, other = (_case(row, side, moment) for side in (first, second))
        if one is None or other is None:
            continue
        found.setdefault(one.key, one)
        known = found.setdefault(other.key, other)
        if known.key != one.key and not known.original:
            found[other.key] = replace(known, original=one.key)
    return found.values()


def _case(row: Mapping[str, str], columns: Mapping[str, str], moment: Moments) -> Case | None:
    values = {field: row.get(column, "").strip() for field, column in columns.items()}
    at = moment(values["at"])
    if at is None:
        return None
    latitude, longitude = _point(values)
    return Case(
        key=values.get("key") or "|".join(values.values()),
        at=at,
        closed=moment(values.get("closed", "")),
        category=values.get("category", ""),
        latitude=latitude,
        longitude=longitude,
        place=values.get("place", "")[:300],
        subject=values.get("subject", "")[:200],
        text=values.get("text", ""),
        original=values.get("original", ""),
    )


def _point(values: Mapping[str, str]) -> tuple[float | None, float | None]:
    pair = [_figure(values.get(field, "")) for field in ("latitude", "longitude")]
    if None in pair and (found := _FIGURE.findall(values.get("point", ""))) and len(found) >= 2:
        pair = [float(one) for one in found[:2]]
        if values["point"].lstrip().upper().startswith("POINT"):  # WKT has the longitude first
            pair.reverse()
    latitude, longitude = pair
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None, None
    return (latitude, longitude) if abs(latitude) < 89 and abs(longitude) <= 180 else (None, None)


def _figure(text: str) -> float | None:
    found = _FIGURE.fullmatch(text.replace(",", ".")) if text else None
    return float(found[0]) if found else None


class Moments:
    """Reads moments in the way in which most of the file's first ones are written."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __call__(self, text: str) -> dt.datetime | None:
        return self.read(text, self.pattern)

    @staticmethod
    def read(text: str, pattern: str) -> dt.datetime | None:
        text = text.strip()
        zone = text.endswith("Z") or re.search(r"[T ]\d\d:\d\d.*[+-]\d\d:?\d\d$", text)
        try:
            found = dt.datetime.fromisoformat(text) if zone else dt.datetime.strptime(_bare(text), pattern)  # noqa: DTZ007 - made aware below
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=ISTANBUL)


def _bare(text: str) -> str:
    return _FRACTION.sub("", text) if "T" in text or ("." in text[10:] and ":" in text) else text


def _reader(texts: Iterable[str]) -> Moments:
    sample = [text for text in islice(texts, SAMPLE) if text.strip()]
    read = Counter({one: sum(Moments.read(text, one) is not None for text in sample) for one in DAYS})
    pattern, count = read.most_common(1)[0]
    if not count:
        raise TableError(_("The days could not be read. Write them as 2027-05-31."))
    return Moments(pattern)
