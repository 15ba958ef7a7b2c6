"""Details on the page of an instruction: status and story."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.core.stories import StoryItem, in_order, of_files, of_lines
from backend.instructions.choices import Status, Warned
from backend.instructions.models import (
    Collaboration,
    Instruction,
    InstructionAttachment,
    InstructionLine,
    InstructionReader,
)
from backend.instructions.story import EventType
from permissions.core import scope

WAITS_FOR = {
    Status.GIVEN: gettext_lazy("The department has not acknowledged it yet."),
    Status.ACKNOWLEDGED: gettext_lazy("The department is carrying it out."),
    Status.TIME_ASKED: gettext_lazy("The office decides whether there is more time."),
    Status.REFUSED: gettext_lazy("The office decides: withdraw, give to another department, or insist."),
    Status.DONE: gettext_lazy("The office accepts the result or sends it back."),
}


def story(row: Instruction) -> list[StoryItem]:
    """What happened and what was brought, the oldest first."""
    lines = scope.visible(InstructionLine).filter(instruction=row).select_related("actor")
    files = scope.visible(InstructionAttachment).filter(instruction=row).select_related("uploaded_by")
    return in_order(of_lines(lines, EventType, _facts, kind=_kind), of_files(files))


def _kind(line: InstructionLine) -> str:
    return "note" if line.verb == EventType.NOTED else "event"


def _facts(line: InstructionLine) -> list[str]:
    details = line.details
    items = [str(details[name]) for name in ("department", "who") if details.get(name)]
    if "until" in details:
        items.append(_("until %(day)s") % {"day": _day(details["until"])})
    if "due_on" in details:
        items.append(f"{_day(details['due_before'])} → {_day(details['due_on'])}")
    if details.get("level") in Warned.names:
        items.append(str(Warned[details["level"]].label))
    if "text" in details:
        items.append(_("before: %(text)s") % {"text": details["text"]})
    for name, before in details.get("before", {}).items():
        field: Any = Instruction._meta.get_field(name)
        items.append(f"{field.verbose_name}: {_before(name, before)}")
    return items


def _before(name: str, before: str) -> str:
    if name == "due_on":
        return _day(before)
    field: Any = Instruction._meta.get_field(name)
    return str(dict(field.flatchoices).get(before, before or "–"))


def _day(text: str) -> str:
    return ".".join(reversed(text.split("-")))


def people(row: Instruction) -> dict[str, object]:
    """Which departments help, and who reads it."""
    helping = scope.visible(Collaboration).filter(instruction=row).select_related("department")
    readers = scope.visible(InstructionReader).filter(instruction=row).select_related("user")
    return {
        "helping": [one.department.short_name for one in helping],
        "readers": list(readers) if row.is_confidential else [],
    }
