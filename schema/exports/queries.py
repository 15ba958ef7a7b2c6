"""Lists taken along as files: start one, follow it, stop it, fetch the file. One's own, and made by a person."""

from __future__ import annotations

import datetime as dt

import strawberry

from backend.exports import models
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, connection_field, paged
from schema.exports.types import Export

NEWEST = Keyset("export", "asked_at", dt.datetime, descending=True)


@strawberry.type
class ExportQueries:
    @connection_field(description="One's own exports, the newest first; no user sees another's.")
    def exports(self, info: strawberry.Info, page: Page) -> Connection[Export]:
        rows = scope.visible(models.Export)
        return paged(rows, NEWEST, page, info)
