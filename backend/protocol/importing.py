"""An order of precedence from a file (CSV or Excel), as a kaymakamlık sends it: first what would happen, then for good.

Known are the headers Sıra, Makam (or Unvan), Kurum, Kısa unvan, Hitap, Alan and Kod. The same number in “Sıra” is a
tie; without that column every row has a place of its own. An office is known again by its code, or by title and
institution in Turkish spelling; what is not known becomes a new one. All of the file or nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from backend.core.errors import DomainError
from backend.core.table_reader.columns import cell_text, find_columns
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.core.words.text import tr_fold
from backend.organization.models import User
from backend.protocol.actions.offices import save_office
from backend.protocol.actions.precedence import MOST, establish_list
from backend.protocol.choices import Sphere
from backend.protocol.models import Office, PrecedenceList

DATA = Path(__file__).parent / "data"
HEADERS = {
    "place": "sıra; sıra no; öncelik; no; place",
    "title": "makam; makam unvanı; unvan; unvanı; görev; görevi; title",
    "institution": "kurum; kurumu; institution",
    "short_title": "kısa unvan; kısaltma; short title",
    "address_form": "hitap; hitap şekli; address form",
    "sphere": "alan; sphere",
    "is_collective": "birden çok kişi; collective",
    "code": "kod; code",
}
YES = {"evet", "yes", "1", "x"}


@dataclass(frozen=True)
class Row:
    """One office of the file."""

    line: int
    place: int
    facts: dict[str, Any]
    code: str
    office: Office | None = None

    @property
    def title(self) -> str:
        return str(self.facts["title"])


@dataclass
class Report:
    """What was done, or would be. With `problems` nothing was written."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    gone: list[Office] = field(default_factory=list)
    """In the order that holds now, and not in the file."""
    written: PrecedenceList | None = None

    @property
    def new(self) -> list[Row]:
        return [row for row in self.rows if row.office is None]

    def groups(self) -> list[list[Row]]:
        """The rows by place, the highest first; ties in the order of the file."""
        places: dict[int, list[Row]] = {}
        for row in sorted(self.rows, key=lambda one: (one.place, one.line)):
            places.setdefault(row.place, []).append(row)
        return list(places.values())


@transaction.atomic
def bring(
    file: BinaryIO,
    *,
    by: User | None,
    kind: str,
    name: str,
    source: str,
    valid_from: dt.date | None = None,
    dry_run: bool = False,
) -> Report:
    """Make a version of the order from a file. In a dry run, and with problems, nothing is written.

    Raises TableError where the file is no table, DomainError where name, source or day are refused.
    """
    report = read(file)
    now = PrecedenceList.objects.in_force(kind, valid_from)
    known = {row.office.pk for row in report.rows if row.office}
    if now is not None:
        report.gone = [
            entry.office for entry in now.entries.select_related("office") if entry.office_id not in known
        ]
    if report.problems:
        return report
    report.written = _write(report, by=by, kind=kind, name=name, source=source, valid_from=valid_from)
    if dry_run:
        transaction.set_rollback(True)
        report.written = None
    return report


def _write(report: Report, *, by: User | None, **facts: Any) -> PrecedenceList:
    order = [[row.office or _new(row, by) for row in group] for group in report.groups()]
    return establish_list(by=by, order=order, **facts)


def _new(row: Row, by: User | None) -> Office:
    return save_office(by=by, code=row.code, **row.facts)


def read(file: BinaryIO) -> Report:
    """The file as rows, with what is wrong in it line by line."""
    rows = table_rows(file)
    missing = _("There is no column “Makam” or “Unvan”. Name the columns in the first row.")
    columns = find_columns(rows, HEADERS, "title", missing)
    report, seen = Report(), dict[Any, int]()
    offices = list(Office.objects.all())
    by_code = {office.code: office for office in offices}
    by_words = {office.fold: office for office in offices}
    place = 0
    for line, cells in rows:
        values = {name: cell_text(cells, position) for name, position in columns.items()}
        if not any(values.values()):
            continue
        place += 1
        try:
            row = _row(line, values, place if "place" not in columns else None)
        except ValueError as error:
            report.problems.append(_("Line %(line)s: %(problem)s") % {"line": line, "problem": error})
            continue
        words = tr_fold(f"{row.title} {row.facts['institution']}")
        result = by_code.get(row.code) or by_words.get(words)
        identity = result.pk if result else words
        if first := seen.get(identity):
            problem = _("This office stands on line %(first)s already.") % {"first": first}
            report.problems.append(_("Line %(line)s: %(problem)s") % {"line": line, "problem": problem})
        seen.setdefault(identity, line)
        report.rows.append(Row(row.line, row.place, row.facts, row.code, result))
    if not report.rows and not report.problems:
        raise TableError(_("There is no office in the file."))
    if len(report.rows) > MOST:
        raise TableError(_("An order has at most 2000 offices."))
    return report


def _row(line: int, values: dict[str, str], place: int | None) -> Row:
    """ValueError, as a sentence, for what cannot be."""
    if not values["title"]:
        raise ValueError(_("The title is missing."))
    if place is None:
        place = _place(values["place"])
    facts: dict[str, Any] = {
        "title": values["title"],
        "institution": values.get("institution", ""),
        "short_title": values.get("short_title", ""),
        "address_form": values.get("address_form", ""),
        "sphere": _sphere(values.get("sphere", "")),
        "is_collective": values.get("is_collective", "").lower() in YES,
    }
    longest = {"title": 200, "institution": 200, "short_title": 120, "address_form": 120}
    for name, most in longest.items():
        if len(facts[name]) > most:
            raise ValueError(_("At most %(count)s letters are possible here.") % {"count": most})
    return Row(line, place, facts, values.get("code", "").lower())


def _place(text: str) -> int:
    text = text.rstrip(".")
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not 0 < int(text) <= 30_000:
        raise ValueError(_("“Sıra” must be a whole number: 1 for the highest. Equal numbers are a tie."))
    return int(text)


def _sphere(text: str) -> str:
    if not text:
        return Sphere.OTHER
    for sphere in Sphere:
        if tr_fold(text) in (tr_fold(sphere.value), tr_fold(str(sphere.label))):
            return sphere
    names = ", ".join(str(sphere.label) for sphere in Sphere)
    raise ValueError(_("“Alan” is one of: %(names)s.") % {"names": names})


def load_shipped(*, by: User | None = None) -> list[PrecedenceList]:
    """Bring the orders that come with the program, where there is none of their kind yet."""
    written = []
    for kind, file, name, source in SHIPPED:
        if PrecedenceList.objects.filter(kind=kind).exists():
            continue
        with (DATA / file).open("rb") as opened:
            report = bring(opened, by=by, kind=kind, name=name, source=source, valid_from=dt.date(2012, 5, 5))
        if report.problems or report.written is None:
            raise DomainError("INVALID", "; ".join(report.problems))  # type: ignore[arg-type]
        written.append(report.written)
    return written


_SOURCE = (
    "Ulusal ve Resmî Bayramlar … Yönetmeliği (2012/3073) öncesindeki Ek-1 sayılı liste esas alınmıştır; mülki amir"
    " başa eklenmiştir. Eski listenin 5. sırasındakiler (Cumhuriyet savcısı, komisyon, mahkeme ve baro başkanları)"
    " sonraki değişikliklerle 4. sıraya alındığından burada ayrıca yer almaz. İlçe törenlerinde kaymakamlığın"
    " gönderdiği liste esastır."
)
SHIPPED = (
    ("PROVINCE", "precedence_province.csv", "İl öndegelim sırası (eski Ek-1)", _SOURCE),
    ("DISTRICT", "precedence_district.csv", "İlçe öndegelim sırası (eski Ek-1)", _SOURCE),
)
