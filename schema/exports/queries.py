"""Lists taken along as files: start one, follow it, stop it, fetch the file. One's own, and made by a person."""

from __future__ import annotations

import datetime as dt

import strawberry

from backend.exports import models
from permissions.core import scope
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, paged
from schema.exports.types import Export

NEWEST = Keyset("export", "asked_at", dt.datetime, descending=True)


@strawberry.type
class ExportQueries:
    @strawberry.field(description="One's own exports, the newest first; no user sees another's.")
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
