"""An event made of a template: its parts with their steps, tasks, groups of guests, notes, and letters begun."""

from __future__ import annotations

import datetime as dt
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.events import blueprints
from backend.events.actions.agenda import Step
from backend.events.actions.parts import PlannedPart
from backend.events.actions.planning import CorrectFields, plan
from backend.events.actions.step import write_line
from backend.events.actions.tasks import checked_task, notify
from backend.events.blueprints import Template, moment
from backend.events.models import Event, EventNote, EventTask, GuestGroup
from backend.events.story import EventType
from backend.letters import actions as letters
from backend.letters.actions.writing import Recipient
from backend.organization.models import Department, OutsideBody, User
from backend.programme.models import Principal

TEXTS = ("dress_code", "invitation_text", "place", "weather_place")


@transaction.atomic
def plan_from_template(
    principal: Principal,
    *,
    by: User | None,
    template: str,
    day: dt.date | None = None,
    letters_of: Department | None = None,
    accept_unusual: bool = False,
    override_reason: str = "",
    legal_note: str = "",
    **facts: Unpack[CorrectFields],
) -> Event:
    """Record an event with everything its template names, on its next day, or on `day` where it has none.

    `facts` go before the template's. Letters are begun in the name of `letters_of`, if it is named. Tasks whose day has
    passed are due today. Raises what `plan` raises.
    """
    result = blueprints.template(template)
    on = day or result.next_day(today())
    if on is None:
        raise DomainError(ErrorCode.REQUIRED, _("Say on which day it is."), "day")
    values: dict[str, Any] = {
        "kind": result.kind,
        "title": result.title,
        **{name: result.text(name) for name in TEXTS},
    }
    values |= {name: value for name, value in facts.items() if value not in (None, "")}
    event = plan(
        principal,
        by=by,
        parts=parts_of(result, on),
        override_reason=override_reason,
        legal_note=legal_note,
        accept_unusual=accept_unusual,
        template=result.code,
        **values,
    )
    _add_tasks(event, result, on)
    GuestGroup.objects.bulk_create(
        GuestGroup(event=event, position=place, **group) for place, group in enumerate(result.rows("groups"))
    )
    EventNote.objects.bulk_create(
        EventNote(event=event, changed_by=by, **row) for row in result.rows("notes")
    )
    if letters_of is not None:
        _begin_letters(event, result, letters_of, by)
    return event


def parts_of(template: Template, on: dt.date) -> list[PlannedPart]:
    """The parts of the template on a day, with their steps."""
    parts = []
    for row in template.rows("parts"):
        days = row.get("days", 0)
        start = moment(on, row["starts"], days)
        steps = [
            Step(
                kind=step["kind"],
                title=step["title"],
                starts_at=moment(on, step["at"], days + bool(step.get("next_day"))),
                minutes=step["minutes"],
                who=step.get("who", ""),
                rank=step.get("rank"),
                note=step.get("note", ""),
            )
            for step in row.get("steps", [])
        ]
        parts.append(
            PlannedPart(
                title=row["title"],
                starts_at=start,
                ends_at=start + dt.timedelta(minutes=row["minutes"]),
                place=row.get("place", ""),
                is_main=row.get("main", False),
                attends=row.get("attends", True),
                steps=steps,
            )
        )
    return parts


def _add_tasks(event: Event, template: Template, on: dt.date) -> None:
    """Add the template's tasks; those of a closed or unknown department stay unassigned."""
    codes = {row["department"] for row in template.rows("tasks") if "department" in row}
    departments = {one.code: one for one in Department.objects.open().filter(code__in=codes)}
    tasks = []
    for row in template.rows("tasks"):
        facts = {name: value for name, value in row.items() if name not in ("department", "days_before")}
        facts["department"] = departments.get(row.get("department", ""))
        due_on = max(on - dt.timedelta(days=row.get("days_before", 1)), today())
        tasks.append(EventTask.objects.create(event=event, due_on=due_on, **checked_task(facts)))
    notify(event, tasks)


def _begin_letters(event: Event, template: Template, department: Department, by: User | None) -> None:
    main = event.parts.filter(is_main=True).select_related("entry").first()
    count = 0
    for row in template.rows("letters"):
        body = OutsideBody.objects.filter(code=row.get("body_code", "")).first()
        letters.draft(
            department,
            by=by,
            addressees=[Recipient(body=body)] if body else [],
            entry=main.entry if main else None,
            event=event,
            kind=row["kind"],
            subject=row["subject"],
            body=row["body"],
        )
        count += 1
    if count:
        write_line(event, EventType.LETTERS_DRAFTED, by=by, details={"count": count})
