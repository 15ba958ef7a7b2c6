"""The briefing sheet of a meeting, and the notes that departments are asked for."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.programme.models import DepartmentNote as Row
from backend.programme.models import Entry
from permissions.briefing import access as briefing
from permissions.core import scope
from schema.briefing.types import ProgrammeBriefing
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import key_of
from schema.core.scalars import values
from schema.core.verbs import optional
from schema.programme.types import DepartmentNote, DepartmentNoteStatus

BY_TIME = Keyset("note", "due_at", dt.datetime)


@strawberry.input(description="Which notes: all of these must hold; within a list, any.")
class DepartmentNoteFilter:
    status: list[DepartmentNoteStatus] | None = optional("Where they stand.")
    awaited: bool | None = optional("Only those that a department is still to write.")


@strawberry.type
class BriefingQueries:
    @strawberry.field(
        description="The briefing sheet of an entry. Null if the entry, or its sheet, is not for the viewer."
    )
    def programme_briefing(
        self, entry: Annotated[strawberry.ID, strawberry.argument(description="Of which entry.")]
    ) -> ProgrammeBriefing | None:
        scope.require_viewer()
        row = scope.visible(Entry).filter(key=key_of(Entry, entry, "entry")).first()
        result = briefing.sheets([row]) if row is not None else {}
        return ProgrammeBriefing(sheet=result[row.pk]) if row is not None and row.pk in result else None

    @connection_field(
        description="The notes that departments are asked for, as far as the viewer asks or is asked, by time."
    )
    def department_notes(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[DepartmentNoteFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[DepartmentNote]:
        rows: Any = Row.objects.all()
        fields = values(filter) if filter else {}
        if fields.get("status") is not None:
            rows = rows.filter(status__in=[choice.value for choice in fields["status"]])
        if fields.get("awaited"):
            rows = rows.awaited()
        return listed(rows, BY_TIME, page, info)
