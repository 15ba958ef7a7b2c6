"""What may be done to exports: inputs, payloads and mutations."""

from __future__ import annotations

from typing import Any

import strawberry

from backend.exports import actions, models
from permissions.core import scope
from permissions.core.scope import Action
from permissions.exports import access as exports
from schema.core.nodes import decode, key_of, refetched_row
from schema.core.results import Payload, run_mutation
from schema.exports.types import Export, TableFormat


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
    export: Export | None = refetched_row(models.Export, "The export as it stands.")


def _start(input: ExportStartInput) -> dict[str, Any]:
    asked = {value.name: value.value for value in input.filters}
    if (result := decode(asked.get("of", ""))) is not None:  # the page of a table, by the id of its row
        asked["of"] = str(result[1])
    asked |= {"tab": input.tab} if input.tab else {}
    asked |= {"q": input.search.strip()} if input.search and input.search.strip() else {}
    return {"key": exports.start(list_name=input.list_name, format=str(input.format), asked=asked).key}


def _cancel(input: ExportCancelInput) -> dict[str, Any]:
    key = key_of(models.Export, input.id)
    with scope.authorized(Action.CHANGE, models.Export, key) as row:
        actions.stop(row, by=scope.require_viewer().user)
    return {"key": key}


@strawberry.type
class ExportMutations:
    @strawberry.mutation(
        description="Take a list along as a file: a small one is made at once, a large one in the background, one at a"
        " time. Not by a program's token, which reads lists page by page."
    )
    def export_start(self, input: ExportStartInput) -> ExportPayload:
        return run_mutation(ExportPayload, lambda: _start(input))

    @strawberry.mutation(description="Stop an export: no file comes of it.")
    def export_cancel(self, input: ExportCancelInput) -> ExportPayload:
        return run_mutation(ExportPayload, lambda: _cancel(input))
