"""What may be done to notes for meetings: the payload and the mutations."""

from __future__ import annotations

import strawberry

from backend.programme.models import DepartmentNote as Row
from backend.programme.note_moves import note_action
from schema.core.action_mutations import action_mutations
from schema.core.nodes import refetched_row
from schema.core.results import Payload
from schema.programme.types import DepartmentNote


# -- changing ----------------------------------------------------------------------------------------------
@strawberry.type(description="The note, as the viewer sees it afterwards.")
class DepartmentNotePayload(Payload):
    note: DepartmentNote | None = refetched_row(
        Row, "The note; null if it left the viewer's sight, or nothing was done."
    )


DepartmentNoteActions = action_mutations(
    "DepartmentNote", note_action, Row, DepartmentNotePayload, row="The note."
)
