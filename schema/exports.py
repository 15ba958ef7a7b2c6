"""Lists taken along as files: start one, follow it, stop it, fetch the file. One's own, and made by a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Cast, Concat

from backend.documents.table_files import TableFormat as Format
from backend.exports import actions, models
from permissions import exports, scope
from permissions.scope import Action
from schema.complaint_types import Scoped
from schema.connection import Connection, Keyset, Page, paged
from schema.fields import column
from schema.nodes import Node, decode, key_of, node_type, row_again
from schema.organization import After, Before, First, Last
from schema.results import Payload, answered
from schema.scalars import described_enum

ExportStatus = described_enum(models.Export.Status, "ExportStatus", "How far an export is.")
TableFormat = described_enum(Format, "TableFormat", "What kind of file a table becomes.")
NEWEST = Keyset("export", "asked_at", dt.datetime, descending=True)
AT, FILE = "/admin/exports/export/", "/file/"


@node_type(models.Export, "Export")
class Export(Node, Scoped):
    """A list as a file (dışa aktarım). It is deleted a week after its end."""

    list_name: str = column("The name of the list.", name="list")
    title: str = column("What the list is called.")
    format: TableFormat = column("What kind of file.")
    status: ExportStatus = column("How far it is.")
    asked_at: dt.datetime = column("When it was asked for.")
    ended_at: dt.datetime | None = column("When it ended.")
    rows_total: int | None = column("How many rows there are; null as long as nobody knows.")
    rows_written: int = column("How many are written.")
    size: int = column("Of the file, in bytes; 0 before its end.")
    fault: str = column("Why it failed, and what to do; empty if it did not.")

    @strawberry_django.field(
        description="Where its owner fetches the file while signed in; null before its end.",
        only=["key", "status"],
        metadata={
            "sql": Case(
                When(
                    status="DONE",
                    then=Concat(Value(AT), Cast("key", TextField()), Value(FILE), output_field=TextField()),
                ),
                default=Value(None),
                output_field=TextField(),
            )
        },
    )
    def url(self) -> str | None:
        return f"{AT}{self.key}{FILE}" if self.status == ExportStatus.DONE else None  # type: ignore[attr-defined]


@strawberry.input(description="A filter of a list, by the name and value that the address of the list has.")
class ExportFilterInput:
    name: str = strawberry.field(description="Such as `department`, or `registered_from` with a day.")
    value: str = strawberry.field(description="Such as `fen-isleri`, or `2026-11-01`.")


@strawberry.input(description="A list to take along, as its page shows it.")
class ExportStartInput:
    list_name: str = strawberry.field(
        name="list",
        description="The name of the list, such as `complaints_complaint`, `letters_letter`, `events_guest`, or of a"
        " table inside a page, such as `event_calls` with the filter `of` (the id of the page's row); a wrong one is"
        " answered with all that the viewer may open.",
    )
    format: TableFormat = strawberry.field(description="What kind of file; a PDF holds 2,000 rows at most.")
    tab: str | None = strawberry.field(description="The tab; left out: the list's first.", default=None)
    filters: list[ExportFilterInput] = strawberry.field(
        description="All of them hold together. An unknown one is refused, with what there is.",
        default_factory=list,
    )
    search: str | None = strawberry.field(description="What is searched for in it.", default=None)


@strawberry.input(description="An export to stop.")
class ExportCancelInput:
    id: strawberry.ID = strawberry.field(description="The export.")


@strawberry.type(description="The export.")
class ExportPayload(Payload):
    export: Export | None = row_again(models.Export, "The export as it stands.")


@strawberry.type
class ExportQueries:
    @strawberry.field(description="One's own exports, the newest first; nobody sees another's.")
    def exports(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Export]:
        scope.require_viewer()
        rows = scope.visible(models.Export)
        page = Page.of(first, after, last, before)
        return paged(rows, NEWEST, page, info)


def _start(input: ExportStartInput) -> dict[str, Any]:
    asked = {given.name: given.value for given in input.filters}
    if (found := decode(asked.get("of", ""))) is not None:  # the page of a table, by the id of its row
        asked["of"] = str(found[1])
    asked |= {"tab": input.tab} if input.tab else {}
    asked |= {"q": input.search.strip()} if input.search and input.search.strip() else {}
    return {"key": exports.start(list_name=input.list_name, format=str(input.format), asked=asked).key}


def _cancel(input: ExportCancelInput) -> dict[str, Any]:
    key = key_of(models.Export, input.id)
    with scope.acting(Action.CHANGE, models.Export, key) as row:
        actions.stop(row, by=scope.require_viewer().user)
    return {"key": key}


@strawberry.type
class ExportMutations:
    @strawberry.mutation(
        description="Take a list along as a file: a small one is made at once, a large one in the background, one at a"
        " time. Not by a program's token, which reads lists page by page."
    )
    def export_start(self, input: ExportStartInput) -> ExportPayload:
        return answered(ExportPayload, lambda: _start(input))

    @strawberry.mutation(description="Stop an export: no file comes of it.")
    def export_cancel(self, input: ExportCancelInput) -> ExportPayload:
        return answered(ExportPayload, lambda: _cancel(input))
