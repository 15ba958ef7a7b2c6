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
from backend.instructions.story import EventType
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal
from permissions.core import scope

DAY = dt.timedelta(days=1)
TEXTS = Path(__file__).parent / "instructions.toml"
CONFIDENTIAL = "Norm kadro değişikliği için taslak hazırlansın; kimseyle paylaşılmasın."
WITHDRAWN = "Rapor başka bir çalışmanın içinde hazırlanıyor."


class SampleInstruction(NamedTuple):
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
    """Line of a course: after so many tenths of the time, by the department or the office."""

    verb: EventType
    tenths: int
    after: Status
    is_answer: bool = False


_SEEN = Part(EventType.ACKNOWLEDGED, 2, Status.ACKNOWLEDGED)
_REPORTED = Part(EventType.REPORTED, 7, Status.DONE, is_answer=True)
COURSES: dict[str, list[Part]] = {
    Status.GIVEN: [],
    Status.ACKNOWLEDGED: [_SEEN, Part(EventType.NOTED, 5, Status.ACKNOWLEDGED, is_answer=True)],
    Status.TIME_ASKED: [_SEEN, Part(EventType.TIME_ASKED, 7, Status.TIME_ASKED, is_answer=True)],
    Status.REFUSED: [_SEEN, Part(EventType.REFUSED, 6, Status.REFUSED, is_answer=True)],
    Status.DONE: [_SEEN, _REPORTED],
    Status.ACCEPTED: [_SEEN, _REPORTED, Part(EventType.ACCEPTED, 8, Status.ACCEPTED)],
    Status.WITHDRAWN: [Part(EventType.WITHDRAWN, 4, Status.WITHDRAWN)],
}
OF_THE_OFFICE = (EventType.ACCEPTED, EventType.WITHDRAWN)


def load(mayor: Principal, deputy: Principal, by: User) -> None:
    """Once. What lies back is written as it then was, line by line; the confidential one the mayor gives today."""
    departments = {row.code: row for row in Department.objects.open().select_related("head")}
    for number, fields in enumerate(tomllib.loads(TEXTS.read_text(encoding="utf-8"))["told"]):
        result = SampleInstruction(*fields)
        row = _write(result, number, deputy if number % 5 == 4 else mayor, departments[result.department], by)
        if number % 9 == 0:
            Collaboration.objects.create(instruction=row, department=departments["destek-hizmetleri"])
    _link()
    if (person := mayor.person) is not None:
        with scope.session(person), elevated():
            whose = departments["insan-kaynaklari-ve-egitim"]
            actions.give(mayor, by=person, department=whose, text=CONFIDENTIAL, is_confidential=True)


def _write(
    instruction: SampleInstruction, number: int, principal: Principal, department: Department, by: User
) -> Instruction:
    value = timezone.now() - instruction.ago * DAY - dt.timedelta(minutes=7 * number + 10)
    recorded = value + dt.timedelta(minutes=4)
    head, tenth = department.head_on() or by, (timezone.now() - value) / 10
    parts, at = (
        COURSES[instruction.status],
        {part.verb: value + part.tenths * tenth for part in COURSES[instruction.status]},
    )
    is_confirmed, until = number % 3 != 2, today() + (max(instruction.due, 0) + 12) * DAY
    row = Instruction(
        principal=principal,
        department=department,
        status=instruction.status,
        form="WRITTEN" if instruction.setting == "LETTER" else "ORAL",
        setting=instruction.setting,
        said_at=value,
        heard_by=by,
        subject=actions.beginning(instruction.text),
        text=instruction.text,
        due_on=today() + instruction.due * DAY,
        priority=instruction.priority,
        given_by=by,
        given_at=recorded,
        addressed_at=value,
        confirmed_at=recorded if is_confirmed else None,
        confirmed_by=by if is_confirmed else None,
        acknowledged_at=at.get(EventType.ACKNOWLEDGED),
        acknowledged_by=head if EventType.ACKNOWLEDGED in at else None,
        asked_until=until if EventType.TIME_ASKED in at else None,
        result=instruction.answer if EventType.REPORTED in at else "",
        done_at=at.get(EventType.REPORTED),
        ended_at=at.get(EventType.ACCEPTED) or at.get(EventType.WITHDRAWN),
        year=today().year,
    )
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"TL-{row.year}/{row.number}"
    row.save(force_insert=True)
    _line(
        row,
        Part(EventType.GIVEN, 0, Status.GIVEN),
        by,
        recorded,
        "",
        "",
        {"department": department.short_name},
    )
    before: str = Status.GIVEN
    for part in parts:
        note = instruction.answer if part.is_answer else WITHDRAWN if part.verb is EventType.WITHDRAWN else ""
        details = {"until": until.isoformat()} if part.verb is EventType.TIME_ASKED else {}
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
