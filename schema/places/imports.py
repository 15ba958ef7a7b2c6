"""Bringing addresses and outlines into the register: how far an import is, starting it for good, stopping it.

A file itself is brought in the admin, as every large file is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.scalars import JSON

from backend.organization.models import User
from backend.places.importing import runs
from backend.places.models import RegisterImport as Row
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field
from schema.core.fields import column
from schema.core.nodes import Everybody, Node, key_of, node_type, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import described_enum
from schema.core.verbs import required
from schema.organization.queries import reference_list
from schema.organization.types import StaffMember

NEWEST = Keyset("registerimport", "uploaded_at", dt.datetime, descending=True)
RegisterImportKind = described_enum(Row.Kind, "RegisterImportKind", "What a file brings into the register.")
RegisterImportStatus = described_enum(Row.Status, "RegisterImportStatus", "How far an import is.")


@node_type(Row, "RegisterImport")
class RegisterImport(Node, Everybody):
    """A file of addresses or outlines on its way into the register."""

    name: str = column("The name of the file.")
    kind: RegisterImportKind = column("What it brings.")
    source: str = column("Where the data comes from.")
    uploaded_at: dt.datetime = column("When it was brought.")
    uploaded_by: StaffMember | None = column("Who brought it.")
    is_dry_run: bool = column("Whether the latest run only looked what would change.")
    status: RegisterImportStatus = column("How far the latest run is.")
    rows_read: int = column("Rows read so far.")
    rows_total: int | None = column("About how many there are, if that is known.")
    fault: str = column("Why it failed, or empty.")
    is_written: bool = column("Whether the register has it.")
    counts: JSON = column(
        "What (streets, doors, landmarks, boundaries) and how many are new, changed and the same."
    )
    refused: int = column("How many rows were left out.")
    reasons: JSON = column("[reason, how many rows], the most frequent first.")


@strawberry.type(description="The import as it stands.")
class RegisterImportPayload(Payload):
    register_import: RegisterImport | None = refetched_row(Row, "The import; null if nothing was done.")


@strawberry.input(description="An import that was looked at.")
class RegisterImportStartInput:
    id: strawberry.ID = required("The import.")


@strawberry.input(description="An import that waits or works.")
class RegisterImportStopInput:
    id: strawberry.ID = required("The import.")


def _done(key: str, act: Callable[[Row, User], Row]) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, Row, key_of(Row, key)) as row:
        by = scope.require_user()
        return {"key": act(row, by).key}


@strawberry.type
class RegisterImportQueries:
    @connection_field(description="The imports into the register of places, the newest first.")
    def register_imports(self, info: strawberry.Info, page: Page) -> Connection[RegisterImport]:
        return reference_list(Row.objects.all(), info, page, by=NEWEST)


@strawberry.type
class RegisterImportMutations:
    @strawberry.mutation(
        description="Write what the dry run showed: administrators. Refused rows are left out."
    )
    def register_import_start(self, input: RegisterImportStartInput) -> RegisterImportPayload:
        def act(row: Row, by: User) -> Row:
            return runs.start(row, for_good=True, by=by)

        return run_mutation(RegisterImportPayload, lambda: _done(input.id, act))

    @strawberry.mutation(description="Stop an import that waits or works; nothing of it is written.")
    def register_import_stop(self, input: RegisterImportStopInput) -> RegisterImportPayload:
        def act(row: Row, by: User) -> Row:
            return runs.stop(row, by=by)

        return run_mutation(RegisterImportPayload, lambda: _done(input.id, act))
