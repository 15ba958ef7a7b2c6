"""Exports, as they are read."""

from __future__ import annotations

import datetime as dt

import strawberry_django
from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Cast, Concat

from backend.documents.table_writer import TableFormat as Format
from backend.exports import models
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, key_of_row, node_type
from schema.core.scalars import described_enum

ExportStatus = described_enum(models.Export.Status, "ExportStatus", "How far an export is.")


TableFormat = described_enum(Format, "TableFormat", "What kind of file a table becomes.")


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
    rows_total: int | None = column("How many rows there are; null while unknown.")
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
        return f"{AT}{key_of_row(self)}{FILE}" if self.status == ExportStatus.DONE else None
