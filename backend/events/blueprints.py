"""Templates of events: files with the facts of a day, its programme, tasks, groups of guests, letters and checks.

Each file of `data/templates` names its source. A template is what an event begins with; the event is then changed as it
must be, and `faults` says where it left the facts.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, local_date
from backend.core.words.text import tr_fold
from backend.events.choices import ItemKind, Kind
from backend.events.models import AgendaItem, Event

DIRECTORY = Path(__file__).parent / "data" / "templates"


@dataclass(frozen=True)
class Template:
    """What stands in one file."""

    code: str
    title: str
    kind: str
    source: str
    day: str
    facts: tuple[str, ...]
    data: dict[str, Any]

    def day_in(self, year: int) -> dt.date | None:
        """The day of the year on which it is, or None where it is on any day."""
        if not self.day:
            return None
        month, day = map(int, self.day.split("-"))
        return dt.date(year, month, day)

    def next_day(self, after: dt.date) -> dt.date | None:
        """The next such day, this year or the next."""
        result = self.day_in(after.year)
        return self.day_in(after.year + 1) if result and result < after else result

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.data.get(table, []))

    def text(self, name: str) -> str:
        return str(self.data.get(name, ""))


@cache
def templates() -> dict[str, Template]:
    """All of them by code, in the order of their files."""
    values = {}
    for path in sorted(DIRECTORY.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        values[data["code"]] = Template(
            code=data["code"],
            title=data["title"],
            kind=data["kind"],
            source=data["source"],
            day=data.get("day", ""),
            facts=tuple(data.get("facts", ())),
            data=data,
        )
    return values


def template(code: str) -> Template:
    """The template with this code, or INVALID."""
    try:
        return templates()[code]
    except KeyError:
        raise DomainError(ErrorCode.INVALID, _("There is no such template."), "template") from None


def moment(day: dt.date, clock: str, days: int = 0) -> dt.datetime:
    """A time of day as a file writes it, so many days from the day of the event."""
    hour, minute = map(int, clock.split(":"))
    return dt.datetime.combine(day + dt.timedelta(days=days), dt.time(hour, minute), ISTANBUL)


def civil_authority_presides(event: Event) -> bool:
    """Whether the mülki amir presides (5442 m.31; 2012/3073): a national day, and a commemoration from a template."""
    known = templates().get(event.template)
    return event.kind == Kind.NATIONAL_DAY or (known is not None and known.kind == Kind.COMMEMORATION)


# -- where an event left the facts ---------------------------------------------------------------------------
def faults(event: Event) -> list[str]:
    """What of the event's programme is not as its template says, each in a sentence; and speakers out of order."""
    items = list(AgendaItem.objects.filter(event=event).order_by("starts_at", "id"))
    broken_rules = [*_speakers(items)]
    if event.template and (known := templates().get(event.template)):
        day = known.day_in(event.ends_at.astimezone(ISTANBUL).year)
        broken = (rule for rule in known.rows("checks") if not _CHECKS[rule["rule"]](event, items, rule, day))
        broken_rules += [rule["says"] for rule in broken]
    return list(dict.fromkeys(broken_rules))


def _speakers(items: list[AgendaItem]) -> Iterable[str]:
    parts: dict[int, list[int]] = {}
    for item in items:
        if item.kind == ItemKind.SPEECH and item.rank is not None:
            parts.setdefault(item.part_id, []).append(item.rank)
    if any(ranks != sorted(ranks, reverse=True) for ranks in parts.values()):
        yield str(_("Speakers go from the lowest to the highest: put them in order."))


Rule = dict[str, Any]


def _of(items: list[AgendaItem], kind: str) -> list[AgendaItem]:
    return [item for item in items if item.kind == kind]


def _not_before(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    start = moment(day or local_date(event.starts_at), rule["at"], rule.get("days", 0))
    return all(item.starts_at >= start for item in _of(items, rule["kind"]))


def _ends_before(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    return all(_end(item) <= _same_day(item, rule["at"]) for item in _of(items, rule["kind"]))


def _exactly(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    return any(
        item.starts_at == _same_day(item, rule["at"]) and item.minutes == rule["minutes"]
        for item in _of(items, rule["kind"])
    )


def _after(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    """Within each part, none of the one before the last of the other."""
    for item in _of(items, rule["kind"]):
        others = [other for other in _of(items, rule["other"]) if other.part_id == item.part_id]
        if any(other.starts_at > item.starts_at for other in others):
            return False
    return True


def _in_order(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    ranks = [item.rank for item in _of(items, rule["kind"]) if item.rank is not None]
    return ranks == sorted(ranks)


def _at_most(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    return len(_of(items, rule["kind"])) <= int(rule["count"])


def _never_by(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    words = tr_fold(rule["who"])
    return not any(words in tr_fold(f"{item.who} {item.title}") for item in _of(items, rule["kind"]))


def _no_task(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    return not event.tasks.filter(kind=rule["kind"]).exclude(status="DROPPED").exists()


def _by_highest(event: Event, items: list[AgendaItem], rule: Rule, day: dt.date | None) -> bool:
    ranks = [item.rank for item in items if item.rank is not None]
    return all(item.rank == min(ranks) for item in _of(items, rule["kind"]) if item.rank is not None)


def _end(item: AgendaItem) -> dt.datetime:
    return item.starts_at + dt.timedelta(minutes=item.minutes)


def _same_day(item: AgendaItem, clock: str) -> dt.datetime:
    return moment(item.starts_at.astimezone(ISTANBUL).date(), clock)


_CHECKS = {
    "NOT_BEFORE": _not_before,
    "ENDS_BEFORE": _ends_before,
    "EXACTLY": _exactly,
    "AFTER": _after,
    "IN_ORDER": _in_order,
    "AT_MOST": _at_most,
    "NEVER_BY": _never_by,
    "NO_TASK": _no_task,
    "BY_HIGHEST": _by_highest,
}
"""The rules that a file may name."""
