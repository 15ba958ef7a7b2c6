"""Some forty instructions of the last month over the departments: late, waiting, done, one confidential."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.session import elevated
from backend.instructions import actions
from backend.instructions.actions.giving import SEQUENCE
from backend.instructions.choices import Status
from backend.instructions.models import Collaboration, Instruction, InstructionLine
from backend.instructions.story import Happened
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal
from permissions.core import scope

S, H = Status, Happened
DAY = dt.timedelta(days=1)
TEXTS = Path(__file__).parent / "instructions.toml"
CONFIDENTIAL = "Norm kadro değişikliği için taslak hazırlansın; kimseyle paylaşılmasın."
WITHDRAWN = "Rapor başka bir çalışmanın içinde hazırlanıyor."


class Told(NamedTuple):
    """A row of the texts."""

    department: str
    ago: int
    due: int
    priority: str
    setting: str
    status: str
    text: str
    answer: str


class Part(NamedTuple):
    """One line of a course: after so many tenths of the time, said by the department or by the office."""

    verb: Happened
    tenths: int
    after: Status
    is_answer: bool = False


_SEEN = Part(H.ACKNOWLEDGED, 2, S.ACKNOWLEDGED)
_REPORTED = Part(H.REPORTED, 7, S.DONE, is_answer=True)
COURSES: dict[str, list[Part]] = {
    S.GIVEN: [],
    S.ACKNOWLEDGED: [_SEEN, Part(H.NOTED, 5, S.ACKNOWLEDGED, is_answer=True)],
    S.TIME_ASKED: [_SEEN, Part(H.TIME_ASKED, 7, S.TIME_ASKED, is_answer=True)],
    S.REFUSED: [_SEEN, Part(H.REFUSED, 6, S.REFUSED, is_answer=True)],
    S.DONE: [_SEEN, _REPORTED],
    S.ACCEPTED: [_SEEN, _REPORTED, Part(H.ACCEPTED, 8, S.ACCEPTED)],
    S.WITHDRAWN: [Part(H.WITHDRAWN, 4, S.WITHDRAWN)],
}
OF_THE_OFFICE = (H.ACCEPTED, H.WITHDRAWN)


def load(mayor: Principal, deputy: Principal, by: User) -> None:
    """Once. What lies back is written as it then was, line by line; the confidential one the mayor gives today."""
    departments = {row.code: row for row in Department.objects.open().select_related("head")}
    for number, fields in enumerate(tomllib.loads(TEXTS.read_text(encoding="utf-8"))["told"]):
        told = Told(*fields)
        row = _write(told, number, deputy if number % 5 == 4 else mayor, departments[told.department], by)
        if number % 9 == 0:
            Collaboration.objects.create(instruction=row, department=departments["destek-hizmetleri"])
    _link()
    if (person := mayor.person) is not None:
        with scope.session(person), elevated():
            whose = departments["insan-kaynaklari-ve-egitim"]
            actions.give(mayor, by=person, department=whose, text=CONFIDENTIAL, is_confidential=True)


def _write(told: Told, number: int, principal: Principal, department: Department, by: User) -> Instruction:
    said = timezone.now() - told.ago * DAY - dt.timedelta(minutes=7 * number + 10)
    recorded = said + dt.timedelta(minutes=4)
    head, tenth = department.head_on() or by, (timezone.now() - said) / 10
    parts, at = COURSES[told.status], {part.verb: said + part.tenths * tenth for part in COURSES[told.status]}
    is_confirmed, until = number % 3 != 2, today() + (max(told.due, 0) + 12) * DAY
    row = Instruction(
        principal=principal,
        department=department,
        status=told.status,
        form="WRITTEN" if told.setting == "LETTER" else "ORAL",
        setting=told.setting,
        said_at=said,
        heard_by=by,
        subject=actions.beginning(told.text),
        text=told.text,
        due_on=today() + told.due * DAY,
        priority=told.priority,
        given_by=by,
        given_at=recorded,
        addressed_at=said,
        confirmed_at=recorded if is_confirmed else None,
        confirmed_by=by if is_confirmed else None,
        acknowledged_at=at.get(H.ACKNOWLEDGED),
        acknowledged_by=head if H.ACKNOWLEDGED in at else None,
        asked_until=until if H.TIME_ASKED in at else None,
        result=told.answer if H.REPORTED in at else "",
        done_at=at.get(H.REPORTED),
        ended_at=at.get(H.ACCEPTED) or at.get(H.WITHDRAWN),
        year=today().year,
    )
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"TL-{row.year}/{row.number}"
    row.save(force_insert=True)
    _line(row, Part(H.GIVEN, 0, S.GIVEN), by, recorded, "", "", {"department": department.short_name})
    before: str = S.GIVEN
    for part in parts:
        note = told.answer if part.is_answer else WITHDRAWN if part.verb is H.WITHDRAWN else ""
        details = {"until": until.isoformat()} if part.verb is H.TIME_ASKED else {}
        _line(row, part, by if part.verb in OF_THE_OFFICE else head, at[part.verb], before, note, details)
        before = part.after
    return row


def _line(
    row: Instruction, part: Part, who: User, at: dt.datetime, before: str, note: str, details: dict[str, str]
) -> None:
    InstructionLine.objects.create(
        instruction=row,
        verb=part.verb,
        actor=who,
        at=at,
        note=note,
        from_status=before,
        to_status=part.after,
        details=details,
    )


def _link() -> None:
    """Some come of a meeting, of a request or of a case."""
    entries = Entry.objects.filter(kind="MEETING", is_confidential=False).order_by("starts_at")[:3]
    requests = AppointmentRequest.objects.filter(status="SETTLED").order_by("pk")[:2]
    cases = Complaint.objects.order_by("-pk")[:2]
    for setting, field, rows in (
        ("MEETING", "entry", entries),
        ("APPOINTMENT", "request", requests),
        ("COMPLAINT", "complaint", cases),
    ):
        found = Instruction.objects.filter(setting=setting).order_by("pk")
        for instruction, row in zip(found, rows, strict=False):
            Instruction.objects.filter(pk=instruction.pk).update(**{field: row})
