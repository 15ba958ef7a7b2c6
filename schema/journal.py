"""The journal of the installation and the read log, for whoever may read them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry
import strawberry_django
from django.db.models.functions import Coalesce

from backend.contacts.models import Citizen
from backend.journal import models
from backend.organization.models import User
from permissions import scope
from schema.complaint_types import Scoped
from schema.connection import Connection, Keyset, Page, paged
from schema.fields import column, expression
from schema.nodes import load
from schema.organization import After, Before, First, Last, StaffMember

NEWEST = Keyset("at", "at", dt.datetime, descending=True)


@strawberry_django.type(
    models.Record, name="JournalRecord", description="One thing that happened to the installation."
)
class JournalRecord(Scoped):
    at: dt.datetime = column("When.")
    verb: str = column("What happened.")
    subject_kind: str = column("To what kind of thing.")
    subject_label: str = column("To which one.")
    actor: StaffMember | None = column("Who did it; null if it happened by itself.")
    note: str = column("What was said along with it.")


@strawberry_django.type(
    models.Reading, name="JournalReading", description="Somebody was shown persons' data (KVKK)."
)
class JournalReading(Scoped):
    at: dt.datetime = column("When.")
    reader: StaffMember | None = column("Who looked.")
    subject_kind: str = column("At what kind of record.")
    count: int = expression("At how many of them.", Coalesce("subject_ids__len", 0))
    purpose: str = column("Where, and what for.")


@strawberry.type
class JournalQueries:
    @strawberry.field(
        description="The journal of the installation, the newest first. For the office and administrators."
    )
    def journal(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[JournalRecord]:
        scope.require_viewer()
        rows = scope.visible(models.Record)
        page = Page.of(first, after, last, before)
        return paged(rows, NEWEST, page, info)

    @strawberry.field(
        description="Who looked at whose data, the newest first. For the office's head and administrators."
    )
    def read_log(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        citizen: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only who looked at this one.")
        ] = None,
        reader: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only what this person saw.")
        ] = None,
    ) -> Connection[JournalReading]:
        scope.require_viewer()
        rows = scope.visible(models.Reading)
        if citizen:
            person = load(Citizen, citizen, "citizen")
            rows = rows.filter(
                subject_kind="contacts.citizen", subject_ids__contains=[person.pk if person else 0]
            )
        if reader:
            rows = rows.filter(reader=load(User, reader, "reader"))
        page = Page.of(first, after, last, before)
        return paged(rows, NEWEST, page, info)
