"""Writes the cases of a file at once, with what `register` would have written for each."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from backend.complaints.actions.registering import SEQUENCE, tracking_code
from backend.complaints.choices import RoutingRole, Status
from backend.complaints.importing.rows import Case, Person
from backend.complaints.law.dates import remembered
from backend.complaints.law.deadlines import Matter, Regime
from backend.complaints.models import Complaint, ComplaintLine, Routing
from backend.complaints.story import EventType
from backend.contacts.models import Citizen
from backend.core.bulk import insert_rows, take_ids
from backend.core.localtime import local_date
from backend.core.models import NumberSequence
from backend.organization.models import User

CHUNK = 5000
Key = tuple[str, str]

CITIZEN = (
    "id", "key", "first_name", "last_name", "phone", "email", "neighbourhood", "address",
    "national_id_index", "national_id_tail", "note", "created_at", "created_by",
)  # fmt: skip
_COMPLAINT = (
    "id", "key", "year", "number", "reference", "tracking_code", "kind", "channel", "regime", "matter",
    "priority", "category", "tags", "subject", "body", "neighbourhood", "place", "applicant",
    "identity_hidden", "signature_given", "source", "source_number", "cimer_due_on", "registered_at",
    "registered_on", "registered_by", "status", "waiting_for", "return_count", "reopened", "version",
    "raw_due_on", "legal_due_on", "target_on", "deadline_inputs", "result_owed", "escalation", "outcome",
    "not_examinable_reason", "replied_at", "closed_at", "responsible_department",
)  # fmt: skip
_ROUTING = ("complaint", "department", "role", "routed_at", "note", "end", "reason")
_LINE = ("complaint", "at", "actor", "verb", "note", "from_status", "to_status", "details")


def chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def already_there(source: str, cases: Sequence[Case]) -> dict[int, str]:
    """Row -> reference, of the rows whose number the register has: of their source, or of CİMER whatever the source."""
    of_source = _references(Complaint.objects.filter(source=source), [case.source_number for case in cases])
    through_cimer = _references(
        Complaint.objects.through_cimer(),
        [case.source_number for case in cases if case.came_through_cimer],
    )
    result = {}
    for case in cases:
        known = through_cimer if case.came_through_cimer else {}
        if reference := of_source.get(case.source_number) or known.get(case.source_number):
            result[case.row] = reference
    return result


def _references(rows: QuerySet[Complaint], numbers: Sequence[str]) -> dict[str, str]:
    known = rows.exclude(source_number="").order_by("-pk")
    return {
        number: reference
        for part in chunks(numbers)
        for number, reference in known.filter(source_number__in=part).values_list(
            "source_number", "reference"
        )
    }


def write(
    cases: Sequence[Case],
    *,
    source: str,
    by: User | None,
    report: Callable[[int], object],
    units: Mapping[int, int] | None = None,
) -> dict[int, str]:
    """Insert citizens, complaints, first lines, and of `units` who had what ended; returns row -> reference.

    `report` is called with the count written so far. Runs in the caller's transaction under the office's role.
    Numbers are taken as late as possible, since other registrations wait for them until the commit.
    """
    applicants = _applicants([case.person for case in cases if case.person], by)
    ids = take_ids(Complaint, len(cases))
    law = remembered()
    prepared = [_prepared(case, law) for case in cases]
    numbers = _numbers(cases)
    references: dict[int, str] = {}
    written = list(zip(ids, cases, prepared, numbers, strict=True))
    for part in chunks(written):
        insert_rows(Complaint, _COMPLAINT, (_row(source, by, applicants, units or {}, *one) for one in part))
        insert_rows(
            ComplaintLine,
            _LINE,
            (line for number, case, _d, _n in part for line in _lines(source, by, number, case)),
        )
        insert_rows(
            Routing,
            _ROUTING,
            (line for number, case, _d, _n in part for line in _routing(units or {}, number, case)),
        )
        references |= {case.row: f"{year}/{number}" for _id, case, _dates, (year, number) in part}
        report(len(part))
    return references


def _prepared(case: Case, law: Any) -> tuple[Any, str]:
    """(the dates, the tracking code)"""
    day = local_date(case.registered_at)
    regime, matter = Regime(case.regime), Matter(case.matter)
    return law(regime, matter, day, case.target_days, case.cimer_due_on), tracking_code()


def _numbers(cases: Sequence[Case]) -> list[tuple[int, int]]:
    """(year, number) of each: gapless in each local year, in the order of the file."""
    years = [local_date(case.registered_at).year for case in cases]
    taken = {
        year: iter(range(first := NumberSequence.take(SEQUENCE, year, count), first + count))
        for year, count in sorted(Counter(years).items())
    }
    return [(year, next(taken[year])) for year in years]


def _row(
    source: str,
    by: User | None,
    applicants: dict[Key, int],
    units: Mapping[int, int],
    number: int,
    case: Case,
    prepared: tuple[Any, str],
    numbered: tuple[int, int],
) -> tuple[Any, ...]:
    dates, code = prepared
    year, count = numbered
    applicant, end = applicants[case.person.key] if case.person else None, case.ending
    return (
        number, uuid.uuid4(), year, count, f"{year}/{count}", code, case.kind, case.channel, case.regime,
        case.matter, case.priority, case.category, case.tags, case.subject, case.body, case.neighbourhood,
        case.place, applicant, case.identity_hidden, case.signature_given, source, case.source_number,
        case.cimer_due_on, case.registered_at, local_date(case.registered_at), by and by.pk,
        str(end.status if end else Status.NEW), "", 0, 0, 1, dates.raw, dates.legal, dates.target, dates.inputs, False,
        0, end.outcome if end else "", "", end and end.replied_at, end and end.closed_at,
        _unit(units, case),
    )  # fmt: skip


def _unit(units: Mapping[int, int], case: Case) -> int | None:
    """Who had a case of the past that has ended; what is open is the office's to route."""
    return units.get(case.category or 0) if case.ending else None


def _routing(units: Mapping[int, int], number: int, case: Case) -> Iterator[tuple[Any, ...]]:
    if (unit := _unit(units, case)) is not None:
        yield number, unit, str(RoutingRole.RESPONSIBLE), case.registered_at, "", "", ""


_ENDED = {
    Status.CLOSED: EventType.CLOSED,
    Status.WITHDRAWN: EventType.WITHDRAWN,
    Status.REJECTED: EventType.REJECTED,
    Status.NOT_EXAMINABLE: EventType.MARKED_NOT_EXAMINABLE,
}


def _lines(source: str, by: User | None, number: int, case: Case) -> Iterator[tuple[Any, ...]]:
    """The story of a case. Past events keep their own days, so that no notification is sent now
    (`backend.journal.triggers.NEWS`)."""
    end, new = case.ending, str(Status.NEW)
    at = case.registered_at if end else timezone.now()
    details = json.dumps({"channel": case.channel, "regime": case.regime, "source": source})
    yield number, at, by and by.pk, str(EventType.REGISTERED), "", "", new, details
    if end:
        event, after = str(_ENDED[end.status]), str(end.status)
        yield number, end.closed_at, by and by.pk, event, end.note, new, after, json.dumps({"source": source})


def _applicants(persons: Sequence[Person], by: User | None) -> dict[Key, int]:
    """Person.key -> citizen: a record known by telephone (or e-mail) and name, else a new one."""
    wanted: dict[Key, Person] = {}
    for person in persons:
        wanted.setdefault(person.key, person)
    result = _known(wanted)
    new = [key for key in wanted if key not in result]
    ids = take_ids(Citizen, len(new))
    insert_rows(
        Citizen, CITIZEN, (_citizen(wanted[key], number, by) for key, number in zip(new, ids, strict=True))
    )
    return result | dict(zip(new, ids, strict=True))


def _known(wanted: dict[Key, Person]) -> dict[Key, int]:
    """Key -> the oldest standing record with that telephone or e-mail and that name."""
    values: dict[Key, int] = {}
    for column in ("phone", "email"):
        # Not through the model: it would parse a hundred thousand telephone numbers twice.
        query = (
            f"SELECT {column}, name_fold, id FROM {Citizen._meta.db_table} WHERE merged_into_id IS NULL"  # noqa: S608
            f" AND {column} <> '' AND {column} = ANY(%s) ORDER BY id DESC"
        )
        ways = sorted({getattr(person, column) for person in wanted.values()} - {""})
        with connection.cursor() as cursor:
            for part in chunks(ways):
                cursor.execute(query, [list(part)])
                values |= {(way, fold.strip()): number for way, fold, number in cursor.fetchall()}
    return {key: number for key, number in values.items() if key in wanted}


def _citizen(person: Person, number: int, by: User | None) -> tuple[Any, ...]:
    return (
        number, uuid.uuid4(), person.first_name, person.last_name, person.phone, person.email,
        person.neighbourhood, person.address, "", "", person.note, timezone.now(), by and by.pk,
    )  # fmt: skip
