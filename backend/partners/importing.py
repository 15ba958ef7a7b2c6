"""Partners with their people from a file (CSV or Excel): first what would happen, then for good.

One row an organisation, or one row for each of its people with the organisation's columns repeated. An organisation is
known again by its name in Turkish spelling; a person by their telephone, or by name where they have a role there. All
of the file or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.table_reader.columns import cell_text, find_columns
from backend.core.table_reader.tables import TableError
from backend.core.table_reader.workbooks import table_rows
from backend.core.words.languages import Language
from backend.core.words.text import tr_fold
from backend.organization.models import User
from backend.partners import actions
from backend.partners.choices import Kind, RoleKind
from backend.partners.models import Organisation, Role

MOST = 5_000
ORGANISATION = {
    "name": "kurum; kurum adı; kuruluş; kuruluş adı; tam adı; dernek; dernek adı; unvanı; name",
    "short_name": "kısa ad; kısa adı; kısaltma; short name",
    "kind": "tür; türü; kuruluş türü; kurum türü; kind",
    "phone": "telefon; telefonu; kurum telefonu; tel; phone",
    "email": "e-posta; eposta; mail; kurum e-postası; email",
    "website": "web; web sitesi; internet sitesi; website",
    "address": "adres; adresi; address",
    "city": "il; ilçe; il ilçe; şehir; city",
    "country": "ülke; country",
    "language": "dil; yazışma dili; language",
    "tags": "etiket; etiketler; tags",
    "note": "not; açıklama; note",
}
PERSON = {
    "first_name": "ad; adı; isim; first name",
    "last_name": "soyad; soyadı; soyisim; last name",
    "person_title": "akademik unvan; mesleki unvan; kişi unvanı; title",
    "role_kind": "görev türü; görevi türü; role kind",
    "role_title": "görev; görevi; görev unvanı; role",
    "salutation": "hitap; hitap şekli; salutation",
    "person_phone": "kişi telefonu; cep; cep telefonu; mobile",
    "person_email": "kişi e-postası; kişi eposta; person email",
    "valid_from": "başlangıç; başlangıç tarihi; since",
}
HEADERS = ORGANISATION | PERSON


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row."""

    line: int
    organisation: str
    is_new: bool
    person: str = ""
    person_is_new: bool = False
    role_is_new: bool = False


@dataclass
class Report:
    """What was done, or would be. With `problems` nothing was written."""

    rows: list[Outcome] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_written: bool = False

    @property
    def new_organisations(self) -> int:
        return len([row for row in self.rows if row.is_new])

    @property
    def new_people(self) -> int:
        return len([row for row in self.rows if row.person_is_new])

    @property
    def new_roles(self) -> int:
        return len([row for row in self.rows if row.role_is_new])


@transaction.atomic
def bring(
    file: BinaryIO,
    *,
    by: User | None,
    people: QuerySet[Citizen],
    may_know: Callable[[Organisation], bool],
    dry_run: bool = False,
) -> Report:
    """Record what is new in a file. In a dry run, and with problems, nothing is written.

    `people`: those who may be known again. `may_know`: whether `by` records who is what at an organisation. Raises
    TableError where the file is no table of partners.
    """
    rows = table_rows(file)
    missing = _("There is no column “Kurum adı”. Name the columns in the first row.")
    columns = find_columns(rows, HEADERS, "name", missing)
    reader, report = _Reader(by, people, may_know), Report()
    for line, cells in rows:
        values = {name: cell_text(cells, position) for name, position in columns.items()}
        if not any(values.values()):
            continue
        if len(report.rows) + len(report.problems) >= MOST:
            raise TableError(_("At most 5,000 rows at a time. Divide the file."))
        try:
            with transaction.atomic():
                report.rows.append(reader.row(line, values))
        except (DomainError, ValueError) as error:
            report.problems.append(_("Line %(line)s: %(problem)s") % {"line": line, "problem": error})
    if not report.rows and not report.problems:
        raise TableError(_("There is no organisation in the file."))
    report.is_written = not (dry_run or report.problems)
    if not report.is_written:
        transaction.set_rollback(True)
    return report


class _Reader:
    """Row by row; what earlier rows recorded is known."""

    def __init__(
        self, by: User | None, people: QuerySet[Citizen], may_know: Callable[[Organisation], bool]
    ) -> None:
        self.by, self.people, self.may_know = by, people, may_know

    def row(self, line: int, values: dict[str, str]) -> Outcome:
        organisation, is_new = self._organisation(values)
        if not values.get("first_name"):
            if values.get("last_name") or values.get("role_title"):
                raise ValueError(_("The person's name is missing."))
            return Outcome(line, organisation.name, is_new)
        if not self.may_know(organisation):
            raise ValueError(_("You may not record who is what at this organisation (KVKK m.6)."))
        person, person_is_new = self._person(organisation, values)
        role_is_new = self._role(organisation, person, values)
        return Outcome(line, organisation.name, is_new, person.full_name, person_is_new, role_is_new)

    def _organisation(self, values: dict[str, str]) -> tuple[Organisation, bool]:
        name = values.get("name", "")
        folded = tr_fold(name)
        known = (
            Organisation.objects.standing().filter(name_fold=folded).order_by("pk").first()
            if folded
            else None
        )
        if known is not None:
            return known, False
        facts: dict[str, Any] = {key: values[key] for key in ORGANISATION if values.get(key)}
        facts.pop("name", None)
        kind = _word(Kind, facts.pop("kind", ""), _("Tür"), Kind.OTHER)
        if "language" in facts:
            facts["language"] = _word(Language, facts["language"], _("Dil"), Language.TR)
        if "tags" in facts:
            facts["tags"] = facts["tags"].replace(";", ",").split(",")
        return actions.record(by=self.by, kind=kind, name=name, **facts), True

    def _person(self, organisation: Organisation, values: dict[str, str]) -> tuple[Citizen, bool]:
        if phone := values.get("person_phone", ""):
            numbered = contacts.find_by_phone(phone).values("pk")
            if (known := self.people.filter(pk__in=numbered).order_by("pk").first()) is not None:
                return known, False
        folded = tr_fold(f"{values['first_name']} {values.get('last_name', '')}")
        there = self.people.filter(roles__organisation=organisation, name_fold=folded)
        if (known := there.order_by("pk").first()) is not None:
            return known, False
        made = contacts.record(
            by=self.by,
            first_name=values["first_name"],
            last_name=values.get("last_name", ""),
            title=values.get("person_title", ""),
            phone=phone,
            email=values.get("person_email", ""),
        )
        return made, True

    def _role(self, organisation: Organisation, person: Citizen, values: dict[str, str]) -> bool:
        title = values.get("role_title", "")
        kind = _role_kind(values.get("role_kind", ""), title)
        rows = Role.objects.current().filter(organisation=organisation, kind=kind)
        if rows.filter(person__in=contacts.family(person)).exists():
            return False
        actions.add_role(
            organisation,
            by=self.by,
            person=person,
            kind=kind,
            title=title,
            salutation=values.get("salutation", ""),
            valid_from=_day(values.get("valid_from", "")),
        )
        return True


def _word(choices: Any, text: str, column: str, default: Any) -> Any:
    """The member of a closed list by its value or its Turkish word, or ValueError."""
    if not text:
        return default
    folded = tr_fold(text)
    for choice in choices:
        if folded in (tr_fold(choice.value), tr_fold(str(choice.label))):
            return choice
    names = ", ".join(str(one.label) for one in choices)
    raise ValueError(_("“%(column)s” is one of: %(names)s.") % {"column": column, "names": names})


def _role_kind(text: str, title: str) -> Any:
    """The role kind as entered, or derived from the title: a chair or a head."""
    if text:
        return _word(RoleKind, text, _("Görev türü"), RoleKind.CONTACT)
    folded = f" {tr_fold(title)} "
    if "yardimci" in folded or "vekil" in folded:
        return RoleKind.DEPUTY_HEAD
    if any(word in folded for word in (" baskan", "baskani ", " muhtar", " rektor", " mudur", "muduru ")):
        return RoleKind.HEAD
    return RoleKind.CONTACT


def _day(text: str) -> dt.date | None:
    """24.11.2026, 2026-11-24, or a year alone: its first day."""
    if not text:
        return None
    for form in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(_("“%(value)s” is no date. Write it as 24.11.2026.") % {"value": text[:40]})
