"""Files of applications on their way into the register: how far each is, run again, stopped. Bringing one is the
admin's: an upload and its columns are looked at by a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.complaints.file_import import FileImport as Row
from backend.complaints.importing import start_import, stop_import
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, key_of, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum, values
from schema.organization.types import StaffMember

FileImportStatus = described_enum(Row.Status, "FileImportStatus", "How far an import is.")
NEWEST = Keyset("file_import", "uploaded_at", dt.datetime, descending=True)


@node_type(Row, "FileImport")
class FileImport(Node, Scoped):
    """An uploaded file and its latest run. Its report, row by row, stands on its page in the admin."""

    name: str = column("The file's own name.")
    source: str = column("The system it came from.")
    uploaded_at: dt.datetime = column("When it was brought.")
    uploaded_by: StaffMember | None = column("Who brought it.")
    status: FileImportStatus = column("How far its latest run is.")
    is_dry_run: bool = column("Whether that run only looks.")
    is_written: bool = column("Whether its rows were registered.")
    started_at: dt.datetime | None = column("When a worker began.")
    ended_at: dt.datetime | None = column("When it ended.")
    rows_total: int | None = column("How many rows there are, about; null while unknown.")
    rows_read: int = column("How many were read.")
    rows_written: int = column("How many were written; others see them at the end, all at once.")
    added: int = column("How many are new.")
    already_there: int = column("How many an earlier import has brought.")
    refused: int = column("How many cannot be taken.")
    fault: str = column("Why it failed, and what to do; empty if it did not.")


@strawberry.input(description="A run of a kept file.")
class FileImportStartInput:
    id: strawberry.ID = strawberry.field(description="The import.")
    for_good: bool = strawberry.field(description="Register its rows; otherwise only look.", default=False)
    skip_refused: bool = strawberry.field(
        description="Leave refused rows out instead of the whole file.", default=False
    )


@strawberry.input(description="An import to stop.")
class FileImportStopInput:
    id: strawberry.ID = strawberry.field(description="The import.")


@strawberry.type(description="The import.")
class FileImportPayload(Payload):
    file_import: FileImport | None = refetched_row(Row, "The import as it stands.")


@strawberry.type
class ImportQueries:
    @connection_field(
        description="The imports of files, the newest first: for the office, one's own; all of them for users who see"
        " every citizen."
    )
    def file_imports(self, info: strawberry.Info, page: Page) -> Connection[FileImport]:
        rows = scope.visible(Row)
        return paged(rows, NEWEST, page, info)


def _mutation(input: Any, verb: Any) -> Any:
    def act() -> dict[str, Any]:
        key = key_of(Row, input.id)
        with scope.authorized(Action.CHANGE, Row, key) as row:
            verb(row, by=scope.require_viewer().user, **values(input, "id"))
        return {"key": key}

    return run_mutation(FileImportPayload, act)


@strawberry.type
class ImportMutations:
    @strawberry.mutation(description="Let the worker take a kept file: only to look, or for good.")
    def file_import_start(self, input: FileImportStartInput) -> FileImportPayload:
        return _mutation(input, start_import)

    @strawberry.mutation(description="Stop a run: from this moment on it writes nothing.")
    def file_import_stop(self, input: FileImportStopInput) -> FileImportPayload:
        return _mutation(input, stop_import)
