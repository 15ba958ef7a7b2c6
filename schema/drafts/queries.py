"""Drafts of the viewer; no one sees another's."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.core.words.text import clean
from backend.drafts import models
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.drafts.types import Draft

NEWEST = Keyset("draft", "saved_at", dt.datetime, descending=True)


@strawberry.type
class DraftQueries:
    @connection_field(
        description="What the viewer was typing and has not sent, the newest first. Empty for a program's token."
    )
    def drafts(
        self,
        info: strawberry.Info,
        page: Page,
        of_page: Annotated[
            str | None,
            strawberry.argument(
                name="page", description="Only those of this page, such as `/admin/intake/`."
            ),
        ] = None,
    ) -> Connection[Draft]:
        rows = models.Draft.objects.all()
        if of_page:
            rows = rows.filter(page=clean(of_page))
        return listed(rows, NEWEST, page, info)
