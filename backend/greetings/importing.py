"""Import of recipients (CSV or Excel): a preview first, then the same file for good.

A row is a person: known records are matched by telephone or e-mail together with the name, or by name and address;
others are created. Importing a file twice adds no one twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import UNCOMPUTED, table_rows
from backend.core.words.text import clean, tr_fold
from backend.greetings import moves
from backend.greetings.actions.preparing import Named, add
from backend.greetings.choices import Source
from backend.greetings.models import Batch
from backend.greetings.moves import Verb
from backend.organization.models import User

MOST = 5_000
COLUMNS = {
    "first_name": "ad; adi; isim; ismi",
    "last_name": "soyad; soyadi; soyisim",
    "full_name": "ad soyad; adi soyadi; isim soyisim; kisi",
    "title": "unvan; unvani; gorev; gorevi; makam",
    "organisation": "kurum; kurulus; firma; dernek; okul",
    "phone": "telefon; cep; cep telefonu; gsm; tel",
    "email": "e-posta; eposta; e-mail; email; mail",
    "address": "adres; acik adres; posta adresi",
}
"""Field -> the headings by which it is known, in search form."""
_FIELDS = {word.strip(): name for name, words in COLUMNS.items() for word in words.split(";")}
_OF_CITIZEN = ("first_name", "last_name", "phone", "email", "address")


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "NEW"
    KNOWN = "KNOWN"
    REPEATED = "REPEATED"
    REFUSED = "REFUSED"


@dataclass
class Row:
    """One row of the file; `message` says what is wrong with it and what to write."""

    number: int
    values: dict[str, str]
    verdict: Verdict = Verdict.NEW
    message: str = ""
    citizen: Citizen | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        name = tr_fold(f"{self.values['first_name']} {self.values.get('last_name', '')}".strip())
        return (
            name,
            self.values.get("phone", "") or self.values.get("email", ""),
            self.values.get("address", ""),
        )


@dataclass
class Report:
    """What a file would bring, or has brought."""

    rows: list[Row] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    added: int = 0
    already_there: int = 0
    written: bool = False

    @property
    def counts(self) -> Counter[str]:
        return Counter(row.verdict.value for row in self.rows)

    @property
    def to_do(self) -> bool:
        return any(row.verdict in (Verdict.NEW, Verdict.KNOWN) for row in self.rows)

    @property
    def refused(self) -> list[Row]:
        return [row for row in self.rows if row.verdict == Verdict.REFUSED]


@transaction.atomic
def bring(batch: Batch, file: BinaryIO, *, by: User | None, dry_run: bool = False) -> Report:
    """Add the persons of a file as recipients. Invalid rows are left out and reported with a remedy. TableError
    where the file as a whole cannot be read."""
    moves.require(Verb.ADD, batch.status)
    report = _read(file)
    _find(report.rows)
    if dry_run or not report.to_do:
        return report
    taken = [row for row in report.rows if row.verdict in (Verdict.NEW, Verdict.KNOWN)]
    new = [row for row in taken if row.verdict == Verdict.NEW]
    people = contacts.people_of([{n: row.values.get(n, "") for n in _OF_CITIZEN} for row in new], by=by)
    for row, person in zip(new, people, strict=True):
        row.citizen = person
    named = [
        Named(row.citizen, title=row.values.get("title", ""), organisation=row.values.get("organisation", ""))
        for row in taken
    ]
    done = add(batch, by=by, recipients=named, source=Source.FILE)
    report.added, report.already_there, report.written = done.added, done.already_there, True
    return report


def _read(file: BinaryIO) -> Report:
    report, rows = Report(), table_rows(file)
    headings = _headings(next(rows, (0, []))[1], report)
    seen: set[tuple[str, str, str]] = set()
    for number, cells in rows:
        if not any(str(cell or "").strip() for cell in cells):
            continue
        if len(report.rows) >= MOST:
            message = _("The file has more than %(count)s rows. Divide it and bring the parts.")
            raise TableError(message % {"count": MOST})
        row = _row(number, headings, cells)
        if row.verdict != Verdict.REFUSED:
            if row.identity in seen:
                row.verdict = Verdict.REPEATED
            seen.add(row.identity)
        report.rows.append(row)
    if not report.rows:
        raise TableError(_("The file has a row of headings and nothing below it."))
    return report


def _headings(cells: Sequence[Any], report: Report) -> dict[int, str]:
    mapping: dict[int, str] = {}
    for position, cell in enumerate(cells):
        heading = clean(str(cell or ""))
        name = _FIELDS.get(" ".join(tr_fold(heading).split()))
        if name and name not in mapping.values():
            mapping[position] = name
        elif heading:
            report.unused.append(heading)
    if not {"first_name", "full_name"} & set(mapping.values()):
        message = _("There is no column of names. Name the columns in the first row, such as: %(columns)s.")
        raise TableError(message % {"columns": "Ad, Soyad, Unvan, Kurum, Telefon, E-posta, Adres"})
    return mapping


def _row(number: int, headings: dict[int, str], cells: Sequence[Any]) -> Row:
    values = {name: _text(cells[at]) for at, name in headings.items() if at < len(cells)}
    if whole := values.pop("full_name", ""):
        first, _blank, last = whole.rpartition(" ")
        values.setdefault("first_name", first or last)
        values.setdefault("last_name", last if first else "")
    row = Row(number, {"first_name": "", **values})
    try:
        row.values |= contacts.checked_facts({n: row.values.get(n, "") for n in _OF_CITIZEN})
        for name, longest in (("title", 120), ("organisation", 160)):
            if len(row.values.get(name, "")) > longest:
                raise DomainError(
                    ErrorCode.INVALID, _("At most %(length)s letters.") % {"length": longest}, name
                )
    except DomainError as error:
        row.verdict, row.message = Verdict.REFUSED, str(error)
    return row


def _text(cell: Any) -> str:
    if cell is None or cell is UNCOMPUTED:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean(str(cell))


def _find(rows: list[Row]) -> None:
    """Who is on record already, in as many questions for many rows as for one."""
    taken = [row for row in rows if row.verdict == Verdict.NEW]
    phones = {row.values["phone"] for row in taken} - {""}
    emails = {row.values["email"] for row in taken} - {""}
    addressed = {row.identity[0] for row in taken if row.values["address"]}
    by_contact = Q(phone__in=phones) | Q(email__in=emails)
    by_address = Q(name_fold__in=addressed) & ~Q(address="")
    known: dict[tuple[str, str], Citizen] = {}
    for person in Citizen.objects.filter(by_contact | by_address).standing().order_by("-pk"):
        phone = person.phone.as_e164 if person.phone else ""
        for contact in _contacts(phone, person.email, person.address):
            known[person.name_fold, contact] = person
    for row in taken:
        contacts_of_row = _contacts(row.values["phone"], row.values["email"], row.values["address"])
        result = next((known[pair] for c in contacts_of_row if (pair := (row.identity[0], c)) in known), None)
        if result is not None:
            row.verdict, row.citizen = Verdict.KNOWN, result


def _contacts(phone: str, email: str, address: str) -> Iterator[str]:
    yield from filter(None, (phone, email.lower(), tr_fold(address)))
