"""Notes for meetings, as they are read."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from django.db.models import Model
from strawberry_django.optimizer import optimize

from backend.appointments.models import AppointmentRequest as RequestRow
from backend.appointments.models import Promise as PromiseRow
from backend.complaints.models import Complaint as ComplaintRow
from backend.contacts.models import Citizen as CitizenRow
from backend.letters.models import Letter as LetterRow
from backend.programme.models import Entry
from permissions.briefing import access as briefing
from schema.appointments.types import AppointmentRequest, Promise
from schema.complaints.types import Complaint
from schema.contacts.types import Citizen
from schema.core.nodes import rows_of, single_row
from schema.letters.types import Letter
from schema.programme.types import ProgrammeEntry

Ten = Annotated[int, strawberry.argument(description="How many at most (up to 10).")]


def _rows(model: type[Model], found: list[Any], first: int, info: strawberry.Info) -> Any:
    """Rows of the sheet in its order, with what was selected of them."""
    pks = [row.pk for row in found[: min(max(first, 0), briefing.MOST)]]
    rows = {row.pk: row for row in optimize(rows_of(model).filter(pk__in=pks), info)}
    return [rows[pk] for pk in pks if pk in rows]


@strawberry.type(
    description="What is known before a meeting, collected at the moment of reading, each part as far as the viewer"
    " may see it. Reading it is noted."
)
class ProgrammeBriefing:
    sheet: strawberry.Private[briefing.Sheet]

    @strawberry.field(
        description="The entry, with its participants, its preparation and the departments' notes."
    )
    def entry(self, info: strawberry.Info) -> ProgrammeEntry | None:
        return single_row(rows_of(Entry).filter(pk=self.sheet.entry.pk), info)

    @strawberry.field(
        description="The citizen who asked to be received; null if none, or not for the viewer."
    )
    def applicant(self, info: strawberry.Info) -> Citizen | None:
        if self.sheet.applicant is None:
            return None
        return single_row(rows_of(CitizenRow).filter(pk=self.sheet.applicant.pk), info)

    @strawberry.field(
        description="Earlier requests, appointments and places on a halk günü of the same citizen or institution, the"
        " newest first."
    )
    def earlier(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[AppointmentRequest]:
        return _rows(RequestRow, self.sheet.earlier, first, info)

    @strawberry.field(description="The citizen's open cases, the most pressing first.")
    def open_complaints(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[Complaint]:
        return _rows(ComplaintRow, self.sheet.complaints, first, info)

    @strawberry.field(description="Letters to the citizen, the newest first.")
    def letters(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[Letter]:
        return _rows(LetterRow, self.sheet.letters, first, info)

    @strawberry.field(description="What they were promised and is still open, the nearest date first.")
    def open_promises(self, info: strawberry.Info, first: Ten = briefing.MOST) -> list[Promise]:
        return _rows(PromiseRow, self.sheet.promises, first, info)
