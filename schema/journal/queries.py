"""The journal of the installation and the read log, for authorised readers."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.contacts.models import Citizen
from backend.journal import models
from backend.organization.models import User
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.core.nodes import load
from schema.journal.types import JournalReading, JournalRecord

NEWEST = Keyset("at", "at", dt.datetime, descending=True)


@strawberry.type
class JournalQueries:
    @connection_field(
        description="The journal of the installation, the newest first. For the office and administrators."
    )
    def journal(self, info: strawberry.Info, page: Page) -> Connection[JournalRecord]:
        rows = scope.visible(models.AuditLog)
        return paged(rows, NEWEST, page, info)

    @connection_field(
        description="Who looked at whose data, the newest first. For the office's head and administrators."
    )
    def read_log(
        self,
        info: strawberry.Info,
        page: Page,
        citizen: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only who looked at this one.")
        ] = None,
        reader: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only what this person saw.")
        ] = None,
    ) -> Connection[JournalReading]:
        rows = scope.visible(models.AccessLog)
        if citizen:
            person = load(Citizen, citizen, "citizen")
            rows = rows.filter(
                subject_kind="contacts.citizen", subject_ids__contains=[person.pk if person else 0]
            )
        if reader:
            rows = rows.filter(reader=load(User, reader, "reader"))
        return paged(rows, NEWEST, page, info)
