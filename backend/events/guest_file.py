"""Guests from a file (CSV or XLSX): looked at row by row, matched with persons that are known, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.table_reader.workbooks import table_rows
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, tr_fold
from backend.events import moves
from backend.events.actions.listing import Listing, require_thawed
from backend.events.actions.step import move, row_of
from backend.events.choices import GuestStatus
from backend.events.models import Event, GuestGroup
from backend.events.moves import Verb
from backend.events.sources import Found
from backend.organization.models import User

MOST_ROWS = 5000
COLUMNS = {
    "ad": "first_name",
    "soyad": "last_name",
    "telefon": "phone",
    "eposta": "email",
    "unvan": "title",
    "kurum": "organisation",
}
"""What a heading is called, folded and without blanks and hyphens."""


@dataclass
class Read:
    """What a file would do, or did. With `problems` nothing was written."""

    problems: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """Persons of the records, by name."""
    recorded: list[str] = field(default_factory=list)
    """Persons recorded anew."""
    already: list[str] = field(default_factory=list)
    """On the list before."""
    to_reserve: int = 0


@transaction.atomic
def bring(event: Event, *, by: User | None, file: BinaryIO, group: GuestGroup) -> Read:
    """Add the people of the file to the list, in a group; existing guests stay unchanged.

    A person is matched by number or address together with the name; others are created. Call it in `dry_run` for a
    preview. Raises TableError, OVER_LIMIT, WRONG_STATE for a frozen list.
    """
    moves.require(Verb.SYNC_GUESTS, event.status)
    require_thawed(event)
    row = row_of(event, GuestGroup.objects, group, "group")
    report, people = Read(), list[Found]()
    for line, cells in _rows(file, report):
        try:
            people.append(_person(cells, by, report))
        except DomainError as error:
            report.problems.append(str(_("Line %(line)s: %(error)s")) % {"line": line, "error": error})
    if report.problems:
        transaction.set_rollback(True)
        return report
    listing = Listing(event, by)
    report.already = [str(person.person) for person in people if person.person.pk in listing.there]
    listing.put(row, people)
    listing.save()
    report.to_reserve = len(listing.added(GuestStatus.RESERVE))
    details = {"added": len(listing.new), "reserve": report.to_reserve, "left": 0}
    move(event, Verb.SYNC_GUESTS, by=by, details=details)
    return report


def _rows(file: BinaryIO, report: Read) -> list[tuple[int, dict[str, str]]]:
    rows = table_rows(file)
    header = next(rows, (0, []))[1]
    names = [COLUMNS.get(_heading(cell), "") for cell in header]
    if "first_name" not in names:
        report.problems.append(
            str(_("The heading “Ad” is missing. Name the columns Ad, Soyad, Telefon, E-posta, Unvan, Kurum."))
        )
        return []
    items = []
    for line, cells in rows:
        texts = {name: _text(cell) for name, cell in zip(names, cells, strict=False) if name}
        if any(texts.values()):
            items.append((line, texts))
        if len(items) > MOST_ROWS:
            message = _("At most %(count)s rows are possible.") % {"count": MOST_ROWS}
            raise DomainError(ErrorCode.OVER_LIMIT, message, "file")
    return items


def _heading(cell: Any) -> str:
    return tr_fold(str(cell or "")).replace(" ", "").replace("-", "").replace("ı", "i")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean(str(cell)) if cell is not None else ""


def _person(cells: dict[str, str], by: User | None, report: Read) -> Found:
    values: dict[str, Any] = {
        name: cells.get(name, "") for name in ("first_name", "last_name", "phone", "email")
    }
    person = _known(values)
    if person is None:
        person = contacts.record(by=by, **values)
        report.recorded.append(str(person))
    else:
        report.known.append(str(person))
    return Found(person, title=cells.get("title", "")[:160], organisation=cells.get("organisation", "")[:160])


def _known(values: dict[str, Any]) -> Citizen | None:
    """Find a person by name together with telephone number or address; a name alone is no match."""
    same = Citizen.objects.standing().filter(
        name_fold=tr_fold(f"{values['first_name']} {values['last_name']}".strip())
    )
    phone = normal_phone(values["phone"])
    result = same.filter(phone=phone).order_by("pk").first() if phone else None
    if result is None and values["email"]:
        result = same.filter(email__iexact=values["email"]).order_by("pk").first()
    return result
