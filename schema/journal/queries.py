"""The journal of the installation and the read log, for authorised readers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.contacts.models import Citizen
from backend.journal import models
from backend.organization.models import User
from permissions.core import scope
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, paged
from schema.core.nodes import load
from schema.journal.types import JournalReading, JournalRecord

NEWEST = Keyset("at", "at", dt.datetime, descending=True)


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
        rows = scope.visible(models.AuditLog)
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
        rows = scope.visible(models.AccessLog)
        if citizen:
            person = load(Citizen, citizen, "citizen")
            rows = rows.filter(
                subject_kind="contacts.citizen", subject_ids__contains=[person.pk if person else 0]
            )
        if reader:
            rows = rows.filter(reader=load(User, reader, "reader"))
        page = Page.of(first, after, last, before)
        return paged(rows, NEWEST, page, info)
