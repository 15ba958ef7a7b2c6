"""The election period (298 m.64): what may not be opened from the beginning of propaganda to the day after the vote.

Which days these are is data (`ElectionPeriod`) with the decision it comes from, kept by the office or loaded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, today
from backend.core.table_reader.tables import TableError, csv_rows_of
from backend.core.validation import required, short
from backend.core.words.text import clean, tr_fold
from backend.events.choices import GUARDED
from backend.events.models import ElectionPeriod, Event, EventQuerySet
from backend.journal.actions import record
from backend.organization.models import User

FILE = Path(__file__).parent / "data" / "elections.csv"
LONGEST = 120
NEAR = dt.timedelta(days=90)
YEARS = range(1946, 2201)
"""The calendar ends in 9999, and a day after its last one does not exist."""
COLUMNS = ("code", "name", "begins_on", "ends_on", "source")


@dataclass
class Loaded:
    """What a file did, or would do. With `problems` nothing was written."""

    problems: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def is_near() -> bool:
    """Whether a period lasts or begins soon: only then one thinks of it while an event is planned."""
    first = today()
    return ElectionPeriod.objects.touching(first, first + NEAR).exists()


@transaction.atomic
def load(path: Path = FILE, *, by: User | None, dry_run: bool = False) -> Loaded:
    """Bring the election periods to what a CSV file says, known by their code; the whole file or nothing of it."""
    report = Loaded()
    rows = _read(path, report)
    if report.problems:
        return report
    there = {one.code: one for one in ElectionPeriod.objects.select_for_update()}
    for code, facts in rows.items():
        old = there.get(code)
        if old is None:
            report.created.append(code)
        elif any(getattr(old, name) != value for name, value in facts.items()):
            report.changed.append(code)
        else:
            continue
        if not dry_run:
            period, _new = ElectionPeriod.objects.update_or_create(code=code, defaults=facts)
            record(verb="election_period_loaded", about=period, by=by, label=period.name)
    return report


def _read(path: Path, report: Loaded) -> dict[str, dict[str, object]]:
    try:
        (_line, header), *rest = csv_rows_of(path)
    except (TableError, ValueError):
        report.problems.append(str(_("The file is empty or no table.")))
        return {}
    if lacking := [name for name in COLUMNS if name not in header]:
        report.problems.append(str(_("The header lacks: %s. Add the column.")) % ", ".join(lacking))
        return {}
    rows: dict[str, dict[str, object]] = {}
    for line, cells in rest:
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        try:
            dates = {name: dt.date.fromisoformat(row.get(name, "")) for name in ("begins_on", "ends_on")}
        except ValueError:
            report.problems.append(str(_("Line %s: write days as 2028-05-04.")) % line)
            continue
        facts = {"name": row.get("name", ""), "source": row.get("source", ""), **dates}
        if any(day.year not in YEARS for day in dates.values()):
            report.problems.append(str(_("Line %s: write days as 2028-05-04.")) % line)
            continue
        if (
            not all([row.get("code"), facts["name"], facts["source"]])
            or dates["ends_on"] < dates["begins_on"]
        ):
            message = _("Line %s: code, name and source are needed, and the end lies after the beginning.")
            report.problems.append(str(message) % line)
            continue
        rows[row["code"]] = facts
    return rows


@transaction.atomic
def save_period(
    period: ElectionPeriod | None = None,
    *,
    by: User | None,
    name: str,
    begins_on: dt.date,
    ends_on: dt.date,
    source: str,
) -> ElectionPeriod:
    """Add an election period, or correct one. REQUIRED, INVALID, DUPLICATE for an election that is there already."""
    row = period or ElectionPeriod()
    row.name = required(name, "name", _("Write which election it is."), 160)
    row.begins_on, row.ends_on = begins_on, ends_on
    row.source = required(
        source, "source", _("Write where the days stand, such as the calendar of the YSK."), 200
    )
    for name_of, day in (("begins_on", begins_on), ("ends_on", ends_on)):
        if day.year not in YEARS:
            message = _("Write a day between %(from)s and %(until)s.")
            raise DomainError(ErrorCode.INVALID, message % {"from": YEARS[0], "until": YEARS[-1]}, name_of)
    if ends_on < begins_on:
        raise DomainError(ErrorCode.INVALID, _("The last day is before the first."), "ends_on")
    if (ends_on - begins_on).days > LONGEST:
        too_long = _("An election period has at most %(count)s days.") % {"count": LONGEST}
        raise DomainError(ErrorCode.INVALID, too_long, "ends_on")
    row.code = row.code or f"{begins_on:%Y-%m-%d}-{slugify(tr_fold(row.name))}"[:40].strip("-")
    same = Q(code=row.code) | Q(begins_on=begins_on, ends_on=ends_on)
    if ElectionPeriod.objects.filter(same).exclude(pk=row.pk).exists():
        message = _("This election, or one with these days, is there already. Correct that one.")
        raise DomainError(ErrorCode.DUPLICATE, message, "name")
    row.save()
    record(verb="election_period_saved", about=row, by=by, label=row.name)
    return row


def caught(period: ElectionPeriod) -> EventQuerySet:
    """The openings that are planned within a period, without a reason and a legal note."""
    begin, end = (
        dt.datetime.combine(day, dt.time(), ISTANBUL)
        for day in (period.begins_on, period.ends_on + dt.timedelta(days=1))
    )
    rows = Event.objects.upcoming().filter(kind__in=GUARDED, override_reason="")
    return rows.filter(parts__starts_at__lt=end, parts__ends_at__gte=begin).distinct()


def periods(kind: str, days: list[dt.date]) -> list[ElectionPeriod]:
    """The election periods that stand against an event of this kind on these days. National days are exempt."""
    if kind not in GUARDED or not days:
        return []
    return list(ElectionPeriod.objects.touching(min(days), max(days)))


def checked_override(kind: str, days: list[dt.date], reason: str, legal_note: str) -> dict[str, str]:
    """The columns of an override, empty if none is needed.

    UNUSUAL for an opening or a ground-breaking in an election period without a reason; REQUIRED without the note of
    the legal department.
    """
    result = periods(kind, days)
    if not result:
        return {"override_reason": "", "legal_note": ""}
    reason, note = short(reason, "override_reason", 300), clean(legal_note)
    if not reason:
        message = _(
            "Within %(election)s (%(from)s–%(until)s) openings and ground-breakings are forbidden (298 m.64). "
            "Choose another day, or give the reason and the note of the legal department."
        )
        words = {
            "election": result[0].name,
            "from": _day(result[0].begins_on),
            "until": _day(result[0].ends_on),
        }
        raise DomainError(ErrorCode.UNUSUAL, message % words, "override_reason")
    if not note:
        message = _("Write what the legal department says (date and number of its note).")
        raise DomainError(ErrorCode.REQUIRED, message, "legal_note")
    return {"override_reason": reason, "legal_note": note}


def _day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"
