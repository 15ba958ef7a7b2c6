"""Open instructions by department: for the mayor on a phone, for a department, and as a printed weekly list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.core import page_access
from admin_ui.core.dates import day_text
from admin_ui.core.screen import page, pdf_answer
from admin_ui.instructions.wording import due, priority_badge, status_badge
from backend.configuration.office import configured
from backend.core.localtime import today
from backend.core.models import TrSortKey
from backend.documents import typesetting
from backend.instructions.choices import TO_DECIDE, Status
from backend.instructions.models import Instruction, InstructionQuerySet
from backend.organization.models import Department
from backend.programme.models import Principal
from permissions.core import scope

MOST = 300
WEEK = dt.timedelta(days=7)
WHICH: dict[str, object] = {
    "": gettext_lazy("All open"),
    "late": gettext_lazy("Late"),
    "week": gettext_lazy("This week"),
    "decide": gettext_lazy("To be decided"),
    "unacknowledged": gettext_lazy("Not acknowledged"),
}


@dataclass
class Queue:
    """The open instructions of one department, the nearest day first."""

    department: Department
    rows: list[Instruction] = field(default_factory=list)

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def to_decide(self) -> int:
        return sum(row.status in TO_DECIDE for row in self.rows)

    @property
    def unacknowledged(self) -> int:
        return sum(row.status == Status.GIVEN for row in self.rows)

    @property
    def shown(self) -> list[dict[str, object]]:
        return [
            {
                "row": row,
                "status": status_badge(row),
                "due": due(row),
                "priority": priority_badge(row),
                "url": reverse("admin:instructions_instruction_change", args=[row.key]),
            }
            for row in self.rows
        ]


def _asked(request: HttpRequest) -> dict[str, str]:
    names = ("which", "department", "principal")
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def rows_of(asked: dict[str, str]) -> InstructionQuerySet:
    """The visible open ones that were asked for, by department in the order of the alphabet."""
    rows = scope.visible(Instruction.objects.all()).open()
    match asked.get("which", ""):
        case "late":
            rows = rows.late()
        case "week":
            rows = rows.carried().filter(due_on__lt=today() + WEEK)
        case "decide":
            rows = rows.to_decide()
        case "unacknowledged":
            rows = rows.unacknowledged()
    if "department" in asked:
        rows = rows.filter(department__code=asked["department"])
    if "principal" in asked:
        keys = {str(one.key): one.pk for one in Principal.objects.all()}
        rows = rows.filter(principal=keys.get(asked["principal"], 0))
    rows = rows.select_related("department", "principal", "person").defer("result", "words")
    return rows.order_by(TrSortKey("department__short_name"), "department", "due_on", "pk")


def _heaps(rows: list[Instruction]) -> list[Queue]:
    mapping: dict[int, Queue] = {}
    for row in rows:
        mapping.setdefault(row.department_id, Queue(row.department)).rows.append(row)
    return list(mapping.values())


def show_open(request: HttpRequest) -> HttpResponse:
    """The open ones as one page, readable on a phone; `?which=`, `?department=` and `?principal=` narrow."""
    asked = _asked(request)
    rows = list(rows_of(asked)[: MOST + 1])
    context = {
        "title": _("Open instructions"),
        "parents": [(_("Instructions"), reverse("admin:instructions_instruction_changelist"))],
        "asked": asked,
        "heaps": _heaps(rows[:MOST]),
        "count": min(len(rows), MOST),
        "is_capped": len(rows) > MOST,
        "which": [
            {"title": title, "url": _address(asked, which=name), "is_on": asked.get("which", "") == name}
            for name, title in WHICH.items()
        ],
        "principals": _principals(asked),
        "department": Department.objects.filter(code=asked.get("department", "")).first(),
        "without_department": _address(asked, department=""),
        "print_url": reverse("admin:instructions_instruction_weekly") + _address(asked),
        "may_record": page_access.may_record_instructions(),
        "today": today(),
    }
    return page(admin.site, request, "admin_ui/instruction_open.html", context)


def _principals(asked: dict[str, str]) -> list[dict[str, object]]:
    """Whose instructions: offered to whom sees those of more than one."""
    seen = scope.visible(Instruction.objects.all()).open().values("principal")
    rows = list(Principal.objects.filter(pk__in=seen).in_order())
    if len(rows) < 2:
        return []
    chosen = asked.get("principal", "")
    everybody = {"title": _("Everybody's"), "url": _address(asked, principal=""), "is_on": not chosen}
    return [everybody] + [
        {"title": row.name, "url": _address(asked, principal=str(row.key)), "is_on": chosen == str(row.key)}
        for row in rows
    ]


def _address(asked: dict[str, str], **changes: str) -> str:
    return "?" + urlencode({name: value for name, value in (asked | changes).items() if value})


# -- on paper ----------------------------------------------------------------------------------------------
def weekly_pdf(request: HttpRequest) -> HttpResponse:
    """The same for the week's meeting, with what was done in the last seven days. Nothing confidential: paper is read
    by others than those it was printed for."""
    asked = _asked(request)
    rows = list(rows_of(asked).filter(is_confidential=False)[:MOST])
    done = scope.visible(Instruction).filter(
        status=Status.ACCEPTED, is_confidential=False, ended_at__gte=localtime() - WEEK
    )
    if "department" in asked:
        done = done.filter(department__code=asked["department"])
    done_rows = list(
        done.select_related("department", "principal", "person").order_by("-ended_at", "pk")[:MOST]
    )
    heaps = _heaps(rows)
    late = sum(heap.late for heap in heaps)
    counted = ngettext("%(count)s open instruction", "%(count)s open instructions", len(rows))
    late_words = _("%(count)s of them late") % {"count": late} if late else ""
    columns = [_("Number"), _("What is to be done"), _("Given by")]
    values = {
        "title": _("Weekly list of instructions"),
        "municipality": configured.MUNICIPALITY_NAME,
        "office": _("Private office"),
        "day": day_text(today()),
        "summary": ", ".join(filter(None, [counted % {"count": len(rows)}, late_words])),
        "columns": [*columns, _("Last day"), _("Status")],
        "done_columns": [*columns, _("Done on"), _("Status")],
        "sections": [
            {"title": heap.department.name, "rows": [_line(row) for row in heap.rows]} for heap in heaps
        ],
        "done_title": _("Done in the last seven days"),
        "done": [_line(row, ended=True) for row in done_rows],
        "empty": _(
            "No instruction is open. What the mayor or a deputy instructs stands here until its result is accepted."
        ),
        "late_word": _("late"),
        "footer": _("Without confidential instructions"),
    }
    return pdf_answer(
        typesetting.pdf("instructions/print/weekly.typ", values),
        f"Haftalık talimat listesi {today():%d.%m.%Y}",
    )


def _line(row: Instruction, ended: bool = False) -> dict[str, object]:
    whose = row.department.short_name if ended else str(row.person or "")
    on = localtime(row.ended_at).date() if ended and row.ended_at else row.due_on
    return {
        "reference": row.reference,
        "subject": row.subject,
        "whose": whose,
        "given_by": row.principal.name,
        "on": day_text(on),
        "status": str(row.get_status_display()),
        "late": row.is_late,
        "urgent": row.priority == "URGENT",
    }
