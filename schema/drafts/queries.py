"""Drafts of the viewer; no one sees another's."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.core.words.text import clean
from backend.drafts import models
from permissions.core import scope
from schema.core.connection import After, Before, Connection, First, Keyset, Last, Page, listed
from schema.drafts.types import Draft

NEWEST = Keyset("draft", "saved_at", dt.datetime, descending=True)


@strawberry.type
class DraftQueries:
    @strawberry.field(
        description="What the viewer was typing and has not sent, the newest first. Empty for a program's token."
    )
    def drafts(
        self,
        info: strawberry.Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        page: Annotated[
            str | None, strawberry.argument(description="Only those of this page, such as `/admin/intake/`.")
        ] = None,
    ) -> Connection[Draft]:
        scope.require_viewer()
        rows = models.Draft.objects.all()
        if page:
            rows = rows.filter(page=clean(page))
        return listed(rows, NEWEST, Page.of(first, after, last, before), info)
