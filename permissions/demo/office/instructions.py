"""Some forty instructions of the last month over the departments: late, waiting, done, one confidential."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import timezone

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.localtime import local_date
from backend.core.session import elevated
from backend.instructions import actions
from backend.instructions.moves import Verb, instruction_action
from backend.organization.models import Department, User
from backend.programme.models import Entry, Principal
from permissions.core import scope
from permissions.demo.clock import MoveTo, moved_clock
from permissions.demo.world import in_office_hours

DAY = dt.timedelta(days=1)
TEXTS = Path(__file__).parent / "instructions.toml"
CONFIDENTIAL = "Norm kadro değişikliği için taslak hazırlansın; kimseyle paylaşılmasın."
DICTATED = "Cumartesi pazar yerinde gördüğüm su birikintisi için Fen İşleri haftaya kadar bana bilgi versin."
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


class Step(NamedTuple):
    """Step of a course: the verb, after how many tenths of the time, and the argument that takes the answer."""

    verb: Verb
    tenths: int
    field: str = ""


_SEEN, _REPORTED = Step(Verb.ACKNOWLEDGE, 2), Step(Verb.REPORT, 7, "result")
COURSES: dict[str, tuple[Step, ...]] = {
    "GIVEN": (),
    "ACKNOWLEDGED": (_SEEN, Step(Verb.NOTE, 5, "note")),
    "TIME_ASKED": (_SEEN, Step(Verb.REQUEST_EXTENSION, 7, "reason")),
    "REFUSED": (_SEEN, Step(Verb.REFUSE, 6, "reason")),
    "DONE": (_SEEN, _REPORTED),
    "ACCEPTED": (_SEEN, _REPORTED, Step(Verb.ACCEPT, 8)),
    "WITHDRAWN": (Step(Verb.WITHDRAW, 4, "reason"),),
}
OF_THE_OFFICE = (Verb.ACCEPT, Verb.WITHDRAW)


def load(mayor: Principal, deputy: Principal, by: User) -> None:
    """Once, the oldest first, each step on its day; the confidential one the mayor gives today."""
    departments = {row.code: row for row in Department.objects.open().select_related("head")}
    texts = enumerate(tomllib.loads(TEXTS.read_text(encoding="utf-8"))["told"])
    samples = [(number, SampleInstruction(*fields)) for number, fields in texts]
    occasions, now = _occasions(), timezone.now()
    with moved_clock() as move_to:
        for number, sample in sorted(samples, key=lambda one: -one[1].ago):
            principal = deputy if number % 5 == 4 else mayor
            name, rows = occasions.get(sample.setting, ("", iter(())))
            row = next(rows, None)
            about: dict[str, Any] = {name: row} if row is not None else {}
            if number % 9 == 0:
                about["collaborators"] = [departments["destek-hizmetleri"]]
            _carry(move_to, now, sample, number, principal, departments[sample.department], by, about)
    if (person := mayor.person) is not None:
        with scope.session(person), elevated():
            whose = departments["insan-kaynaklari-ve-egitim"]
            actions.give(mayor, by=person, department=whose, text=CONFIDENTIAL, is_confidential=True)
            actions.dictate(mayor, by=person, text=DICTATED)


def _carry(
    move_to: MoveTo,
    now: dt.datetime,
    sample: SampleInstruction,
    number: int,
    principal: Principal,
    department: Department,
    by: User,
    about: dict[str, Any],
) -> None:
    """Give the instruction on its day, and carry it as far as its course says."""
    said_at = now - sample.ago * DAY - dt.timedelta(minutes=7 * number + 10)
    said_at = before = in_office_hours(said_at, said_at - 14 * DAY, now - dt.timedelta(minutes=5))
    head, today = department.head_on() or by, local_date(now)
    before += dt.timedelta(minutes=4)
    move_to(before)
    row = actions.give(
        principal,
        by=by,
        department=department,
        confirmed=number % 3 != 2,
        form="WRITTEN" if sample.setting == "LETTER" else "ORAL",
        setting=sample.setting,
        said_at=said_at,
        text=sample.text,
        due_on=today + sample.due * DAY,
        priority=sample.priority,
        **about,
    )
    for step in COURSES[sample.status]:
        before = in_office_hours(said_at + step.tenths * (now - said_at) / 10, before, now)
        move_to(before)
        facts: dict[str, Any] = {}
        if step.field:
            facts[step.field] = WITHDRAWN if step.verb is Verb.WITHDRAW else sample.answer
        if step.verb is Verb.REQUEST_EXTENSION:
            facts["until"] = today + (max(sample.due, 0) + 12) * DAY
        actor = by if step.verb in OF_THE_OFFICE else head
        instruction_action[step.verb].function(row, by=actor, **facts)


def _occasions() -> dict[str, tuple[str, Iterator[Any]]]:
    """Setting -> what an instruction came of: some of a meeting, of a request or of a case."""
    entries = Entry.objects.filter(kind="MEETING", is_confidential=False).order_by("starts_at")[:3]
    requests = AppointmentRequest.objects.filter(status="SETTLED").order_by("pk")[:2]
    cases = Complaint.objects.order_by("-pk")[:2]
    return {
        "MEETING": ("entry", iter(entries)),
        "APPOINTMENT": ("request", iter(requests)),
        "COMPLAINT": ("complaint", iter(cases)),
    }
